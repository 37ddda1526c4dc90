//! A till that is left alone locks by itself, and nothing is lost by it.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde_json::json;

use crate::place::journey_within;
use crate::scanner::code;
use crate::settings::Settings;

/// The shortest that a venue can set.
const ALONE: Duration = Duration::from_secs(60);
/// One who only waits for that, on a busy machine.
const LONG: Duration = Duration::from_secs(120);

#[test]
fn a_till_left_alone_locks_keeps_what_was_typed_and_goes_on_asking() {
    let settings = Settings::default().with("window", "lock_after_minutes", "1");
    journey_within(2 * LONG, settings, async |place| {
        place.window.start().await;
        place.sign_in().await;
        place.arm("T-FLIGHT", "88").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.chord(Key::Control, &Key::Backspace).await;
        place.await_state("parked").await;
        let left = Instant::now();
        place.arm("T-ALONE", "42").await;
        // Somebody reached for the cross and thought better of it.
        let title = place.title();
        place.ask_to_close();
        place.until("text('closing')?.includes('再关一次')").await;
        assert!(place.title().contains("close again to leave"));

        place.give_turn_back();
        place.until_within(LONG, "by('locked')").await;
        assert!(left.elapsed() >= ALONE, "it locked over somebody's hands");
        place.until("by('closing') === null").await;
        place.await_title(&title).await;
        place.ask_to_close();
        place.until("text('closing')?.includes('再关一次')").await;
        assert!(place.title().contains("close again to leave"), "an old question is no answer to a new one");
        let hidden = "by('bill') === null && !/T-ALONE|42\\.00|T-FLIGHT|88\\.00/.test(document.body.innerText)";
        place.until(hidden).await;
        place.scanner.scan(&code("50"));
        assert!(place.await_refusal().await.contains("解锁"));
        assert_eq!(place.requests("T-ALONE"), 0, "what nobody sees is not charged");
        // The charge that was under way ends all the same.
        assert!(place.gateway.approve("T-FLIGHT"));
        place.until("text('locked').includes('1 条')").await;
        place.until("by('closing') === null").await;
        assert_eq!(place.see("by('notice')").await, json!(null), "whose it was is nobody's business");
        place.picture("left-alone").await;

        place.await_focus("unlock-operator").await;
        place.keys("S0107").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.await_state("entering").await;
        assert_eq!(
            place.see("[value('bill'), value('amount')]").await,
            json!(["T-ALONE", "42"]),
            "nothing asked twice"
        );
        place.until("by('notice')?.dataset.state === 'paid' && text('notice').includes('T-FLIGHT')").await;
        place.press(Key::Enter).await;
        place.await_state("armed").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.times_taken("T-FLIGHT"), ledger.times_taken("T-ALONE")), (1, 1));
    });
}
