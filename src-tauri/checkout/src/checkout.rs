//! The state machine of a window: the armed sale, the charge in front, and everything that is still asked about.

use std::collections::BTreeMap;

use crate::business::Business;
use crate::charge::Charge;
use crate::code::{Fingerprint, PaymentCode};
use crate::event::{Event, PhoneAnswer, Record, Subject, Why};
use crate::fact::{Decision, Dice, Effect, Fact};
use crate::id::ChargeId;
use crate::refusal::{Gate, Refusal};
use crate::sale::Sale;
use crate::settings::{RechargeBy, Settings};
use crate::settle::Settling;
use crate::state::State;
use crate::time::{Mono, Now, elapsed};

/// The rules at work. It does nothing itself: the till commits the records of each [`Decision`], then carries out its
/// effects. If a commit is not certain, the till drops this value and resumes from the journal.
pub struct Checkout {
    pub(crate) settings: Settings,
    pub(crate) charges: BTreeMap<ChargeId, Tracked>,
    pub(crate) armed: Option<Sale>,
    pub(crate) held: Option<Held>,
    /// The accepted beginning of the armed recharge, which the next scan turns into a charge.
    pub(crate) begun_as: Option<ChargeId>,
    pub(crate) front: Option<Front>,
    pub(crate) gate: Option<Gate>,
    pub(crate) last_scan: Option<(Fingerprint, Mono)>,
    pub(crate) last_query: Option<Mono>,
}

/// The charge in front of the customer, and the sale it came from, so that a fresh code can be tried after a refusal.
pub(crate) struct Front {
    pub charge: ChargeId,
    pub until: Mono,
    pub sale: Option<Sale>,
}

/// A scanned code of an unknown wallet, waiting for one key press.
pub(crate) struct Held {
    pub code: PaymentCode,
    pub fingerprint: Fingerprint,
    pub until: Mono,
}

/// A charge and what is known about it only in this process.
pub(crate) struct Tracked {
    pub charge: Charge,
    pub live: Live,
}

/// Intervals and counters of this process; none of it decides anything after a restart.
#[derive(Debug, Default)]
pub(crate) struct Live {
    /// When this process first knew the charge, and how old it was then (milliseconds, by the record).
    pub base: Mono,
    pub base_age: u64,
    /// The charge request is out.
    pub sending: bool,
    /// A query is out.
    pub asking: bool,
    /// A Begin or an End is out.
    pub recharging: bool,
    /// A supervisor's decision waits for one more answer.
    pub settling: Option<Settling>,
    pub due: Option<Mono>,
    pub last_query: Option<Mono>,
    pub queries: u32,
    pub errors: u32,
    pub negative_since: Option<Mono>,
    /// When the after-watch began to count, and how far it was then.
    pub watch_base: Mono,
    pub watch_base_age: u64,
}

/// Counters for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LiveCounters {
    /// Milliseconds since sending.
    pub age_ms: u64,
    /// Queries since the program started.
    pub queries: u32,
    /// Milliseconds until the next query; 0 while one is under way.
    pub next_query_ms: u64,
}

/// One step in the making: what it has decided so far.
pub(crate) struct Step {
    pub now: Now,
    pub dice: Dice,
    pub out: Decision,
}

impl Checkout {
    /// Takes one fact in. The returned records must be durable before any effect is carried out.
    pub fn on(&mut self, now: Now, dice: Dice, fact: Fact) -> Decision {
        let mut step = Step { now, dice, out: Decision::default() };
        self.expire_held(now);
        if let Err(refusal) = self.take(&mut step, fact) {
            step.out.refusal = Some(refusal);
        }
        self.settle_overtaken(&mut step);
        self.park_overdue(&mut step);
        self.ask_due(&mut step);
        self.credit_due(&mut step);
        self.forget_closed();
        step.out
    }

