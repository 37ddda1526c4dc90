//! Settling (人工处理): a supervisor's decision on what the till cannot decide, with name, reason and evidence.

use serde::{Deserialize, Serialize};

use crate::business::Business;
use crate::charge::Charge;
use crate::checkout::{Checkout, Live, Step, Tracked};
use crate::event::{Event, Why};
use crate::id::ChargeId;
use crate::refusal::Refusal;
use crate::state::State;

/// *Not paid* is refused until this long after sending, milliseconds: the longest a payment code may live.
pub const NOT_PAID_AFTER_MS: u64 = 200_000;
/// Within so many seconds the charge's own answer has come or is lost: the usual limits of connecting and replying.
const OWN_ANSWER_S: u32 = 20;
/// Longest name, reason and evidence, characters.
pub const TEXT_MAX: usize = 200;

/// What a supervisor may decide (contract.md, `wicketctl settle --as`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Word {
    /// The money is in.
    Paid,
    /// No money moved.
    NotPaid,
    /// Credit the card now: sends End, once.
    CreditNow,
    /// The card was credited.
    Credited,
    /// The card was not credited and will not be.
    NotCredited,
    /// The money was applied to the bill.
    Applied,
    /// The money goes back through the selling system.
    Refund,
    /// The bill number of a paid charge may be used again.
    Release,
}

impl Word {
    /// Every word, in the order of contract.md.
    pub const ALL: [Self; 8] = [
        Self::Paid,
        Self::NotPaid,
        Self::CreditNow,
        Self::Credited,
        Self::NotCredited,
        Self::Applied,
        Self::Refund,
        Self::Release,
    ];

    /// The word of contract.md.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::NotPaid => "not-paid",
            Self::CreditNow => "credit-now",
            Self::Credited => "credited",
            Self::NotCredited => "not-credited",
            Self::Applied => "applied",
            Self::Refund => "refund",
            Self::Release => "release",
        }
    }

    /// The word that a person wrote.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|word| word.word() == text)
    }

    /// The state it leads to.
    fn leads_to(self) -> State {
        match self {
            Self::Paid => State::SettledPaid,
            Self::NotPaid => State::SettledNotPaid,
            Self::CreditNow => State::Recharging,
            Self::Credited => State::SettledCredited,
            Self::NotCredited => State::SettledNotCredited,
            Self::Applied => State::SettledApplied,
            Self::Refund => State::SettledRefund,
            Self::Release => State::Released,
        }
    }
}

/// A supervisor's decision, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// What was decided.
    pub word: Word,
    /// The supervisor's name.
    pub by: String,
    /// Why.
    pub reason: String,
    /// The wallet's own order number, or what else was seen; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub evidence: String,
}

/// What may be decided about a charge, by its state; nothing for a charge that needs no person.
pub fn allowed(charge: &Charge) -> &'static [Word] {
    use Word::*;
    match charge.state {
        state if state.is_undecided() => &[Paid, NotPaid],
        // No payment code was ever in it, so that it can only be closed.
        State::Beginning => &[NotPaid],
        State::RechargeUndecided | State::RechargeRefused => &[CreditNow, Credited, NotCredited],
        // A paid one is not released before that: its card would be forgotten.
        _ if charge.owes_credit() => &[CreditNow, Credited, NotCredited],
        State::LateSuccess | State::UnmatchedSuccess | State::Returned => &[Applied, Refund],
        State::Paid => &[Release],
        _ => &[],
    }
}

impl Checkout {
    /// Begins to settle. An undecided charge is asked about once more first; the outcome then comes with the answer.
    pub(crate) fn settle(
        &mut self,
        step: &mut Step,
        id: &ChargeId,
        settlement: Settlement,
        known: Option<Charge>,
    ) -> Result<(), Refusal> {
        let settlement = self.checked(settlement)?;
        self.take_up(step, id, known);
        let tracked = self.charges.get_mut(id).ok_or(Refusal::Gone)?;
        let state = tracked.charge.state;
        if !allowed(&tracked.charge).contains(&settlement.word) {
            return Err(Refusal::NotSettledSo { state, word: settlement.word });
        }
        // What its own answer says is not settled before it has come, or is lost.
        if tracked.is_beginning() || state.is_undecided() && tracked.live.sending {
            return Err(Refusal::TooEarly { wait_s: OWN_ANSWER_S });
        }
        if !state.is_undecided() {
            self.write_settlement(step, id, settlement);
            return Ok(());
        }
        let age = tracked.live.age(step.now.mono);
        if settlement.word == Word::NotPaid && age < NOT_PAID_AFTER_MS {
            let wait_s = u32::try_from(NOT_PAID_AFTER_MS.saturating_sub(age).div_ceil(1_000)).unwrap_or(u32::MAX);
            return Err(Refusal::TooEarly { wait_s });
        }
        if tracked.live.settling.is_some() {
            return Err(Refusal::SettlingAlready);
        }
        tracked.live.settling = Some(Settling { settlement, asked: false });
        tracked.live.due = Some(step.now.mono);
        step.out.settling = Some(id.clone());
        Ok(())
    }

