//! What a person does at the window and sees in it; every wait is for something and has an end.

use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::place::Place;
use crate::shots;

/// How long anything may take that a till does on its own within seconds.
const PATIENCE: Duration = Duration::from_secs(25);

/// What every script can use.
pub const EYES: &str = r#"
const by = (id) => document.querySelector(`[data-testid="${id}"]`);
const text = (id) => by(id)?.textContent.trim() ?? null;
const value = (id) => by(id)?.value ?? null;
const state = () => by('charge-state')?.dataset.state ?? null;
const focus = () => document.activeElement?.dataset.testid ?? null;
const strip = () => { const s = by('scan-strip'); return s && { kind: s.dataset.kind, says: s.textContent.trim() }; };
const error = (field) => document.getElementById(`${field}-error`)?.textContent.trim() ?? '';
const count = (id) => document.querySelectorAll(`[data-testid="${id}"]`).length;
"#;

/// Writes down every state the panel passes through, and when it was painted.
const WATCH: &str = r#"
window.passed = [];
const note = () => {
  const now = state();
  if (now === null || now === window.passed.at(-1)?.state) return;
  const entry = { state: now, painted: null };
  window.passed.push(entry);
  requestAnimationFrame(() => setTimeout(() => { entry.painted = Date.now(); }));
};
new MutationObserver(note).observe(document, { subtree: true, childList: true, attributes: true });
note();
"#;

/// Looks again after every change of the page, and now and then for what is no change of it (focus, values).
const AWAIT: &str = r#"
const done = arguments[arguments.length - 1];
const seen = () => (CONDITION);
let over = false;
const look = () => {
  if (over) return;
  let found = null;
  try { found = seen(); } catch (error) { found = null; }
  if (found) end({ found });
};
const observer = new MutationObserver(look);
const again = setInterval(look, 25);
const limit = setTimeout(() => end({ late: true }), LIMIT);
function end(result) {
  over = true;
  observer.disconnect();
  clearInterval(again);
  clearTimeout(limit);
  done(result);
}
observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
look();
"#;

/// Begins to watch a page that was just opened.
pub async fn watch(client: &Client) {
    client.execute(&format!("{EYES}{WATCH}"), Vec::new()).await.expect("eyes on the page");
}

/// A picture of the window as it is. The driver takes it with the next repaint, and a page at rest has none: one spot
/// that nobody sees is kept changing until then.
pub async fn shot(client: &Client) -> Result<Vec<u8>, CmdError> {
    let stir = "const spot = document.createElement('i'); \
                Object.assign(spot.style, { position: 'fixed', width: '1px', height: '1px', right: '0', bottom: '0' }); \
                document.body.append(spot); \
                const turns = ['rgba(0, 0, 0, 0.004)', 'rgba(0, 0, 0, 0.008)']; \
                let n = 0; \
                const timer = setInterval(() => (spot.style.background = turns[n++ % 2]), 15); \
                window.settle = () => { clearInterval(timer); spot.remove(); };";
    client.execute(stir, Vec::new()).await?;
    let png = tokio::time::timeout(PATIENCE, client.screenshot()).await.unwrap_or(Err(CmdError::WaitTimeout))?;
    client.execute("window.settle();", Vec::new()).await?;
    Ok(png)
}

impl Place {
    fn client(&self) -> &Client {
        self.window.client()
    }

    /// The value of an expression on the page.
    pub async fn see(&self, expression: &str) -> Value {
        self.doing(&format!("see {expression}"));
        let script = format!("{EYES}return ({expression});");
        self.client().execute(&script, Vec::new()).await.expect("a look at the page")
    }

