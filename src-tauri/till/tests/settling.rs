//! Settling: the gateway is asked first, its truth wins, the reply waits for it, and nothing is ever half done.

mod settling_desk;
mod window;

use std::time::Duration;

use checkout::event::PhoneAnswer;
use checkout::{Business, ChargeId, Refusal, State, Word};
use gateway_sim::{On, scenario};
use settling_desk::{NAME, decide, decisions, sits, until_pending, with_old_charge, with_old_charge_and};
use till::Command;
use tokio::task::JoinHandle;
use window::{Window, bounded, code_for, front_state};

/// A charge that the customer never confirms, parked.
async fn parked(window: &Window, bill: &str) -> ChargeId {
    let id = window.charge(bill, &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(Command::StopWaiting).await.expect("parked");
    id
}

fn state_in_view(window: &Window, id: &ChargeId) -> Option<State> {
    let view = window.till.view();
    view.recent.iter().find(|charge| charge.id == *id).map(|charge| charge.state)
}

#[tokio::test]
async fn an_undecided_charge_is_asked_about_first_and_the_reply_waits_for_the_answer() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    window.until_books("asked in front", |books| books.count(On::Query, "T1") > 0).await;
    window.sim.always(On::Query, Some(scenario("held").expect("held")));
    // Whatever question was out is answered; from now on every answer waits.
    let asked = window.sim.ledger().count(On::Query, "T1");
    let till = window.till.clone();
    let command = decide(&id, Word::Paid);
    let mut settling = tokio::spawn(async move { till.ask(command).await });
    window.until_books("one more question", |books| books.count(On::Query, "T1") > asked).await;
    let early = tokio::time::timeout(Duration::from_millis(50), &mut settling).await;
    assert!(early.is_err(), "it waits for the answer: {early:?}");
    assert_eq!(window.journalled("T1").await, Some(State::Parked));
    assert_eq!(window.ask(decide(&id, Word::Paid)).await, Err(Refusal::SettlingAlready));
    window.sim.always(On::Query, None);
    window.sim.release();
    bounded("the reply", settling).await.expect("no panic").expect("settled");
    assert_eq!(state_in_view(&window, &id), Some(State::SettledPaid), "whoever asked finds it in the view");
    let decisions = decisions(&window, &id).await;
    let (settlement, overtaken) = decisions.first().expect("one");
    assert_eq!((settlement.word, settlement.by.as_str(), decisions.len(), *overtaken), (Word::Paid, NAME, 1, false));
    assert_eq!((settlement.reason.as_str(), settlement.evidence.as_str()), ("核对过商户后台", "4200002026"));
    assert!(matches!(window.arm("T1").await, Err(Refusal::BillBlocked { state: State::SettledPaid, .. })));
    window.nothing_twice();
}

#[tokio::test]
async fn the_gateways_success_in_the_same_instant_wins_and_both_are_recorded() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    // Nobody asks about a parked charge for some seconds: the question of the settlement meets the success.
    assert!(window.sim.approve("T1"));
    let outcome = window.ask(decide(&id, Word::Paid)).await;
    assert_eq!(outcome, Err(Refusal::Overtaken { state: State::Paid }));
    assert_eq!(state_in_view(&window, &id), Some(State::Paid));
    let decisions = decisions(&window, &id).await;
    assert_eq!(decisions.iter().map(|(s, overtaken)| (s.word, *overtaken)).collect::<Vec<_>>(), [(Word::Paid, true)]);
    window.nothing_twice();
}

#[tokio::test]
async fn the_reply_comes_although_the_gateway_is_down() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    window.sim.halt().await;
    window.ask(decide(&id, Word::Paid)).await.expect("settled");
    assert_eq!(window.journalled("T1").await, Some(State::SettledPaid));
    // The truth comes later, and wins.
    window.sim.resume().await.expect("listens again");
    window.sim.approve("T1");
    window.ask(Command::QueryNow { charge: id.clone() }).await.expect("asked");
    until_pending(&window, &id, State::LateSuccess).await;
    window.ask(decide(&id, Word::Applied)).await.expect("applied");
    assert_eq!(window.journalled("T1").await, Some(State::SettledApplied));
    assert!(window.till.view().notices.is_empty(), "whoever settles it has seen it");
}

