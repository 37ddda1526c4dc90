//! Closing with something pending: it is said what goes on and what waits, asked once, and nothing is lost.

use std::path::Path;

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::place::{Place, journey_from_the_door};
use crate::scanner::code;
use crate::settings::Settings;

/// The journal that the program left holds from its first record to its last, and its witness has seen the last one.
pub fn is_whole(home: &Path) -> bool {
    let report = journal::verify(&home.join("journal.db")).expect("a journal that can be read");
    let seen = matches!(report.witness, journal::WitnessReport::Agrees { seen } if seen == report.head.seq);
    report.first_bad.is_none() && report.structure.is_empty() && seen
}

async fn start(place: &mut Place) {
    place.window.start().await;
    place.sign_in().await;
}

#[test]
fn closing_with_something_pending_asks_once_and_the_entry_is_there_at_the_next_start() {
    journey_from_the_door(Settings::default(), async |place| {
        place.window.notes_how_it_ends();
        start(place).await;
        let title = place.title();
        assert!(title.contains("Wicket"), "{title}");
        place.arm("T-OPEN", "40").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.chord(Key::Control, &Key::Backspace).await;
        place.until("by('pending-count').dataset.count === '1'").await;

        place.ask_to_close();
        let says = place.until("text('closing')").await;
        let says = says.as_str().expect("words");
        assert!(says.contains("1 笔待处理") && says.contains("不会丢失") && says.contains("再关一次"), "{says}");
        let asking = place.title();
        assert!(asking != title && asking.contains("1 pending") && asking.contains("1 笔待处理"), "{asking}");
        place.picture("closing").await;
        place.click("language").await;
        place.until("text('closing').includes('Close again')").await;
        place.picture("closing").await;
        place.click("language").await;

        // The question stands in nobody's way.
        place.arm("T-NEXT", "15").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let asked = place.gateway.ledger().count(On::Query, "T-OPEN");
        place.books(|ledger| ledger.count(On::Query, "T-OPEN") > asked).await;

        place.ask_to_close();
        assert_eq!(place.window.ended().await, "0", "it ended cleanly");
        assert!(place.window.logged().contains(" stopped"), "requests were awaited, journal and lock given back");
        assert!(is_whole(&place.window.home()), "the journal is whole, its witness agrees");

        place.scanner.unplug();
        place.scanner.plug();
        start(place).await;
        place.until("by('pending-count').dataset.count === '1'").await;
        place.open_desk().await;
        place.until("by('pending-row')?.dataset.state === 'parked'").await;
        assert!(place.gateway.approve("T-OPEN"));
        place.until("by('notice')?.dataset.state === 'paid'").await;
        place.press(Key::Escape).await;
        place.chord(Key::Alt, "0").await;
        place.until("by('notice') === null").await;
        assert_eq!(place.see("by('pending-count').dataset.count").await, json!("0"));
        // With nothing pending there is nothing to ask.
        place.ask_to_close();
        assert_eq!(place.window.ended().await, "0");
        let ledger = place.gateway.ledger();
        assert_eq!((ledger.count(On::Charge, "T-OPEN"), ledger.times_taken("T-OPEN")), (1, 1));
    });
}
