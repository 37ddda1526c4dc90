//! The day at a window: paid at once, password, refusal, lost answer, stop waiting, notice; and what a scan may not do.

mod window;

use checkout::event::{PhoneAnswer, Why};
use checkout::{Foreign, Refusal, State};
use gateway_sim::On;
use till::Command;
use till::view::{GatewayHealth, ScanOutcome};
use window::{Window, code, code_for, refusal};

#[tokio::test]
async fn a_scan_alone_charges_what_was_confirmed() {
    let window = Window::open().await;
    let mut changes = window.till.changes();
    window.arm("T2026112200017").await.expect("armed");
    let armed = window.till.view().armed.clone().expect("the sale is shown");
    assert_eq!((armed.bill.as_str(), armed.amount.as_str(), armed.business), ("T2026112200017", "260.00", 1));
    let before = window.till.view().number;

    let secret = code_for("paid");
    let ScanOutcome::Charging { charge } = window.scan(&secret).await else { panic!("not charging") };
    let front = window.till.view().front.clone().expect("whoever scanned finds the charge in the view");
    assert_eq!(front.id, charge);
    let paid = window.until_front(State::Paid).await;
    assert_eq!((paid.why, paid.operator.as_str()), (Some(Why::PaidAtOnce), "S0107"));
    assert_eq!((paid.code.len(), paid.wallet.as_str()), ("13…6750".len(), "wechat"));

    let view = window.till.view();
    assert!(view.number > before && view.pending.is_empty() && view.notices.is_empty() && view.armed.is_none());
    assert_eq!(view.recent.first().map(|last| (last.id.clone(), last.state)), Some((charge.clone(), State::Paid)));
    assert_eq!(view.health.gateway, GatewayHealth::Answering);
    let states: Vec<State> = [changes.try_recv(), changes.try_recv()]
        .map(|change| change.expect("a change"))
        .map(|change| {
            assert_eq!((change.charge, change.amount.to_string()), (charge.clone(), "260.00".to_owned()));
            change.state
        })
        .to_vec();
    assert_eq!(states, [State::Sending, State::Paid]);

    let sent = &window.sim.ledger().charges[0];
    assert_eq!((sent.amount_text.as_str(), sent.operator.as_str(), sent.nth_for_code), ("260.00", "S0107", 1));
    window.ask(Command::NextCustomer).await.expect("next");
    assert!(window.till.view().front.is_none());
    assert_eq!(refusal(window.scan(&secret).await), Refusal::Gone, "a late double trigger begins nothing");
    assert!(window.till.view().front.is_none());
    window.nothing_twice();
}

#[tokio::test]
async fn the_customer_confirms_and_queries_find_it_out() {
    let window = Window::open().await;
    window.charge("T1", &code_for("password")).await;
    let confirming = window.until_front(State::Confirming).await;
    assert!(confirming.live.is_some() && !window.till.view().pending.is_empty());
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.why, Some(Why::PaidByQuery));
    assert!(window.sim.ledger().count(On::Query, "T1") >= 2);
    window.nothing_twice();
}

#[tokio::test]
async fn after_a_refusal_the_phone_is_looked_at_before_a_fresh_code() {
    let window = Window::open().await;
    let refused = window.charge("T1", &code_for("refused")).await;
    let declined = window.until_front(State::Declined).await;
    assert_eq!(declined.why, Some(Why::RefusedByPlatform { errcode: 40004 }));
    assert!(declined.asks_phone && declined.text.contains("余额不足"));

    let bill = "T1".to_owned();
    let ask = Refusal::AskPhone { bill, charge: refused.clone() };
    assert_eq!(refusal(window.scan(&code_for("paid")).await), ask);
    let other_case = Refusal::AskPhone { bill: "t1".into(), charge: refused.clone() };
    assert_eq!(window.arm("t1").await, Err(other_case));
    let none = Command::PhoneShows { charge: refused.clone(), answer: PhoneAnswer::No };
    window.ask(none.clone()).await.expect("answered");
    assert_eq!(window.ask(none).await, Err(Refusal::Gone), "it is answered once");
    assert_eq!(window.till.view().front.clone().and_then(|front| front.phone), Some(PhoneAnswer::No));

    let paid = window.charge("T1", &code_for("paid")).await;
    assert_eq!(window.until_front(State::Paid).await.id, paid);
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 2);
    window.nothing_twice();
}

