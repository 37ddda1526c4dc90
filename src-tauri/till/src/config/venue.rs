//! The settings that a venue changes on the screen: which they are, how they stand in the file, and the file with others.
//!
//! Only the values themselves are exchanged in the file's text: every comment, blank and unknown form stays byte for byte.

use serde::{Deserialize, Serialize};
use specta::Type;
use toml_edit::{Array, Document, DocumentMut, Item, Table, Value};

use checkout::event::SettingChange;

use super::kind::{Form, Kind};
use super::problem::{ConfigError, Problem};
use super::table::{KEYS, Key};
use super::{Config, creating, reading};

/// Whose leave a change on the screen needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Leave {
    /// Nobody's.
    Nobody,
    /// A supervisor who is signed in.
    Supervisor,
}

/// The settings on the screen, in the order of the file. Keys, paths, signatures and the rules of recharges are changed in
/// the file alone.
pub const ON_THE_SCREEN: [(&str, Leave); 19] = [
    ("window.id", Leave::Supervisor),
    ("window.name", Leave::Supervisor),
    ("window.language", Leave::Nobody),
    ("window.businesses", Leave::Supervisor),
    ("window.lock_after_minutes", Leave::Supervisor),
    ("gateway.base_url", Leave::Supervisor),
    ("gateway.allow_http", Leave::Supervisor),
    ("gateway.ca_file", Leave::Supervisor),
    ("gateway.payment_type", Leave::Supervisor),
    ("limits.amount_max", Leave::Supervisor),
    ("limits.amount_ask", Leave::Supervisor),
    ("limits.bill_length_max", Leave::Supervisor),
    ("limits.bill_pattern", Leave::Supervisor),
    ("limits.card_pattern", Leave::Supervisor),
    ("scanner.source", Leave::Supervisor),
    ("scanner.port", Leave::Supervisor),
    ("scanner.baud", Leave::Supervisor),
    ("scanner.key_gap_ms", Leave::Supervisor),
    ("scanner.quiet_gap_ms", Leave::Supervisor),
];

/// One setting as the screen shows it. Values are texts; a list has commas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct SettingView {
    /// Section and name: `gateway.base_url`.
    pub key: String,
    /// As it stands in the file.
    pub value: String,
    /// What it is when it is missing.
    pub default: String,
    /// What it may hold.
    pub allowed: Allowed,
    /// Whose leave a change needs.
    pub leave: Leave,
}

/// A new value for one setting.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Type)]
pub struct NewValue {
    /// Section and name.
    pub key: String,
    /// As typed.
    pub value: String,
}

/// What is wrong with one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct SettingProblem {
    /// Section and name; empty where the whole file is meant.
    pub key: String,
    /// The value is allowed by itself and does not go with another one.
    pub together: bool,
    /// What is allowed and what was found, in English.
    pub text: String,
}

/// What a value may be, for a sentence in the screen's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Allowed {
    /// Any text of a length.
    Text {
        /// Fewest characters.
        least: u32,
        /// Most characters.
        most: u32,
    },
    /// A web address, or empty.
    Address,
    /// The path of a file, or empty.
    File,
    /// Two letters or digits, or empty.
    PaymentType,
    /// `auto` or a serial port.
    Port,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Number {
        /// Least.
        least: u32,
        /// Most.
        most: u32,
    },
    /// One of some words.
    Choice {
        /// The words.
        words: Vec<String>,
    },
    /// Yuan.
    Amount,
    /// A regular expression, or empty.
    Pattern,
    /// Business types, at least one, none twice.
    Businesses,
}

/// A file's text with other values in it.
#[derive(Debug)]
pub(crate) struct Edited {
    /// The whole new text.
    pub text: String,
    /// What is different, in the order of the file.
    pub changes: Vec<SettingChange>,
    /// The settings in force with these changes, and nothing else that the file may say by now.
    pub config: Config,
}

/// The settings of the screen, as a file has them.
pub(crate) fn shown(text: &str, file: &str) -> Result<Vec<SettingView>, ConfigError> {
    reading::read(text, file)?;
    let text = without_mark(text);
    let document = parsed(text.1, file)?;
    let view = |(key, leave): (&'static Key, Leave)| SettingView {
        key: key.path(),
        value: found(document.as_table(), key).map_or_else(|| default_of(key), plain),
        default: default_of(key),
        allowed: allowed(&key.kind),
        leave,
    };
    Ok(keys().map(view).collect())
}

/// Whether anything that is asked for needs a supervisor.
pub(crate) fn needs_supervisor(values: &[NewValue]) -> bool {
    values.iter().any(|value| !ON_THE_SCREEN.iter().any(|(key, leave)| *key == value.key && *leave == Leave::Nobody))
}

