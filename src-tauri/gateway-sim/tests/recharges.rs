//! Recharges of value cards: once, after the money is in, for the right amount.

mod window;

use gateway_sim::{Again, On, scenario};
use window::{BEGIN, CHARGE, END, Window, charge, word};

const CODE: &str = "130000000000000001";

fn begin(bill: &str, kind: &str) -> String {
    format!(r#"{{"BillNum":"{bill}","CardNo":"80001234","BusiFrom":"1","PaymentTypeId":"{kind}","Amount":12.30}}"#)
}

fn end(bill: &str, amount: &str) -> String {
    format!(r#"{{"BillNum":"{bill}","ConfirmAmount":{amount},"Memory":"口袋零钱"}}"#)
}

/// A charge of business 7 that names the card.
async fn collect(window: &Window, bill: &str, code: &str) {
    let body = charge(bill, code).replace(":1,", ":7,").replace(r#","barCode""#, r#","cardNo":"80001234","barCode""#);
    assert_eq!(window.json(CHARGE, &body).await["errcode"], 0);
}

async fn errcode(window: &Window, path: &str, body: &str) -> String {
    word(&window.json(path, body).await)
}

fn credited(window: &Window) -> (u32, String) {
    let ledger = window.handle.ledger();
    let times = ledger.recharge("C1").map_or(0, |recharge| recharge.credits);
    (times, ledger.credited_to("80001234").to_string())
}

#[tokio::test]
async fn begin_charge_end_credits_the_card_once() {
    let window = Window::open().await;
    assert_eq!(window.json(BEGIN, &begin("C1", "66")).await.to_string(), r#"{"errcode":0,"errmsg":"","tag":null}"#);
    collect(&window, "C1", CODE).await;
    assert_eq!(credited(&window), (0, "0".to_owned()));
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "0");
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
    assert!(!window.sim.summary().contains("!!"), "{}", window.sim.summary());
}

#[tokio::test]
async fn a_begin_sent_by_the_selling_system_need_not_be_known_here() {
    let window = Window::open().await;
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "40000");
    collect(&window, "C1", CODE).await;
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "0");
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
}

#[tokio::test]
async fn a_second_end_never_credits_twice_and_is_success_or_error_by_switch() {
    let window = Window::open().await;
    collect(&window, "C1", CODE).await;
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "0");
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "0");
    window.handle.switch(|switches| switches.repeated_end = Again::Refuse);
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "40009");
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
    assert_eq!(window.handle.ledger().recharge("C1").map(|recharge| recharge.ends), Some(3));
}

#[tokio::test]
async fn an_end_for_another_amount_is_refused() {
    let window = Window::open().await;
    collect(&window, "C1", CODE).await;
    assert_eq!(errcode(&window, END, &end("C1", "12.31")).await, "40010");
    assert_eq!(credited(&window).0, 0);
}

#[tokio::test]
async fn an_end_may_be_refused_lost_before_lost_after_or_broken() {
    let window = Window::open().await;
    collect(&window, "C1", CODE).await;
    for id in ["refused", "lost-request", "broken", "lost-answer"] {
        window.handle.order(On::End, scenario(id).expect("known"));
    }
    let body = end("C1", "12.30");
    assert_eq!(errcode(&window, END, &body).await, "40004");
    assert!(window.post(END, &body).await.is_err());
    assert_eq!(window.post(END, &body).await.expect("an answer").status(), 500);
    assert_eq!(credited(&window).0, 0);
    assert!(window.post(END, &body).await.is_err());
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
    assert_eq!(window.handle.ledger().count(On::End, "c1"), 4);
}

#[tokio::test]
async fn an_end_before_the_money_is_in_is_pointed_out() {
    let window = Window::open().await;
    window.handle.order(On::Charge, scenario("never").expect("known"));
    collect(&window, "C1", CODE).await;
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "0");
    assert!(window.sim.summary().contains("!! End before the money was in: bill C1"));
}

#[tokio::test]
async fn the_platform_may_credit_the_card_itself() {
    let window = Window::open().await;
    window.handle.switch(|switches| {
        switches.platform_credits = true;
        switches.repeated_end = Again::Refuse;
    });
    collect(&window, "C1", CODE).await;
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
    assert_eq!(errcode(&window, END, &end("C1", "12.30")).await, "40009");
}

#[tokio::test]
async fn a_begin_in_cash_completes_at_once_and_begin_may_be_refused_or_lost() {
    let window = Window::open().await;
    assert_eq!(errcode(&window, BEGIN, &begin("C1", "00")).await, "0");
    assert_eq!(credited(&window), (1, "12.30".to_owned()));
    for id in ["refused", "lost-request", "lost-answer"] {
        window.handle.order(On::Begin, scenario(id).expect("known"));
    }
    assert_eq!(errcode(&window, BEGIN, &begin("C2", "66")).await, "40004");
    assert!(window.post(BEGIN, &begin("C2", "66")).await.is_err());
    assert!(window.handle.ledger().recharge("C2").is_none());
    assert!(window.post(BEGIN, &begin("C2", "66")).await.is_err());
    assert_eq!(window.handle.ledger().recharge("C2").map(|recharge| recharge.begins), Some(1));
    let coded = begin("C3", "91").replace("}", r#","paymentbarcode":"AAAA"}"#);
    assert_eq!(errcode(&window, BEGIN, &coded).await, "40000");
}
