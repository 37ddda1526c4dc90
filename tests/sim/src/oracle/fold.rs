//! The oracle's own reading of the records: what each charge is, and which moves it may make.

use checkout::settle::Word;
use checkout::{Event, Record, State, Subject, Why};

use crate::oracle::proof::Heard;
use crate::oracle::{Oracle, pending, undecided};
use crate::platform::Platform;

/// A charge as the records tell it.
#[derive(Clone, Debug)]
pub struct Life {
    /// Letter case folded.
    pub bill: String,
    /// Fen.
    pub fen: i64,
    /// 1 to 7.
    pub business: u8,
    /// The last state.
    pub state: State,
    /// The receipt's serial.
    pub serial: Option<String>,
    /// It waits for the cashier's nod.
    pub notice: bool,
    /// Something may still happen to it, or somebody must still see it.
    pub open: bool,
    /// Its money was proved by the gateway.
    pub proved_paid: bool,
    /// Its state is a person's word.
    pub by_person: bool,
    /// The request was handed over; and a byte of it may have left.
    pub handed: bool,
    /// See `handed`.
    pub left: bool,
    /// A step before this one has made its serial durable.
    pub(super) named: bool,
    pub(super) watch_over: bool,
    pub(super) left_to_platform: bool,
    pub(super) process: u32,
    pub(super) known_since: u64,
    pub(super) begins: u32,
    pub(super) ends: u32,
    pub(super) ends_unsent: u32,
    pub(super) crediting: u32,
    pub(super) credit_now: u32,
    pub(super) heard: Vec<Heard>,
}

impl Life {
    pub(super) fn is_for(&self, bill: &str, fen: i64) -> bool {
        self.bill.eq_ignore_ascii_case(bill) && self.fen == fen
    }

    /// Paid for, and nobody has credited the card or left it to the platform.
    pub fn owes_credit(&self) -> bool {
        let paid = matches!(self.state, State::Paid | State::SettledPaid | State::SettledApplied);
        paid && self.business == 7 && self.crediting == 0 && !self.left_to_platform
    }

    /// Waits for a person, or for an answer.
    pub fn pending(&self) -> bool {
        pending(self.state) || self.owes_credit()
    }

    fn watched(&self) -> bool {
        matches!(self.state, State::Declined | State::SettledPaid | State::SettledNotPaid) && !self.watch_over
    }
}

/// The moves of a charge; every other one is a breach.
fn may_move(from: State, to: State) -> bool {
    use State::*;
    match from {
        Beginning => matches!(to, NeverSent | LateSuccess),
        Sending | Confirming | Checking | Parked => {
            let end = matches!(to, Paid | Declined | NeverSent | Returned | SettledPaid | SettledNotPaid);
            end || to != from && matches!(to, Confirming | Checking | Parked) && from != Parked
        }
        Paid => matches!(to, Recharging | Released | SettledCredited | SettledNotCredited),
        Declined => matches!(to, Parked | LateSuccess | Returned),
        NeverSent => to == LateSuccess,
        Recharging => matches!(to, Recharged | RechargeUndecided | RechargeRefused),
        RechargeUndecided | RechargeRefused => matches!(to, Recharging | SettledCredited | SettledNotCredited),
        LateSuccess | UnmatchedSuccess | Returned => matches!(to, SettledApplied | SettledRefund),
        SettledPaid => matches!(to, LateSuccess | Returned | Recharging | SettledCredited | SettledNotCredited),
        SettledNotPaid => matches!(to, LateSuccess | Returned),
        SettledApplied => matches!(to, Recharging | SettledCredited | SettledNotCredited),
        Recharged | SettledCredited | SettledNotCredited | SettledRefund | Released => false,
    }
}

impl Oracle {
    /// Reads what has become durable since the last time, and holds it against the truth.
    pub fn reads(&mut self, time: u64, records: &[Record], truth: &Platform) {
        let fresh = records.get(self.read..).unwrap_or_default();
        if fresh.is_empty() {
            return;
        }
        self.read = records.len();
        for record in fresh {
            if let Subject::Charge(id) = &record.subject {
                self.takes(time, &id.0, record, truth);
            }
        }
        // A late truth is recorded, and it alarms: in one commit.
        for record in fresh {
            if let (Subject::Charge(id), Event::Moved { to: State::LateSuccess | State::Returned, .. }) =
                (&record.subject, &record.event)
                && self.lives.get(&id.0).is_some_and(|life| pending(life.state) && !life.notice)
            {
                self.say("late-truth-wins", || format!("{id} turned out paid and nobody is told"));
            }
        }
    }

