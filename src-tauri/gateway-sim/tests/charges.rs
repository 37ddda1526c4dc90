//! What a charge and its queries are answered, and what the books say afterwards.

mod window;

use gateway_sim::{Again, On, Reply, Script, scenario};
use window::{PATIENCE, Window, code, word};

/// Charges with the code of this tail, asks this often, and says the words and whether money moved.
async fn lives(tail: &str, queries: usize) -> (String, Vec<String>, bool) {
    let window = Window::open().await;
    let answer = window.charge("T1", &code(tail)).await;
    let autoid = answer["tag"]["autoid"].as_str().unwrap_or_default().to_owned();
    let words = window.words("T1", &autoid, queries).await;
    let taken = window.handle.ledger().times_taken("T1") == 1;
    (word(&answer), words, taken)
}

fn told(answer: &str, words: &[&str], taken: bool) -> (String, Vec<String>, bool) {
    (answer.to_owned(), words.iter().map(|word| (*word).to_owned()).collect(), taken)
}

#[tokio::test]
async fn an_ordinary_code_pays_at_once_and_asking_again_is_harmless() {
    assert_eq!(lives("89", 2).await, told("SUCCESS", &["SUCCESS", "SUCCESS"], true));
}

#[tokio::test]
async fn the_password_step_succeeds_at_the_second_query() {
    assert_eq!(lives("51", 3).await, told("USERPAYING", &["USERPAYING", "SUCCESS", "SUCCESS"], true));
}

#[tokio::test]
async fn a_customer_who_never_finishes_stays_open() {
    assert_eq!(lives("53", 3).await, told("USERPAYING", &["USERPAYING"; 3], false));
}

#[tokio::test]
async fn a_failed_and_a_closed_payment_stay_final_and_take_nothing() {
    assert_eq!(lives("54", 3).await, told("USERPAYING", &["USERPAYING", "PAYERROR", "PAYERROR"], false));
    assert_eq!(lives("55", 3).await, told("USERPAYING", &["USERPAYING", "CLOSED", "CLOSED"], false));
}

#[tokio::test]
async fn a_refusal_takes_nothing_and_one_kind_of_refusal_has_really_paid() {
    assert_eq!(lives("56", 1).await, told("40004", &["40001"], false));
    assert_eq!(lives("57", 1).await, told("40004", &["SUCCESS"], true));
}

#[tokio::test]
async fn a_payment_that_could_not_be_saved_is_an_error_until_it_can() {
    assert_eq!(lives("58", 4).await, told("USERPAYING", &["50001", "50001", "50001", "SUCCESS"], true));
}

#[tokio::test]
async fn words_and_tags_that_no_page_publishes_are_sent_as_ordered() {
    assert_eq!(lives("80", 3).await, told("USERPAYING", &["SUCCESS"; 3], true));
    assert_eq!(lives("81", 1).await, told("0", &["SUCCESS"], true));
    assert_eq!(lives("82", 1).await, told("1", &["SUCCESS"], true));
    assert_eq!(lives("83", 2).await, told("1:USERPAYING", &["1:USERPAYING", "SUCCESS"], true));
    assert_eq!(lives("84", 2).await, told("MOON_PHASE", &["MOON_PHASE", "SUCCESS"], true));
    assert_eq!(lives("85", 2).await, told("", &["", "SUCCESS"], true));
    assert_eq!(lives("87", 3).await, told("USERPAYING", &["CLOSED", "CLOSED", "SUCCESS"], true));
}

#[tokio::test]
async fn a_returned_payment_is_a_payment_that_was_taken_and_given_back() {
    let window = Window::open().await;
    assert_eq!(word(&window.charge("T1", &code("86")).await), "SUCCESS");
    assert_eq!(window.words("T1", "66|0|1", 1).await, ["REFUND"]);
    let ledger = window.handle.ledger();
    assert_eq!((ledger.times_taken("T1"), ledger.taken_for("T1").to_string().as_str()), (1, "0"));
}

#[tokio::test]
async fn an_answer_for_another_bill_or_another_charge_does_not_name_this_one() {
    let window = Window::open().await;
    let answer = window.charge("T1", &code("79")).await;
    assert_eq!((word(&answer).as_str(), answer["tag"]["billnum"] == "T1"), ("SUCCESS", false));
    let answer = window.charge("T2", &code("80")).await;
    assert_eq!(answer["tag"]["autoid"], "66|0|1");
    let answer = window.query("T2", "66|0|1").await;
    assert_eq!((word(&answer).as_str(), answer["tag"]["autoid"] == "66|0|1"), ("SUCCESS", false));
}

