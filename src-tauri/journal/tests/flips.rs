//! One bit of one byte changed behind the till's back, byte after byte through every file of a journal: found, or harmless.
//! A share that changes from day to day on every run; every byte with `FLIPS=all`.

mod support;

use std::fs;
use std::time::{SystemTime, UNIX_EPOCH};

use journal::{Audit, verify};
use support::*;

/// One byte in so many is changed on a run.
const SHARE: usize = 157;

#[derive(Debug, Default)]
struct Tally {
    refused: usize,
    shut: usize,
    found_behind: usize,
    noted: usize,
    harmless: usize,
}

/// Thirteen records in the file and six more: in the log only, as a crash leaves them, or in the file as well.
fn a_journal(crashed: bool) -> Folder {
    let folder = Folder::in_memory();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    journal.idle().expect("idle");
    for n in 6..=7 {
        journal.append(&[intent(n)]).expect("appends");
        journal.append(&paid(n)).expect("appends");
    }
    if !crashed {
        drop(journal);
    }
    folder.copy()
}

fn bytes_of_this_run(size: usize) -> impl Iterator<Item = usize> {
    let all = std::env::var("FLIPS").is_ok_and(|word| word == "all");
    let day = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() / 86_400) as usize;
    let (first, step) = if all { (0, 1) } else { (day % SHARE, SHARE) };
    (first..size).step_by(step)
}

#[test]
fn every_byte_flipped_in_a_crashed_journal_is_found_or_harmless() {
    flip(&a_journal(true), &["journal.db", "journal.db-wal", "journal.witness", "secret"]);
}

#[test]
fn every_byte_flipped_in_a_closed_journal_is_found_or_harmless() {
    flip(&a_journal(false), &["journal.db"]);
}

#[allow(clippy::print_stdout, reason = "the report says what became of each")]
fn flip(whole: &Folder, names: &[&str]) {
    let sound = whole.copy();
    drop(sound.open());
    let before = bodies(&sound.file("journal.db"));
    assert_eq!(before.len(), 19);
    for name in names {
        let bytes = fs::read(whole.file(name)).expect("a file");
        let mut tally = Tally::default();
        for at in bytes_of_this_run(bytes.len()) {
            let harmed = whole.copy();
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at / 7 % 8);
            fs::write(harmed.file(name), &changed).expect("writes");
            look(&harmed, &before, &mut tally).unwrap_or_else(|what| panic!("{name}, byte {at}: {what}"));
        }
        println!("{name}, {} bytes: {tally:?}", bytes.len());
    }
}

fn look(harmed: &Folder, before: &[String], tally: &mut Tally) -> Result<(), String> {
    let opened = match harmed.try_open() {
        Err(error) if error.to_string().is_empty() => return Err("it is refused without a word".into()),
        Err(_) => {
            tally.refused += 1;
            return Ok(());
        }
        Ok(opened) if opened.found.gate.is_some() => {
            tally.shut += 1;
            return Ok(());
        }
        Ok(opened) => opened,
    };
    let mut journal = opened.journal;
    let audited = audit(&mut journal);
    drop(journal);
    if matches!(audited, Audit::Broken(_)) {
        tally.found_behind += 1;
        return Ok(());
    }
    let report = verify(&harmed.file("journal.db")).map_err(|error| error.to_string())?;
    let after = bodies(&harmed.file("journal.db"));
    if !report.is_whole() || report.caches_wrong || !after.starts_with(before) {
        return Err(format!("{audited:?}, {} of {} records, {report}", after.len(), before.len()));
    }
    match after.len() == before.len() {
        true => tally.harmless += 1,
        false => tally.noted += 1,
    }
    Ok(())
}
