//! A calm run over the real journal, without a fault, that makes it large: what only size can break.

use std::fmt::Display;
use std::time::Instant;

use checkout::event::{Event, Said, Why};
use checkout::{
    Amount, AutoId, BillNumber, Business, ChargeId, CodeTail, Intent, Operator, Record, State, Subject, Wall,
};
use journal::{Journal, Options, Stem};

use crate::ground::print;
use crate::scenario::code;

/// Charges in one transaction: the till commits each step alone, but a million flushes would measure the disk.
const BATCH: u64 = 500;

fn records(n: u64, at: Wall) -> Vec<Record> {
    let secret = code(n);
    let intent = Intent {
        bill: BillNumber::parse(&format!("T{n}"), 20).expect("a bill"),
        amount: Amount::from_fen(1 + i64::try_from(n % 500_000).unwrap_or(0)).expect("an amount"),
        business: Business::Tickets,
        operator: Operator::parse("S0107").expect("an operator"),
        card: None,
        wallet: "wechat".into(),
        code: CodeTail::of(&secret),
        fingerprint: print(&secret),
    };
    let autoid = AutoId::new(&format!("66|0|{n}")).expect("a serial");
    let moved = |to, why| Event::Moved { to, why, text: String::new() };
    let said = Said::Word { word: "USERPAYING".into() };
    let events = [
        Event::Intent(intent),
        Event::Receipt { autoid },
        moved(State::Confirming, Why::CustomerMustAct),
        Event::Answered { said },
        moved(State::Paid, Why::PaidByQuery),
    ];
    let subject = || Subject::Charge(ChargeId(format!("{n:026}")));
    events.into_iter().map(|event| Record { at, subject: subject(), event }).collect()
}

fn words(error: impl Display) -> String {
    error.to_string()
}

/// Writes so many paid charges, opens the journal again, checks all of it, and says how long that took.
///
/// # Errors
/// What the journal lost, or said.
pub fn journal(charges: u64) -> Result<String, String> {
    let dir = tempfile::tempdir().map_err(words)?;
    let at = Wall::parse_from_rfc3339("2026-11-22T09:00:00+08:00").map_err(words)?;
    let options = Options { ballast: 0, ..Options::new(at) };
    let began = Instant::now();
    let mut open = Journal::open(dir.path(), Stem::Journal, &options).map_err(words)?;
    for first in (0..charges).step_by(usize::try_from(BATCH).unwrap_or(1)) {
        let batch: Vec<Record> = (first..charges.min(first + BATCH)).flat_map(|n| records(n, at)).collect();
        open.journal.append(&batch).map_err(words)?;
        open.journal.idle().map_err(words)?;
    }
    let (written, head) = (began.elapsed(), open.journal.head());
    drop(open);
    let size = std::fs::metadata(dir.path().join("journal.db")).map_err(words)?.len();
    let began = Instant::now();
    let open = Journal::open(dir.path(), Stem::Journal, &options).map_err(words)?;
    let opened = began.elapsed();
    if open.journal.head() != head || open.found.gate.is_some() {
        return Err(format!(
            "opened again it ends at {:?} instead of {head:?}: {:?}",
            open.journal.head(),
            open.found.gate
        ));
    }
    let books = open.journal.books().map_err(words)?;
    for n in [0, charges / 2, charges - 1] {
        let bill = BillNumber::parse(&format!("T{n}"), 20).map_err(words)?.key();
        let past = books.bill_past(&bill).map_err(words)?;
        let used = books.used_by(&print(&code(n))).map_err(words)?;
        if past.len() != 1 || past[0].state != State::Paid || used.as_ref() != Some(&past[0].id) {
            return Err(format!("charge {n} is not found again: {past:?}"));
        }
    }
    let began = Instant::now();
    drop(open);
    let report = journal::verify(&dir.path().join("journal.db")).map_err(words)?;
    let checked = began.elapsed();
    let megabytes = size / 1_000_000;
    Ok(format!(
        "{charges} charges, {} records, {megabytes} MB: written in {} s, opened again in {} ms, chain verified in {} ms ({:?})",
        head.seq,
        written.as_secs(),
        opened.as_millis(),
        checked.as_millis(),
        report.first_bad,
    ))
}
