//! The story: a scan becomes a certain payment, with the keyboard and the scanner alone.

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::place::journey;
use crate::scanner::code;

#[test]
fn a_scan_becomes_a_payment_without_the_mouse() {
    journey(async |place| {
        place.await_focus("operator").await;
        place.picture("entering").await;
        place.keys("S0107").await;
        place.press(Key::Enter).await;
        place.await_focus("bill").await;
        assert_eq!(place.see("value('business')").await, json!("1"), "the first business is chosen already");
        place.keys("T2026112200017").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.keys("260.00").await;
        place.press(Key::Enter).await;
        place.await_state("armed").await;
        assert_eq!(place.see("by('charge-amount').dataset.amount").await, json!("260.00"));
        place.until("by('health-scanner').dataset.good === 'true'").await;
        place.picture("armed").await;

        place.scanner.scan("134567890123456751");
        place.await_state("confirming").await;
        let counted = "+(text('count-up')?.match(/\\d+/)?.[0] ?? -1)";
        let first = place.until(&format!("{counted} >= 0 && {{ n: {counted} }}")).await["n"].as_i64().expect("a count");
        place.until(&format!("{counted} > {first}")).await;
        place.picture("confirming").await;
        place.await_state("paid").await;
        assert_eq!(place.see("by('charge-amount').dataset.amount").await, json!("260.00"));
        assert_eq!(place.see("by('charge-state').dataset.tone").await, json!("paid"), "the whole panel says so");
        assert_eq!(place.see("[value('bill'), value('amount'), focus()]").await, json!(["", "", "bill"]));
        place.until("by('today-sum')?.dataset.state === 'paid'").await;
        place.picture("paid").await;

        let ledger = place.gateway.ledger();
        assert_eq!(ledger.times_taken("T2026112200017"), 1);
        assert_eq!(ledger.count(On::Charge, "T2026112200017"), 1, "one request for the code");
        let charge = ledger.charges_of("T2026112200017").next().expect("the charge");
        assert_eq!((charge.amount_text.as_str(), charge.operator.as_str(), charge.business), ("260.00", "S0107", 1));

        place.keys("T2026112200018").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.keys("90").await;
        place.press(Key::Enter).await;
        place.await_state("armed").await;
        place.scanner.scan(&code("50"));
        place.until("state() === 'paid' && by('charge-amount').dataset.amount === '90.00'").await;
        assert_eq!(place.gateway.ledger().times_taken("T2026112200018"), 1);
    });
}
