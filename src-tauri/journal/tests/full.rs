//! A full disk: nothing new begins, what is in flight ends, and nothing is half written.

mod support;

use checkout::refusal::Gate;
use journal::{AppendError, Journal, OpenError, Options, Room, Stem};
use support::*;

fn tight(max_pages: u32) -> Options {
    Options { max_pages: Some(max_pages), ballast: 50_000, ..options() }
}

fn fill(journal: &mut Journal) -> u32 {
    for n in 1.. {
        match journal.append(&[intent(n), lost(n)]) {
            Ok(_) => {}
            Err(AppendError::Full) => return n,
            Err(other) => panic!("{other:?}"),
        }
    }
    0
}

#[test]
fn full_is_clean_and_over_when_there_is_room_again() {
    let folder = Folder::new();
    let opened = Journal::open(folder.path(), Stem::Journal, &tight(40)).expect("opens");
    let mut journal = opened.journal;
    let refused = fill(&mut journal);
    let head = journal.head();
    assert!(refused > 5 && head.seq == i64::from(refused - 1) * 2);
    // Reading goes on, and so does the witness.
    let books = journal.books().expect("books");
    assert_eq!(books.pending().expect("pending").len(), refused as usize - 1);
    assert_eq!(books.used_by(&fingerprint(refused)).expect("read"), None);
    assert!(matches!(journal.append(&[intent(refused)]), Err(AppendError::Full)));
    drop(journal);

    let (mut journal, found) = folder.open();
    assert_eq!((found.gate, found.head), (None, head));
    journal.append(&[intent(refused)]).expect("there is room again");
}

#[test]
fn the_ballast_is_given_up_only_for_charges_in_flight() {
    let folder = Folder::new();
    let opened = Journal::open(folder.path(), Stem::Journal, &tight(40)).expect("opens");
    let mut journal = opened.journal;
    assert!(folder.file("ballast").exists());
    fill(&mut journal);
    assert!(folder.file("ballast").exists());
    let many: Vec<_> = (1..400).map(|_| lost(1)).collect();
    let outcome = journal.append_in_flight(&many);
    // The stand-in stays as full as it was; what matters is that the ballast is gone and the try was clean.
    assert!(matches!(outcome, Err(AppendError::Full)), "{outcome:?}");
    assert!(!folder.file("ballast").exists());
    assert!(journal.room().expect("room").held, "laid again where there is room");
}

#[test]
fn new_charges_need_the_ballast_and_as_much_again() {
    let room = |free, held| Room { free, ballast: 10, held };
    assert_eq!(room(10, true).gate(), None);
    assert_eq!(room(9, true).gate(), Some(Gate::DiskFull));
    assert_eq!(room(19, false).gate(), Some(Gate::DiskFull));
}

#[test]
fn below_the_ballast_no_new_charge_begins() {
    let folder = Folder::new();
    let options = Options { ballast: u64::MAX / 4, ..options() };
    let opened = Journal::open(folder.path(), Stem::Journal, &options).expect("opens");
    assert_eq!(opened.found.gate, Some(Gate::DiskFull));
    assert!(!folder.file("ballast").exists());
    let mut journal = opened.journal;
    journal.append_in_flight(&[intent(1)]).expect("what is in flight ends");
}

#[test]
fn a_journal_that_cannot_even_open_says_that_the_disk_is_full() {
    let folder = Folder::new();
    let error = Journal::open(folder.path(), Stem::Journal, &tight(3)).err().expect("refuses");
    assert!(matches!(error, OpenError::Full { .. }), "{error:?}");
    assert!(error.to_string().contains("Free some space"));
    assert_eq!(folder.open().1.gate, None, "a first start that failed is begun anew");
}

/// A really full disk: a small file system of its own, where this user may mount one.
#[cfg(target_os = "linux")]
mod small_disk {
    use std::path::PathBuf;
    use std::process::Command;

    use super::*;

    const FOLDER: &str = "JOURNAL_TEST_SMALL_DISK";

    fn small() -> Option<(PathBuf, Options)> {
        let options = Options { ballast: 120_000, ..options() };
        Some((std::env::var_os(FOLDER)?.into(), options))
    }

    /// Fills the disk up to the last byte, and is killed.
    #[test]
    fn child_fills_the_disk() {
        let Some((folder, options)) = small() else {
            return;
        };
        let opened = Journal::open(&folder, Stem::Journal, &options).expect("opens");
        assert_eq!(opened.found.gate, None);
        let mut journal = opened.journal;
        std::fs::write(folder.join("other"), vec![7; 100_000]).expect("somebody else's file");
        std::fs::write(folder.join("head"), "its place").expect("a place for the answer");
        let mut shut_at = None;
        let mut last = 0;
        for n in 1.. {
            if shut_at.is_none() && journal.room().expect("room").gate().is_some() {
                shut_at = Some(n);
            }
            match journal.append(&[intent(n)]) {
                Ok(_) => last = n,
                Err(AppendError::Full) => break,
                Err(other) => panic!("{other:?}"),
            }
        }
        assert!(shut_at.is_some_and(|n| n < last), "the gate shut first: {shut_at:?} {last}");
        let head = journal.head();
        let ended = journal.append_in_flight(&paid(1)).expect("the ballast lets it end");
        assert_eq!(ended.seq, head.seq + 2);
        assert!(!folder.join("ballast").exists());
        assert_eq!(journal.room().expect("room").gate(), Some(Gate::DiskFull));
        while journal.append(&[lost(2)]).is_ok() {}
        std::fs::write(folder.join("head"), journal.head().seq.to_string())
            .unwrap_or_else(|_| panic!("no room for a few bytes"));
        std::process::abort();
    }

    /// Starts again on that disk.
    #[test]
    fn child_starts_on_a_full_disk() {
        let Some((folder, options)) = small() else {
            return;
        };
        let expected = std::fs::read_to_string(folder.join("head")).expect("the other child got there");
        let opened = Journal::open(&folder, Stem::Journal, &options).expect("opens");
        assert_eq!(opened.found.gate, Some(Gate::DiskFull));
        assert_eq!(opened.found.head.seq.to_string(), expected);
        let mut journal = opened.journal;
        let open = journal.books().expect("books").open_charges().expect("open");
        assert!(open.len() > 2, "what is pending is shown");
        assert!(matches!(journal.append_in_flight(&[lost(3)]), Err(AppendError::Full)));
        std::fs::remove_file(folder.join("other")).expect("removes");
        journal.append_in_flight(&[lost(3)]).expect("room was made, so it goes on");
    }

    #[test]
    fn a_really_full_disk_lets_charges_in_flight_end_and_the_journal_start() {
        let folder = Folder::new();
        let script = format!(
            "mount -t tmpfs -o size=700k none \"${FOLDER}\" || exit 77; \
             \"$0\" --exact small_disk::child_fills_the_disk --nocapture; \
             exec \"$0\" --exact small_disk::child_starts_on_a_full_disk --nocapture"
        );
        let outcome = Command::new("unshare")
            .args(["-rm", "sh", "-c", &script])
            .arg(std::env::current_exe().expect("this program"))
            .env(FOLDER, folder.path())
            .output();
        let Ok(outcome) = outcome else {
            return; // No such tool here.
        };
        let told = String::from_utf8_lossy(&outcome.stderr).into_owned();
        if outcome.status.code() == Some(77) || told.contains("unshare") {
            return; // This user may not mount anything.
        }
        assert!(outcome.status.success(), "{told}");
    }
}
