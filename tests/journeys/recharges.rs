//! A recharge: one scan takes the money and credits the card, once.

use fantoccini::key::Key;
use gateway_sim::On;

use crate::place::{Place, journey};
use crate::scanner::code;

/// Chooses the recharge and enters it with the keyboard, until it is armed.
async fn arm_recharge(place: &Place, bill: &str, amount: &str, card: &str) {
    let choose = "(() => { const b = by('business'); b.value = '7'; \
                  b.dispatchEvent(new Event('change', { bubbles: true })); return true; })()";
    place.see(choose).await;
    place.until("by('card')").await;
    place.enter_sale(bill, amount).await;
    place.await_focus("card").await;
    place.keys(card).await;
    place.press(Key::Enter).await;
    place.await_state("armed").await;
}

#[test]
fn a_recharge_takes_the_money_and_credits_the_card_once() {
    journey(async |place| {
        place.sign_in().await;
        arm_recharge(place, "R-1", "100", "C100200").await;
        place.picture("armed-recharge").await;
        place.scanner.scan(&code("51"));
        place.await_state("recharged").await;
        let ledger = place.gateway.ledger();
        let recharge = ledger.recharge("R-1").expect("the recharge");
        assert_eq!((recharge.ends, recharge.credits, recharge.ended_unpaid), (1, 1, false));
        assert_eq!(ledger.credited_to("C100200").to_string(), "100.00");
        assert_eq!((ledger.count(On::Charge, "R-1"), ledger.times_taken("R-1")), (1, 1));
    });
}
