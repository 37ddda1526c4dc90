//! The truth that comes late: money that arrives for a charge that was declined.

use std::time::Duration;

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::place::journey;
use crate::scanner::code;

/// A declined charge is asked about again 65 s after its sending.
const WATCHED: Duration = Duration::from_secs(85);

#[test]
fn money_that_comes_after_a_refusal_calls_the_supervisor_who_refunds_it() {
    journey(async |place| {
        place.set_up_supervisor().await;
        place.sign_in().await;
        place.arm("T-LATE", "99").await;
        place.scanner.scan(&code("55"));
        place.await_state("declined").await;
        assert_eq!(place.pending().await, 0);
        // The customer's bank decides otherwise, while the next customer is served.
        assert!(place.gateway.approve("T-LATE"));
        place.press(Key::F2).await;
        place.arm("T-NEXT", "15").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;

        place.give_turn_back();
        let asked = place.gateway.ledger().count(On::Query, "T-LATE");
        place.books_within(WATCHED, |ledger| ledger.count(On::Query, "T-LATE") > asked).await;
        let notice = place.until("by('notice') && { state: by('notice').dataset.state, says: text('notice') }").await;
        assert_eq!(notice["state"], json!("late-success"));
        assert!(notice["says"].as_str().is_some_and(|says| says.contains("T-LATE")), "{notice}");
        place.until("by('pending-count').dataset.count === '1'").await;
        place.picture("late-success").await;

        place.open_desk().await;
        place.look_at("T-LATE").await;
        place.supervise().await;
        place.settle("refund", "handed to the selling system", "4200003377").await;
        place.until("by('pending-count').dataset.count === '0' && count('pending-row') === 0").await;
        place.until("text('trail')?.includes('handed to the selling system')").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-LATE"), ledger.times_taken("T-LATE")), (1, 1));
    });
}
