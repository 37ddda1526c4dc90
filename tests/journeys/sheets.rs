//! What lies over or beside the sale: sheets, questions, notices, lock, number pad. Each in both languages and themes.

use serde_json::{Value, json};

use crate::exam::{self, Exam};
use crate::page::EYES;
use crate::pages;
use crate::place::{Place, journey};
use crate::scanner::code;

const LANGUAGES: [&str; 2] = ["zh-CN", "en"];
/// The usual screen with the least room.
const SIZE: (u32, u32) = (1024, 768);

/// A scene: its name, what the view says, what the program answers, what is done on the page, and what is there then.
pub struct Scene {
    name: &'static str,
    change: Value,
    answers: Value,
    act: &'static str,
    there: &'static str,
}

pub fn scene(name: &'static str, change: Value, act: &'static str, there: &'static str) -> Scene {
    Scene { name, change, answers: json!({}), act, there }
}

impl Scene {
    /// What the program says to the page's commands in this scene.
    pub fn answered(self, answers: Value) -> Self {
        Self { answers, ..self }
    }
}

/// A key of the screen, for acts.
const KEY: &str =
    "const key = (code, more = {}) => dispatchEvent(new KeyboardEvent('keydown', { key: code, code, ...more }));";

/// The charge that was paid, in another state.
fn other(charge: &Value, number: u8, state: &str, settle: &[&str]) -> Value {
    let mut other = charge.clone();
    other["id"] = json!(format!("01JDB0000000000000000000A{number}"));
    other["bill"] = json!(format!("T20261122000{number}"));
    other["state"] = json!(state);
    other["why"] = Value::Null;
    other["may_settle"] = json!(settle);
    other
}

fn scenes(view: &Value) -> Vec<Scene> {
    let charge = &view["recent"][0];
    let parked = other(charge, 1, "parked", &["paid", "not-paid"]);
    let late = other(charge, 2, "late-success", &["applied", "refund"]);
    let refused = other(charge, 3, "recharge-refused", &["credit-now", "credited", "not-credited"]);
    let pending = json!([parked, late, refused]);
    let nobody = json!({ "names": ["王芳"], "session": null, "wait_s": 0 });
    let somebody = json!({ "names": ["王芳"], "session": "王芳", "wait_s": 0 });
    let asking = || {
        let mut front = other(charge, 4, "declined", &[]);
        front["asks_phone"] = json!(true);
        front
    };
    let look = |pad: bool| json!({ "theme": view["look"]["theme"], "language": view["look"]["language"], "pad": pad });
    let fresh = json!({ "gateway": { "kind": "unknown" }, "scanner": { "kind": "off" }, "journal_ok": true,
        "clock": { "kind": "unknown" } });
    let close = "key('Escape');";
    vec![
        scene("desk", json!({ "pending": pending, "supervisors": nobody }), "key('F10');", "by('trail')"),
        scene("desk-session", json!({ "pending": pending, "supervisors": somebody }), "", "by('settle-form')"),
        scene("desk-empty", json!({ "pending": [] }), "key('Escape'); key('F10');", "by('pending-list')"),
        scene("history", json!({}), "key('KeyH', { ctrlKey: true });", "count('history-row') > 0"),
        scene("question-phone", json!({ "front": asking() }), close, "by('question')"),
        scene("question-held", json!({ "held": { "code": "99…6789" } }), "", "by('held-accept')"),
        scene("notice", json!({ "notices": [other(charge, 5, "paid", &[])] }), "", "by('notice')"),
        scene("notice-loud", json!({ "notices": [other(charge, 6, "late-success", &[])] }), "", "by('notice')"),
        scene("gate", json!({ "gate": { "gate": "disk-full" } }), "", "by('gate')"),
        scene("pad", json!({ "look": look(true) }), "", "by('pad')"),
        scene("locked", json!({ "locked": true, "look": look(false) }), "", "by('unlock-operator')"),
        scene(
            "set-up",
            json!({ "operator": null, "supervisors": { "names": [], "session": null, "wait_s": 0 } }),
            "",
            "by('set-up')",
        ),
        scene(
            "set-up-training",
            json!({ "operator": null, "supervisors": { "names": [], "session": null, "wait_s": 0 }, "training": true, "health": fresh }),
            "",
            "by('training-mark')",
        ),
        scene("signed-out", json!({ "operator": null, "supervisors": nobody }), "", "by('set-up') === null"),
    ]
}

#[test]
fn whatever_lies_over_the_sale_is_whole_readable_and_reachable() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T2026112200017", "1260.50").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        let mut exam = Exam::begin(place).await;
        exam.view["front"] = Value::Null;
        let mut wrong = Vec::new();
        place.resize(SIZE).await;
        for language in LANGUAGES {
            exam.dress(place, language, "light").await;
            wrong.extend(every_scene(place, &mut exam, Depth::Thorough).await);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        the_examination_is_not_blind(place, &mut exam).await;
    });
}

/// What is wrong on purpose: a button of 40 px, grey words, words too long for their button, a button without a name.
const BREAKS: &str = "const [small, grey, long, mute] = ['pad-toggle', 'health-clock', 'language', 'theme'].map(by); \
    small.style.minHeight = small.style.height = '40px'; \
    grey.querySelector('span').style.color = '#777'; \
    long.style.width = '30px'; long.style.minWidth = '0'; long.textContent = 'Deutschland'; long.style.overflow = 'hidden'; \
    mute.removeAttribute('title'); mute.querySelector('.unseen').remove();";

async fn the_examination_is_not_blind(place: &Place, exam: &mut Exam) {
    exam.show(place, json!({})).await;
    place.until("by('first-set-up') === null").await;
    place.window.client().execute(&format!("{EYES}{BREAKS}"), Vec::new()).await.expect("something broken");
    let wrong = exam::look(place, true).await.wrong("broken").join("\n");
    for seen in ["small: pad-toggle", "pale: ", "cut: ", "axe: button-name"] {
        assert!(wrong.contains(seen), "{seen} is not seen in\n{wrong}");
    }
}

/// How closely a scene is looked at.
#[derive(Clone, Copy, PartialEq)]
pub enum Depth {
    /// In both themes, by axe too, and a picture of each is kept.
    Thorough,
    /// As it is now: whether everything is whole and can be reached.
    Whole,
}

/// What is wrong with any page or sheet in the language and theme of now.
pub async fn every_scene(place: &Place, exam: &mut Exam, depth: Depth) -> Vec<String> {
    let mut wrong = Vec::new();
    let all = scenes(&exam.view).into_iter().chain(pages::scenes(&exam.view));
    for scene in all {
        wrong.extend(visit(place, exam, &scene, depth).await);
    }
    wrong
}

async fn visit(place: &Place, exam: &mut Exam, scene: &Scene, depth: Depth) -> Vec<String> {
    exam::answer(place, scene.answers.clone()).await;
    exam.show(place, scene.change.clone()).await;
    place.window.client().execute(&format!("{EYES}{KEY}{}", scene.act), Vec::new()).await.expect("an act");
    place.until(scene.there).await;
    if depth == Depth::Whole {
        return exam::look(place, false).await.wrong(scene.name);
    }
    // What axe says about names and roles is the same in other colours; the contrast is looked at here.
    let mut wrong = Vec::new();
    for (theme, axe) in [("light", true), ("dark", false)] {
        exam.recolour(place, theme).await;
        wrong.extend(exam::look(place, axe).await.wrong(&format!("{} {theme}", scene.name)));
        place.portrait(scene.name, theme).await;
    }
    wrong
}
