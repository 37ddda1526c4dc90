//! A journal that is slow, breaks, or is gone for a while: nothing leaves before it is durable, and nothing is forgotten.

mod window;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::event::Why;
use checkout::{Gate, Refusal, State};
use gateway_sim::{Fault, On, Options, Scenario, Sim};
use till::view::View;
use window::{Place, Window, code_for, front_state, refusal};

/// The next commit reports an error of the disk, and stands all the same.
async fn break_next(window: &Window, stands: bool) {
    window.till.journal().call(move |journal| journal.break_next_commit(stands)).await.expect("a journal");
}

/// The folder's database cannot be opened again until the end of the returned value's use; what is open stays open.
fn hide_database(place: &Place) {
    std::fs::rename(place.file("journal.db"), place.file("hidden.db")).expect("hidden");
    std::fs::create_dir(place.file("journal.db")).expect("in its way");
}

fn show_database(place: &Place) {
    std::fs::remove_dir(place.file("journal.db")).expect("out of its way");
    std::fs::rename(place.file("hidden.db"), place.file("journal.db")).expect("back");
}

fn is_down(view: &View) -> bool {
    matches!(view.gate, Some(Gate::JournalDown { .. }))
}

/// `journal-first`, seen from the gateway: when a charge request arrives, its intent is in the file already.
#[tokio::test]
async fn when_the_request_arrives_its_intent_is_durable() {
    let place: Arc<Mutex<Option<std::path::PathBuf>>> = Arc::default();
    let seen: Arc<Mutex<Vec<Option<State>>>> = Arc::default();
    let (file, found) = (place.clone(), seen.clone());
    let on_line = move |line: &str| {
        if let (true, Some(file)) = (line.starts_with("charge"), file.lock().expect("a place").clone()) {
            let reader = journal::Reader::open(&file).expect("a copy");
            let newest = reader.books().newest_charge().expect("read");
            found.lock().expect("a list").push(newest.map(|charge| charge.state));
        }
    };
    let options = Options { on_line: Some(Box::new(on_line)), ..Options::default() };
    let sim = Sim::start_with(([127, 0, 0, 1], 0).into(), options).await.expect("a simulator");
    let window = Window::open_on(sim, |_| {}).await;
    *place.lock().expect("a place") = Some(window.place.file("journal.db"));
    window.arm("T1").await.expect("armed");

    // Every question to the journal has to wait for a slow one: a request sent before its commit would be far ahead of it.
    let slow = || {
        let journal = window.till.journal().clone();
        tokio::spawn(
            async move { while journal.call(|_| std::thread::sleep(Duration::from_millis(60))).await.is_ok() {} },
        )
    };
    let slowness = [slow(), slow()];
    window.scan(&code_for("password")).await;
    window.until_front(State::Paid).await;
    slowness.iter().for_each(tokio::task::JoinHandle::abort);
    assert_eq!(*seen.lock().expect("a list"), [Some(State::Sending)]);
}

#[tokio::test]
async fn an_intent_that_was_not_confirmed_is_not_sent_and_ends_as_never_sent() {
    let window = Window::open().await;
    for (bill, stands) in [("T1", true), ("T2", false)] {
        window.arm(bill).await.expect("armed");
        break_next(&window, stands).await;
        assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::JournalUnsure);
        let view = window.till.view();
        assert!(view.gate.is_none() && view.pending.is_empty() && view.health.journal_ok, "opened again: {view:#?}");
        assert_eq!(window.journalled(bill).await, stands.then_some(State::NeverSent));
    }
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    let never: Vec<_> = window.till.view().recent.iter().map(|c| (c.bill.clone(), c.why.clone())).collect();
    assert_eq!(never, [("T1".to_owned(), Some(Why::NotHandedOver))]);
    // The code of T1 stays used, the bill is free.
    let paid = window.charge("T1", &code_for("paid")).await;
    assert_eq!(window.until_front(State::Paid).await.id, paid);
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
    let window = window.killed_and_started().await;
    assert_eq!(window.journalled("T1").await, Some(State::Paid));
    window.nothing_twice();
}

#[tokio::test]
async fn an_answer_that_was_not_confirmed_is_asked_for_again() {
    for stands in [true, false] {
        let window = Window::open().await;
        window.sim.order(On::Charge, gateway_sim::scenario("held").expect("held"));
        window.charge("T1", &code_for("paid")).await;
        window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;
        break_next(&window, stands).await;
        window.sim.release();
        let paid = window.until_front(State::Paid).await;
        let why = if stands { Why::PaidAtOnce } else { Why::PaidByQuery };
        assert_eq!(paid.why, Some(why));
        assert_eq!(window.journalled("T1").await, Some(State::Paid));
        assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
        window.nothing_twice();
    }
}

