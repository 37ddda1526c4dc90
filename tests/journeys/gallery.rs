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
const [view, number, state, text] = arguments;
const asked = ['sending', 'confirming', 'checking', 'parked'].includes(state);
const live = asked ? { age_ms: 125_400, queries: 17, next_query_ms: 1800 } : null;
const front = { ...view.recent[0], state, why: null, live, text };
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

/// Walks a window through every state.
struct Gallery {
    /// A true view with one paid charge; the states are put into it.
    view: Value,
    /// Above any number the program itself will get to, so that its own views do not come in between.
    number: u64,
    /// The gateway's own words that stand with each state.
    text: &'static str,
    pictures: bool,
}

impl Gallery {
    async fn open(place: &mut Place) -> Self {
        place.sign_in().await;
        place.arm("T2026112200017", "1260.50").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let snapshot = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot').then(done);";
        let view = place.window.client().execute_async(snapshot, Vec::new()).await.expect("a view");
        Self { view, number: 1_000_000, text: "", pictures: false }
    }

    async fn show(&mut self, place: &Place, state: &str) {
        self.number += 1;
        let arguments = vec![self.view.clone(), json!(self.number), json!(state), json!(self.text)];
        place.window.client().execute(SHOW, arguments).await.expect("a view");
        place.await_state(state).await;
    }

    async fn walk(&mut self, place: &Place, language: &str) {
        place.until(&format!("document.documentElement.lang === '{language}'")).await;
        let mut reads = Vec::new();
        let mut cut = Vec::new();
        for state in STATES {
            self.show(place, state).await;
            let look = place.see(LOOK).await;
            if look["cut"] != json!([]) {
                cut.push(format!("{state}: {}", look["cut"]));
            }
            for part in ["word", "sentence", "tone", "icon"] {
                let said = look["words"][part].as_str().is_some_and(|text| !text.trim().is_empty());
                assert!(said, "{state} in {language} has no {part}: {look}");
            }
            reads.push(format!("{} {}", look["words"]["word"], look["words"]["icon"]));
            if self.pictures && !is_met_on_a_journey(language, state) {
                place.picture(state).await;
            }
        }
        assert!(cut.is_empty(), "what does not fit in {language}: {cut:#?}");
        reads.sort();
        reads.dedup();
        assert_eq!(reads.len(), STATES.len(), "no two states look and read the same in {language}");
    }
}

#[test]
fn every_state_has_its_look_in_both_languages() {
    journey(async |place| {
        let mut gallery = Gallery::open(place).await;
        gallery.pictures = true;
        for language in ["zh-CN", "en"] {
            gallery.walk(place, language).await;
            place.click("language").await;
        }
    });
}

#[test]
fn the_smallest_window_cuts_nothing_off() {
    journey(async |place| {
        let mut gallery = Gallery::open(place).await;
        gallery.text = "系统繁忙，请稍后再试或联系平台";
        place.window.client().set_window_size(1024, 700).await.expect("a size");
        place.until("innerWidth <= 1024 && innerHeight <= 700").await;
        for language in ["zh-CN", "en"] {
            gallery.walk(place, language).await;
            gallery.show(place, "confirming").await;
            place.picture("smallest").await;
            place.click("language").await;
        }
    });
}
