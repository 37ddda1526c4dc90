//! Training mode: unmistakable, with a journal of its own, and each story within reach of one press.

use fantoccini::key::Key;
use serde_json::json;

use crate::place::{Place, journey_from_the_door};
use crate::settings::Settings;

#[test]
fn training_teaches_every_story_and_touches_no_real_journal() {
    journey_from_the_door(Settings::default(), async |place| {
        place.window.start_with(&["--training"]).await;
        place.sign_in().await;
        assert!(place.see_text("text('training-mark')").await.contains("培训模式"));
        for (number, (scenario, end)) in
            [("paid", "paid"), ("password", "paid"), ("lost", "paid"), ("refused", "declined"), ("never", "confirming")]
                .into_iter()
                .enumerate()
        {
            place.arm(&format!("LESSON-{number}"), "18").await;
            if number == 0 {
                place.picture("training").await;
            }
            place.click(&format!("training-scan-{scenario}")).await;
            let bill = json!(format!("LESSON-{number}"));
            place.until(&format!("state() === '{end}' && text('charge-state').includes({bill})")).await;
            if scenario == "refused" {
                place.picture("training-declined").await;
                place.chord(Key::Alt, "1").await;
                place.until("by('question') === null").await;
                place.press(Key::F2).await;
                place.await_state("entering").await;
            }
        }
        place.chord(Key::Control, &Key::Backspace).await;
        place.await_state("parked").await;
        let home = place.window.home();
        assert!(home.join("training.db").exists());
        assert!(!home.join("journal.db").exists(), "the real journal is not even made");
        assert_eq!(place.gateway.ledger().requests.len(), 0, "the real gateway hears nothing");
    });
}

/// A picture for docs/rehearsal.md, one in each language.
async fn in_both_languages(place: &Place, name: &str) {
    for _ in 0..2 {
        place.picture(&format!("rehearsal-{name}")).await;
        place.click("language").await;
    }
}

/// Opens the sheet with the key and takes a lesson from it.
async fn take(place: &Place, lesson: &str) {
    place.press(Key::F6).await;
    place.until(&format!("by('lesson-{lesson}')?.disabled === false")).await;
    if lesson == "slow" {
        in_both_languages(place, "lessons").await;
    }
    place.click(&format!("lesson-{lesson}")).await;
    place.until(&format!("by('lesson').dataset.lesson === '{lesson}' && by('lessons') === null")).await;
}

#[test]
fn each_frightening_case_can_be_practised() {
    journey_from_the_door(Settings::default(), async |place| {
        place.window.start_with(&["--training"]).await;
        place.sign_in().await;
        for (lesson, meanwhile, end) in [
            ("slow", "sending", "paid"),
            ("error", "checking", "paid"),
            ("double", "confirming", "paid"),
            ("late", "confirming", "declined"),
        ] {
            let bill = format!("LESSON-{}", lesson.to_uppercase());
            place.arm(&bill, "18").await;
            take(place, lesson).await;
            for state in [meanwhile, end] {
                place.until(&format!("state() === '{state}' && text('charge-state').includes({})", json!(bill))).await;
                if matches!((lesson, state), ("error", "checking") | ("late", _)) {
                    in_both_languages(place, state).await;
                }
            }
            let rows = "[...document.querySelectorAll('[data-testid=\"recent-row\"]')]";
            let count = format!("{rows}.filter((row) => row.textContent.includes({})).length", json!(bill));
            assert_eq!(place.see(&count).await, json!(1), "{lesson}: one charge for one sale");
            place.press(Key::F2).await;
            place.await_state("entering").await;
        }

        // Both are gone together, and come back by themselves.
        place.arm("LESSON-GONE", "18").await;
        take(place, "gateway").await;
        place.click("training-scan-paid").await;
        place.await_state("never-sent").await;
        in_both_languages(place, "never-sent").await;
        place.arm("LESSON-WAITS", "18").await;
        take(place, "scanner").await;
        place.until("by('health-scanner').dataset.good === 'false' && by('training-scan-paid').disabled").await;
        place.until("state() === 'armed' && by('charge-state').dataset.cutOff === 'lost'").await;
        in_both_languages(place, "scanner").await;
        place.until("by('health-scanner').dataset.good === 'true' && !by('training-scan-paid').disabled").await;
        place.until("state() === 'armed' && by('charge-state').dataset.cutOff === undefined").await;
        // The scanner was pulled last; a sale that is armed looks whether the gateway is there.
        place.press(Key::F2).await;
        place.arm("LESSON-BACK", "18").await;
        place.until("by('health-gateway').dataset.good === 'true'").await;
        place.click("training-scan-paid").await;
        place.await_state("paid").await;
    });
}
