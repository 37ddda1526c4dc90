//! What a key may hold: the words for it, the check, and the place where an allowed value goes.

use std::ops::{Range, RangeInclusive};

use checkout::{Amount, Business};
use regex::Regex;
use toml_edit::{Array, Value};

use super::Config;

/// Longest word of a list, in characters.
const WORD_CHARS: usize = 100;

/// A word of a choice, and what it does.
pub type Word = (&'static str, fn(&mut Config));

/// What a key may hold.
pub enum Kind {
    /// Text of a length and a form.
    Text {
        /// How many characters.
        chars: RangeInclusive<usize>,
        /// What else holds.
        form: Form,
        /// Where it goes.
        store: fn(&mut Config, String),
    },
    /// `true` or `false`.
    Flag {
        /// Where it goes.
        store: fn(&mut Config, bool),
    },
    /// A whole number.
    Number {
        /// Least and most.
        range: RangeInclusive<u32>,
        /// Where it goes.
        store: fn(&mut Config, u32),
    },
    /// One of some words.
    Choice {
        /// The words, and what each does.
        words: &'static [Word],
    },
    /// Yuan, as text.
    Amount {
        /// Where it goes.
        store: fn(&mut Config, Amount),
    },
    /// A regular expression; empty for none.
    Pattern {
        /// Where it goes.
        store: fn(&mut Config, Option<Regex>),
    },
    /// A list of words, in any number.
    Words {
        /// Words that must not be in it, in any letter case.
        never: &'static [&'static str],
        /// Where it goes.
        store: fn(&mut Config, Vec<String>),
    },
    /// Business types, at least one, none twice.
    Businesses {
        /// Where they go.
        store: fn(&mut Config, Vec<Business>),
    },
}

/// The form of a text.
#[derive(Clone, Copy)]
pub enum Form {
    /// Any.
    Free,
    /// The path of a file, or empty.
    File,
    /// A web address without credentials and query, or empty.
    Address,
    /// A path below an address.
    RelativePath,
    /// Two letters or digits, or empty.
    PaymentType,
    /// The id of Hawk credentials, or empty.
    HawkId,
    /// `auto` or a serial port.
    Port,
}

/// Why a value is not taken.
pub(super) struct Fault {
    /// Where, if it is only a part of the value.
    pub at: Option<Range<usize>>,
    /// What was found instead of what is allowed.
    pub found: String,
}

impl Kind {
    /// What is allowed, to be read after "must be".
    pub fn allowed(&self) -> String {
        match self {
            Self::Text { chars, form, .. } => form.allowed(chars),
            Self::Flag { .. } => "true or false, without quotes".into(),
            Self::Number { range, .. } => {
                format!("a whole number from {} to {}, without quotes", range.start(), range.end())
            }
            Self::Choice { words } => {
                let quoted: Vec<_> = words.iter().map(|(word, _)| format!("{word:?}")).collect();
                quoted.join(" or ")
            }
            Self::Amount { .. } => "an amount of yuan in quotes, such as \"2000.00\", above zero".into(),
            Self::Pattern { .. } => {
                "a regular expression that fits no empty text, such as \"T[0-9]{8}\", or \"\" for none".into()
            }
            Self::Words { never: [], .. } => "a list of words, such as [\"DONE\"]; it may be empty".into(),
            Self::Words { never, .. } => {
                format!("a list of words, such as [\"CLOSED\"], without {}; it may be empty", never.join(" and "))
            }
            Self::Businesses { .. } => {
                "a list of business types from 1 to 7, such as [1, 7], at least one and none twice".into()
            }
        }
    }

