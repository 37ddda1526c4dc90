//! A scenario: the venue's settings, the customers' wallets, and what the people do, act by act.

use std::collections::BTreeMap;

use checkout::event::PhoneAnswer;
use checkout::{RechargeBy, Settings, Word};

use crate::platform::Pays;

/// What a person does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// The cashier enters a sale and confirms it.
    Arm {
        /// Bill number.
        bill: String,
        /// Fen.
        fen: i64,
        /// 7 is a recharge.
        business: u8,
    },
    /// The scanner reads this.
    Scan(String),
    /// A held code is used.
    Accept,
    /// The cashier waits until nothing in front is undecided, at most so many milliseconds.
    Until(u64),
    /// Time passes.
    Pass(u64),
    /// Stop waiting.
    Stop,
    /// Next customer.
    Next,
    /// What the customer's phone shows.
    Phone(PhoneAnswer),
    /// A supervisor decides about the oldest pending charge that takes this word.
    Settle(Word),
    /// The cashier nods at every notice.
    Nod,
    /// The program is killed; it starts again.
    Kill,
}

/// Everything that a run depends on, faults left out.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// For people.
    pub name: String,
    /// The venue's settings.
    pub settings: Settings,
    /// How the wallet behind a code behaves; unknown ones pay at once.
    pub wallets: BTreeMap<String, Pays>,
    /// What happens, each with a number that stays the same if others are left out.
    pub script: Vec<(u32, Act)>,
    /// "Still open" comes as `errcode` 1.
    pub says_one: bool,
    /// The platform keeps refusing to know what it did not answer: every request of this kind is lost.
    pub deaf: Deaf,
    /// For dice and ids.
    pub seed: u64,
}

/// A gateway that does not answer charges, all the time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Deaf {
    /// It answers.
    #[default]
    No,
    /// The request never arrives.
    Request,
    /// It does its part and the answer is lost.
    Reply,
}

/// A payment code nobody has used: a WeChat code of 18 digits.
pub fn code(number: u64) -> String {
    format!("13{:016}", number.wrapping_mul(7_919) % 10_000_000_000_000_000)
}

/// A code of a wallet that the rules do not know.
pub fn unknown_code(number: u64) -> String {
    format!("99{:014}", number.wrapping_mul(7_919) % 100_000_000_000_000)
}

impl Scenario {
    /// A scenario with this script and a front window short enough for exhaustive runs.
    pub fn new(name: &str, acts: Vec<Act>) -> Self {
        let settings = Settings { front_window_ms: 6_000, ..Settings::default() };
        let script = acts.into_iter().enumerate().map(|(n, act)| (u32::try_from(n).unwrap_or(u32::MAX), act)).collect();
        let (name, wallets) = (name.to_owned(), BTreeMap::new());
        Self { name, settings, wallets, script, says_one: false, deaf: Deaf::No, seed: 1 }
    }

    /// With a wallet.
    pub fn wallet(mut self, code: String, pays: Pays) -> Self {
        self.wallets.insert(code, pays);
        self
    }

    /// With who sends the legs of a recharge.
    pub fn recharge(mut self, begin: RechargeBy, end: RechargeBy) -> Self {
        (self.settings.recharge_begin, self.settings.recharge_end) = (begin, end);
        self
    }
}
