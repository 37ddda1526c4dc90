//! The program in its window, stopped at a write or flush of a charge: the next start shows what the gateway knows.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::place::{Place, journey_from_the_door};
use crate::scanner::code;
use crate::settings::Settings;
use crate::stop::{Order, Stop, ways};

/// Stops in one journey, at points that change from run to run; `KILLS=all` takes more.
const STOPS: usize = 2;
const STOPS_OF_ALL: usize = 12;

#[test]
fn stopped_at_a_write_or_flush_of_a_charge_the_next_start_shows_the_truth() {
    let settings = Settings::default().with("polling", "front_window_ms", "5000");
    journey_from_the_door(settings, async |place| {
        let stop = Stop::build(Path::new(env!("CARGO_TARGET_TMPDIR")));
        stop.clear();
        place.window.environment = stop.environment("wicket");
        place.window.start().await;
        place.sign_in().await;
        place.arm("T-LOOK", "5").await;
        stop.order(Order::List);
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let ways = ways(&stop.listed());
        assert!(ways.len() > 6, "the program is not looked into: {ways:?}");
        place.window.kill();

        let all = std::env::var("KILLS").is_ok_and(|word| word == "all");
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs()) as usize;
        for n in 0..if all { STOPS_OF_ALL } else { STOPS } {
            let way = ways[(seed * 7 + n * ways.len() / STOPS_OF_ALL) % ways.len()];
            stopped(place, &stop, way, &format!("T-STOP-{n}")).await;
        }
    });
}

async fn stopped(place: &mut Place, stop: &Stop, way: Order, bill: &str) {
    // Without an order nothing is counted until the sale is armed.
    stop.clear();
    place.scanner.unplug();
    place.scanner.plug();
    place.window.start().await;
    place.sign_in().await;
    place.arm(bill, "5").await;
    stop.order(way);
    place.scanner.scan(&code("50"));
    place.window.await_its_end().await;
    stop.clear();
    place.scanner.unplug();
    place.scanner.plug();
    place.window.start().await;
    let taken = place.gateway.ledger().times_taken(bill);
    match taken {
        // The same charge is in front again, or nothing of it was begun and the one before it is; paid it cannot be.
        0 => {
            place.until("state()").await;
            let paid = format!("state() === 'paid' && text('charge-state').includes({bill:?})");
            assert_eq!(place.see(&paid).await, false, "{way:?}");
            // Soon in the back, so that the next one can be armed.
            place.until("!['sending', 'checking', 'confirming'].includes(state())").await;
        }
        _ => place.await_state("paid").await,
    }
    assert!(place.requests(bill) <= 1, "{way:?}");
    place.window.kill();
}
