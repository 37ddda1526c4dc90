//! A second reading of the rules, by somebody who has not seen the first: it watches each step and says what is not allowed.

use std::collections::BTreeMap;

use checkout::event::PhoneAnswer;
use checkout::settle::Word;
use checkout::{
    Answer, Body, Business, Charge, ChargeId, Envelope, Fact, Leg, PayStatus, RechargeBy, Sale, State, Why,
};

use crate::world::{Done, World};

#[derive(Default)]
pub struct Oracle {
    /// Bill and amount that were confirmed and not edited since.
    shown: Option<(String, i64)>,
    trying: Option<(String, i64)>,
    known: BTreeMap<ChargeId, Known>,
    /// How many requests of each kind were looked at.
    seen_charges: usize,
    seen_begins: usize,
    seen_ends: usize,
    seen_queries: usize,
    /// When this process asked, and about what.
    asked: Vec<(u64, ChargeId)>,
}

#[derive(Default)]
struct Known {
    /// Its own answer is awaited by this process.
    sending: bool,
    /// A query is out.
    asking: bool,
    /// Since when this process knows it.
    since: u64,
    /// Refused by the platform, and no query has settled that yet.
    refused: bool,
    /// A Begin or an End is out.
    crediting: Option<Leg>,
    /// How many more Ends may leave: one for the proof of payment, one for a supervisor's word, one for each that never left.
    ends: u32,
    /// A supervisor decided, and its question is out.
    deciding: bool,
    /// A final word and when it was first seen, as far as this process may count.
    sighting: Option<(String, u64)>,
}

/// What this step may have proved.
#[derive(Default)]
struct Proof {
    paid: Vec<ChargeId>,
    returned: Vec<ChargeId>,
    declined: Vec<ChargeId>,
    never_sent: Vec<ChargeId>,
    doubted: Vec<ChargeId>,
    /// States that the answer to a Begin or an End leads to.
    leg: Option<(ChargeId, State)>,
    /// What a supervisor decided, and may stand after this step.
    decided: Option<ChargeId>,
}

fn envelope(answer: &Answer) -> Option<(&Envelope, PayStatus)> {
    match answer {
        Answer::Http { status: 200, body: Body::Envelope(e) } => Some((e, e.tag.clone().unwrap_or_default())),
        _ => None,
    }
}

fn same(a: &str, b: &str) -> bool {
    a.trim().eq_ignore_ascii_case(b.trim())
}

fn own_serial(charge: &Charge) -> Option<&str> {
    charge.autoid.as_ref().map(|a| a.as_str())
}

const FINAL: [&str; 4] = ["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"];

impl Oracle {
    pub fn arms(&mut self, sale: &Sale) {
        self.shown = None;
        self.trying = Some((sale.bill.as_str().to_uppercase(), sale.amount.fen()));
    }

    pub fn armed(&mut self, accepted: bool) {
        self.shown = self.trying.take().filter(|_| accepted);
    }

    pub fn edited(&mut self) {
        self.shown = None;
    }

    /// A request of this process that waits for its answer.
    pub fn wanted(&self, n: usize) -> Option<(ChargeId, Leg)> {
        let out = |k: &Known| k.sending || k.asking || k.crediting.is_some();
        let out: Vec<_> = self.known.iter().filter(|(_, k)| out(k)).collect();
        let (id, known) = out.get(n % out.len().max(1))?;
        let other = if known.sending { Leg::Charge } else { Leg::Query };
        Some(((*id).clone(), known.crediting.unwrap_or(other)))
    }

    /// A step that can prove nothing about money.
    pub fn step(&mut self, w: &mut World, act: impl FnOnce(&mut World) -> Done) {
        self.proved(w, Proof::default(), act);
    }

    pub fn never_handed_over(&mut self, w: &mut World, id: &ChargeId, leg: Leg) {
        let mut proof = Proof::default();
        let known = self.known.entry(id.clone()).or_default();
        let out = known.crediting.take_if(|out| *out == leg);
        if known.sending && leg == Leg::Charge || out == Some(Leg::Begin) {
            proof.never_sent.push(id.clone());
        }
        known.ends += u32::from(out == Some(Leg::End));
        self.proved(w, proof, |w| w.on(Fact::NeverHandedOver { charge: id.clone(), leg }));
    }

    pub fn phone(&mut self, w: &mut World, id: &ChargeId, answer: PhoneAnswer) {
        let mut proof = Proof::default();
        if answer != PhoneAnswer::No {
            proof.doubted.push(id.clone());
        }
        self.proved(w, proof, |w| w.phone(id, answer));
    }