    /// After the answer to the question that a settlement waits for: it stands, unless the truth came first.
    pub(crate) fn settle_after_answer(&mut self, step: &mut Step, id: &ChargeId) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        if !charge.state.is_undecided() {
            return;
        }
        match live.settling.take_if(|settling| settling.asked) {
            Some(Settling { settlement, .. }) => {
                self.write_settlement(step, id, settlement);
                step.out.settled.push((id.clone(), None));
            }
            // That was the answer to an older question; the one that the settlement waits for is asked next.
            None if live.settling.is_some() => live.due = Some(step.now.mono),
            None => {}
        }
    }

    /// Whichever answer brought the truth: the settlements that waited meanwhile are written down as refused.
    pub(crate) fn settle_overtaken(&mut self, step: &mut Step) {
        for (id, Tracked { charge, live }) in self.charges.iter_mut().filter(|(_, t)| !t.charge.state.is_undecided()) {
            if let Some(Settling { settlement, .. }) = live.settling.take() {
                let refusal = Refusal::Overtaken { state: charge.state };
                step.write(charge, Event::SettleOvertaken(settlement));
                step.out.settled.push((id.clone(), Some(refusal)));
            }
        }
    }

    fn write_settlement(&mut self, step: &mut Step, id: &ChargeId, settlement: Settlement) {
        let Some(Tracked { charge, live }) = self.charges.get_mut(id) else {
            return;
        };
        let word = settlement.word;
        let why = Why::Settled { by: settlement.by.clone(), reason: settlement.reason.clone() };
        step.write(charge, Event::Settled(settlement));
        if charge.notice {
            step.write(charge, Event::NoticeTaken);
        }
        if word == Word::CreditNow {
            self.credit(step, id);
            return;
        }
        let paid = matches!(word, Word::Paid | Word::Applied);
        if paid && charge.intent.business == Business::Recharge && !self.settings.credits() {
            step.write(charge, Event::LeftToPlatform);
        }
        // That nothing was charged is a fact here and no opinion: nobody need be asked about it any more.
        let to = if charge.state == State::Beginning { State::NeverSent } else { word.leads_to() };
        step.move_to(charge, to, why, "");
        live.due = None;
        live.negative_since = None;
        if charge.is_watched() {
            live.watch(step.now.mono);
        }
        if self.is_front(id) {
            self.front = None;
        }
        if self.begun_as.as_ref() == Some(id) {
            self.disarm();
        }
    }

    fn checked(&self, mut settlement: Settlement) -> Result<Settlement, Refusal> {
        for text in [&mut settlement.by, &mut settlement.reason, &mut settlement.evidence] {
            *text = text.trim().to_owned();
            if self.settings.router.holds_payment_code(text)
                || text.chars().count() > TEXT_MAX
                || text.chars().any(char::is_control)
            {
                return Err(Refusal::SettleText);
            }
        }
        if settlement.reason.is_empty() || settlement.by.is_empty() {
            return Err(Refusal::ReasonMissing);
        }
        Ok(settlement)
    }

    /// Loads a charge that is closed and therefore not in memory.
    pub(crate) fn take_up(&mut self, step: &Step, id: &ChargeId, known: Option<Charge>) {
        if let Some(charge) = known.filter(|charge| charge.id == *id && !self.charges.contains_key(id)) {
            self.charges.insert(id.clone(), Tracked { live: Live::found(step.now, &charge), charge });
        }
    }

    pub(crate) fn ask_help(&mut self, step: &mut Step, id: &ChargeId) -> Result<(), Refusal> {
        let asks = |t: &&mut Tracked| t.charge.is_pending() && !t.charge.help;
        let tracked = self.charges.get_mut(id).filter(asks).ok_or(Refusal::Gone)?;
        step.write(&mut tracked.charge, Event::HelpAsked);
        Ok(())
    }
}

/// A settlement that waits for one more answer.
#[derive(Debug)]
pub(crate) struct Settling {
    pub settlement: Settlement,
    /// The question that it waits for is out or answered.
    pub asked: bool,
}
