//! docs/states.md says of every state what the rules do, word for word and number for number.

use checkout::{Charge, Dice, Record, Settings, State, Word, schedule, settle};
use serde_json::{Value, json};

use crate::files;

const PAPER: &str = "docs/states.md";
const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// The cells of the rows below a heading, header and rule left out.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let text = &files::named(PAPER).text;
    let part = text.split(&format!("\n## {heading}\n")).nth(1);
    let part = part.unwrap_or_else(|| panic!("{PAPER} has no part “{heading}”"));
    let part = part.split("\n## ").next().unwrap_or_default();
    let lines = part.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    lines.skip(2).map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect()
}

/// What stands between backticks.
fn spans(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

fn word_of<'a>(row: &[&'a str]) -> &'a str {
    spans(row[0]).first().copied().unwrap_or_default()
}

fn rows(heading: &str) -> impl Iterator<Item = (State, Vec<&'static str>)> {
    let rows = table(heading);
    let written: Vec<&str> = rows.iter().map(|row| word_of(row)).collect();
    assert_eq!(written, State::ALL.map(State::word), "{PAPER}, “{heading}”: every state once, in this order");
    State::ALL.into_iter().zip(rows)
}

fn yes(cell: &str) -> bool {
    match cell {
        "yes" => true,
        "no" => false,
        other => panic!("{PAPER}: {other} is neither yes nor no"),
    }
}

fn record(subject: Value, event: Value) -> Record {
    let mut record = json!({"at": "2026-11-22T09:00:00+08:00", "subject": subject});
    if let (Some(all), Value::Object(event)) = (record.as_object_mut(), event) {
        all.extend(event);
    }
    serde_json::from_value(record).expect("a record")
}

/// A charge in this state, by the records that lead there.
fn charge(state: State, business: u8) -> Charge {
    let intent = json!({
        "bill": "T1", "amount": "260.00", "business": business, "operator": "S0107", "card": null,
        "wallet": "wechat", "code": "13…6789", "fingerprint": "ab",
    });
    let named = |event: &str| {
        let mut named = intent.clone();
        named["event"] = event.into();
        named
    };
    let first = match state {
        State::Beginning => named("beginning"),
        State::UnmatchedSuccess => {
            json!({"event": "unmatched", "bill": "T1", "autoid": null, "met_by": "01J1", "like": intent})
        }
        _ => named("intent"),
    };
    let mut events = vec![first];
    if !matches!(state, State::Beginning | State::UnmatchedSuccess | State::Sending) {
        events.push(json!({"event": "moved", "to": state.word(), "why": {"why": "paid-by-query"}}));
    }
    let records: Vec<Record> = events.into_iter().map(|event| record(json!({"charge": "01J0"}), event)).collect();
    let charge = Charge::replay(&records).expect("a charge");
    assert_eq!(charge.state, state);
    charge
}

#[test]
fn the_marks_are_those_of_the_rules() {
    for (state, row) in rows("What is seen and decided") {
        let marks = [state.is_undecided(), state.is_pending(), state.is_watched(), state.blocks_bill()];
        let written = [yes(row[3]), yes(row[4]), yes(row[5]), yes(row[6])];
        assert_eq!(written, marks, "{PAPER}, {state}: undecided, pending, watched, keeps the bill");
        let charge = charge(state, 1);
        assert_eq!((charge.is_pending(), charge.is_watched()), (written[1], written[2]), "{PAPER}, {state}");
    }
}

#[test]
fn a_supervisor_may_decide_what_stands_there() {
    let allowed = |charge: &Charge| settle::allowed(charge).iter().map(|word| word.word()).collect::<Vec<_>>();
    for (state, row) in rows("What is seen and decided") {
        let (tickets, recharge) = (charge(state, 1), charge(state, 7));
        assert_eq!(spans(row[7]), allowed(&tickets), "{PAPER}, {state}: may be settled as");
        if row[8] == "the same" {
            let same = (allowed(&tickets), tickets.is_pending()) == (allowed(&recharge), recharge.is_pending());
            assert!(same, "{PAPER}, {state}: a recharge without End is {:?}", allowed(&recharge));
        } else {
            assert_eq!(spans(row[8]), allowed(&recharge), "{PAPER}, {state}: a recharge without End");
            assert_eq!(
                row[8].starts_with("pending"),
                recharge.is_pending(),
                "{PAPER}, {state}: a recharge without End"
            );
        }
    }
}