    fn takes(&mut self, time: u64, id: &str, record: &Record, truth: &Platform) {
        match &record.event {
            Event::Intent(intent) | Event::Beginning(intent) => {
                let sending = matches!(record.event, Event::Intent(_));
                let state = if sending { State::Sending } else { State::Beginning };
                self.begins(time, id, state, intent);
            }
            Event::Unmatched(found) => {
                self.begins(time, id, State::UnmatchedSuccess, &found.like);
                let life = self.lives.get_mut(id).expect("begun above");
                life.serial = found.autoid.as_ref().map(|serial| serial.as_str().to_owned());
                life.notice = true;
            }
            Event::Moved { to, why, .. } => self.moves(time, id, *to, why, truth),
            event => {
                let Some(life) = self.lives.get_mut(id) else {
                    return self.say("journal-first", || format!("a record about {id}, which never began"));
                };
                match event {
                    Event::Receipt { autoid } => life.serial = Some(autoid.as_str().to_owned()),
                    Event::Crediting { amount } => {
                        life.crediting += 1;
                        let (own, due) = (amount.fen() == life.fen, life.fen);
                        if !own {
                            self.say("recharge-exactly-once", || format!("{id} credits {amount} for {due} fen"));
                        }
                    }
                    Event::LeftToPlatform => life.left_to_platform = true,
                    Event::NoticeRaised => life.notice = true,
                    Event::NoticeTaken => life.notice = false,
                    Event::WatchEnded => life.watch_over = true,
                    Event::Settled(settlement) => {
                        life.credit_now += u32::from(settlement.word == Word::CreditNow);
                        let named = !settlement.by.is_empty() && !settlement.reason.is_empty();
                        if !named || !self.decided.contains(id) {
                            self.say("always-closed", || format!("{id} is settled, and no person did it"));
                        }
                    }
                    _ => {}
                }
            }
        }
        if let Some(life) = self.lives.get_mut(id) {
            life.open = life.pending() || life.notice || life.watched();
        }
    }

    fn begins(&mut self, time: u64, id: &str, state: State, intent: &checkout::Intent) {
        self.reached.insert(state);
        let before = self.lives.get(id).map(|life| life.state);
        let may = match state {
            State::Sending => matches!(before, None | Some(State::Beginning)),
            _ => before.is_none(),
        };
        if !may {
            self.say("code-once", || format!("{id} begins as {state} although it is {before:?}"));
        }
        let begins = self.lives.get(id).map_or(0, |life| life.begins);
        let life = Life {
            bill: intent.bill.as_str().to_ascii_uppercase(),
            fen: intent.amount.fen(),
            business: intent.business.number(),
            state,
            serial: None,
            notice: false,
            open: true,
            proved_paid: false,
            by_person: false,
            handed: false,
            left: false,
            named: false,
            watch_over: false,
            left_to_platform: false,
            process: self.process,
            known_since: time,
            begins,
            ends: 0,
            ends_unsent: 0,
            crediting: 0,
            credit_now: 0,
            heard: Vec::new(),
        };
        self.lives.insert(id.to_owned(), life);
    }

    fn moves(&mut self, time: u64, id: &str, to: State, why: &Why, truth: &Platform) {
        self.reached.insert(to);
        let Some(from) = self.lives.get(id).map(|life| life.state) else {
            return self.say("journal-first", || format!("{id} moves to {to} and never began"));
        };
        let by_person = matches!(why, Why::Settled { .. });
        if !may_move(from, to) {
            self.say(property(to), || format!("{id} moves from {from} to {to}"));
        }
        if let Some(lack) = self.unproved(time, id, to, why, truth) {
            self.say(property(to), || format!("{id} moves from {from} to {to}: {lack}"));
        }
        let settled = matches!(
            to,
            State::SettledPaid
                | State::SettledNotPaid
                | State::SettledCredited
                | State::SettledNotCredited
                | State::SettledApplied
                | State::SettledRefund
                | State::Released
        );
        // A Begin that a person closes never had a code: that is a fact, whoever says so.
        let closed = by_person && (from, to) == (State::Beginning, State::NeverSent);
        if settled != by_person && !closed {
            self.say("always-closed", || format!("{id} moves to {to}, by a person: {by_person}"));
        }
        let life = self.lives.get_mut(id).expect("found above");
        life.state = to;
        life.watch_over = false;
        life.by_person = by_person || life.by_person && !undecided(to);
        life.proved_paid |= matches!(to, State::Paid | State::LateSuccess);
    }
}

/// The property that a wrong move to this state breaks.
fn property(to: State) -> &'static str {
    match to {
        State::Paid | State::Returned => "paid-is-proved",
        State::LateSuccess => "late-truth-wins",
        State::Declined => "negative-is-proved",
        State::NeverSent => "never-sent-is-proved",
        State::Recharging | State::Recharged | State::RechargeRefused | State::RechargeUndecided => {
            "recharge-exactly-once"
        }
        _ => "always-closed",
    }
}
