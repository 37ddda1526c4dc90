//! What is appended is there again after a start, and can be asked for.

mod support;

use checkout::{BillNumber, State};
use journal::{AppendError, HistoryFilter, Journal, JournalThread, Stem};
use support::*;

#[test]
fn what_was_appended_is_there_after_a_start() {
    let folder = Folder::new();
    let (mut journal, found) = folder.open();
    assert_eq!(found.gate, None);
    assert!(found.notes.is_empty() && found.kept_wal.is_none());
    a_morning(&mut journal);
    let before = journal.head();
    let open = journal.books().expect("books").open_charges().expect("open");
    drop(journal);

    let (journal, found) = folder.open();
    assert_eq!(found.gate, None);
    assert!(found.notes.is_empty());
    assert_eq!(found.head, before);
    let books = journal.books().expect("books");
    assert_eq!(books.open_charges().expect("open"), open);
    assert_eq!(open.len(), 1);
    assert_eq!((&open[0].id, open[0].state), (&id(5), State::Sending));
    assert_eq!(books.pending().expect("pending"), open);
    assert_eq!(books.newest_charge().expect("newest").map(|c| c.id), Some(id(5)));
    let timeline = books.charge(&id(2)).expect("charge").expect("there");
    assert_eq!(timeline.records, [vec![intent(2)], paid(2)].concat());
    assert_eq!(timeline.charge.state, State::Paid);
    assert_eq!(books.charge(&id(9)).expect("charge"), None);
}

#[test]
fn the_past_of_a_bill_ignores_letter_case() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    let books = journal.books().expect("books");
    let key = |text| BillNumber::parse(text, 32).expect("a bill").key();
    assert_eq!(books.bill_past(&key("t1")).expect("past").len(), 1);
    assert_eq!(books.bill_past(&key("T2")).expect("past").len(), 0);
    assert_eq!(books.used_by(&fingerprint(1)).expect("used"), Some(id(1)));
    assert_eq!(books.used_by(&fingerprint(2)).expect("used"), None);
}

#[test]
fn history_is_newest_first_and_filters() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    a_morning(&mut journal);
    let books = journal.books().expect("books");
    let ids = |filter: HistoryFilter| -> Vec<_> {
        let found = books.history(&filter).expect("history");
        found.into_iter().map(|charge| charge.id).collect()
    };
    assert_eq!(ids(HistoryFilter::default()), [id(5), id(4), id(3), id(2), id(1)]);
    let limit = Some(2);
    let state = Some(State::Paid);
    assert_eq!(ids(HistoryFilter { limit, state, ..Default::default() }), [id(4), id(3)]);
    let bill = BillNumber::parse("t3", 32).ok().map(|bill| bill.key());
    assert_eq!(ids(HistoryFilter { bill, ..Default::default() }), [id(3)]);
    let day = at(0).date_naive();
    let from = day.succ_opt();
    assert!(ids(HistoryFilter { from, ..Default::default() }).is_empty());
    let to = Some(day);
    assert_eq!(ids(HistoryFilter { from: to, to, ..Default::default() }).len(), 5);
    let sums = books.day_sums(day).expect("sums");
    assert_eq!(sums.len(), 2);
    let paid = sums.iter().find(|sum| sum.state == State::Paid);
    assert_eq!(paid.map(|sum| (sum.count, sum.fen)), Some((4, 4 * 26_000 + 10)));
}

