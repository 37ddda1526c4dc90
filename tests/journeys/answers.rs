//! What the gateway answers, and what the window makes of it: lost, slow, refused, returned.

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::place::journey;
use crate::scanner::code;

#[test]
fn a_lost_answer_is_asked_about_and_never_sent_again() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-LOST", "35").await;
        place.scanner.scan(&code("59"));
        place.await_state("paid").await;
        assert!(place.passed().await.contains(&"checking".to_owned()), "{:?}", place.passed().await);
        assert!(place.message().await.contains("查询后确认"), "{}", place.message().await);
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-LOST"), ledger.times_taken("T-LOST")), (1, 1));
        assert!(ledger.count(On::Query, "T-LOST") >= 1);
    });
}

#[test]
fn a_password_may_take_the_customer_several_queries() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-SLOW", "260").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.books(|ledger| ledger.count(On::Query, "T-SLOW") >= 3).await;
        assert_eq!(place.state().await, "confirming", "three open answers decide nothing");
        assert_eq!(place.pending().await, 1);
        assert!(place.gateway.approve("T-SLOW"));
        place.await_state("paid").await;
        assert_eq!(place.pending().await, 0);
        assert_eq!(place.requests("T-SLOW"), 1);
    });
}

#[test]
fn after_a_refusal_the_phone_is_looked_at_and_a_fresh_code_pays() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-POOR", "88.80").await;
        place.scanner.scan(&code("56"));
        place.await_state("declined").await;
        place.until("by('question')?.dataset.question === 'phone'").await;
        let word = place.see_text("by('charge-state').querySelector('h1').textContent").await;
        assert!(word.contains("余额不足"), "the gateway's own words: {word}");
        place.picture("declined").await;

        place.scanner.scan(&code("50"));
        place.await_refusal().await;
        assert_eq!(place.requests("T-POOR"), 1, "nothing is sent before the question is answered");

        place.chord(Key::Alt, "1").await;
        place.until("by('question') === null").await;
        place.await_state("armed").await;
        place.picture("declined-answered").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-POOR"), ledger.times_taken("T-POOR")), (2, 1));
    });
}

#[test]
fn a_refusal_that_nobody_is_sure_of_goes_to_the_supervisor() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-UNSURE", "120").await;
        place.scanner.scan(&code("56"));
        place.until("by('question')?.dataset.question === 'phone'").await;
        place.chord(Key::Alt, "3").await;
        place.await_state("parked").await;
        place.until("by('pending-count').dataset.count === '1'").await;
        place.press(Key::F10).await;
        let row =
            place.until("by('pending-row') && { state: by('pending-row').dataset.state, says: text('pending-row') }");
        let row = row.await;
        assert_eq!(row["state"], json!("parked"));
        let says = row["says"].as_str().expect("words");
        assert!(says.contains("T-UNSURE") && says.contains("¥120.00"), "{says}");
        place.picture("pending").await;
        place.press(Key::Escape).await;

        place.enter_sale("t-unsure", "120").await;
        let why = place.until("error('bill')").await;
        assert!(why.as_str().is_some_and(|why| why.contains("不能再次收款")), "{why}");
        assert_eq!(place.requests("T-UNSURE"), 1);
    });
}

#[test]
fn money_that_went_back_calls_the_supervisor() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-BACK", "45").await;
        place.scanner.scan(&code("91"));
        place.await_state("returned").await;
        place.until("by('pending-count').dataset.count === '1'").await;
        place.picture("returned").await;
    });
}

#[test]
fn with_the_gateway_gone_nothing_was_sent_and_a_fresh_code_pays_later() {
    journey(async |place| {
        place.sign_in().await;
        place.gateway.halt().await;
        place.arm("T-DOWN", "66").await;
        place.scanner.scan(&code("50"));
        place.await_state("never-sent").await;
        assert!(place.message().await.contains("请求没有离开本机"), "{}", place.message().await);
        place.until("by('health-gateway').dataset.good === 'false'").await;
        place.picture("never-sent").await;

        place.gateway.resume().await.expect("the same address");
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        place.until("by('health-gateway').dataset.good === 'true'").await;
        assert_eq!(place.requests("T-DOWN"), 1, "the first one never left");
    });
}
