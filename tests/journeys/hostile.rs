//! The page is somebody else's script: it calls every command, in every order, with every shape of argument, and gets nowhere.

use std::collections::BTreeMap;
use std::time::{SystemTime, UNIX_EPOCH};

use gateway_sim::{On, scenario};
use serde_json::{Value, json};

use crate::desk::{NAME, PIN};
use crate::place::{Place, journey};
use crate::scanner::code;

/// Calls in one storm, and storms in one journey; `HOSTILE_STORMS=…` makes it more.
const CALLS: u64 = 1_000;
const STORMS: u64 = 2;

/// Every command that the page may call, and the names of all their arguments, from the file that the program itself makes.
const BINDINGS: &str = include_str!("../../ui/src/generated/bindings.ts");

/// Calls at random, and hands back everything that came back. Four calls at a time: order is whatever it is.
const STORM: &str = r#"
const [commands, names, good, calls, seed, done] = arguments;
document.body.replaceChildren();
let state = seed;
const below = (end) => {
  state = (state * 1103515245 + 12345) % 2147483648;
  return Math.floor((state / 2147483648) * end);
};
const pick = (list) => list[below(list.length)];
const long = 'A'.repeat(100000);
const deep = (() => { let value = 1; for (let n = 0; n < 300; n++) value = [value]; return value; })();
const odd = [null, true, false, 0, -1, 1e308, 9007199254740993, '', ' ', '\u0000', '\u202e', '💳', long, deep, [], {}, [[]],
  '../../x', '__proto__', '134567890123456789', ['134567890123456789'], { '$ne': null }, 'paid', '12.30', 7];
const shape = () => below(3) ? pick(good) : below(4) ? pick(odd) : { [pick(names)]: pick(odd), [pick(names)]: pick(good) };
const answers = [];
const one = async () => {
  const command = pick(commands);
  let given = {};
  for (const name of names) if (below(8)) given[name] = shape();
  if (!below(25)) given = pick(odd);
  let answer;
  try {
    answer = ['done', await window.__TAURI_INTERNALS__.invoke(command, given)];
  } catch (error) {
    answer = ['refused', error instanceof Error ? error.message : error];
  }
  answers.push([command, ...answer]);
};
const worker = async () => { for (let n = 0; n < calls / 4; n++) await one(); };
Promise.all([worker(), worker(), worker(), worker()]).then(() => {
  const counts = {};
  for (const [command, how] of answers) ((counts[command] ??= {})[how] ??= 0, counts[command][how]++);
  done({ counts, text: JSON.stringify(answers.map(([, , answer]) => answer)).slice(-20000000) });
});
"#;

fn commands() -> Vec<&'static str> {
    let calls = BINDINGS.split("__TAURI_INVOKE").skip(2);
    calls.filter_map(|call| call.split('"').nth(1)).collect()
}

fn names() -> Vec<&'static str> {
    let calls = BINDINGS.split("__TAURI_INVOKE").skip(2).filter_map(|call| call.lines().next());
    let lists = calls.filter_map(|call| call.split_once("{ ")?.1.split_once(" }").map(|(names, _)| names));
    let mut names: Vec<&str> = lists.flat_map(|list| list.split(", ")).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// What the hostile page knows: everything that was ever on the screen.
async fn known(place: &Place, charges: &[Value]) -> Vec<Value> {
    let mut known = charges.to_vec();
    let entry = |bill: &str, business: u8, card: &str| json!({ "operator": "S0107", "business": business, "bill": bill, "amount": "12.30", "card": card });
    known.extend([entry("T-HOSTILE", 1, ""), entry("T-PARKED", 2, ""), entry("R-HOSTILE", 7, "80001234")]);
    known.extend(
        ["S0107", "Mallory", NAME, "111111", "paid", "not-paid", "release", "credit-now", "no", "unsure", "csv"]
            .map(Value::from),
    );
    known.extend(["2026-06-01", "", "http://evil.example/", "key \"x\""].map(Value::from));
    known.extend([json!(true), everything("T-PARKED"), place.see("by('day')?.value ?? ''").await]);
    known
}

fn everything(bill: &str) -> Value {
    json!({ "bill": bill, "operator": "", "card": "", "code": "", "amount": "", "state": null, "from": "", "to": "" })
}

async fn charges(place: &Place) -> Vec<Value> {
    let answer = place.invoke("history", json!({ "query": everything("") })).await;
    let list = answer.strip_prefix("done: ").unwrap_or_else(|| panic!("{answer}"));
    serde_json::from_str(list).expect("a list")
}

#[test]
fn a_hostile_page_sends_no_charge_moves_no_money_and_learns_no_secret() {
    journey(async |place| {
        place.set_up_supervisor().await;
        place.sign_in().await;
        place.arm("T-PAID", "8").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        place.arm("T-PARKED", "9").await;
        place.gateway.order(On::Charge, scenario("never").expect("a scenario"));
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.click("stop-waiting").await;
        place.await_state("parked").await;

        let before = charges(place).await;
        let settings = std::fs::read(place.window.home().join("wicket.toml")).expect("the settings");
        let wire = place.gateway.ledger();
        let ids: Vec<Value> = before.iter().map(|charge| charge["id"].clone()).collect();
        let good = known(place, &ids).await;
        let storms = std::env::var("HOSTILE_STORMS").ok().map_or(STORMS, |text| text.parse().expect("a number"));
        let seed = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_secs() % 1_000_000);
        let mut called = BTreeMap::<String, [u64; 2]>::new();
        for storm in seed..seed + storms {
            let arguments = vec![json!(commands()), json!(names()), json!(good), json!(CALLS), json!(storm)];
            let answer = place.window.client().execute_async(STORM, arguments).await.expect("the storm is over");
            let text = answer["text"].as_str().expect("what came back");
            assert_eq!(place.secrets().find(text.as_bytes()), None, "in what came back");
            for (command, counts) in answer["counts"].as_object().expect("counts") {
                let sum = called.entry(command.clone()).or_default();
                sum[0] += counts["done"].as_u64().unwrap_or(0);
                sum[1] += counts["refused"].as_u64().unwrap_or(0);
            }
        }
        println!("seed {seed}, done and refused: {called:?}");
        for command in commands() {
            assert!(called.contains_key(command), "{command} was never called");
        }
        assert!(called["arm"][0] > 0, "some calls have the right shape: {called:?}");

        let ledger = place.gateway.ledger();
        for on in [On::Charge, On::Begin, On::End] {
            assert_eq!(ledger.count_all(on), wire.count_all(on), "{on:?}");
        }
        let now = std::fs::read(place.window.home().join("wicket.toml")).expect("the settings");
        assert_eq!(String::from_utf8_lossy(&now), String::from_utf8_lossy(&settings));

        // The same program goes on with its own page; nothing was settled, and the PIN is still the supervisor's.
        place.window.client().refresh().await.expect("the page again");
        crate::page::watch(place.window.client()).await;
        place.until("state()").await;
        let after = charges(place).await;
        let state = |charge: &Value| (charge["id"].clone(), charge["state"].clone(), charge["amount"].clone());
        assert_eq!(after.iter().map(state).collect::<Vec<_>>(), before.iter().map(state).collect::<Vec<_>>());
        for (name, fits) in [("Mallory", false), (NAME, true)] {
            let answer = place.invoke("supervisor_in", json!({ "name": name, "pin": PIN })).await;
            let wait = answer.contains(r#""pin":"wait""#);
            assert!(wait || answer.starts_with("done") == fits, "{name}: {answer}");
        }
    });
}
