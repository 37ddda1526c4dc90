//! What a page may ask for, as raw JSON: read into the arguments' types or refused there, and then asked of a till at work.

use std::sync::atomic::{AtomicU32, Ordering};

use checkout::event::PhoneAnswer;
use checkout::{ChargeId, Entry, ScannedText, Word};
use gateway_sim::On;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Map, Value, json};
use till::config::NewValue;
use till::hall::HallView;
use till::look::Look;
use till::view::HistoryQuery;
use till::{Command, ExportOrder, Pin, ScanSource, Till};

use crate::window::Window;

const SUPERVISOR: &str = "Lin";
const SUPERVISORS_PIN: &str = "602214076137";
/// A code of a wallet, as nobody has scanned it.
const LURE: &str = "134567890123456750";

/// A command by its name, and right arguments for it.
fn right() -> Vec<(&'static str, Value)> {
    let charge = "01J00000000000000000000000";
    let entry = json!({ "operator": "S0107", "business": 1, "bill": "T1", "amount": "12.30", "card": "" });
    let query = json!({ "bill": "", "operator": "", "card": "", "code": "", "amount": "", "state": null, "from": "", "to": "" });
    vec![
        ("sign_in", json!({ "operator": "S0107" })),
        ("sign_out", json!({})),
        ("lock", json!({})),
        ("unlock", json!({ "operator": "S0107", "take_over": true })),
        ("set_look", json!({ "look": { "theme": "dark", "language": "en", "pad": true } })),
        ("set_hall", json!({ "hall": { "volume": 30, "mute": true, "voice": "off", "customer_screen": false } })),
        ("arm", json!({ "entry": entry, "large": true })),
        ("disarm", json!({})),
        ("stop_waiting", json!({})),
        ("next_customer", json!({})),
        ("query_now", json!({ "charge": charge })),
        ("phone_shows", json!({ "charge": charge, "answer": "no" })),
        ("take_notice", json!({ "charge": charge })),
        ("decide_held", json!({ "accept": true })),
        ("typed_scan", json!({ "text": LURE })),
        ("set_pin", json!({ "name": "Mallory", "pin": "111111" })),
        ("remove_pin", json!({ "name": SUPERVISOR })),
        ("supervisor_in", json!({ "name": SUPERVISOR, "pin": "111111" })),
        ("supervisor_out", json!({})),
        ("settle", json!({ "charge": charge, "word": "paid", "reason": "x", "evidence": "" })),
        ("want_evidence", json!({ "charge": charge })),
        ("ask_help", json!({ "charge": charge })),
        ("timeline", json!({ "charge": charge })),
        ("history", json!({ "query": query })),
        ("day_sums", json!({ "day": "2026-06-01" })),
        ("export", json!({ "format": "csv", "from": "", "to": "" })),
        ("save_settings", json!({ "values": [{ "key": "gateway.base_url", "value": "http://evil.example/" }] })),
        ("check_gateway", json!({ "values": [{ "key": "gateway.base_url", "value": "http://evil.example/" }] })),
        ("begin_pairing", json!({ "values": [] })),
        ("type_pairing", json!({ "text": LURE, "gaps": [8, 8] })),
        ("end_pairing", json!({})),
    ]
}

