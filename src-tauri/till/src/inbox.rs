//! Everything that can happen to the till: its closed inbox.

use std::time::Duration;

use checkout::event::PhoneAnswer;
use checkout::{Answer, ChargeId, Entry, Leg, Refusal, ScannedText};
use gateway::{Cold, Warmth};
use scanner::ScannerEvent;
use tokio::sync::oneshot;

use crate::view::ScanOutcome;

/// What a person asks for.
#[derive(Clone, Debug)]
pub enum Command {
    /// An operator signs in.
    SignIn {
        /// The operator number.
        operator: String,
    },
    /// The operator signs out; an armed sale is given up.
    SignOut,
    /// The sale is confirmed. The operator of the entry is ignored: it is the one signed in.
    Arm {
        /// The fields.
        entry: Entry,
        /// The question about a large amount was answered with yes.
        large_confirmed: bool,
    },
    /// The sale is edited or given up.
    Disarm,
    /// No more waiting for the charge in front.
    StopWaiting,
    /// Done with the ended charge in front.
    NextCustomer,
    /// Ask about a charge now.
    QueryNow {
        /// Which.
        charge: ChargeId,
    },
    /// What the customer's phone shows after a refusal.
    PhoneShows {
        /// Of which charge.
        charge: ChargeId,
        /// What it shows.
        answer: PhoneAnswer,
    },
    /// A notice was read.
    TakeNotice {
        /// Of which charge.
        charge: ChargeId,
    },
    /// A code of an unknown wallet: use it, or throw it away.
    DecideHeld {
        /// Use it.
        accept: bool,
    },
}

/// One message to the task that owns the state.
pub(crate) enum Message {
    Ask(Command, oneshot::Sender<Result<(), Refusal>>),
    Scan(ScannedText, oneshot::Sender<ScanOutcome>),
    Scanner(ScannerEvent),
    Answer {
        charge: ChargeId,
        leg: Leg,
        answer: Answer,
    },
    Warmed(Result<Warmth, Cold>),
    /// Requests that are out are awaited for so long at most.
    Stop(Duration, oneshot::Sender<()>),
}
