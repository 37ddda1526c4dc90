//! Training mode: unmistakable, with a journal of its own, and each story within reach of one press.

use fantoccini::key::Key;
use serde_json::json;

use crate::place::journey_from_the_door;
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
