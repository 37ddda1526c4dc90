//! What a screen shows: one whole view after every change, rebuilt from the journal and the armed sale (`shown-is-stored`).

use checkout::event::{PhoneAnswer, Why};
use checkout::refusal::{Gate, Refusal};
use checkout::{ChargeId, State};
use serde::Serialize;
use specta::Type;

/// Everything on the screen. Amounts and times cross as text; nothing here is a secret.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct View {
    /// Rises with every view; a screen drops one that is older than what it shows.
    pub number: u32,
    /// The simulated gateway is behind this till; no money moves.
    pub training: bool,
    /// This window.
    pub window: WindowView,
    /// Who is signed in.
    pub operator: Option<String>,
    /// Why no new charge is accepted, if none is.
    pub gate: Option<Gate>,
    /// The sale that is confirmed and ready for a scan.
    pub armed: Option<SaleView>,
    /// A scanned code of an unknown wallet that waits for a key.
    pub held: Option<HeldView>,
    /// The charge in front of the customer, undecided or just ended.
    pub front: Option<ChargeView>,
    /// What became of the last scan.
    pub scan: Option<ScanView>,
    /// Charges that ended in the back and wait for the cashier's nod, oldest first.
    pub notices: Vec<ChargeView>,
    /// Everything a supervisor has to see through, oldest first.
    pub pending: Vec<ChargeView>,
    /// The last charges of this window, newest first.
    pub recent: Vec<ChargeView>,
    /// The parts the till depends on.
    pub health: Health,
}

impl View {
    /// A view of nothing, before there is anything to see.
    pub(crate) fn blank(window: &WindowView, training: bool) -> Self {
        Self {
            number: 0,
            training,
            window: window.clone(),
            operator: None,
            gate: None,
            armed: None,
            held: None,
            front: None,
            scan: None,
            notices: Vec::new(),
            pending: Vec::new(),
            recent: Vec::new(),
            health: Health {
                gateway: GatewayHealth::Unknown,
                scanner: scanner::ScannerState::Off,
                journal_ok: true,
            },
        }
    }
}

/// The window's settings that a screen needs.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct WindowView {
    /// `window.id`.
    pub id: String,
    /// `window.name`.
    pub name: String,
    /// `window.language`: `zh-CN` or `en`.
    pub language: String,
    /// `window.businesses`; the first is preselected.
    pub businesses: Vec<u8>,
    /// `limits.bill_length_max`.
    pub bill_length_max: u32,
}

/// The armed sale.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct SaleView {
    /// Bill number.
    pub bill: String,
    /// Yuan, two decimals.
    pub amount: String,
    /// 1 to 7.
    pub business: u8,
    /// Card, for business 7.
    pub card: Option<String>,
}

/// A held code.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct HeldView {
    /// Masked.
    pub code: String,
}

/// A charge, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct ChargeView {
    /// Its id.
    pub id: ChargeId,
    /// Bill number.
    pub bill: String,
    /// Yuan, two decimals.
    pub amount: String,
    /// 1 to 7.
    pub business: u8,
    /// Operator number.
    pub operator: String,
    /// Card, for business 7.
    pub card: Option<String>,
    /// Wallet hint: `wechat`, `alipay`, …; empty when unknown.
    pub wallet: String,
    /// The masked payment code.
    pub code: String,
    /// Where it stands.
    pub state: State,
    /// Why.
    pub why: Option<Why>,
    /// The gateway's own text, if it gave one.
    pub text: String,
    /// When the intent was written, RFC 3339 with offset.
    pub sent_at: String,
    /// When the state last changed, RFC 3339 with offset.
    pub moved_at: String,
    /// What the customer's phone showed after a refusal.
    pub phone: Option<PhoneAnswer>,
    /// The cashier must first look at the customer's phone before this bill is charged again.
    pub asks_phone: bool,
    /// Counters of this run of the program, not from the journal; absent for charges nobody asks about.
    pub live: Option<LiveView>,
}

/// Live counters, labelled as such.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct LiveView {
    /// Milliseconds since sending, when this view was made.
    pub age_ms: u32,
    /// Queries since the program started.
    pub queries: u32,
    /// Milliseconds until the next query; 0 while one is under way.
    pub next_query_ms: u32,
}

/// What became of a scan; `number` rises, so a screen tells two equal scans apart.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct ScanView {
    /// Rises with every scan.
    pub number: u32,
    /// What it read, masked; a bill or card is not masked.
    pub read: String,
    /// What was done with it.
    pub outcome: ScanOutcome,
}

/// What was done with a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ScanOutcome {
    /// It began a charge, or is the same act as the scan that did.
    Charging {
        /// That charge.
        charge: ChargeId,
    },
    /// It is held for a key press.
    Held,
    /// It belongs in the bill field.
    Bill {
        /// The bill number.
        text: String,
    },
    /// It belongs in the card field.
    Card {
        /// The card number.
        text: String,
    },
    /// It was not used.
    Refused {
        /// Why.
        refusal: Refusal,
    },
}

/// One word each; details on demand.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct Health {
    /// The gateway.
    pub gateway: GatewayHealth,
    /// The scanner.
    pub scanner: scanner::ScannerState,
    /// Whether the journal takes records.
    pub journal_ok: bool,
}

/// How the gateway was last seen.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum GatewayHealth {
    /// Nothing was asked yet.
    Unknown,
    /// It answered.
    Answering,
    /// It does not answer.
    Silent,
    /// It refuses the till itself: wrong path, method or credentials.
    Misconfigured {
        /// The HTTP status that says so.
        status: u16,
    },
}
