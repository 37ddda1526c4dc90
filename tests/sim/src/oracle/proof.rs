//! What was heard, and what it proves by the oracle's own reading of design.md §2 and §5.

use checkout::{Answer, Body, Leg, State, Why};

use crate::oracle::{Life, Oracle};
use crate::platform::{Platform, Receipt};

/// Least time between two sightings of a final word, and the same without a serial, milliseconds.
const APART: u64 = 5_000;
const BLIND_APART: u64 = 60_000;
const BLIND_AGE: u64 = 180_000;

/// The final words of the shipped settings.
const FINAL: [&str; 4] = ["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"];

/// The gist of an answer.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub time: u64,
    pub leg: Leg,
    never_connected: bool,
    lost: bool,
    model_state: bool,
    pub status: u16,
    envelope: bool,
    errcode: i64,
    word: String,
    bill: String,
    serial: String,
    /// The till could not take it in: it was killed, or the journal did not take it.
    pub dropped: bool,
}

impl Heard {
    pub fn of(time: u64, leg: Leg, answer: &Answer) -> Self {
        let mut heard = Self {
            time,
            leg,
            never_connected: matches!(answer, Answer::NeverConnected { .. }),
            lost: matches!(answer, Answer::Lost(_)),
            model_state: false,
            status: 0,
            envelope: false,
            errcode: 0,
            word: String::new(),
            bill: String::new(),
            serial: String::new(),
            dropped: false,
        };
        if let Answer::Http { status, body } = answer {
            heard.status = *status;
            heard.model_state = matches!(body, Body::ModelState(_));
            if let Body::Envelope(envelope) = body {
                heard.envelope = true;
                heard.errcode = envelope.errcode;
                if let Some(tag) = &envelope.tag {
                    heard.word = tag.paystatus.trim().to_ascii_uppercase();
                    heard.bill = tag.billnum.trim().to_ascii_uppercase();
                    heard.serial.clone_from(&tag.autoid);
                }
            }
        }
        heard
    }

    pub fn is_never_connected(&self) -> bool {
        self.never_connected
    }

    fn ok(&self) -> bool {
        self.envelope && (200..300).contains(&self.status)
    }

    fn says(&self, word: &str, bill: &str) -> bool {
        self.ok() && self.errcode == 0 && self.word == word && self.bill == bill
    }

    fn is_end_done(&self, bill: &str) -> bool {
        self.leg == Leg::End && self.ok() && self.errcode == 0 && (self.bill.is_empty() || self.bill == bill)
    }

    fn is_end_refused(&self) -> bool {
        let refused = self.ok() && !matches!(self.errcode, 0 | 1);
        self.leg == Leg::End && (refused || matches!(self.status, 400 | 401 | 404 | 405 | 415))
    }
}

impl Oracle {
    /// Why a move to this state has no proof, if it has none.
    pub(super) fn unproved(&self, time: u64, id: &str, to: State, why: &Why, truth: &Platform) -> Option<String> {
        let life = self.lives.get(id)?;
        let heard = self.heard_now.as_ref().map(|(_, heard)| heard);
        match to {
            State::Paid | State::LateSuccess => self.money_unproved(time, id, life, "SUCCESS", truth),
            State::Returned => self.money_unproved(time, id, life, "REFUND", truth),
            State::Declined => self.negative_unproved(time, life, why, truth, id),
            State::NeverSent => self.never_sent_unproved(life, why),
            State::Recharged => {
                let done = heard.is_some_and(|heard| heard.is_end_done(&life.bill));
                let credited = truth.cards.get(&life.bill).is_some_and(|card| card.credited > 0);
                (!done || !credited).then(|| "no End of this recharge was answered with success".into())
            }
            State::RechargeRefused => (!heard.is_some_and(Heard::is_end_refused)).then(|| "End was not refused".into()),
            _ => None,
        }
    }

