//! The script that somebody else put into the page: what it knows, what it calls, and what it hands back.

use serde_json::{Value, json};

use crate::desk::NAME;
use crate::place::Place;

/// Every command, and the names of its arguments, from the file that the program itself makes.
const BINDINGS: &str = include_str!("../../ui/src/generated/bindings.ts");
const BUILD: &str = include_str!("../../src-tauri/shell/build.rs");
const CONFIGURATION: &str = include_str!("../../tauri.conf.json");

/// What else a page of Tauri's could ask for.
const PLUGINS: &str = "event|listen event|unlisten event|emit event|emit_to window|create window|close window|destroy window|hide \
    window|set_title window|set_fullscreen window|get_all_windows window|internal_toggle_maximize webview|create_webview_window \
    webview|create_webview webview|internal_toggle_devtools webview|print webview|get_all_webviews webview|webview_close \
    webview|clear_all_browsing_data webview|reparent app|version app|name app|app_hide app|set_app_theme path|resolve_directory \
    path|resolve path|join image|from_path image|from_bytes menu|new menu|popup tray|new resources|close fs|read_text_file \
    fs|write_text_file shell|execute shell|open opener|open_url opener|open_path http|fetch process|exit process|restart \
    dialog|open clipboard-manager|read_text updater|check store|load sql|execute __TAURI_CHANNEL__|fetch nowhere|nothing";

/// A command with the names of its arguments.
pub type Call = (String, Vec<String>);

pub fn commands() -> Vec<Call> {
    let calls = BINDINGS.split("__TAURI_INVOKE").skip(2).filter_map(|call| call.lines().next());
    let call = |line: &str| {
        let name = line.split('"').nth(1)?.to_owned();
        let list = line.split_once("{ ").and_then(|(_, rest)| rest.split_once(" }")).map_or("", |(names, _)| names);
        Some((name, list.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()))
    };
    calls.filter_map(call).collect()
}

/// The commands that a capability names.
fn granted(screen: &str) -> Vec<String> {
    let config: Value = serde_json::from_str(CONFIGURATION).expect("the configuration");
    let capabilities = config["app"]["security"]["capabilities"].as_array().expect("capabilities");
    let one = capabilities.iter().find(|one| one["identifier"] == screen).expect("the screen's");
    let permissions = one["permissions"].as_array().expect("permissions").iter().filter_map(Value::as_str);
    permissions.filter_map(|name| name.strip_prefix("allow-")).map(|name| name.replace('-', "_")).collect()
}

#[test]
fn the_hostile_page_knows_every_command() {
    let mut called: Vec<String> = commands().into_iter().map(|(name, _)| name).collect();
    let list =
        BUILD.split_once("COMMANDS: &[&str] = &[").and_then(|(_, rest)| rest.split_once("];")).expect("a list").0;
    let mut built: Vec<String> = list.split('"').skip(1).step_by(2).map(str::to_owned).collect();
    let mut allowed = [granted("cashier"), granted("customer")].concat();
    for list in [&mut called, &mut built, &mut allowed] {
        list.sort();
    }
    assert_eq!(called, built, "a command that is not in the bindings is never called");
    assert_eq!(called, allowed, "one that no screen may call is dead, or one is allowed that is none");
    let good = good(&[], "");
    let unknown: Vec<_> = commands().into_iter().flat_map(|(_, names)| names).filter(|n| good[n].is_null()).collect();
    assert!(
        unknown.is_empty(),
        "arguments without a right value, so that their command would only be refused: {unknown:?}"
    );
}

/// Right values of every argument, by its name: what the page knows from the screen, and what a cashier could type.
pub fn good(charges: &[Value], day: &str) -> Value {
    let mut charge = charges.to_vec();
    charge.push(json!("01J00000000000000000000000"));
    let entry = |bill: &str, business: u8, card: &str| json!({ "operator": "S0107", "business": business, "bill": bill, "amount": "12.30", "card": card });
    let query = |bill: &str| json!({ "bill": bill, "operator": "", "card": "", "code": "", "amount": "", "state": null, "from": "", "to": "" });
    let set = |key: &str, value: &str| json!([{ "key": key, "value": value }]);
    json!({
        "operator": ["S0107"],
        "takeOver": [true, false],
        "look": [{ "theme": "dark", "language": "en", "pad": true }, { "theme": "system", "language": "zh-CN", "pad": false }],
        "entry": [entry("T-HOSTILE", 1, ""), entry("t-paid", 2, ""), entry("T-PARKED", 1, ""), entry("R-HOSTILE", 7, "80001234")],
        "largeConfirmed": [true, false],
        "charge": charge,
        "answer": ["no", "yes", "unsure"],
        "accept": [true, false],
        "scenario": ["paid", "password", "double", "gateway", "scanner"],
        "text": ["T-HOSTILE"],
        // It stays open: opening and closing a window is slow, and another journey's.
        "hall": [{ "volume": 30, "mute": true, "voice": "off", "customer_screen": true }],
        "name": [NAME, "Mallory"],
        "pin": ["111111", "271828182845"],
        "word": ["paid", "not-paid", "release", "credit-now", "credited", "refund"],
        "reason": ["because"],
        "evidence": ["", "4200001234202611220000000001"],
        "query": [query(""), query("T-PAID")],
        "day": [day],
        "format": ["csv", "jsonl"],
        "from": ["", day],
        "to": ["", day],
        "values": [
            set("gateway.base_url", "http://evil.example/"), set("limits.amount_max", "0.01"), set("scanner.source", "auto"),
            set("window.language", "en"), set("recharge.begin", "window"), set("gateway.auth.key_file", "/etc/hostname"), [],
        ],
        "gapsMs": [[8, 8, 9]],
        "seen": [null, 1],
    })
}

/// One storm on the screen that is looked at, and what came of it by command.
#[allow(clippy::print_stdout, reason = "how much was called stands in the test's output")]
pub async fn storm(place: &Place, plan: Value) -> Value {
    let client = place.window.client();
    client.execute(include_str!("hostile.js"), Vec::new()).await.expect("the script");
    let begin = "window.storm(arguments[0], arguments[arguments.length - 1])";
    let answer = client.execute_async(begin, vec![plan]).await.expect("the storm is over");
    assert_eq!(answer["failed"], Value::Null);
    println!("{} calls in {} ms: {}; {}", answer["calls"], answer["ms"], answer["took"], answer["slowest"]);
    answer
}

pub fn plan(good: &Value, lures: &[String], seed: u64, more: Value) -> Value {
    let commands: Vec<_> = commands().into_iter().map(|(name, args)| json!({ "name": name, "args": args })).collect();
    let plugin_arguments = json!({
        "event": "view", "handler": 1, "target": { "kind": "AnyLabel", "label": "cashier" }, "payload": {}, "label": "cashier",
        "options": { "label": "other", "url": "https://example.com/" }, "value": "x", "path": "/etc/hostname", "program": "sh",
        "directory": 1, "rid": 1, "eventId": 1, "code": 1, "url": "http://127.0.0.1:1/",
    });
    let mut plan = json!({
        "commands": commands, "good": good, "lures": lures, "seed": seed, "plugins": PLUGINS.split_whitespace().collect::<Vec<_>>(),
        "plugin_arguments": plugin_arguments, "shapes": true, "raw": false, "orders": false, "opens": true, "calls": 0,
    });
    for (key, value) in more.as_object().expect("more") {
        plan[key] = value.clone();
    }
    plan
}
