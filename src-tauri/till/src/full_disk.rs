//! Tests: a disk without room for a single record more, when the till starts and while it works.

use std::time::Duration;

use checkout::event::Subject;
use checkout::{
    Amount, BillNumber, Business, ChargeId, CodeTail, Entry, Event, Fingerprint, Gate, Intent, Operator, Record,
    Refusal, ScannedText, State,
};
use gateway_sim::{On, Sim, scenario};
use journal::{AppendError, Journal, Stem};
use tempfile::TempDir;

use crate::config::Config;
use crate::home::Home;
use crate::view::{ScanOutcome, View};
use crate::{Command, Options, Till, clock};

const PATIENCE: Duration = Duration::from_secs(20);

fn started() -> Record {
    let event = Event::Started { version: env!("CARGO_PKG_VERSION").to_owned() };
    Record { at: clock::wall(), subject: Subject::Till, event }
}

fn intent() -> Record {
    let event = Event::Intent(Intent {
        bill: BillNumber::parse("T1", 20).expect("a bill"),
        amount: Amount::parse("260.00").expect("an amount"),
        business: Business::Tickets,
        operator: Operator::parse("S0107").expect("an operator"),
        card: None,
        wallet: "wechat".into(),
        code: CodeTail("13…6789".into()),
        fingerprint: Fingerprint("ab".repeat(32)),
    });
    Record { at: clock::wall(), subject: Subject::Charge(ChargeId("01J0".into())), event }
}

/// Until not one record fits any more; many with one flush at first.
fn fill(journal: &mut Journal) {
    for many in [64, 8, 1] {
        let batch = vec![started(); many];
        while match journal.append(&batch) {
            Ok(_) => true,
            Err(AppendError::Full) => false,
            Err(error) => panic!("{error}"),
        } {}
    }
}

fn opening(max_pages: u32) -> journal::Options {
    journal::Options { max_pages: Some(max_pages), ..journal::Options::new(clock::wall()) }
}

fn options(folder: &TempDir, base_url: String) -> Options {
    let mut config = Config::default();
    config.gateway.settings.base_url = base_url;
    config.polling.min_gap_ms = 150;
    config.scanner.source = scanner::Source::Keyboard;
    // Not written out: what is looked at is its size.
    let ballast = std::fs::File::create(folder.path().join("ballast")).expect("a ballast");
    ballast.set_len(journal::BALLAST).expect("its size");
    Options { home: Home::at(folder.path()).expect("a home"), config, training: false }
}

async fn until(till: &Till, there: impl FnMut(&std::sync::Arc<View>) -> bool) -> std::sync::Arc<View> {
    let mut views = till.views();
    let view = tokio::time::timeout(PATIENCE, views.wait_for(there)).await;
    view.unwrap_or_else(|_| panic!("{:#?}", till.view())).expect("a till at work").clone()
}

#[tokio::test]
async fn a_start_on_a_full_disk_shows_what_is_open_and_goes_on_when_there_is_room() {
    const PAGES: u32 = 40;
    let folder = tempfile::tempdir().expect("a folder");
    let sim = Sim::on_loopback().await.expect("a simulator");
    let options = options(&folder, sim.base_url());
    let mut before = Journal::open(folder.path(), Stem::Journal, &opening(PAGES)).expect("a journal").journal;
    before.append(&[intent()]).expect("an intent");
    fill(&mut before);
    drop(before);

    let till = Till::start_on(options, opening(PAGES)).await.expect("starts, to show what is open");
    let view = till.view();
    assert!(matches!(view.gate, Some(Gate::JournalDown { .. } | Gate::DiskFull)), "{:?}", view.gate);
    assert_eq!(view.pending.iter().map(|c| c.bill.as_str()).collect::<Vec<_>>(), ["T1"]);
    // The journal is opened again, this time with room.
    until(&till, |view| view.pending.iter().any(|c| matches!(c.state, State::Checking | State::Parked))).await;
    tokio::time::timeout(PATIENCE, sim.handle().until(|books| books.count(On::Query, "T1") > 0)).await.expect("asked");
    until(&till, |view| view.gate.is_none()).await;
    till.stop().await;
}

#[tokio::test]
async fn on_a_full_disk_a_supervisor_signs_in_with_the_room_that_is_kept_for_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    let sim = Sim::on_loopback().await.expect("a simulator");
    let till = Till::start_on(options(&folder, sim.base_url()), opening(60)).await.expect("starts");
    let (name, pin) = ("A".to_owned(), crate::Pin::new("5839207416"));
    till.ask(Command::SetPin { name: name.clone(), pin: pin.clone(), leave: None }).await.expect("the first PIN");
    till.journal().call(fill).await.expect("filled");
    let ballast = folder.path().join("ballast");
    assert!(ballast.exists());
    let full = Err(Refusal::Gate { reason: Gate::DiskFull });
    assert_eq!(till.ask(Command::SignIn { operator: "S0107".into() }).await, full);
    assert!(ballast.exists(), "nothing that only begins is given that room");
    // This stand-in for a disk does not grow when a file goes, so that it is refused all the same.
    assert_eq!(till.ask(Command::SupervisorIn { name: name.clone(), pin: pin.clone() }).await, full);
    assert!(!ballast.exists(), "the ballast was given up for it");
    assert!(till.view().gate.as_ref().is_none_or(|gate| *gate == Gate::DiskFull), "the journal is not down for that");
    till.stop().await;
}

#[tokio::test]
async fn a_disk_that_fills_up_takes_no_charge_and_ends_the_one_in_flight() {
    let folder = tempfile::tempdir().expect("a folder");
    let sim = Sim::on_loopback().await.expect("a simulator");
    let till = Till::start_on(options(&folder, sim.base_url()), opening(60)).await.expect("starts");
    let entry = |bill: &str| Entry { business: 1, bill: bill.into(), amount: "260.00".into(), ..Entry::default() };
    let arm = |bill: &str| till.ask(Command::Arm { entry: entry(bill), large_confirmed: false });
    till.ask(Command::SignIn { operator: "S0107".into() }).await.expect("signed in");

    sim.handle().order(On::Charge, scenario("held").expect("held"));
    arm("T1").await.expect("armed");
    assert!(matches!(till.scan(ScannedText::new("134567890123456700")).await, ScanOutcome::Charging { .. }));
    till.ask(Command::StopWaiting).await.expect("parked");
    arm("T2").await.expect("armed");
    till.journal().call(fill).await.expect("filled");
    let ScanOutcome::Refused { refusal } = till.scan(ScannedText::new("134567890123456701")).await else {
        panic!("charging")
    };
    assert_eq!(refusal, Refusal::Gate { reason: Gate::DiskFull });
    assert!(refusal.to_string().contains("the disk is full"), "{refusal}");
    assert_eq!(sim.handle().ledger().count_all(On::Charge), 1);

    sim.handle().release();
    let view = until(&till, |view| view.pending.is_empty()).await;
    assert_eq!(view.notices.iter().map(|c| (c.bill.as_str(), c.state)).collect::<Vec<_>>(), [("T1", State::Paid)]);
    assert!(sim.handle().ledger().count(On::Query, "T1") <= 5, "{}", sim.summary());
    until(&till, |view| view.gate.is_none()).await;
    arm("T2").await.expect("armed again");
    till.scan(ScannedText::new("134567890123456701")).await;
    until(&till, |view| view.front.as_ref().is_some_and(|front| front.state == State::Paid)).await;
    assert!(!sim.summary().contains("!!"), "{}", sim.summary());
    till.stop().await;
}
