//! What leaves the journal: exports, backup copies, and the reading of both.

mod support;

use checkout::settle::{Settlement, Word};
use checkout::{AutoId, Event, State};
use chrono::NaiveDate;
use journal::{COLUMNS, Export, Format, HistoryFilter, OpenError, ReadError, Reader, WitnessReport, verify};
use support::*;

fn export<'a>(format: Format) -> Export<'a> {
    Export { format, window: "W01", window_name: "1号窗口", from: None, to: None }
}

fn exported(folder: &Folder, export: &Export<'_>) -> (u64, Vec<u8>) {
    let (journal, _) = folder.open();
    let mut out = Vec::new();
    let count = journal.books().expect("books").export(export, &mut out).expect("exports");
    (count, out)
}

#[test]
fn csv_opens_with_its_mark_chinese_and_exact_amounts() {
    let folder = Folder::new();
    a_morning(&mut folder.open().0);
    let (count, bytes) = exported(&folder, &export(Format::Csv));
    assert_eq!(count, 5);
    let text = String::from_utf8(bytes).expect("text");
    let lines: Vec<&str> = text.strip_prefix('\u{feff}').expect("the mark").split("\r\n").collect();
    assert_eq!(lines[0], COLUMNS.join(","));
    assert_eq!(
        lines[1],
        format!(
            "W01,1号窗口,{},T1,260.01,1,1001,,微信,13…6789,paid,A1,2026-06-01T09:01:00.120+08:00,\
             2026-06-01T09:01:05.120+08:00,支付成功,,,",
            id(1)
        )
    );
    assert_eq!(lines.len(), 7, "five charges, a heading and the last line's end");
}

#[test]
fn no_field_from_outside_is_a_formula() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let evil = about(1, 0, Event::Intent(intent_of(1, "=1+1", 100)));
    let autoid = AutoId::new("@SUM(A1)").expect("a serial");
    journal.append(&[evil, about(1, 1, Event::Receipt { autoid })]).expect("appends");
    drop(journal);
    let (_, bytes) = exported(&folder, &export(Format::Csv));
    let text = String::from_utf8(bytes).expect("text");
    assert!(text.contains(",'=1+1,1.00,") && text.contains(",'@SUM(A1),"), "{text}");
}

#[test]
fn json_lines_say_the_same() {
    let folder = Folder::new();
    a_morning(&mut folder.open().0);
    let (count, bytes) = exported(&folder, &export(Format::Jsonl));
    let text = String::from_utf8(bytes).expect("text");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("json")).collect();
    assert_eq!((count, lines.len()), (5, 5));
    assert_eq!(lines[1]["amount"], "260.02");
    assert_eq!(lines[1]["state"], "paid");
    assert_eq!(lines[4]["state"], "sending");
    assert_eq!(lines[4]["autoid"], serde_json::Value::Null);
    for name in COLUMNS {
        assert!(lines[0].get(name).is_some(), "{name}");
    }
}

#[test]
fn a_supervisors_last_decision_is_exported_at_the_end_of_the_line() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let decision = |word, reason: &str, evidence: &str| Settlement {
        word,
        by: "王主管".into(),
        reason: reason.into(),
        evidence: evidence.into(),
    };
    let settled = |n, seconds, decision| about(n, seconds, Event::Settled(decision));
    journal.append(&[scanned(1, 1), lost(1)]).expect("appends");
    journal.append(&[settled(1, 300, decision(Word::Paid, "手机上已付", "4200001"))]).expect("appends");
    journal.append(&[settled(1, 400, decision(Word::NotCredited, "=退款", ""))]).expect("appends");
    journal.append(&[intent(2), lost(2)]).expect("appends");
    journal.append(&[settled(2, 400, decision(Word::Paid, "已核对", "4200002"))]).expect("appends");
    let overtaken = Event::SettleOvertaken(decision(Word::NotPaid, "晚了", "4200003"));
    journal.append(&[about(2, 500, overtaken.clone()), intent(3), about(3, 500, overtaken)]).expect("appends");
    drop(journal);
    let (_, bytes) = exported(&folder, &export(Format::Csv));
    let text = String::from_utf8(bytes).expect("text");
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].ends_with(",message,settled_by,settled_reason,evidence"), "{text}");
    assert!(lines[1].ends_with(",王主管,'=退款,"), "{text}");
    assert!(lines[2].ends_with(",王主管,已核对,4200002"), "{text}");
    assert!(lines[3].ends_with(",,,"), "{text}");
    let (_, bytes) = exported(&folder, &export(Format::Jsonl));
    let text = String::from_utf8(bytes).expect("text");
    let lines: Vec<serde_json::Value> = text.lines().map(|line| serde_json::from_str(line).expect("json")).collect();
    let last = |n: usize| ["settled_by", "settled_reason", "evidence"].map(|name| lines[n][name].as_str());
    assert_eq!(last(0), [Some("王主管"), Some("=退款"), None]);
    assert_eq!(last(1), [Some("王主管"), Some("已核对"), Some("4200002")]);
    assert_eq!(last(2), [None; 3]);
}

