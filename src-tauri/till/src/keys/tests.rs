//! What scanners send here, and that the page is told enough of it: cases that the page's own tests read as well.

use std::time::Duration;

use serde::Deserialize;

use super::*;

fn codes(bill: &str) -> Codes {
    Codes::of(&config(bill))
}

fn config(bill: &str) -> Config {
    let mut config = Config::default();
    config.limits.bill_pattern = (!bill.is_empty()).then(|| regex::Regex::new(bill).expect("a pattern"));
    config
}

#[test]
fn the_wallets_table_and_the_venues_patterns_are_the_shapes() {
    let plain = codes("");
    assert!(plain.whole("134567890123456789") && plain.whole(&format!("fp{}", "a".repeat(33))));
    assert!(!plain.whole("9912345678901234") && !plain.whole("B123456") && !plain.begins("B"));
    assert!(plain.begins("f") && !plain.begins("g"));
    let venue = codes("B?[0-9]{4,6}");
    assert!(venue.whole("B123456") && venue.whole("123456") && venue.begins("B"));
    assert!(!venue.whole("1234"), "hands can roll four keys");
}

/// `cases.json`, which `ui/tests/wedge.test.ts` plays to the page's guard.
#[derive(Deserialize)]
struct Table {
    venues: Vec<Venue>,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Venue {
    name: String,
    /// In the place of the wallets' table that ships.
    code_rules: Option<serde_json::Value>,
    /// What the page is told.
    typing: serde_json::Value,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    venue: String,
    /// Runs of keys, each key so many milliseconds after the one before; `\n` is Enter, a capital is typed with Shift.
    keys: Vec<(String, u64)>,
    typed: String,
    scans: Vec<String>,
    damaged: usize,
}

fn table() -> Table {
    serde_json::from_str(include_str!("cases.json")).expect("the cases are JSON")
}

impl Venue {
    fn config(&self) -> Config {
        let mut config = config(self.typing["bill_pattern"].as_str().expect("a pattern"));
        if let Some(rules) = &self.code_rules {
            config.code_rules = checkout::CodeRules::parse(&rules.to_string()).expect("a table of codes");
        }
        config
    }
}

#[test]
fn the_page_is_told_what_its_cases_say() {
    for venue in table().venues {
        let told = serde_json::to_value(typing_view(&venue.config())).expect("JSON");
        assert_eq!(told, venue.typing, "{}", venue.name);
    }
}

#[test]
fn the_detector_does_what_is_asked_of_the_page() {
    let Table { venues, cases } = table();
    for case in cases {
        let venue = venues.iter().find(|venue| venue.name == case.venue).expect("its venue");
        let (_sender, in_force) = watch::channel(Codes::of(&venue.config()));
        let mut watch = KeyWatch::new(in_force);
        let (mut typed, mut scans, mut damaged) = (String::new(), Vec::new(), 0);
        let mut take = |steps: Vec<Step<Option<char>>>| {
            for step in steps {
                match step {
                    Step::Deliver(c) => typed.extend(c),
                    Step::Scan(text, _) => scans.push(text.expose().to_owned()),
                    Step::Damaged(..) => damaged += 1,
                }
            }
        };
        let mut at = 1_000;
        for (c, gap) in case.keys.iter().flat_map(|(text, gap)| text.chars().map(move |c| (c, *gap))) {
            at += gap;
            while let Some(due) = watch.deadline().filter(|due| *due < Duration::from_millis(at)) {
                take(watch.tick(due));
            }
            for (code, down, event) in strokes(c) {
                let at = Duration::from_millis(at);
                take(watch.key(Key { device: 1, at, code, down, typed: None, ctrl: false, alt: false }, event));
            }
        }
        while let Some(due) = watch.deadline() {
            take(watch.tick(due));
        }
        assert_eq!((typed, scans, damaged), (case.typed, case.scans, case.damaged), "{}", case.name);
    }
}

/// What moves when this is typed; Shift is no text of its own.
fn strokes(c: char) -> Vec<(u16, bool, Option<char>)> {
    const SHIFT: u16 = 42;
    let rows = [(2, "1234567890-"), (16, "qwertyuiop"), (28, "\n"), (30, "asdfghjkl"), (44, "zxcvbnm")];
    let place = rows.iter().find_map(|(first, row)| {
        let at = row.find(c.to_ascii_lowercase())?;
        Some(first + u16::try_from(at).expect("a board is small"))
    });
    let code = place.expect("a key that the cases may use");
    let plain = vec![(code, true, Some(c)), (code, false, None)];
    if !c.is_ascii_uppercase() {
        return plain;
    }
    [vec![(SHIFT, true, None)], plain, vec![(SHIFT, false, None)]].concat()
}
