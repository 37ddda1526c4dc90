//! The machine sleeps in mid charge: it wakes to the same truth, and asks at its own pace.

use std::time::{Duration, Instant};

use gateway_sim::On;
use serde_json::json;

use crate::place::{Place, journey};
use crate::processes;
use crate::scanner::code;

/// Longer than several pauses between two queries in front.
const ASLEEP: Duration = Duration::from_secs(6);
/// The least pause between two queries for one charge.
const LEAST: Duration = Duration::from_secs(1);

/// Everything stands still for a while, as under a closed lid; back comes when it went on.
async fn sleeps(place: &Place, who: &[i32]) -> Instant {
    let asked = place.gateway.ledger().count(On::Query, "T-SLEEP");
    who.iter().for_each(|pid| processes::halt(*pid));
    tokio::time::sleep(ASLEEP).await;
    let now = place.gateway.ledger().count(On::Query, "T-SLEEP");
    assert!(now <= asked + 1, "asleep, it asked at most what was on its way already: {asked}, {now}");
    let awake = Instant::now();
    who.iter().for_each(|pid| processes::go_on(*pid));
    awake
}

#[test]
fn asleep_while_the_customer_confirms_the_till_wakes_to_the_same_charge_and_asks_at_its_own_pace() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-SLEEP", "45").await;
        place.scanner.scan(&code("53"));
        let scanned = Instant::now();
        place.await_state("confirming").await;
        place.books(|ledger| ledger.count(On::Query, "T-SLEEP") >= 2).await;
        let home = place.window.home();
        for who in [vec![place.window.pid()], processes::of_the_till(&home)] {
            let before = place.gateway.ledger().count(On::Query, "T-SLEEP");
            let awake = sleeps(place, &who).await;
            // Nothing is made up for: as many questions as fit between then and now, and the one that was due.
            let ledger = place.books(|ledger| ledger.count(On::Query, "T-SLEEP") >= before + 3).await;
            let most = 2 + awake.elapsed().as_secs() / LEAST.as_secs() + 1;
            assert!(
                u64::from(ledger.count(On::Query, "T-SLEEP") - before) <= most,
                "a burst: {}",
                place.gateway.summary()
            );
            place.await_state("confirming").await;
            let slept = (scanned.elapsed() - awake.elapsed()).as_secs();
            place.until(&format!("+(text('count-up')?.match(/\\d+/)?.[0] ?? 0) >= {slept}")).await;
            assert_eq!(place.see("by('charge-amount').dataset.amount").await, json!("45.00"));
        }
        assert!(place.gateway.approve("T-SLEEP"));
        place.await_state("paid").await;
        assert!(!place.passed().await.iter().any(|state| state == "declined"), "nothing was decided meanwhile");
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-SLEEP"), ledger.times_taken("T-SLEEP")), (1, 1));
    });
}
