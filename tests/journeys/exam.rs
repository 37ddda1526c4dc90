//! What is looked at in every scene of the screen: words, places, sizes, contrast, and what axe finds.

use std::path::Path;

use serde_json::{Value, json};

use crate::place::Place;

/// Where the screen's packages are.
const AXE: &str = "ui/node_modules/axe-core/axe.min.js";

/// Least contrast of any text with what is behind it (WCAG 2.2, 1.4.3).
pub const CONTRAST_MIN: f64 = 4.5;

/// A page with everything on it that looks at it.
pub struct Exam {
    /// A true view; scenes are made by changing it.
    pub view: Value,
    /// The scene that is shown.
    shown: Value,
    /// Above any number the program itself will get to, so that its own views do not come in between.
    number: u64,
}

/// Gives the page everything that looks at it.
pub async fn equip(place: &Place) {
    let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join(AXE);
    let axe = std::fs::read_to_string(axe).expect("axe is installed with the screen's packages");
    let client = place.window.client();
    client.execute(&axe, Vec::new()).await.expect("axe on the page");
    client.execute(include_str!("exam.js"), Vec::new()).await.expect("eyes on the page");
}

/// Looks at the page as it is.
pub async fn look(place: &Place, axe: bool) -> Seen {
    place.doing("exam");
    let script = "const done = arguments[arguments.length - 1]; \
                  window.exam.all(arguments[0]).then(done, (error) => done({ error: String(error) }));";
    let seen = place.window.client().execute_async(script, vec![json!(axe)]).await.expect("an exam");
    assert!(seen.get("error").is_none(), "{}", seen["error"]);
    Seen(seen)
}

/// What the program answers to these commands from now on: `done` or `refused` with what it says, or `"next"`.
pub async fn answer(place: &Place, answers: Value) {
    place.window.client().execute("window.exam.answer(arguments[0]);", vec![answers]).await.expect("answers");
}

impl Exam {
    pub async fn begin(place: &Place) -> Self {
        equip(place).await;
        let client = place.window.client();
        let snapshot = "const done = arguments[0]; window.__TAURI_INTERNALS__.invoke('snapshot').then(done);";
        let view = client.execute_async(snapshot, Vec::new()).await.expect("a view");
        Self { shown: view.clone(), view, number: 1_000_000 }
    }

    /// Shows the view, changed as told, as the program's own event would.
    pub async fn show(&mut self, place: &Place, change: Value) {
        let mut view = self.view.clone();
        view.as_object_mut().expect("a view").extend(change.as_object().expect("a change").clone());
        place.doing(&format!("show {change}"));
        self.put(place, view).await;
    }

    /// The scene that is shown, with other colours.
    pub async fn recolour(&mut self, place: &Place, theme: &str) {
        let mut view = self.shown.clone();
        view["look"]["theme"] = json!(theme);
        self.put(place, view).await;
        place.until(&format!("document.documentElement.dataset.theme === '{theme}'")).await;
    }

    async fn put(&mut self, place: &Place, mut view: Value) {
        self.number += 1;
        view["number"] = json!(self.number);
        place.window.client().execute("window.exam.show(arguments[0]);", vec![view.clone()]).await.expect("a view");
        self.shown = view;
    }

    /// How the screen looks from now on, in this and every later scene.
    pub async fn dress(&mut self, place: &Place, language: &str, theme: &str) {
        self.view["look"] = json!({ "theme": theme, "language": language, "pad": self.view["look"]["pad"] });
        self.show(place, json!({})).await;
        let there = format!(
            "document.documentElement.lang === '{language}' && document.documentElement.dataset.theme === '{theme}'"
        );
        place.until(&there).await;
    }
}

/// What was seen in one scene.
pub struct Seen(Value);

impl Seen {
    pub fn part(&self, name: &str) -> &Value {
        &self.0[name]
    }

    pub fn number(&self, name: &str) -> f64 {
        self.0[name].as_f64().expect("a number")
    }

    /// Everything that is wrong, each with the scene's name.
    pub fn wrong(&self, scene: &str) -> Vec<String> {
        let lists = ["cut", "small", "covered", "pale", "axe"];
        let named = |list: &str| {
            let found = self.0[list].as_array().cloned().unwrap_or_default();
            found.into_iter().map(|what| format!("{scene}: {list}: {}", what.as_str().unwrap_or_default())).collect()
        };
        lists.iter().flat_map(|list: &&str| -> Vec<String> { named(list) }).collect()
    }
}
