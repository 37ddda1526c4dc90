//! A whole day by keyboard: sign in, sales, lock, unlock, another operator takes over; and what a locked screen shows.

use fantoccini::key::Key;
use serde_json::json;

use crate::place::{Place, journey};
use crate::scanner::code;

/// Counts every key that goes down from now on.
const COUNT: &str = "window.pressed = 0; addEventListener('keydown', () => (window.pressed += 1), true);";

async fn sale(place: &Place, bill: &str, amount: &str) {
    place.keys(bill).await;
    place.press(Key::Enter).await;
    place.await_focus("amount").await;
    place.keys(amount).await;
    place.press(Key::Enter).await;
    place.until(&format!("state() === 'armed' && text('charge-state').includes({})", json!(bill))).await;
}

async fn collected(place: &Place, bill: &str) {
    place.until(&format!("state() === 'paid' && text('charge-state').includes({})", json!(bill))).await;
    assert_eq!(place.gateway.ledger().times_taken(bill), 1);
    place.await_focus("bill").await;
}

#[test]
fn a_day_by_keyboard_costs_no_key_too_many() {
    journey(async |place| {
        place.window.client().execute(COUNT, Vec::new()).await.expect("a count");
        place.sign_in().await;
        for (bill, amount) in [("T-DAY-1", "260"), ("T-DAY-2", "90.50"), ("T-DAY-3", "18")] {
            let before = place.see("window.pressed").await.as_u64().expect("a count");
            sale(place, bill, amount).await;
            place.scanner.scan(&code("50"));
            collected(place, bill).await;
            let pressed = place.see("window.pressed").await.as_u64().expect("a count") - before;
            assert_eq!(pressed as usize, bill.len() + amount.len() + 2, "keys of {bill}");
        }
        place.until("by('today-sum')?.dataset.state === 'paid' && text('today').includes('368.50')").await;

        // Away in mid charge: the state is seen, the sale is not, and the charge goes on.
        sale(place, "T-AWAY", "75").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.press(Key::F8).await;
        place.await_focus("unlock-operator").await;
        let kept_to_itself = "state() === 'confirming' && !/T-AWAY|T-DAY|75\\.00|368/.test(document.body.innerText)";
        place.until(kept_to_itself).await;
        place.picture("locked-confirming").await;
        assert!(place.gateway.approve("T-AWAY"));
        place.until("state() === 'paid' && by('bill') === null").await;

        // Nothing is taken: no scan, no key, no command.
        place.scanner.scan(&code("50"));
        assert!(place.await_refusal().await.contains("解锁"));
        for key in [Key::F2, Key::F3, Key::F10] {
            place.press(key).await;
        }
        let entry = json!({ "operator": "S0107", "business": 1, "bill": "T-SNEAK", "amount": "1", "card": "" });
        let armed = place.invoke("arm", json!({ "entry": entry, "largeConfirmed": false })).await;
        assert_eq!(armed, r#"refused: {"kind":"locked"}"#);
        assert_eq!(place.see("[by('pending-list'), by('bill')]").await, json!([null, null]));
        assert_eq!(place.requests("T-SNEAK"), 0);

        // A page that is loaded again is locked like before.
        place.window.client().refresh().await.expect("the page again");
        crate::page::watch(place.window.client()).await;
        place.await_focus("unlock-operator").await;
        place.keys("S0107").await;
        place.press(Key::Enter).await;
        place.await_focus("bill").await;
        place.until("text('charge-state').includes('T-AWAY')").await;
    });
}

#[test]
fn what_was_confirmed_before_the_lock_is_confirmed_again_and_another_operator_takes_over_on_purpose() {
    journey(async |place| {
        place.sign_in().await;
        sale(place, "T-LOCK", "42").await;
        place.press(Key::F8).await;
        place.await_focus("unlock-operator").await;
        place.picture("locked").await;
        place.keys("S0107").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.await_state("entering").await;
        assert_eq!(place.see("[value('bill'), value('amount')]").await, json!(["T-LOCK", "42"]), "nothing asked twice");
        place.press(Key::Enter).await;
        place.await_state("armed").await;

        place.press(Key::F8).await;
        place.await_focus("unlock-operator").await;
        place.keys("S0108").await;
        place.press(Key::Enter).await;
        place.until("by('take-over')").await;
        assert_eq!(place.see("by('locked') !== null").await, json!(true), "a slip of the finger changes no operator");
        place.picture("take-over").await;
        place.press(Key::Enter).await;
        place.await_focus("bill").await;
        assert_eq!(place.see("[value('operator'), value('bill')]").await, json!(["S0108", ""]));
        sale(place, "T-TAKEN-OVER", "42").await;
        place.scanner.scan(&code("50"));
        collected(place, "T-TAKEN-OVER").await;
        let ledger = place.gateway.ledger();
        let charge = ledger.charges_of("T-TAKEN-OVER").next().expect("the charge");
        assert_eq!(charge.operator, "S0108");
    });
}
