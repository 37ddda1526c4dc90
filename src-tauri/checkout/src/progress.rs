//! What an answer changes: an undecided charge comes closer to its end, an ended one may turn out paid after all.

use crate::answer::{Answer, AutoId};
use crate::business::Business;
use crate::charge::Charge;
use crate::checkout::{Checkout, Live, Step, Tracked};
use crate::event::{Event, Record, Said, Subject, Unmatched, Why};
use crate::fact::Leg;
use crate::id::ChargeId;
use crate::state::State;
use crate::time::Mono;
use crate::verdict::{Verdict, judge};

/// Least time between the two sightings of a final negative, milliseconds (design.md §5).
pub const NEGATIVE_APART_MS: u64 = 5_000;
/// The same without a receipt serial.
pub const BLIND_NEGATIVE_APART_MS: u64 = 60_000;
/// Without a receipt serial a negative counts only after this time: the longest a payment code may live (design.md §5).
pub const BLIND_NEGATIVE_AFTER_MS: u64 = 180_000;

impl Checkout {
    pub(crate) fn answered(
        &mut self,
        step: &mut Step,
        id: &ChargeId,
        leg: Leg,
        answer: &Answer,
        past: &[Charge],
        fresh: ChargeId,
    ) {
        match leg {
            Leg::Begin => return self.begin_answered(step, id, answer),
            Leg::End => return self.end_answered(step, id, answer),
            Leg::Charge | Leg::Query => self.payment_answered(step, id, leg, answer, past, fresh),
        }
        if leg == Leg::Query {
            self.settle_after_answer(step, id);
        }
    }

    fn payment_answered(
        &mut self,
        step: &mut Step,
        id: &ChargeId,
        leg: Leg,
        answer: &Answer,
        past: &[Charge],
        fresh: ChargeId,
    ) {
        let Some(tracked) = self.charges.get_mut(id) else {
            return;
        };
        let asked = leg == Leg::Query;
        let leg = match leg {
            Leg::Query | Leg::Begin | Leg::End => {
                tracked.live.asking = false;
                Leg::Query
            }
            // A charge has one answer, in the process that sent it. Anything else proves no more than a query's answer.
            Leg::Charge if !tracked.live.sending => Leg::Query,
            Leg::Charge => {
                tracked.live.sending = false;
                Leg::Charge
            }
        };
        let mut verdict = judge(&self.settings, &tracked.charge, past, leg, answer);
        if let Verdict::Elsewhere(serial) = &verdict {
            if self.may_be_anothers(id, serial.as_ref(), past) {
                verdict = Verdict::Silence(Said::OtherReceipt);
            } else {
                self.success_elsewhere(step, id, serial.as_ref(), past, fresh);
            }
        }
        let answered = !matches!(verdict, Verdict::Silence(_));
        let Some(tracked) = self.charges.get_mut(id) else {
            return;
        };
        if tracked.charge.state.is_undecided() {
            self.plan(step, id, answered);
            self.undecided_answered(step, id, (leg, asked), verdict, past);
        } else if tracked.charge.is_watched() {
            self.watched_answered(step, id, verdict);
        } else {
            self.closed_answered(step, id, leg, verdict);
        }
    }

    pub(crate) fn never_handed_over(&mut self, step: &mut Step, id: &ChargeId, leg: Leg) {
        // What the gateway has answered was handed over, whatever is claimed.
        let unsent = |t: &Tracked| t.live.sending && t.charge.state.is_undecided() && !t.charge.was_answered();
        match (leg, self.charges.get(id)) {
            (Leg::Begin, Some(t)) if t.is_beginning() => self.begin_never_handed_over(step, id),
            (Leg::Charge, Some(t)) if unsent(t) => self.end(step, id, State::NeverSent, Why::NotHandedOver, ""),
            (Leg::End, Some(_)) => self.end_never_handed_over(step, id),
            _ => {}
        }
    }

