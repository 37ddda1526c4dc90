//! Killed and started again in every state: the same truth, asked about within a second, and never a second charge request.

mod window;

use std::time::Duration;

use checkout::event::Why;
use checkout::{Refusal, State};
use gateway_sim::{Fault, On, Scenario, scenario};
use till::Command;
use window::{Window, bounded, code, code_for, front_state, refusal};

/// The first questions of a start go out within this time (design.md §4).
const FIRST_QUESTION: Duration = Duration::from_secs(1);

/// Waits for the next question about a bill, which a start owes within a second.
async fn asked_again(window: &Window, bill: &str, before: u32) {
    let asked = window.sim.until(|books| books.count(On::Query, bill) > before);
    tokio::time::timeout(FIRST_QUESTION, asked).await.unwrap_or_else(|_| panic!("{bill} is not asked about"));
}

#[tokio::test]
async fn killed_while_the_request_is_out() {
    let window = Window::open().await;
    window.sim.order(On::Charge, scenario("held").expect("held"));
    let secret = code_for("paid");
    let charge = window.charge("T1", &secret).await;
    window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;
    window.sim.always(On::Query, Some(Scenario::spoilt("broken", Fault::Status(500))));
    let window = window.killed_and_started().await;
    let front = window.till.view().front.clone().expect("in front again");
    assert_eq!((&front.id, &front.why), (&charge, &Some(Why::Interrupted)));
    assert!(matches!(front.state, State::Checking), "{front:#?}");
    assert!(front.live.is_some_and(|live| live.age_ms < 20_000 && live.queries <= 1));
    assert_eq!(window.journalled("T1").await, Some(State::Checking), "what is shown is stored");
    asked_again(&window, "T1", 0).await;
    window.sim.always(On::Query, None);
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.id, charge);
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
    // The code is known by its fingerprint only, and still as used.
    window.sign_in().await;
    window.arm("T2").await.expect("armed");
    assert_eq!(refusal(window.scan(&secret).await), Refusal::CodeUsed { charge });
    window.nothing_twice();
}

#[tokio::test]
async fn killed_while_the_customer_confirms() {
    let window = Window::open().await;
    let charge = window.charge("T1", &code_for("never")).await;
    let before = window.until_front(State::Confirming).await;
    let window = window.killed_and_started().await;
    let front = window.till.view().front.clone().expect("in front again");
    assert_eq!((&front.id, front.state), (&charge, State::Confirming));
    assert_eq!((&front.sent_at, &front.moved_at, &front.code), (&before.sent_at, &before.moved_at, &before.code));
    let asked = window.sim.ledger().count(On::Query, "T1");
    asked_again(&window, "T1", asked).await;
    assert!(window.sim.approve("T1"));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
    window.nothing_twice();
}

#[tokio::test]
async fn killed_while_checking_and_found_after_the_front_window() {
    let window = Window::open_with(|config| config.polling.front_window_ms = 400).await;
    window.sim.always(On::Query, Some(Scenario::spoilt("broken", Fault::Status(500))));
    let charge = window.charge("T1", &code_for("lost-request")).await;
    window.until_front(State::Checking).await;
    let sent = window.till.view().front.clone().expect("in front").sent_at;
    let sent = checkout::Wall::parse_from_rfc3339(&sent).expect("a time");
    window.until("parked", |view| view.front.is_none()).await;
    let window = window.killed_and_started().await;
    assert!(chrono::Local::now().fixed_offset() - sent >= chrono::TimeDelta::milliseconds(400));
    let view = window.till.view();
    assert!(view.front.is_none());
    assert_eq!(view.pending.iter().map(|c| (&c.id, c.state)).collect::<Vec<_>>(), [(&charge, State::Parked)]);
    assert!(view.pending[0].live.clone().is_some_and(|live| live.age_ms >= 400), "as old as its record says");
    let asked = window.sim.ledger().count(On::Query, "T1");
    asked_again(&window, "T1", asked).await;
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
}

#[tokio::test]
async fn killed_while_checking_in_front() {
    let window = Window::open().await;
    window.sim.always(On::Query, Some(Scenario::spoilt("broken", Fault::Status(500))));
    let charge = window.charge("T1", &code_for("lost-answer")).await;
    window.until_front(State::Checking).await;
    let window = window.killed_and_started().await;
    assert_eq!(front_state(&window.till.view()), Some(State::Checking));
    window.sim.always(On::Query, None);
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.id, charge);
    window.nothing_twice();
}

