//! The settings the rules depend on.

use crate::amount::Amount;
use crate::bill::BILL_WIRE_MAX;
use crate::business::Business;
use crate::event::Said;
use crate::route::Router;

/// What the venue may set about charging and asking (contract.md, `[window]`, `[limits]`, `[polling]`, `[gateway]`).
#[derive(Clone, Debug)]
pub struct Settings {
    /// Businesses offered at this window.
    pub businesses: Vec<Business>,
    /// No amount above this is taken.
    pub amount_max: Amount,
    /// Above this, arming asks once more.
    pub amount_ask: Amount,
    /// Longest bill number, 1 to 32.
    pub bill_length_max: usize,
    /// Patterns and wallets.
    pub router: Router,
    /// Words of a final negative (INFERRED, gateway-api.md §2.7), compared in any letter case.
    pub final_negative: Vec<String>,
    /// Least time between two queries for one charge, in milliseconds, after jitter.
    pub min_gap_ms: u64,
    /// Who sends the Begin of a recharge.
    pub recharge_begin: RechargeBy,
    /// Who sends its End.
    pub recharge_end: RechargeBy,
    /// Words or numbers of an End's refusal that mean "credited before" at this venue.
    pub already_done: Vec<String>,
    /// How long a charge stays in front after its sending, in milliseconds; then it is parked.
    pub front_window_ms: u64,
}

/// Who sends a leg of a recharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RechargeBy {
    /// This program.
    Window,
    /// The selling system (Begin) or the platform's own callback (End).
    Others,
}

impl Settings {
    /// Whether this program sends the End of a paid recharge.
    pub fn credits(&self) -> bool {
        self.recharge_end == RechargeBy::Window
    }

    /// Whether an End's refusal means "credited before" (`recharge.already_done`).
    pub fn is_already_done(&self, said: &Said, text: &str) -> bool {
        let number = match said {
            Said::Error { errcode, .. } => errcode.to_string(),
            Said::Status { status } => status.to_string(),
            _ => String::new(),
        };
        // A number is compared with the number alone: in a text it may be part of an amount.
        let marks = self.already_done.iter().map(|mark| mark.trim()).filter(|mark| !mark.is_empty());
        let fits = |mark: &str| mark == number || mark.parse::<i64>().is_err() && text.contains(mark);
        marks.into_iter().any(fits)
    }

    /// Longest bill number on the wire, whatever the setting says.
    pub fn bill_max(&self) -> usize {
        self.bill_length_max.min(BILL_WIRE_MAX)
    }

    /// Whether a `paystatus` word is final and negative.
    pub fn is_final_negative(&self, word: &str) -> bool {
        self.final_negative.iter().any(|w| w.trim().eq_ignore_ascii_case(word.trim()))
    }
}

/// Settings as shipped, for tests of this crate and of others.
impl Default for Settings {
    fn default() -> Self {
        let yuan = |text| Amount::parse(text).expect("a shipped limit");
        Self {
            businesses: Business::ALL.to_vec(),
            amount_max: yuan("50000.00"),
            amount_ask: yuan("2000.00"),
            bill_length_max: 20,
            router: Router { bill: None, card: None, rules: crate::CodeRules::shipped() },
            final_negative: ["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"].map(String::from).to_vec(),
            recharge_begin: RechargeBy::Others,
            recharge_end: RechargeBy::Window,
            already_done: Vec::new(),
            min_gap_ms: 1_000,
            front_window_ms: 60_000,
        }
    }
}
