//! The wallet's own order number, scanned from the customer's phone as evidence, told from a payment code on the same phone.

use crate::route::{Foreign, Route, Router};

/// Fewest and most digits of an order number: no payment code is as long, and two of them are longer.
const DIGITS: std::ops::RangeInclusive<usize> = 26..=31;
/// Fewest and most characters of one with letters in it.
const LETTERS: std::ops::RangeInclusive<usize> = 8..=64;
/// Digits in a row that may be a payment code, or a part of two.
const RUN_MAX: usize = 15;

/// What a scan is while a supervisor's decision waits for its evidence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// An order number: it may be written down.
    OrderNumber,
    /// A payment code, or what may be one: it is never written down.
    Code,
    /// A bill or a card by the venue's patterns, which goes where it always goes.
    Elsewhere,
    /// None of these.
    Nothing,
}

impl Router {
    /// Decides for one scan. In doubt it is no order number: that can still be typed, and a secret cannot be taken back.
    pub fn seen(&self, text: &str) -> Seen {
        match self.route(text, None) {
            Route::Code(_) | Route::Unknown => Seen::Code,
            Route::Bill | Route::Card | Route::ThisBill => Seen::Elsewhere,
            Route::Foreign(Foreign::TooLong) if self.is_long_number(text) => Seen::OrderNumber,
            Route::Foreign(Foreign::Other) if self.is_number_with_letters(text) => Seen::OrderNumber,
            Route::Foreign(_) => Seen::Nothing,
        }
    }

    fn is_long_number(&self, text: &str) -> bool {
        let digits = text.bytes().all(|b| b.is_ascii_digit()) && DIGITS.contains(&text.len());
        digits && (is_dated(text) || !self.has_code_at_an_end(text))
    }

    /// Two scans that were glued together may begin or end with a whole code.
    fn has_code_at_an_end(&self, digits: &str) -> bool {
        let ends = (1..digits.len()).flat_map(|at| [&digits[..at], &digits[at..]]);
        ends.into_iter().any(|part| self.is_payment_code(part))
    }

    fn is_number_with_letters(&self, text: &str) -> bool {
        let fits =
            LETTERS.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
        let longest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
        fits && (1..=RUN_MAX).contains(&longest) && !self.rules.may_begin_with_letters(text)
    }
}

/// The large wallets write the day into their numbers: Alipay first of all (`20261122…`), WeChat after ten digits of which the
/// first is a 4 (`4200001234` `20261122…`). No payment code begins so, and none that was cut off or glued looks so.
fn is_dated(digits: &str) -> bool {
    let day_at = |at: usize| digits.get(at..at + 8).is_some_and(is_day);
    day_at(0) || digits.starts_with('4') && day_at(10)
}

fn is_day(text: &str) -> bool {
    let number = |range: std::ops::Range<usize>| text.get(range).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    (2015..=2099).contains(&number(0..4)) && (1..=12).contains(&number(4..6)) && (1..=31).contains(&number(6..8))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CodeRules;
    use proptest::prelude::*;

    fn seen(text: &str) -> Seen {
        Router { bill: None, card: None, rules: CodeRules::shipped() }.seen(text)
    }

    #[test]
    fn the_wallets_order_numbers_are_taken() {
        for number in [
            "4200002234202611220123456789",
            "4300001234202611221234567890",
            "2026112222001412345678901234",
            "20261122220014123456789012",
            "ALI-2026-11-22-000017",
            "UP88120A",
        ] {
            assert_eq!(seen(number), Seen::OrderNumber, "{number}");
        }
    }

    #[test]
    fn a_payment_code_is_none_nor_is_what_two_scans_glued_together_leave() {
        for code in [
            "134567890123456789",
            "2512345678901234",
            "301234567890123456789012",
            "9934567890123456",
            "4200002234202611",
            "202611222200141234567890",
            "fp0123456789abcdef0123456789abcdef0",
        ] {
            assert_eq!(seen(code), Seen::Code, "{code}");
        }
        for glued in [
            "1345678901234567891345678901",
            "3456789012134567890123456789",
            "134567890123456789134567890123456789",
            "fp0123456789abcdef",
            "fp0123456789abcdef0123456789abcdef0fp",
        ] {
            assert_eq!(seen(glued), Seen::Nothing, "{glued}");
        }
        for other in [
            "6901234567892",
            "https://qr.alipay.com/fkx1",
            "1345678",
            "",
            "AB",
            "ABCDEFGH",
            "单据20261122",
            "A 12345678",
        ] {
            assert_eq!(seen(other), Seen::Nothing, "{other}");
        }
    }

    #[test]
    fn a_venues_own_bill_or_card_goes_its_own_way() {
        let pattern = |p: &str| Some(regex::Regex::new(p).expect("a pattern"));
        let router =
            Router { bill: pattern(r"20261122\d{20}"), card: pattern("C[0-9]{9}"), rules: CodeRules::shipped() };
        assert_eq!(router.seen("2026112222001412345678901234"), Seen::Elsewhere);
        assert_eq!(router.seen("C600100200"), Seen::Elsewhere);
    }

    proptest! {
        /// A whole code with the head or tail of another one before or behind it.
        #[test]
        fn no_code_gets_through_with_a_part_of_another(
            code in "1[0-5][0-9]{16}|(2[5-9]|30)[0-9]{14,22}|62[0-9]{17}",
            part in "1[0-5][0-9]{1,14}|(2[5-9]|30)[0-9]{1,14}",
            first in any::<bool>(),
        ) {
            prop_assert_eq!(seen(&code), Seen::Code);
            let glued = if first { format!("{code}{part}") } else { format!("{part}{code}") };
            prop_assert_ne!(seen(&glued), Seen::OrderNumber);
        }
    }
}