#[tokio::test]
async fn not_paid_is_refused_for_200_seconds_and_frees_the_bill_afterwards() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    match window.ask(decide(&id, Word::NotPaid)).await {
        Err(Refusal::TooEarly { wait_s }) => assert!((150..=200).contains(&wait_s), "{wait_s}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(decisions(&window, &id).await, []);
    let (window, id) = with_old_charge("T1", Business::Tickets, 190).await;
    sits(&window).await;
    assert!(matches!(window.ask(decide(&id, Word::NotPaid)).await, Err(Refusal::TooEarly { wait_s: 1..=10 })));
    let (window, id) = with_old_charge("T1", Business::Tickets, 201).await;
    sits(&window).await;
    window.ask(decide(&id, Word::NotPaid)).await.expect("settled");
    assert_eq!(window.journalled("T1").await, Some(State::SettledNotPaid));
    assert!(window.sim.ledger().count(On::Query, "T1") > 0, "asked first");
    window.sign_in().await;
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    window.nothing_twice();
}

#[tokio::test]
async fn what_a_state_does_not_allow_is_refused_and_changes_nothing() {
    let window = Window::open().await;
    sits(&window).await;
    let id = window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    for word in Word::ALL.into_iter().filter(|word| *word != Word::Release) {
        let refused = window.ask(decide(&id, word)).await;
        assert_eq!(refused, Err(Refusal::NotSettledSo { state: State::Paid, word }));
    }
    assert_eq!(window.ask(decide(&ChargeId("01J0".into()), Word::Release)).await, Err(Refusal::Gone));
    let with = |reason: &str, evidence: &str| Command::Settle {
        charge: id.clone(),
        word: Word::Release,
        reason: reason.into(),
        evidence: evidence.into(),
    };
    for reason in ["", "  ", "\t"] {
        assert_eq!(window.ask(with(reason, "")).await, Err(Refusal::ReasonMissing), "{reason:?}");
    }
    let code = code_for("paid");
    for (reason, evidence) in [("字".repeat(201), ""), (code.clone(), ""), ("ok".into(), &*code), ("a\nb".into(), "")]
    {
        assert_eq!(window.ask(with(&reason, evidence)).await, Err(Refusal::SettleText), "{reason}");
    }
    assert_eq!(decisions(&window, &id).await, []);
    assert_eq!(window.journalled("T1").await, Some(State::Paid));
}

#[tokio::test]
async fn a_released_bill_is_charged_again() {
    let window = Window::open().await;
    sits(&window).await;
    let id = window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    // Also after it is no longer in memory.
    window.ask(Command::NextCustomer).await.expect("gone");
    assert!(matches!(window.arm("T1").await, Err(Refusal::BillBlocked { .. })));
    window.ask(decide(&id, Word::Release)).await.expect("released");
    assert_eq!(
        window.ask(decide(&id, Word::Release)).await.err().map(|r| r.to_string().contains("released")),
        Some(true)
    );
    window.charge("T1", &code_for("paid")).await;
    window.until("paid again", |view| front_state(view) == Some(State::Paid)).await;
    assert_eq!(window.sim.ledger().times_taken("T1"), 2);
    let window = window.killed_and_started().await;
    window.sign_in().await;
    assert!(matches!(window.arm("t1").await, Err(Refusal::BillBlocked { state: State::Paid, .. })));
}

#[tokio::test]
async fn a_late_success_is_applied_or_refunded() {
    for (word, ends) in [(Word::Applied, State::SettledApplied), (Word::Refund, State::SettledRefund)] {
        let window = Window::open().await;
        sits(&window).await;
        let id = window.charge("T1", &code_for("refused")).await;
        window.until_front(State::Declined).await;
        window.sim.approve("T1");
        window.ask(Command::QueryNow { charge: id.clone() }).await.expect("asked");
        until_pending(&window, &id, State::LateSuccess).await;
        assert!(window.till.view().notices.iter().any(|c| c.id == id), "it alarms");
        let phone = Command::PhoneShows { charge: id.clone(), answer: PhoneAnswer::No };
        assert_eq!(window.ask(phone).await, Err(Refusal::Gone));
        let window = window.killed_and_started().await;
        until_pending(&window, &id, State::LateSuccess).await;
        window.ask(settling_desk::sign_in(NAME, settling_desk::PIN)).await.expect("signed in");
        window.ask(decide(&id, word)).await.expect("settled");
        assert_eq!(window.journalled("T1").await, Some(ends));
        assert!(window.till.view().pending.is_empty() && window.till.view().notices.is_empty());
        window.sign_in().await;
        assert_eq!(window.arm("T1").await.is_ok(), word == Word::Refund);
    }
}

/// The supervisor settles as paid, and the gateway keeps its last answer back.
async fn settling_and_asking(window: &Window, id: &ChargeId) -> JoinHandle<Result<(), Refusal>> {
    window.sim.always(On::Query, Some(scenario("held").expect("held")));
    let asked = window.sim.ledger().count(On::Query, "T1");
    let till = window.till.clone();
    let command = decide(id, Word::Paid);
    let settling = tokio::spawn(async move { till.ask(command).await });
    window.until_books("asked", |books| books.count(On::Query, "T1") > asked).await;
    settling
}

#[tokio::test]
async fn a_stop_while_a_settlement_waits_leaves_nothing_half_done() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    let settling = settling_and_asking(&window, &id).await;
    bounded("the stop", window.till.stop()).await;
    assert_eq!(bounded("the reply", settling).await.expect("no panic"), Err(Refusal::Stopping));
    assert_eq!(window.ask(decide(&id, Word::Paid)).await, Err(Refusal::Stopping));
    window.sim.always(On::Query, None);
    let window = window.stopped_and_started().await;
    assert_eq!(window.journalled("T1").await, Some(State::Parked));
    assert_eq!(decisions(&window, &id).await, []);
    window.sim.approve("T1");
    window.until("paid", |view| view.pending.is_empty()).await;
    assert_eq!(window.journalled("T1").await, Some(State::Paid));
}

