//! Why the till did not do what it was asked to; nothing was sent in any of these cases.

use serde::{Deserialize, Serialize};

use crate::amount::Amount;
use crate::id::ChargeId;
use crate::route::Foreign;
use crate::sale::EntryError;
use crate::settle::Word;
use crate::state::State;

/// A refusal, with what the screen needs to explain it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Refusal {
    /// A field is wrong.
    #[error("{error}. Nothing was sent")]
    Entry {
        /// Which, and why.
        error: EntryError,
    },
    /// A large amount: asked once more.
    #[error("¥{amount} is above the amount that is asked about twice: confirm it once more. Nothing was sent")]
    ConfirmLarge {
        /// As entered.
        #[specta(type = String)]
        amount: Amount,
    },
    /// The bill has a charge that is undecided, paid, or waits for a supervisor.
    #[error("bill {bill} already has a charge ({state}, {charge}); it is not charged again. Nothing was sent")]
    BillBlocked {
        /// The bill.
        bill: String,
        /// That charge.
        charge: ChargeId,
        /// Its state.
        state: State,
    },
    /// The bill was refused before: the customer's phone must be looked at first.
    #[error(
        "bill {bill} was refused by the gateway before ({charge}): look at the customer's phone first. Nothing was sent"
    )]
    AskPhone {
        /// The bill.
        bill: String,
        /// The refused charge.
        charge: ChargeId,
    },
    /// The charge in front is undecided.
    #[error("the charge in front of the customer ({charge}) is not certain yet. Nothing was sent")]
    FrontBusy {
        /// That charge.
        charge: ChargeId,
    },
    /// A payment code, but no armed sale.
    #[error("no amount is confirmed, so the code was not used")]
    NotArmed,
    /// This code was submitted before.
    #[error("this payment code was used before (charge {charge}); ask the customer to refresh it. Nothing was sent")]
    CodeUsed {
        /// By this charge.
        charge: ChargeId,
    },
    /// Not a payment code.
    #[error("this is not a payment code ({seems:?}). Nothing was sent")]
    NotACode {
        /// What it seems to be.
        seems: Foreign,
    },
    /// The slip of the bill being paid.
    #[error("this is the bill's own number, not a payment code. Nothing was sent")]
    ThisBill,
    /// The scan was damaged on the line.
    #[error("the scan was damaged; scan again. Nothing was sent")]
    Damaged,
    /// A payment code that was typed, and this window takes them from the scanner's own line alone.
    #[error(
        "payment codes are taken from the serial or USB scanner only (scanner.source), not from one that types. Nothing was sent"
    )]
    NotByKeyboard,
    /// More scans from the screen than any hands make.
    #[error("too many scans at once; wait a moment and scan again. Nothing was sent")]
    TooManyScans,
    /// A code of an unknown wallet waits for a key.
    #[error("this may be the code of a wallet the till does not know; confirm it or scan again. Nothing was sent")]
    UnknownWallet,
    /// There is no such held code, charge or notice (any more).
    #[error("there is nothing to do: it is already over")]
    Gone,
    /// This cannot be decided about a charge in this state.
    #[error("a charge that is {state} cannot be settled as {}. Nothing was changed", word.word())]
    NotSettledSo {
        /// Its state.
        state: State,
        /// What was asked.
        word: Word,
    },
    /// The customer may still pay.
    #[error("it is too early: the customer may still pay; try again in {wait_s} s. Nothing was changed")]
    TooEarly {
        /// Seconds.
        wait_s: u32,
    },
    /// Somebody is settling it already.
    #[error("it is being settled already; wait for the gateway's answer")]
    SettlingAlready,
    /// The gateway's truth came first.
    #[error("the gateway has just said that it is {state}; that stands, and the decision was only written down")]
    Overtaken {
        /// What it is now.
        state: State,
    },
    /// The supervisor's name, PIN or session.
    #[error("{error}. Nothing was changed")]
    Pin {
        /// Which, and what follows.
        error: PinError,
    },
    /// No name or no reason.
    #[error("a decision needs a name and a reason. Nothing was changed")]
    ReasonMissing,
    /// A text too long, with control characters, or with a payment code in it.
    #[error(
        "reason and evidence are plain text of at most 200 characters and never a payment code. Nothing was changed"
    )]
    SettleText,
    /// A payment code, or what may be one, was scanned while a supervisor's decision waits for its evidence.
    #[error(
        "this is a payment code, and a supervisor is deciding: it was neither used nor written down. Scan the order \
         number, or go back before the next charge"
    )]
    CodeForEvidence,
    /// What was scanned as the evidence of a decision is no wallet's order number.
    #[error("this is no order number of a wallet; scan it again, or type it. Nothing was changed")]
    NotAnOrder,
    /// The till takes no new charges for now.
    #[error("{reason}. Nothing was sent")]
    Gate {
        /// Why.
        reason: Gate,
    },
    /// The first start's set-up is not finished.
    #[error("this till is not set up yet: finish the set-up on its screen. Nothing was sent")]
    NotSetUp,
    /// The journal could not take the record, so nothing may be done; the till reads it anew.
    #[error(
        "the journal did not confirm the record; the till reads it again and asks the gateway about everything open"
    )]
    JournalUnsure,
    /// The screen is locked; what is under way goes on.
    #[error("the screen is locked: unlock it first. Nothing was sent")]
    Locked,
    /// Another operator's number than that of the one who locked the screen.
    #[error("operator {operator} locked the screen; another one can take over. Nothing was changed")]
    OtherOperator {
        /// Who locked it.
        operator: String,
    },
    /// The till is stopping.
    #[error("the till is closing. Nothing was sent")]
    Stopping,
}

