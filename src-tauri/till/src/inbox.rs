//! Everything that can happen to the till: its closed inbox.

use std::time::Duration;

use std::fmt;

use checkout::event::PhoneAnswer;
use checkout::{Answer, ChargeId, Entry, Leg, Refusal, ScannedText, Word};
use gateway::{Cold, Warmth};
use scanner::ScannerEvent;
use serde::Deserialize;
use specta::Type;
use tokio::sync::oneshot;
use zeroize::Zeroize;

use crate::back_office::Request;
use crate::hall::HallView;
use crate::look::Look;
use crate::source::ScanSource;
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
    /// The operator leaves the screen: an armed sale is given up, and nothing is taken until it is unlocked.
    Lock,
    /// The operator is back, or another one takes over.
    Unlock {
        /// The operator number.
        operator: String,
        /// It may be another one than the one who locked.
        take_over: bool,
    },
    /// Somebody is at the screen, though nothing else was asked for.
    StillHere,
    /// The screen shall look so from now on.
    SetLook {
        /// How.
        look: Look,
    },
    /// What the hall hears and sees of this window is changed.
    SetHall {
        /// To this.
        hall: HallView,
    },
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
    /// A supervisor's PIN is set. The first one needs nobody's leave; later ones need the PIN of a supervisor, or a
    /// supervisor signed in.
    SetPin {
        /// Whose.
        name: String,
        /// The new PIN.
        pin: Pin,
        /// The PIN of any supervisor, where none is signed in.
        leave: Option<Pin>,
    },
    /// A supervisor's name is taken away.
    RemovePin {
        /// Whose.
        name: String,
        /// The PIN of any supervisor, where none is signed in.
        leave: Option<Pin>,
    },
    /// A supervisor signs in.
    SupervisorIn {
        /// Who.
        name: String,
        /// The PIN.
        pin: Pin,
    },
    /// The supervisor signs out.
    SupervisorOut,
    /// The supervisor who is signed in decides.
    Settle {
        /// About which charge.
        charge: ChargeId,
        /// What.
        word: Word,
        /// Why.
        reason: String,
        /// What was seen, for example the wallet's own order number; may be empty.
        evidence: String,
    },
    /// The form of a decision is open: a scan of the wallet's order number belongs into it. Needs a supervisor who is signed in,
    /// and ends with that session.
    WantEvidence {
        /// About this charge; none once the form is closed.
        charge: Option<ChargeId>,
    },
    /// The cashier asks the supervisor for help.
    AskHelp {
        /// With which charge.
        charge: ChargeId,
    },
    /// A code of an unknown wallet: use it, or throw it away.
    DecideHeld {
        /// Use it.
        accept: bool,
    },
}

/// A PIN on its way to be checked. It cannot be shown.
#[derive(Clone, Deserialize, Type)]
#[serde(transparent)]
pub struct Pin(String);

impl Pin {
    /// Takes a PIN as it was typed.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The PIN itself, for its hash only.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pin")
    }
}

/// One message to the task that owns the state.
pub(crate) enum Message {
    Ask(Command, oneshot::Sender<Result<(), Refusal>>),
    Scan(ScannedText, ScanSource, Vec<u32>, oneshot::Sender<ScanOutcome>),
    Scanner(ScannerEvent),
    Answer {
        charge: ChargeId,
        leg: Leg,
        answer: Answer,
    },
    Warmed(Result<Warmth, Cold>),
    /// Settings, pairing, set-up.
    Office(Request),
    /// Requests that are out are awaited for so long at most.
    Stop(Duration, oneshot::Sender<()>),
}

impl Message {
    /// Whether it shows that somebody is at the window: a person's wish, or something held in front of the scanner.
    pub fn is_somebodys(&self) -> bool {
        match self {
            Self::Ask(..) | Self::Scan(..) | Self::Office(_) => true,
            Self::Scanner(event) => !matches!(event, ScannerEvent::State(_)),
            Self::Answer { .. } | Self::Warmed(_) | Self::Stop(..) => false,
        }
    }
}
