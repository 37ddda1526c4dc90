//! A scan: where it belongs, and the beginning of a charge.

use crate::charge::Charge;
use crate::checkout::{Checkout, Front, Held, Live, Step, Tracked};
use crate::code::{Fingerprint, PaymentCode, ScannedText};
use crate::event::{Event, Intent, Record, Subject};
use crate::fact::{ChargeRequest, Effect, Fill};
use crate::id::ChargeId;
use crate::refusal::Refusal;
use crate::route::{Foreign, Route};
use crate::time::Now;

/// The same code within this time of starting its charge is a double trigger of the scanner, milliseconds.
pub const DOUBLE_TRIGGER_MS: u64 = 1_200;
/// How long a code of an unknown wallet waits for its key press, milliseconds: a wallet shows a code about a minute.
pub const HELD_MS: u64 = 60_000;

impl Checkout {
    pub(crate) fn scan(
        &mut self,
        step: &mut Step,
        text: ScannedText,
        fingerprint: Fingerprint,
        used_by: Option<ChargeId>,
        past: &[Charge],
        fresh: ChargeId,
    ) -> Result<(), Refusal> {
        let double =
            |(last, at): &(Fingerprint, _)| *last == fingerprint && step.now.mono.since(*at) < DOUBLE_TRIGGER_MS;
        if self.last_scan.as_ref().is_some_and(double) && self.still_shows(&fingerprint) {
            return Ok(());
        }
        let busy = self.front().filter(|charge| charge.state.is_undecided());
        let current = self.armed.as_ref().map(|sale| &sale.bill).or(busy.map(|charge| &charge.intent.bill));
        let route = self.settings.router.route(text.expose(), current);
        let wallet = match route {
            Route::ThisBill => return Err(Refusal::ThisBill),
            Route::Foreign(seems) => return Err(Refusal::NotACode { seems }),
            Route::Bill | Route::Card if busy.is_some() => return self.may_begin(None, &[]),
            Route::Bill => {
                step.out.fill = Some(Fill::Bill(text.expose().to_owned()));
                return Ok(());
            }
            Route::Card => {
                step.out.fill = Some(Fill::Card(text.expose().to_owned()));
                return Ok(());
            }
            Route::Code(wallet) => Some(wallet),
            Route::Unknown => None,
        };
        self.may_use(used_by, &fingerprint, past)?;
        let Ok(code) = PaymentCode::from_scan(text) else {
            return Err(Refusal::NotACode { seems: Foreign::TooLong });
        };
        self.last_scan = Some((fingerprint.clone(), step.now.mono));
        self.held = None;
        match wallet {
            Some(wallet) => self.begin(step, code, fingerprint, wallet, fresh),
            None => {
                self.held = Some(Held { code, fingerprint, until: step.now.mono.plus(HELD_MS) });
                Ok(())
            }
        }
    }

    pub(crate) fn accept_held(
        &mut self,
        step: &mut Step,
        used_by: Option<ChargeId>,
        past: &[Charge],
        fresh: ChargeId,
    ) -> Result<(), Refusal> {
        let held = self.held.take().ok_or(Refusal::Gone)?;
        self.may_use(used_by, &held.fingerprint, past)?;
        self.begin(step, held.code, held.fingerprint, String::new(), fresh)
    }

    /// No other sale was armed since the first scan of this code. If one was, the second scan is no echo of the first but may be
    /// meant for that sale, and must be answered.
    fn still_shows(&self, code: &Fingerprint) -> bool {
        let held = || self.held.as_ref().is_some_and(|held| held.fingerprint == *code);
        // After a refusal the same sale is armed again, with its charge still in front.
        let charged = || self.front().is_some_and(|charge| charge.intent.fingerprint == *code);
        self.armed.is_none() || held() || charged()
    }

    pub(crate) fn expire_held(&mut self, now: Now) {
        self.held.take_if(|held| held.until <= now.mono);
    }

    /// Whether a payment code may be used now (`code-once`, `armed-amount`, `one-open-charge`).
    fn may_use(&self, used_by: Option<ChargeId>, fingerprint: &Fingerprint, past: &[Charge]) -> Result<(), Refusal> {
        let known = || {
            let mut known = self.charges();
            known.find(|charge| charge.intent.fingerprint == *fingerprint)
        };
        if let Some(charge) = used_by.or_else(|| known().map(|charge| charge.id.clone())) {
            return Err(Refusal::CodeUsed { charge });
        }
        if self.armed.is_none() {
            self.may_begin(None, &[])?;
            return Err(match self.front().filter(|charge| charge.asks_phone()) {
                Some(charge) => Refusal::AskPhone { bill: charge.intent.bill.to_string(), charge: charge.id.clone() },
                None => Refusal::NotArmed,
            });
        }
        self.may_begin(self.armed.as_ref(), past)
    }

    fn begin(
        &mut self,
        step: &mut Step,
        code: PaymentCode,
        fingerprint: Fingerprint,
        wallet: String,
        id: ChargeId,
    ) -> Result<(), Refusal> {
        let sale = self.armed.take().ok_or(Refusal::NotArmed)?;
        // A recharge that was begun goes on under the id it has.
        let begun = self.begun_as.take().and_then(|id| self.charges.remove(&id));
        let id = begun.as_ref().map_or(id, |tracked| tracked.charge.id.clone());
        let intent = Event::Intent(Intent {
            bill: sale.bill.clone(),
            amount: sale.amount,
            business: sale.business,
            operator: sale.operator.clone(),
            card: sale.card.clone(),
            wallet,
            code: code.tail(),
            fingerprint,
        });
        let charge = match begun {
            Some(Tracked { mut charge, .. }) => {
                charge.apply(&intent, step.now.wall);
                charge
            }
            None => Charge::begin(id.clone(), &intent, step.now.wall).ok_or(Refusal::Gone)?,
        };
        step.out.records.push(Record { at: step.now.wall, subject: Subject::Charge(id.clone()), event: intent });
        step.out.effects.push(Effect::Charge(ChargeRequest {
            charge: id.clone(),
            business: sale.business,
            operator: sale.operator.clone(),
            bill: sale.bill.clone(),
            amount: sale.amount,
            card: sale.card.clone(),
            code,
        }));
        let until = step.now.mono.plus(self.settings.front_window_ms);
        let live = Live { sending: true, ..Live::found(step.now, &charge) };
        self.charges.insert(id.clone(), Tracked { charge, live });
        self.front = Some(Front { charge: id, until, sale: Some(sale) });
        Ok(())
    }
}