    /// Puts an allowed value in its place.
    pub(super) fn take(&self, value: &Value, config: &mut Config) -> Result<(), Fault> {
        match self {
            Self::Text { chars, form, store } => {
                let text = text_of(value)?.trim();
                form.check(text, chars)?;
                store(config, text.into());
            }
            Self::Flag { store } => store(config, value.as_bool().ok_or_else(|| other(value))?),
            Self::Number { range, store } => {
                let found = value.as_integer().ok_or_else(|| other(value))?;
                let number = u32::try_from(found).ok().filter(|n| range.contains(n));
                store(config, number.ok_or_else(|| fault(found.to_string()))?);
            }
            Self::Choice { words } => {
                let text = text_of(value)?;
                let chosen = words.iter().find(|(word, _)| *word == text);
                chosen.ok_or_else(|| fault(quoted(text)))?.1(config);
            }
            Self::Amount { store } => {
                let text = text_of(value)?;
                let amount = Amount::parse(text).map_err(|why| fault(format!("{} ({why})", quoted(text))))?;
                store(config, amount);
            }
            Self::Pattern { store } => store(config, regex_of(text_of(value)?)?),
            Self::Words { never, store } => store(config, words_of(list_of(value)?, never)?),
            Self::Businesses { store } => store(config, businesses_of(list_of(value)?)?),
        }
        Ok(())
    }
}

impl Form {
    fn allowed(self, chars: &RangeInclusive<usize>) -> String {
        match self {
            Self::Free => format!("text of {} to {} characters", chars.start(), chars.end()),
            Self::File => "the path of a file, such as \"venue.pem\", or \"\"".into(),
            Self::Address => "text such as \"https://gateway.example/\"".into(),
            Self::RelativePath => {
                "a path below base_url, such as \"api/3Pay/KouDaiLQ/Query\", not empty and without blanks or any of ? # % \\ : @".into()
            }
            Self::PaymentType => "exactly two letters or digits, or \"\"".into(),
            Self::HawkId => "ASCII letters, digits and signs without \" and \\, or \"\"".into(),
            Self::Port => "\"auto\", or a port such as \"/dev/ttyACM0\" or \"COM3\"".into(),
        }
    }

    fn check(self, text: &str, chars: &RangeInclusive<usize>) -> Result<(), Fault> {
        let count = text.chars().count();
        if count == 0 && !chars.contains(&0) {
            return Err(fault("empty text"));
        }
        if text.chars().any(char::is_control) {
            return Err(fault("text with a line break or another control character"));
        }
        match self {
            Self::Address => address(text),
            Self::RelativePath if !is_relative_path(text) => Err(fault(quoted(text))),
            Self::PaymentType if !is_payment_type(text) => Err(fault(quoted(text))),
            Self::HawkId if !text.is_empty() && !gateway::is_hawk_id(text) => Err(fault(quoted(text))),
            _ if !chars.contains(&count) => Err(fault(format!("{count} characters"))),
            _ => Ok(()),
        }
    }
}

/// Checks the look of an address. What was written is never repeated: it may hold a password.
fn address(text: &str) -> Result<(), Fault> {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"));
    match rest {
        _ if text.is_empty() => Ok(()),
        _ if text.contains('@') => Err(fault("one with a user name or password; remove everything up to the @")),
        _ if text.contains(['?', '#']) => Err(fault("one with ? or #; remove everything from there on")),
        Some(rest)
            if !rest.is_empty()
                && !rest.starts_with(['/', ':'])
                && !rest.contains(|c: char| c.is_whitespace() || c == '\\') =>
        {
            Ok(())
        }
        _ => Err(fault("text that is no web address")),
    }
}

fn is_relative_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_graphic() && !"?#%\\@:".contains(c);
    let part = |part: &str| !matches!(part, "" | "." | "..");
    let path = text.strip_prefix('/').unwrap_or(text);
    let path = path.strip_suffix('/').unwrap_or(path);
    path.chars().all(plain) && path.split('/').all(part)
}

fn is_payment_type(text: &str) -> bool {
    text.is_empty() || text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// What a pattern is put between, so that it fits the whole of a text.
const WHOLE_FROM: &str = r"\A(?:";
const WHOLE_TO: &str = r")\z";

/// Compiles a pattern so that all of a scan must fit. Without the anchors `A1|A12` would find only `A1` in `A12`, and a
/// bill slip could pass for a payment code.
fn regex_of(text: &str) -> Result<Option<Regex>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let alone = Regex::new(text).map_err(|error| {
        let why = error.to_string();
        let last = why.lines().last().unwrap_or_default();
        fault(format!("{} ({})", quoted(text), last.trim_start_matches("error: ")))
    })?;
    let whole = Regex::new(&format!("{WHOLE_FROM}{text}{WHOLE_TO}")).unwrap_or(alone);
    if whole.is_match("") {
        return Err(fault(format!("{}, which fits it", quoted(text))));
    }
    Ok(Some(whole))
}

