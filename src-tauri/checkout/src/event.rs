//! What is written down: the events of a charge, in the exact form the journal keeps for ever.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::answer::{AutoId, Loss};
use crate::bill::{BillNumber, CardNumber, Operator};
use crate::business::Business;
use crate::code::{CodeTail, Fingerprint};
use crate::id::ChargeId;
use crate::settle::Settlement;
use crate::state::State;
use crate::time::Wall;

/// One line of the journal: when, about what, what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// Wall-clock time, for people; orders nothing.
    pub at: Wall,
    /// The charge, or the till itself.
    pub subject: Subject,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What a record is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// One charge.
    Charge(ChargeId),
    /// The till as a whole.
    Till,
}

/// Something that happened. New kinds may be added; none may change its meaning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A charge is about to be sent: the record that must be durable first (`journal-first`).
    Intent(Intent),
    /// A recharge is about to be begun on the platform; the intent has no code yet, and one of its own follows the scan.
    Beginning(Intent),
    /// The platform accepted the beginning of the recharge.
    Begun,
    /// The card is about to be credited: End is sent, this once.
    Crediting {
        /// Exactly what was collected.
        amount: Amount,
    },
    /// The platform credits the card by itself, so no End is sent (`recharge.end = "platform"`).
    LeftToPlatform,
    /// The charge's state changed.
    Moved {
        /// To this state.
        to: State,
        /// For this reason.
        why: Why,
        /// The gateway's own text, if it gave one.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        text: String,
    },
    /// The gateway's serial of this charge's receipt, from the charge's own answer or from the answer that proved it.
    Receipt {
        /// The serial.
        autoid: AutoId,
    },
    /// An answer that differs from the one before it and changed no state.
    Answered {
        /// What it said.
        said: Said,
    },
    /// A final negative was seen for the first time.
    NegativeSeen {
        /// The word.
        word: String,
    },
    /// A first negative was followed by something else, so it counts no more.
    NegativeDropped,
    /// The platform refused the charge itself; one query decides (design.md §5).
    Refused {
        /// The platform's error number.
        errcode: i64,
        /// The platform's text.
        text: String,
    },
    /// The query after a refusal says the payment is open after all, so the refusal decides nothing.
    RefusalContradicted,
    /// The cashier looked at the customer's phone after a refusal.
    PhoneShows {
        /// What it showed.
        answer: PhoneAnswer,
    },
    /// The charge ended in the back of the window; the cashier must be told.
    NoticeRaised,
    /// The cashier took note.
    NoticeTaken,
    /// The cashier asks the supervisor for help with it.
    HelpAsked,
    /// A supervisor decided; the change of state follows.
    Settled(Settlement),
    /// A supervisor decided, but the gateway's truth came first and stands.
    SettleOvertaken(Settlement),
    /// The after-watch came to its end.
    WatchEnded,
    /// A success was seen that belongs to no charge of the journal; the record's id names this entry.
    Unmatched(Unmatched),
    /// The program opened the journal.
    Started {
        /// The program's version.
        version: String,
    },
    /// An operator signed in at this window.
    SignedIn {
        /// Who.
        operator: Operator,
    },
    /// An operator signed out.
    SignedOut,
    /// A supervisor's PIN was set.
    PinSet {
        /// Whose.
        name: String,
        /// Its keyed hash.
        hash: String,
        /// By whom; empty for the first one.
        by: String,
    },
    /// A supervisor's name was taken away.
    PinRemoved {
        /// Whose.
        name: String,
        /// By whom.
        by: String,
    },
    /// A wrong name or PIN was given.
    PinRefused {
        /// The name given.
        name: String,
    },
    /// A supervisor signed in.
    SupervisorIn {
        /// Who.
        name: String,
    },
    /// A supervisor's session ended.
    SupervisorOut {
        /// Who.
        name: String,
    },
    /// Settings of the window are changed on the screen; written down before the file is.
    SettingsChanged {
        /// The supervisor who is signed in, else the operator; empty for nobody.
        by: String,
        /// What, in the order of the file.
        changes: Vec<SettingChange>,
    },
    /// The journal found something about itself worth keeping (witness rebuilt, key replaced, …).
    Noted {
        /// A word that programs may look for.
        what: String,
        /// For people.
        text: String,
    },
}

/// One setting before and after. No setting that can be changed so holds a secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettingChange {
    /// Section and name: `gateway.base_url`.
    pub key: String,
    /// What it was.
    pub from: String,
    /// What it shall be.
    pub to: String,
}

