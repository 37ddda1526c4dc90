//! Money: exact yuan with at most two decimals, parsed, shown and sent in one place.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The most digits before the point that a till will ever read; a scanned code (16 digits and more) never fits.
pub const YUAN_DIGITS_MAX: usize = 8;

/// An amount to collect in yuan (元): positive, at most two decimals, at most 99,999,999.99. Never a float.
///
/// Its text form (`12.30`) is the same on the screen's wire, in the journal and in the gateway's JSON.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

/// Why a text is not an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum AmountError {
    /// Nothing was entered.
    #[error("the amount is empty")]
    Empty,
    /// Something other than digits and one point: signs, exponents, letters, blanks.
    #[error("an amount is digits with at most one point, for example 260.00")]
    NotDigits,
    /// Zero.
    #[error("the amount is zero")]
    Zero,
    /// More than two decimals.
    #[error("an amount has at most two decimals")]
    TooFine,
    /// More than eight digits before the point.
    #[error("the amount is too large")]
    TooLarge,
}

impl Amount {
    /// Reads what a person typed: ASCII or full-width digits and one point (`.`, `．` or `。`), blanks around it ignored.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let plain: String = text.trim().chars().map(half_width).collect();
        if plain.is_empty() {
            return Err(AmountError::Empty);
        }
        let (yuan, fen) = plain.split_once('.').unwrap_or((&plain, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(yuan) || !digits(fen) {
            return Err(AmountError::NotDigits);
        }
        if fen.len() > 2 {
            return Err(AmountError::TooFine);
        }
        if yuan.trim_start_matches('0').len() > YUAN_DIGITS_MAX {
            return Err(AmountError::TooLarge);
        }
        let mut value = Decimal::from_str(&plain).map_err(|_| AmountError::NotDigits)?;
        if value.is_zero() {
            return Err(AmountError::Zero);
        }
        value.rescale(2);
        Ok(Self(value))
    }

    /// The amount of so many fen (hundredths of a yuan), as the journal stores it. `None` outside the range of an amount.
    pub fn from_fen(fen: i64) -> Option<Self> {
        let limit = 10_i64.pow(YUAN_DIGITS_MAX as u32) * 100;
        (fen > 0 && fen < limit).then(|| Self(Decimal::new(fen, 2)))
    }

    /// The amount in fen.
    pub fn fen(self) -> i64 {
        let mut fen = self.0;
        fen.rescale(2);
        fen.mantissa() as i64
    }
}

fn half_width(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '．' | '。' => '.',
        other => other,
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

impl fmt::Debug for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "¥{self}")
    }
}

impl FromStr for Amount {
    type Err = AmountError;
    fn from_str(text: &str) -> Result<Self, AmountError> {
        Self::parse(text)
    }
}

impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_a_cashier_types() {
        for (typed, shown) in [
            ("260", "260.00"),
            ("260.0", "260.00"),
            ("260.00", "260.00"),
            ("0.01", "0.01"),
            ("00012.3", "12.30"),
            ("１２．５", "12.50"),
            ("１２。５０", "12.50"),
            (" 7 ", "7.00"),
            ("99999999.99", "99999999.99"),
        ] {
            assert_eq!(Amount::parse(typed).map(|a| a.to_string()), Ok(shown.into()), "{typed}");
        }
    }

    #[test]
    fn refuses_everything_else() {
        use AmountError::*;
        for (typed, why) in [
            ("", Empty),
            ("  ", Empty),
            ("0", Zero),
            ("0.00", Zero),
            ("-1", NotDigits),
            ("+1", NotDigits),
            ("1e3", NotDigits),
            ("1,000", NotDigits),
            ("1_000", NotDigits),
            ("1.2.3", NotDigits),
            (".5", NotDigits),
            ("5.", NotDigits),
            ("1 2", NotDigits),
            ("12元", NotDigits),
            ("٣", NotDigits),
            ("1.234", TooFine),
            ("1000000000000", TooLarge),
            ("134567890123456789", TooLarge),
        ] {
            assert_eq!(Amount::parse(typed), Err(why), "{typed:?}");
        }
    }

    proptest! {
        #[test]
        fn fen_and_text_agree(fen in 1_i64..10_000_000_000) {
            let amount = Amount::from_fen(fen).expect("in range");
            prop_assert_eq!(amount.fen(), fen);
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(amount.to_string(), format!("{}.{:02}", fen / 100, fen % 100));
        }

        #[test]
        fn never_panics_and_never_misreads(text in "\\PC{0,14}") {
            if let Ok(amount) = Amount::parse(&text) {
                prop_assert!(amount.fen() > 0);
                prop_assert!(text.chars().all(|c| c.is_whitespace() || "0123456789０１２３４５６７８９.．。".contains(c)));
            }
        }
    }
}
