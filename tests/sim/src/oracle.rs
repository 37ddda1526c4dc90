//! Who watches: a ledger of what was on the wire, what was durable and what the platform really took, and the properties of
//! design.md §2 held against it by name. It takes the records as data and shares no rule with the code that it judges.

mod end;
mod fold;
mod proof;

use std::collections::{BTreeMap, BTreeSet};

use checkout::{Answer, Checkout, Gate, Leg, State};

use crate::platform::Platform;
pub use fold::Life;
use proof::Heard;

/// A property that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Its name in design.md §2.
    pub property: &'static str,
    /// What was seen.
    pub what: String,
}

/// What the oracle knows.
#[derive(Default)]
pub struct Oracle {
    /// Everything durable, folded by its own reading.
    pub lives: BTreeMap<String, Life>,
    /// Durable records read so far.
    read: usize,
    /// Which run of the program this is, and when it started.
    process: u32,
    boot: u64,
    /// Bill and fen that were confirmed and not edited since.
    confirmed: Option<(String, i64)>,
    trying: Option<(String, i64)>,
    /// Payment codes handed over, ever.
    codes: BTreeSet<String>,
    /// When this process asked, per charge and as a whole.
    asked: BTreeMap<String, u64>,
    asked_at: Vec<u64>,
    in_flight: BTreeSet<(String, u8)>,
    /// The answer that the till takes in right now.
    heard_now: Option<(String, Heard)>,
    /// Charges that a person has decided something about.
    decided: BTreeSet<String>,
    min_gap: u64,
    /// The first breach.
    pub breach: Option<Breach>,
    /// States that charges have been in.
    pub reached: BTreeSet<State>,
}

/// A request as it left.
pub struct Wire<'a> {
    /// Which.
    pub leg: Leg,
    /// For which charge.
    pub charge: &'a str,
    /// About which bill.
    pub bill: &'a str,
    /// For how much; 0 for a query.
    pub fen: i64,
    /// With which payment code; empty where there is none.
    pub code: &'a str,
}

/// Undecided: it may have taken money.
pub fn undecided(state: State) -> bool {
    matches!(state, State::Sending | State::Confirming | State::Checking | State::Parked)
}

/// Waits for a person, or for an answer.
pub fn pending(state: State) -> bool {
    use State::*;
    undecided(state)
        || matches!(
            state,
            Beginning | Recharging | RechargeUndecided | RechargeRefused | LateSuccess | UnmatchedSuccess | Returned
        )
}

/// No money moved, or a person has freed the bill.
fn free(state: State) -> bool {
    use State::*;
    matches!(state, Declined | NeverSent | SettledNotPaid | SettledRefund | Released)
}

impl Oracle {
    /// An oracle that knows nothing yet; `min_gap` is the least gap between two queries for one charge, milliseconds.
    pub fn new(min_gap: u64) -> Self {
        Self { min_gap, ..Self::default() }
    }

    /// Notes a breach; the first one counts.
    pub fn say(&mut self, property: &'static str, what: impl FnOnce() -> String) {
        if self.breach.is_none() {
            self.breach = Some(Breach { property, what: what() });
        }
    }

    /// A process starts.
    pub fn started(&mut self, time: u64) {
        self.process += 1;
        self.boot = time;
        (self.confirmed, self.trying) = (None, None);
        self.asked.clear();
        self.asked_at.clear();
        self.in_flight.clear();
        self.heard_now = None;
    }

    /// The cashier confirms an amount; nothing else may be charged from here on.
    pub fn arms(&mut self, bill: &str, fen: i64) {
        self.confirmed = None;
        self.trying = Some((bill.to_ascii_uppercase(), fen));
    }

    /// The till took it.
    pub fn armed(&mut self) {
        self.confirmed = self.trying.take();
    }

    /// The sale was edited, given up, or is over.
    pub fn edited(&mut self) {
        (self.confirmed, self.trying) = (None, None);
    }

    /// A person decided something about a charge.
    pub fn decides(&mut self, charge: &str) {
        self.decided.insert(charge.to_owned());
    }

    /// A request is handed over. `left` is whether a byte of it may have reached anybody.
    pub fn leaves(&mut self, time: u64, wire: &Wire<'_>, left: bool, platform: &Platform) {
        let Wire { leg, charge, bill, fen, code } = wire;
        let first = self.in_flight.insert((charge.to_string(), *leg as u8));
        match leg {
            Leg::Charge => self.charge_leaves(time, charge, bill, *fen, code, left, platform),
            Leg::Query => self.query_leaves(time, charge, first),
            Leg::Begin => {
                let ready = |life: &Life| life.state == State::Beginning && life.is_for(bill, *fen) && life.begins == 0;
                if !self.lives.get(*charge).is_some_and(ready) {
                    self.say("journal-first", || format!("Begin of {charge} without its own durable intent"));
                }
                if let Some(life) = self.lives.get_mut(*charge) {
                    life.begins += 1;
                }
            }
            Leg::End => self.end_leaves(charge, bill, *fen),
        }
    }

