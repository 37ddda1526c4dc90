//! What a gateway may answer, each through the whole till: the state that design.md §5 says, and one charge request.

mod window;

use std::time::Duration;

use checkout::State;
use checkout::event::{Said, Why};
use gateway_sim::{On, Tuning, scenario, tuned};
use till::view::GatewayHealth;
use tokio::task::JoinSet;
use window::{Window, code_for};

/// How a charge goes on.
enum Ends {
    /// In this state, through a state in between.
    In(State),
    /// Nobody can say: asked about again and again, never ended.
    Open,
}

/// Scenario, the state it is in after its own answer, and how it goes on.
const ANSWERS: &[(&str, State, Ends)] = &[
    ("empty", State::Checking, Ends::In(State::Paid)),
    ("html", State::Checking, Ends::In(State::Paid)),
    ("half", State::Checking, Ends::In(State::Paid)),
    ("huge", State::Checking, Ends::In(State::Paid)),
    ("drip", State::Checking, Ends::In(State::Paid)),
    ("slow", State::Checking, Ends::In(State::Paid)),
    ("wrong-bill", State::Checking, Ends::In(State::Paid)),
    ("null-tag", State::Checking, Ends::In(State::Paid)),
    ("empty-word", State::Confirming, Ends::In(State::Paid)),
    ("open-null-tag", State::Confirming, Ends::In(State::Paid)),
    ("open-autoid", State::Confirming, Ends::In(State::Paid)),
    ("unknown-word", State::Confirming, Ends::In(State::Paid)),
    ("no-autoid", State::Confirming, Ends::In(State::Paid)),
    ("save-failed", State::Confirming, Ends::In(State::Paid)),
    ("broken-paid", State::Checking, Ends::In(State::Paid)),
    ("lost-answer", State::Checking, Ends::In(State::Paid)),
    ("appears-later", State::Checking, Ends::In(State::Paid)),
    ("refused-paid", State::Checking, Ends::In(State::Paid)),
    ("refused", State::Checking, Ends::In(State::Declined)),
    ("password-payerror", State::Confirming, Ends::In(State::Declined)),
    ("password-closed", State::Confirming, Ends::In(State::Declined)),
    ("returned", State::Confirming, Ends::In(State::Returned)),
    ("model-state", State::Declined, Ends::In(State::Declined)),
    ("unauthorized", State::Declined, Ends::In(State::Declined)),
    ("not-found", State::Declined, Ends::In(State::Declined)),
    ("bad-method", State::Declined, Ends::In(State::Declined)),
    ("bad-media", State::Declined, Ends::In(State::Declined)),
    ("lost-request", State::Checking, Ends::Open),
    ("moved", State::Checking, Ends::Open),
    ("forbidden", State::Checking, Ends::Open),
    ("too-many", State::Checking, Ends::Open),
    ("broken", State::Checking, Ends::Open),
    ("unavailable", State::Checking, Ends::Open),
    ("lost-negative", State::Checking, Ends::Open),
];

/// Queries after which what is open must still be open.
const PATIENT: u32 = 4;

async fn one(id: &str, first: State, ends: &Ends) {
    let window = Window::open_with(|config| config.gateway.settings.reply_timeout_ms = 700).await;
    let mut changes = window.till.changes();
    if id == "huge" {
        let tuning = Tuning { bytes: Some(1 << 20), ..Tuning::default() };
        window.sim.order(On::Charge, tuned(id, &tuning).expect("huge"));
    }
    window.charge("T1", &code_for(id)).await;
    assert_eq!(changes.recv().await.map(|change| change.state).ok(), Some(State::Sending), "{id}");
    let next = tokio::time::timeout(window::PATIENCE, changes.recv()).await;
    assert_eq!(next.expect("a change").map(|change| change.state).ok(), Some(first), "{id}");
    match ends {
        Ends::In(state) => {
            let ended = window.until_front(*state).await;
            let pending = !window.till.view().pending.is_empty();
            assert_eq!((pending, ended.asks_phone), (state.is_pending(), id == "refused"), "{id}");
        }
        Ends::Open => {
            window.until_books(id, |books| books.count(On::Query, "T1") >= PATIENT).await;
            let view = window.till.view();
            assert!(view.pending.len() == 1 && view.pending[0].state.is_undecided(), "{id}: {view:#?}");
        }
    }
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1, "{id}");
    assert_eq!(window.journalled("T1").await, window.till.view().front.as_ref().map(|front| front.state), "{id}");
    window.nothing_twice();
    window.till.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_answer_ends_as_it_must() {
    let mut cases = JoinSet::new();
    for (id, first, ends) in ANSWERS {
        cases.spawn(one(id, *first, ends));
    }
    let mut failed = 0;
    while let Some(ended) = cases.join_next().await {
        failed += u32::from(ended.is_err());
    }
    assert_eq!(failed, 0, "see above");
}

