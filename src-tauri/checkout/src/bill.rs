//! The short texts of a sale that cannot hold a bad value: bill number, operator, card number.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Longest bill number on the charge's wire (gateway-api.md §4.1, SEED).
pub const BILL_WIRE_MAX: usize = 32;
/// Longest operator number (gateway-api.md §4.1, SEED).
pub const OPERATOR_MAX: usize = 32;
/// Longest card number (gateway-api.md §4.1, SEED).
pub const CARD_MAX: usize = 20;

/// Why a text is not a bill, operator or card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum TextError {
    /// Nothing was entered.
    #[error("it is empty")]
    Empty,
    /// Longer than allowed.
    #[error("it is longer than {max} characters")]
    TooLong {
        /// The most characters allowed.
        max: u32,
    },
    /// Blanks, control characters, or characters outside printable ASCII.
    #[error("it may hold only letters, digits and signs of the plain keyboard, without blanks")]
    Characters,
    /// Looks like a customer's payment code, which is a secret and must never stand in a field.
    #[error("this looks like a customer's payment code, which is never typed: confirm the amount first, then scan")]
    LooksLikePaymentCode,
}

/// A bill number (单据号): printable ASCII without blanks, 1 to 32 characters. Shown and sent as entered.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BillNumber(String);

/// What makes two bills the same bill: the number with letter case ignored, under any business, for ever (design.md §2).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct BillKey(String);

impl BillNumber {
    /// Takes the text of a field or scan, blanks around it removed; at most `max` characters (a setting, 20 by default).
    pub fn parse(text: &str, max: usize) -> Result<Self, TextError> {
        printable(text.trim(), max.min(BILL_WIRE_MAX)).map(Self)
    }

    /// The number as entered.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The bill's identity.
    pub fn key(&self) -> BillKey {
        BillKey(self.0.to_ascii_uppercase())
    }

    /// Whether an answer's bill number means this bill: blanks around it and letter case ignored (gateway-api.md §10.1).
    pub fn is(&self, answered: &str) -> bool {
        self.0.eq_ignore_ascii_case(answered.trim())
    }
}

impl BillKey {
    /// The key's text, as the journal indexes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The cashier signed in (操作员号): 1 to 32 visible characters without blanks.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Operator(String);

impl Operator {
    /// Takes the text of the field, blanks around it removed.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        printable(text.trim(), OPERATOR_MAX).map(Self)
    }

    /// The operator number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A stored-value card number (储值卡号): printable ASCII without blanks, 1 to 20 characters.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CardNumber(String);

impl CardNumber {
    /// Takes the text of the field or scan, blanks around it removed.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        printable(text.trim(), CARD_MAX).map(Self)
    }

    /// The card number.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn printable(text: &str, max: usize) -> Result<String, TextError> {
    if text.is_empty() {
        return Err(TextError::Empty);
    }
    if text.chars().count() > max {
        return Err(TextError::TooLong { max: max as u32 });
    }
    if !text.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(TextError::Characters);
    }
    Ok(text.to_owned())
}

macro_rules! text_type {
    ($type:ident, $parse:expr) => {
        impl TryFrom<String> for $type {
            type Error = TextError;
            fn try_from(text: String) -> Result<Self, TextError> {
                $parse(&text)
            }
        }
        impl From<$type> for String {
            fn from(value: $type) -> String {
                value.0
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

text_type!(BillNumber, |text: &str| BillNumber::parse(text, BILL_WIRE_MAX));
text_type!(Operator, Operator::parse);
text_type!(CardNumber, CardNumber::parse);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_printable_ascii_without_blanks_up_to_its_limit() {
        assert!(BillNumber::parse("T2026112200017", 20).is_ok());
        assert_eq!(BillNumber::parse(" T1 ", 20).map(String::from), Ok("T1".into()));
        assert_eq!(BillNumber::parse("", 20), Err(TextError::Empty));
        assert_eq!(BillNumber::parse(&"9".repeat(21), 20), Err(TextError::TooLong { max: 20 }));
        assert_eq!(BillNumber::parse(&"9".repeat(33), 64), Err(TextError::TooLong { max: 32 }));
        for bad in ["T 1", "T\t1", "T\u{7}1", "单1", "T😀", "T\u{a0}1"] {
            assert_eq!(BillNumber::parse(bad, 20), Err(TextError::Characters), "{bad:?}");
        }
    }

    #[test]
    fn the_same_bill_in_another_letter_case_is_the_same_bill() {
        let (a, b) = (BillNumber::parse("t1a", 20), BillNumber::parse("T1A", 20));
        assert_eq!(a.map(|b| b.key()), b.map(|b| b.key()));
        assert!(BillNumber::parse("t1a", 20).is_ok_and(|bill| bill.is(" T1a ") && !bill.is("T1") && !bill.is("")));
    }
}