    /// When [`Fact::Tick`] is due at the latest; `None` if nothing waits for time.
    pub fn next_wake(&self) -> Option<Mono> {
        let held = self.held.as_ref().map(|held| held.until);
        let parking = self.front.as_ref().filter(|f| self.is_undecided(&f.charge)).map(|f| f.until);
        let crediting = self.charges.values().filter_map(Tracked::credit_due).min();
        [held, parking, crediting, self.next_query()].into_iter().flatten().min()
    }

    /// The sale that is confirmed and ready for a scan.
    pub fn armed(&self) -> Option<&Sale> {
        self.armed.as_ref()
    }

    /// The masked code that waits for a key press.
    pub fn held(&self) -> Option<crate::CodeTail> {
        self.held.as_ref().map(|held| held.code.tail())
    }

    /// The fingerprint of the code that waits for a key press.
    pub fn held_fingerprint(&self) -> Option<&Fingerprint> {
        self.held.as_ref().map(|held| &held.fingerprint)
    }

    /// The charge in front, undecided or just ended.
    pub fn front(&self) -> Option<&Charge> {
        self.front.as_ref().and_then(|front| self.charges.get(&front.charge)).map(|tracked| &tracked.charge)
    }

    /// Every charge that is still open or shown, oldest first.
    pub fn charges(&self) -> impl Iterator<Item = &Charge> {
        self.charges.values().map(|tracked| &tracked.charge)
    }

    /// One charge, while it is open or shown.
    pub fn charge(&self, id: &ChargeId) -> Option<&Charge> {
        self.charges.get(id).map(|tracked| &tracked.charge)
    }

    /// Why no new charge is accepted.
    pub fn gate(&self) -> Option<&Gate> {
        self.gate.as_ref()
    }

    /// The settings in force.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Counters of a charge that is being sent or asked about.
    pub fn live(&self, id: &ChargeId, now: Mono) -> Option<LiveCounters> {
        let tracked = self.charges.get(id)?;
        let Tracked { charge, live } = tracked;
        let asked = charge.state.is_undecided() || charge.is_watched();
        asked.then(|| LiveCounters {
            age_ms: live.age(now),
            queries: live.queries,
            next_query_ms: tracked.due(self.settings.min_gap_ms).map_or(0, |due| due.since(now)),
        })
    }

    fn take(&mut self, step: &mut Step, fact: Fact) -> Result<(), Refusal> {
        match fact {
            Fact::Arm { sale, past, large_confirmed, fresh } => self.arm(step, sale, &past, large_confirmed, fresh),
            Fact::Disarm => {
                self.disarm();
                Ok(())
            }
            Fact::Scan { text, fingerprint, used_by, past, fresh } => {
                self.scan(step, text, fingerprint, used_by, &past, fresh)
            }
            Fact::AcceptHeld { used_by, past, fresh } => self.accept_held(step, used_by, &past, fresh),
            Fact::DropHeld => self.held.take().map(|_| ()).ok_or(Refusal::Gone),
            Fact::Answer { charge, leg, answer, past, fresh } => {
                self.answered(step, &charge, leg, &answer, &past, fresh);
                Ok(())
            }
            Fact::NeverHandedOver { charge, leg } => {
                self.never_handed_over(step, &charge, leg);
                Ok(())
            }
            Fact::Gate(gate) => {
                self.gate = gate;
                Ok(())
            }
            Fact::Settings(settings) => self.change_settings(*settings),
            Fact::Tick => Ok(()),
            Fact::StopWaiting => self.stop_waiting(step),
            Fact::QueryNow { charge } => self.query_now(step.now.mono, &charge),
            Fact::PhoneShows { charge, answer, known } => self.phone_shows(step, &charge, answer, known),
            Fact::Settle { charge, settlement, known } => self.settle(step, &charge, settlement, known),
            Fact::AskHelp { charge } => self.ask_help(step, &charge),
            Fact::NextCustomer => self.next_customer(),
            Fact::TakeNotice { charge } => self.take_notice(step, &charge),
        }
    }