#[tokio::test]
async fn a_charge_refused_unlooked_is_shown_as_the_configuration_problem_it_is() {
    let window = Window::open().await;
    window.charge("T1", &code_for("not-found")).await;
    let declined = window.until_front(State::Declined).await;
    assert_eq!(declined.why, Some(Why::RefusedUnlooked { status: 404 }));
    assert!(declined.live.is_some(), "on the after-watch");
    assert_eq!(window.till.view().health.gateway, GatewayHealth::Misconfigured { status: 404 });
    assert!(window.till.view().armed.is_some(), "a fresh code is all that is needed");
    window.scan(&code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert_eq!(window.till.view().health.gateway, GatewayHealth::Answering);
}

#[tokio::test]
async fn a_kept_connection_that_closes_as_the_charge_is_written_proves_nothing() {
    let window = Window::open().await;
    // The greeting's connection is kept, and cut when the next request comes on it: that is the charge.
    window.sim.order(On::Warm, scenario("stale").expect("stale"));
    window.arm("T1").await.expect("armed");
    window.until("greeted", |view| view.health.gateway == GatewayHealth::Answering).await;
    window.scan(&code_for("paid")).await;
    let doubt = window.until_front(State::Checking).await;
    let lost = |said: &Said| matches!(said, Said::Lost { .. });
    assert!(matches!(&doubt.why, Some(Why::NotCertain { said }) if lost(said)), "{doubt:#?}");
    let books = window.until_books("asked", |books| books.count(On::Query, "T1") >= PATIENT).await;
    assert_eq!((books.stale_closes, books.count(On::Charge, "T1")), (1, 0), "not even a second try");
    assert_eq!(window.till.view().front.clone().map(|front| front.state), Some(State::Checking));

    // Closed after a whole answer: the charge is paid, and the connection is the next request's trouble.
    window.ask(till::Command::StopWaiting).await.expect("parked");
    window.sim.order_for(On::Charge, "T2", scenario("stale").expect("stale"));
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    window.charge("T3", &code_for("paid")).await;
    let third = window.until("an outcome", |view| view.front.as_ref().is_some_and(|f| f.state != State::Sending)).await;
    assert!(third.front.as_ref().is_some_and(|f| matches!(f.state, State::Paid | State::Checking)), "{third:#?}");
    assert!(window.sim.ledger().count(On::Charge, "T3") <= 1);
    window.nothing_twice();
}

#[tokio::test]
async fn a_success_of_another_receipt_is_listed_as_unmatched() {
    let window = Window::open().await;
    let charge = window.charge("T1", &code_for("wrong-autoid")).await;
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.id, charge);
    let view = window.till.view();
    let unmatched: Vec<_> = view.pending.iter().map(|c| (c.state, c.bill.as_str(), c.code.len())).collect();
    assert_eq!(unmatched, [(State::UnmatchedSuccess, "T1", "13…6780".len())]);
    assert_eq!(view.notices.len(), 1);
    let window = window.killed_and_started().await;
    assert_eq!(window.till.view().pending.len(), 1);
}

#[tokio::test]
async fn an_answer_that_comes_after_stop_waiting_is_taken_in() {
    let window = Window::open().await;
    let held = scenario("held").expect("held").after(Duration::ZERO);
    window.sim.order(On::Charge, held);
    let charge = window.charge("T1", &code_for("paid")).await;
    window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;
    window.ask(till::Command::StopWaiting).await.expect("parked");
    assert_eq!(window.ask(till::Command::QueryNow { charge: charge.clone() }).await, Ok(()));
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    window.sim.release();
    let view = window.until("a notice", |view| !view.notices.is_empty()).await;
    assert_eq!((&view.notices[0].id, view.notices[0].state), (&charge, State::Paid));
    assert_eq!(view.front.as_ref().map(|front| front.bill.as_str()), Some("T2"));
    assert_eq!(window.sim.ledger().count(On::Query, "T1"), 0, "its own answer was awaited");
    window.nothing_twice();
}
