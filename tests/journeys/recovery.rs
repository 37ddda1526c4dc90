//! A start after a crash with everything open that can be open: all of it is listed, and nothing is sent twice.

use std::time::Instant;

use fantoccini::key::Key;
use gateway_sim::{On, Reply, Scenario, Script, scenario};
use serde_json::json;

use crate::place::{Place, journey};
use crate::scanner::code;

/// Bill and state of what is pending when the program is killed.
const OPEN: [(&str, &str); 5] = [
    ("T-BACK", "returned"),
    ("R-UNSURE", "recharge-undecided"),
    ("R-REFUSED", "recharge-refused"),
    ("T-PARKED", "parked"),
    ("T-ASKED", "checking"),
];

/// How long the screen says that the charge in front has been waited for, in seconds.
const WAITED: &str = "+(text('count-up')?.match(/\\d+/)?.[0] ?? 0)";

/// Five charges, one after the other; the last one stays in front and no query about it is answered. Back comes when
/// the last one was scanned.
async fn open_five(place: &mut Place) -> Instant {
    let unanswered = r#"{"on":"query","bill":"T-ASKED","do":"unavailable"}"#;
    place.gateway.script(Script::parse(unanswered).expect("a script"));
    place.gateway.order_for(On::End, "R-UNSURE", scenario("broken-paid").expect("a scenario"));
    let refusal = Scenario::replying("end-refused", Reply::bare(40010, "卡已挂失"));
    place.gateway.order_for(On::End, "R-REFUSED", refusal);

    place.arm("T-BACK", "45").await;
    place.scanner.scan(&code("91"));
    place.await_state("returned").await;
    for (bill, card, state) in
        [("R-UNSURE", "C100501", "recharge-undecided"), ("R-REFUSED", "C100502", "recharge-refused")]
    {
        place.arm_recharge(bill, "50", card).await;
        place.scanner.scan(&code("50"));
        place.await_state(state).await;
    }
    place.choose_business("1").await;
    place.arm("T-PARKED", "320").await;
    place.scanner.scan(&code("53"));
    place.await_state("confirming").await;
    place.chord(Key::Control, &Key::Backspace).await;
    place.await_state("parked").await;
    place.arm("T-ASKED", "18.80").await;
    let scanned = Instant::now();
    place.scanner.scan(&code("59"));
    place.await_state("checking").await;
    place.until("by('pending-count').dataset.count === '5'").await;
    scanned
}

#[test]
fn after_a_crash_with_five_kinds_pending_all_are_listed_and_nothing_is_sent_again() {
    journey(async |place| {
        place.sign_in().await;
        let scanned = open_five(place).await;
        let before = place.books(|ledger| ledger.count(On::Query, "T-ASKED") >= 3).await;

        place.kill_and_start().await;
        place.await_state("checking").await;
        assert_eq!(place.see("[value('bill'), by('charge-amount').dataset.amount]").await, json!(["T-ASKED", "18.80"]));
        let at_least = scanned.elapsed().as_secs();
        let waited = place.until(WAITED).await.as_u64().expect("seconds");
        assert!(
            waited + 2 >= at_least && waited <= scanned.elapsed().as_secs(),
            "the wait counts from the scan and not from the start: {waited} of {at_least}"
        );
        place.until("by('pending-count').dataset.count === '5'").await;
        place.open_desk().await;
        place.until("count('pending-row') === 5").await;
        let entries = place.entries().await;
        for (bill, state) in OPEN {
            let row = entries.iter().find(|(_, says)| says.contains(bill));
            assert_eq!(row.map(|(state, _)| state.as_str()), Some(state), "{bill} in {entries:?}");
        }
        place.picture("pending-after-crash").await;

        for bill in ["T-ASKED", "T-PARKED"] {
            let asked = before.count(On::Query, bill);
            place.books(|ledger| ledger.count(On::Query, bill) > asked).await;
        }
        place.gateway.script(Script::default());
        place.press(Key::Escape).await;
        place.await_state("paid").await;
        place.until("by('pending-count').dataset.count === '4'").await;
        let ledger = place.gateway.ledger();
        for (bill, _) in OPEN {
            assert_eq!(ledger.count(On::Charge, bill), 1, "{bill} was charged again");
            assert_eq!(ledger.count(On::End, bill), u32::from(bill.starts_with("R-")), "{bill} was ended again");
        }
        assert_eq!(
            (ledger.credited_to("C100501").to_string(), ledger.credited_to("C100502").is_zero()),
            ("50.00".into(), true)
        );
    });
}
