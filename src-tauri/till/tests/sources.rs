//! Where a scan comes from decides what it may do: a payment code that was typed is trusted least.

mod window;

use checkout::{Refusal, ScannedText, State};
use gateway_sim::On;
use scanner::{DamageReason, Source};
use till::ScanSource;
use till::config::Config;
use till::keys::Step;
use till::view::ScanOutcome;
use window::{Window, code, refusal};

async fn from(window: &Window, source: ScanSource, text: &str) -> ScanOutcome {
    window.till.scan_from(ScannedText::new(text), source).await
}

fn venue(source: Source) -> impl FnOnce(&mut Config) {
    move |config| {
        config.scanner.source = source;
        config.limits.bill_pattern = Some(regex::Regex::new("B[0-9]{6}").expect("a pattern"));
    }
}

#[tokio::test]
async fn where_a_serial_scanner_is_set_typed_payment_codes_are_refused_and_bills_are_not() {
    let serial = |config: &mut Config| {
        venue(Source::Serial)(config);
        // No such line: nothing but the rule is looked at.
        config.scanner.port = "/nonexistent/scanner".into();
    };
    let window = Window::open_with(serial).await;
    window.arm("T1").await.expect("armed");
    for source in [ScanSource::Keys, ScanSource::Page] {
        assert_eq!(refusal(from(&window, source, &code("50")).await), Refusal::NotByKeyboard, "{source:?}");
        assert_eq!(refusal(from(&window, source, "9912345678901250").await), Refusal::NotByKeyboard, "{source:?}");
        assert_eq!(from(&window, source, "B123456").await, ScanOutcome::Bill { text: "B123456".into() });
    }
    let before = window.till.view();
    from(&window, ScanSource::Elsewhere, &code("50")).await;
    assert_eq!(window.till.view().scan, before.scan, "what is typed elsewhere is not even mentioned");
    assert_eq!(window.sim.ledger().count_all(On::Charge), 0);
    assert!(matches!(window.scan(&code("50")).await, ScanOutcome::Charging { .. }), "the scanner's own line charges");
}

#[tokio::test]
async fn a_damaged_code_is_said_here_and_is_another_programs_own_elsewhere() {
    let window = Window::open_with(venue(Source::Auto)).await;
    let damaged = || Step::Damaged(DamageReason::Noise, 19);
    window.till.caught(damaged(), ScanSource::Elsewhere).await;
    assert!(window.till.traces().await.expect("traces").is_empty());
    window.till.caught(damaged(), ScanSource::Keys).await;
    assert_eq!(window.till.traces().await.expect("traces").len(), 1);
    let said = window.till.view().scan.clone().expect("a word");
    assert_eq!(refusal(said.outcome), Refusal::Damaged);
}

#[tokio::test]
async fn the_page_hands_over_a_code_only_for_an_armed_sale_and_only_now_and_then() {
    let window = Window::open_with(venue(Source::Auto)).await;
    assert_eq!(refusal(from(&window, ScanSource::Page, &code("50")).await), Refusal::NotArmed);
    window.arm("T1").await.expect("armed");
    assert!(matches!(from(&window, ScanSource::Page, &code("50")).await, ScanOutcome::Charging { .. }));
    window.until_front(State::Paid).await;
    let mut refusals = Vec::new();
    for _ in 0..20 {
        refusals.push(refusal(from(&window, ScanSource::Page, &code("50")).await));
    }
    assert!(refusals.iter().filter(|why| **why == Refusal::TooManyScans).count() >= 10, "{refusals:?}");
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
    window.arm("T2").await.expect("armed");
    let typed = from(&window, ScanSource::Keys, &code("50")).await;
    assert!(matches!(typed, ScanOutcome::Charging { .. }), "keys below the page are not the page's: {typed:?}");
}

#[tokio::test]
async fn keys_that_are_read_below_the_page_and_by_it_are_one_scan() {
    let window = Window::open_with(venue(Source::Auto)).await;
    window.arm("T1").await.expect("armed");
    let scanned = code("50");
    let first = from(&window, ScanSource::Keys, &scanned).await;
    assert!(matches!(first, ScanOutcome::Charging { .. }), "{first:?}");
    assert_eq!(from(&window, ScanSource::Page, &scanned).await, first);
    assert_eq!(window.till.traces().await.expect("traces").len(), 1, "one act, one line");
    window.until_front(State::Paid).await;
    let again = from(&window, ScanSource::Page, &scanned).await;
    assert!(matches!(again, ScanOutcome::Refused { .. }), "the next time it is a scan of its own: {again:?}");
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
}

#[tokio::test]
async fn a_scan_into_another_program_counts_only_as_a_wallets_code_for_the_armed_sale() {
    let window = Window::open_with(venue(Source::Auto)).await;
    let elsewhere = async |text: &str| {
        from(&window, ScanSource::Elsewhere, text).await;
        window.till.view().scan.clone()
    };
    assert_eq!(elsewhere(&code("50")).await, None, "no sale waits for it");
    window.arm("T1").await.expect("armed");
    for no_business in ["B123456", "9912345678901250", "6901234567892", "130102199003070011"] {
        assert_eq!(elsewhere(no_business).await, None, "{no_business}");
    }
    assert!(window.till.view().armed.is_some(), "what is typed elsewhere disarms nothing");
    assert!(matches!(elsewhere(&code("50")).await.map(|scan| scan.outcome), Some(ScanOutcome::Charging { .. })));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
}