#[tokio::test]
async fn a_request_that_is_out_while_the_journal_is_opened_again_stays_out() {
    let window = Window::open().await;
    window.sim.order(On::Charge, gateway_sim::scenario("held").expect("held"));
    let charge = window.charge("T1", &code_for("paid")).await;
    window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;
    break_next(&window, true).await;
    // Any other commit finds the disk broken.
    assert_eq!(window.ask(till::Command::SignOut).await, Err(Refusal::JournalUnsure));
    let front = window.till.view().front.clone().expect("in front");
    assert_eq!((&front.id, front.state), (&charge, State::Sending), "its own answer is still awaited");
    window.sim.release();
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.why, Some(Why::PaidAtOnce));
    assert_eq!(window.sim.ledger().count(On::Query, "T1"), 0);
}

#[tokio::test]
#[cfg_attr(windows, ignore = "a file that is open cannot be hidden there")]
async fn while_the_journal_is_gone_nothing_begins_and_nothing_unwritten_is_shown() {
    let window = Window::open().await;
    let parked = window.charge("T0", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(till::Command::StopWaiting).await.expect("parked");
    let hung = Scenario::spoilt("held", Fault::Held);
    window.sim.order(On::Charge, hung);
    window.charge("T1", &code_for("paid")).await;
    window.until_books("the request", |books| books.count(On::Charge, "T1") == 1).await;

    hide_database(&window.place);
    break_next(&window, false).await;
    window.sim.release();
    let down = window.until("down", is_down).await;
    assert_eq!(front_state(&down), Some(State::Sending), "paid, says the gateway, and nobody has written it down");
    assert!(!down.health.journal_ok && down.pending.len() == 2);
    for outcome in [window.arm("T2").await, window.ask(till::Command::QueryNow { charge: parked }).await] {
        assert!(matches!(outcome, Err(Refusal::Gate { reason: Gate::JournalDown { .. } })), "{outcome:?}");
    }
    let refused = refusal(window.scan(&code_for("paid")).await);
    assert!(matches!(refused, Refusal::Gate { reason: Gate::JournalDown { .. } }), "{refused:?}");
    let asked = window.sim.ledger().count(On::Query, "T0");

    show_database(&window.place);
    let up = window.until("up again", |view| view.gate.is_none()).await;
    assert!(up.number - down.number < 30, "{} views while there was nothing to tell", up.number - down.number);
    window.until_front(State::Paid).await;
    window.until_books("questions go on", |books| books.count(On::Query, "T0") > asked).await;
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 3);
    window.nothing_twice();
}

#[tokio::test]
async fn what_was_never_handed_over_is_remembered_until_that_is_written_down() {
    let window = Window::open().await;
    window.arm("T1").await.expect("armed");
    let before = window.till.journal().call(|journal| journal.head().seq).await.expect("a head");
    // The intent stands, and every commit after it is lost, for as long as this goes on.
    let storm = {
        let journal = window.till.journal().clone();
        tokio::spawn(async move {
            loop {
                let broken = move |journal: &mut journal::Journal| {
                    let first = journal.head().seq == before;
                    journal.break_next_commit(first);
                };
                let _ = journal.call(broken).await;
                tokio::task::yield_now().await;
            }
        })
    };
    tokio::task::yield_now().await;
    break_next(&window, true).await;
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::JournalUnsure);
    window.until("down", is_down).await;
    storm.abort();
    let _ = storm.await;
    window.until("up again", |view| view.gate.is_none()).await;
    assert_eq!(window.journalled("T1").await, Some(State::NeverSent));
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    window.nothing_twice();
}

#[tokio::test]
#[cfg_attr(windows, ignore = "a file that is open cannot be hidden there")]
async fn a_journal_that_never_comes_back_is_said_and_the_till_can_be_stopped() {
    let window = Window::open().await;
    window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    hide_database(&window.place);
    break_next(&window, false).await;
    assert_eq!(window.ask(till::Command::StopWaiting).await, Err(Refusal::JournalUnsure));
    let view = window.until("down", is_down).await;
    let said = view.gate.clone().expect("a gate").to_string();
    assert!(said.contains("the journal cannot be written") && said.contains("journal.db"), "{said}");
    assert_eq!(front_state(&view), Some(State::Confirming), "not parked: nobody wrote that down");
    window.till.stop().await;
    assert_eq!(window.ask(till::Command::StopWaiting).await, Err(Refusal::Stopping));
    show_database(&window.place);
    let window = window.killed_and_started().await;
    assert_eq!(front_state(&window.till.view()), Some(State::Confirming));
}
