//! A file's text into settings: every key checked against the table, every problem with its line.

use std::net::IpAddr;
use std::ops::Range;
use std::path::Path;

use toml_edit::{Document, Item, TableLike};

use super::Config;
use super::nearest::nearest;
use super::problem::{ConfigError, Problem, unreadable};
use super::sections::{AuthScheme, RechargeBegin};
use super::table::{KEYS, Key};

/// A file's text. Editors on Windows save in the system's code page or as UTF-16 when not told otherwise.
pub(super) fn text_of(path: &Path) -> Result<String, ConfigError> {
    let shown = path.display().to_string();
    let bytes = std::fs::read(path).map_err(|e| ConfigError::file(&shown, unreadable(&e)))?;
    String::from_utf8(bytes).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let line = 1 + error.as_bytes()[..valid].iter().filter(|b| **b == b'\n').count();
        Problem::in_file(&shown, Some(line), "the text is not UTF-8; save the file with the encoding UTF-8").into()
    })
}

pub(super) fn read(text: &str, file: &str) -> Result<Config, ConfigError> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let document = Document::parse(text).map_err(|error| {
        let line = error.span().map(|span| line_of(text, span.start));
        let why = error
            .message()
            .lines()
            .map(str::trim)
            .collect::<Vec<_>>()
            .join(", ");
        Problem::in_file(
            file,
            line,
            format!("this cannot be read as TOML ({why}); write a key as name = value, a text in quotes, and a Windows path in 'single quotes'"),
        )
    })?;
    let mut reading = Reading { text, file, config: Config::default(), placed: Vec::new(), problems: Vec::new() };
    reading.section("", document.as_table());
    reading.between_keys();
    reading.problems.sort_by_key(|problem| problem.line);
    if reading.problems.is_empty() { Ok(reading.config) } else { Err(ConfigError { problems: reading.problems }) }
}

struct Reading<'a> {
    text: &'a str,
    file: &'a str,
    config: Config,
    /// The keys that stand in the file, with their lines.
    placed: Vec<(&'static Key, Option<usize>)>,
    problems: Vec<Problem>,
}

