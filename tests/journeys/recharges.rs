//! A recharge: one scan takes the money and credits the card, once.

use gateway_sim::On;

use crate::place::journey;
use crate::scanner::code;

#[test]
fn a_recharge_takes_the_money_and_credits_the_card_once() {
    journey(async |place| {
        place.sign_in().await;
        place.arm_recharge("R-1", "100", "C100200").await;
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

#[test]
fn a_refused_payment_never_credits_the_card() {
    journey(async |place| {
        place.sign_in().await;
        place.arm_recharge("R-POOR", "100", "C100300").await;
        // The customer is asked for a password, and the wallet closes the order: that is final.
        place.scanner.scan(&code("55"));
        place.await_state("declined").await;
        assert_eq!(place.pending().await, 0);

        place.kill_and_start().await;
        place.sign_in().await;
        place.choose_business("1").await;
        place.arm("T-AFTER", "5").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "R-POOR"), ledger.times_taken("R-POOR")), (1, 0));
        assert_eq!(ledger.count_all(On::End), 0, "no End for money that never came");
        assert!(ledger.credited_to("C100300").is_zero());
    });
}