    pub async fn see_text(&self, expression: &str) -> String {
        self.see(expression).await.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until an expression on the page is true, or a number or text with something in it, and returns it.
    pub async fn until(&self, condition: &str) -> Value {
        self.until_within(PATIENCE, condition).await
    }

    /// The same for what takes its time on purpose.
    pub async fn until_within(&self, limit: Duration, condition: &str) -> Value {
        self.doing(&format!("until {condition}"));
        let script = AWAIT.replace("CONDITION", condition).replace("LIMIT", &PATIENCE.as_millis().to_string());
        let script = EYES.to_owned() + &script;
        let begun = Instant::now();
        // No script may run longer than the driver lets it.
        loop {
            let result = self.client().execute_async(&script, Vec::new()).await.expect("a look at the page");
            if let Some(found) = result.get("found") {
                return found.clone();
            }
            assert!(begun.elapsed() < limit, "not seen in {limit:?}: {condition}\n{}", self.describe().await);
        }
    }

    /// What stands on the page, for a failure.
    pub async fn describe(&self) -> String {
        let page = self
            .see(
                "{ state: state(), focus: focus(), strip: strip(), bill: value('bill'), amount: value('amount'), \
                 errors: ['operator', 'business', 'bill', 'amount'].map(error), question: text('question'), \
                 message: text('charge-message'), notice: text('notice'), pending: text('pending-count'), \
                 passed: window.passed?.map((p) => p.state) }",
            )
            .await;
        serde_json::to_string_pretty(&page).expect("text")
    }

    pub async fn state(&self) -> String {
        self.see_text("state()").await
    }

    pub async fn await_state(&self, word: &str) {
        self.until(&format!("state() === {}", json!(word))).await;
    }

    pub async fn await_focus(&self, field: &str) {
        self.until(&format!("focus() === {}", json!(field))).await;
    }

    /// Waits for the strip's answer to a scan or a key, and returns its sentence.
    pub async fn await_refusal(&self) -> String {
        let says = self.until("strip()?.kind === 'refused' && strip().says").await;
        says.as_str().unwrap_or_default().to_owned()
    }

    /// Every state since the program started, in order.
    pub async fn passed(&self) -> Vec<String> {
        let passed = self.see("window.passed.map((p) => p.state)").await;
        serde_json::from_value(passed).expect("a list of states")
    }

    pub async fn message(&self) -> String {
        self.see_text("text('charge-message')").await
    }

    pub async fn pending(&self) -> u64 {
        self.see("+by('pending-count').dataset.count").await.as_u64().expect("a count")
    }

    /// Keys, one after the other, to whatever has the focus.
    pub async fn keys(&self, keys: &str) {
        self.doing(&format!("keys {keys:?}"));
        let mut actions = KeyActions::new("keyboard".into());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client().perform_actions(actions).await.expect("keys");
    }

    pub async fn press(&self, key: Key) {
        self.keys(&key.to_string()).await;
    }

    /// A key while another is held.
    pub async fn chord(&self, held: Key, key: &str) {
        self.doing(&format!("{held:?} and {key:?}"));
        let (held, value) = (only(&held), only(key));
        let actions = KeyActions::new("keyboard".into())
            .then(KeyAction::Down { value: held })
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value })
            .then(KeyAction::Up { value: held });
        self.client().perform_actions(actions).await.expect("keys");
    }

    /// Puts text into a field at once, as a paste does: for what no keyboard of this display has.
    pub async fn paste(&self, field: &str, text: &str) {
        self.doing(&format!("paste {text:?} into {field}"));
        let script = format!(
            "{EYES}const box = by(arguments[0]); box.focus(); box.select(); \
             document.execCommand('insertText', false, arguments[1]);"
        );
        self.client().execute(&script, vec![json!(field), json!(text)]).await.expect("a paste");
    }

    /// Makes the window as large as this, in pixels of the toolkit, and waits until the page knows.
    pub async fn resize(&self, (width, height): (u32, u32)) {
        self.doing(&format!("{width}×{height}"));
        self.client().set_window_size(width, height).await.expect("a size");
        self.until(&format!("outerWidth === {width} && outerHeight === {height}")).await;
    }

    /// A press of the mouse, for what has no key.
    pub async fn click(&self, id: &str) {
        self.see(&format!("by({}).click()", json!(id))).await;
    }

    /// What became of a call into the program: `refused: …`, or `done: …` with what it returned.
    pub async fn invoke(&self, command: &str, arguments: Value) -> String {
        self.doing(&format!("invoke {command}"));
        let script = "const done = arguments[arguments.length - 1]; \
                      window.__TAURI_INTERNALS__.invoke(arguments[0], arguments[1]) \
                        .then((value) => done('done: ' + JSON.stringify(value)), (error) => done('refused: ' + JSON.stringify(error)));";
        let answer = self.client().execute_async(script, vec![json!(command), arguments]).await.expect("an answer");
        answer.as_str().expect("words").to_owned()
    }

    /// Keeps a picture of the window as `target/screens/<name>.<language>.png`.
    pub async fn picture(&self, name: &str) {
        let language = self.see_text("document.documentElement.lang").await;
        self.doing(&format!("picture of {name}"));
        shots::keep(&format!("{name}.{language}"), &shot(self.client()).await.expect("a picture"));
    }

    /// The same as `target/screens/<name>.<language>.<theme>.png`.
    pub async fn portrait(&self, name: &str, theme: &str) {
        let language = self.see_text("document.documentElement.lang").await;
        shots::keep(&format!("{name}.{language}.{theme}"), &shot(self.client()).await.expect("a picture"));
    }
}

fn only(keys: &str) -> char {
    keys.chars().next().expect("a key")
}
