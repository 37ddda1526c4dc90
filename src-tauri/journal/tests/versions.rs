//! A journal of an earlier form: the records stay as they are, and everything newer is there after a start.

mod support;

use std::fs;

use checkout::refusal::Gate;
use checkout::{Event, State};
use journal::{Audit, HistoryFilter, Journal, Reader, verify};
use rusqlite::Connection;
use support::*;

/// The witness of `version-1.sql`.
const WITNESS: &str = "wicket-witness 1 00000000000000000009 7fea30792bd158c3df070b20ba33de4b69e91feb7fbe3b2f727edac66ea6ef5a 32e645ab378ec9f7\n";

fn version_1() -> Folder {
    let folder = Folder::new();
    let conn = Connection::open(folder.file("journal.db")).expect("opens");
    conn.execute_batch(include_str!("support/version-1.sql")).expect("makes it");
    drop(conn);
    fs::write(folder.file("journal.witness"), WITNESS).expect("writes");
    fs::write(folder.file("secret"), "0".repeat(64)).expect("writes");
    folder
}

fn version(folder: &Folder) -> i64 {
    let conn = Connection::open(folder.file("journal.db")).expect("opens");
    conn.pragma_query_value(None, "user_version", |row| row.get(0)).expect("a version")
}

fn pending(journal: &Journal) -> Vec<State> {
    journal.books().expect("books").pending().expect("pending").into_iter().map(|charge| charge.state).collect()
}

#[test]
fn a_journal_of_version_1_is_brought_up_with_its_records_unchanged() {
    let folder = version_1();
    let before = bodies(&folder.file("journal.db"));
    let (mut journal, found) = folder.open();
    assert_eq!((found.gate, found.notes.len(), found.head.seq), (None, 0, 9));
    assert!(found.secret.is_some());
    let books = journal.books().expect("books");
    assert_eq!(books.history(&HistoryFilter::default()).expect("history").len(), 3);
    let till = books.till_records().expect("till");
    assert!(matches!(&till[..], [one] if matches!(&one.event, Event::PinSet { name, .. } if name == "王主管")));
    // The paid recharge owes its credit, which version 1 did not know.
    assert_eq!(pending(&journal), [State::Paid, State::Checking]);
    journal.append(&[beginning(4), scanned(4, 4)]).expect("newer records");
    assert_eq!(audit(&mut journal), Audit::Clean);
    drop(journal);
    assert_eq!(version(&folder), 3, "so that an older program refuses");
    assert_eq!(bodies(&folder.file("journal.db"))[..9], before);
    assert_eq!(folder.open().1.gate, None, "the schema is that of a new file");
}

#[test]
fn a_copy_of_version_1_is_read_and_verified_as_it_is() {
    let folder = version_1();
    let file = folder.file("journal.db");
    let before = fs::read(&file).expect("reads");
    let report = verify(&file).expect("verifies");
    assert!(report.is_whole() && !report.caches_wrong, "{report}");
    let reader = Reader::open(&file).expect("opens");
    assert_eq!(reader.books().pending().expect("pending").len(), 2);
    assert_eq!(reader.books().till_records().expect("till").len(), 1);
    assert_eq!(fs::read(&file).expect("reads"), before);
}

#[test]
fn a_damaged_journal_of_version_1_still_opens_and_says_where() {
    for damage in [
        "UPDATE records SET body = replace(body, '2026', '2027') WHERE seq = 3",
        "UPDATE records SET hash = zeroblob(32) WHERE seq = 3",
    ] {
        let folder = version_1();
        folder.tamper(damage);
        let (mut journal, found) = folder.open();
        assert_eq!(found.gate, Some(Gate::BrokenChain { record: 3 }), "{damage}");
        assert_eq!(journal.books().expect("books").till_records().expect("till").len(), 1);
        journal.append_in_flight(&[moved(3, State::Parked, checkout::event::Why::FrontWindowOver)]).expect("appends");
        drop(journal);
        assert_eq!(verify(&folder.file("journal.db")).expect("verifies").first_bad, Some(3), "{damage}");
    }
}

#[test]
fn a_body_that_is_no_json_stops_neither_the_new_form_nor_the_check() {
    let folder = version_1();
    let file = folder.file("journal.db");
    let mut bytes = fs::read(&file).expect("reads");
    let serial = b"\"autoid\":\"A1\"";
    let place = bytes.windows(serial.len()).position(|window| window == serial).expect("record 3");
    bytes[place] = b'x';
    fs::write(&file, bytes).expect("writes");
    let (journal, found) = folder.open();
    assert_eq!(found.gate, Some(Gate::BrokenChain { record: 3 }));
    assert_eq!(journal.books().expect("books").till_records().expect("till").len(), 1);
}
