//! Killed at any moment, the next start shows the same charge, goes on asking, and sends nothing again.

use gateway_sim::{On, scenario};
use serde_json::json;

use crate::place::journey;
use crate::scanner::code;

const SHOWN: &str = "[value('bill'), by('charge-amount').dataset.amount]";

#[test]
fn killed_while_the_customer_confirms_the_same_charge_is_in_front_again() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-KILL", "260").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        let before = place.books(|ledger| ledger.count(On::Query, "T-KILL") >= 1).await;

        place.kill_and_start().await;
        place.await_state("confirming").await;
        assert_eq!(place.see(SHOWN).await, json!(["T-KILL", "260.00"]));
        let asked = before.count(On::Query, "T-KILL");
        place.books(|ledger| ledger.count(On::Query, "T-KILL") > asked).await;
        assert!(place.gateway.approve("T-KILL"));
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-KILL"), ledger.times_taken("T-KILL")), (1, 1));
    });
}

#[test]
fn killed_before_any_answer_the_charge_is_checked_and_not_sent_again() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-KILL-EARLY", "12.30").await;
        place.gateway.order(On::Charge, scenario("held").expect("a scenario"));
        // Nothing is learnt from queries either, until the window has been seen checking.
        place.gateway.always(On::Query, scenario("unavailable"));
        place.scanner.scan(&code("53"));
        place.books(|ledger| ledger.count(On::Charge, "T-KILL-EARLY") == 1).await;
        place.await_state("sending").await;
        place.picture("sending").await;

        place.kill_and_start().await;
        place.await_state("checking").await;
        assert_eq!(place.see(SHOWN).await, json!(["T-KILL-EARLY", "12.30"]));
        place.books(|ledger| ledger.count(On::Query, "T-KILL-EARLY") >= 1).await;
        place.picture("checking").await;
        place.gateway.release();
        place.gateway.always(On::Query, None);
        assert!(place.gateway.approve("T-KILL-EARLY"));
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-KILL-EARLY"), ledger.times_taken("T-KILL-EARLY")), (1, 1));
    });
}

#[test]
fn closed_in_mid_charge_the_program_ends_clean_and_goes_on_asking_at_the_next_start() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-CLOSE", "40").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.window.close().await;
        place.scanner.unplug();
        place.scanner.plug();
        place.window.start().await;
        place.await_state("confirming").await;
        assert_eq!(place.see(SHOWN).await, json!(["T-CLOSE", "40.00"]));
        assert!(place.gateway.approve("T-CLOSE"));
        place.await_state("paid").await;
        assert_eq!(place.requests("T-CLOSE"), 1);
    });
}

#[test]
fn killed_while_armed_nothing_is_armed_and_nothing_was_sent() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-KILL-ARMED", "70").await;
        place.kill_and_start().await;
        place.await_state("entering").await;
        place.until("by('health-scanner')?.dataset.good === 'true'").await;
        place.scanner.scan(&code("50"));
        place.await_refusal().await;
        assert_eq!(place.requests("T-KILL-ARMED"), 0);
    });
}