/// A pattern as it stands in the settings; empty for none.
pub(crate) fn pattern_text(pattern: Option<&Regex>) -> &str {
    let whole = pattern.map_or("", Regex::as_str);
    whole.strip_prefix(WHOLE_FROM).and_then(|inner| inner.strip_suffix(WHOLE_TO)).unwrap_or(whole)
}

fn words_of(list: &Array, never: &[&str]) -> Result<Vec<String>, Fault> {
    let word = |value: &Value| {
        let text = text_of(value).map_err(|f| f.at(value))?.trim();
        let refused = |found: String| Err(fault(found).at(value));
        if text.is_empty() {
            return refused("an empty word".into());
        }
        if text.chars().count() > WORD_CHARS || text.chars().any(char::is_control) {
            return refused(format!("a word of more than {WORD_CHARS} characters, or with a line break"));
        }
        if never.iter().any(|banned| banned.eq_ignore_ascii_case(text)) {
            return refused(quoted(text));
        }
        Ok(text.to_owned())
    };
    list.iter().map(word).collect()
}

fn businesses_of(list: &Array) -> Result<Vec<Business>, Fault> {
    let mut taken: Vec<Business> = Vec::new();
    for value in list {
        let number = value.as_integer().ok_or_else(|| other(value).at(value))?;
        let business = u8::try_from(number)
            .ok()
            .and_then(|n| Business::try_from(n).ok())
            .ok_or_else(|| fault(number.to_string()).at(value))?;
        if taken.contains(&business) {
            return Err(fault(format!("{number} twice")).at(value));
        }
        taken.push(business);
    }
    if taken.is_empty() {
        return Err(fault("an empty list"));
    }
    Ok(taken)
}

fn text_of(value: &Value) -> Result<&str, Fault> {
    value.as_str().ok_or_else(|| other(value))
}

fn list_of(value: &Value) -> Result<&Array, Fault> {
    value.as_array().ok_or_else(|| other(value))
}

/// A value of another type than the one that is allowed.
fn other(value: &Value) -> Fault {
    fault(match value {
        Value::String(_) => "text",
        Value::Integer(_) => "a number",
        Value::Float(_) => "a number with a decimal point",
        Value::Boolean(_) => "true or false",
        Value::Datetime(_) => "a date or time",
        Value::Array(_) => "a list",
        Value::InlineTable(_) => "a table in braces",
    })
}

fn fault(found: impl Into<String>) -> Fault {
    Fault { at: None, found: found.into() }
}

impl Fault {
    fn at(mut self, value: &Value) -> Self {
        self.at = value.span();
        self
    }
}

fn quoted(text: &str) -> String {
    const SHOWN: usize = 40;
    let cut = text.chars().count() > SHOWN;
    let begin: String = text.chars().take(SHOWN).collect();
    format!("{:?}", if cut { begin + "…" } else { begin })
}

pub(super) const fn text(least: usize, most: usize, form: Form, store: fn(&mut Config, String)) -> Kind {
    Kind::Text { chars: RangeInclusive::new(least, most), form, store }
}

pub(super) const fn flag(store: fn(&mut Config, bool)) -> Kind {
    Kind::Flag { store }
}

pub(super) const fn number(least: u32, most: u32, store: fn(&mut Config, u32)) -> Kind {
    Kind::Number { range: RangeInclusive::new(least, most), store }
}

pub(super) const fn choice(words: &'static [Word]) -> Kind {
    Kind::Choice { words }
}

pub(super) const fn amount(store: fn(&mut Config, Amount)) -> Kind {
    Kind::Amount { store }
}

pub(super) const fn pattern(store: fn(&mut Config, Option<Regex>)) -> Kind {
    Kind::Pattern { store }
}

pub(super) const fn words(never: &'static [&'static str], store: fn(&mut Config, Vec<String>)) -> Kind {
    Kind::Words { never, store }
}
