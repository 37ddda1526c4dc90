//! The platform behind the window: its books, its habits, and which scenario meets a request.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use crate::ledger::{Ledger, same_bill};
use crate::scenario::{On, Scenario, Story};
use crate::scenes;
use crate::script::{Asked, Script};
use crate::switches::Switches;

/// `errcode` for a refusal by rule (limits, duplicates, mismatches); the platform publishes no list.
pub(crate) const BY_RULE: i64 = 40000;

/// Everything the simulator knows; one lock holds it. Never printed: it holds payment codes.
#[derive(Default)]
pub(crate) struct Platform {
    pub ledger: Ledger,
    pub switches: Switches,
    pub script: Script,
    /// Scenarios ordered for single requests, oldest first.
    pub orders: Vec<Order>,
    /// Scenarios that every request of a kind meets until told otherwise.
    pub always: HashMap<On, Scenario>,
    /// One for each of `ledger.charges`, at the same place.
    pub lives: Vec<Life>,
    /// How many requests carried each payment code.
    codes: HashMap<String, u32>,
}

/// A scenario waiting for its request.
pub(crate) struct Order {
    pub on: On,
    pub bill: Option<String>,
    pub scenario: Scenario,
}

/// What the books do not show about a charge.
pub(crate) struct Life {
    pub story: Story,
    /// Queries already answered from the story.
    pub asked: usize,
    pub born: Instant,
    pub code: String,
}

impl Platform {
    /// A platform with empty books.
    pub fn new(switches: Switches, script: Script) -> Platform {
        Platform { switches, script, ..Platform::default() }
    }

    /// The platform's clock.
    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::try_seconds(self.switches.clock_ahead).unwrap_or_default()
    }

    /// The scenario for this request: ordered, standing, scripted, by the payment code, or honest.
    pub fn choose(&mut self, on: On, bill: Option<&str>, code: Option<&str>) -> Scenario {
        let fits = |order: &Order| {
            let named = order.bill.as_deref();
            order.on == on && named.is_none_or(|named| bill.is_some_and(|bill| same_bill(bill, named)))
        };
        if let Some(at) = self.orders.iter().position(fits) {
            return self.orders.remove(at).scenario;
        }
        if let Some(always) = self.always.get(&on) {
            return always.clone();
        }
        let last_code = bill.and_then(|bill| self.last_charge(bill)).map(|at| self.lives[at].code.clone());
        let nth = self.nth(on, bill);
        let asked = Asked { on, bill, code: code.or(last_code.as_deref()), nth };
        if let Some(scripted) = self.script.choose(&asked) {
            return scripted;
        }
        match code {
            Some(code) if on == On::Charge => scenes::by_tail(code),
            _ => honest(),
        }
    }

    /// The how-manieth request of this kind for this bill the next one is.
    pub fn nth(&self, on: On, bill: Option<&str>) -> u32 {
        match bill {
            Some(bill) => self.ledger.count(on, bill) + 1,
            None => u32::try_from(self.ledger.count_all(on)).unwrap_or(u32::MAX).saturating_add(1),
        }
    }

    /// Counts a payment code and says the how-manieth request with it this is.
    pub fn count_code(&mut self, code: &str) -> u32 {
        let seen = self.codes.entry(code.to_owned()).or_default();
        *seen += 1;
        *seen
    }

    /// The place of the last charge of this bill that the platform recorded.
    pub fn last_charge(&self, bill: &str) -> Option<usize> {
        self.ledger.charges.iter().rposition(|charge| charge.known && same_bill(&charge.bill, bill))
    }

    /// Puts the customer's money into the books, once.
    pub fn take_money(&mut self, at: usize) {
        let now = self.now();
        let charge = &mut self.ledger.charges[at];
        let first = charge.taken.is_none();
        charge.taken.get_or_insert(now);
        if first && charge.business == 7 && self.switches.platform_credits {
            let (bill, card, amount) = (charge.bill.clone(), charge.card.clone(), charge.amount);
            self.credit(&bill, card.as_deref(), amount);
        }
    }
}

/// The scenario of a request that nobody meddles with.
pub(crate) fn honest() -> Scenario {
    Scenario { id: "honest".to_owned(), story: None, fault: None, before: false, delay: std::time::Duration::ZERO }
}
