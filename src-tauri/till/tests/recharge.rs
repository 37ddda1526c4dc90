//! `recharge-exactly-once` through the till: Begin, the payment, End, and everything that can go wrong with the second leg.

mod settling_desk;
mod window;

use checkout::event::{Said, Why};
use checkout::{Entry, EntryError, Field, Refusal, State, TextError, Word};
use gateway_sim::{Again, Fault, On, Reply, Scenario, scenario};
use settling_desk::{CARD, arm_recharge, charge_card, credited_once, decide, recharge, sits, until_pending};
use till::Command;
use till::config::{Config, RechargeBegin, RechargeEnd};
use window::{Window, code_for, front_state};

fn by_window(config: &mut Config) {
    config.recharge.begin = RechargeBegin::Window;
    config.gateway.settings.payment_type = "66".into();
}

fn arm(entry: Entry) -> Command {
    Command::Arm { entry, large_confirmed: false }
}

#[tokio::test]
async fn a_recharge_begun_upstream_is_paid_and_credited_once() {
    let window = Window::open().await;
    for (bill, wallet) in [("C1", "paid"), ("C2", "password"), ("C3", "lost-answer")] {
        charge_card(&window, bill, &code_for(wallet)).await;
        let front = window.until_front(State::Recharged).await;
        assert_eq!((front.credits, front.card.as_deref(), front.owes_credit), (1, Some(CARD), false));
        credited_once(&window, bill);
        assert_eq!(window.sim.ledger().count(On::Begin, bill), 0);
    }
    let confirmed = window.sim.ledger().recharge("C1").and_then(|r| r.confirmed_text.clone());
    assert_eq!(confirmed.as_deref(), Some("260.00"), "exactly the amount");
    assert!(window.till.view().pending.is_empty());
    assert!(matches!(window.ask(arm(recharge("c1", CARD))).await, Err(Refusal::BillBlocked { .. })));
    window.nothing_twice();
}

#[tokio::test]
async fn a_recharge_begun_here_is_begun_once_before_its_scan() {
    let window = Window::open_with(by_window).await;
    window.sim.order(On::Begin, scenario("held").expect("held"));
    window.ask(arm(recharge("C1", CARD))).await.expect("being begun");
    window.until_front(State::Beginning).await;
    window.until_books("Begin", |books| books.count(On::Begin, "C1") == 1).await;
    assert!(window.till.view().armed.is_none());
    assert_eq!(window.ask(arm(recharge("C1", CARD))).await, Ok(()), "the same Enter twice asks for nothing new");
    window.sim.release();
    window.until("armed", |view| view.armed.is_some()).await;
    let id = charge_card(&window, "C1", &code_for("paid")).await;
    let front = window.until_front(State::Recharged).await;
    assert_eq!(front.id, id);
    assert_eq!((window.sim.ledger().count(On::Begin, "C1"), window.till.view().recent.len()), (1, 1));
    credited_once(&window, "C1");
    let window = window.killed_and_started().await;
    assert_eq!(window.journalled("C1").await, Some(State::Recharged));
    window.nothing_twice();
}

#[tokio::test]
async fn a_begin_refused_or_lost_arms_nothing_and_risks_no_money() {
    let window = Window::open_with(by_window).await;
    let refusal = Scenario::replying("refused", Reply::bare(40011, "该卡已挂失"));
    window.sim.order(On::Begin, refusal);
    window.ask(arm(recharge("C1", CARD))).await.expect("being begun");
    let front = window.until_front(State::NeverSent).await;
    assert!(matches!(front.why, Some(Why::BeginRefused { .. })) && front.text == "该卡已挂失", "{front:?}");
    assert!(window.till.view().armed.is_none() && window.till.view().pending.is_empty());

    window.sim.order(On::Begin, Scenario::spoilt("lost", Fault::Close));
    window.ask(arm(recharge("C2", CARD))).await.expect("being begun");
    let lost = |c: &till::view::ChargeView| c.state == State::Beginning && matches!(c.said, Some(Said::Lost { .. }));
    window.until("lost", |view| view.pending.iter().any(lost)).await;
    assert!(matches!(window.ask(arm(recharge("C2", CARD))).await, Err(Refusal::BillBlocked { .. })), "not repeated");
    assert!(matches!(window.scan(&code_for("paid")).await, till::view::ScanOutcome::Refused { .. }));
    let window = window.killed_and_started().await;
    assert_eq!(window.journalled("C2").await, Some(State::NeverSent));
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    window.sign_in().await;
    window.sim.halt().await;
    window.ask(arm(recharge("C3", CARD))).await.expect("being begun");
    window.until_front(State::NeverSent).await;
    window.sim.resume().await.expect("listens again");
    charge_card(&window, "C2", &code_for("paid")).await;
    window.until_front(State::Recharged).await;
    credited_once(&window, "C2");
}