    #[allow(clippy::too_many_arguments, reason = "a charge request as it is on the wire, and the truth beside it")]
    fn charge_leaves(
        &mut self,
        time: u64,
        charge: &str,
        bill: &str,
        fen: i64,
        code: &str,
        left: bool,
        platform: &Platform,
    ) {
        if !self.codes.insert(code.to_owned()) {
            self.say("code-once", || format!("{charge} submits a code that was submitted before"));
        }
        let own = self.lives.get(charge).is_some_and(|l| l.state == State::Sending && l.is_for(bill, fen) && !l.handed);
        if !own {
            self.say("journal-first", || format!("charge {charge} of {bill} without its own durable intent"));
        }
        let key = (bill.to_ascii_uppercase(), fen);
        if self.confirmed.as_ref() != Some(&key) {
            let confirmed = self.confirmed.clone();
            self.say("armed-amount", || format!("{charge} charges {key:?}, confirmed was {confirmed:?}"));
        }
        let mut others = self.lives.iter().filter(|(id, life)| *id != charge && life.bill == key.0);
        if let Some((other, life)) = others.find(|(_, l)| !free(l.state) && l.state != State::Beginning) {
            let (other, state) = (other.clone(), life.state);
            self.say("one-open-charge", || format!("{charge} of {bill} beside {other}, which is {state}"));
        }
        let freed = |id: &str| self.lives.get(id).is_some_and(|life| free(life.state) && life.by_person);
        let moved = platform.receipts.iter().find(|r| {
            let money = r.took(time) || r.may_take(time);
            money && r.bill == key.0 && !r.charge.is_empty() && !r.broke_word && !freed(&r.charge)
        });
        if let Some(receipt) = moved.cloned() {
            self.say("one-open-charge", || format!("{charge} charges {bill}, for which {} took money", receipt.charge));
        }
        if let Some(life) = self.lives.get_mut(charge) {
            life.handed = true;
            life.left = left;
        }
    }

    fn query_leaves(&mut self, time: u64, charge: &str, first: bool) {
        if !first {
            self.say("always-closed", || format!("{charge} is asked about while the last answer is still awaited"));
        }
        if !self.lives.contains_key(charge) {
            self.say("journal-first", || format!("a query for {charge}, which is not durable"));
        }
        let last = self.asked.insert(charge.to_owned(), time);
        if last.is_some_and(|last| time - last < self.min_gap) {
            self.say("always-closed", || format!("{charge} is asked about twice within the least gap"));
        }
        self.asked_at.retain(|at| time - at < 1_000);
        self.asked_at.push(time);
        if self.asked_at.len() >= 10 {
            self.say("always-closed", || "ten queries within a second".into());
        }
    }

    fn end_leaves(&mut self, charge: &str, bill: &str, fen: i64) {
        let Some(life) = self.lives.get_mut(charge) else {
            return self.say("journal-first", || format!("End of {charge}, which is not durable"));
        };
        life.ends += 1;
        let (promised, own) = (life.crediting >= life.ends, life.is_for(bill, fen));
        let due = life.state == State::Recharging && (life.proved_paid || life.credit_now > 0);
        let again = life.ends > 1 + life.ends_unsent + life.credit_now - u32::from(!life.proved_paid);
        if !promised || !own {
            self.say("journal-first", || format!("End of {charge} without a durable intent of its own"));
        } else if !due {
            self.say("recharge-exactly-once", || format!("End of {charge} before it is paid"));
        } else if again {
            self.say("recharge-exactly-once", || format!("End of {charge} once more, and nobody asked for it"));
        }
    }

    /// An answer is about to be taken in.
    pub fn hears(&mut self, time: u64, charge: &str, leg: Leg, answer: &Answer) {
        self.in_flight.remove(&(charge.to_owned(), leg as u8));
        let heard = Heard::of(time, leg, answer);
        if let Some(life) = self.lives.get_mut(charge) {
            if leg == Leg::End && heard.is_never_connected() {
                life.ends_unsent += 1;
            }
            life.heard.push(heard.clone());
        }
        self.heard_now = Some((charge.to_owned(), heard));
    }

    /// What was heard last could not be taken in.
    pub fn drops(&mut self, charge: &str) {
        if let Some(heard) = self.lives.get_mut(charge).and_then(|life| life.heard.last_mut()) {
            heard.dropped = true;
        }
    }

    /// The step is over.
    pub fn step_over(&mut self) {
        self.heard_now = None;
        self.lives.values_mut().for_each(|life| life.named = life.serial.is_some());
    }

    /// Holds what is shown against what is durable.
    pub fn shown(&mut self, checkout: &Checkout, wakes: bool) {
        if matches!(checkout.gate(), Some(Gate::JournalDown { .. })) {
            return;
        }
        if let Some(sale) = checkout.armed() {
            let shown = (sale.bill.as_str().to_ascii_uppercase(), sale.amount.fen());
            if self.confirmed.as_ref() != Some(&shown) {
                let confirmed = self.confirmed.clone();
                self.say("armed-amount", || format!("{shown:?} is armed, confirmed was {confirmed:?}"));
            }
        }
        for charge in checkout.charges() {
            let life = self.lives.get(&charge.id.0);
            if !life.is_some_and(|l| {
                l.state == charge.state && l.notice == charge.notice && l.fen == charge.intent.amount.fen()
            }) {
                let (id, state, stored) = (charge.id.clone(), charge.state, life.map(|l| l.state));
                return self.say("shown-is-stored", || format!("{id} is shown as {state}, stored is {stored:?}"));
            }
        }
        let open = self.lives.iter().filter(|(_, l)| l.open);
        let mut in_front = 0;
        let mut wrong = None;
        for (id, life) in open {
            if checkout.charge(&checkout::ChargeId(id.clone())).is_none() {
                wrong = Some(("shown-is-stored", format!("{id} is {} and nobody shows it", life.state)));
            }
            let waits = undecided(life.state);
            in_front += u32::from(waits && life.state != State::Parked);
            let out = |leg: Leg| self.in_flight.contains(&(id.clone(), leg as u8));
            if waits && !wakes && !out(Leg::Charge) && !out(Leg::Query) {
                wrong = Some(("always-closed", format!("{id} is {} and nobody asks about it", life.state)));
            }
        }
        if in_front > 1 {
            wrong = Some(("shown-is-stored", "two charges are in front".into()));
        }
        if let Some((property, what)) = wrong {
            self.say(property, || what);
        }
    }
}