#[tokio::test]
async fn a_journal_that_breaks_under_a_settlement_says_so_and_leaves_it_open() {
    let window = Window::open().await;
    sits(&window).await;
    let id = parked(&window, "T1").await;
    let settling = settling_and_asking(&window, &id).await;
    window.till.journal().call(|journal| journal.break_next_commit(false)).await.expect("a journal");
    window.sim.always(On::Query, None);
    window.sim.release();
    assert_eq!(bounded("the reply", settling).await.expect("no panic"), Err(Refusal::JournalUnsure));
    until_pending(&window, &id, State::Parked).await;
    assert_eq!(decisions(&window, &id).await, []);
    window.ask(decide(&id, Word::Paid)).await.expect("settled now");
    assert_eq!(window.journalled("T1").await, Some(State::SettledPaid));
}

#[tokio::test]
async fn a_recharge_settled_as_paid_waits_for_its_credit_unless_the_platform_credits() {
    let (window, id) = with_old_charge("C1", Business::Recharge, 300).await;
    sits(&window).await;
    window.ask(decide(&id, Word::Paid)).await.expect("settled");
    until_pending(&window, &id, State::SettledPaid).await;
    assert_eq!(window.sim.ledger().count(On::End, "C1"), 0, "never by itself");
    window.ask(decide(&id, Word::NotCredited)).await.expect("settled");
    assert_eq!(window.journalled("C1").await, Some(State::SettledNotCredited));
    let platform = |config: &mut till::config::Config| config.recharge.end = till::config::RechargeEnd::Platform;
    let (window, id) = with_old_charge_and("C1", Business::Recharge, 300, platform).await;
    sits(&window).await;
    window.ask(decide(&id, Word::Paid)).await.expect("settled");
    assert!(window.till.view().pending.is_empty());
    let charge = window.till.view().recent.first().cloned().expect("shown");
    assert!(charge.left_to_platform && !charge.owes_credit && charge.may_settle.is_empty());
    assert_eq!(window.sim.ledger().count_all(On::End), 0);
}