fn odd() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        prop::sample::select(
            &["", " ", "\0", "\u{202e}", "__proto__", "../../x", LURE, "=1+1", "'; --", "en", "2026-06-31"][..]
        )
        .prop_map(str::to_owned),
        "\\PC{0,30}",
        (0_usize..200_000).prop_map(|long| "A".repeat(long)),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        prop::sample::select(&["-0", "1.5", "1e308", "-1e-308", "18446744073709551616"][..])
            .prop_map(|text| serde_json::from_str(text).expect("a number")),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map("[a-z_]{1,10}", inner, 0..4)
                .prop_map(|map| map.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// The same kind of thing, and far too much of it.
fn grow(value: &mut Value) {
    match value {
        Value::String(text) => *text = format!("{text}{}", "A".repeat(100_000)),
        Value::Array(all) => *all = vec![all.first().cloned().unwrap_or_default(); 50_000],
        Value::Number(_) => *value = Value::from(u64::MAX),
        _ => {}
    }
}

/// Every command as it is right, and before that once for each of its arguments, and for each thing inside it, grown.
fn each_grown() -> Vec<(&'static str, Value)> {
    let mut all = Vec::new();
    for (name, given) in right() {
        for (key, value) in given.as_object().expect("arguments") {
            let mut bent = given.clone();
            grow(&mut bent[key]);
            all.push((name, bent));
            for inner in value.as_object().into_iter().flat_map(Map::keys) {
                let mut bent = given.clone();
                grow(&mut bent[key][inner]);
                all.push((name, bent));
            }
        }
        all.push((name, given));
    }
    all
}

/// A command with its right arguments, in which now and then something is missing, more, or another thing.
fn ask() -> impl Strategy<Value = (&'static str, Value)> {
    let bend = (any::<prop::sample::Index>(), odd(), 0_u8..8);
    (prop::sample::select(right()), bend).prop_map(|((name, mut given), (at, odd, how))| {
        // Half of the time in the argument, else in what the argument is made of.
        let all = given.as_object_mut().expect("arguments");
        let deeper = all.iter().find(|(_, value)| how >= 4 && value.is_object()).map(|(key, _)| key.clone());
        let fields = match deeper {
            Some(key) => all[&key].as_object_mut().expect("an object"),
            None => all,
        };
        let keys: Vec<String> = fields.keys().cloned().collect();
        match how % 4 {
            1 if !keys.is_empty() => drop(fields.insert(keys[at.index(keys.len())].clone(), odd)),
            2 if !keys.is_empty() => drop(fields.remove(&keys[at.index(keys.len())])),
            3 if !keys.is_empty() => grow(&mut fields[&keys[at.index(keys.len())]]),
            _ => {}
        }
        (name, given)
    })
}

/// What the screen's commands do with their arguments; `None` where they are not of their types.
async fn asked(till: &Till, name: &str, given: &Value) -> Option<bool> {
    fn part<T: serde::de::DeserializeOwned>(given: &Value, key: &str) -> Option<T> {
        // As the bridge does it: from the text, where a missing argument is an error unless it may be none.
        serde_json::from_str(&serde_json::to_string(given.get(key)?).ok()?).ok()
    }
    let charge = || part::<ChargeId>(given, "charge");
    let values = || part::<Vec<NewValue>>(given, "values");
    let text = |key: &str| part::<String>(given, key);
    let command = match name {
        "sign_in" => Command::SignIn { operator: text("operator")? },
        "sign_out" => Command::SignOut,
        "lock" => Command::Lock,
        "unlock" => Command::Unlock { operator: text("operator")?, take_over: part(given, "take_over")? },
        "set_look" => Command::SetLook { look: part::<Look>(given, "look")? },
        "set_hall" => Command::SetHall { hall: part::<HallView>(given, "hall")? },
        "arm" => Command::Arm { entry: part::<Entry>(given, "entry")?, large_confirmed: part(given, "large")? },
        "disarm" => Command::Disarm,
        "stop_waiting" => Command::StopWaiting,
        "next_customer" => Command::NextCustomer,
        "query_now" => Command::QueryNow { charge: charge()? },
        "phone_shows" => Command::PhoneShows { charge: charge()?, answer: part::<PhoneAnswer>(given, "answer")? },
        "take_notice" => Command::TakeNotice { charge: charge()? },
        "decide_held" => Command::DecideHeld { accept: part(given, "accept")? },
        "set_pin" => Command::SetPin { name: text("name")?, pin: part::<Pin>(given, "pin")?, leave: None },
        "remove_pin" => Command::RemovePin { name: text("name")?, leave: None },
        "supervisor_in" => Command::SupervisorIn { name: text("name")?, pin: part::<Pin>(given, "pin")? },
        "supervisor_out" => Command::SupervisorOut,
        "settle" => Command::Settle {
            charge: charge()?,
            word: part::<Word>(given, "word")?,
            reason: text("reason")?,
            evidence: text("evidence")?,
        },
        "want_evidence" => Command::WantEvidence { charge: part(given, "charge")? },
        "ask_help" => Command::AskHelp { charge: charge()? },
        "typed_scan" => {
            till.scan_from(ScannedText::new(text("text")?), ScanSource::Page).await;
            return Some(false);
        }
        "timeline" => return Some(till.timeline(charge()?).await.is_ok()),
        "history" => return Some(till.history(&part::<HistoryQuery>(given, "query")?).await.is_ok()),
        "day_sums" => return Some(till.day_sums(&text("day")?).await.is_ok()),
        "export" => return Some(ExportOrder::parse(&text("format")?, &text("from")?, &text("to")?).is_ok()),
        "save_settings" => return Some(till.save_settings(values()?).await.is_ok()),
        "check_gateway" => return Some(till.check_gateway(values()?).await.is_ok()),
        "begin_pairing" => return Some(till.begin_pairing(values()?).await.is_ok()),
        "type_pairing" => return Some(till.type_pairing(text("text")?, part(given, "gaps")?).await.is_ok()),
        "end_pairing" => return Some(till.end_pairing().await.is_ok()),
        _ => unreachable!("{name}"),
    };
    Some(till.ask(command).await.is_ok())
}

#[test]
fn hostile_asks_in_raw_json_send_no_charge_and_change_nothing_that_is_a_supervisors() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let window = runtime.block_on(Window::open_with(|config| {
        config.scanner.source = scanner::Source::Serial;
        // No such line: nothing but the rules is looked at.
        config.scanner.port = "/nonexistent/scanner".into();
    }));
    let file = window.place.file("wicket.toml");
    std::fs::write(&file, "[scanner]\nsource = \"serial\"\nport = \"/nonexistent/scanner\"\n").expect("settings");
    let pin = Pin::new(SUPERVISORS_PIN);
    let set = Command::SetPin { name: SUPERVISOR.into(), pin, leave: None };
    runtime.block_on(window.ask(set)).expect("the first supervisor");
    let (done, refused, unreadable) = (AtomicU32::new(0), AtomicU32::new(0), AtomicU32::new(0));
    let mut runner = TestRunner::new(super::hostile(250));
    let asks = prop::collection::vec(ask(), 1..8);
    let ask_all = |asks: &[(&'static str, Value)]| {
        for (name, given) in asks {
            let counter = match runtime.block_on(asked(&window.till, name, given)) {
                Some(true) => &done,
                Some(false) => &refused,
                None => &unreadable,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
        let view = window.till.view();
        let shown = serde_json::to_string(view.as_ref()).expect("a view");
        prop_assert!(shown.len() < 20_000, "a view of {} bytes", shown.len());
        prop_assert!(!shown.contains(LURE), "a payment code in the view");
        prop_assert_eq!(&view.supervisors.names, &[SUPERVISOR.to_owned()]);
        prop_assert!(view.supervisors.session.is_none());
        let traces = runtime.block_on(window.till.traces()).expect("traces");
        prop_assert!(serde_json::to_string(&traces).expect("traces").len() < 100_000, "traces grow without bound");
        // So that the next ones are not all refused.
        runtime
            .block_on(async {
                let unlock = Command::Unlock { operator: "S0107".into(), take_over: true };
                let _ = window.till.ask(unlock).await;
                window.till.ask(Command::SignIn { operator: "S0107".into() }).await
            })
            .map_err(|refusal| TestCaseError::fail(format!("the till takes nothing any more: {refusal}")))
    };
    for one in each_grown() {
        ask_all(std::slice::from_ref(&one)).unwrap_or_else(|error| panic!("{}: {error}", one.0));
    }
    let outcome = runner.run(&asks, |asks| ask_all(&asks));
    outcome.unwrap_or_else(|error| panic!("{error}"));
    println!("done {done:?}, refused {refused:?}, not of its type {unreadable:?}");
    assert!([&done, &refused, &unreadable].iter().all(|count| count.load(Ordering::Relaxed) > 20));
    let ledger = window.sim.ledger();
    assert_eq!((ledger.count_all(On::Charge), ledger.count_all(On::Begin), ledger.count_all(On::End)), (0, 0, 0));
    let settings = std::fs::read_to_string(&file).expect("settings");
    assert!(!settings.contains("evil") && settings.contains("source = \"serial\""), "{settings}");
    runtime.block_on(async {
        window.arm("T-AFTER").await.expect("armed");
        window.scan(&crate::window::code("50")).await;
        window.until_front(checkout::State::Paid).await;
    });
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1, "the till lives");
}