impl Reading<'_> {
    fn section(&mut self, section: &str, table: &dyn TableLike) {
        for (name, item) in table.iter() {
            let path = if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") };
            let written = table.key(name).and_then(|key| key.span());
            let line = self.line(written.or_else(|| item.span()));
            if is_section(&path) {
                match item.as_table_like() {
                    Some(inner) => self.section(&path, inner),
                    None => {
                        self.refuse(line, &path, format!("must be a section, written [{path}] on a line of its own"))
                    }
                }
            } else if let Some(key) = KEYS.iter().find(|k| k.section == section && k.name == name) {
                self.placed.push((key, line));
                self.value(key, item, line);
            } else {
                self.unknown(section, &path, item, line);
            }
        }
    }

    fn value(&mut self, key: &Key, item: &Item, line: Option<usize>) {
        let (part, found) = match item.as_value() {
            Some(value) => match key.kind.take(value, &mut self.config) {
                Ok(()) => return,
                Err(fault) => (fault.at.or_else(|| value.span()), fault.found),
            },
            None => (None, "a section".into()),
        };
        let line = self.line(part).or(line);
        let text = format!("must be {}, found {found}", key.kind.allowed());
        self.refuse(line, &key.path(), text);
    }

    fn unknown(&mut self, section: &str, path: &str, item: &Item, line: Option<usize>) {
        let what = if item.is_table() || item.is_array_of_tables() { "section" } else { "key" };
        let known = match nearest(section, path) {
            Some(near) => format!("did you mean {near}?"),
            None if section.is_empty() => format!("the sections are {}", sections().join(", ")),
            None => {
                let names: Vec<_> = KEYS.iter().filter(|k| k.section == section).map(|k| k.name).collect();
                format!("[{section}] has {}", names.join(", "))
            }
        };
        self.refuse(line, path, format!("there is no such {what}; {known}"));
    }

    /// What several keys must keep between them.
    fn between_keys(&mut self) {
        self.credentials();
        let window_begins = self.config.recharge.begin == RechargeBegin::Window;
        if window_begins && self.config.gateway.settings.payment_type.is_empty() {
            self.refuse_key(
                "recharge.begin",
                "must be \"upstream\" while gateway.payment_type is empty, found \"window\": a recharge's Begin names the payment type; set gateway.payment_type to the platform's two letters or digits, or let the selling system begin recharges",
            );
        }
        let gateway = &self.config.gateway.settings;
        if !gateway.allow_http && is_plain_http_elsewhere(&gateway.base_url) {
            self.refuse_key(
                "gateway.base_url",
                "must be an https address, found plain http to another machine, which shows payment codes to the network; use https, or set allow_http = true if the line itself is safe",
            );
        }
        let gateway = &self.config.gateway.settings;
        let paths = [
            ("gateway.charge_path", gateway.charge_path.clone()),
            ("gateway.query_path", gateway.query_path.clone()),
            ("gateway.recharge_begin_path", gateway.recharge_begin_path.clone()),
            ("gateway.recharge_end_path", gateway.recharge_end_path.clone()),
        ];
        for (i, (first, path)) in paths.iter().enumerate() {
            // The platform ignores letter case; a query sent to the charge's path could charge.
            let twin = paths[i + 1..]
                .iter()
                .find(|(_, other)| other.trim_matches('/').eq_ignore_ascii_case(path.trim_matches('/')));
            if let Some((second, _)) = twin {
                let at = if self.line_of_key(second).is_some() { second } else { first };
                self.refuse_key(
                    at,
                    &format!("must be another path: {first} and {second} are the same, and each operation has its own"),
                );
            }
        }
    }

    /// Signing with Hawk takes an id and a key.
    fn credentials(&mut self) {
        let auth = &self.config.gateway.auth;
        if auth.scheme != AuthScheme::Hawk {
            return;
        }
        let missing = [
            ("gateway.auth.id", auth.id.is_empty(), "the platform's name for this till"),
            ("gateway.auth.key_file", auth.key_file.is_empty(), "the path of the file that holds the Hawk key"),
        ];
        for (key, _, what) in missing.into_iter().filter(|(_, empty, _)| *empty) {
            // A key that does not stand in the file is missed where signing is asked for.
            let line = self.line_of_key(key).or_else(|| self.line_of_key("gateway.auth.scheme"));
            let text = format!(
                "must be {what} while gateway.auth.scheme is \"hawk\", found empty text; with \"none\" requests are not signed"
            );
            self.refuse(line, key, text);
        }
    }

    fn refuse_key(&mut self, path: &str, text: &str) {
        self.refuse(self.line_of_key(path), path, text.into());
    }

    fn refuse(&mut self, line: Option<usize>, path: &str, text: String) {
        self.problems.push(Problem { key: Some(path.into()), ..Problem::in_file(self.file, line, text) });
    }

    fn line_of_key(&self, path: &str) -> Option<usize> {
        let placed = self.placed.iter().find(|(key, _)| key.path() == path);
        placed.and_then(|(_, line)| *line)
    }

    fn line(&self, span: Option<Range<usize>>) -> Option<usize> {
        span.map(|span| line_of(self.text, span.start))
    }
}

fn line_of(text: &str, position: usize) -> usize {
    let before = text.as_bytes().iter().take(position);
    1 + before.filter(|b| **b == b'\n').count()
}

fn is_section(path: &str) -> bool {
    KEYS.iter().any(|key| key.section == path)
}

/// The names of the sections, in the order of the file.
pub(super) fn sections() -> Vec<&'static str> {
    let mut names: Vec<_> = KEYS.iter().map(|key| key.section).collect();
    names.dedup();
    names
}

fn is_plain_http_elsewhere(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let Some(rest) = lower.strip_prefix("http://") else {
        return false;
    };
    let authority = rest.split('/').next().unwrap_or_default();
    let host = match authority.strip_prefix('[') {
        Some(six) => six.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    host != "localhost" && !host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}
