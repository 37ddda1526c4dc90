//! The table of payment-code formats: data, versioned, replaceable without a release (pay-and-poll.md §1.1).

use serde::{Deserialize, Serialize};

/// Which shapes are payment codes, and of which wallet. The first rule that fits names the wallet; a name is only a hint.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeRules {
    /// Which edition of the table this is.
    pub version: String,
    rules: Vec<CodeRule>,
    /// Shortest and longest run of digits that may be a wallet nobody listed yet.
    unknown_lengths: (usize, usize),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeRule {
    wallet: String,
    lengths: (usize, usize),
    prefixes: Vec<String>,
    /// Zero-based position and the text that must stand there.
    #[serde(default)]
    at: Option<(usize, String)>,
    #[serde(default)]
    letters: bool,
}

/// One rule of the table without its name, for who has to know a code among typed keys and not whose it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct TypedCode {
    /// The fewest characters.
    pub least: u32,
    /// The most characters.
    pub most: u32,
    /// It begins with one of these.
    pub prefixes: Vec<String>,
    /// From this place on, counted from zero, stands `mark`.
    pub mark_at: u32,
    /// Empty where nothing is asked.
    pub mark: String,
    /// Letters may be in it, not digits alone.
    pub letters: bool,
}

/// What the table says of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeShape {
    /// A payment code of this wallet.
    Wallet(String),
    /// Digits of a payment code's length, of no listed wallet: a person decides.
    Unknown,
    /// Not a payment code.
    Foreign,
}

impl CodeRules {
    /// The table that ships with the program.
    pub fn shipped() -> Self {
        Self::parse(include_str!("code-rules.json")).expect("the shipped table is read by a test on every run")
    }

    /// Reads a table; the error names the line.
    pub fn parse(json: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(json)
    }

    /// A part of a code that has letters in it, though nobody knows how much of it is there.
    pub(crate) fn may_begin_with_letters(&self, text: &str) -> bool {
        let begins = |rule: &CodeRule| rule.prefixes.iter().any(|prefix| text.starts_with(prefix.as_str()));
        self.rules.iter().any(|rule| rule.letters && begins(rule))
    }

    /// Looks a text up.
    pub fn shape(&self, text: &str) -> CodeShape {
        if let Some(rule) = self.rules.iter().find(|rule| rule.fits(text)) {
            return CodeShape::Wallet(rule.wallet.clone());
        }
        let (min, max) = self.unknown_lengths;
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        if digits && (min..=max).contains(&text.len()) { CodeShape::Unknown } else { CodeShape::Foreign }
    }

    /// The table's rules, in their order.
    pub fn typed(&self) -> impl Iterator<Item = TypedCode> {
        self.rules.iter().map(CodeRule::typed)
    }

    /// Whether a text with something else than digits in it may be the beginning of a payment code.
    pub fn begins(&self, text: &str) -> bool {
        let fits = |prefix: &String| prefix.starts_with(text) || text.starts_with(prefix.as_str());
        self.rules.iter().any(|rule| rule.letters && text.len() <= rule.lengths.1 && rule.prefixes.iter().any(fits))
    }
}

impl CodeRule {
    fn typed(&self) -> TypedCode {
        // No key is pressed so often; the wire takes 40 characters.
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (mark_at, mark) = self.at.clone().unwrap_or_default();
        TypedCode {
            least: number(self.lengths.0),
            most: number(self.lengths.1),
            prefixes: self.prefixes.clone(),
            mark_at: number(mark_at),
            mark,
            letters: self.letters,
        }
    }

    fn fits(&self, text: &str) -> bool {
        let (min, max) = self.lengths;
        let kind = |b: u8| b.is_ascii_digit() || self.letters && b.is_ascii_alphanumeric();
        (min..=max).contains(&text.len())
            && text.bytes().all(kind)
            && self.prefixes.iter().any(|prefix| text.starts_with(prefix.as_str()))
            && self.at.as_ref().is_none_or(|(position, mark)| {
                text.get(*position..).is_some_and(|rest| rest.starts_with(mark.as_str()))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wallet(text: &str) -> CodeShape {
        CodeRules::shipped().shape(text)
    }

    #[test]
    fn letters_may_begin_a_code_only_as_the_table_has_it() {
        let rules = CodeRules::shipped();
        assert!(rules.begins("f") && rules.begins("fp") && rules.begins("fp0aZ"));
        assert!(!rules.begins("g") && !rules.begins("fx") && !rules.begins(&format!("fp{}", "0".repeat(34))));
    }

    #[test]
    fn knows_the_wallets_of_the_table() {
        for (code, name) in [
            ("134567890123456789", "wechat"),
            ("100000000000000000", "wechat"),
            ("2512345678901234", "alipay"),
            ("301234567890123456789012", "alipay"),
            ("6221234567890123456", "unionpay"),
            ("6210105678901234567", "ccb"),
            ("0123456789012345678", "ecny"),
            ("181234567890123456", "jd"),
            ("511234567890123456", "bestpay"),
            ("fp0123456789abcdef0123456789abcdef0", "alipay-face"),
        ] {
            assert_eq!(wallet(code), CodeShape::Wallet(name.into()), "{code}");
        }
    }

    #[test]
    fn a_length_alone_is_an_unknown_wallet_and_a_prefix_alone_is_nothing() {
        assert_eq!(wallet("9912345678901234"), CodeShape::Unknown);
        assert_eq!(wallet("1345678901234567890"), CodeShape::Unknown);
        for foreign in [
            "6901234567892",
            "13456789",
            "https://pay.example/q/1",
            "",
            "13456789012345678x",
            "１３４５６７８９０１２３４５６７８９",
        ] {
            assert_eq!(wallet(foreign), CodeShape::Foreign, "{foreign}");
        }
    }
}
