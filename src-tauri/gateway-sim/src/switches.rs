//! The simulator's standing habits, as opposed to what one request meets.

/// What the platform answers when a request breaks a limit (gateway-api.md §1.5, INFERRED).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Complaint {
    /// HTTP 400 with `ModelState`.
    #[default]
    ModelState,
    /// HTTP 200 with `errcode` ≠ 0.
    Errcode,
}

/// What the platform does when it is asked for the same thing a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Again {
    /// It does it, or says once more that it is done.
    #[default]
    Accept,
    /// It answers `errcode` ≠ 0.
    Refuse,
}

/// How the members of a JSON answer are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Case {
    /// `errcode`, `paystatus`: as published.
    #[default]
    Lower,
    /// `ErrCode`, `PayStatus`: as some models of the family.
    Pascal,
}

/// Hawk credentials that every request must prove (gateway-api.md §3.1). Not printed.
#[derive(Clone)]
pub struct HawkKey {
    /// The id that stands in the header.
    pub id: String,
    /// The key material, used as its UTF-8 bytes.
    pub key: String,
}

impl std::fmt::Debug for HawkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HawkKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// All standing habits; `Handle::switch` changes them while the simulator runs.
#[derive(Clone, Debug)]
pub struct Switches {
    /// How broken limits are answered.
    pub complaint: Complaint,
    /// A second charge for one bill: charged again (the dangerous reading), or refused.
    pub duplicate_bill: Again,
    /// A payment code seen before: charged again, or refused.
    pub reused_code: Again,
    /// A second End for one recharge: success without a second credit, or refused.
    pub repeated_end: Again,
    /// An End whose amount differs from the one asked for: credited all the same, or refused.
    pub end_mismatch: Again,
    /// The longest bill number Query takes: 32, or 20 as its siblings (gateway-api.md §11.1).
    pub query_bill_max: usize,
    /// Whether a Query without an `autoid` is looked up by its bill alone, or breaks a limit.
    pub query_without_autoid: Again,
    /// How JSON members are written.
    pub case: Case,
    /// The two-character payment type: first part of a ticket bill's `autoid` (gateway-api.md §4.4).
    pub payment_type: String,
    /// Whether the platform credits the card itself once a recharge is paid (gateway-api.md §7.3, open).
    pub platform_credits: bool,
    /// Credentials that every request but `GET /` must prove; `None` asks for none.
    pub hawk: Option<HawkKey>,
    /// How far the platform's clock is ahead of this machine's, in seconds.
    pub clock_ahead: i64,
}

impl Default for Switches {
    fn default() -> Switches {
        Switches {
            complaint: Complaint::default(),
            duplicate_bill: Again::Accept,
            reused_code: Again::Accept,
            repeated_end: Again::Accept,
            end_mismatch: Again::Refuse,
            query_bill_max: 32,
            query_without_autoid: Again::Accept,
            case: Case::default(),
            payment_type: "66".to_owned(),
            platform_credits: false,
            hawk: None,
            clock_ahead: 0,
        }
    }
}
