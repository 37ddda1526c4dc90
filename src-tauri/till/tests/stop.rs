//! A clean stop: what is out is awaited for a limited time, then nothing is held any more, and nobody is left waiting.

mod window;

use std::time::{Duration, Instant};

use checkout::event::Why;
use checkout::{Refusal, State};
use gateway_sim::{On, Scenario, scenario};
use till::Command;
use till::home::Home;
use window::{Window, bounded, code_for, refusal};

/// A charge whose answer waits until the test lets it go.
async fn with_a_charge_out(window: &Window) {
    window.sim.order(On::Charge, scenario("held").expect("held"));
    window.charge("T1", &code_for("paid")).await;
    window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;
}

#[tokio::test]
async fn a_stop_waits_for_the_request_that_is_out_and_records_its_outcome() {
    let window = Window::open().await;
    with_a_charge_out(&window).await;
    let mut stop = tokio::spawn({
        let till = window.till.clone();
        async move { till.stop().await }
    });
    // Refused from the moment on at which the stop was heard, which is before it is over.
    while window.ask(Command::Disarm).await != Err(Refusal::Stopping) {
        tokio::task::yield_now().await;
    }
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::Stopping);
    assert!(!stop.is_finished());
    let early = tokio::time::timeout(Duration::from_millis(50), &mut stop).await;
    assert!(early.is_err(), "it waits for the answer");
    window.sim.release();
    bounded("the stop", stop).await.expect("no panic");
    assert_eq!(window.ask(Command::Disarm).await, Err(Refusal::Stopping));
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::Stopping);
    assert_eq!(window.till.view().front.clone().map(|c| c.state), Some(State::Paid));

    let window = window.stopped_and_started().await;
    let front = window.till.view().front.clone().expect("in front");
    assert_eq!((front.state, front.why), (State::Paid, Some(Why::PaidAtOnce)));
    assert_eq!((window.sim.ledger().count(On::Query, "T1"), window.sim.ledger().count(On::Charge, "T1")), (0, 1));
    window.nothing_twice();
}

#[tokio::test]
async fn after_a_stop_nothing_is_held_although_handles_are_left() {
    let window = Window::open().await;
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    for _ in 0..20 {
        window.till.stop().await;
        let lock = Home::at(window.place.folder.path()).expect("a home").lock();
        assert!(lock.is_ok(), "{lock:?}");
        drop(lock);
        // The first till's handle is still there, and its journal is not in the way.
        let (again, at_work) = window.place.start().await.expect("starts again");
        again.stop().await;
        drop(at_work);
    }
    assert_eq!(window.ask(Command::SignOut).await, Err(Refusal::Stopping));
    assert!(!window.place.file("journal.db-wal").exists(), "closed in an orderly way");
}

#[tokio::test]
async fn a_hung_gateway_does_not_hold_a_stop_for_ever() {
    let window = Window::open_with(|config| config.gateway.settings.reply_timeout_ms = 120_000).await;
    with_a_charge_out(&window).await;
    let begun = Instant::now();
    window.till.stop_within(Duration::from_millis(300)).await;
    let took = begun.elapsed();
    assert!((Duration::from_millis(300)..Duration::from_secs(5)).contains(&took), "{took:?}");
    assert_eq!(window.ask(Command::SignOut).await, Err(Refusal::Stopping));
    let window = window.stopped_and_started().await;
    let front = window.till.view().front.clone().expect("in front");
    assert_eq!((front.state, front.why), (State::Checking, Some(Why::Interrupted)));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
    window.nothing_twice();
}

#[tokio::test]
async fn two_stops_wait_for_the_same_end() {
    let window = Window::open().await;
    with_a_charge_out(&window).await;
    let stops: Vec<_> = (0..3)
        .map(|_| {
            let till = window.till.clone();
            tokio::spawn(async move { till.stop().await })
        })
        .collect();
    while window.ask(Command::Disarm).await != Err(Refusal::Stopping) {
        tokio::task::yield_now().await;
    }
    // One more round through the inbox: every stop was heard before this answer.
    assert_eq!(window.ask(Command::Disarm).await, Err(Refusal::Stopping));
    tokio::time::sleep(Duration::from_millis(30)).await;
    assert!(stops.iter().all(|stop| !stop.is_finished()), "none ends before the answer is in");
    window.sim.release();
    for stop in stops {
        bounded("each stop", stop).await.expect("no panic");
    }
    assert_eq!(window.journal_closed_with("T1"), State::Paid);
}

#[tokio::test]
async fn a_till_that_nobody_holds_ends_by_itself() {
    let window = Window::open().await;
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    let home = Home::at(window.place.folder.path()).expect("a home");
    assert!(home.lock().is_err());
    let left = window.let_go();
    let free = async {
        while home.lock().is_err() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    bounded("the lock", free).await;
    drop(left);
}

#[tokio::test]
async fn queries_under_way_do_not_hold_a_stop() {
    let window = Window::open().await;
    let slow = Scenario::spoilt("held", gateway_sim::Fault::Held);
    window.sim.always(On::Query, Some(slow));
    window.charge("T1", &code_for("never")).await;
    window.until_books("a query", |books| books.count(On::Query, "T1") == 1).await;
    let begun = Instant::now();
    window.till.stop().await;
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    let window = window.stopped_and_started().await;
    assert_eq!(window.till.view().front.clone().map(|c| c.state), Some(State::Confirming));
}
