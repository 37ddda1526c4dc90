//! Value-card recharge (储值卡充值): begun before the scan, credited once after the money is in (`recharge-exactly-once`).

use crate::answer::{Answer, Body, Envelope};
use crate::bill::BillNumber;
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
use crate::time::{Mono, elapsed};

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
        if let Some(begun) = self.begun_for(&sale, past) {
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

    /// The Begin of this very sale is out, and its acceptance will arm it.
    pub(crate) fn is_being_begun(&self, sale: &Sale) -> bool {
        let out = |id: &ChargeId| self.charges.get(id).is_some_and(Tracked::is_beginning);
        self.front.as_ref().is_some_and(|front| front.sale.as_ref() == Some(sale) && out(&front.charge))
    }

    /// The Begin that the platform holds for this very sale and that no End has used up. Only the bill's last one can be:
    /// a later Begin, even a lost one, may have replaced the amount or the card that End is checked against.
    fn begun_for<'a>(&'a self, sale: &Sale, past: &'a [Charge]) -> Option<&'a Charge> {
        let bill = sale.bill.key();
        let newer = self.charges().filter(|c| c.intent.bill.key() == bill && past.iter().all(|old| old.id != c.id));
        let known = past.iter().map(|old| self.charge(&old.id).unwrap_or(old)).chain(newer);
        let last = known.filter(|c| c.may_be_begun()).last()?;
        let same = last.intent.bill == sale.bill && last.intent.amount == sale.amount && last.intent.card == sale.card;
        (last.begun && same && last.credits == 0 && !last.left_to_platform).then_some(last)
    }

    pub(crate) fn begin_answered(&mut self, step: &mut Step, id: &ChargeId, answer: &Answer) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id).filter(|t| t.is_beginning()) else {
            return;
        };
        live.recharging = false;
        let outcome = leg(answer, &charge.intent.bill);
        // The sale is not armed by itself afterwards: whether the card or the bill was wrong is the cashier's to see.
        if let Some(front) = self.front.as_mut().filter(|front| front.charge == *id && outcome != Leg::Done) {
            front.sale = None;
        }
        match outcome {
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
    }

    /// The Begin of this very process that was never handed over: the sale is not armed, since nothing was begun for it.
    pub(crate) fn begin_never_handed_over(&mut self, step: &mut Step, id: &ChargeId) {
        if let Some(front) = self.front.as_mut().filter(|front| front.charge == *id) {
            front.sale = None;
        }
        self.end(step, id, State::NeverSent, Why::NotHandedOver, "");
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
        let (to, why, text) = match leg(answer, &tracked.charge.intent.bill) {
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
        // Counted from the proof of payment: a charge that was parked for a day has a customer who waits for the card now.
        let age = elapsed(charge.moved_at, step.now.wall);
        live.due = Some(step.now.mono.plus(schedule::error_gap(&self.settings, age, live.errors, &mut step.dice)));
        // Written down after each try: a start may go on crediting only where the last one certainly never left.
        step.write(charge, Event::Answered { said: Said::Unreachable });
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
        let out = |t: &&mut Tracked| t.charge.state == State::Recharging && t.live.recharging;
        if let Some(tracked) = self.charges.get_mut(id).filter(out) {
            tracked.live.recharging = false;
            tracked.live.due = Some(step.now.mono);
        }
    }
}

impl Tracked {
    /// A Begin is out, or about to be.
    pub(crate) fn is_beginning(&self) -> bool {
        self.charge.state == State::Beginning && self.live.recharging
    }

    /// When an End that never left is sent again.
    pub(crate) fn credit_due(&self) -> Option<Mono> {
        self.live.due.filter(|_| self.charge.state == State::Recharging && !self.live.recharging)
    }
}

impl Charge {
    /// The platform accepted its Begin, or may have: the answer to it was lost.
    fn may_be_begun(&self) -> bool {
        let closed = matches!(self.why, Some(Why::BegunNotCharged | Why::Settled { .. }));
        self.begun || self.state == State::Beginning || self.state == State::NeverSent && closed
    }

    /// A paid recharge for which no End was ever intended, here or on the platform.
    pub fn owes_credit(&self) -> bool {
        let paid = matches!(self.state, State::Paid | State::SettledPaid | State::SettledApplied);
        paid && self.intent.business == Business::Recharge && self.credits == 0 && !self.left_to_platform
    }
}

fn leg(answer: &Answer, bill: &BillNumber) -> Leg {
    let (status, body) = match answer {
        Answer::NeverConnected { .. } => return Leg::NeverSent,
        Answer::Lost(how) => return Leg::Unknown(Said::Lost { how: *how }),
        Answer::Http { status, body } => (*status, body),
    };
    match (status, body) {
        (200..=299, Body::Envelope(Envelope { tag: Some(tag), .. }))
            if !tag.billnum.trim().is_empty() && !bill.is(&tag.billnum) =>
        {
            Leg::Unknown(Said::WrongBill)
        }
        (200..=299, Body::Envelope(Envelope { errcode: 0, .. })) => Leg::Done,
        // "Still open" is no refusal (gateway-api.md §2.6): the card may yet be credited.
        (200..=299, Body::Envelope(Envelope { errcode: 1, .. })) => Leg::Unknown(Said::StillOpen),
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
