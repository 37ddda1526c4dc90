//! The payment code (付款码): a secret that works once. It cannot be printed, serialised or copied.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// Longest payment code on the wire (gateway-api.md §4.1, SEED).
pub const CODE_MAX: usize = 40;

/// What a scanner read, before anybody knows what it is. Treated as a secret, since it may be a payment code.
pub struct ScannedText(Zeroizing<String>);

impl ScannedText {
    /// Takes over a scanned text, blanks around it removed.
    pub fn new(text: impl Into<String>) -> Self {
        let raw = Zeroizing::new(text.into());
        Self(Zeroizing::new(raw.trim().to_owned()))
    }

    /// The text itself. Never for a log, an error or a record.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for ScannedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScannedText({} characters)", self.0.chars().count())
    }
}

/// A payment code on its way into one request. Not `Clone`: it is handed over once (`code-once`).
pub struct PaymentCode(Zeroizing<String>);

impl PaymentCode {
    /// Takes a scan that the code rules let through: printable ASCII, 1 to 40 characters; the scan comes back if it is not.
    pub fn from_scan(scan: ScannedText) -> Result<Self, ScannedText> {
        let fits = (1..=CODE_MAX).contains(&scan.0.len()) && scan.0.bytes().all(|b| b.is_ascii_graphic());
        if fits { Ok(Self(scan.0)) } else { Err(scan) }
    }

    /// The code itself, for the request body only.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What may be shown and kept of it.
    pub fn tail(&self) -> CodeTail {
        CodeTail::of(&self.0)
    }
}

impl fmt::Debug for PaymentCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PaymentCode({})", self.tail().0)
    }
}

/// The masked form of a code: first two and last four characters, for example `13…6789` (pay-and-poll.md §9).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(transparent)]
pub struct CodeTail(pub String);

impl CodeTail {
    /// Masks a text; one too short to hide anything is masked whole.
    pub fn of(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() < 12 {
            return Self("…".into());
        }
        let (head, tail) = (&chars[..2], &chars[chars.len() - 4..]);
        Self(head.iter().chain(['…'].iter()).chain(tail).collect())
    }
}

/// Keyed fingerprint of a payment code (HMAC with the file `secret`), hex. Says "the same code again", nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_shows_only_its_ends() {
        let code = PaymentCode::from_scan(ScannedText::new(" 134567890123456789\r"));
        assert_eq!(code.as_ref().map(|c| c.tail().0).unwrap_or_default(), "13…6789");
        assert!(!format!("{code:?}").contains("4567890123"));
        assert!(!format!("{:?}", ScannedText::new("134567890123456789")).contains('3'));
        assert_eq!(CodeTail::of("12345678901").0, "…");
    }

    #[test]
    fn a_code_longer_than_the_wire_takes_is_no_code() {
        assert!(PaymentCode::from_scan(ScannedText::new("1".repeat(40))).is_ok());
        assert!(PaymentCode::from_scan(ScannedText::new("1".repeat(41))).is_err());
        assert!(PaymentCode::from_scan(ScannedText::new("")).is_err());
        assert!(PaymentCode::from_scan(ScannedText::new("13456789 0123456789")).is_err());
    }
}
