//! The supervisor's desk for the tests: a name with a PIN, a session, decisions, and what the journal says of them.

#![allow(dead_code, reason = "each test program uses its own part")]

use checkout::event::{Event, Subject};
use checkout::{
    Amount, BillNumber, Business, CardNumber, ChargeId, CodeTail, Entry, Fingerprint, Intent, Operator, PinError,
    Record, Refusal, Settlement, State, Wall, Word,
};
use journal::{Journal, Stem};
use till::view::ScanOutcome;
use till::{Command, Pin};

use crate::window::Window;

pub const NAME: &str = "王芳";
pub const PIN: &str = "5839207416";

pub fn pin(error: PinError) -> Refusal {
    Refusal::Pin { error }
}

pub fn set(name: &str, new: &str, leave: Option<&str>) -> Command {
    Command::SetPin { name: name.into(), pin: Pin::new(new), leave: leave.map(Pin::new) }
}

pub fn remove(name: &str, leave: Option<&str>) -> Command {
    Command::RemovePin { name: name.into(), leave: leave.map(Pin::new) }
}

pub fn sign_in(name: &str, pin: &str) -> Command {
    Command::SupervisorIn { name: name.into(), pin: Pin::new(pin) }
}

pub fn decide(charge: &ChargeId, word: Word) -> Command {
    let (reason, evidence) = ("核对过商户后台".into(), "4200002026".into());
    Command::Settle { charge: charge.clone(), word, reason, evidence }
}

/// The first supervisor has a PIN and is signed in.
pub async fn sits(window: &Window) {
    window.ask(set(NAME, PIN, None)).await.expect("the first PIN");
    window.ask(sign_in(NAME, PIN)).await.expect("signed in");
}

/// What the journal says about supervisors.
pub async fn acts(window: &Window) -> Vec<Event> {
    let records = window.till.journal().call(|journal| journal.books()?.till_records()).await;
    records.expect("a journal").expect("read").into_iter().map(|record| record.event).collect()
}

/// Every event of a charge.
pub async fn events(window: &Window, id: &ChargeId) -> Vec<Event> {
    let id = id.clone();
    let found = window.till.journal().call(move |journal| journal.books()?.charge(&id)).await;
    let timeline = found.expect("a journal").expect("read").expect("a charge");
    timeline.records.into_iter().map(|record| record.event).collect()
}

/// The decisions about a charge, and whether the truth came first.
pub async fn decisions(window: &Window, id: &ChargeId) -> Vec<(Settlement, bool)> {
    let decision = |event| match event {
        Event::Settled(settlement) => Some((settlement, false)),
        Event::SettleOvertaken(settlement) => Some((settlement, true)),
        _ => None,
    };
    events(window, id).await.into_iter().filter_map(decision).collect()
}

pub fn recharge(bill: &str, card: &str) -> Entry {
    Entry { operator: String::new(), business: 7, bill: bill.into(), amount: "260.00".into(), card: card.into() }
}

pub const CARD: &str = "80001234";

/// Arms a recharge of [`CARD`]; one that this window begins is waited for.
pub async fn arm_recharge(window: &Window, bill: &str) {
    let entry = recharge(bill, CARD);
    window.ask(Command::Arm { entry, large_confirmed: false }).await.expect("armed, or begun");
    window.until("armed", |view| view.armed.is_some()).await;
}

/// Arms a recharge and scans a code for it.
pub async fn charge_card(window: &Window, bill: &str, code: &str) -> ChargeId {
    arm_recharge(window, bill).await;
    match window.scan(code).await {
        ScanOutcome::Charging { charge } => charge,
        other => panic!("{other:?}"),
    }
}

/// Waits until a charge that is pending is in this state.
pub async fn until_pending(window: &Window, id: &ChargeId, state: State) {
    window.until(state.word(), |view| view.pending.iter().any(|c| c.id == *id && c.state == state)).await;
}

/// A window whose journal has a charge that was sent so many seconds ago, by a process that died right then.
pub async fn with_old_charge(bill: &str, business: Business, seconds: i64) -> (Window, ChargeId) {
    with_old_charge_and(bill, business, seconds, |_| {}).await
}

pub async fn with_old_charge_and(
    bill: &str,
    business: Business,
    seconds: i64,
    change: impl FnOnce(&mut till::config::Config),
) -> (Window, ChargeId) {
    let window = Window::open_with(change).await;
    window.till.stop().await;
    let id = ChargeId("01J00000000000000000000000".into());
    let at: Wall = chrono_now() - std::time::Duration::from_secs(seconds.unsigned_abs());
    let intent = Intent {
        bill: BillNumber::parse(bill, 20).expect("a bill"),
        amount: Amount::parse("260.00").expect("an amount"),
        business,
        operator: Operator::parse("S0107").expect("an operator"),
        card: (business == Business::Recharge).then(|| CardNumber::parse(CARD).expect("a card")),
        wallet: "wechat".into(),
        code: CodeTail("13…6789".into()),
        fingerprint: Fingerprint("ab".repeat(32)),
    };
    let record = Record { at, subject: Subject::Charge(id.clone()), event: Event::Intent(intent) };
    let folder = window.place.folder.path();
    let mut journal = Journal::open(folder, Stem::Journal, &journal::Options::new(at)).expect("a journal").journal;
    journal.append(&[record]).expect("an intent");
    drop(journal);
    let window = window.stopped_and_started().await;
    until_pending(&window, &id, State::Parked).await;
    (window, id)
}

fn chrono_now() -> Wall {
    chrono::Local::now().fixed_offset()
}

/// The sum of everything that was credited, and that no recharge was credited twice or before it was paid.
pub fn credited_once(window: &Window, bill: &str) {
    let ledger = window.sim.ledger();
    let recharge = ledger.recharge(bill).unwrap_or_else(|| panic!("{}", window.sim.summary()));
    assert_eq!((recharge.credits, recharge.ended_unpaid), (1, false), "{}", window.sim.summary());
    assert_eq!(recharge.credited.to_string(), "260.00");
}