/// What a charge is, and what was promised to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Which bill.
    pub bill: BillNumber,
    /// How much, yuan.
    pub amount: Amount,
    /// What for.
    pub business: Business,
    /// Who collects.
    pub operator: Operator,
    /// Which card, for a recharge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<CardNumber>,
    /// The wallet the code's shape hints at; empty when nobody knows.
    pub wallet: String,
    /// The masked code.
    pub code: CodeTail,
    /// The code's keyed fingerprint.
    pub fingerprint: Fingerprint,
}

/// What is known of a success without a charge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmatched {
    /// The bill it was reported for.
    pub bill: BillNumber,
    /// Its serial, if it had one.
    pub autoid: Option<AutoId>,
    /// The charge whose query met it.
    pub met_by: ChargeId,
    /// What that charge was, since the answer itself has neither amount nor operator.
    pub like: Intent,
}

/// The cashier's answer to "does the customer's phone show a payment?".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum PhoneAnswer {
    /// The phone shows none.
    No,
    /// The phone shows a payment.
    Yes,
    /// The customer is gone or it cannot be told.
    Unsure,
}

/// The gist of an answer; two answers with the same gist are the same answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "said", rename_all = "kebab-case")]
pub enum Said {
    /// A state of the payment.
    Word {
        /// `paystatus`.
        word: String,
    },
    /// `errcode` 1: still open.
    StillOpen,
    /// An error of the platform.
    Error {
        /// `errcode`.
        #[specta(type = i32)]
        errcode: i64,
        /// `errmsg`.
        text: String,
    },
    /// An answer about another bill.
    WrongBill,
    /// A state of another receipt of this bill.
    OtherReceipt,
    /// `errcode` 0 and nothing else.
    NoWord,
    /// An HTTP status without a readable envelope.
    Status {
        /// The status code.
        status: u16,
    },
    /// A body nobody can read.
    Unreadable,
    /// No answer.
    Lost {
        /// How.
        how: Loss,
    },
    /// No connection.
    Unreachable,
}

impl Said {
    /// Whether the gateway really answered, in contrast to a lost answer or an unreachable gateway.
    pub fn is_answer(&self) -> bool {
        !matches!(self, Self::Lost { .. } | Self::Unreachable)
    }
}

/// Why a charge changed its state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "why", rename_all = "kebab-case")]
pub enum Why {
    /// Proved paid by the charge's own answer.
    PaidAtOnce,
    /// Proved paid by a query.
    PaidByQuery,
    /// The customer must confirm, or the platform says "still open".
    CustomerMustAct,
    /// Refused before the platform looked: a configuration or input problem.
    RefusedUnlooked {
        /// The HTTP status.
        status: u16,
    },
    /// Refused by the platform, and a query did not contradict it.
    RefusedByPlatform {
        /// The platform's error number.
        #[specta(type = i32)]
        errcode: i64,
    },
    /// The platform's final word, seen twice.
    FinalWord {
        /// The word.
        word: String,
    },
    /// The answer leaves the outcome open.
    NotCertain {
        /// What it said.
        said: Said,
    },
    /// The platform refused; one query is asked at once.
    AskingAfterRefusal,
    /// A final word was seen once; it is asked about again.
    AskingAfterFinalWord,
    /// The connection was never made.
    ConnectionNeverMade,
    /// The till itself never handed the request over.
    NotHandedOver,
    /// The front window is over.
    FrontWindowOver,
    /// The cashier stopped waiting.
    StoppedByCashier,
    /// The program was interrupted, so nobody can prove whether the request left.
    Interrupted,
    /// The program was started again after the front window.
    FoundAtStart,
    /// After a refusal the customer's phone showed a payment, or nobody could tell.
    PhoneContradicts {
        /// What was answered.
        answer: PhoneAnswer,
    },
    /// The gateway says the money was returned.
    ReturnedByGateway,
    /// A success after the end.
    PaidAfterAll,
    /// The platform refused to begin the recharge.
    BeginRefused {
        /// What it said.
        said: Said,
    },
    /// The recharge was begun, and no code was scanned for it.
    BegunNotCharged,
    /// The money is in; the card is being credited.
    Crediting,
    /// The card was credited.
    Credited,
    /// The platform refused to credit the card.
    CreditRefused {
        /// What it said.
        said: Said,
        /// The refusal is one that means "credited before" here (`recharge.already_done`).
        already: bool,
    },
    /// A supervisor decided.
    Settled {
        /// Who.
        by: String,
        /// Why.
        reason: String,
    },
}
