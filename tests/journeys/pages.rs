//! The pages beside the sale that `sheets` examines too: settings, devices, set-up, sound, lessons, lock; each as somebody finds it.

use serde_json::{Value, json};

use crate::sheets::{Scene, scene};

/// A finger's way through the page, for scenes that need more than a key.
const SAVE_NONSENSE: &str = "const field = by('setting-limits-amount_ask'); field.value = 'a lot'; \
    field.dispatchEvent(new Event('input', { bubbles: true })); \
    setTimeout(() => key('Enter', { ctrlKey: true }), 50);";
const OTHER_NUMBER: &str = "const field = by('unlock-operator'); field.value = 'S0108'; \
    field.dispatchEvent(new Event('input', { bubbles: true })); \
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', code: 'Enter', bubbles: true }));";

pub fn scenes(view: &Value) -> Vec<Scene> {
    let language = view["look"]["language"].as_str().unwrap_or_default();
    let choose = match language {
        "en" => {
            (CHOOSE_ENGLISH, "document.documentElement.lang === 'en' && by('setting-window-language')?.value === 'en'")
        }
        _ => ("", "by('first-set-up')?.dataset.step === 'language' && by('setting-window-language')"),
    };
    let mut all = office();
    all.extend(around(view));
    all.extend(set_up(choose));
    all
}

fn supervisors(session: Option<&str>) -> Value {
    json!({ "names": ["王芳", "李强"], "session": session, "wait_s": 0 })
}

/// Settings and devices, without and with a supervisor, well and not.
fn office() -> Vec<Scene> {
    let nobody = || json!({ "supervisors": supervisors(None) });
    let somebody = || json!({ "supervisors": supervisors(Some("王芳")) });
    let with = |more: Value| {
        let mut all = somebody();
        all.as_object_mut().expect("a change").extend(more.as_object().expect("more").clone());
        all
    };
    let wrong = json!({ "trouble": "bad", "problems": [
        { "key": "limits.amount_ask", "together": false, "text": "amount_ask must be an amount, found a lot" } ] });
    let found = json!({ "device": "Honeywell 1470g", "kind": "answered", "source": "serial", "port": "/dev/ttyACM0" });
    let open = "key('F9');";
    vec![
        scene("settings", nobody(), open, "by('setting-limits-amount_ask')?.disabled"),
        scene("settings-session", somebody(), "by('check-gateway').click();", "count('finding') === 5")
            .answered(json!({ "check_gateway": { "done": findings() } })),
        scene("settings-wrong-value", somebody(), SAVE_NONSENSE, "focus() === 'setting-limits-amount_ask'")
            .answered(json!({ "save_settings": { "refused": wrong } })),
        scene("settings-training", with(json!({ "training": true })), "", "by('training-mark')"),
        scene("pins", somebody(), "by('manage-pins').click();", "by('pin-desk')"),
        scene(
            "devices",
            with(json!({ "traced": 9 })),
            "by('pins-done').click(); setTimeout(() => by('tab-devices').click());",
            "count('trace') === 4 && count('gaps') > 0",
        )
        .answered(json!({ "traces": { "done": traces() } })),
        scene("devices-pairing", with(json!({ "pairing": pairing(&Value::Null) })), "", "by('pairing-code')"),
        scene("devices-paired", with(json!({ "pairing": pairing(&found) })), "", "by('pairing-says')"),
    ]
}

/// Each step of the first set-up, and two PINs that differ.
fn set_up(choose: (&'static str, &'static str)) -> Vec<Scene> {
    let fresh = |pairing: Value| json!({ "set_up": true, "operator": null, "pairing": pairing, "supervisors": { "names": [], "session": null, "wait_s": 0 } });
    let step = |name, act, there| scene(name, fresh(Value::Null), act, there);
    let next = "by('set-up-next').click();";
    vec![
        step("first-language", choose.0, choose.1),
        step("first-window", next, "by('setting-window-id')"),
        step(
            "first-gateway",
            "by('set-up-next').click(); setTimeout(() => by('check-gateway').click(), 50);",
            "count('finding') === 5",
        )
        .answered(json!({ "check_gateway": { "done": findings() } })),
        scene("first-scanner", fresh(pairing(&Value::Null)), next, "by('pairing-code')"),
        step("first-supervisor", next, "by('new-pin-again')"),
        step("first-missing", "by('set-up-finish').click();", "text('set-up-says')"),
        step("first-over", BACK_TO_THE_FIRST, "by('first-set-up')?.dataset.step === 'language'"),
    ]
}

