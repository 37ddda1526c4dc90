//! What a supervisor settles: a recharge whose End was never answered.

use gateway_sim::{On, scenario};

use crate::desk::NAME;
use crate::place::journey;
use crate::scanner::code;

#[test]
fn an_end_lost_after_crediting_is_settled_by_a_supervisor_and_not_sent_again() {
    journey(async |place| {
        place.set_up_supervisor().await;
        place.sign_in().await;
        place.gateway.order_for(On::End, "R-LOST", scenario("broken-paid").expect("a scenario"));
        place.arm_recharge("R-LOST", "200", "C100400").await;
        place.scanner.scan(&code("50"));
        place.await_state("recharge-undecided").await;
        place.until("by('pending-count').dataset.count === '1'").await;
        place.picture("recharge-undecided").await;

        place.open_desk().await;
        place.look_at("R-LOST").await;
        assert!(place.see("by('settle-as') === null").await.as_bool().expect("a truth"), "a cashier settles nothing");
        place.supervise().await;
        place.settle("credited", "card shows the credit", "4200002211").await;
        place.until("by('pending-count').dataset.count === '0' && count('pending-row') === 0").await;
        place.until("text('trail')?.includes('card shows the credit') && text('trail').includes('4200002211')").await;
        assert!(place.trail().await.contains(NAME), "the trail says who: {}", place.trail().await);
        place.picture("settled-credited").await;

        let ledger = place.gateway.ledger();
        let recharge = ledger.recharge("R-LOST").expect("the recharge");
        assert_eq!((recharge.ends, recharge.credits), (1, 1));
        assert_eq!(ledger.credited_to("C100400").to_string(), "200.00");
        assert_eq!((ledger.count(On::Charge, "R-LOST"), ledger.times_taken("R-LOST")), (1, 1));
    });
}
