//! What the journal does not let happen, and the sentences it says then.

mod support;

use std::fs;

use checkout::Event;
use checkout::refusal::Gate;
use journal::{Journal, OpenError, Options, Stem};
use support::*;

#[test]
fn records_are_never_changed_deleted_replaced_or_put_out_of_order() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    drop(journal);
    let conn = rusqlite::Connection::open(folder.file("journal.db")).expect("opens");
    for sql in [
        "UPDATE records SET body = '{}' WHERE seq = 3",
        "UPDATE records SET seq = 99 WHERE seq = 13",
        "DELETE FROM records WHERE seq = 13",
        "DELETE FROM records",
        "INSERT OR REPLACE INTO records (seq, body, hash) VALUES (3, '{}', zeroblob(32))",
        "INSERT INTO records (seq, body, hash) VALUES (20, '{}', zeroblob(32))",
        "INSERT INTO records (seq, body, hash) VALUES (0, '{}', zeroblob(32))",
    ] {
        let refused = conn.execute(sql, []).expect_err(sql);
        assert!(refused.to_string().contains("append-only"), "{sql}: {refused}");
    }
}

#[test]
fn a_newer_journal_refuses_an_older_program_and_stays_as_it_is() {
    let folder = Folder::new();
    drop(folder.open());
    let conn = rusqlite::Connection::open(folder.file("journal.db")).expect("opens");
    conn.pragma_update(None, "user_version", 99).expect("sets");
    drop(conn);
    let before = fs::read(folder.file("journal.db")).expect("reads");
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error:?}");
    assert!(error.to_string().contains("Install the newer version"));
    assert_eq!(fs::read(folder.file("journal.db")).expect("reads"), before);
}

#[test]
fn a_file_that_is_no_journal_refuses_and_stays_as_it_is() {
    let folder = Folder::new();
    let path = folder.file("journal.db");
    fs::write(&path, "this is a letter to the venue, longer than a page header ".repeat(40)).expect("writes");
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::NotAJournal { .. }), "{error:?}");
    fs::remove_file(&path).expect("removes");
    let conn = rusqlite::Connection::open(&path).expect("opens");
    conn.execute_batch("CREATE TABLE somebody_elses (x)").expect("creates");
    drop(conn);
    let before = fs::read(&path).expect("reads");
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::NotAJournal { .. }), "{error:?}");
    assert_eq!(fs::read(&path).expect("reads"), before);
}

#[test]
fn a_second_opener_is_told_that_it_is_in_use() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::Locked { .. }), "{error:?}");
    assert!(error.to_string().contains("in use by another program"));
    journal.append(&[intent(1)]).expect("the first goes on");
    // Nor may anybody read it meanwhile, and no shared index lies about.
    let conn = rusqlite::Connection::open(folder.file("journal.db")).expect("opens");
    conn.busy_timeout(std::time::Duration::ZERO).expect("sets");
    assert!(conn.query_row("SELECT count(*) FROM records", [], |row| row.get::<_, i64>(0)).is_err());
    assert!(!folder.file("journal.db-shm").exists());
}

#[test]
fn a_place_that_cannot_be_written_refuses_with_a_sentence() {
    let folder = Folder::new();
    drop(folder.open());
    let file = folder.file("journal.db");
    let blocked = file.join("below");
    let error = Journal::open(&blocked, Stem::Journal, &options()).err().expect("refuses");
    assert!(matches!(error, OpenError::CannotOpen { .. }), "{error:?}");
    assert!(error.to_string().contains("this user may write there"));

    let mut permissions = fs::metadata(&file).expect("file").permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).expect("sets");
    if fs::File::options().write(true).open(&file).is_ok() {
        return; // A superuser writes everywhere.
    }
    let error = folder.try_open().err().expect("refuses");
    assert!(matches!(error, OpenError::ReadOnly { .. }), "{error:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_system_that_takes_no_files_refuses_with_a_sentence() {
    let error = Journal::open("/proc/self".as_ref(), Stem::Journal, &options()).err().expect("refuses");
    assert!(matches!(error, OpenError::CannotOpen { .. }), "{error:?}");
}

#[test]
fn a_wrong_or_missing_key_shuts_the_gate_and_no_key_is_made_in_silence() {
    let folder = Folder::new();
    let (mut journal, found) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    drop(journal);
    let own = found.secret.expect("a key").fingerprint("1");
    let kept = fs::read(folder.file("secret")).expect("reads");

    fs::remove_file(folder.file("secret")).expect("removes");
    let (mut journal, found) = folder.open();
    assert_eq!(found.gate, Some(Gate::WrongSecret));
    assert!(found.secret.is_none() && !folder.file("secret").exists());
    journal.append(&[lost(1)]).expect("open charges still end");
    drop(journal);

    for bytes in [&b"0000000000000000000000000000000000000000000000000000000000000000"[..], b"", b"rubbish"] {
        fs::write(folder.file("secret"), bytes).expect("writes");
        let found = folder.open().1;
        assert_eq!(found.gate, Some(Gate::WrongSecret));
        assert!(found.secret.is_none());
    }
    fs::write(folder.file("secret"), kept).expect("writes");
    let found = folder.open().1;
    assert_eq!(found.gate, None, "the right one put back");
    assert_eq!(found.secret.expect("a key").fingerprint("1"), own);
}

#[test]
fn another_key_is_accepted_by_an_act_that_leaves_its_trace() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    drop(journal);
    for there in [None, Some("ab".repeat(32))] {
        match &there {
            None => fs::remove_file(folder.file("secret")).expect("removes"),
            Some(key) => fs::write(folder.file("secret"), key).expect("writes"),
        }
        let (mut journal, found) = folder.open();
        assert_eq!(found.gate, Some(Gate::WrongSecret));
        let made = journal.replace_secret(at(100), "王主管").expect("replaces");
        let noted = journal.books().expect("books").newest_noted("secret-replaced").expect("read");
        assert!(matches!(noted.map(|n| n.event), Some(Event::Noted { text, .. }) if text.contains("王主管")));
        drop(journal);
        let found = folder.open().1;
        assert_eq!(found.gate, None);
        assert_eq!(found.secret.expect("a key").fingerprint("1"), made.fingerprint("1"));
    }
}

#[test]
fn a_new_journal_beside_an_old_one_makes_no_new_key() {
    let folder = Folder::new();
    drop(folder.open());
    fs::remove_file(folder.file("secret")).expect("removes");
    let options = Options { ballast: 0, ..options() };
    let training = Journal::open(folder.path(), Stem::Training, &options).expect("opens");
    assert_eq!(training.found.gate, Some(Gate::WrongSecret));
    assert!(!folder.file("secret").exists());
}
