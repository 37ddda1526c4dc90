//! The page is somebody else's script: it calls every command, in every order, with every shape of argument, and gets nowhere.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use checkout::event::{Event, Record};
use gateway_sim::{On, scenario};
use serde_json::{Value, json};

use crate::closing::is_whole;
use crate::customer::Windows;
use crate::desk::{NAME, PIN};
use crate::marks::Marks;
use crate::place::{Place, journey_within};
use crate::processes;
use crate::scanner::code;
use crate::settings::Settings;
use crate::storm::{commands, good, plan, storm};

/// Calls at random, besides those that are counted out.
const CALLS: u64 = 600;
/// Those of each further storm, where `HOSTILE` asks for more.
const LONG_CALLS: u64 = 3_000;
/// What the program may have grown by after it all, kilobytes: a storm hands it a gigabyte of text.
const GROWN_MAX: u64 = 150_000;

/// Everything that must be as it was.
#[derive(Debug, PartialEq)]
struct Still {
    charges: usize,
    begins: usize,
    ends: usize,
    /// Language, sound and the customer's screen are anybody's; nothing else of the file is.
    settings: Vec<String>,
}

impl Still {
    fn of(place: &Place) -> Self {
        let ledger = place.gateway.ledger();
        let text = std::fs::read_to_string(place.window.home().join("wicket.toml")).expect("the settings");
        let anybodys = ["language", "volume", "mute", "voice", "screen", "[sound]", "[customer]", "[window]"];
        let fixed = text.lines().filter(|line| !anybodys.iter().any(|key| line.starts_with(key)) && !line.is_empty());
        Self {
            charges: ledger.count_all(On::Charge),
            begins: ledger.count_all(On::Begin),
            ends: ledger.count_all(On::End),
            settings: fixed.map(str::to_owned).collect(),
        }
    }
}