#[tokio::test]
async fn an_end_lost_after_crediting_is_never_repeated_by_the_till() {
    for fault in [Fault::Close, Fault::Status(500), Fault::Html, Fault::Half] {
        let window = Window::open().await;
        sits(&window).await;
        window.sim.order(On::End, Scenario::spoilt("after", fault.clone()));
        let id = charge_card(&window, "C1", &code_for("paid")).await;
        until_pending(&window, &id, State::RechargeUndecided).await;
        let window = window.killed_and_started().await;
        until_pending(&window, &id, State::RechargeUndecided).await;
        assert_eq!(window.sim.ledger().count(On::End, "C1"), 1, "{fault:?}");
        credited_once(&window, "C1");
        let pending = std::fs::read_to_string(window.place.file("exports").join("pending.json")).expect("a list");
        assert!(pending.contains("recharge-undecided") && pending.contains(&id.0), "{pending}");
        window.ask(settling_desk::sign_in(settling_desk::NAME, settling_desk::PIN)).await.expect("signed in");
        window.ask(decide(&id, Word::Credited)).await.expect("settled");
        assert_eq!(window.journalled("C1").await, Some(State::SettledCredited));
        assert!(window.till.view().pending.is_empty());
        window.nothing_twice();
    }
}

#[tokio::test]
async fn only_a_supervisor_sends_end_again_and_once() {
    for repeated in [Again::Accept, Again::Refuse] {
        let window = Window::open_with(|config| config.recharge.already_done = vec!["40009".into()]).await;
        sits(&window).await;
        window.sim.switch(|switches| switches.repeated_end = repeated);
        window.sim.order(On::End, Scenario::spoilt("after", Fault::Close));
        let id = charge_card(&window, "C1", &code_for("paid")).await;
        until_pending(&window, &id, State::RechargeUndecided).await;
        window.ask(decide(&id, Word::CreditNow)).await.expect("sent");
        let ends = if repeated == Again::Accept { State::Recharged } else { State::RechargeRefused };
        window.until("the end", |view| view.recent.iter().any(|c| c.id == id && c.state == ends)).await;
        let charge = window.till.view().recent.first().cloned().expect("shown");
        let already = matches!(charge.why, Some(Why::CreditRefused { already: true, .. }));
        assert_eq!((already, charge.credits), (repeated == Again::Refuse, 2));
        assert_eq!(window.sim.ledger().count(On::End, "C1"), 2);
        credited_once(&window, "C1");
    }
}

#[tokio::test]
async fn a_refused_end_is_paid_and_not_credited() {
    let window = Window::open().await;
    sits(&window).await;
    for (bill, scene) in [
        ("C1", Scenario::replying("refused", Reply::bare(40010, "确认金额与充值金额不符"))),
        ("C2", Scenario::instead("unauthorized", Fault::Status(401))),
        ("C3", Scenario::instead("model-state", Fault::Status(400))),
    ] {
        window.sim.order(On::End, scene);
        let id = charge_card(&window, bill, &code_for("paid")).await;
        until_pending(&window, &id, State::RechargeRefused).await;
        assert_eq!(window.sim.ledger().recharge(bill).map_or(0, |r| r.credits), 0, "{bill}");
        assert!(matches!(window.ask(arm(recharge(bill, CARD))).await, Err(Refusal::BillBlocked { .. })));
        window.ask(decide(&id, Word::CreditNow)).await.expect("sent");
        window.until("credited", |view| view.pending.is_empty()).await;
        assert_eq!(window.journalled(bill).await, Some(State::Recharged));
        credited_once(&window, bill);
    }
}