    /// `asked` says that the answer is one to a query: a copy of the charge's own is not, though it proves no more.
    fn undecided_answered(
        &mut self,
        step: &mut Step,
        id: &ChargeId,
        (leg, asked): (Leg, bool),
        verdict: Verdict,
        past: &[Charge],
    ) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        let refusal = charge.refusal;
        match (verdict, refusal) {
            (Verdict::NeverSent, _) => self.end(step, id, State::NeverSent, Why::ConnectionNeverMade, ""),
            (Verdict::Paid(serial), _) => {
                step.receipt(charge, serial);
                let why = if leg == Leg::Charge { Why::PaidAtOnce } else { Why::PaidByQuery };
                self.end(step, id, State::Paid, why, "");
            }
            (Verdict::Returned(serial), _) => {
                step.receipt(charge, serial);
                self.end(step, id, State::Returned, Why::ReturnedByGateway, "");
            }
            (Verdict::Unlooked { status, text }, _) => {
                self.end(step, id, State::Declined, Why::RefusedUnlooked { status }, &text);
            }
            (Verdict::Refused { errcode, text }, _) => {
                step.write(charge, Event::Refused { errcode, text });
                live.due = Some(step.now.mono);
                if charge.state == State::Sending {
                    step.move_to(charge, State::Checking, Why::AskingAfterRefusal, "");
                }
            }
            // The one query after a refusal: any answer but a success or an open word confirms it (design.md §5).
            // A copy of the refusal itself does not.
            (Verdict::Negative { .. } | Verdict::Nothing(_), Some(errcode)) if asked => {
                self.end(step, id, State::Declined, Why::RefusedByPlatform { errcode }, "");
            }
            (Verdict::Negative { word, text, autoid }, _) => {
                step.receipt(charge, autoid);
                self.negative_seen(step, id, word, &text, past);
            }
            (Verdict::Open { autoid, said, text }, _) => still_open(step, charge, live, autoid, said, &text),
            (Verdict::Elsewhere(_), _) => not_certain(step, charge, live, Said::OtherReceipt),
            (Verdict::Nothing(said) | Verdict::Silence(said), _) => not_certain(step, charge, live, said),
        }
    }

    /// One sighting of a final negative; the second, far enough from the first, is the end.
    fn negative_seen(&mut self, step: &mut Step, id: &ChargeId, word: String, text: &str, past: &[Charge]) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        let now = step.now.mono;
        let blind = charge.autoid.is_none();
        let apart = if blind { BLIND_NEGATIVE_APART_MS } else { NEGATIVE_APART_MS };
        let only_charge = past.iter().all(|other| other.id == *id);
        if blind && !(only_charge && now.since(live.base) >= BLIND_NEGATIVE_AFTER_MS) {
            return not_certain(step, charge, live, Said::Word { word });
        }
        let since = live.negative_since.filter(|_| charge.negative.as_ref() == Some(&word));
        match since {
            Some(first) if now.since(first) >= apart => {
                self.end(step, id, State::Declined, Why::FinalWord { word }, text);
            }
            Some(first) => live.sooner(first.plus(apart)),
            None => {
                step.write(charge, Event::NegativeSeen { word });
                live.negative_since = Some(now);
                live.sooner(now.plus(apart));
                if matches!(charge.state, State::Sending | State::Confirming) {
                    step.move_to(charge, State::Checking, Why::AskingAfterFinalWord, text);
                }
            }
        }
    }

    fn watched_answered(&mut self, step: &mut Step, id: &ChargeId, verdict: Verdict) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        match verdict {
            Verdict::Paid(serial) => {
                step.receipt(charge, serial);
                self.paid_after_all(step, id);
            }
            Verdict::Returned(serial) => {
                step.receipt(charge, serial);
                self.end(step, id, State::Returned, Why::ReturnedByGateway, "");
            }
            Verdict::Silence(said) => {
                step.said(charge, said);
                self.plan(step, id, false);
            }
            other => {
                if let Some(said) = gist(other) {
                    step.said(charge, said);
                }
                live.errors = 0;
                if !live.watch_on(step.now.mono) {
                    step.write(charge, Event::WatchEnded);
                }
            }
        }
    }

    /// Nobody waits for this answer any more; only a success is news, where none was known.
    fn closed_answered(&mut self, step: &mut Step, id: &ChargeId, leg: Leg, verdict: Verdict) {
        let Some(Tracked { charge, .. }) = self.charges.get_mut(id) else {
            return;
        };
        let unpaid = charge.state.takes_late_success();
        match (leg, verdict) {
            (_, Verdict::Paid(serial)) if unpaid => {
                step.receipt(charge, serial);
                self.paid_after_all(step, id);
            }
            (Leg::Charge, Verdict::Open { autoid, .. } | Verdict::Paid(autoid)) => {
                step.receipt(charge, autoid);
            }
            _ => {}
        }
    }

    /// `late-truth-wins`: recorded, alarmed, and pending until a supervisor deals with it.
    fn paid_after_all(&mut self, step: &mut Step, id: &ChargeId) {
        let Some(tracked) = self.charges.get_mut(id) else {
            return;
        };
        step.move_to(&mut tracked.charge, State::LateSuccess, Why::PaidAfterAll, "");
        step.write(&mut tracked.charge, Event::NoticeRaised);
        self.disarm_bill(id);
        if let Some(front) = self.front.as_mut().filter(|front| front.charge == *id) {
            front.sale = None;
        }
    }

    /// A success that another charge of the bill may still turn out to own, so that nobody can say that it has no owner: a
    /// charge whose own answer is awaited, which will bring its serial, or, without a serial, any undecided one. The
    /// question is asked again.
    fn may_be_anothers(&self, met_by: &ChargeId, serial: Option<&AutoId>, past: &[Charge]) -> bool {
        let known = |c: &Charge| {
            let own = c.autoid.as_ref();
            own.is_some_and(|own| serial.is_some_and(|s| own.is(s)))
        };
        let awaited = |c: &Charge| self.charges.get(&c.id).is_some_and(|t| t.live.sending);
        let open = |c: &Charge| serial.is_none() || awaited(c);
        let mut others = past.iter().filter(|c| c.id != *met_by);
        !past.iter().any(known) && others.any(|c| c.state.is_undecided() && open(c))
    }

    /// A success for the bill that is not this charge's: it belongs to another charge of the journal, or to none.
    fn success_elsewhere(
        &mut self,
        step: &mut Step,
        met_by: &ChargeId,
        serial: Option<&AutoId>,
        past: &[Charge],
        fresh: ChargeId,
    ) {
        let owner = serial.and_then(|s| past.iter().find(|c| c.autoid.as_ref().is_some_and(|own| own.is(s))));
        if let Some(owner) = owner.filter(|owner| owner.id != *met_by) {
            let found = || Tracked { charge: owner.clone(), live: Live::found(step.now, owner) };
            let state = self.charges.entry(owner.id.clone()).or_insert_with(found).charge.state;
            if state.is_undecided() {
                self.end(step, &owner.id, State::Paid, Why::PaidByQuery, "");
            } else if state.takes_late_success() {
                self.paid_after_all(step, &owner.id);
            }
            return;
        }
        // Without a serial it may be the success of a charge whose money is known already.
        let explained = serial.is_none() && past.iter().any(|c| c.state.blocks_bill() && !c.state.is_undecided());
        let Some(like) = self.charges.get(met_by).map(|t| t.charge.intent.clone()).filter(|_| !explained) else {
            return;
        };
        let found = Unmatched { bill: like.bill.clone(), autoid: serial.cloned(), met_by: met_by.clone(), like };
        let event = Event::Unmatched(found);
        let Some(charge) = Charge::begin(fresh.clone(), &event, step.now.wall) else {
            return;
        };
        step.out.records.push(Record { at: step.now.wall, subject: Subject::Charge(fresh.clone()), event });
        self.charges.insert(fresh.clone(), Tracked { live: Live::found(step.now, &charge), charge });
        self.disarm_bill(&fresh);
    }

    /// The end of an undecided or watched charge.
    pub(crate) fn end(&mut self, step: &mut Step, id: &ChargeId, to: State, why: Why, text: &str) {
        let in_front = self.is_front(id);
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        step.move_to(charge, to, why, text);
        live.due = None;
        live.negative_since = None;
        if charge.is_watched() {
            live.watch(step.now.mono);
        }
        if (!in_front || to == State::Returned) && !charge.notice {
            step.write(charge, Event::NoticeRaised);
        }
        if to == State::Paid && charge.intent.business == Business::Recharge {
            match self.settings.credits() {
                true => self.credit(step, id),
                false => step.write(charge, Event::LeftToPlatform),
            }
        }
        let Some(Tracked { charge, .. }) = self.charges.get_mut(id) else {
            return;
        };
        let may_rescan = matches!(to, State::Declined | State::NeverSent);
        let asks_phone = charge.asks_phone();
        let Some(front) = self.front.as_mut().filter(|_| in_front) else {
            return;
        };
        if !may_rescan {
            front.sale = None;
        } else if !asks_phone {
            // The sale stays confirmed and shown: a fresh code is all that is needed.
            self.armed = front.sale.take();
        }
    }
}