#[test]
fn days_are_the_venues_days() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    // 23:59:59 and 00:00:01 at the venue are the same day in Greenwich.
    for (n, seconds) in [(1, 15 * 3600 - 1), (2, 15 * 3600 + 1), (3, 39 * 3600 + 1)] {
        let mut record = intent(n);
        record.at = at(seconds);
        journal.append(&[record]).expect("appends");
    }
    drop(journal);
    let day = |n| NaiveDate::from_ymd_opt(2026, 6, n);
    for (from, to, expected) in [
        (None, None, 3),
        (day(1), day(1), 1),
        (day(2), day(2), 1),
        (day(1), day(2), 2),
        (day(2), None, 2),
        (None, day(2), 2),
        (day(4), None, 0),
        (day(3), day(1), 0),
    ] {
        let range = Export { from, to, ..export(Format::Jsonl) };
        assert_eq!(exported(&folder, &range).0, expected, "{from:?} {to:?}");
    }
}

#[test]
fn a_backup_is_whole_and_reads_without_the_journal() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    std::fs::create_dir(folder.file("exports")).expect("a folder");
    let copy = folder.file("exports").join("journal-20260601.db");
    for _ in 0..2 {
        journal.backup(&copy).expect("copies, over an older one too");
    }
    let report = verify(&copy).expect("verifies while the journal is open");
    assert!(report.is_whole() && !report.caches_wrong, "{report}");
    assert_eq!(report.head, journal.head());
    assert_eq!(report.witness, WitnessReport::Agrees { seen: 13 });
    let before = std::fs::read(&copy).expect("reads");
    let reader = Reader::open(&copy).expect("opens");
    let books = reader.books();
    assert_eq!(books.history(&HistoryFilter::default()).expect("history").len(), 5);
    assert_eq!(books.pending().expect("pending")[0].state, State::Sending);
    drop(reader);
    assert_eq!(std::fs::read(&copy).expect("reads"), before, "left as it was");
    journal.append(&[intent(6)]).expect("the journal goes on");
}

#[test]
fn a_copy_is_read_with_the_log_beside_it() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    let crashed = folder.copy();
    let listing = |folder: &Folder| {
        let mut files: Vec<_> = std::fs::read_dir(folder.path())
            .expect("folder")
            .flatten()
            .map(|entry| (entry.file_name(), std::fs::read(entry.path()).expect("reads")))
            .collect();
        files.sort();
        files
    };
    let before = listing(&crashed);
    let report = verify(&crashed.file("journal.db")).expect("verifies");
    assert_eq!((report.records, report.is_whole()), (13, true));
    assert_eq!(Reader::open(&crashed.file("journal.db")).expect("opens").books().head().expect("head").seq, 13);
    assert_eq!(listing(&crashed), before, "verify changes nothing");
    assert_eq!(
        report.to_string(),
        format!(
            "records: 13\nhead: 13 {}\nfirst bad record: none\nwitness: agrees (saw record 13)\n",
            journal.head().hash
        )
    );
}

#[test]
fn what_is_no_journal_is_named_as_the_person_named_it() {
    let folder = Folder::new();
    let missing = verify(&folder.file("gone.db")).expect_err("refuses");
    assert!(missing.to_string().contains("gone.db"), "{missing}");
    std::fs::write(folder.file("letter.db"), "dear venue, ".repeat(100)).expect("writes");
    let error = verify(&folder.file("letter.db")).expect_err("refuses");
    assert!(error.to_string().contains("letter.db"), "{error}");
    assert!(matches!(error, ReadError::Open(open) if matches!(*open, OpenError::NotAJournal { .. })));
}