/// The file with these values, checked by the rules of the start; `in_force` is what the till works with now.
pub(crate) fn edited(
    text: &str,
    file: &str,
    values: &[NewValue],
    in_force: &Config,
) -> Result<Edited, Vec<SettingProblem>> {
    let whole = |error: ConfigError| error.problems.into_iter().map(problem).collect::<Vec<_>>();
    let (mark, mut fresh) = {
        let (mark, rest) = without_mark(text);
        (mark.to_owned(), rest.to_owned())
    };
    let (mut changes, mut config, mut problems) = (Vec::new(), in_force.clone(), Vec::new());
    for (key, _) in keys() {
        let Some(wanted) = values.iter().find(|value| value.key == key.path()) else { continue };
        let value = value_of(&key.kind, &wanted.value);
        if let Err(fault) = key.kind.take(&value, &mut config) {
            let text = format!("must be {}, found {}", key.kind.allowed(), fault.found);
            problems.push(SettingProblem { key: key.path(), together: false, text });
            continue;
        }
        let document = parsed(&fresh, file).map_err(whole)?;
        let before = found(document.as_table(), key).map_or_else(|| default_of(key), plain);
        let to = plain(&value);
        if before == to {
            continue;
        }
        fresh = with_value(&fresh, &document, key, &value);
        changes.push(SettingChange { key: key.path(), from: before, to });
    }
    if let Some(unknown) = values.iter().find(|value| !ON_THE_SCREEN.iter().any(|(key, _)| *key == value.key)) {
        let text = "is changed in the file alone".into();
        problems.push(SettingProblem { key: unknown.key.clone(), together: false, text });
    }
    if problems.is_empty() {
        reading::read(&fresh, file).map_err(whole)?;
        let text = mark + &creating::touched(&fresh);
        return Ok(Edited { text, changes, config });
    }
    Err(problems)
}

fn keys() -> impl Iterator<Item = (&'static Key, Leave)> {
    let on_screen =
        |key: &'static Key| ON_THE_SCREEN.iter().find(|(path, _)| *path == key.path()).map(|(_, l)| (key, *l));
    KEYS.iter().filter_map(on_screen)
}

/// The byte order mark that some editors write, and the rest.
fn without_mark(text: &str) -> (&str, &str) {
    text.split_at(if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 })
}

fn parsed<'a>(text: &'a str, file: &str) -> Result<Document<&'a str>, ConfigError> {
    Document::parse(text).map_err(|error| Problem::in_file(file, None, error.message()).into())
}

fn found<'a>(root: &'a Table, key: &Key) -> Option<&'a Value> {
    root.get(key.section)?.as_table_like()?.get(key.name)?.as_value()
}

/// The text with one value exchanged where it stands, or added to its section.
fn with_value(text: &str, document: &Document<&str>, key: &Key, value: &Value) -> String {
    let place = found(document.as_table(), key).and_then(Value::span);
    if let Some(place) = place {
        return format!("{}{value}{}", &text[..place.start], &text[place.end..]);
    }
    let Ok(mut open) = text.parse::<DocumentMut>() else { return text.to_owned() };
    let section = open.entry(key.section).or_insert(Item::Table(Table::new()));
    if let Some(table) = section.as_table_like_mut() {
        table.insert(key.name, Item::Value(value.clone()));
    }
    let added = open.to_string();
    if text.contains("\r\n") { added.replace("\r\n", "\n").replace('\n', "\r\n") } else { added }
}

fn value_of(kind: &Kind, text: &str) -> Value {
    let text = if matches!(kind, Kind::Pattern { .. }) { text } else { text.trim() };
    match kind {
        Kind::Flag { .. } => text.parse::<bool>().map(Value::from).unwrap_or_else(|_| text.into()),
        Kind::Number { .. } => text.parse::<i64>().map(Value::from).unwrap_or_else(|_| text.into()),
        Kind::Businesses { .. } => {
            let parts = text.split([',', '，', ' ']).map(str::trim).filter(|part| !part.is_empty());
            Value::Array(
                parts.map(|part| part.parse::<i64>().map_or_else(|_| part.into(), Value::from)).collect::<Array>(),
            )
        }
        _ => text.into(),
    }
}

/// A value as a person types it.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.value().clone(),
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Integer(number) => number.value().to_string(),
        Value::Boolean(flag) => flag.value().to_string(),
        other => other.to_string().trim().to_owned(),
    }
}

fn default_of(key: &Key) -> String {
    key.default.parse::<Value>().map_or_else(|_| key.default.to_owned(), |value| plain(&value))
}

fn problem(problem: Problem) -> SettingProblem {
    let line = problem.line.filter(|_| problem.key.is_none()).map(|line| format!("line {line}: ")).unwrap_or_default();
    SettingProblem { key: problem.key.unwrap_or_default(), together: true, text: line + &problem.text }
}

