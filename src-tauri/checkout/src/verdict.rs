//! What one answer proves about one charge (design.md §2 and §5): paid, declined, still open, or nothing.

use crate::answer::{Answer, AutoId, Body, Envelope, PayStatus};
use crate::charge::Charge;
use crate::event::Said;
use crate::fact::Leg;
use crate::settings::Settings;

/// The only documented word of success (gateway-api.md §2.7, FAMILY).
const SUCCESS: &str = "SUCCESS";
/// The money was taken and given back (INFERRED, gateway-api.md §2.7).
const REFUND: &str = "REFUND";

/// What is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No byte of the charge left.
    NeverSent,
    /// This charge's money is in.
    Paid(Option<AutoId>),
    /// This charge's money was taken and given back.
    Returned(Option<AutoId>),
    /// The request was refused before the platform looked at it (charge only).
    Unlooked {
        /// HTTP status.
        status: u16,
        /// The gateway's text.
        text: String,
    },
    /// The platform refused the charge itself (charge only).
    Refused {
        /// The platform's error number.
        errcode: i64,
        /// The platform's text.
        text: String,
    },
    /// One sighting of a final negative for this charge.
    Negative {
        /// The word.
        word: String,
        /// The gateway's text.
        text: String,
        /// The receipt's serial, where the charge's own answer brings it.
        autoid: Option<AutoId>,
    },
    /// Still open.
    Open {
        /// The receipt's serial, where the charge's own answer brings it.
        autoid: Option<AutoId>,
        /// What was said.
        said: Said,
        /// The gateway's text.
        text: String,
    },
    /// A success for this bill that is not this charge's.
    Elsewhere(Option<AutoId>),
    /// The gateway answered, and it proves nothing.
    Nothing(Said),
    /// No answer, or none that the platform can have meant: it proves nothing and does not settle a refusal either.
    Silence(Said),
}

/// Judges an answer. `past` is every charge of this bill in the journal, this one included or not.
pub fn judge(settings: &Settings, charge: &Charge, past: &[Charge], leg: Leg, answer: &Answer) -> Verdict {
    match answer {
        Answer::NeverConnected { .. } if leg == Leg::Charge => Verdict::NeverSent,
        Answer::NeverConnected { .. } => Verdict::Silence(Said::Unreachable),
        Answer::Lost(how) => Verdict::Silence(Said::Lost { how: *how }),
        Answer::Http { status, body } => http(&Case { settings, charge, past, leg }, *status, body),
    }
}

struct Case<'a> {
    settings: &'a Settings,
    charge: &'a Charge,
    past: &'a [Charge],
    leg: Leg,
}

fn http(case: &Case, status: u16, body: &Body) -> Verdict {
    match (status, body) {
        (200..=299, Body::Envelope(envelope)) => platform(case, envelope),
        (200..=299, _) => Verdict::Silence(Said::Unreadable),
        (400, Body::ModelState(text)) if case.leg == Leg::Charge => Verdict::Unlooked { status, text: text.clone() },
        (401 | 404 | 405 | 415, _) if case.leg == Leg::Charge => Verdict::Unlooked { status, text: String::new() },
        // A query that is refused unlooked-at is no answer about money, and settles no refusal (`negative-is-proved`).
        _ => Verdict::Silence(Said::Status { status }),
    }
}

fn platform(case: &Case, envelope: &Envelope) -> Verdict {
    let about = envelope.tag.as_ref().map(|tag| (tag, case.bill(tag)));
    match (envelope.errcode, about) {
        (_, Some((_, Bill::Another))) => Verdict::Silence(Said::WrongBill),
        (0, Some((tag, bill))) => understood(case, tag, bill),
        (0, None) => Verdict::Nothing(Said::NoWord),
        (1, about) => case.open(about, Said::StillOpen, &envelope.errmsg),
        (errcode, about) => {
            let said = Said::Error { errcode, text: envelope.errmsg.clone() };
            let serial = about.and_then(|(tag, _)| AutoId::new(&tag.autoid));
            match (case.leg, case.ownership(&serial)) {
                (Leg::Query, Ownership::Another) => case.another_is_open(),
                _ if serial.is_some() => case.open(about, said, &envelope.errmsg),
                (Leg::Charge, _) => Verdict::Refused { errcode, text: envelope.errmsg.clone() },
                (_, _) => Verdict::Nothing(said),
            }
        }
    }
}