    fn money_unproved(&self, time: u64, id: &str, life: &Life, word: &str, truth: &Platform) -> Option<String> {
        // Where no answer named this charge's receipt, the bill's only receipt with money counts as its own (design.md §2).
        let own = |r: &&Receipt| r.charge == id || !life.named && r.charge.is_empty() && r.bill == life.bill;
        let mut own = truth.receipts.iter().filter(own).filter(|r| r.took(time)).peekable();
        if own.peek().is_none() {
            return Some("the platform took nothing for it".into());
        }
        let Some((_, heard)) = self.heard_now.as_ref().filter(|(_, heard)| heard.says(word, &life.bill)) else {
            return Some("no answer in this step says so for this bill".into());
        };
        let mut others = self.lives.iter().filter(|(other, l)| *other != id && l.bill == life.bill);
        let alone = others.all(|(_, l)| matches!(l.state, State::NeverSent | State::Beginning));
        let own = own.any(|r| heard.serial == r.serial && (!r.charge.is_empty() || alone));
        let unnamed = heard.serial.is_empty() && alone;
        (!own && !unnamed).then(|| format!("the answer is about {:?}, which need not be this charge", heard.serial))
    }

    fn negative_unproved(&self, time: u64, life: &Life, why: &Why, truth: &Platform, id: &str) -> Option<String> {
        let own = truth.receipts.iter().find(|r| r.charge == id && !r.broke_word);
        if own.is_some_and(|receipt| receipt.took(time) || receipt.may_take(time)) {
            return Some("the platform took the money, or keeping its word still may".into());
        }
        let heard = self.heard_now.as_ref().map(|(_, heard)| heard)?;
        let of_charge = |f: &dyn Fn(&Heard) -> bool| life.heard.iter().any(|h| h.leg == Leg::Charge && f(h));
        match why {
            Why::RefusedUnlooked { .. } => {
                let unlooked =
                    |h: &Heard| h.status == 400 && h.model_state || matches!(h.status, 401 | 404 | 405 | 415);
                (!of_charge(&unlooked)).then(|| "its own answer was no refusal".into())
            }
            Why::RefusedByPlatform { .. } => {
                let refused = of_charge(&|h| h.ok() && !matches!(h.errcode, 0 | 1) && h.serial.is_empty());
                let open = heard.errcode == 1 || heard.word == "SUCCESS" || heard.word == "USERPAYING";
                let about = heard.bill.is_empty() || heard.bill == life.bill;
                let confirmed = heard.leg == Leg::Query && heard.ok() && about && !open;
                (!refused || !confirmed).then(|| "refused without a query that confirms it".into())
            }
            Why::FinalWord { .. } => self.final_word_unproved(time, life, heard, id),
            other => Some(format!("{other:?} is no proof")),
        }
    }

    fn final_word_unproved(&self, time: u64, life: &Life, now: &Heard, id: &str) -> Option<String> {
        let word = now.word.as_str();
        if !FINAL.contains(&word) || !now.says(word, &life.bill) {
            return Some("no final word was heard in this step".into());
        }
        let says_so = |h: &Heard| h.says(word, &life.bill);
        // What was heard and lost before it was durable contradicts nothing: nobody remembers it.
        let counts = |h: &&Heard| !h.lost && !h.never_connected && (!h.dropped || says_so(h));
        let answers = life.heard.iter().rev().filter(counts);
        let streak: Vec<&Heard> = answers.take_while(|h| says_so(h)).collect();
        let first = streak.last().map_or(time, |first| first.time.max(self.boot));
        let blind = life.serial.is_none();
        let apart = if blind { BLIND_APART } else { APART };
        if streak.len() < 2 || time - first < apart {
            return Some(format!("{word} was not seen twice far enough apart ({} times)", streak.len()));
        }
        let others = self.lives.iter().any(|(other, l)| other != id && l.bill == life.bill);
        let young = time - life.known_since.max(self.boot) < BLIND_AGE;
        (blind && (others || young)).then(|| "a negative without a serial, too early or of a bill with others".into())
    }

    fn never_sent_unproved(&self, life: &Life, why: &Why) -> Option<String> {
        if life.left {
            return Some("bytes of it may have left".into());
        }
        let refused = self.heard_now.as_ref().is_some_and(|(_, heard)| heard.never_connected);
        match why {
            Why::ConnectionNeverMade if refused => None,
            Why::NotHandedOver if life.process == self.process && !life.handed => None,
            Why::BegunNotCharged | Why::BeginRefused { .. } if !life.handed => None,
            Why::Settled { .. } if life.state == State::Beginning && !life.handed => None,
            other => Some(format!("{other:?} proves nothing here")),
        }
    }
}
