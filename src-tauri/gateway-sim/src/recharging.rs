//! Recharges of value cards: Begin, End, and what the card was credited (gateway-api.md §7).

use rust_decimal::Decimal;

use crate::envelope::Envelope;
use crate::ledger::{Recharge, same_bill};
use crate::limits::{BeginAsked, EndAsked};
use crate::platform::{BY_RULE, Platform};
use crate::scenario::Scenario;
use crate::switches::Again;

impl Platform {
    /// Starts a recharge; cash completes with it.
    pub fn begin(&mut self, asked: &BeginAsked, scenario: &Scenario) -> Envelope {
        if let Some(refusal) = ordered(scenario) {
            return refusal;
        }
        if asked.with_code {
            return Envelope::bare(BY_RULE, "付款码无法解密");
        }
        let at = self.recharge_at(&asked.bill);
        let recharge = &mut self.ledger.recharges[at];
        recharge.begins += 1;
        recharge.card = Some(asked.card.clone());
        recharge.asked = Some(asked.amount);
        if asked.cash && recharge.credits == 0 {
            self.credit(&asked.bill, Some(&asked.card), asked.amount);
        }
        done()
    }

    /// Completes a recharge: credits the card once, if the amounts agree.
    ///
    /// A Begin that the selling system sent elsewhere is unknown here; the charge of the same bill,
    /// with business 7 and a card, then says what was asked for.
    pub fn end(&mut self, asked: &EndAsked, scenario: &Scenario) -> Envelope {
        let charge = self.last_charge(&asked.bill).map(|at| self.ledger.charges[at].clone());
        let known = self.ledger.recharge(&asked.bill).is_some();
        if let Some(refusal) = ordered(scenario) {
            self.note_end(asked);
            return refusal;
        }
        let upstream = charge.as_ref().filter(|charge| charge.business == 7);
        if !known && upstream.is_none() {
            return Envelope::bare(BY_RULE, "充值单不存在");
        }
        let at = self.note_end(asked);
        let paid = self.ledger.charges_of(&asked.bill).any(|charge| charge.taken.is_some());
        let recharge = &mut self.ledger.recharges[at];
        if let Some(charge) = upstream {
            recharge.asked.get_or_insert(charge.amount);
            recharge.card = recharge.card.take().or_else(|| charge.card.clone());
        }
        recharge.ended_unpaid |= charge.is_some() && !paid;
        if recharge.credits > 0 {
            return match self.switches.repeated_end {
                Again::Accept => done(),
                Again::Refuse => Envelope::bare(40009, "充值已完成"),
            };
        }
        let agrees = recharge.asked.is_none_or(|asked_for| asked_for == asked.amount);
        if !agrees && self.switches.end_mismatch == Again::Refuse {
            return Envelope::bare(40010, "确认金额与充值金额不符");
        }
        let card = recharge.card.clone();
        self.credit(&asked.bill, card.as_deref(), asked.amount);
        done()
    }

    /// Puts an amount on the card.
    pub fn credit(&mut self, bill: &str, card: Option<&str>, amount: Decimal) {
        let at = self.recharge_at(bill);
        let recharge = &mut self.ledger.recharges[at];
        recharge.card = recharge.card.take().or_else(|| card.map(str::to_owned));
        recharge.credits += 1;
        recharge.credited += amount;
    }

    fn note_end(&mut self, asked: &EndAsked) -> usize {
        let at = self.recharge_at(&asked.bill);
        self.ledger.recharges[at].ends += 1;
        self.ledger.recharges[at].confirmed_text = Some(asked.amount_text.clone());
        at
    }

    fn recharge_at(&mut self, bill: &str) -> usize {
        let recharges = &mut self.ledger.recharges;
        if let Some(at) = recharges.iter().position(|recharge| same_bill(&recharge.bill, bill)) {
            return at;
        }
        recharges.push(Recharge {
            bill: bill.to_owned(),
            card: None,
            asked: None,
            begins: 0,
            ends: 0,
            confirmed_text: None,
            credits: 0,
            credited: Decimal::ZERO,
            ended_unpaid: false,
        });
        recharges.len() - 1
    }
}

fn ordered(scenario: &Scenario) -> Option<Envelope> {
    let reply = &scenario.story.as_ref()?.answer;
    (reply.errcode != 0).then(|| Envelope::bare(reply.errcode, &reply.errmsg))
}

fn done() -> Envelope {
    Envelope::bare(0, "")
}
