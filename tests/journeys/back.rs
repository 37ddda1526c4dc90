//! In front and in the back: the next customer is served while an earlier charge is still asked about.

use fantoccini::key::Key;
use serde_json::json;

use crate::place::journey;
use crate::scanner::code;

#[test]
fn the_next_customer_is_served_while_a_charge_waits_in_the_back() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-WAITS", "320").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.chord(Key::Control, &Key::Backspace).await;
        place.await_state("parked").await;
        place.until("by('pending-count').dataset.count === '1'").await;
        place.await_focus("bill").await;
        place.picture("parked").await;

        place.arm("T-NEXT", "15").await;
        place.scanner.scan(&code("50"));
        place.until("state() === 'paid' && by('charge-amount').dataset.amount === '15.00'").await;
        assert_eq!(place.pending().await, 1, "the first one is still asked about");

        // The third customer's sale is half typed when the first one's phone is confirmed at last.
        place.keys("T-THIRD").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.keys("4").await;
        assert!(place.gateway.approve("T-WAITS"));
        let notice = place.until("by('notice') && { state: by('notice').dataset.state, says: text('notice') }").await;
        assert_eq!(notice["state"], json!("paid"));
        let says = notice["says"].as_str().expect("words");
        assert!(says.contains("T-WAITS") && says.contains("¥320.00"), "{says}");
        let sale = place.see("[state(), value('bill'), value('amount'), focus()]").await;
        assert_eq!(sale, json!(["entering", "T-THIRD", "4", "amount"]), "the sale being typed stays as it is");
        place.picture("notice").await;

        place.keys("2").await;
        place.chord(Key::Alt, "0").await;
        place.until("by('notice') === null").await;
        assert_eq!(place.pending().await, 0);
        place.press(Key::Enter).await;
        place.await_state("armed").await;
        assert_eq!(place.see("by('charge-amount').dataset.amount").await, json!("42.00"));
        assert_eq!((place.requests("T-WAITS"), place.requests("T-NEXT")), (1, 1));
    });
}