#[tokio::test]
async fn a_phone_that_shows_a_payment_parks_the_refused_charge() {
    let window = Window::open().await;
    let refused = window.charge("T1", &code_for("refused")).await;
    window.until_front(State::Declined).await;
    let answer = PhoneAnswer::Unsure;
    window.ask(Command::PhoneShows { charge: refused.clone(), answer }).await.expect("answered");
    let view = window.till.view();
    assert!(view.front.is_none() && view.armed.is_none());
    assert_eq!(view.pending.iter().map(|c| (c.id.clone(), c.state)).collect::<Vec<_>>(), [(refused, State::Parked)]);
    assert!(matches!(window.arm("T1").await, Err(Refusal::BillBlocked { state: State::Parked, .. })));
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_and_never_sent_again() {
    let window = Window::open().await;
    window.charge("T1", &code_for("lost-answer")).await;
    let paid = window.until_front(State::Paid).await;
    assert_eq!(paid.why, Some(Why::PaidByQuery));
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
    assert!(matches!(window.arm("t1").await, Err(Refusal::BillBlocked { state: State::Paid, .. })));
    window.nothing_twice();
}

#[tokio::test]
async fn stop_waiting_serves_the_next_customer_and_a_notice_tells_the_end() {
    let window = Window::open().await;
    let first = window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    let busy = Refusal::FrontBusy { charge: first.clone() };
    assert_eq!(refusal(window.scan(&code_for("paid")).await), busy);
    assert_eq!(window.arm("T2").await, Err(busy.clone()));
    assert_eq!(window.ask(Command::NextCustomer).await, Err(busy));

    window.ask(Command::StopWaiting).await.expect("stopped waiting");
    assert_eq!(window.ask(Command::StopWaiting).await, Err(Refusal::Gone));
    let view = window.till.view();
    assert!(view.front.is_none() && view.pending.len() == 1 && view.pending[0].state == State::Parked);
    let second = window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;

    window.arm("T3").await.expect("armed");
    assert!(window.sim.approve("T1"));
    window.ask(Command::QueryNow { charge: first.clone() }).await.expect("asked now");
    let view = window.until("a notice", |view| !view.notices.is_empty()).await;
    assert_eq!((view.notices[0].id.clone(), view.notices[0].state), (first.clone(), State::Paid));
    assert_eq!((view.notices[0].bill.as_str(), view.notices[0].amount.as_str()), ("T1", "260.00"));
    assert!(view.armed.is_some() && view.pending.is_empty(), "the sale in progress is not replaced");
    assert_eq!(view.recent.iter().map(|c| c.id.clone()).collect::<Vec<_>>(), [second, first.clone()]);
    window.ask(Command::TakeNotice { charge: first.clone() }).await.expect("taken");
    assert!(window.till.view().notices.is_empty());
    assert_eq!(window.ask(Command::TakeNotice { charge: first }).await, Err(Refusal::Gone));
    window.nothing_twice();
}

#[tokio::test]
async fn the_front_window_ends_by_itself() {
    let window = Window::open_with(|config| config.polling.front_window_ms = 300).await;
    let charge = window.charge("T1", &code_for("never")).await;
    let view = window.until("parked", |view| view.front.is_none()).await;
    assert_eq!((view.pending[0].id.clone(), view.pending[0].why.clone()), (charge, Some(Why::FrontWindowOver)));
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
}

#[tokio::test]
async fn a_double_trigger_is_one_charge_however_it_comes() {
    let window = Window::open().await;
    window.arm("T1").await.expect("armed");
    let secret = code_for("never");
    let (one, other) = tokio::join!(window.scan(&secret), window.scan(&secret));
    assert!(matches!(one, ScanOutcome::Charging { .. }));
    assert_eq!(one, other);
    let shown = window.till.view().scan.clone().expect("a scan").number;
    window.until_front(State::Confirming).await;
    assert_eq!(window.scan(&secret).await, one, "some fifty milliseconds later");
    assert_eq!(window.till.view().scan.clone().expect("a scan").number, shown, "nothing new to show");
    assert_eq!(window.sim.ledger().count(On::Charge, "T1"), 1);
    window.nothing_twice();
}

#[tokio::test]
async fn two_codes_racing_for_one_sale_are_one_charge() {
    let window = Window::open().await;
    window.arm("T1").await.expect("armed");
    let (a, b) = (code_for("never"), code_for("never"));
    let (one, other) = tokio::join!(window.scan(&a), window.scan(&b));
    let charging = [&one, &other].into_iter().filter(|o| matches!(o, ScanOutcome::Charging { .. })).count();
    let busy =
        [&one, &other].into_iter().filter(|o| matches!(o, ScanOutcome::Refused { refusal: Refusal::FrontBusy { .. } }));
    assert_eq!((charging, busy.count()), (1, 1), "{one:?} {other:?}");
    window.until_front(State::Confirming).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);

    let next = tokio::join!(window.arm("T2"), window.arm("T3"));
    assert!(matches!(next, (Err(Refusal::FrontBusy { .. }), Err(Refusal::FrontBusy { .. }))), "{next:?}");
}