#[test]
fn the_cashier_reads_these_words() {
    for (state, row) in rows("What is seen and decided") {
        for (language, written) in [("zh-CN", row[1]), ("en", row[2])] {
            let shown = shown(&format!("ui/src/i18n/{language}.states.ts"), state.word(), "word");
            assert_eq!(written, shown, "{PAPER}, {state} in {language}");
        }
    }
}

#[test]
fn the_special_words_are_those_of_the_screen() {
    let text = &files::named(PAPER).text;
    let part = text.split("\nSome charges read otherwise").nth(1).expect("the special words");
    let lines = part.lines().skip_while(|line| !line.starts_with('|')).skip(2).take_while(|line| line.starts_with('|'));
    let rows: Vec<Vec<&str>> = lines.map(|line| line.trim_matches('|').split('|').map(str::trim).collect()).collect();
    let known = files::named("ui/src/i18n/zh-CN.desk.ts").text.split("const special = {").nth(1);
    let known = known.and_then(|rest| rest.split("\n};").next()).expect("the special words of the screen");
    assert_eq!(rows.len(), known.matches("    word: ").count(), "{PAPER}: every special word has its row");
    for row in rows {
        for (language, written) in [("zh-CN", row[1]), ("en", row[2])] {
            let shown = shown(&format!("ui/src/i18n/{language}.desk.ts"), word_of(&row), "word");
            assert_eq!(written, shown, "{PAPER}, {} in {language}", row[0]);
        }
    }
}

#[test]
fn the_decisions_are_those_of_the_screen() {
    let rows = table("Decisions");
    let written: Vec<&str> = rows.iter().map(|row| word_of(row)).collect();
    assert_eq!(written, Word::ALL.map(Word::word), "{PAPER}: every decision once, in this order");
    for row in rows {
        for (language, name) in [("zh-CN", row[1]), ("en", row[2])] {
            let shown = shown(&format!("ui/src/i18n/{language}.words.ts"), word_of(&row), "name");
            assert_eq!(name, shown, "{PAPER}, {} in {language}", row[0]);
        }
        let to = State::ALL.into_iter().find(|state| spans(row[3]) == [state.word()]);
        assert!(to.is_some(), "{PAPER}: {} leads to a state", row[0]);
    }
}

/// The text of one member of an entry in a language file.
fn shown(path: &str, key: &str, member: &str) -> String {
    let text = &files::named(path).text;
    let key = if key.contains('-') { format!("'{key}'") } else { key.to_owned() };
    let entry = text.split(&format!("\n  {key}: {{")).nth(1).unwrap_or_else(|| panic!("{path} has no {key}"));
    let value = entry.split(&format!("{member}: '")).nth(1).unwrap_or_else(|| panic!("{path}: {key} has no {member}"));
    let mut shown = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next().filter(|c| *c != '\'') {
        shown.extend(if c == '\\' { chars.next() } else { Some(c) });
    }
    shown
}

#[test]
fn what_is_sent_fits_the_state() {
    let known: Vec<&str> = State::ALL.map(State::word).into_iter().chain(Word::ALL.map(Word::word)).collect();
    for (state, row) in rows("What is sent, and what ends it") {
        let says = |words: &str| row[1].contains(words);
        let asked = state.is_undecided() && state != State::Sending;
        let (begins, credits) = (state == State::Beginning, state == State::Recharging);
        let told = [says("queries"), says("after-watch"), says("Begin"), says("End"), says("the charge")];
        let sends = [asked, state.is_watched(), begins, credits, state == State::Sending];
        assert_eq!(told, sends, "{PAPER}, {state}: queries, after-watch, Begin, End, the charge");
        assert_eq!(row[1] == "nothing", sends == [false; 5], "{PAPER}, {state}");
        for word in spans(row[2]) {
            assert!(known.contains(&word), "{PAPER}, {state}: {word} is neither a state nor a decision");
        }
        for word in settle::allowed(&charge(state, 1)) {
            let told = spans(row[2]).contains(&word.word());
            assert!(told, "{PAPER}, {state}: a supervisor's {} ends it too", word.word());
        }
    }
}

