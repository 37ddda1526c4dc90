//! A charge is the fold of its records, and nothing else: replaying them rebuilds it exactly.

use crate::answer::AutoId;
use crate::event::{Event, Intent, PhoneAnswer, Record, Said, Subject, Why};
use crate::id::ChargeId;
use crate::state::State;
use crate::time::Wall;

/// One attempt to collect one bill with one payment code (or an unmatched success, which has the same shape).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    /// Its local id.
    pub id: ChargeId,
    /// What was to be collected.
    pub intent: Intent,
    /// Where it stands.
    pub state: State,
    /// Why it stands there; `None` while it is being sent.
    pub why: Option<Why>,
    /// The gateway's last text for people.
    pub text: String,
    /// The receipt's serial, from the charge's own answer or its proof.
    pub autoid: Option<AutoId>,
    /// When the intent was written.
    pub sent_at: Wall,
    /// When the state last changed.
    pub moved_at: Wall,
    /// The last answer that was worth a record.
    pub said: Option<Said>,
    /// The word of a first final negative that still counts.
    pub negative: Option<String>,
    /// A refusal by the platform that still waits for its query.
    pub refusal: Option<i64>,
    /// What the customer's phone showed after a refusal.
    pub phone: Option<PhoneAnswer>,
    /// It ended in the back and the cashier has not taken note.
    pub notice: bool,
    /// The after-watch is over.
    pub watch_over: bool,
    /// The platform accepted the beginning of this recharge.
    pub begun: bool,
    /// How often End was about to be sent.
    pub credits: u32,
    /// The platform credits the card by itself.
    pub left_to_platform: bool,
    /// The cashier asked for help with it.
    pub help: bool,
}

impl Charge {
    /// Rebuilds a charge from its records, oldest first. `None` if they do not begin with what makes a charge.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>) -> Option<Self> {
        let mut charge: Option<Self> = None;
        for record in records {
            match (&mut charge, &record.subject) {
                (Some(charge), _) => charge.apply(&record.event, record.at),
                (None, Subject::Charge(id)) => charge = Self::begin(id.clone(), &record.event, record.at),
                (None, Subject::Till) => {}
            }
        }
        charge
    }

    /// The charge that an event begins, if it begins one.
    pub fn begin(id: ChargeId, event: &Event, at: Wall) -> Option<Self> {
        let (intent, state, autoid) = match event {
            Event::Intent(intent) => (intent.clone(), State::Sending, None),
            Event::Beginning(intent) => (intent.clone(), State::Beginning, None),
            Event::Unmatched(found) => (found.like.clone(), State::UnmatchedSuccess, found.autoid.clone()),
            _ => return None,
        };
        Some(Self {
            id,
            intent,
            state,
            why: None,
            text: String::new(),
            autoid,
            sent_at: at,
            moved_at: at,
            said: None,
            negative: None,
            refusal: None,
            phone: None,
            notice: state == State::UnmatchedSuccess,
            watch_over: false,
            begun: false,
            credits: 0,
            left_to_platform: false,
            help: false,
        })
    }

    /// Takes in one more event.
    pub fn apply(&mut self, event: &Event, at: Wall) {
        match event {
            Event::Moved { to, why, text } => self.moved(*to, why, text, at),
            // The scan of a recharge that was begun before: from here on it is a charge like any other.
            Event::Intent(intent) => self.scanned(intent, at),
            Event::Begun => self.begun = true,
            Event::Crediting { .. } => {
                self.credits = self.credits.saturating_add(1);
                // What was said of an earlier try says nothing of this one.
                self.said = None;
            }
            Event::LeftToPlatform => self.left_to_platform = true,
            Event::HelpAsked => self.help = true,
            Event::Settled(_) => self.help = false,
            Event::Receipt { autoid } => self.autoid = Some(autoid.clone()),
            Event::Answered { said } => self.said = Some(said.clone()),
            Event::NegativeSeen { word } => {
                self.said = Some(Said::Word { word: word.clone() });
                self.negative = Some(word.clone());
            }
            Event::NegativeDropped => self.negative = None,
            Event::Refused { errcode, text } => {
                self.refusal = Some(*errcode);
                self.text.clone_from(text);
            }
            Event::RefusalContradicted => self.refusal = None,
            Event::PhoneShows { answer } => {
                self.phone = Some(*answer);
                self.refusal = None;
            }
            Event::NoticeRaised => self.notice = true,
            Event::NoticeTaken => self.notice = false,
            Event::WatchEnded => self.watch_over = true,
            Event::Beginning(_)
            | Event::Unmatched(_)
            | Event::SettleOvertaken(_)
            | Event::PinSet { .. }
            | Event::PinRemoved { .. }
            | Event::PinRefused { .. }
            | Event::SupervisorIn { .. }
            | Event::SupervisorOut { .. }
            | Event::SettingsChanged { .. }
            | Event::Started { .. }
            | Event::SignedIn { .. }
            | Event::SignedOut
            | Event::Noted { .. } => {}
        }
    }

    fn moved(&mut self, to: State, why: &Why, text: &str, at: Wall) {
        self.state = to;
        self.why = Some(why.clone());
        self.moved_at = at;
        // Where the money is known, the words of an answer before it would only confuse.
        let known = matches!(
            to,
            State::Paid
                | State::LateSuccess
                | State::Returned
                | State::NeverSent
                | State::Recharging
                | State::Recharged
        );
        if known || !text.is_empty() {
            text.clone_into(&mut self.text);
        }
        if known {
            self.said = None;
        }
        if let Why::NotCertain { said } = why {
            self.said = Some(said.clone());
        }
        // Every end has an after-watch of its own.
        self.watch_over = false;
        if !to.is_undecided() {
            self.negative = None;
            self.refusal = None;
        }
    }

    fn scanned(&mut self, intent: &Intent, at: Wall) {
        self.intent = intent.clone();
        self.state = State::Sending;
        self.why = None;
        self.said = None;
        self.text.clear();
        self.sent_at = at;
        self.moved_at = at;
    }

    /// The last try to credit the card certainly never left.
    pub fn end_never_left(&self) -> bool {
        self.state == State::Recharging && self.said == Some(Said::Unreachable)
    }

    /// Something may still happen to it by itself, or it still has to be shown: a start must load it.
    pub fn is_open(&self) -> bool {
        self.is_pending() || self.notice || self.is_watched()
    }

    /// A supervisor has to see it through (待处理): undecided, or paid and not credited, or a success nobody expected.
    pub fn is_pending(&self) -> bool {
        self.state.is_pending() || self.owes_credit()
    }

    /// On the after-watch.
    pub fn is_watched(&self) -> bool {
        self.state.is_watched() && !self.watch_over
    }

    /// Declined by a refusal of the platform, and nobody has yet looked at the customer's phone (design.md §5).
    pub fn asks_phone(&self) -> bool {
        self.state == State::Declined && self.phone.is_none() && matches!(self.why, Some(Why::RefusedByPlatform { .. }))
    }

    /// The gateway has answered something about it.
    pub(crate) fn was_answered(&self) -> bool {
        self.autoid.is_some() || self.refusal.is_some() || self.said.as_ref().is_some_and(Said::is_answer)
    }

    /// Certainly no byte of it reached the gateway.
    pub fn never_left(&self) -> bool {
        matches!(self.state, State::NeverSent | State::Beginning)
    }
}
