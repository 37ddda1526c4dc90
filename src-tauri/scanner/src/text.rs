//! The scanned text: a secret, since it may be a payment code.

use std::fmt;

use zeroize::Zeroizing;

/// What one scan said, wiped from memory when dropped.
///
/// It may be a payment code (`code-is-secret`), so it is neither `Clone` nor `Display` nor serialisable, and its `Debug` shows
/// the length alone.
pub struct ScanText(Zeroizing<String>);

impl ScanText {
    /// Takes a text that was scanned.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text in clear, to be looked at and never kept.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Hands the text over to another type that keeps it secret.
    pub fn into_inner(self) -> Zeroizing<String> {
        self.0
    }
}

impl fmt::Debug for ScanText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ScanText({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_the_length_alone() {
        let shown = format!("{:?}", ScanText::new("134567890123456789".into()));
        assert_eq!(shown, "ScanText(18 bytes)");
    }
}
