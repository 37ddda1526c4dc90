//! The program in its window, stopped at a write or flush of a charge or a recharge: the next start shows what the gateway knows.

use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::place::{JOURNEY, Place, journey_within};
use crate::scanner::code;
use crate::settings::Settings;
use crate::stop::{Order, Stop, ways};

/// Stops of each kind in one journey, at points that change from run to run; `KILLS=all` takes every one.
const STOPS: usize = 1;
/// How long a point may take to come.
const REACHED: Duration = Duration::from_secs(10);
const ALL_OF_THEM: Duration = Duration::from_secs(3_600);

/// What is stopped.
#[derive(Clone, Copy, Debug)]
enum Story {
    Charge,
    Recharge,
}

impl Story {
    /// From the entry to the scan; everything after it is counted.
    async fn scanned(self, place: &mut Place, stop: &Stop, bill: &str, order: Order) {
        match self {
            Self::Charge => place.arm(bill, "5").await,
            Self::Recharge => place.arm_recharge(bill, "5", "C100200").await,
        }
        stop.order(order);
        // Paid at once: what was taken is known when the program starts again.
        place.scanner.scan(&code("50"));
    }

    fn good(self) -> &'static str {
        match self {
            Self::Charge => "paid",
            Self::Recharge => "recharged",
        }
    }
}

#[test]
fn stopped_at_a_write_or_flush_of_a_charge_or_recharge_the_next_start_shows_the_truth() {
    let settings = Settings::default().with("polling", "front_window_ms", "5000");
    let all = std::env::var("KILLS").is_ok_and(|word| word == "all");
    journey_within(if all { ALL_OF_THEM } else { JOURNEY }, settings, async |place| {
        let stop = Stop::build(Path::new(env!("CARGO_TARGET_TMPDIR")));
        place.window.environment = stop.environment("wicket");
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs()) as usize;
        for story in [Story::Charge, Story::Recharge] {
            let ways = looked_into(place, &stop, story).await;
            let stops = if all { ways.len() } else { STOPS };
            let mut late = 0;
            for n in 0..stops {
                let way = ways[(seed * 7 + n) % ways.len()];
                late += usize::from(!stopped(place, &stop, story, way, &format!("{story:?}-{n}")).await);
            }
            println!("{story:?}: the window was stopped at {} of {}, {late} came too late", stops - late, ways.len());
        }
    });
}

/// Every way to stop the program in this story.
async fn looked_into(place: &mut Place, stop: &Stop, story: Story) -> Vec<Order> {
    stop.clear();
    place.window.start().await;
    place.sign_in().await;
    story.scanned(place, stop, &format!("{story:?}-LOOK"), Order::List).await;
    place.await_state(story.good()).await;
    let ways = ways(&stop.listed());
    assert!(ways.len() > 6, "the program is not looked into: {ways:?}");
    place.window.kill();
    ways
}

/// Whether the point was reached before the program was stopped by hand: what is written depends on when answers come.
async fn stopped(place: &mut Place, stop: &Stop, story: Story, way: Order, bill: &str) -> bool {
    // Without an order nothing is counted until the sale is armed.
    stop.clear();
    begin_anew(place).await;
    place.sign_in().await;
    story.scanned(place, stop, bill, way).await;
    let reached = place.window.await_its_end(REACHED).await;
    stop.clear();
    begin_anew(place).await;
    // The charge before may be in front as well: what the screen says counts for this bill alone.
    let about_it = format!("text('charge-state').includes({bill:?})");
    match (place.gateway.ledger().times_taken(bill), story) {
        // Not begun, or not certain; paid it cannot be.
        (0, _) => {
            place.until("state()").await;
            let good = format!("state() === {:?} && {about_it}", story.good());
            assert_eq!(place.see(&good).await, false, "{way:?}");
            // Soon in the back, so that the next one can be armed.
            place.until("!['sending', 'checking', 'confirming'].includes(state())").await;
        }
        (_, Story::Charge) => _ = place.until(&format!("state() === 'paid' && {about_it}")).await,
        // Whether an End that may have left was carried out only a person finds out.
        (_, Story::Recharge) => {
            let known = format!("['recharged', 'recharge-undecided'].includes(state()) && {about_it} && state()");
            let state = place.until(&known).await;
            let (ends, credits) =
                place.gateway.ledger().recharge(bill).map_or((0, 0), |card| (card.ends, card.credits));
            assert!(
                ends <= 1 && (state != "recharged" || credits == 1),
                "{way:?}: {state}, {ends} Ends, {credits} credits"
            );
        }
    }
    assert!(place.requests(bill) <= 1, "{way:?}");
    place.window.kill();
    reached
}

/// The program starts, and the scanner is a new device.
async fn begin_anew(place: &mut Place) {
    place.scanner.unplug();
    place.scanner.plug();
    place.window.start().await;
}