#[tokio::test]
async fn a_scan_without_a_confirmed_amount_charges_nothing() {
    let window = Window::open().await;
    let secret = code_for("paid");
    assert_eq!(refusal(window.scan(&secret).await), Refusal::NotArmed);
    window.arm("T1").await.expect("armed");
    window.ask(Command::Disarm).await.expect("edited");
    assert_eq!(refusal(window.scan(&secret).await), Refusal::NotArmed, "any edit disarms");
    window.arm("T1").await.expect("armed");
    assert!(window.arm_amount("T1", "12.").await.is_err() && window.till.view().armed.is_none());
    assert_eq!(refusal(window.scan(&secret).await), Refusal::NotArmed, "a bad amount leaves nothing armed");
    let large = window.arm_amount("T1", "2000.01").await;
    assert!(matches!(large, Err(Refusal::ConfirmLarge { .. })), "{large:?}");
    assert_eq!(refusal(window.scan(&secret).await), Refusal::NotArmed);
    let shown = window.till.view().scan.clone().expect("a scan");
    assert_eq!((shown.number, shown.read), (4, format!("13…{}", &secret[14..])));
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    // Nothing of that used the code up.
    window.charge("T1", &secret).await;
    window.until_front(State::Paid).await;
}

#[tokio::test]
async fn foreign_codes_are_refused_with_the_reason_and_unknown_wallets_wait_for_a_key() {
    let window = Window::open().await;
    window.arm("T1234567890123456").await.expect("armed");
    for (text, reason) in [
        ("6901234567892", Foreign::Product),
        ("https://qr.alipay.com/fkx12345", Foreign::Address),
        ("TICKET-88121", Foreign::Other),
        ("134567890123456789134567890123456789", Foreign::TooLong),
        ("13456789", Foreign::TooShort),
    ] {
        assert_eq!(refusal(window.scan(text).await), Refusal::NotACode { seems: reason }, "{text}");
    }
    assert_eq!(refusal(window.scan("t1234567890123456").await), Refusal::ThisBill);
    assert_eq!(window.scan("9912345678901250").await, ScanOutcome::Held);
    assert_eq!(window.till.view().held.clone().map(|held| held.code), Some("99…1250".into()));
    window.ask(Command::DecideHeld { accept: false }).await.expect("thrown away");
    assert_eq!(window.ask(Command::DecideHeld { accept: true }).await, Err(Refusal::Gone));
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    assert_eq!(window.scan("9912345678901350").await, ScanOutcome::Held);
    window.ask(Command::DecideHeld { accept: true }).await.expect("used");
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
}

#[tokio::test]
async fn the_venues_patterns_fill_fields() {
    let window = Window::open_with(|config| {
        config.limits.bill_pattern = Some(regex::Regex::new("^13[0-9]{16}$").expect("a pattern"));
        config.limits.card_pattern = Some(regex::Regex::new("^8[0-9]{9}$").expect("a pattern"));
    })
    .await;
    let slip = code("50");
    assert_eq!(window.scan(&slip).await, ScanOutcome::Bill { text: slip.clone() });
    assert_eq!(window.till.view().scan.clone().map(|scan| scan.read), Some(slip), "a bill is no secret");
    assert_eq!(window.scan("8123456789").await, ScanOutcome::Card { text: "8123456789".into() });
    window.charge("T1", "2512345678901253").await;
    window.until_front(State::Confirming).await;
    assert!(matches!(refusal(window.scan("8123456789").await), Refusal::FrontBusy { .. }));
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_was_never_sent_anything() {
    let window = Window::open().await;
    window.arm("T1").await.expect("armed");
    window.sim.halt().await;
    let outcome = window.scan(&code_for("paid")).await;
    assert!(matches!(outcome, ScanOutcome::Charging { .. }));
    let ended =
        window.until("an end or a doubt", |view| view.front.as_ref().is_some_and(|f| f.state != State::Sending)).await;
    // Only a connection that was never made is a proof; a kept one that broke is none.
    assert!(matches!(window::front_state(&ended), Some(State::NeverSent | State::Checking)), "{ended:#?}");
    window.sim.resume().await.expect("listens again");
    window.nothing_twice();
}

#[tokio::test]
async fn a_machine_without_a_gateway_ends_as_never_sent_and_the_sale_stays() {
    let window = Window::open().await;
    window.sim.halt().await;
    window.arm("T1").await.expect("armed");
    window.until("the greeting failed", |view| view.health.gateway == GatewayHealth::Silent).await;
    let outcome = window.scan(&code_for("paid")).await;
    assert!(matches!(outcome, ScanOutcome::Charging { .. }));
    let ended = window.until_front(State::NeverSent).await;
    assert_eq!(ended.why, Some(Why::ConnectionNeverMade));
    window.sim.resume().await.expect("listens again");
    assert!(window.till.view().armed.is_some(), "a fresh code is all that is needed");
    assert!(matches!(window.scan(&code_for("paid")).await, ScanOutcome::Charging { .. }));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
}

#[tokio::test]
async fn a_gateway_that_is_back_is_said_without_anybody_asking() {
    let window = Window::open().await;
    window.sim.halt().await;
    window.arm("T1").await.expect("armed");
    window.until("the greeting failed", |view| view.health.gateway == GatewayHealth::Silent).await;
    window.sim.resume().await.expect("listens again");
    let view = window.until("greeted again", |view| view.health.gateway == GatewayHealth::Answering).await;
    assert!(view.armed.is_some(), "the sale waits as before");
    assert_eq!(window.sim.ledger().count_all(On::Query), 0, "a greeting is no question about anything");
}