#[tokio::test]
async fn killed_with_a_parked_charge_and_one_in_front() {
    let window = Window::open().await;
    let parked = window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(Command::StopWaiting).await.expect("parked");
    let front = window.charge("T2", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    let books = window.sim.ledger();
    let window = window.killed_and_started().await;
    let view = window.till.view();
    assert_eq!(view.front.as_ref().map(|c| (&c.id, c.state)), Some((&front, State::Confirming)));
    let pending: Vec<_> = view.pending.iter().map(|c| (&c.id, c.state)).collect();
    assert_eq!(pending, [(&parked, State::Parked), (&front, State::Confirming)], "oldest first");
    for bill in ["T1", "T2"] {
        asked_again(&window, bill, books.count(On::Query, bill)).await;
    }
    assert!(window.sim.approve("T1"));
    window.ask(Command::QueryNow { charge: parked.clone() }).await.expect("asked now");
    let view = window.until("a notice", |view| !view.notices.is_empty()).await;
    assert_eq!(view.front.as_ref().map(|c| &c.id), Some(&front), "it does not replace the one in front");
    // The notice is as durable as the rest.
    let window = window.killed_and_started().await;
    let view = window.till.view();
    let notices: Vec<_> = view.notices.iter().map(|c| (c.id.clone(), c.state)).collect();
    assert_eq!(notices, [(parked.clone(), State::Paid)]);
    window.ask(Command::TakeNotice { charge: parked }).await.expect("taken");
    let window = window.killed_and_started().await;
    assert!(window.till.view().notices.is_empty());
    assert_eq!(window.sim.ledger().count_all(On::Charge), 2);
    window.nothing_twice();
}

#[tokio::test]
async fn killed_with_a_declined_charge_on_its_watch() {
    let window = Window::open().await;
    let refused = window.charge("T1", &code_for("refused")).await;
    window.until_front(State::Declined).await;
    let window = window.killed_and_started().await;
    let view = window.till.view();
    let front = view.front.clone().expect("just ended, so in front again");
    assert!((front.id == refused) && front.state == State::Declined && front.asks_phone && view.pending.is_empty());
    assert!(front.live.is_some(), "on the after-watch");
    // A late truth wins, after a restart too.
    assert!(window.sim.approve("T1"));
    window.ask(Command::QueryNow { charge: refused.clone() }).await.expect("asked now");
    let view = window.until("the late truth", |view| !view.notices.is_empty()).await;
    assert_eq!((view.notices[0].id.clone(), view.notices[0].state), (refused, State::LateSuccess));
    assert_eq!(view.pending.len(), 1);
    let window = window.killed_and_started().await;
    assert_eq!(window.till.view().pending[0].state, State::LateSuccess);
    window.nothing_twice();
}

#[tokio::test]
async fn killed_with_a_paid_charge_in_front() {
    let window = Window::open().await;
    let paid = window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    let window = window.killed_and_started().await;
    let view = window.till.view();
    assert_eq!(view.front.as_ref().map(|c| (&c.id, c.state)), Some((&paid, State::Paid)));
    assert!(view.pending.is_empty() && view.notices.is_empty() && view.operator.is_none() && view.armed.is_none());
    assert_eq!(view.recent.iter().map(|c| &c.id).collect::<Vec<_>>(), [&paid]);
    window.sign_in().await;
    assert!(matches!(window.arm("T1").await, Err(Refusal::BillBlocked { state: State::Paid, .. })));
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count(On::Query, "T1"), 0, "what is certain is not asked about");
    window.nothing_twice();
}

#[tokio::test]
async fn killed_with_many_parked_charges_asks_about_all_of_them() {
    let window = Window::open().await;
    let bills: Vec<String> = (1..=5).map(|n| format!("T{n}")).collect();
    for bill in &bills {
        window.charge(bill, &code_for("never")).await;
        window.until_front(State::Confirming).await;
        window.ask(Command::StopWaiting).await.expect("parked");
    }
    let books = window.sim.ledger();
    let window = window.killed_and_started().await;
    let all =
        window.sim.until(|now| bills.iter().all(|bill| now.count(On::Query, bill) > books.count(On::Query, bill)));
    // Jitter, and one question each 112 ms for the window as a whole.
    bounded("a question about each", tokio::time::timeout(Duration::from_millis(1_500), all)).await.expect("in time");
    assert_eq!(window.till.view().pending.len(), bills.len());
    assert_eq!(window.sim.ledger().count_all(On::Charge), bills.len());
}

#[tokio::test]
async fn two_tills_on_one_folder_are_one_too_many_and_two_folders_are_two_windows() {
    let window = Window::open().await;
    let said = window.place.refused().await;
    assert!(said.contains("another till has this journal open"), "{said}");
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;

    let other = Window::open().await;
    let secret = code("50");
    let here = code_for("paid");
    let both = tokio::join!(window.charge("T2", &here), other.charge("T2", &secret));
    tokio::join!(window.until_front(State::Paid), other.until_front(State::Paid));
    assert_ne!(both.0, both.1);
    assert_eq!((window.sim.ledger().charges.len(), other.sim.ledger().charges.len()), (2, 1));
}