#[tokio::test]
async fn an_end_that_never_left_is_sent_again_by_itself() {
    let window = Window::open().await;
    // The payment is known at the first question; the gateway goes away before End can leave.
    window.sim.order(On::Charge, scenario("never").expect("never"));
    let id = charge_card(&window, "C1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.sim.always(On::Query, Some(scenario("held").expect("held")));
    let asked = window.sim.ledger().count(On::Query, "C1");
    window.until_books("a question", |books| books.count(On::Query, "C1") > asked).await;
    window.sim.approve("C1");
    window.sim.always(On::Query, None);
    window.sim.always(On::End, Some(Scenario::instead("gone", Fault::Status(503))));
    let mut views = window.till.views();
    window.sim.release();
    // 503 before the platform looked is no proof: that is undecided, and never repeated.
    let seen = views.wait_for(|view| view.pending.iter().any(|c| c.state == State::RechargeUndecided));
    window::bounded("undecided", seen).await.expect("a till at work");
    assert_eq!(window.sim.ledger().count(On::End, "C1"), 1);
    window.sim.always(On::End, None);

    // Credit now while nothing listens: each try is journalled, and the one that leaves is the only one.
    sits(&window).await;
    window.sim.halt().await;
    window.ask(decide(&id, Word::CreditNow)).await.expect("tried");
    window.until("tried again", |view| view.recent.iter().any(|c| c.id == id && c.credits > 2)).await;
    assert_eq!(
        window.ask(decide(&id, Word::CreditNow)).await.err().map(|r| r.to_string().contains("recharging")),
        Some(true)
    );
    window.sim.resume().await.expect("listens again");
    window.until("credited", |view| view.pending.is_empty()).await;
    assert_eq!(window.journalled("C1").await, Some(State::Recharged));
    assert_eq!(window.sim.ledger().count(On::End, "C1"), 2);
    credited_once(&window, "C1");
}

#[tokio::test]
async fn killed_at_any_moment_of_the_second_leg_it_is_credited_at_most_once() {
    // During End, and after its answer was given but before it came in.
    for before in [true, false] {
        let window = Window::open().await;
        let held = Scenario { before, ..Scenario::spoilt("held", Fault::Held) };
        window.sim.order(On::End, held);
        let id = charge_card(&window, "C1", &code_for("paid")).await;
        window.until_front(State::Recharging).await;
        window.until_books("End", |books| books.count(On::End, "C1") == 1).await;
        let window = window.killed_and_started().await;
        until_pending(&window, &id, State::RechargeUndecided).await;
        window.sim.release();
        assert_eq!(window.sim.ledger().count(On::End, "C1"), 1, "never by itself");
        assert_eq!(window.sim.ledger().recharge("C1").map_or(0, |r| r.credits), u32::from(!before));
        sits(&window).await;
        window.ask(decide(&id, Word::CreditNow)).await.expect("sent");
        window.until("credited", |view| view.pending.is_empty()).await;
        credited_once(&window, "C1");
    }
    // Between paid and End: the commit of both did not stand, so that the payment is asked about and End sent once.
    let window = Window::open().await;
    let id = charge_card(&window, "C2", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.till.journal().call(|journal| journal.break_next_commit(false)).await.expect("a journal");
    window.sim.approve("C2");
    window.until("credited", |view| view.recent.iter().any(|c| c.id == id && c.state == State::Recharged)).await;
    assert_eq!(window.sim.ledger().count(On::End, "C2"), 1);
    credited_once(&window, "C2");
    // After its answer.
    let window = window.killed_and_started().await;
    assert_eq!(window.journalled("C2").await, Some(State::Recharged));
    assert!(window.till.view().pending.is_empty());
}

#[tokio::test]
async fn what_the_platform_credits_itself_is_paid_and_gets_no_end() {
    let window = Window::open_with(|config| config.recharge.end = RechargeEnd::Platform).await;
    window.sim.switch(|switches| switches.platform_credits = true);
    charge_card(&window, "C1", &code_for("paid")).await;
    let front = window.until_front(State::Paid).await;
    assert!(front.left_to_platform && !front.owes_credit && window.till.view().pending.is_empty());
    let window = window.killed_and_started().await;
    assert!(window.till.view().pending.is_empty());
    assert_eq!(window.sim.ledger().count_all(On::End), 0);
    credited_once(&window, "C1");
}

#[tokio::test]
async fn a_late_success_is_credited_only_by_a_supervisor() {
    let window = Window::open().await;
    sits(&window).await;
    let id = charge_card(&window, "C1", &code_for("refused")).await;
    window.until_front(State::Declined).await;
    window.sim.approve("C1");
    window.ask(Command::QueryNow { charge: id.clone() }).await.expect("asked");
    until_pending(&window, &id, State::LateSuccess).await;
    window.ask(decide(&id, Word::Applied)).await.expect("applied");
    until_pending(&window, &id, State::SettledApplied).await;
    assert_eq!(window.sim.ledger().count_all(On::End), 0, "never by itself");
    window.ask(decide(&id, Word::CreditNow)).await.expect("sent");
    window.until("credited", |view| view.pending.is_empty()).await;
    credited_once(&window, "C1");
    assert_eq!(window.journalled("C1").await, Some(State::Recharged));
}

#[tokio::test]
async fn a_bad_card_and_a_long_bill_are_named() {
    let window = Window::open_with(|config| config.limits.bill_length_max = 32).await;
    let code = code_for("paid");
    let long = "C".repeat(21);
    for (bill, card, field, why) in [
        ("C1", "", Field::Card, TextError::Empty),
        ("C1", &*"8".repeat(21), Field::Card, TextError::TooLong { max: 20 }),
        ("C1", &code, Field::Card, TextError::LooksLikePaymentCode),
        ("C1", "8000 1234", Field::Card, TextError::Characters),
        (&long, CARD, Field::Bill, TextError::TooLong { max: 20 }),
    ] {
        let refused = window.ask(arm(recharge(bill, card))).await;
        assert_eq!(refused, Err(Refusal::Entry { error: EntryError::Text { field, why } }), "{bill} {card}");
    }
    // As a ticket the same bill is short enough.
    window.arm(&long).await.expect("armed");
    arm_recharge(&window, "C1").await;
    assert!(window.till.view().front.is_none() && front_state(&window.till.view()).is_none());
}
