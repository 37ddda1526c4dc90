//! Every state in the real window, in both languages and themes: a look of its own, nothing cut off, pale, small or moved.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::{Value, json};

use crate::exam::{self, CONTRAST_MIN, Exam};
use crate::place::{Place, journey};
use crate::scanner::code;
use crate::shots;

pub const STATES: [&str; 24] = [
    "entering",
    "armed",
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
/// What an armed sale looks like while nothing can read a code.
pub const CUT_OFF: [&str; 2] = ["scanner-lost", "scanner-missing"];
pub const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// Walks a window through every state.
pub struct Gallery {
    pub exam: Exam,
    /// The gateway's own words that stand with each state.
    pub text: &'static str,
}

impl Gallery {
    pub async fn open(place: &mut Place) -> Self {
        place.sign_in().await;
        place.arm("T2026112200017", "1260.50").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        Self::again(place).await
    }

    /// The same where the charge is paid already, and somebody is signed in.
    pub async fn again(place: &Place) -> Self {
        let exam = Exam::begin(place).await;
        Self { exam, text: "" }
    }

    /// What makes the view one of this state.
    fn scene(&self, state: &str) -> Value {
        let charge = &self.exam.view["recent"][0];
        let sale = json!({ "bill": charge["bill"], "amount": charge["amount"], "business": 1, "card": null });
        match state {
            "entering" => json!({ "front": null, "armed": null, "scan": null }),
            "armed" => json!({ "front": null, "armed": sale, "scan": null }),
            "scanner-lost" => self.cut_off(&sale, json!({ "kind": "lost", "port": "COM3", "reason": "" }), true),
            "scanner-missing" => self.cut_off(&sale, json!({ "kind": "searching" }), false),
            _ => {
                let asked = ["sending", "confirming", "checking", "parked"].contains(&state);
                let live = json!({ "age_ms": 125_400, "queries": 17, "next_query_ms": 1800 });
                let mut front = charge.clone();
                front["state"] = json!(state);
                front["why"] = Value::Null;
                front["live"] = if asked { live } else { Value::Null };
                front["text"] = json!(self.text);
                json!({ "front": front, "armed": null, "scan": null })
            }
        }
    }

    fn cut_off(&self, sale: &Value, scanner: Value, types: bool) -> Value {
        let (mut health, mut window) = (self.exam.view["health"].clone(), self.exam.view["window"].clone());
        health["scanner"] = scanner;
        window["typing"]["takes_codes"] = json!(types);
        json!({ "front": null, "armed": sale, "scan": null, "health": health, "window": window })
    }

    pub async fn show(&mut self, place: &Place, state: &str) {
        let scene = self.scene(state);
        self.exam.show(place, scene).await;
        let shown = if CUT_OFF.contains(&state) { "armed" } else { state };
        let cut = json!(state.strip_prefix("scanner-"));
        place.until(&format!("state() === '{shown}' && (by('charge-state').dataset.cutOff ?? null) === {cut}")).await;
    }
}

/// Contrast of the palest text of the panel and of the whole page, by state and language.
#[derive(Default)]
struct Table(Vec<(String, String, f64, f64)>);

impl Table {
    /// Kept beside the pictures, for whoever wants to read it.
    fn keep(&self, theme: &str) {
        let mut text = String::from("state language panel page\n");
        for (state, language, panel, page) in &self.0 {
            writeln!(text, "{state} {language} {panel:.2} {page:.2}").expect("a line");
        }
        shots::keep_text(&format!("contrast.{theme}.txt"), &text);
        let least = self.0.iter().map(|row| row.3).fold(21.0, f64::min);
        // Straight to the terminal: what a passing test prints is not shown.
        writeln!(std::io::stderr(), "contrast, {theme}: least {least:.2} of {} scenes", self.0.len())
            .expect("somebody to tell");
        assert!(least >= CONTRAST_MIN);
    }
}

#[test]
fn every_state_has_its_look_in_the_light() {
    every_state_has_its_look("light");
}

#[test]
fn every_state_has_its_look_in_the_dark() {
    every_state_has_its_look("dark");
}

fn every_state_has_its_look(theme: &str) {
    journey(async |place| {
        let mut gallery = Gallery::open(place).await;
        let (mut wrong, mut table) = (Vec::new(), Table::default());
        let mut places: Option<Value> = None;
        for language in LANGUAGES {
            gallery.exam.dress(place, language, theme).await;
            let mut reads = Vec::new();
            for state in STATES.into_iter().chain(CUT_OFF) {
                gallery.show(place, state).await;
                let seen = exam::look(place, true).await;
                let scene = format!("{state}.{language}.{theme}");
                wrong.extend(seen.wrong(&scene));
                let words = seen.part("words");
                for part in ["word", "sentence", "tone", "icon"] {
                    let said = words[part].as_str().is_some_and(|text| !text.trim().is_empty());
                    assert!(said, "{scene} has no {part}: {words}");
                }
                reads.push(format!("{} {}", words["word"], words["icon"]));
                let here = places.get_or_insert_with(|| seen.part("geometry").clone());
                assert_eq!(seen.part("geometry"), here, "{scene}: something moved");
                let (panel, page) = (seen.number("palestOfPanel"), seen.number("palest"));
                table.0.push((state.into(), language.into(), panel, page));
                place.portrait(state, theme).await;
            }
            reads.sort();
            reads.dedup();
            assert_eq!(reads.len(), STATES.len() + CUT_OFF.len(), "no two states look and read the same in {language}");
        }
        table.keep(theme);
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}

#[test]
fn no_window_cuts_anything_off() {
    journey(async |place| {
        let mut gallery = Gallery::open(place).await;
        gallery.text = "系统繁忙，请稍后再试或联系平台";
        let mut wrong = Vec::new();
        // The least a window can be, then the usual screens; the layout has 64 × 48 units and more on all of them.
        for (width, height) in [(1024, 700), (1024, 768), (1366, 768), (2560, 1440)] {
            place.resize((width, height)).await;
            for language in LANGUAGES {
                gallery.exam.dress(place, language, "light").await;
                for state in STATES.into_iter().chain(CUT_OFF) {
                    gallery.show(place, state).await;
                    let seen = exam::look(place, false).await;
                    wrong.extend(seen.wrong(&format!("{state}.{language} at {width}×{height}")));
                    let panel = &seen.part("geometry")["panel"];
                    let share = place.see(&format!("{} / innerWidth", panel[2])).await.as_f64().expect("a share");
                    assert!(share > 0.5, "the panel has {share} of the width at {width}×{height}");
                }
                place.picture(&format!("at-{width}x{height}")).await;
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    });
}