    pub fn decide(&mut self, w: &mut World, id: &ChargeId, word: Word, reason: &str) {
        let undecided = w.state(id).is_undecided();
        let decided = (!undecided && !reason.is_empty()).then(|| id.clone());
        let proof = Proof { decided, ..Proof::default() };
        let mut settling = false;
        self.proved(w, proof, |w| {
            let done = w.decide_with(id, word, "Li", reason, "");
            settling = done.settling.is_some();
            assert!(!settling || undecided && done.refusal.is_none() && !reason.is_empty());
            done
        });
        self.known.entry(id.clone()).or_default().deciding |= settling;
    }

    pub fn answer(&mut self, w: &mut World, id: &ChargeId, leg: Leg, answer: Answer) {
        let mut proof = self.weigh(w, id, leg, &answer);
        if leg == Leg::Query && self.known.get(id).is_some_and(|k| k.deciding) {
            proof.decided = Some(id.clone());
        }
        self.proved(w, proof, |w| w.answer(id, leg, answer));
    }

    pub fn restart(&mut self, w: &mut World, act: impl FnOnce(&mut World)) {
        self.shown = None;
        act(w);
        self.asked.clear();
        let all: Vec<ChargeId> = self.known.keys().cloned().collect();
        for id in all {
            let known = self.known.get_mut(&id).expect("a key");
            known.sending = false;
            // What never left is on record and may still be sent; what may be out is nobody's to repeat.
            known.crediting = None;
            self.anew(w.mono, &id);
        }
    }

    pub fn reopen(&mut self, w: &mut World) {
        self.shown = None;
        let out = |k: &Known| k.sending || k.crediting.is_some();
        let out: Vec<ChargeId> = self.known.iter().filter(|(_, k)| out(k)).map(|(id, _)| id.clone()).collect();
        w.reopen(&out);
        self.asked.clear();
        let all: Vec<ChargeId> = self.known.keys().cloned().collect();
        all.iter().for_each(|id| self.anew(w.mono, id));
    }

    fn anew(&mut self, now: u64, id: &ChargeId) {
        let known = self.known.get_mut(id).expect("a key");
        known.asking = false;
        known.deciding = false;
        known.since = now;
        if let Some((_, at)) = known.sighting.as_mut() {
            *at = now;
        }
    }

    /// What may be concluded from this answer, and the memory of sightings.
    fn weigh(&mut self, w: &World, id: &ChargeId, leg: Leg, answer: &Answer) -> Proof {
        let mut proof = Proof::default();
        let Some(charge) = w.stored(id) else { return proof };
        let siblings: Vec<Charge> = w.past(&charge.intent.bill.key()).into_iter().filter(|c| c.id != *id).collect();
        let known = self.known.entry(id.clone()).or_default();
        let own_answer = leg == Leg::Charge && known.sending;
        match leg {
            Leg::Charge => known.sending = false,
            Leg::Query => known.asking = false,
            Leg::Begin | Leg::End => {
                let waits = charge.state == if leg == Leg::Begin { State::Beginning } else { State::Recharging };
                if known.crediting.take_if(|out| *out == leg).is_some() && waits {
                    known.ends += u32::from(leg == Leg::End && matches!(answer, Answer::NeverConnected { .. }));
                    proof.leg = leg_leads_to(leg, &charge, answer).map(|to| (id.clone(), to));
                }
                return proof;
            }
        }
        if own_answer {
            match answer {
                Answer::NeverConnected { .. } => proof.never_sent.push(id.clone()),
                Answer::Http { status: 400, body: Body::ModelState(_) }
                | Answer::Http { status: 401 | 404 | 405 | 415, .. } => proof.declined.push(id.clone()),
                _ => {}
            }
        }
        let Some((envelope, tag)) = envelope(answer) else {
            if matches!(answer, Answer::Http { .. }) {
                known.sighting = None;
            }
            return proof;
        };
        let (serial, word) = (tag.autoid.trim(), tag.paystatus.trim().to_uppercase());
        let names_another = !tag.billnum.trim().is_empty() && !same(&tag.billnum, charge.intent.bill.as_str());
        let this_bill = same(&tag.billnum, charge.intent.bill.as_str());
        let owner = siblings.iter().find(|c| !serial.is_empty() && own_serial(c).is_some_and(|s| same(s, serial)));
        let mine = match (own_serial(&charge), serial) {
            _ if owner.is_some() => false,
            (Some(own), s) if !s.is_empty() => same(own, s),
            (None, s) if own_answer && !s.is_empty() => true,
            _ => siblings.iter().all(|c| matches!(c.state, State::NeverSent | State::Beginning)),
        };
        if envelope.errcode == 0 && this_bill && word == "SUCCESS" {
            proof.paid.extend(owner.map(|c| c.id.clone()));
            proof.paid.extend(mine.then(|| id.clone()));
        }
        if envelope.errcode == 0 && this_bill && word == "REFUND" && mine {
            proof.returned.push(id.clone());
        }
        if own_answer && envelope.errcode != 0 && envelope.errcode != 1 && serial.is_empty() && !names_another {
            known.refused = true;
        } else if !own_answer && known.refused && !names_another {
            let final_word = FINAL.contains(&word.as_str()) || (word == "REFUND" && owner.is_some());
            let nothing_open = match envelope.errcode {
                0 => this_bill && final_word || word.is_empty() && serial.is_empty(),
                1 => false,
                _ => serial.is_empty(),
            };
            proof.declined.extend(nothing_open.then(|| id.clone()));
        }
        let named = own_serial(&charge).map_or(own_answer && !serial.is_empty(), |own| same(own, serial));
        let blind_from = known.since + 180_000;
        let blind = own_serial(&charge).is_none() && !named && siblings.is_empty() && w.mono >= blind_from;
        let counts =
            envelope.errcode == 0 && this_bill && FINAL.contains(&word.as_str()) && owner.is_none() && (named || blind);
        let apart = if named { 5_000 } else { 60_000 };
        match &known.sighting {
            _ if !counts => known.sighting = None,
            Some((seen, at)) if *seen == word => {
                if w.mono >= at + apart {
                    proof.declined.push(id.clone());
                }
            }
            _ => known.sighting = Some((word, w.mono)),
        }
        proof
    }

