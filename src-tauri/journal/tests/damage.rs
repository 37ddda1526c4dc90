//! Whatever changes in the files behind the till's back is found, or does no harm.

mod support;

use std::fs;

use checkout::refusal::Gate;
use journal::{Audit, OpenError, verify};
use support::*;

/// Thirteen records, closed.
fn a_closed_morning() -> Folder {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    folder
}

#[test]
fn every_changed_removed_or_moved_row_is_found_before_a_charge() {
    let whole = a_closed_morning();
    for n in 1..=13 {
        let swap = if n == 13 { 12 } else { n + 1 };
        for sql in [
            format!("UPDATE records SET body = replace(body, '2026-06-01', '2026-06-02') WHERE seq = {n}"),
            format!("UPDATE records SET hash = zeroblob(32) WHERE seq = {n}"),
            format!("DELETE FROM records WHERE seq = {n}"),
            format!(
                "UPDATE records SET seq = 99 WHERE seq = {n}; UPDATE records SET seq = {n} WHERE seq = {swap}; \
                 UPDATE records SET seq = {swap} WHERE seq = 99"
            ),
        ] {
            let folder = whole.copy();
            folder.tamper(&sql);
            let (mut journal, found) = folder.open();
            match found.gate {
                Some(Gate::BrokenChain { record }) => {
                    assert!((1..=n).contains(&record), "{sql}: {record}")
                }
                Some(Gate::BehindWitness { journal: 12, witness: 13 }) => assert!(sql.starts_with("DELETE")),
                other => panic!("{sql}: {other:?}"),
            }
            // Charges in flight still end, and that hides nothing.
            journal.append_in_flight(&[lost(5)]).expect("appends");
            drop(journal);
            assert!(folder.open().1.gate.is_some(), "{sql}: still shut");
        }
    }
}

#[test]
fn a_change_before_the_verified_mark_is_found_in_the_background_and_at_every_later_start() {
    let folder = a_closed_morning();
    drop(folder.open());
    folder.tamper("UPDATE records SET body = body || ' ' WHERE seq = 4");
    let (mut journal, found) = folder.open();
    assert_eq!(found.gate, None, "the start looks at what is new only");
    let broken = Gate::BrokenChain { record: 4 };
    assert_eq!(audit(&mut journal), Audit::Broken(broken.clone()));
    drop(journal);
    assert_eq!(folder.open().1.gate, Some(broken.clone()));
    assert_eq!(folder.open().1.gate, Some(broken));
}

#[test]
fn a_chain_forged_from_end_to_end_is_found_through_the_witness() {
    let folder = a_closed_morning();
    let bodies: Vec<String> =
        bodies(&folder.file("journal.db")).iter().map(|body| body.replace("260.03", "2.03")).collect();
    let mut head = journal::Head::EMPTY;
    let mut sql = String::from("DELETE FROM meta WHERE name = 'verified';");
    for body in &bodies {
        head = head.then(body);
        let body = body.replace('\'', "''");
        sql += &format!("UPDATE records SET body = '{body}', hash = x'{}' WHERE seq = {};", head.hash, head.seq);
    }
    folder.tamper(&sql);
    assert_eq!(folder.open().1.gate, Some(Gate::BrokenChain { record: 13 }));
    let report = verify(&folder.file("journal.db")).expect("verifies");
    assert_eq!(report.first_bad, Some(13));
    assert!(!report.is_whole());
}

#[test]
fn a_cut_tail_is_found_through_the_witness() {
    // One record is as much as many: it may be the intent of a charge.
    for end in [11, 12] {
        let folder = a_closed_morning();
        folder.tamper(&format!("DELETE FROM records WHERE seq > {end}"));
        let behind = Gate::BehindWitness { journal: end, witness: 13 };
        let (journal, found) = folder.open();
        assert_eq!(found.gate, Some(behind.clone()));
        assert!(journal.books().expect("books").open_charges().is_ok(), "readable");
        drop(journal);
        assert_eq!(folder.open().1.gate, Some(behind), "and it stays so");
        let report = verify(&folder.file("journal.db")).expect("verifies");
        assert_eq!(report.witness, journal::WitnessReport::Ahead { seen: 13 });
    }
}

#[test]
fn a_journal_deleted_beside_its_witness_is_found() {
    let folder = a_closed_morning();
    fs::remove_file(folder.file("journal.db")).expect("removes");
    let found = folder.open().1;
    assert_eq!(found.gate, Some(Gate::BehindWitness { journal: 0, witness: 13 }));
}

#[test]
fn a_missing_or_torn_witness_is_reported_noted_and_made_again() {
    for torn in [None, Some(&b"wicket-witness 1 000000"[..]), Some(&b""[..])] {
        let folder = a_closed_morning();
        match torn {
            None => fs::remove_file(folder.file("journal.witness")).expect("removes"),
            Some(bytes) => fs::write(folder.file("journal.witness"), bytes).expect("writes"),
        }
        let (journal, found) = folder.open();
        assert_eq!(found.gate, None);
        assert_eq!(found.notes.len(), 1);
        assert_eq!(found.head.seq, 14, "the note is a record");
        let noted = journal.books().expect("books").newest_noted("witness-rebuilt").expect("read");
        assert_eq!(noted.as_ref(), found.notes.first());
        drop(journal);
        let found = folder.open().1;
        assert!(found.notes.is_empty() && found.gate.is_none(), "once");
        folder.tamper("DELETE FROM records WHERE seq = 14");
        assert!(matches!(folder.open().1.gate, Some(Gate::BehindWitness { .. })), "it works again");
    }
}