#[test]
fn history_is_searched_by_card_code_and_amount_together_with_the_rest() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let mut other_code = scanned(3, 3);
    if let checkout::Event::Intent(intent) = &mut other_code.event {
        intent.code = checkout::CodeTail::of("287654321098761234");
        intent.card = checkout::CardNumber::parse("C2").ok();
    }
    other_code.at = at(90_000);
    journal.append(&[intent(1), scanned(2, 2), other_code, beginning(4)]).expect("appends");
    let books = journal.books().expect("books");
    let ids = |filter: HistoryFilter| -> Vec<_> {
        let found = books.history(&filter).expect("history");
        found.into_iter().map(|charge| charge.id).collect()
    };
    let some = |text: &str| Some(text.to_owned());
    let card = || some("C2");
    assert_eq!(ids(HistoryFilter { card: card(), ..Default::default() }), [id(3), id(2)]);
    for not_exact in ["c2", "C", "C%", ""] {
        assert!(ids(HistoryFilter { card: some(not_exact), ..Default::default() }).is_empty(), "{not_exact}");
    }
    assert_eq!(ids(HistoryFilter { code: some("6789"), ..Default::default() }), [id(2), id(1)]);
    assert_eq!(ids(HistoryFilter { code: some("1234"), ..Default::default() }), [id(3)]);
    for no_tail in ["678", "%", "____", "13…6789"] {
        assert!(ids(HistoryFilter { code: some(no_tail), ..Default::default() }).is_empty(), "{no_tail}");
    }
    assert_eq!(ids(HistoryFilter { amount: Some(26_001), ..Default::default() }), [id(1)]);
    assert_eq!(ids(HistoryFilter { amount: Some(5_003), card: card(), ..Default::default() }), [id(3)]);
    assert!(ids(HistoryFilter { amount: Some(26_001), card: card(), ..Default::default() }).is_empty());
    let all = HistoryFilter {
        bill: BillNumber::parse("R2", 32).ok().map(|bill| bill.key()),
        operator: checkout::Operator::parse("1001").ok(),
        card: card(),
        code: some("6789"),
        amount: Some(5_002),
        state: Some(State::Sending),
        from: Some(at(0).date_naive()),
        to: Some(at(0).date_naive()),
        limit: Some(9),
    };
    assert_eq!(ids(all), [id(2)]);
    let day = |seconds| at(seconds).date_naive();
    assert_eq!(books.days().expect("days"), [(day(90_000), 1), (day(0), 3)]);
}

#[test]
fn a_charge_begins_once_and_a_code_is_used_once() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    let head = journal.head();
    let again = journal.append(&[lost(1), intent(1)]);
    assert!(matches!(again, Err(AppendError::Duplicate { charge }) if charge == id(1)));
    let mut other = intent(2);
    if let checkout::Event::Intent(intent) = &mut other.event {
        intent.fingerprint = fingerprint(1);
    }
    let again = journal.append(&[other]);
    assert!(matches!(again, Err(AppendError::Duplicate { charge }) if charge == id(1)));
    assert_eq!(journal.head(), head, "nothing was written");
    journal.append(&[lost(1)]).expect("goes on");
    drop(journal);
    let (journal, _) = folder.open();
    assert_eq!(journal.head().seq, head.seq + 1);
}

#[test]
fn a_payment_code_in_clear_is_refused() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let mut bad = intent(1);
    if let checkout::Event::Intent(intent) = &mut bad.event {
        intent.fingerprint = checkout::Fingerprint("134567890123456789".into());
    }
    let refused = journal.append(&[bad]);
    assert!(matches!(refused, Err(AppendError::Refused { .. })));
    assert!(!refused.expect_err("refused").to_string().contains("1345"));
}

#[test]
fn training_and_money_are_two_journals_with_one_key() {
    let folder = Folder::new();
    let (mut journal, found) = folder.open();
    journal.append(&[intent(1)]).expect("appends");
    let training = Journal::open(folder.path(), Stem::Training, &options()).expect("opens beside it");
    assert_eq!(training.found.head.seq, 0);
    assert_eq!(training.found.gate, None);
    let print = |secret: Option<journal::Secret>| secret.expect("a key").fingerprint("1");
    assert_eq!(print(found.secret), print(training.found.secret));
}

#[tokio::test]
async fn the_thread_answers_reopens_and_is_joined() {
    let folder = Folder::new();
    let (handle, found) = JournalThread::open(folder.path(), Stem::Journal, &options()).expect("opens");
    assert_eq!(found.head.seq, 0);
    let other = handle.clone();
    let head = other.call(|journal| journal.append(&[intent(1)])).await.expect("alive").expect("appends");
    assert_eq!(head.seq, 1);
    let found = handle.reopen(&options()).await.expect("reopens");
    assert_eq!(found.head, head);
    drop(other);
    let read = handle.call(|journal| journal.head()).await;
    assert_eq!(read, Ok(head));
    drop(handle);
    // Joined: the file is free.
    let (journal, _) = folder.open();
    assert_eq!(journal.head(), head);
}