#[test]
fn the_pauses_between_queries_are_those_of_the_schedule() {
    let settings = Settings::default();
    let rows = table("Queries about an undecided charge");
    assert_eq!(rows.len(), 6, "{PAPER}: one row for each pace");
    for row in rows {
        let (from, pause) = (number(row[0]), number(row[1]));
        let drawn = |age| (0..500).map(move |seed| (age, Dice(seed)));
        let gaps: Vec<u64> = drawn(from).map(|(age, mut dice)| schedule::gap(&settings, age, &mut dice)).collect();
        let (least, most) = (gaps.iter().min().copied(), gaps.iter().max().copied());
        let near = |found: Option<u64>, wanted: u64| found.is_some_and(|found| found.abs_diff(wanted) <= wanted / 50);
        assert!(near(least, pause) && near(most, pause + pause / 5), "{PAPER}: from {}: {least:?} to {most:?}", row[0]);
        if from > 0 {
            let before = schedule::gap(&settings, from - 1, &mut Dice(0));
            assert!(before < pause, "{PAPER}: the pace of {} begins earlier", row[0]);
        }
    }
}

#[test]
fn the_numbers_are_those_of_the_code() {
    for row in table("Numbers") {
        let [file, name] = spans(row[2])[..] else { panic!("{PAPER}: {} names a file and a constant", row[0]) };
        let written: Vec<u64> = row[1].split(", ").map(number).collect();
        let known = match file {
            "wicket.toml" => setting(name),
            file => constant(file, name),
        };
        assert_eq!(written, known, "{PAPER}: {} ({file}, {name})", row[0]);
    }
}

/// A time in milliseconds, or a count of something.
fn number(text: &str) -> u64 {
    let (digits, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number: u64 = digits.parse().unwrap_or_else(|_| panic!("{PAPER}: {text} is no number"));
    let unit = match unit {
        "s" => SECOND,
        "min" => MINUTE,
        "h" => HOUR,
        "d" => DAY,
        _ => 1,
    };
    number * unit
}

fn setting(path: &str) -> Vec<u64> {
    let key = till::config::KEYS.iter().find(|key| key.path() == path);
    vec![key.and_then(|key| key.default.parse().ok()).unwrap_or_else(|| panic!("no number is set at {path}"))]
}

/// The value of a constant as its file has it: products of numbers and named times.
fn constant(file: &str, name: &str) -> Vec<u64> {
    let text = &files::named(file).text;
    let found = text.lines().find(|line| line.contains(&format!("const {name}:")));
    let value = found.and_then(|line| line.split_once('=')).map(|(_, value)| value.trim().trim_end_matches(';'));
    let value = value.unwrap_or_else(|| panic!("{file} has no {name} on one line"));
    let (value, unit) = match value.strip_prefix("Duration::from_secs(") {
        Some(seconds) => (seconds.trim_end_matches(')'), SECOND),
        None => (value, if name.ends_with("_S") { SECOND } else { 1 }),
    };
    value
        .trim_matches(['[', ']'])
        .split(", ")
        .map(|product| unit * product.split(" * ").map(factor).product::<u64>())
        .collect()
}

fn factor(text: &str) -> u64 {
    match text {
        "SECOND" => SECOND,
        "MINUTE" => MINUTE,
        "HOUR" => HOUR,
        "DAY" => DAY,
        digits => digits.replace('_', "").parse().unwrap_or_else(|_| panic!("{digits} is no number")),
    }
}
