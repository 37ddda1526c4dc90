//! What the journal says about supervisors: everything their PINs and sessions are folded from, and nothing else.

mod support;

use checkout::{Event, Record, Subject};
use journal::{Audit, verify};
use support::*;

fn till(event: Event) -> Record {
    Record { at: at(1), subject: Subject::Till, event }
}

fn about_supervisors() -> Vec<Record> {
    let name = || "王主管".to_owned();
    vec![
        till(Event::PinSet { name: name(), hash: "argon2id$00$00".into(), by: String::new() }),
        till(Event::PinRefused { name: "pin-set".into() }),
        till(Event::SupervisorIn { name: name() }),
        till(Event::SupervisorOut { name: name() }),
        till(Event::PinRemoved { name: name(), by: name() }),
    ]
}

#[test]
fn exactly_the_records_about_supervisors_come_oldest_first() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    assert!(journal.books().expect("books").till_records().expect("none yet").is_empty());
    let mut expected = Vec::new();
    for (n, record) in (1..).zip(about_supervisors()) {
        journal.append(&[intent(n), till(Event::SignedOut), record.clone()]).expect("appends");
        expected.push(record);
    }
    let noted = |what: &str| till(Event::Noted { what: what.into(), text: "secret-replaced pin-set".into() });
    journal.append(&[noted("witness-rebuilt"), till(Event::Started { version: "pin-set".into() })]).expect("appends");
    journal.replace_secret(at(9), "王主管").expect("replaces");
    let found = journal.books().expect("books").till_records().expect("read");
    let (last, first) = found.split_last().expect("some");
    assert_eq!(first, expected);
    assert!(matches!(&last.event, Event::Noted { what, .. } if what == "secret-replaced"));
    assert_eq!(audit(&mut journal), Audit::Clean);
    journal.rebuild().expect("rebuilds");
    assert_eq!(journal.books().expect("books").till_records().expect("read"), found);
    drop(journal);
    assert_eq!(folder.open().0.books().expect("books").till_records().expect("read"), found);
    assert!(verify(&folder.file("journal.db")).expect("verifies").is_whole());
}

#[test]
fn an_index_that_hides_one_is_found_and_made_again() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&about_supervisors()).expect("appends");
    drop(journal);
    // The index is emptied under another condition and then given back its own words.
    folder.tamper(
        "CREATE TEMP TABLE kept AS SELECT sql FROM sqlite_schema WHERE name = 'records_supervisors';
         DROP INDEX records_supervisors;
         CREATE INDEX records_supervisors ON records (seq) WHERE seq < 0;
         PRAGMA writable_schema = ON;
         UPDATE sqlite_schema SET sql = (SELECT sql FROM kept) WHERE name = 'records_supervisors';
         PRAGMA writable_schema = OFF;",
    );
    let (mut journal, found) = folder.open();
    assert_eq!(found.gate, None, "a start trusts the index");
    assert!(journal.books().expect("books").till_records().expect("read").is_empty());
    assert_eq!(audit(&mut journal), Audit::Repaired);
    assert_eq!(journal.books().expect("books").till_records().expect("read"), about_supervisors());
}
