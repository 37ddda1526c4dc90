//! Figures, printed and not judged: start to first paint, scan to painted, memory.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::place::{Place, journey_from_the_door};
use crate::processes;
use crate::scanner::code;
use crate::settings::Settings;

/// Sales that are measured.
const SALES: u32 = 10;

fn since_epoch_ms(moment: SystemTime) -> f64 {
    moment.duration_since(UNIX_EPOCH).expect("after 1970").as_secs_f64() * 1000.0
}

async fn scan_to_painted(place: &mut Place, number: u32) -> f64 {
    let amount = format!("{}.00", 100 + number);
    place.arm(&format!("T-FIGURE-{number}"), &amount).await;
    let written = since_epoch_ms(place.scanner.scan(&code("50")));
    let painted = format!(
        "state() === 'paid' && by('charge-amount').dataset.amount === {} && window.passed.at(-1).painted",
        json!(amount)
    );
    place.until(&painted).await.as_f64().expect("a moment") - written
}

#[test]
#[allow(clippy::print_stderr, reason = "the figures are what this is for")]
fn how_fast_and_how_large() {
    journey_from_the_door(Settings::default(), async |place| {
        let (begun, begun_ms) = (Instant::now(), since_epoch_ms(SystemTime::now()));
        place.window.start().await;
        place.await_focus("operator").await;
        let usable = begun.elapsed();
        let paint =
            place.see("performance.timeOrigin + (performance.getEntriesByType('paint').at(-1)?.startTime ?? NaN)");
        let painted = paint.await.as_f64().map(|at| at - begun_ms);
        let fresh = processes::memory_kb(&place.window.home());
        place.sign_in().await;
        let mut times = Vec::new();
        for number in 0..SALES {
            times.push(scan_to_painted(place, number).await);
        }
        times.sort_by(f64::total_cmp);
        let used = processes::memory_kb(&place.window.home());
        eprintln!(
            "driver and program start to first paint: {painted:.0?} ms; sign-in field ready for keys: {usable:.0?}"
        );
        let (median, worst) = (times[times.len() / 2], times[times.len() - 1]);
        eprintln!("scan written to paid painted: median {median:.0} ms, worst of {SALES} {worst:.0} ms");
        eprintln!("memory (PSS, all processes): {fresh} kB after the start, {used} kB after {SALES} sales");
        assert!(usable < Duration::from_secs(60));
    });
}
