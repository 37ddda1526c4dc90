//! Guessing a PIN: the wait that it costs outlives the program.

use serde_json::json;

use crate::desk::{NAME, PIN};
use crate::place::journey;

/// The seconds that stand beside the PIN's field.
const COUNTDOWN: &str = "+(text('supervisor-says')?.match(/\\d+/)?.[0] ?? 0)";

#[test]
fn wrong_pins_lock_the_desk_and_a_restart_does_not_open_it() {
    journey(async |place| {
        place.set_up_supervisor().await;
        place.sign_in().await;
        place.open_desk().await;
        for _ in 0..3 {
            place.try_pin("111111").await;
            place.until("text('supervisor-says') && by('supervisor-says').classList.contains('calm') === false").await;
        }
        place.until(&format!("by('supervisor-in').disabled && {COUNTDOWN} > 0")).await;
        place.picture("pin-locked").await;
        // Far enough below its beginning to tell a wait that goes on from one that begins anew.
        let before = place.until(&format!("{COUNTDOWN} > 0 && {COUNTDOWN} <= 27 && {COUNTDOWN}")).await;

        place.kill_and_start().await;
        place.open_desk().await;
        let left = place.until(&format!("by('supervisor-in').disabled && {COUNTDOWN}")).await;
        assert!(left.as_u64() <= before.as_u64(), "the wait goes on: {left} after {before}");
        // Not only the page refuses.
        let answer = place.invoke("supervisor_in", json!({ "name": NAME, "pin": PIN })).await;
        assert!(
            answer.starts_with("refused: ") && answer.contains(r#""pin":"wait""#),
            "the right PIN has to wait as well: {answer}"
        );
        assert_eq!(place.see("by('supervisor-bar').dataset.session").await, json!(""));
    });
}
