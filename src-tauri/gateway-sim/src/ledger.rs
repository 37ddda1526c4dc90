//! The simulator's books: what it was asked for, what it took, from whom, and how often.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;

use crate::scenario::On;

/// A snapshot of the books. Payment codes stand in it masked only.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every readable charge request in the order of arrival, taken or not.
    pub charges: Vec<Charge>,
    /// Every recharge that was begun or ended, in the order of its first request.
    pub recharges: Vec<Recharge>,
    /// Every request, readable or not, in the order of arrival.
    pub requests: Vec<Request>,
    /// Kept-alive connections closed just as the next request arrived on them.
    pub stale_closes: u32,
}

/// One charge request.
#[derive(Clone, Debug)]
pub struct Charge {
    /// When it arrived, by the platform's clock.
    pub at: DateTime<Utc>,
    /// The bill number as sent.
    pub bill: String,
    /// The amount in yuan.
    pub amount: Decimal,
    /// The amount exactly as it stood in the request.
    pub amount_text: String,
    /// `BusinessType`, 1 to 7.
    pub business: u8,
    /// The operator number as sent.
    pub operator: String,
    /// The value card to recharge, if one was named.
    pub card: Option<String>,
    /// The payment code, first two and last four characters.
    pub code: String,
    /// This is the how-manieth charge request for the bill (letter case ignored).
    pub nth_for_bill: u32,
    /// This is the how-manieth request with the payment code.
    pub nth_for_code: u32,
    /// Whether the platform recorded it; a lost or rejected request is known to nobody.
    pub known: bool,
    /// The serial of the receipt, where the platform recorded it.
    pub autoid: Option<String>,
    /// The scenario it met.
    pub scenario: String,
    /// When the customer's money moved.
    pub taken: Option<DateTime<Utc>>,
    /// Whether a `SUCCESS` was answered, which is what books the receipt (gateway-api.md §4.2).
    pub booked: bool,
    /// Whether the money went back (`REFUND`).
    pub returned: bool,
    /// How many queries this charge answered.
    pub queries: u32,
}

/// One recharge, known by its bill number.
#[derive(Clone, Debug)]
pub struct Recharge {
    /// The bill number as first sent.
    pub bill: String,
    /// The card that is credited, where known.
    pub card: Option<String>,
    /// The amount asked for, in yuan, where a Begin or a charge named one.
    pub asked: Option<Decimal>,
    /// Begin requests that were processed.
    pub begins: u32,
    /// End requests that arrived, whatever was answered.
    pub ends: u32,
    /// The amount confirmed exactly as the last End wrote it.
    pub confirmed_text: Option<String>,
    /// How often the card was credited; more than once is the platform's loss.
    pub credits: u32,
    /// What the card was credited in all, in yuan.
    pub credited: Decimal,
    /// Whether an End arrived before the bill's money had moved.
    pub ended_unpaid: bool,
}

/// One request as it went by.
#[derive(Clone, Debug)]
pub struct Request {
    /// When it arrived, by the platform's clock.
    pub at: DateTime<Utc>,
    /// What it asked for; `None` for a path nobody serves.
    pub on: Option<On>,
    /// The bill it named, where it was readable.
    pub bill: Option<String>,
    /// The how-manieth request of this kind for the bill.
    pub nth: u32,
    /// The scenario it met, or the reason why it met none.
    pub scenario: String,
    /// What was answered, in a few words.
    pub answered: String,
}

impl Ledger {
    /// The charges for this bill, letter case ignored.
    pub fn charges_of<'a>(&'a self, bill: &'a str) -> impl DoubleEndedIterator<Item = &'a Charge> {
        self.charges.iter().filter(move |charge| same_bill(&charge.bill, bill))
    }

    /// How many requests of this kind named this bill.
    pub fn count(&self, on: On, bill: &str) -> u32 {
        let named = |request: &&Request| request.bill.as_deref().is_some_and(|named| same_bill(named, bill));
        let seen = self.requests.iter().filter(|request| request.on == Some(on)).filter(named);
        u32::try_from(seen.count()).unwrap_or(u32::MAX)
    }

    /// How many requests of this kind arrived in all.
    pub fn count_all(&self, on: On) -> usize {
        self.requests.iter().filter(|request| request.on == Some(on)).count()
    }

    /// How often the customer's money moved for this bill.
    pub fn times_taken(&self, bill: &str) -> usize {
        self.charges_of(bill).filter(|charge| charge.taken.is_some()).count()
    }

    /// What was taken for this bill and not given back, in yuan.
    pub fn taken_for(&self, bill: &str) -> Decimal {
        self.charges_of(bill).filter(|charge| charge.keeps_money()).map(|charge| charge.amount).sum()
    }

    /// What was taken in all and not given back, in yuan.
    pub fn taken(&self) -> Decimal {
        self.charges.iter().filter(|charge| charge.keeps_money()).map(|charge| charge.amount).sum()
    }

    /// The largest number of requests any one payment code was sent in; above 1 `code-once` is broken.
    pub fn most_requests_for_a_code(&self) -> u32 {
        self.charges.iter().map(|charge| charge.nth_for_code).max().unwrap_or(0)
    }

    /// The bills whose money moved more than once.
    pub fn taken_twice(&self) -> Vec<String> {
        let mut times = BTreeMap::<String, u32>::new();
        for charge in self.charges.iter().filter(|charge| charge.taken.is_some()) {
            *times.entry(charge.bill.trim().to_uppercase()).or_default() += 1;
        }
        times.into_iter().filter(|(_, count)| *count > 1).map(|(bill, _)| bill).collect()
    }

    /// The recharge of this bill, letter case ignored.
    pub fn recharge(&self, bill: &str) -> Option<&Recharge> {
        self.recharges.iter().find(|recharge| same_bill(&recharge.bill, bill))
    }

    /// What this card was credited in all, in yuan.
    pub fn credited_to(&self, card: &str) -> Decimal {
        let of_card = |recharge: &&Recharge| recharge.card.as_deref() == Some(card);
        self.recharges.iter().filter(of_card).map(|recharge| recharge.credited).sum()
    }
}

impl Charge {
    fn keeps_money(&self) -> bool {
        self.taken.is_some() && !self.returned
    }
}

/// Bills are the same when they differ in letter case and surrounding blanks only.
pub(crate) fn same_bill(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// First two and last four characters; short codes show nothing.
pub(crate) fn masked(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    if letters.len() < 10 {
        return "*".repeat(letters.len());
    }
    let (head, tail) = (&letters[..2], &letters[letters.len() - 4..]);
    format!("{}…{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_payment_code_shows_its_ends_only_and_a_short_one_nothing() {
        assert_eq!(masked("134567890123456789"), "13…6789");
        assert_eq!(masked("12345678"), "********");
    }
}