#[tokio::test]
async fn tickets_get_a_serial_within_the_bill_and_other_business_a_guid() {
    let window = Window::open().await;
    let first = window.charge("T1", "130000000000000001").await;
    let second = window.charge("t1", "130000000000000002").await;
    assert_eq!((&first["tag"]["autoid"], &second["tag"]["autoid"]), (&"66|0|1".into(), &"66|0|2".into()));
    let body = window::charge("R1", "130000000000000003").replace(":1,", ":2,");
    let retail = window.json(window::CHARGE, &body).await;
    let autoid = retail["tag"]["autoid"].as_str().expect("an autoid");
    assert_eq!((autoid.len(), autoid.matches('-').count()), (36, 4));
}

#[tokio::test]
async fn a_second_charge_for_a_bill_takes_the_money_twice_unless_switched_off() {
    let window = Window::open().await;
    for code in ["130000000000000001", "130000000000000002"] {
        window.charge("T1", code).await;
    }
    let ledger = window.handle.ledger();
    assert_eq!((ledger.taken_for("T1").to_string().as_str(), ledger.taken_twice()), ("24.60", vec!["T1".to_owned()]));
    assert!(window.sim.summary().contains("!! taken more than once: bill T1"));
    window.handle.switch(|switches| switches.duplicate_bill = Again::Refuse);
    assert_eq!(word(&window.charge("T1", "130000000000000003").await), "40006");
    assert_eq!(window.handle.ledger().times_taken("T1"), 2);
}

#[tokio::test]
async fn a_reused_payment_code_is_counted_and_refused_where_switched_so() {
    let window = Window::open().await;
    window.handle.switch(|switches| switches.reused_code = Again::Refuse);
    window.charge("T1", "130000000000000001").await;
    assert_eq!(word(&window.charge("T2", "130000000000000001").await), "40005");
    assert_eq!(window.handle.ledger().most_requests_for_a_code(), 2);
}

#[tokio::test]
async fn a_query_without_autoid_finds_the_bill_and_one_with_another_autoid_or_business_does_not() {
    let window = Window::open().await;
    window.charge("T1", &code("53")).await;
    assert_eq!(window.words("t1", "", 1).await, ["USERPAYING"]);
    assert_eq!(window.words("T1", "66|0|7", 1).await, ["40001"]);
    assert_eq!(window.words("T9", "", 1).await, ["40001"]);
    let other = window::query("T1", "").replace(r#""billtype":"1""#, r#""billtype":"2""#);
    assert_eq!(word(&window.json(window::QUERY, &other).await), "40001");
}

#[tokio::test]
async fn a_test_orders_single_requests_and_decides_when_the_customer_pays() {
    let window = Window::open().await;
    window.handle.order_for(On::Charge, "T2", scenario("refused").expect("known"));
    window.handle.order(On::Charge, scenario("never").expect("known"));
    assert_eq!(word(&window.charge("T1", "130000000000000001").await), "USERPAYING");
    assert_eq!(word(&window.charge("T2", "130000000000000002").await), "40004");
    window.handle.order(On::Query, scenario("refused").expect("known"));
    assert_eq!(window.words("T1", "66|0|1", 2).await, ["40004", "USERPAYING"]);
    assert!(window.handle.tell("T1", Reply::word("NOTPAY")));
    assert_eq!(window.words("T1", "66|0|1", 1).await, ["NOTPAY"]);
    assert!(window.handle.approve("T1"));
    assert_eq!(window.words("T1", "66|0|1", 1).await, ["SUCCESS"]);
    assert!(!window.handle.approve("unknown"));
}

#[tokio::test]
async fn a_script_decides_by_bill_and_count() {
    let window = Window::open().await;
    let text = "{\"bill\":\"T1\",\"nth\":2,\"do\":\"refused\",\"errcode\":77}\n{\"on\":\"query\",\"nth\":1,\"do\":\"word\",\"word\":\"NOTPAY\"}";
    window.handle.script(Script::parse(text).expect("reads"));
    assert_eq!(word(&window.charge("T1", "130000000000000001").await), "SUCCESS");
    assert_eq!(word(&window.charge("T1", "130000000000000002").await), "77");
    assert_eq!(window.words("T1", "66|0|1", 2).await, ["NOTPAY", "SUCCESS"]);
}

#[tokio::test]
async fn a_payment_code_shows_masked_only_and_the_amount_digit_for_digit() {
    let window = Window::open().await;
    let mut seen = window.handle.subscribe();
    window.charge("T1", "134567890123456789").await;
    let event = tokio::time::timeout(PATIENCE, seen.recv()).await.expect("in time").expect("an event");
    assert_eq!((event.on, event.bill.as_deref(), event.nth), (Some(On::Charge), Some("T1"), 1));
    let ledger = window.handle.ledger();
    assert_eq!((ledger.charges[0].code.as_str(), ledger.charges[0].amount_text.as_str()), ("13…6789", "12.30"));
    let printed = format!("{ledger:?}{event:?}{}", window.sim.summary());
    assert!(!printed.contains("134567890123456789") && printed.contains("13…6789"), "{printed}");
}
