//! What a screen shows: one whole view after every change, rebuilt from the journal and the armed sale (`shown-is-stored`).

use checkout::event::{PhoneAnswer, Said, Why};
use checkout::refusal::{Gate, Refusal};
use checkout::{ChargeId, State, TypedCode, Word};
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::hall::HallView;
use crate::look::Look;
pub use crate::pairing_desk::{PairingEnd, PairingNews, PairingView};
pub use crate::trace::{ScanTrace, TraceOutcome};

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
    /// The operator locked the screen: nothing of the sale is shown or taken, and charges under way go on.
    pub locked: bool,
    /// How the screen wants to look.
    pub look: Look,
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
    /// Who may settle, and who is signed in to do so.
    pub supervisors: SupervisorsView,
    /// The parts the till depends on.
    pub health: Health,
    /// The number of the newest trace of a scan; the traces themselves are asked for.
    pub traced: u32,
    /// A pairing under way, or just over.
    pub pairing: Option<PairingView>,
    /// Nobody has set anything yet: the set-up comes before the first sale.
    pub set_up: bool,
    /// What the hall hears and sees of this window.
    pub hall: HallView,
}

/// The supervisors of this window.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Type)]
pub struct SupervisorsView {
    /// Their names, sorted. Empty before the first PIN is set.
    pub names: Vec<String>,
    /// Who is signed in; settling is refused without.
    pub session: Option<String>,
    /// Seconds until a PIN is checked again, after too many wrong ones.
    pub wait_s: u32,
}

impl View {
    /// A view of nothing, before there is anything to see.
    pub(crate) fn blank(window: &WindowView, hall: HallView, training: bool) -> Self {
        Self {
            number: 0,
            training,
            window: window.clone(),
            operator: None,
            locked: false,
            look: Look::of(&window.language),
            gate: None,
            armed: None,
            held: None,
            front: None,
            scan: None,
            notices: Vec::new(),
            pending: Vec::new(),
            recent: Vec::new(),
            supervisors: SupervisorsView::default(),
            health: Health {
                gateway: GatewayHealth::Unknown,
                scanner: scanner::ScannerState::Off,
                journal_ok: true,
                clock: ClockHealth::Unknown,
            },
            traced: 0,
            pairing: None,
            set_up: false,
            hall,
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
    /// What the page's own guard goes by.
    pub typing: TypingView,
}

/// What scanners that type send here, for a page that has to tell them from a person by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct TypingView {
    /// `scanner.key_gap_ms`.
    pub key_gap_ms: u32,
    /// `limits.bill_pattern`; empty for none.
    pub bill_pattern: String,
    /// `limits.card_pattern`; empty for none.
    pub card_pattern: String,
    /// A payment code that was typed is taken (`scanner.source` is not `serial`).
    pub takes_codes: bool,
    /// The wallets' table.
    pub codes: Vec<TypedCode>,
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
    /// The last answer that was worth a record.
    pub said: Option<Said>,
    /// The gateway's serial of the receipt.
    pub autoid: Option<String>,
    /// The cashier asked the supervisor for help with it.
    pub help: bool,
    /// The platform accepted the beginning of this recharge.
    pub begun: bool,
    /// How often End was sent or about to be.
    pub credits: u32,
    /// The platform credits the card by itself; nothing confirms it here.
    pub left_to_platform: bool,
    /// Paid, and nobody has credited the card.
    pub owes_credit: bool,
    /// What a supervisor may decide about it.
    pub may_settle: Vec<Word>,
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
    /// It is the evidence of the decision that a supervisor is about to make.
    Evidence {
        /// About this charge.
        charge: ChargeId,
        /// The wallet's order number.
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
    /// This machine's clock beside the platform's.
    pub clock: ClockHealth,
}

/// How this machine's clock stands to the platform's. It decides nothing; people read its times.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ClockHealth {
    /// The platform was not heard yet, or tells no time.
    Unknown,
    /// They agree.
    Right,
    /// They do not.
    Off {
        /// How far this machine's clock is ahead of the platform's, in seconds; negative when it is behind.
        ahead_s: i32,
    },
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

/// A charge with everything that was written about it, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct TimelineView {
    /// As it stands.
    pub charge: ChargeView,
    /// What happened, oldest first.
    pub lines: Vec<LineView>,
}

/// One line of a timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct LineView {
    /// When, RFC 3339 with offset.
    pub at: String,
    /// What.
    pub what: Line,
}

/// What a line of a timeline says.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Line {
    /// The recharge is about to be begun on the platform.
    Beginning,
    /// The platform accepted that.
    Begun,
    /// The code was scanned and the charge is about to be sent.
    Scanned {
        /// The masked code.
        code: String,
        /// Wallet hint.
        wallet: String,
    },
    /// The state changed.
    Moved {
        /// To this.
        to: State,
        /// Why.
        why: Why,
        /// The gateway's own text.
        text: String,
    },
    /// The gateway said something else than before.
    Answered {
        /// What.
        said: Said,
    },
    /// A final negative was seen once.
    NegativeSeen {
        /// The word.
        word: String,
    },
    /// It counts no more.
    NegativeDropped,
    /// The platform refused.
    Refused {
        /// With this text.
        text: String,
    },
    /// The refusal was contradicted.
    RefusalContradicted,
    /// The cashier looked at the customer's phone.
    PhoneShows {
        /// What it showed.
        answer: PhoneAnswer,
    },
    /// The gateway gave the receipt's serial.
    Receipt {
        /// The serial.
        autoid: String,
    },
    /// End was about to be sent.
    Crediting,
    /// The platform credits the card itself.
    LeftToPlatform,
    /// It ended in the back.
    NoticeRaised,
    /// The cashier took note.
    NoticeTaken,
    /// The cashier asked for help.
    HelpAsked,
    /// A supervisor decided.
    Settled {
        /// What.
        word: Word,
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// What was seen.
        evidence: String,
    },
    /// A supervisor decided, but the truth came first.
    SettleOvertaken {
        /// What.
        word: Word,
        /// Who.
        by: String,
        /// Why.
        reason: String,
        /// What was seen.
        evidence: String,
    },
    /// The after-watch came to its end.
    WatchEnded,
    /// A success without a charge was met.
    Unmatched,
}

/// Which charges to list; what is absent or empty does not matter.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Type)]
pub struct HistoryQuery {
    /// Of this bill.
    pub bill: String,
    /// By this operator.
    pub operator: String,
    /// Of this card.
    pub card: String,
    /// With these last four digits of the code.
    pub code: String,
    /// Of this amount, yuan.
    pub amount: String,
    /// In this state.
    pub state: Option<State>,
    /// From this day, `2026-06-01`.
    pub from: String,
    /// To this day.
    pub to: String,
}

/// The charges of one day in one state.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct DaySumView {
    /// The state they are in now.
    pub state: State,
    /// How many.
    pub count: u32,
    /// Their sum, yuan.
    pub sum: String,
}
