//! Value-card recharge (储值卡充值): begun before the scan, credited once after the money is in (`recharge-exactly-once`).

use crate::answer::{Answer, Body, Envelope};
use crate::business::Business;
use crate::charge::Charge;
use crate::checkout::{Checkout, Front, Live, Step, Tracked};
use crate::code::{CodeTail, Fingerprint};
use crate::event::{Event, Intent, Record, Said, Subject, Why};
use crate::fact::{BeginRequest, Effect, EndRequest};
use crate::id::ChargeId;
use crate::refusal::Refusal;
use crate::sale::Sale;
use crate::schedule;
use crate::state::State;

/// Longest bill number of a recharge (gateway-api.md §7.1, §7.2).
pub const RECHARGE_BILL_MAX: usize = 20;

/// What the answer to a Begin or an End proves.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Leg {
    Done,
    NeverSent,
    Refused { said: Said, text: String },
    Unknown(Said),
}

impl Checkout {
    /// Arms a recharge whose Begin this window sends: reuses one that was accepted, else sends one (never twice).
    pub(crate) fn begin_recharge(
        &mut self,
        step: &mut Step,
        sale: Sale,
        past: &[Charge],
        fresh: ChargeId,
    ) -> Result<(), Refusal> {
        let same = |c: &&Charge| c.begun && c.intent.amount == sale.amount && c.intent.card == sale.card;
        let bill = sale.bill.key();
        let known: Vec<&Charge> = self.charges().filter(|c| c.intent.bill.key() == bill).chain(past).collect();
        if let Some(lost) = known.iter().find(|c| c.state == State::Beginning && !c.begun) {
            return Err(Refusal::BillBlocked {
                bill: sale.bill.to_string(),
                charge: lost.id.clone(),
                state: lost.state,
            });
        }
        if let Some(begun) = known.into_iter().find(same) {
            let unused = (begun.state == State::Beginning).then(|| begun.id.clone());
            self.front = None;
            self.begun_as = unused;
            self.armed = Some(sale);
            step.out.effects.push(Effect::Warm);
            return Ok(());
        }
        let Some(card) = sale.card.clone() else { return Err(Refusal::Gone) };
        let event = Event::Beginning(Intent {
            bill: sale.bill.clone(),
            amount: sale.amount,
            business: sale.business,
            operator: sale.operator.clone(),
            card: Some(card.clone()),
            wallet: String::new(),
            code: CodeTail(String::new()),
            fingerprint: Fingerprint(String::new()),
        });
        let Some(charge) = Charge::begin(fresh.clone(), &event, step.now.wall) else { return Err(Refusal::Gone) };
        step.out.records.push(Record { at: step.now.wall, subject: Subject::Charge(fresh.clone()), event });
        let (bill, amount) = (sale.bill.clone(), sale.amount);
        step.out.effects.push(Effect::Begin(BeginRequest { charge: fresh.clone(), bill, card, amount }));
        let live = Live { recharging: true, ..Live::found(step.now, &charge) };
        self.charges.insert(fresh.clone(), Tracked { charge, live });
        let until = step.now.mono.plus(self.settings.front_window_ms);
        self.front = Some(Front { charge: fresh, until, sale: Some(sale) });
        Ok(())
    }

    pub(crate) fn begin_answered(&mut self, step: &mut Step, id: &ChargeId, answer: &Answer) {
        let in_front = self.is_front(id);
        let Some(Tracked { charge, live }) = self.charges.get_mut(id).filter(|t| t.charge.state == State::Beginning)
        else {
            return;
        };
        live.recharging = false;
        match leg(answer) {
            Leg::Done => {
                step.write(charge, Event::Begun);
                if let Some(front) = self.front.take_if(|front| front.charge == *id)
                    && front.sale.is_some()
                {
                    self.begun_as = Some(id.clone());
                    self.armed = front.sale;
                    step.out.effects.push(Effect::Warm);
                }
            }
            Leg::NeverSent => self.end(step, id, State::NeverSent, Why::ConnectionNeverMade, ""),
            Leg::Refused { said, text } => self.end(step, id, State::NeverSent, Why::BeginRefused { said }, &text),
            Leg::Unknown(said) => step.write(charge, Event::Answered { said }),
        }
        // The sale is not armed by itself afterwards: whether the card or the bill was wrong is the cashier's to see.
        if in_front && self.charges.get(id).is_some_and(|t| !t.charge.begun) {
            self.armed = None;
            if let Some(front) = self.front.as_mut() {
                front.sale = None;
            }
        }
    }

