//! Killed at any moment, or told by the disk that a write failed: every acknowledged record is there.
//!
//! The child processes are this test binary again, told by an environment variable what to be.
#![cfg(unix)]

mod support;

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use journal::{AppendError, ReadError, verify};
use support::*;

const FOLDER: &str = "JOURNAL_TEST_FOLDER";

/// Appends for ever, and says after each commit which record it was.
#[test]
fn child_appends() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let opened = journal::Journal::open(Path::new(&folder), journal::Stem::Journal, &options()).expect("opens");
    assert_eq!(opened.found.gate, None);
    let mut journal = opened.journal;
    let first = journal.head().seq;
    for n in 0_u32.. {
        let n = (first as u32) * 1000 + n;
        for records in [vec![intent(n)], paid(n)] {
            match journal.append(&records) {
                Ok(head) => say(&format!("{} {}", head.seq, head.hash)),
                Err(error) => {
                    assert!(matches!(error, AppendError::Unknown { .. }), "{error:?}");
                    assert!(matches!(journal.append(&[lost(n)]), Err(AppendError::Unknown { .. })));
                    assert!(matches!(journal.append(&[]), Err(AppendError::Unknown { .. })));
                    assert!(matches!(journal.idle(), Err(AppendError::Unknown { .. })));
                    assert!(matches!(journal.books(), Err(ReadError::Unsure)));
                    say("unsure");
                    return;
                }
            }
            if n % 7 == 3 {
                journal.idle().expect("idle");
            }
        }
    }
}

#[test]
fn killed_at_any_moment_every_acknowledged_record_is_there() {
    let folder = Folder::new();
    let mut acknowledged = Vec::new();
    for round in 0..12_u64 {
        let mut child = spawn(folder.path(), "exec \"$0\" \"$@\"");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let enough = acknowledged.len() + (round as usize * 5) % 23 + 1;
        while acknowledged.len() < enough {
            take(lines.next(), &mut acknowledged);
        }
        std::thread::sleep(Duration::from_micros(round * 137 % 900));
        child.kill().expect("kills");
        child.wait().expect("ends");
        for line in lines {
            take(Some(line), &mut acknowledged);
        }

        let (journal, found) = folder.open();
        assert_eq!(found.gate, None, "round {round}");
        assert!(found.notes.is_empty(), "round {round}: {:?}", found.notes);
        let &(last, _) = acknowledged.last().expect("some");
        let head = journal.head().seq;
        assert!((last..=last + 2).contains(&head), "round {round}: {last} acknowledged, {head} there");
        drop(journal);
        let report = verify(&folder.file("journal.db")).expect("verifies");
        assert!(report.is_whole() && !report.caches_wrong, "{report}");
    }
    let mut head = journal::Head::EMPTY;
    let mut there = std::collections::HashMap::new();
    for body in bodies(&folder.file("journal.db")) {
        head = head.then(&body);
        there.insert(head.seq, head.hash.to_string());
    }
    for (seq, hash) in acknowledged {
        assert_eq!(there.get(&seq), Some(&hash), "record {seq}");
    }
    let kept = std::fs::read_dir(folder.path()).expect("folder").flatten();
    let kept = kept.filter(|entry| entry.file_name().to_string_lossy().contains("wal-kept")).count();
    assert!((1..=3).contains(&kept), "{kept} copies of the log");
}

#[test]
fn after_an_unconfirmed_commit_nothing_works_until_it_is_opened_again() {
    let folder = Folder::new();
    // A write beyond the limit fails, and not with "the disk is full".
    let mut child = spawn(folder.path(), "trap '' XFSZ; ulimit -f 500; exec \"$0\" \"$@\"");
    let mut acknowledged = Vec::new();
    let mut unsure = false;
    for line in BufReader::new(child.stdout.take().expect("a pipe")).lines() {
        let line = line.expect("a line");
        unsure |= line.contains("unsure");
        take(Some(Ok(line)), &mut acknowledged);
    }
    assert!(child.wait().expect("ends").success());
    assert!(unsure && !acknowledged.is_empty());
    let (mut journal, found) = folder.open();
    assert_eq!(found.gate, None);
    let &(last, _) = acknowledged.last().expect("some");
    assert!((last..=last + 2).contains(&found.head.seq), "nothing acknowledged is lost");
    journal.append(&[intent(999_999)]).expect("it goes on");
}

#[test]
fn the_witness_has_not_seen_what_was_not_committed() {
    for stands in [false, true] {
        let folder = Folder::new();
        let mut journal = folder.open().0;
        let head = journal.append(&[intent(1)]).expect("appends");
        journal.break_next_commit(stands);
        assert!(matches!(journal.append(&[intent(2)]), Err(AppendError::Unknown { .. })));
        drop(journal);
        let (mut journal, found) = folder.open();
        assert_eq!(found.gate, None, "a commit that failed is no cut end");
        assert_eq!(found.head.seq, head.seq + i64::from(stands));
        journal.append(&[intent(3)]).expect("it goes on");
    }
}

#[test]
fn the_log_of_a_crash_is_in_the_file_before_anything_is_accepted() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    for n in 0..30 {
        journal.append(&[intent(n)]).expect("appends");
    }
    let crashed = folder.copy();
    let log = |folder: &Folder| std::fs::metadata(folder.file("journal.db-wal")).expect("a log").len();
    assert!(log(&crashed) > 200_000);
    let (_journal, found) = crashed.open();
    assert_eq!(found.head.seq, 30);
    assert!(log(&crashed) < 20_000, "emptied; only the mark of the check is new");
}

fn spawn(folder: &Path, shell: &str) -> Child {
    Command::new("sh")
        .args(["-c", shell])
        .arg(std::env::current_exe().expect("this program"))
        .args(["--exact", "child_appends", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("starts")
}

fn say(line: &str) {
    let mut out = std::io::stdout();
    out.write_all(format!("\n> {line}\n").as_bytes()).expect("says");
    out.flush().expect("says");
}

fn take(line: Option<std::io::Result<String>>, acknowledged: &mut Vec<(i64, String)>) {
    let line = line.expect("the child speaks").expect("a line");
    let Some((seq, hash)) = line.strip_prefix("> ").and_then(|said| said.split_once(' ')) else {
        return;
    };
    if hash.len() == 64 {
        acknowledged.push((seq.parse().expect("a number"), hash.to_owned()));
    }
}