#[test]
fn a_flipped_bit_in_the_log_loses_records_and_the_witness_tells() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    journal.idle().expect("idle");
    for n in 2..=4 {
        journal.append(&[intent(n)]).expect("appends");
    }
    // What a crash leaves: the files as they are while the journal is open.
    let crashed = folder.copy();
    assert_eq!(crashed.copy().open().1.gate, None, "unharmed, nothing is missing");
    let wal = fs::read(crashed.file("journal.db-wal")).expect("a log");
    assert!(wal.len() > 4 * 4096);
    for at in (0..wal.len()).step_by(211).chain(0..56) {
        let harmed = crashed.copy();
        let mut bytes = wal.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(harmed.file("journal.db-wal"), &bytes).expect("writes");
        let found = harmed.open().1;
        assert!(matches!(found.gate, Some(Gate::BehindWitness { witness: 4, .. })), "byte {at}: {:?}", found.gate);
        let kept = found.kept_wal.expect("the log was kept");
        assert_eq!(fs::read(kept).expect("reads"), bytes);
    }
}

#[test]
fn every_flipped_bit_in_the_file_is_found_or_harmless() {
    let folder = a_closed_morning();
    drop(folder.open());
    let db = fs::read(folder.file("journal.db")).expect("a file");
    let before = bodies(&folder.file("journal.db"));
    // Bytes that say something, and a few of those that do not.
    let telling: Vec<usize> = (0..db.len()).filter(|&at| db[at] != 0 || at % 401 == 0).collect();
    let (mut found_at_open, mut found_later, mut harmless) = (0, 0, 0);
    for &at in telling.iter().step_by(telling.len().div_ceil(450)).chain(&telling[..30]) {
        let harmed = folder.copy();
        let mut bytes = db.clone();
        bytes[at] ^= 1 << (at % 8);
        fs::write(harmed.file("journal.db"), &bytes).expect("writes");
        let opened = match harmed.try_open() {
            Ok(opened) if opened.found.gate.is_none() => opened,
            Ok(_) => {
                found_at_open += 1;
                continue;
            }
            Err(error) => {
                assert!(error.to_string().contains("journal.db"), "{error}");
                found_at_open += 1;
                continue;
            }
        };
        let mut journal = opened.journal;
        match audit(&mut journal) {
            Audit::Clean => harmless += 1,
            _ => {
                found_later += 1;
                continue;
            }
        }
        assert_eq!(journal.books().expect("books").open_charges().expect("open").len(), 1, "byte {at}");
        drop(journal);
        let report = verify(&harmed.file("journal.db")).expect("verifies");
        assert!(report.is_whole() && !report.caches_wrong, "byte {at}: {report}");
        assert_eq!(bodies(&harmed.file("journal.db")), before, "byte {at}");
    }
    assert!(found_at_open > 50 && found_later > 50, "{found_at_open} {found_later} {harmless}");
}

#[test]
fn caches_that_lie_are_found_in_the_background_and_made_again() {
    let whole = a_closed_morning();
    for lie in [
        "UPDATE charges SET open = 0",
        "UPDATE charges SET bill_key = 'X' WHERE id LIKE '%3'",
        "DELETE FROM charges WHERE id LIKE '%2'",
        "DELETE FROM fingerprints",
        "INSERT INTO fingerprints VALUES ('x', 'y')",
        "INSERT INTO charges SELECT 77, 'z', bill_key, bill, fen, business, operator, card, wallet, code, state, \
         autoid, sent_at, sent_on, moved_at, open, pending FROM charges LIMIT 1",
    ] {
        let folder = whole.copy();
        folder.tamper(lie);
        assert!(verify(&folder.file("journal.db")).expect("verifies").caches_wrong, "{lie}");
        let (mut journal, found) = folder.open();
        assert_eq!(found.gate, None, "the start does not look there");
        assert_eq!(audit(&mut journal), Audit::Repaired, "{lie}");
        assert_eq!(audit(&mut journal), Audit::Clean, "{lie}");
        let books = journal.books().expect("books");
        assert_eq!(books.open_charges().expect("open").len(), 1);
        assert!(books.newest_noted("caches-rebuilt").expect("read").is_some());
    }
}

#[test]
fn a_file_damaged_beyond_opening_refuses_with_a_sentence() {
    let folder = a_closed_morning();
    let path = folder.file("journal.db");
    let mut bytes = fs::read(&path).expect("a file");
    for byte in &mut bytes[100..] {
        *byte = 0xAA;
    }
    fs::write(&path, &bytes).expect("writes");
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::Damaged { .. }), "{error:?}");
    assert!(error.to_string().contains("call support"), "{error}");
    assert_eq!(fs::read(&path).expect("reads"), bytes, "left as it was");
}

#[test]
fn a_missing_trigger_shuts_the_gate() {
    let folder = a_closed_morning();
    let conn = rusqlite::Connection::open(folder.file("journal.db")).expect("opens");
    conn.execute_batch("DROP TRIGGER records_never_change").expect("drops");
    drop(conn);
    assert!(matches!(folder.open().1.gate, Some(Gate::JournalDown { .. })));
    assert!(!verify(&folder.file("journal.db")).expect("verifies").is_whole());
}

#[test]
fn a_whole_journal_is_clean() {
    let folder = a_closed_morning();
    assert_eq!(audit(&mut folder.open().0), Audit::Clean);
    let report = verify(&folder.file("journal.db")).expect("verifies");
    assert!(report.is_whole() && !report.caches_wrong, "{report}");
    assert_eq!((report.records, report.head.seq), (13, 13));
}