    /// Takes a step and holds every change of state to what was proved.
    fn proved(&mut self, w: &mut World, proof: Proof, act: impl FnOnce(&mut World) -> Done) {
        let before: BTreeMap<ChargeId, Charge> = w.all().into_iter().map(|c| (c.id.clone(), c)).collect();
        let done = act(w);
        for charge in w.all() {
            let id = &charge.id;
            match before.get(id) {
                None if matches!(charge.state, State::UnmatchedSuccess | State::Beginning) => {}
                None => self.began(w, &charge, &before, &done),
                Some(old) if old.state == State::Beginning && charge.state == State::Sending => {
                    assert!(old.begun, "only an accepted Begin goes on");
                    self.began(w, &charge, &before, &done);
                }
                Some(old) if old.state != charge.state => self.moved(old, &charge, &proof),
                Some(_) => {}
            }
            let known = self.known.entry(id.clone()).or_default();
            known.deciding &= charge.state.is_undecided();
            if charge.why == Some(Why::CustomerMustAct) || !charge.state.is_undecided() {
                known.refused &= charge.refusal.is_some();
            }
        }
        if let Some((id, to)) = &proof.leg {
            assert_eq!(w.state(id), *to, "the answer to a leg of {id} says what it is");
        }
    }

    fn moved(&mut self, old: &Charge, new: &Charge, proof: &Proof) {
        let (from, to) = (old.state, new.state);
        let decided = proof.decided.as_ref() == Some(&new.id);
        let leg = proof.leg.as_ref() == Some(&(new.id.clone(), to));
        let paid = from.is_undecided() && proof.paid.contains(&new.id);
        let ended_unpaid = from.is_watched() || matches!(from, State::NeverSent | State::Beginning);
        let proved = match to {
            State::Paid => paid,
            State::Recharging => paid || decided && checkout::settle::allowed(old).contains(&Word::CreditNow),
            State::Recharged | State::RechargeRefused | State::RechargeUndecided => from == State::Recharging && leg,
            State::LateSuccess => ended_unpaid && proof.paid.contains(&new.id),
            State::Returned => (from.is_undecided() || from.is_watched()) && proof.returned.contains(&new.id),
            State::Declined => from.is_undecided() && proof.declined.contains(&new.id),
            State::NeverSent if from == State::Beginning => {
                decided || !old.begun && (leg || proof.never_sent.contains(&new.id))
            }
            State::NeverSent => from.is_undecided() && proof.never_sent.contains(&new.id),
            State::Parked if from == State::Declined => proof.doubted.contains(&new.id),
            State::Confirming | State::Checking | State::Parked => from.is_undecided(),
            State::SettledPaid | State::SettledNotPaid => from.is_undecided() && decided,
            State::SettledCredited | State::SettledNotCredited => old.is_pending() && !from.is_undecided() && decided,
            State::SettledApplied | State::SettledRefund => old.state.is_pending() && !from.is_undecided() && decided,
            State::Released => from == State::Paid && !old.owes_credit() && decided,
            _ => false,
        };
        assert!(proved, "{} went from {from} to {to} without proof: {:?}", new.id, new.why);
        if to == State::Recharging {
            self.known.entry(new.id.clone()).or_default().ends += 1;
        }
    }

