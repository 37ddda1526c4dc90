//! Where a scan belongs: bill field, card field, charge, a person's decision, or nowhere, with the reason.

use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::bill::BillNumber;
use crate::code::CODE_MAX;
use crate::code_rules::{CodeRules, CodeShape};

/// The venue's patterns and the wallets' table. Patterns are tested first: bill slips of 16 and more digits look like
/// wallet codes.
#[derive(Clone, Debug)]
pub struct Router {
    /// A scan that fits goes to the bill field (`bill_pattern`).
    pub bill: Option<Regex>,
    /// A scan that fits goes to the card field (`card_pattern`).
    pub card: Option<Regex>,
    /// The wallets' table.
    pub rules: CodeRules,
}

/// Where one scan belongs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    /// Into the bill field.
    Bill,
    /// Into the card field.
    Card,
    /// The slip of the bill that is being paid, once more: harmless.
    ThisBill,
    /// A payment code of this wallet.
    Code(String),
    /// Digits like a payment code, of no listed wallet.
    Unknown,
    /// No payment code.
    Foreign(Foreign),
}

/// What a foreign scan seems to be, so that the refusal can say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Foreign {
    /// A product bar code (EAN-8, UPC-A, EAN-13, ITF-14).
    Product,
    /// A web address: usually the shop's own collection code (收款码) or an advertisement.
    Address,
    /// An EMV code of a foreign wallet, which the gateway does not take.
    Emv,
    /// Two codes glued together, or something longer than any code.
    TooLong,
    /// Part of a code.
    TooShort,
    /// Something else, for example a ticket or member card.
    Other,
}

impl Router {
    /// Decides for one scan; `current` is the bill of the armed sale or of the charge in front.
    pub fn route(&self, text: &str, current: Option<&BillNumber>) -> Route {
        if current.is_some_and(|bill| bill.is(text)) {
            return Route::ThisBill;
        }
        if whole(self.bill.as_ref(), text) {
            return Route::Bill;
        }
        if whole(self.card.as_ref(), text) {
            return Route::Card;
        }
        match self.rules.shape(text) {
            CodeShape::Wallet(name) => Route::Code(name),
            CodeShape::Unknown => Route::Unknown,
            CodeShape::Foreign => Route::Foreign(foreign(text)),
        }
    }

    /// Whether a text that was *entered* as a bill or card is in truth a payment code (then it must not be kept).
    pub fn is_payment_code(&self, entered: &str) -> bool {
        matches!(self.route(entered, None), Route::Code(_))
    }

    /// Whether a sentence has a payment code in it, also one written in groups as a phone shows it.
    pub fn holds_payment_code(&self, sentence: &str) -> bool {
        let joined = sentence.replace([' ', '-'], "");
        let words = sentence.split(|c: char| !c.is_ascii_alphanumeric());
        let digits = [sentence, &joined].into_iter().flat_map(|s| s.split(|c: char| !c.is_ascii_digit()));
        words.chain(digits).any(|part| self.is_payment_code(part))
    }
}

fn whole(pattern: Option<&Regex>, text: &str) -> bool {
    pattern.and_then(|p| p.find(text)).is_some_and(|m| m.start() == 0 && m.end() == text.len())
}

fn foreign(text: &str) -> Foreign {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let lower = text.to_ascii_lowercase();
    if digits && [8, 12, 13, 14].contains(&text.len()) && product_check_digit(text) {
        Foreign::Product
    } else if lower.contains("://") || lower.starts_with("www.") || lower.starts_with("wxp:") {
        Foreign::Address
    } else if text.starts_with("hQVDUFYwMW") {
        Foreign::Emv
    } else if text.chars().count() > CODE_MAX || digits && text.len() > 24 {
        Foreign::TooLong
    } else if digits {
        Foreign::TooShort
    } else {
        Foreign::Other
    }
}

/// GS1's modulo-10 check: weights 3 and 1 from the right.
fn product_check_digit(digits: &str) -> bool {
    let weighted = |(i, b): (usize, u8)| u32::from(b - b'0') * if i % 2 == 0 { 1 } else { 3 };
    digits.bytes().rev().enumerate().map(weighted).sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(bill: &str, card: &str) -> Router {
        let pattern = |p: &str| (!p.is_empty()).then(|| Regex::new(p).expect("a pattern"));
        Router { bill: pattern(bill), card: pattern(card), rules: CodeRules::shipped() }
    }

    #[test]
    fn the_venues_patterns_come_before_the_wallets() {
        let slip = "134567890123456789";
        assert_eq!(router("", "").route(slip, None), Route::Code("wechat".into()));
        assert_eq!(router(r"13\d{16}", "").route(slip, None), Route::Bill);
        assert_eq!(router("", r"13\d{16}").route(slip, None), Route::Card);
        let bill = BillNumber::parse(slip, 20).expect("a bill");
        assert_eq!(router("", "").route(slip, Some(&bill)), Route::ThisBill);
        assert_eq!(router(r"\d{4}", "").route(slip, None), Route::Code("wechat".into()), "a pattern must fit whole");
    }

    #[test]
    fn a_foreign_code_is_refused_with_its_reason() {
        for (text, reason) in [
            ("6901234567892", Foreign::Product),
            ("https://qr.alipay.com/fkx1", Foreign::Address),
            ("wxp://f2f0abc", Foreign::Address),
            ("hQVDUFYwMWFXTwegAAADMwEBAlcU", Foreign::Emv),
            ("134567890123456789134567890123456789", Foreign::TooLong),
            ("1345678", Foreign::TooShort),
            ("TICKET-88121", Foreign::Other),
            ("", Foreign::Other),
        ] {
            assert_eq!(router("", "").route(text, None), Route::Foreign(reason), "{text}");
        }
        assert_eq!(router("", "").route("9934567890123456", None), Route::Unknown);
    }
}
