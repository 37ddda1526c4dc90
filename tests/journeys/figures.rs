//! Figures, printed and not judged: start to first paint, scan to painted, memory.

use std::io::Write;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::place::{Place, journey_from_the_door};
use crate::processes;
use crate::scanner::code;
use crate::settings::Settings;

/// Sales that are measured.
const SALES: u32 = 10;

fn since_epoch_ms(moment: SystemTime) -> i64 {
    let since = moment.duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    since.try_into().expect("a moment of this age")
}

/// Milliseconds from the scan's bytes to the acknowledgement and to *paid*, both as painted.
async fn scan_to_painted(place: &mut Place, number: u32) -> (i64, i64) {
    let amount = format!("{}.00", 100 + number);
    place.arm(&format!("T-FIGURE-{number}"), &amount).await;
    let written = since_epoch_ms(place.scanner.scan(&code("50")));
    let painted = format!(
        "state() === 'paid' && by('charge-amount').dataset.amount === {} && window.passed.at(-1).painted",
        json!(amount)
    );
    let paid = place.until(&painted).await.as_i64().expect("a moment");
    // Whatever the panel showed first after the sale was armed.
    let first = "window.passed[window.passed.findLastIndex((p) => p.state === 'armed') + 1].painted";
    let seen = place.until(first).await.as_i64().expect("a moment");
    (seen - written, paid - written)
}

#[test]
fn how_fast_and_how_large() {
    journey_from_the_door(Settings::default(), async |place| {
        let (begun, begun_ms) = (Instant::now(), since_epoch_ms(SystemTime::now()));
        place.window.start().await;
        place.await_focus("operator").await;
        let usable = begun.elapsed();
        let paint =
            place.see("Math.round(performance.timeOrigin + performance.getEntriesByType('paint').at(-1)?.startTime)");
        let painted = paint.await.as_i64().map(|at| at - begun_ms);
        let fresh = processes::memory_kb(&place.window.home());
        place.sign_in().await;
        let mut times = Vec::new();
        for number in 0..SALES {
            times.push(scan_to_painted(place, number).await);
        }
        let used = processes::memory_kb(&place.window.home());
        let (mut seen, mut paid): (Vec<i64>, Vec<i64>) = times.into_iter().unzip();
        seen.sort_unstable();
        paid.sort_unstable();
        let median = |times: &[i64]| (times[times.len() / 2], times[times.len() - 1]);
        let ((seen, latest), (median, worst)) = (median(&seen), median(&paid));
        // Straight to the terminal: what a passing test prints is not shown.
        let said = writeln!(
            std::io::stderr(),
            "driver and program start to first paint: {painted:?} ms; sign-in field ready for keys: {usable:.0?}\n\
             scan written to acknowledgement painted: median {seen} ms, worst of {SALES} {latest} ms\n\
             scan written to paid painted: median {median} ms, worst of {SALES} {worst} ms\n\
             memory (PSS, all processes): {fresh} kB after the start, {used} kB after {SALES} sales",
        );
        said.expect("somebody to tell");
        assert!(usable < Duration::from_secs(60));
    });
}