/// Why an act that needs a supervisor was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(tag = "pin", rename_all = "kebab-case")]
pub enum PinError {
    /// The name or the PIN is wrong; which one is not said.
    #[error("the name or the PIN is wrong")]
    Wrong,
    /// Too many wrong PINs.
    #[error("too many wrong PINs: try again in {wait_s} s")]
    Wait {
        /// Seconds.
        wait_s: u32,
    },
    /// Nobody is signed in as a supervisor, or the session is over.
    #[error("a supervisor must sign in first")]
    NoSession,
    /// A PIN has 6 to 32 digits.
    #[error("a PIN is 6 to 32 digits")]
    BadPin,
    /// A name is 1 to 40 visible characters.
    #[error("a name is 1 to 40 visible characters")]
    BadName,
    /// There is no supervisor of that name.
    #[error("there is no supervisor of that name")]
    NoSuchName,
    /// The last supervisor's name cannot be taken away: nobody could ever set a PIN again.
    #[error("the last supervisor stays, or nobody could settle anything any more")]
    LastOne,
    /// The key file is not the journal's own, so no PIN can be checked.
    #[error("PINs cannot be checked: the file `secret` does not belong to this journal")]
    NoKey,
}

/// Why no new charge is accepted; open ones are still asked about.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(tag = "gate", rename_all = "kebab-case")]
pub enum Gate {
    /// No gateway address is set.
    #[error("no gateway address is set (gateway.base_url in wicket.toml)")]
    NoGateway,
    /// The free space is below the ballast.
    #[error("the disk is full: free some space, then go on")]
    DiskFull,
    /// The journal is behind its witness: records are missing at its end.
    #[error(
        "the journal ends at record {journal} but record {witness} was already written: restore the newest copy of the journal or call support"
    )]
    BehindWitness {
        /// Last record in the journal.
        #[specta(type = i32)]
        journal: i64,
        /// Last record the witness knows.
        #[specta(type = i32)]
        witness: i64,
    },
    /// The chain of hashes is broken.
    #[error("the journal was changed or damaged at record {record}: keep the folder as it is and call support")]
    BrokenChain {
        /// First bad record.
        #[specta(type = i32)]
        record: i64,
    },
    /// The key file does not belong to this journal.
    #[error("the file `secret` does not belong to this journal: put back the right one")]
    WrongSecret,
    /// The journal cannot be written.
    #[error("the journal cannot be written: {what}")]
    JournalDown {
        /// The error in words.
        what: String,
    },
}