#[test]
fn a_hostile_page_sends_no_charge_moves_no_money_and_learns_no_secret() {
    let more: u64 = std::env::var("HOSTILE").ok().map_or(0, |text| text.parse().expect("a number"));
    let seed = std::env::var("WICKET_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs() % 1_000_000));
    println!("WICKET_TEST_SEED={seed}");
    let limit = Duration::from_secs(100 + more / 50);
    let settings = Settings::default().with("customer", "screen", "\"on\"").with("scanner", "source", "\"serial\"");
    journey_within(limit, settings, async |place| {
        place.window.notes_how_it_ends();
        place.window.start().await;
        let windows = Windows::of(place).await;
        let ids = begin(place).await;
        what_a_page_may_do_with_a_code(place).await;

        let real = place.secrets();
        let lures = [code("50"), code("53")].to_vec();
        lures.iter().for_each(|lure| place.scanner.remember(lure));
        let day = place.see_text("by('day')?.value ?? ''").await;
        let good = good(&ids, if day.is_empty() { "2026-06-01" } else { &day });
        let (before, states, records) = (Still::of(place), history(place).await, kinds(place));
        let memory = processes::resident_kb(place.window.pid());

        windows.look_at(place, &windows.customer).await;
        let customers = plan(&good, &lures, seed, json!({ "opens": false }));
        let customers = storm(place, customers).await;
        customers_screen_got_nowhere(&real, &customers);
        place.window.client().refresh().await.expect("the page again");
        windows.look_at(place, &windows.cashier).await;

        let cashiers =
            storm(place, plan(&good, &lures, seed, json!({ "orders": true, "raw": true, "calls": CALLS }))).await;
        every_command_was_called(&real, &cashiers);
        for turn in 0..more.div_ceil(LONG_CALLS) {
            let long = json!({ "shapes": false, "calls": LONG_CALLS });
            let answer = storm(place, plan(&good, &lures, seed + 1 + turn, long)).await;
            told_no_secret(&real, &answer);
        }

        let grown = processes::resident_kb(place.window.pid()).saturating_sub(memory);
        println!("the program grew by {grown} kB");
        assert!(grown < GROWN_MAX, "the program grew by {grown} kB");
        assert_eq!(Still::of(place), before);
        the_till_lives(place).await;
        let after = history(place).await;
        for (id, state) in &states {
            assert_eq!(after.get(id), Some(state), "{id}: no charge has changed");
        }
        // What waits for an answer does not hold it up, and nobody is asked.
        processes::tell_to_end(place.window.pid());
        assert_eq!(place.window.ended().await, "0");
        assert!(place.window.logged().contains(" stopped") && is_whole(&place.window.home()), "it ended cleanly");
        only_acts_of_a_cashier_were_written(&records, &kinds(place));
    });
}

/// A supervisor, and a charge that is paid, one that was refused, and one that nobody knows about yet.
async fn begin(place: &mut Place) -> Vec<Value> {
    place.set_up_supervisor().await;
    place.sign_in().await;
    for (bill, tail, state) in [("T-PAID", "50", "paid"), ("T-REFUSED", "56", "declined")] {
        place.arm(bill, "8").await;
        place.scanner.scan(&code(tail));
        place.await_state(state).await;
    }
    place.arm("T-PARKED", "9").await;
    place.gateway.order(On::Charge, scenario("never").expect("a scenario"));
    place.scanner.scan(&code("53"));
    place.await_state("confirming").await;
    place.click("stop-waiting").await;
    place.await_state("parked").await;
    history(place).await.into_keys().map(Value::from).collect()
}

async fn history(place: &Place) -> BTreeMap<String, String> {
    let everything = good(&[], "")["query"][0].clone();
    let answer = place.invoke("history", json!({ "query": everything })).await;
    let list: Value = serde_json::from_str(answer.strip_prefix("done: ").expect("a list")).expect("a list");
    let text = |charge: &Value, key: &str| charge[key].as_str().expect("a text").to_owned();
    list.as_array().expect("a list").iter().map(|charge| (text(charge, "id"), text(charge, "state"))).collect()
}

/// Each way in which a code from the page is refused, and the one in which it is taken.
async fn what_a_page_may_do_with_a_code(place: &mut Place) {
    place.window.client().refresh().await.expect("the page again");
    crate::page::watch(place.window.client()).await;
    place.until("state()").await;
    let typed = async |place: &mut Place| {
        let code = code("50");
        place.scanner.remember(&code);
        place.invoke("typed_scan", json!({ "text": code })).await
    };
    let entry = good(&[], "")["entry"][0].clone();
    let armed = json!({ "entry": entry, "largeConfirmed": true });
    let source = |word: &str| json!({ "values": [{ "key": "scanner.source", "value": word }] });
    let done = |answer: String| assert!(answer.starts_with("done"), "{answer}");
    let refused =
        |answer: String, why: &str| assert!(answer.starts_with("refused") && answer.contains(why), "{answer}");

    // Where a serial scanner is set, never.
    done(place.invoke("arm", armed.clone()).await);
    refused(typed(place).await, "not-by-keyboard");
    // That is a supervisor's to change.
    refused(place.invoke("save_settings", source("auto")).await, "no-session");
    done(place.invoke("supervisor_in", json!({ "name": NAME, "pin": PIN })).await);
    done(place.invoke("save_settings", source("auto")).await);
    // Elsewhere only while a sale is armed: the one way that is left open.
    done(place.invoke("disarm", json!({})).await);
    refused(typed(place).await, "not-armed");
    done(place.invoke("arm", armed).await);
    done(typed(place).await);
    place.await_state("paid").await;
    assert_eq!(place.requests("T-HOSTILE"), 1);
    // And never more than hands scan.
    let mut limited = false;
    for _ in 0..20 {
        limited |= typed(place).await.contains("too-many-scans");
    }
    assert!(limited, "twenty codes at once");
    done(place.invoke("save_settings", source("serial")).await);
    done(place.invoke("supervisor_out", json!({})).await);
}

fn told_no_secret(real: &Marks, answer: &Value) {
    // What the page itself made up comes back in the sentence that refuses it.
    let text = answer["told"].as_str().expect("what it was told");
    assert_eq!(real.find(text.as_bytes()), None, "in what came back");
}

fn customers_screen_got_nowhere(real: &Marks, answer: &Value) {
    told_no_secret(real, answer);
    for (command, row) in answer["counts"].as_object().expect("counts") {
        let done = row["done"].as_u64().unwrap_or(0);
        assert!(done == 0 || command == "customer_view", "{command}: {row}");
    }
    assert!(
        !answer["told"].as_str().is_some_and(|text| text.contains("T-PAID")),
        "the customer's screen knows no bill"
    );
}

fn every_command_was_called(real: &Marks, answer: &Value) {
    told_no_secret(real, answer);
    assert!(answer["key"].as_u64() > Some(0), "the bytes below the bridge went in under its key");
    let counts = answer["counts"].as_object().expect("counts");
    let row = |name: &str, how: &str| counts.get(name).and_then(|row| row[how].as_u64()).unwrap_or(0);
    for (name, args) in commands() {
        let (done, refused, denied) = (row(&name, "done"), row(&name, "refused"), row(&name, "denied"));
        assert!(done + refused + denied >= 20, "{name} was called {done}+{refused}+{denied} times");
        if name == "customer_view" {
            assert!(done == 0 && denied > 0, "the cashier's screen may not");
        } else if !args.is_empty() {
            assert!(refused > 0, "{name} takes anything: {args:?}");
        }
    }
    // What nobody may without a scan, a supervisor's session or training.
    for name in ["settle", "remove_pin", "set_pin", "check_gateway", "supervisor_in", "typed_scan", "training_scan"] {
        assert_eq!(row(name, "done"), 0, "{name}: {}", counts[name]);
    }
    for name in ["arm", "sign_in", "unlock", "history", "timeline", "export_charges", "save_settings"] {
        assert!(row(name, "done") > 0, "some calls of {name} have the right shape: {}", counts[name]);
    }
    for (name, row) in counts.iter().filter(|(name, _)| name.starts_with("plugin:")) {
        let may = ["plugin:event|listen", "plugin:event|unlisten"].contains(&name.as_str());
        assert!(may || row["done"] == 0, "{name}: {row}");
    }
}

/// The program goes on with its own page, and the serial scanner charges.
async fn the_till_lives(place: &mut Place) {
    place.invoke("end_pairing", json!({})).await;
    place.invoke("unlock", json!({ "operator": "S0107", "takeOver": true })).await;
    place.invoke("sign_out", json!({})).await;
    place.window.client().refresh().await.expect("the page again");
    crate::page::watch(place.window.client()).await;
    place.await_focus("operator").await;
    place.sign_in().await;
    place.arm("T-AFTER", "12.30").await;
    place.scanner.scan(&code("50"));
    place.await_state("paid").await;
    assert_eq!(place.requests("T-AFTER"), 1);
}

/// How often each kind of record stands in the journal; changed settings by their names, notes by their word.
fn kinds(place: &Place) -> BTreeMap<String, usize> {
    let copy = tempfile::tempdir().expect("a folder");
    for name in ["journal.db", "journal.db-wal"] {
        // After a clean close there is no log.
        let _ = std::fs::copy(place.window.home().join(name), copy.path().join(name));
    }
    let books = rusqlite::Connection::open(copy.path().join("journal.db")).expect("a journal");
    let mut all = books.prepare("SELECT body FROM records").expect("the records");
    let bodies = all.query_map([], |row| row.get::<_, String>(0)).expect("the records");
    let records: Vec<Record> =
        bodies.map(|body| serde_json::from_str(&body.expect("a record")).expect("a known kind")).collect();
    let mut kinds = BTreeMap::new();
    for record in records {
        let kind = match &record.event {
            Event::SettingsChanged { changes, .. } => {
                format!("settings {}", changes.iter().map(|change| change.key.as_str()).collect::<Vec<_>>().join(" "))
            }
            Event::Noted { what, .. } => format!("noted {what}"),
            event => {
                let event = serde_json::to_value(event).expect("a record");
                event["event"].as_str().expect("its kind").to_owned()
            }
        };
        *kinds.entry(kind).or_default() += 1;
    }
    kinds
}

/// Besides the sale at the end, only what a cashier may do at any time.
fn only_acts_of_a_cashier_were_written(before: &BTreeMap<String, usize>, after: &BTreeMap<String, usize>) {
    let sale = BTreeMap::from([("intent", 1), ("moved", 1), ("receipt", 1)]);
    let may = [
        "signed-in",
        "signed-out",
        "noted locked",
        "noted unlocked",
        "settings window.language",
        "help-asked",
        "answered",
        "notice-raised",
        "notice-taken",
        "phone-shows",
        "pin-refused",
    ];
    for (kind, count) in after {
        let new = count - before.get(kind).copied().unwrap_or(0);
        let due = sale.get(kind.as_str()).copied().unwrap_or(0);
        assert!(new == due || may.contains(&kind.as_str()), "{kind}: {new} new, {due} due");
    }
    let wrong = |kinds: &BTreeMap<String, usize>| kinds.get("pin-refused").copied().unwrap_or(0);
    assert!(wrong(after) - wrong(before) <= 6, "wrong PINs cost time: {after:?}");
}