fn allowed(kind: &Kind) -> Allowed {
    let small = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    match kind {
        Kind::Text { chars, form, .. } => match form {
            Form::Address => Allowed::Address,
            Form::File => Allowed::File,
            Form::PaymentType => Allowed::PaymentType,
            Form::Port => Allowed::Port,
            _ => Allowed::Text { least: small(*chars.start()), most: small(*chars.end()) },
        },
        Kind::Flag { .. } => Allowed::Flag,
        Kind::Number { range, .. } => Allowed::Number { least: *range.start(), most: *range.end() },
        Kind::Choice { words } => Allowed::Choice { words: words.iter().map(|(word, _)| (*word).to_owned()).collect() },
        Kind::Amount { .. } => Allowed::Amount,
        Kind::Pattern { .. } => Allowed::Pattern,
        Kind::Businesses { .. } => Allowed::Businesses,
        Kind::Words { .. } => Allowed::Text { least: 0, most: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(key: &str, value: &str) -> NewValue {
        NewValue { key: key.into(), value: value.into() }
    }

    fn edit(text: &str, values: &[NewValue]) -> Result<String, Vec<SettingProblem>> {
        edited(text, "wicket.toml", values, &Config::default()).map(|edited| edited.text)
    }

    #[test]
    fn every_setting_on_the_screen_is_one_of_the_file() {
        assert_eq!(keys().count(), ON_THE_SCREEN.len());
        assert!(keys().all(|(key, _)| !matches!(key.kind, Kind::Words { .. }) && !key.section.contains("auth")));
    }

    #[test]
    fn nothing_but_the_value_changes_in_the_text() {
        let before = "\u{feff}# 一号窗口的设置\r\n[ window ]  # here\r\n  id   = 'W01' # never again\r\nname=\"a\"\r\n\r\n\
                      [gateway]\r\nbase_url =   \"https://old.example/\"   # the line\r\n[scanner]\r\nbaud = 9_600 \r\n";
        let values =
            [new("window.id", "W02"), new("gateway.base_url", "https://new.example/p/"), new("scanner.baud", "19200")];
        let after = edit(before, &values).expect("allowed");
        let wanted = before
            .replace("'W01'", "\"W02\"")
            .replace("https://old.example/", "https://new.example/p/")
            .replace("9_600", "19200");
        assert_eq!(after, wanted);
        // The same again is no change at all.
        let again = edited(&after, "f", &values, &Config::default()).expect("allowed");
        assert_eq!((again.text, again.changes), (after, Vec::new()));
    }

    #[test]
    fn a_missing_key_or_section_is_added_and_the_rest_stays() {
        let before =
            "# top\r\n[gateway]\r\n# why\r\nreply_timeout_ms = 3000 # short\r\n\r\n[gateway.auth]\r\nid = \"\"\r\n";
        let values = [
            new("gateway.payment_type", "WX"),
            new("window.businesses", "7, 1"),
            new("limits.bill_pattern", r"T\d{8}"),
        ];
        let after = edit(before, &values).expect("allowed");
        for kept in ["# top\r\n", "# why\r\nreply_timeout_ms = 3000 # short\r\n", "[gateway.auth]\r\nid = \"\"\r\n"] {
            assert!(after.contains(kept), "{kept:?} in {after}");
        }
        assert!(!after.replace("\r\n", "").contains('\n'));
        let config = Config::parse(&after, "f").expect("good");
        assert_eq!(config.gateway.settings.payment_type, "WX");
        assert_eq!(config.window.businesses.len(), 2);
        assert!(config.limits.bill_pattern.is_some_and(|pattern| pattern.is_match("T12345678")));
    }

    #[test]
    fn dotted_and_inline_forms_are_edited_where_they_stand() {
        let before = "window.id = \"W01\"\nscanner = { source = \"auto\", baud = 9600 } # inline\n";
        let after = edit(before, &[new("window.id", "W9"), new("scanner.source", "keyboard")]).expect("allowed");
        assert_eq!(after, "window.id = \"W9\"\nscanner = { source = \"keyboard\", baud = 9600 } # inline\n");
    }

    #[test]
    fn a_value_is_refused_by_the_rules_of_the_start_with_its_key() {
        let cases = [
            (new("window.id", ""), false),
            (new("window.businesses", "1, 1"), false),
            (new("gateway.base_url", "gateway.example"), false),
            (new("gateway.base_url", "http://gateway.example/"), true),
            (new("limits.amount_max", "0"), false),
            (new("limits.bill_pattern", "["), false),
            (new("scanner.baud", "fast"), false),
            (new("scanner.source", "camera"), false),
            (new("gateway.charge_path", "api/other"), false),
            (new("gateway.auth.id", "x"), false),
        ];
        for (value, together) in cases {
            let problems = edit("", std::slice::from_ref(&value)).expect_err(&value.value);
            assert!(problems.iter().any(|p| p.key == value.key && p.together == together), "{value:?}: {problems:?}");
        }
        // What somebody broke in the file meanwhile is named, and nothing is saved over it.
        let problems = edit("[polling]\nmin_gap_ms = 5\n", &[new("window.id", "W02")]).expect_err("broken");
        assert_eq!(problems[0].key, "polling.min_gap_ms");
    }

    #[test]
    fn only_what_was_asked_for_comes_into_force() {
        let text = "[window]\nid = \"W01\"\n[polling]\nmin_gap_ms = 5000 # edited by hand meanwhile\n";
        let edited = edited(text, "f", &[new("window.id", "W02")], &Config::default()).expect("allowed");
        assert_eq!((edited.config.window.id.as_str(), edited.config.polling.min_gap_ms), ("W02", 1_000));
    }
}