fn still_open(step: &mut Step, charge: &mut Charge, live: &mut Live, autoid: Option<AutoId>, said: Said, text: &str) {
    step.receipt(charge, autoid);
    step.drop_negative(charge, live);
    if charge.refusal.is_some() {
        step.write(charge, Event::RefusalContradicted);
    }
    if matches!(charge.state, State::Sending | State::Checking) {
        step.move_to(charge, State::Confirming, Why::CustomerMustAct, text);
    }
    step.said(charge, said);
}

fn not_certain(step: &mut Step, charge: &mut Charge, live: &mut Live, said: Said) {
    if said.is_answer() {
        step.drop_negative(charge, live);
    }
    if charge.state == State::Sending {
        step.move_to(charge, State::Checking, Why::NotCertain { said }, "");
    } else {
        step.said(charge, said);
    }
}

fn gist(verdict: Verdict) -> Option<Said> {
    match verdict {
        Verdict::Open { said, .. } | Verdict::Nothing(said) | Verdict::Silence(said) => Some(said),
        Verdict::Negative { word, .. } => Some(Said::Word { word }),
        Verdict::Refused { errcode, text } => Some(Said::Error { errcode, text }),
        Verdict::Unlooked { status, .. } => Some(Said::Status { status }),
        Verdict::Elsewhere(_) => Some(Said::OtherReceipt),
        Verdict::NeverSent | Verdict::Paid(_) | Verdict::Returned(_) => None,
    }
}

impl Step {
    /// Writes an answer down if it differs from the one before it.
    fn said(&mut self, charge: &mut Charge, said: Said) {
        if charge.said.as_ref() != Some(&said) {
            self.write(charge, Event::Answered { said });
        }
    }

    fn receipt(&mut self, charge: &mut Charge, autoid: Option<AutoId>) {
        if let Some(autoid) = autoid.filter(|_| charge.autoid.is_none()) {
            self.write(charge, Event::Receipt { autoid });
        }
    }

    fn drop_negative(&mut self, charge: &mut Charge, live: &mut Live) {
        live.negative_since = None;
        if charge.negative.is_some() {
            self.write(charge, Event::NegativeDropped);
        }
    }
}

impl Live {
    fn sooner(&mut self, moment: Mono) {
        self.due = self.due.map(|due| due.min(moment));
    }
}
