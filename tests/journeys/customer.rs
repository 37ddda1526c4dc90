//! The customer's screen: a second window that shows the amount and what to do, and can do nothing.

use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use crate::exam;
use crate::place::{Place, journey_with};
use crate::scanner::code;
use crate::settings::Settings;

/// The two windows of a till with a customer's screen.
pub struct Windows {
    pub cashier: WindowHandle,
    pub customer: WindowHandle,
}

impl Windows {
    pub async fn of(place: &Place) -> Self {
        let client = place.window.client();
        let cashier = client.window().await.expect("the cashier's window");
        loop {
            let all = client.windows().await.expect("the windows");
            if let Some(customer) = all.into_iter().find(|window| *window != cashier) {
                return Self { cashier, customer };
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    pub async fn look_at(&self, place: &Place, window: &WindowHandle) {
        place.window.client().switch_to_window(window.clone()).await.expect("the window");
    }

    /// Waits until the customer sees this, keeps a picture, and goes back to the cashier.
    async fn customer_sees(&self, place: &Place, word: &str, amount: Option<&str>) {
        self.look_at(place, &self.customer).await;
        place.until(&format!("by('customer')?.dataset.shows === '{word}'")).await;
        let shown = place.see("by('customer-amount')?.dataset.amount ?? null").await;
        assert_eq!(shown, amount.map_or(Value::Null, |amount| json!(amount)), "{word}");
        place.picture(&format!("customer-{word}")).await;
        self.look_at(place, &self.cashier).await;
    }
}

/// Every word of the customer's screen.
fn shown() -> Vec<(&'static str, Value)> {
    let with = |kind: &str, more: Value| {
        let mut shows = json!({ "kind": kind, "amount": "12800.00", "card": "none" });
        shows.as_object_mut().expect("an object").extend(more.as_object().expect("more").clone());
        shows
    };
    let plain = |kind: &'static str| (kind, with(kind, json!({})));
    vec![
        plain("idle"),
        plain("code"),
        plain("wait"),
        plain("confirm"),
        plain("phone"),
        plain("paid"),
        ("paid-working", with("paid", json!({ "card": "working" }))),
        ("paid-done", with("paid", json!({ "card": "done" }))),
        ("paid-ask", with("paid", json!({ "card": "ask" }))),
        ("again", with("not-charged", json!({ "again": true }))),
        ("not-charged", with("not-charged", json!({ "again": false }))),
        plain("ask"),
    ]
}

impl Windows {
    /// Looks at the customer's screen with each thing on it, in both themes, and in training.
    async fn everything_a_customer_may_see(&self, place: &Place) {
        exam::equip(place).await;
        exam::answer(place, json!({ "customer_view": "next" })).await;
        // The page waits for its next view; once that has come it asks the scripted program.
        self.look_at(place, &self.cashier).await;
        place.press(Key::F2).await;
        self.look_at(place, &self.customer).await;
        place.until("by('customer')?.dataset.shows === 'idle'").await;
        let mut wrong = Vec::new();
        for (number, theme) in ["light", "dark"].into_iter().enumerate() {
            place.see(&format!("document.documentElement.dataset.theme = '{theme}'")).await;
            for (at, (name, shows)) in shown().into_iter().enumerate() {
                let number = (number + 1) * 100 + at;
                let view = json!({ "number": 1_000_000 + number, "name": "东门售票处 1 号窗口", "training": theme == "dark", "shows": shows });
                let client = place.window.client();
                client.execute("window.exam.next(arguments[0]);", vec![view]).await.expect("a view");
                place.until(&format!("window.exam.asked() === {}", 1_000_000 + number)).await;
                wrong.extend(exam::look(place, true).await.wrong(&format!("customer {name} {theme}")));
                place.portrait(&format!("customer-{name}"), theme).await;
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}

fn with_customer() -> Settings {
    Settings::default().with("customer", "screen", "\"on\"")
}

#[test]
fn the_customer_sees_the_sale_from_the_amount_to_the_payment() {
    journey_with(with_customer(), async |place| {
        let windows = Windows::of(place).await;
        windows.customer_sees(place, "idle", None).await;
        place.sign_in().await;
        place.arm("T-SEEN", "260").await;
        windows.customer_sees(place, "code", Some("260.00")).await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        windows.customer_sees(place, "confirm", Some("260.00")).await;
        assert!(place.gateway.approve("T-SEEN"));
        place.await_state("paid").await;
        windows.customer_sees(place, "paid", Some("260.00")).await;
        place.press(Key::F2).await;
        windows.customer_sees(place, "idle", None).await;

        // A refusal is not told as "not charged" before the cashier has looked at the phone.
        place.arm("T-REFUSED", "18").await;
        place.scanner.scan(&code("56"));
        place.await_state("declined").await;
        windows.customer_sees(place, "phone", Some("18.00")).await;
        place.chord(Key::Alt, "1").await;
        place.until("by('question') === null").await;
        windows.customer_sees(place, "code", Some("18.00")).await;

        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        windows.customer_sees(place, "paid", Some("18.00")).await;

        // Closed, it takes nothing with it; switched on again, it is back.
        windows.look_at(place, &windows.customer).await;
        place.window.client().close_window().await.expect("closed");
        windows.look_at(place, &windows.cashier).await;
        place.arm("T-ALONE", "9").await;
        for (on, count) in [(false, 1), (true, 2)] {
            place.press(Key::F5).await;
            place.click("hall-customer").await;
            place.until(&format!("by('hall-customer').checked === {on}")).await;
            place.press(Key::Escape).await;
            while place.window.client().windows().await.expect("the windows").len() != count {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        let again = Windows::of(place).await;
        again.look_at(place, &again.customer).await;
        place.until("by('customer-amount')?.dataset.amount === '9.00'").await;
        again.everything_a_customer_may_see(place).await;
        again.look_at(place, &again.cashier).await;
        let kept = std::fs::read_to_string(place.window.home().join("wicket.toml")).expect("the settings");
        assert!(kept.contains("screen = \"on\""), "{kept}");
    });
}

/// Every command of the program, and what else a page of Tauri's could ask for.
fn everything() -> Vec<String> {
    let config: Value = serde_json::from_str(include_str!("../../tauri.conf.json")).expect("the configuration");
    let capabilities = config["app"]["security"]["capabilities"].as_array().expect("capabilities");
    let cashier = capabilities.iter().find(|one| one["identifier"] == "cashier").expect("the cashier's");
    let permissions = cashier["permissions"].as_array().expect("permissions").iter().filter_map(Value::as_str);
    let commands = permissions.filter_map(|name| name.strip_prefix("allow-")).map(|name| name.replace('-', "_"));
    let plugins = ["event|listen", "event|unlisten", "event|emit", "event|emit_to", "window|close", "app|version"];
    commands.chain(plugins.into_iter().map(|name| format!("plugin:{name}"))).collect()
}

#[test]
fn a_script_on_the_customers_screen_can_ask_what_it_shows_and_nothing_else() {
    journey_with(with_customer(), async |place| {
        let windows = Windows::of(place).await;
        place.sign_in().await;
        place.arm("T-SECRET-BILL", "31").await;
        windows.look_at(place, &windows.customer).await;
        place.until("by('customer')?.dataset.shows === 'code'").await;
        // What each wants does not matter: a refusal for its arguments would name one of them.
        let arguments = json!({
            "operator": "S0107", "scenario": "paid", "charge": "x", "accept": true, "answer": "no", "name": "x", "pin": "123456",
            "word": "paid", "reason": "x", "evidence": "x", "day": "2026-11-22", "format": "csv", "from": "", "to": "",
            "entry": {}, "largeConfirmed": true, "query": {}, "hall": {}, "event": "view", "handler": 1,
            "target": { "kind": "AnyLabel", "label": "cashier" }, "payload": {},
        });
        let all = everything();
        assert!(all.len() > 20, "{all:?}");
        for command in all {
            let answer = place.invoke(&command, arguments.clone()).await;
            assert!(answer.starts_with("refused: ") && answer.contains("not allowed"), "{command}: {answer}");
        }
        let seen = place.invoke("customer_view", json!({ "seen": null })).await;
        let seen: Value = serde_json::from_str(seen.strip_prefix("done: ").expect("an answer")).expect("JSON");
        let mut parts: Vec<&String> = seen.as_object().expect("an object").keys().collect();
        parts.sort();
        assert_eq!(parts, ["name", "number", "shows", "training"]);
        assert_eq!(seen["shows"], json!({ "kind": "code", "amount": "31.00" }));
        windows.look_at(place, &windows.cashier).await;
        assert_eq!(place.requests("T-SECRET-BILL"), 0);
    });
}
