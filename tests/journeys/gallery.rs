//! Every state has its look in the real window, in both languages: a colour, an icon, a word, a sentence, nothing cut off.

use serde_json::{Value, json};

use crate::place::{Place, journey};
use crate::scanner::code;

const STATES: [&str; 22] = [
    "beginning",
    "sending",
    "confirming",
    "checking",
    "parked",
    "paid",
    "declined",
    "never-sent",
    "recharging",
    "recharged",
    "recharge-undecided",
    "recharge-refused",
    "late-success",
    "unmatched-success",
    "returned",
    "settled-paid",
    "settled-not-paid",
    "settled-credited",
    "settled-not-credited",
    "settled-applied",
    "settled-refund",
    "released",
];

/// Pictures that other journeys take, of the state as it comes about.
fn is_met_on_a_journey(language: &str, state: &str) -> bool {
    match language {
        "en" => matches!(state, "confirming" | "paid" | "declined"),
        _ => matches!(
            state,
            "sending" | "confirming" | "checking" | "parked" | "paid" | "declined" | "never-sent" | "returned"
        ),
    }
}

/// Gives the page a view as the program's own event would, with the charge in front in another state.
const SHOW: &str = r#"
const [view, number, state] = arguments;
const asked = ['sending', 'confirming', 'checking', 'parked'].includes(state);
const live = asked ? { age_ms: 125_400, queries: 17, next_query_ms: 1800 } : null;
const front = { ...view.recent[0], state, why: null, live };
const listeners = window['__internal_unstable_listeners_object_id__'].view;
const payload = { ...view, number, front, armed: null, scan: null };
window['__internal_unstable_listeners_function_id__'](
  { event: 'view', payload },
  Object.getOwnPropertyNames(listeners).map(Number),
);
"#;

/// What the panel says, and what of it does not fit its place.
const LOOK: &str = "(() => { \
    const panel = by('charge-state'); \
    const words = { word: panel.querySelector('h1').textContent, sentence: panel.querySelector('.sentence').textContent, \
                    next: panel.querySelector('.next')?.textContent ?? '', tone: panel.dataset.tone, \
                    icon: panel.querySelector('.disc svg').innerHTML }; \
    const cut = [panel, ...panel.querySelectorAll('h1, .message, .amount, button')] \
      .filter((e) => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1) \
      .map((e) => e.className || e.tagName); \
    return { words, cut }; })()";

async fn show(place: &Place, view: &Value, number: u64, state: &str) {
    let arguments = vec![view.clone(), json!(number), json!(state)];
    place.window.client().execute(SHOW, arguments).await.expect("a view");
    place.await_state(state).await;
}

/// Shows every state and returns how each reads, in the order of the list.
async fn walk_through(
    place: &Place,
    view: &Value,
    numbers: &mut std::ops::RangeFrom<u64>,
    pictures: bool,
) -> Vec<String> {
    let language = place.see_text("document.documentElement.lang").await;
    let mut reads = Vec::new();
    for state in STATES {
        show(place, view, numbers.next().expect("a number"), state).await;
        let look = place.see(LOOK).await;
        assert_eq!(look["cut"], json!([]), "{state} in {language} does not fit: {look}");
        for part in ["word", "sentence", "tone", "icon"] {
            assert!(look["words"][part].as_str().is_some_and(|text| !text.trim().is_empty()), "{state}: {look}");
        }
        reads.push(format!("{} {}", look["words"]["word"], look["words"]["icon"]));
        if pictures && !is_met_on_a_journey(&language, state) {
            place.picture(state).await;
        }
    }
    reads
}

#[test]
fn every_state_has_its_look_in_both_languages_and_nothing_is_cut_off() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T2026112200017", "1260.50").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let snapshot = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot').then(done);";
        let view = place.window.client().execute_async(snapshot, Vec::new()).await.expect("a view");
        let mut numbers = 1_000_000..;
        for language in ["zh-CN", "en"] {
            place.until(&format!("document.documentElement.lang === '{language}'")).await;
            let mut reads = walk_through(place, &view, &mut numbers, true).await;
            reads.sort();
            reads.dedup();
            assert_eq!(reads.len(), STATES.len(), "no two states look and read the same in {language}");
            place.click("language").await;
        }
    });
}

#[test]
fn the_smallest_window_cuts_nothing_off() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T2026112200017", "1260.50").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let snapshot = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot').then(done);";
        let view = place.window.client().execute_async(snapshot, Vec::new()).await.expect("a view");
        place.window.client().set_window_size(1024, 700).await.expect("a size");
        place.until("innerWidth <= 1024 && innerHeight <= 700").await;
        let mut numbers = 1_000_000..;
        for language in ["zh-CN", "en"] {
            place.until(&format!("document.documentElement.lang === '{language}'")).await;
            walk_through(place, &view, &mut numbers, false).await;
            place.picture("smallest").await;
            place.click("language").await;
        }
    });
}
