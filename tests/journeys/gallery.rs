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

/// Gives the page a view as the program's own event would, with the charge in front in another state.
const SHOW: &str = r#"
const [view, number, state] = arguments;
const front = { ...view.recent[0], state, why: null, live: null };
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

#[test]
fn every_state_has_its_look_in_both_languages() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T2026112200017", "260").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let snapshot = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot').then(done);";
        let view = place.window.client().execute_async(snapshot, Vec::new()).await.expect("a view");
        let mut number = 1_000_000;
        let mut seen = Vec::new();
        for language in ["zh-CN", "en"] {
            place.until(&format!("document.documentElement.lang === '{language}'")).await;
            for state in STATES {
                number += 1;
                show(place, &view, number, state).await;
                let look = place.see(LOOK).await;
                assert_eq!(look["cut"], json!([]), "{state} in {language} does not fit: {look}");
                for part in ["word", "sentence", "tone", "icon"] {
                    assert!(look["words"][part].as_str().is_some_and(|text| !text.trim().is_empty()), "{state}: {look}");
                }
                seen.push((language, look["words"]["word"].clone(), look["words"]["icon"].clone()));
                place.picture(&format!("look-{state}")).await;
            }
            place.click("language").await;
        }
        let looks = seen.len();
        seen.sort_by_key(|look| format!("{look:?}"));
        seen.dedup();
        assert_eq!(seen.len(), looks, "no two states look and read the same");
    });
}