    /// What is under way ends by the rules it began with.
    fn change_settings(&mut self, settings: Settings) -> Result<(), Refusal> {
        let under_way = |charge: &&Charge| charge.state.is_undecided() || charge.state == State::Beginning;
        if let Some(front) = self.front().filter(under_way) {
            return Err(Refusal::FrontBusy { charge: front.id.clone() });
        }
        self.disarm();
        self.settings = settings;
        Ok(())
    }

    fn arm(
        &mut self,
        step: &mut Step,
        sale: Sale,
        past: &[Charge],
        large_confirmed: bool,
        fresh: ChargeId,
    ) -> Result<(), Refusal> {
        // The same Enter twice: what it asks for is on its way, and must not be undone by being asked for again.
        if self.is_being_begun(&sale) {
            return Ok(());
        }
        self.disarm();
        self.may_begin(Some(&sale), past)?;
        if sale.amount > self.settings.amount_ask && !large_confirmed {
            return Err(Refusal::ConfirmLarge { amount: sale.amount });
        }
        if sale.business == Business::Recharge && self.settings.recharge_begin == RechargeBy::Window {
            return self.begin_recharge(step, sale, past, fresh);
        }
        self.front = None;
        self.armed = Some(sale);
        step.out.effects.push(Effect::Warm);
        Ok(())
    }

    /// Whether a charge of this sale could begin: `one-open-charge`, the gate, and the question after a refusal.
    pub(crate) fn may_begin(&self, sale: Option<&Sale>, past: &[Charge]) -> Result<(), Refusal> {
        if let Some(front) = self.front().filter(|charge| charge.state.is_undecided()) {
            return Err(Refusal::FrontBusy { charge: front.id.clone() });
        }
        if let Some(reason) = self.gate.clone() {
            return Err(Refusal::Gate { reason });
        }
        let bill = sale.map(|sale| sale.bill.to_string()).unwrap_or_default();
        // The open charges are known here as well: a past that came in stale must not free a bill.
        let known =
            self.charges().filter(|charge| sale.is_some_and(|sale| sale.bill.key() == charge.intent.bill.key()));
        let mut all = past.iter().chain(known);
        // A Begin that is out or lost keeps its bill too, under any business, until it is known or the program starts anew.
        let lost = |charge: &Charge| charge.state == State::Beginning && !charge.begun;
        if let Some(open) = all.find(|charge| charge.state.blocks_bill() || lost(charge)) {
            return Err(Refusal::BillBlocked { bill, charge: open.id.clone(), state: open.state });
        }
        if let Some(refused) = past.iter().find(|charge| charge.asks_phone()) {
            return Err(Refusal::AskPhone { bill, charge: refused.id.clone() });
        }
        Ok(())
    }

    pub(crate) fn disarm(&mut self) {
        self.armed = None;
        self.begun_as = None;
        self.held = None;
        // An edit while the charge still runs counts too: its amount must not come back armed afterwards.
        if let Some(front) = self.front.as_mut() {
            front.sale = None;
        }
    }

    fn stop_waiting(&mut self, step: &mut Step) -> Result<(), Refusal> {
        let front = self.front.take_if(|front| undecided(&self.charges, &front.charge)).ok_or(Refusal::Gone)?;
        self.park(step, &front.charge, Why::StoppedByCashier);
        Ok(())
    }

    fn next_customer(&mut self) -> Result<(), Refusal> {
        if let Some(front) = self.front().filter(|charge| charge.state.is_undecided()) {
            return Err(Refusal::FrontBusy { charge: front.id.clone() });
        }
        self.disarm();
        self.front = None;
        Ok(())
    }