fn understood(case: &Case, tag: &PayStatus, bill: Bill) -> Verdict {
    let word = tag.paystatus.trim().to_uppercase();
    let said = Said::Word { word: word.clone() };
    let serial = AutoId::new(&tag.autoid);
    let final_word = word == SUCCESS || word == REFUND || case.settings.is_final_negative(&word);
    if !final_word {
        return match case.ownership(&serial) {
            Ownership::Another if case.leg == Leg::Query => case.another_is_open(),
            _ if word.is_empty() && serial.is_none() => Verdict::Nothing(Said::NoWord),
            _ => case.open(Some((tag, bill)), said, &tag.paystatusdesc),
        };
    }
    if bill != Bill::This {
        // A final word must name its bill; without one the charge is still open.
        return case.open(Some((tag, bill)), said, &tag.paystatusdesc);
    }
    let ours = case.ownership(&serial);
    if word == SUCCESS {
        return if ours.proves(case.alone()) { Verdict::Paid(serial) } else { Verdict::Elsewhere(serial) };
    }
    if word == REFUND {
        return match ours {
            ours if ours.proves(case.alone()) => Verdict::Returned(serial),
            Ownership::Unnamed => case.another_is_open(),
            _ => Verdict::Nothing(Said::OtherReceipt),
        };
    }
    match (ours, &case.charge.autoid) {
        (Ownership::Another, _) => Verdict::Nothing(Said::OtherReceipt),
        // The serial is known, but the answer does not name it: not proved to be about this charge.
        (Ownership::Unnamed, Some(_)) => Verdict::Nothing(said),
        _ => Verdict::Negative { word, text: tag.paystatusdesc.clone(), autoid: case.own_serial(serial) },
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Bill {
    This,
    Unnamed,
    Another,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Ownership {
    /// The answer carries this charge's serial, or is the charge's own answer.
    This,
    /// The charge or the answer has no serial.
    Unnamed,
    /// The answer carries the serial of something else.
    Another,
}

impl Ownership {
    /// `paid-is-proved`: with this charge's serial always, without one only if no other charge of the bill can be meant.
    fn proves(self, alone: bool) -> bool {
        self == Self::This || self == Self::Unnamed && alone
    }
}

impl Case<'_> {
    fn bill(&self, tag: &PayStatus) -> Bill {
        if tag.billnum.trim().is_empty() {
            Bill::Unnamed
        } else if self.charge.intent.bill.is(&tag.billnum) {
            Bill::This
        } else {
            Bill::Another
        }
    }

    fn others(&self) -> impl Iterator<Item = &Charge> {
        self.past.iter().filter(|other| other.id != self.charge.id)
    }

    /// This is the bill's only charge that is not proved never sent.
    fn alone(&self) -> bool {
        self.others().all(Charge::never_left)
    }

    fn ownership(&self, serial: &Option<AutoId>) -> Ownership {
        let Some(serial) = serial else {
            return Ownership::Unnamed;
        };
        if self.others().any(|other| other.autoid.as_ref().is_some_and(|known| known.is(serial))) {
            return Ownership::Another;
        }
        match &self.charge.autoid {
            Some(own) if own.is(serial) => Ownership::This,
            Some(_) => Ownership::Another,
            None if self.leg == Leg::Charge => Ownership::This,
            None => Ownership::Unnamed,
        }
    }

    /// Another receipt of the bill may still move money, or its owner cannot be told: nothing about this charge, and while
    /// a refusal waits for its query not the answer either, since *declined* would invite the bill's next charge.
    fn another_is_open(&self) -> Verdict {
        match self.charge.refusal {
            Some(_) => Verdict::Silence(Said::OtherReceipt),
            None => Verdict::Nothing(Said::OtherReceipt),
        }
    }

    /// A serial becomes the charge's own only through the charge's own answer, never through a query.
    fn own_serial(&self, serial: Option<AutoId>) -> Option<AutoId> {
        serial.filter(|_| self.leg == Leg::Charge && self.charge.autoid.is_none())
    }

    fn open(&self, about: Option<(&PayStatus, Bill)>, said: Said, text: &str) -> Verdict {
        let serial = about.filter(|(_, bill)| *bill == Bill::This).and_then(|(tag, _)| AutoId::new(&tag.autoid));
        let autoid = match self.ownership(&serial) {
            Ownership::This => self.own_serial(serial),
            _ => None,
        };
        Verdict::Open { autoid, said, text: text.to_owned() }
    }
}
