//! A scanner that types: real keys of the display, whatever has the focus. No digit of a code is ever text, the Enter after it
//! presses nothing, no scan is lost, and the sale is charged once.

use std::time::Duration;

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::counter::{Counter, FAST, FIELDS, at_a_scanners_pace};
use crate::scanner::code;
use crate::settings::Settings;

const SLOW: Duration = Duration::from_millis(40);
/// No two keys of a person who looks at each are closer, by any gap of these journeys.
const HANDS: Duration = Duration::from_millis(180);

/// An Alipay code of 24 digits that the simulated gateway takes as paid.
fn long_code() -> String {
    let fresh = code("50");
    format!("28{}{}", &fresh[2..16], &fresh[10..18])
}

#[test]
fn a_scanner_that_types_charges_once_whatever_has_the_focus() {
    at_a_scanners_pace(Settings::default(), async |counter| {
        into_each_field(counter).await;
        a_persons_keys_arrive(counter).await;
        slow_with_caps_lock_on(counter).await;
        into_the_pending_list(counter).await;
        two_codes_close_together(counter).await;
        with_another_window_in_front(counter).await;
        assert_eq!(counter.place.gateway.ledger().count_all(On::Charge), 5);
    });
}

async fn into_each_field(counter: &mut Counter<'_>) {
    counter.place.await_focus("operator").await;
    counter.scan(&code("50"), FAST);
    counter.await_answered(1).await;
    assert_eq!(counter.place.see("value('operator')").await, json!(""));
    counter.place.sign_in().await;
    for (i, field) in ["operator", "bill", "amount"].into_iter().enumerate() {
        counter.place.see(&format!("by('{field}').focus()")).await;
        counter.scan(&code("50"), FAST);
        counter.await_answered(2 + i as u64).await;
        assert!(counter.place.await_refusal().await.contains("请先确认金额"));
        assert_eq!(counter.place.see(FIELDS).await, json!(["S0107", "", ""]), "into {field}");
        assert_eq!(counter.place.see("focus()").await, json!(field), "the Enter after it went nowhere");
    }
    // What the page's own guard would hand over, where nothing is taken below it.
    let handed = counter.place.invoke("typed_scan", json!({ "text": code("50") })).await;
    assert!(handed.contains("not-armed"), "{handed}");
    counter.await_answered(5).await;
    assert_eq!(counter.place.see(FIELDS).await, json!(["S0107", "", ""]));
}

async fn a_persons_keys_arrive(counter: &mut Counter<'_>) {
    counter.place.press(Key::F3).await;
    counter.place.await_focus("bill").await;
    counter.keyboard.types("T-17.a\r", HANDS);
    counter.place.await_focus("amount").await;
    // Two keys rolled, closer than a gap.
    counter.keyboard.types("1", HANDS);
    counter.keyboard.types("2.", FAST);
    counter.keyboard.types("50\r", HANDS);
    counter.place.await_state("armed").await;
    assert_eq!(counter.place.see(FIELDS).await, json!(["S0107", "T-17.a", "12.50"]));
    counter.scan(&code("50"), FAST);
    counter.paid("T-17.a", "12.50").await;
}

async fn slow_with_caps_lock_on(counter: &mut Counter<'_>) {
    counter.place.arm("T-SLOW", "24").await;
    counter.keyboard.types("⇪", HANDS);
    counter.scan(&long_code(), SLOW);
    counter.paid("T-SLOW", "24.00").await;
    counter.keyboard.types("⇪", HANDS);
}

async fn into_the_pending_list(counter: &mut Counter<'_>) {
    counter.place.arm("T-LIST", "25").await;
    counter.place.press(Key::F10).await;
    counter.place.until("document.querySelector('.work').inert").await;
    counter.place.see("document.querySelector('.left input:not([inert] *)')?.focus() ?? null").await;
    counter.scan(&code("50"), FAST);
    counter.place.until("state() === 'paid'").await;
    let typed = "[...document.querySelectorAll('input')].map((box) => box.value).join('').replace('S0107', '')";
    assert_eq!(counter.place.see(typed).await, json!(""), "no field of the sheet took a digit");
    counter.place.press(Key::Escape).await;
    counter.paid("T-LIST", "25.00").await;
}

async fn two_codes_close_together(counter: &mut Counter<'_>) {
    counter.place.arm("T-TWO", "26").await;
    let before = counter.answered().await;
    counter.scan(&code("50"), FAST);
    tokio::time::sleep(Duration::from_millis(100)).await;
    counter.scan(&code("50"), FAST);
    counter.await_answered(before + 2).await;
    counter.paid("T-TWO", "26.00").await;
}

async fn with_another_window_in_front(counter: &mut Counter<'_>) {
    counter.place.arm("T-BEHIND", "27").await;
    let before = counter.answered().await;
    counter.keyboard.other_window();
    counter.scan(&code("50"), SLOW);
    counter.paid("T-BEHIND", "27.00").await;
    counter.await_answered(before + 1).await;
    counter.scan(&code("50"), FAST);
    counter.keyboard.to_front("Wicket");
    counter.place.arm("T-LAST", "28").await;
    assert_eq!(counter.answered().await, before + 1, "without an armed sale it was no business of the till's");
}