    /// `code-once`, `one-open-charge`, `armed-amount`, and one in front.
    fn began(&mut self, w: &World, new: &Charge, before: &BTreeMap<ChargeId, Charge>, done: &Done) {
        assert_eq!(done.charge.as_ref(), Some(&new.id), "an intent is a charge request, and nothing else is");
        let sale = (new.intent.bill.as_str().to_uppercase(), new.intent.amount.fen());
        assert_eq!(self.shown.as_ref(), Some(&sale), "only what is confirmed and shown is charged");
        for old in before.values() {
            let unmatched = old.state == State::UnmatchedSuccess;
            assert!(unmatched || old.intent.fingerprint != new.intent.fingerprint, "a code is submitted once");
            assert!(
                !matches!(old.state, State::Sending | State::Confirming | State::Checking),
                "{} is in front",
                old.id
            );
            if old.intent.bill.as_str().eq_ignore_ascii_case(new.intent.bill.as_str()) {
                let free = match old.state {
                    State::NeverSent | State::SettledNotPaid | State::SettledRefund | State::Released => true,
                    State::Beginning => old.begun,
                    State::Declined => {
                        let asked = matches!(old.why, Some(Why::RefusedByPlatform { .. }));
                        !asked || old.phone == Some(PhoneAnswer::No)
                    }
                    _ => false,
                };
                assert!(free, "{} of the same bill is {}", old.id, old.state);
            }
        }
        if new.intent.business == Business::Recharge && w.settings.recharge_begin == RechargeBy::Window {
            let (bill, amount, card) = (&new.intent.bill, new.intent.amount, &new.intent.card);
            let last = w.begun.iter().rfind(|b| {
                let closed = |c: &Charge| matches!(c.why, Some(Why::BegunNotCharged | Why::Settled { .. }));
                let arrived = before.get(&b.charge).is_some_and(|c| c.begun || closed(c));
                b.bill.key() == bill.key() && arrived
            });
            let same = last.is_some_and(|b| b.bill == *bill && b.amount == amount && Some(&b.card) == card.as_ref());
            assert!(same, "{} is charged as it was last begun", new.id);
        }
        self.known.insert(new.id.clone(), Known { sending: true, since: w.mono, ..Known::default() });
    }

    /// Requests that left, and what is waited for.
    pub fn look(&mut self, w: &World) {
        assert!(w.charged.len() - self.seen_charges <= 1);
        self.seen_charges = w.charged.len();
        for begin in &w.begun[self.seen_begins..] {
            let known = self.known.entry(begin.charge.clone()).or_default();
            assert!(known.crediting.replace(Leg::Begin).is_none());
        }
        self.seen_begins = w.begun.len();
        for end in &w.ended[self.seen_ends..] {
            let known = self.known.entry(end.charge.clone()).or_default();
            assert!(known.crediting.replace(Leg::End).is_none(), "one End at a time");
            assert!(known.ends > 0, "credited once for each proof or word");
            known.ends -= 1;
            let charge = w.stored(&end.charge).expect("a charge of the journal");
            assert_eq!((end.amount, &end.bill), (charge.intent.amount, &charge.intent.bill));
        }
        self.seen_ends = w.ended.len();
        for (at, query) in &w.asked[self.seen_queries..] {
            let known = self.known.entry(query.charge.clone()).or_default();
            assert!(!known.asking, "one query in flight");
            assert!(!known.sending, "no query while the charge is out");
            known.asking = true;
            let last = self.asked.iter().rfind(|(_, id)| *id == query.charge);
            assert!(last.is_none_or(|(last, _)| at - last >= w.settings.min_gap_ms), "the least gap");
            self.asked.push((*at, query.charge.clone()));
            let second = self.asked.iter().filter(|(t, _)| *t + 1_000 > *at).count();
            assert!(second < 10, "under ten a second");
        }
        self.seen_queries = w.asked.len();
        let wake = w.checkout.next_wake();
        for charge in w.all() {
            let known = self.known.entry(charge.id.clone()).or_default();
            let asked = charge.state.is_undecided() || charge.is_watched();
            assert!(!asked || known.asking || known.sending || wake.is_some(), "{} is forgotten", charge.id);
        }
    }
}

/// Where the answer to a Begin or an End leads to; `None` where it changes no state.
fn leg_leads_to(leg: Leg, charge: &Charge, answer: &Answer) -> Option<State> {
    let (done, refused, unknown) = match leg {
        Leg::Begin => (None, Some(State::NeverSent), None),
        _ => (Some(State::Recharged), Some(State::RechargeRefused), Some(State::RechargeUndecided)),
    };
    match answer {
        Answer::NeverConnected { .. } => refused.filter(|_| leg == Leg::Begin),
        Answer::Http { status: 400 | 401 | 404 | 405 | 415, .. } => refused,
        _ => match envelope(answer) {
            Some((_, tag)) if !tag.billnum.trim().is_empty() && !same(&tag.billnum, charge.intent.bill.as_str()) => {
                unknown
            }
            Some((envelope, _)) if envelope.errcode == 0 => done,
            Some((envelope, _)) if envelope.errcode != 1 => refused,
            _ => unknown,
        },
    }
}