    fn phone_shows(
        &mut self,
        step: &mut Step,
        id: &ChargeId,
        answer: PhoneAnswer,
        known: Option<Charge>,
    ) -> Result<(), Refusal> {
        self.take_up(step, id, known);
        let tracked = self.charges.get_mut(id).filter(|t| t.charge.asks_phone()).ok_or(Refusal::Gone)?;
        step.write(&mut tracked.charge, Event::PhoneShows { answer });
        // It may be an earlier customer's: whatever else is in front stays there.
        let in_front = self.front.as_mut().filter(|front| front.charge == *id);
        if answer == PhoneAnswer::No {
            if let Some(sale) = in_front.and_then(|front| front.sale.take()) {
                self.armed = Some(sale);
                step.out.effects.push(Effect::Warm);
            }
            return Ok(());
        }
        tracked.live.due = Some(step.now.mono);
        self.front.take_if(|front| front.charge == *id);
        self.park(step, id, Why::PhoneContradicts { answer });
        self.disarm_bill(id);
        Ok(())
    }

    fn take_notice(&mut self, step: &mut Step, id: &ChargeId) -> Result<(), Refusal> {
        let tracked = self.charges.get_mut(id).filter(|t| t.charge.notice).ok_or(Refusal::Gone)?;
        step.write(&mut tracked.charge, Event::NoticeTaken);
        Ok(())
    }

    /// Takes the armed sale away if it is the bill of this charge, whose truth has just changed.
    pub(crate) fn disarm_bill(&mut self, id: &ChargeId) {
        let Some(bill) = self.charges.get(id).map(|t| t.charge.intent.bill.key()) else {
            return;
        };
        if self.armed.as_ref().is_some_and(|sale| sale.bill.key() == bill) {
            self.armed = None;
            self.begun_as = None;
            self.held = None;
        }
    }

    pub(crate) fn park(&mut self, step: &mut Step, id: &ChargeId, why: Why) {
        if let Some(tracked) = self.charges.get_mut(id) {
            step.move_to(&mut tracked.charge, State::Parked, why, "");
        }
    }

    pub(crate) fn is_front(&self, id: &ChargeId) -> bool {
        self.front.as_ref().is_some_and(|front| front.charge == *id)
    }

    pub(crate) fn is_undecided(&self, id: &ChargeId) -> bool {
        undecided(&self.charges, id)
    }

    fn park_overdue(&mut self, step: &mut Step) {
        let now = step.now.mono;
        let overdue = self.front.take_if(|front| front.until <= now && undecided(&self.charges, &front.charge));
        if let Some(front) = overdue {
            self.park(step, &front.charge, Why::FrontWindowOver);
        }
    }

    fn forget_closed(&mut self) {
        let front = self.front.as_ref().map(|front| front.charge.clone());
        self.charges.retain(|id, tracked| tracked.charge.is_open() || front.as_ref() == Some(id));
    }
}

fn undecided(charges: &BTreeMap<ChargeId, Tracked>, id: &ChargeId) -> bool {
    charges.get(id).is_some_and(|tracked| tracked.charge.state.is_undecided())
}

impl Step {
    /// Writes an event of a charge down and takes it in.
    pub fn write(&mut self, charge: &mut Charge, event: Event) {
        charge.apply(&event, self.now.wall);
        let subject = Subject::Charge(charge.id.clone());
        self.out.records.push(Record { at: self.now.wall, subject, event });
    }

    /// Writes a change of state down.
    pub fn move_to(&mut self, charge: &mut Charge, to: State, why: Why, text: &str) {
        self.write(charge, Event::Moved { to, why, text: text.to_owned() });
    }
}

impl Live {
    /// A charge that this process meets now, as old as its record says.
    pub fn found(now: Now, charge: &Charge) -> Self {
        Self { base: now.mono, base_age: elapsed(charge.sent_at, now.wall), watch_base: now.mono, ..Self::default() }
    }

    /// Milliseconds since sending: measured here, and as recorded before.
    pub fn age(&self, now: Mono) -> u64 {
        self.base_age.saturating_add(now.since(self.base))
    }
}