/// So that the next walk through it begins at its beginning.
const BACK_TO_THE_FIRST: &str = "const turn = setInterval(() => \
    ['language', undefined].includes(by('first-set-up')?.dataset.step) ? clearInterval(turn) : key('Escape'), 50);";

/// The first set-up begins in the language of the file; the act comes once its list is there.
const CHOOSE_ENGLISH: &str = "const turn = setInterval(() => { \
    const list = by('setting-window-language'); \
    if (!list || list.value === 'en') return; \
    clearInterval(turn); \
    list.value = 'en'; \
    list.dispatchEvent(new Event('change', { bubbles: true })); }, 20);";

/// Sound, lessons, lock, help.
fn around(view: &Value) -> Vec<Scene> {
    let charge = &view["recent"][0];
    let sale = json!({ "bill": charge["bill"], "amount": charge["amount"], "business": 1, "card": null });
    let mut asked = charge.clone();
    asked["state"] = json!("parked");
    asked["help"] = json!(true);
    let silent = json!({ "gateway": { "kind": "silent" }, "scanner": { "kind": "lost", "port": "/dev/ttyACM0", "reason": "" },
        "journal_ok": true, "clock": { "kind": "off", "ahead_s": -420 } });
    vec![
        scene("hall", json!({}), "key('F5');", "by('hall')"),
        scene(
            "hall-muted",
            json!({ "hall": { "volume": 0, "mute": true, "voice": "both", "customer_screen": true } }),
            "",
            "by('hall-mute').checked",
        ),
        scene("lessons", json!({ "training": true }), "key('Escape'); key('F6');", "by('lessons')"),
        scene("lessons-ready", json!({ "training": true, "armed": sale }), "", "by('lesson-paid')?.disabled === false"),
        scene("help-asked", json!({ "pending": [asked] }), "key('Escape'); key('F10');", "by('trail')"),
        scene("trouble", json!({ "health": silent }), "key('Escape');", "by('pending-list') === null"),
        scene("trouble-locked", json!({ "locked": true, "notices": [asked] }), "", "by('unlock-operator')"),
        scene("take-over", json!({ "locked": true }), OTHER_NUMBER, "by('take-over')")
            .answered(json!({ "unlock": { "refused": { "kind": "other-operator", "operator": "S0107" } } })),
    ]
}

fn findings() -> Value {
    json!([
        { "grade": "ok", "learnt": { "learnt": "encrypted", "ms": 42 }, "text": "" },
        { "grade": "warn", "learnt": { "learnt": "clock-off", "seconds": 9, "behind": true }, "text": "" },
        { "grade": "ok", "learnt": { "learnt": "charge-path-fine" }, "text": "" },
        { "grade": "bad", "learnt": { "learnt": "query-path-missing" }, "text": "" },
        { "grade": "ok", "learnt": { "learnt": "no-signature" }, "text": "" },
    ])
}

/// A code of no meaning, as large as a real one.
fn pairing(ended: &Value) -> Value {
    let rows: String =
        (0..25).flat_map(|y| (0..13).map(move |x| format!("M{} {y}h1v1h-1z", 2 * x + y % 2 - y % 2))).collect();
    json!({ "code": "WICKET-PAIR-0000002A", "size": 25, "path": rows, "ended": ended,
        "heard": [{ "kind": "other-code", "device": "Honeywell 1470g" }, { "kind": "no-right", "port": "/dev/ttyUSB0" }] })
}

/// Scans of every kind: refused, taken, damaged, typed.
fn traces() -> Value {
    let trace = |number: u32, change: Value| {
        let mut one = json!({ "number": number, "at": "2026-11-22T19:02:11.120+08:00", "source": "serial", "device": "Honeywell 1470g",
            "length": 18, "masked": "13…6789", "gaps_ms": [0, 0, 12, 0, 0, 9, 0, 0, 14, 0], "ending": "terminator",
            "outcome": { "trace": "taken", "outcome": { "kind": "refused", "refusal": { "kind": "not-armed" } } } });
        one.as_object_mut().expect("a trace").extend(change.as_object().expect("a change").clone());
        one
    };
    let bill = json!({ "trace": "taken", "outcome": { "kind": "bill", "text": "T2026112200017" } });
    json!([
        trace(4, json!({})),
        trace(3, json!({ "outcome": bill, "masked": "T2026112200017", "length": 14 })),
        trace(
            2,
            json!({ "outcome": { "trace": "damaged", "reason": "noise" }, "masked": "…", "length": 7, "gaps_ms": [0, 3, 80, 1] })
        ),
        trace(
            1,
            json!({ "source": "keyboard", "device": "", "outcome": { "trace": "pairing" }, "masked": "WI…002A", "gaps_ms": [41, 40, 39, 44, 52] })
        ),
    ])
}