    /// Sends End, its intent first. Only after *paid* is proved, or by a supervisor's word.
    pub(crate) fn credit(&mut self, step: &mut Step, id: &ChargeId) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        step.write(charge, Event::Crediting { amount: charge.intent.amount });
        if charge.state != State::Recharging {
            step.move_to(charge, State::Recharging, Why::Crediting, "");
        }
        live.recharging = true;
        live.due = None;
        step.out.effects.push(Effect::End(EndRequest {
            charge: id.clone(),
            bill: charge.intent.bill.clone(),
            amount: charge.intent.amount,
            autoid: charge.autoid.clone(),
        }));
    }

    pub(crate) fn end_answered(&mut self, step: &mut Step, id: &ChargeId, answer: &Answer) {
        let already_done = |said: &Said, text: &str| self.settings.is_already_done(said, text);
        let Some(tracked) = self.charges.get(id) else {
            return;
        };
        if tracked.charge.state != State::Recharging || !tracked.live.recharging {
            return;
        }
        let (to, why, text) = match leg(answer) {
            Leg::Done => (State::Recharged, Why::Credited, String::new()),
            Leg::Refused { said, text } => {
                let already = already_done(&said, &text);
                (State::RechargeRefused, Why::CreditRefused { said, already }, text)
            }
            Leg::Unknown(said) => (State::RechargeUndecided, Why::NotCertain { said }, String::new()),
            Leg::NeverSent => return self.end_again(step, id),
        };
        if let Some(tracked) = self.charges.get_mut(id) {
            tracked.live.recharging = false;
        }
        self.end(step, id, to, why, &text);
    }

    /// The End certainly never left: it is sent again on the error schedule, each try journalled first.
    fn end_again(&mut self, step: &mut Step, id: &ChargeId) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        live.recharging = false;
        live.errors = live.errors.saturating_add(1);
        let age = live.age(step.now.mono);
        live.due = Some(step.now.mono.plus(schedule::error_gap(&self.settings, age, live.errors, &mut step.dice)));
        if charge.said != Some(Said::Unreachable) {
            step.write(charge, Event::Answered { said: Said::Unreachable });
        }
    }

    /// Sends again every End that is due.
    pub(crate) fn credit_due(&mut self, step: &mut Step) {
        let due = |t: &&Tracked| t.credit_due().is_some_and(|due| due <= step.now.mono);
        let ids: Vec<ChargeId> = self.charges.values().filter(due).map(|t| t.charge.id.clone()).collect();
        for id in ids {
            self.credit(step, &id);
        }
    }

    /// The End of this very process that was journalled and never handed over may be sent, for the first time.
    pub(crate) fn end_never_handed_over(&mut self, step: &mut Step, id: &ChargeId) {
        if let Some(tracked) = self.charges.get_mut(id).filter(|t| t.charge.state == State::Recharging) {
            tracked.live.recharging = false;
            tracked.live.due = Some(step.now.mono);
        }
    }
}

impl Tracked {
    /// When an End that never left is sent again.
    pub(crate) fn credit_due(&self) -> Option<crate::time::Mono> {
        self.live.due.filter(|_| self.charge.state == State::Recharging && !self.live.recharging)
    }
}

impl Charge {
    /// A paid recharge for which no End was ever intended, here or on the platform.
    pub fn owes_credit(&self) -> bool {
        let paid = matches!(self.state, State::Paid | State::SettledPaid | State::SettledApplied);
        paid && self.intent.business == Business::Recharge && self.credits == 0 && !self.left_to_platform
    }
}

fn leg(answer: &Answer) -> Leg {
    let (status, body) = match answer {
        Answer::NeverConnected { .. } => return Leg::NeverSent,
        Answer::Lost(how) => return Leg::Unknown(Said::Lost { how: *how }),
        Answer::Http { status, body } => (*status, body),
    };
    match (status, body) {
        (200..=299, Body::Envelope(Envelope { errcode: 0, .. })) => Leg::Done,
        (200..=299, Body::Envelope(Envelope { errcode, errmsg, .. })) => {
            let said = Said::Error { errcode: *errcode, text: errmsg.clone() };
            Leg::Refused { said, text: errmsg.clone() }
        }
        (400, Body::ModelState(text)) => Leg::Refused { said: Said::Status { status }, text: text.clone() },
        (400 | 401 | 404 | 405 | 415, _) => Leg::Refused { said: Said::Status { status }, text: String::new() },
        (200..=299, _) => Leg::Unknown(Said::Unreadable),
        _ => Leg::Unknown(Said::Status { status }),
    }
}
