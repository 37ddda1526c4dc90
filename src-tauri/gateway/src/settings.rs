//! The `[gateway]` settings, and why they may be refused.

use std::ops::RangeInclusive;

/// What `connect_timeout_ms` may be.
pub(crate) const CONNECT_MS: RangeInclusive<u64> = 50..=60_000;
/// What `reply_timeout_ms` may be.
pub(crate) const REPLY_MS: RangeInclusive<u64> = 50..=120_000;

/// Where the platform is and how it is asked (contract.md `[gateway]`); the defaults are the shipped ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewaySettings {
    /// The platform's address, for example `https://gateway.example/`; a path in it is kept in front of the paths below.
    pub base_url: String,
    /// Whether plain http may be spoken to another machine.
    pub allow_http: bool,
    /// A file with a private certificate authority (PEM). If named, it alone is trusted; empty: the system's.
    pub ca_file: String,
    /// The platform's two-character id of this provider (gateway-api.md §2.4, INFERRED); empty: taken from the `autoid`.
    pub payment_type: String,
    /// Path of the charge (gateway-api.md §4.1, SEED).
    pub charge_path: String,
    /// Path of the query (gateway-api.md §4.2, INFERRED).
    pub query_path: String,
    /// Path of a recharge's Begin (gateway-api.md §7).
    pub recharge_begin_path: String,
    /// Path of a recharge's End (gateway-api.md §7, SEED).
    pub recharge_end_path: String,
    /// Limit for making a connection, TLS included, in milliseconds.
    pub connect_timeout_ms: u64,
    /// Limit for a whole request, from the call to the answer's last byte, in milliseconds.
    pub reply_timeout_ms: u64,
    /// How requests are signed; none: not at all.
    pub hawk: Option<HawkSettings>,
}

/// Hawk credentials (contract.md `[gateway.auth]`, gateway-api.md §3.1). The key itself is in no settings: it is read from
/// its file by [`crate::Gateway::new`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HawkSettings {
    /// Who this till is to the platform; see [`is_hawk_id`].
    pub id: String,
    /// The file that holds the key and nothing else, readable by its owner alone.
    pub key_file: String,
}

/// Whether a text can be the id of Hawk credentials: printable ASCII that stands between quotes as it is.
pub fn is_hawk_id(text: &str) -> bool {
    let plain = |b: u8| (b.is_ascii_graphic() || b == b' ') && !matches!(b, b'"' | b'\\');
    !text.trim().is_empty() && text.bytes().all(plain)
}

impl Default for GatewaySettings {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            allow_http: false,
            ca_file: String::new(),
            payment_type: String::new(),
            charge_path: "api/3Pay/KouDaiLQ/BarCode".into(),
            query_path: "api/3Pay/KouDaiLQ/Query".into(),
            recharge_begin_path: "api/ValueCard/Busi/Recharge/WithBarCode/Begin".into(),
            recharge_end_path: "api/ValueCard/Busi/Recharge/WithBarCode/End".into(),
            connect_timeout_ms: 5_000,
            reply_timeout_ms: 15_000,
            hawk: None,
        }
    }
}

impl GatewaySettings {
    /// The four paths with the names of their settings.
    pub(crate) fn paths(&self) -> [(&'static str, &str); 4] {
        [
            ("charge_path", &self.charge_path),
            ("query_path", &self.query_path),
            ("recharge_begin_path", &self.recharge_begin_path),
            ("recharge_end_path", &self.recharge_end_path),
        ]
    }
}

/// Why no gateway can be built from the settings. Each is a sentence for the person who edits them; none repeats a
/// value that may hold a password.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SetupError {
    /// `base_url` is empty.
    #[error("[gateway] base_url is empty; give the platform's address, for example \"https://gateway.example/\"")]
    NoAddress,
    /// `base_url` is no http or https address.
    #[error("[gateway] base_url is not a web address; it must look like \"https://gateway.example/\"")]
    BadAddress,
    /// `base_url` holds a user name or password.
    #[error("[gateway] base_url must not hold a user name or a password; remove everything up to the @")]
    Credentials,
    /// `base_url` holds `?` or `#`.
    #[error("[gateway] base_url must end with its path; remove everything from ? or # on")]
    QueryInAddress,
    /// Plain http to another machine.
    #[error(
        "[gateway] base_url is plain http to another machine, which shows payment codes to the network; use https, or set allow_http = true if the line itself is safe"
    )]
    PlainHttp,
    /// A path that does not name a place below `base_url`.
    #[error(
        "[gateway] {setting} must be a path below base_url, for example \"api/3Pay/KouDaiLQ/Query\": not empty, no address, no blanks, none of ? # % \\ and no . or .. parts"
    )]
    BadPath {
        /// The setting's name.
        setting: &'static str,
    },
    /// Two operations on one path: a query could charge.
    #[error("[gateway] {first} and {second} are the same path; each operation has its own")]
    SamePath {
        /// One setting's name.
        first: &'static str,
        /// The other's.
        second: &'static str,
    },
    /// `payment_type` is not two characters.
    #[error("[gateway] payment_type must be the platform's two letters or digits, or empty")]
    PaymentType,
    /// A time limit out of its range.
    #[error("[gateway] {setting} must be from {least} to {most} milliseconds")]
    Limit {
        /// The setting's name.
        setting: &'static str,
        /// The least allowed.
        least: u64,
        /// The most allowed.
        most: u64,
    },
    /// The file of `ca_file` cannot be read or holds no certificate.
    #[error("[gateway] ca_file must name a readable file with at least one certificate in PEM form; {why}")]
    CaFile {
        /// What went wrong.
        why: String,
    },
    /// The id of `[gateway.auth]` cannot stand in a header.
    #[error(
        "[gateway.auth] id must be the platform's name for this till: ASCII letters, digits and signs, without \" and \\"
    )]
    HawkId,
    /// The file of `[gateway.auth]` key_file cannot be read or holds no key.
    #[error("[gateway.auth] key_file must name a file that holds the Hawk key and nothing else; {why}")]
    HawkKey {
        /// What went wrong; never what the file holds.
        why: String,
    },
    /// The key's file is open to others.
    #[error(
        "[gateway.auth] key_file can be read or changed by other users of this machine; make it yours alone: chmod 600 '{path}'"
    )]
    HawkKeyOpen {
        /// The file.
        path: String,
    },
    /// The system's certificates or the TLS library are unusable.
    #[error(
        "the encrypted connection cannot be set up: {why}; install the system's certificate authorities or name one in [gateway] ca_file"
    )]
    Tls {
        /// What went wrong.
        why: String,
    },
}
