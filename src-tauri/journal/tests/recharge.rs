//! A recharge has two records that could begin a charge, its beginning and its scan, and is one charge all the same.

mod support;

use checkout::event::Why;
use checkout::{Event, Fingerprint, State};
use journal::{AppendError, Audit, HistoryFilter, Journal, verify};
use support::*;

fn refused_for(journal: &mut Journal, record: checkout::Record, n: u32) {
    let head = journal.head();
    let refused = journal.append(&[record]);
    assert!(matches!(&refused, Err(AppendError::Duplicate { charge }) if *charge == id(n)), "{refused:?}");
    assert_eq!(journal.head(), head, "nothing was written");
}

#[test]
fn the_scan_turns_a_beginning_into_a_charge_once() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[beginning(1), about(1, 31, Event::Begun)]).expect("appends");
    refused_for(&mut journal, beginning(1), 1);
    journal.append(&[scanned(1, 1)]).expect("the scan");
    refused_for(&mut journal, scanned(1, 1), 1);
    refused_for(&mut journal, scanned(1, 2), 1);
    refused_for(&mut journal, beginning(1), 1);
    let books = journal.books().expect("books");
    let timeline = books.charge(&id(1)).expect("charge").expect("there");
    assert_eq!((timeline.charge.state, timeline.records.len()), (State::Sending, 3));
    assert!(timeline.charge.begun);
}

#[test]
fn a_beginning_that_ended_takes_no_scan() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[beginning(1), moved(1, State::NeverSent, Why::BegunNotCharged)]).expect("appends");
    refused_for(&mut journal, scanned(1, 1), 1);
    assert_eq!(journal.books().expect("books").used_by(&fingerprint(1)).expect("used"), None);
}

#[test]
fn a_used_code_is_refused_for_a_scan_after_a_beginning_too() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[intent(1), beginning(2), beginning(3)]).expect("two beginnings have no code to share");
    assert_eq!(journal.books().expect("books").used_by(&Fingerprint(String::new())).expect("used"), None);
    refused_for(&mut journal, scanned(2, 1), 1);
    journal.append(&[scanned(2, 2)]).expect("another code");
    refused_for(&mut journal, scanned(3, 2), 2);
    assert_eq!(journal.books().expect("books").used_by(&fingerprint(2)).expect("used"), Some(id(2)));
}

#[test]
fn a_code_in_clear_is_refused_in_a_beginning_too() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let mut bad = beginning(1);
    if let Event::Beginning(intent) = &mut bad.event {
        intent.code = checkout::CodeTail("134567890123456789".into());
    }
    assert!(matches!(journal.append(&[bad]), Err(AppendError::Refused { .. })));
}

#[test]
fn the_line_follows_the_scan_and_is_sorted_by_it() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let mut early = beginning(1);
    early.at = at(-86_400);
    journal.append(&[early]).expect("appends");
    journal.append(&[intent(2)]).expect("another customer between");
    journal.append(&paid(2)).expect("appends");
    let day = at(0).date_naive();
    let sent_on = |journal: &Journal, day| {
        let filter = HistoryFilter { from: Some(day), to: Some(day), ..Default::default() };
        let found = journal.books().expect("books").history(&filter).expect("history");
        found.into_iter().map(|charge| charge.id).collect::<Vec<_>>()
    };
    assert_eq!(sent_on(&journal, day), [id(2)]);
    assert_eq!(journal.books().expect("books").newest_charge().expect("newest").map(|c| c.id), Some(id(2)));

    let mut scan = scanned(1, 1);
    scan.at = at(600);
    journal.append(&[scan]).expect("the scan");
    assert_eq!(sent_on(&journal, day), [id(1), id(2)]);
    let newest = journal.books().expect("books").newest_charge().expect("newest").expect("there");
    assert_eq!((newest.id, newest.sent_at), (id(1), at(600)));
    assert_eq!((newest.intent.code.0.as_str(), newest.intent.wallet.as_str()), ("13…6789", "微信"));
    let count = |state| {
        let sums = journal.books().expect("books").day_sums(day).expect("sums");
        sums.iter().find(|sum| sum.state == state).map(|sum| sum.count)
    };
    assert_eq!((count(State::Sending), count(State::Beginning), count(State::Paid)), (Some(1), None, Some(1)));
}

#[test]
fn a_charge_with_two_first_records_counts_once_in_every_check() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[beginning(1)]).expect("appends");
    journal.append(&[intent(2), beginning(3), scanned(3, 3)]).expect("appends");
    // The scan comes after the check has looked at the beginning.
    assert_eq!(journal.audit(at(900), 2).expect("audits"), Audit::More { upto: 2 });
    journal.append(&[scanned(1, 1)]).expect("the scan");
    assert_eq!(audit(&mut journal), Audit::Clean);
    let before = journal.books().expect("books").history(&HistoryFilter::default()).expect("history");
    assert_eq!(before.iter().map(|charge| charge.id.clone()).collect::<Vec<_>>(), [id(1), id(3), id(2)]);
    journal.rebuild().expect("rebuilds");
    assert_eq!(journal.books().expect("books").history(&HistoryFilter::default()).expect("history"), before);
    assert_eq!(audit(&mut journal), Audit::Clean);
    drop(journal);
    let report = verify(&folder.file("journal.db")).expect("verifies");
    assert!(report.is_whole() && !report.caches_wrong, "{report}");
    folder.tamper("DELETE FROM charges WHERE seq = 5");
    let report = verify(&folder.file("journal.db")).expect("verifies");
    assert!(report.caches_wrong, "a line that is gone is missed");
    assert_eq!(audit(&mut folder.open().0), Audit::Repaired);
}

#[test]
fn a_paid_recharge_that_owes_its_credit_is_pending() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let pending = |journal: &Journal| {
        let found = journal.books().expect("books").pending().expect("pending");
        found.into_iter().map(|charge| charge.id).collect::<Vec<_>>()
    };
    journal.append(&[beginning(1), scanned(1, 1)]).expect("appends");
    journal.append(&paid(1)).expect("appends");
    journal.append(&[scanned(2, 2)]).expect("appends");
    journal.append(&paid(2)).expect("appends");
    assert_eq!(pending(&journal), [id(1), id(2)]);
    journal.append(&[about(1, 70, Event::LeftToPlatform)]).expect("appends");
    let amount = scanned(2, 2);
    let Event::Intent(intent) = amount.event else { panic!("an intent") };
    let credited = Why::Credited;
    journal
        .append(&[about(2, 130, Event::Crediting { amount: intent.amount }), moved(2, State::Recharged, credited)])
        .expect("appends");
    assert!(pending(&journal).is_empty());
}
