//! Day one: from an empty folder to the first paid sale, and later a change of settings and another scanner.

use std::time::Duration;

use fantoccini::key::Key;
use serde_json::json;

use crate::counter::{FAST, GAP, late};
use crate::desk::{NAME, PIN};
use crate::keyboard::Keyboard;
use crate::place::{Place, journey, journey_from_the_door};
use crate::scanner::code;
use crate::settings::Settings;

impl Place {
    async fn await_step(&self, step: &str) {
        self.until(&format!("by('first-set-up')?.dataset.step === {}", json!(step))).await;
    }

    async fn choose(&self, id: &str, value: &str) {
        let (id, value) = (json!(id), json!(value));
        self.see(&format!(
            "(() => {{ const b = by({id}); b.value = {value}; \
             b.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()"
        ))
        .await;
    }

    /// The window in both languages.
    async fn pictures(&self, name: &str) {
        for _ in 0..2 {
            self.picture(name).await;
            self.click("language").await;
        }
    }

    /// The scanner reads the code that the screen shows.
    async fn read_the_pairing_code(&mut self) {
        let shown = self.until("by('pairing-code')?.dataset.code").await;
        self.pictures("pairing").await;
        self.scanner.send(&format!("{}\r", shown.as_str().expect("a code")));
        self.until("by('pairing')?.dataset.state === 'answered'").await;
    }

    fn file(&self) -> String {
        std::fs::read_to_string(self.window.home().join("wicket.toml")).expect("the settings")
    }
}

/// A curious hand with a scanner that types, before anything is set up.
async fn a_typed_code_changes_no_field(place: &mut Place) {
    let keyboard = Keyboard::of(place.window.display());
    keyboard.to_front("Wicket");
    let fields = "[focus(), value('setting-window-id'), value('setting-window-name')]";
    let before = place.see(fields).await;
    let typed = code("50");
    place.scanner.remember(&typed);
    // Without an Enter: a display that is late tears the code, and then this says nothing.
    let pauses = keyboard.types(&typed, FAST);
    if late(&pauses, GAP).is_some() {
        place.paste("setting-window-name", "二号窗口").await;
        place.paste("setting-window-id", "W02").await;
        return;
    }
    loop {
        let view = place.invoke("snapshot", json!({})).await;
        if view.contains("no-gateway") && view.contains(&typed[14..]) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    place.await_step("window").await;
    assert_eq!(place.see(fields).await, before);
}

#[test]
fn from_an_empty_folder_to_the_first_paid_sale() {
    journey_from_the_door(Settings::default(), async |place| {
        place.window.open_on_its_own_display();
        std::fs::remove_file(place.window.home().join("wicket.toml")).expect("an empty folder");
        place.window.start().await;
        place.await_step("language").await;
        let refused = place.invoke("sign_in", json!({ "operator": "S0107" })).await;
        assert!(refused.contains("not-set-up"), "{refused}");
        place.press(Key::Enter).await;
        place.await_step("window").await;
        let untouched = place.file();

        // Somebody pulls the plug half way: it begins again, and nothing was changed.
        place.paste("setting-window-name", "二号窗口").await;
        place.kill_and_start().await;
        place.await_step("language").await;
        assert_eq!(place.file(), untouched);
        place.pictures("set-up-language").await;
        place.await_focus("setting-window-language").await;
        place.press(Key::Enter).await;
        place.await_step("window").await;
        assert_eq!(place.see("value('setting-window-name')").await, json!("1号窗口"));
        place.paste("setting-window-name", "二号窗口").await;
        place.paste("setting-window-id", "W02").await;
        a_typed_code_changes_no_field(place).await;
        place.pictures("set-up-window").await;
        place.press(Key::Enter).await;

        place.await_step("gateway").await;
        let address = place.gateway.base_url();
        place.paste("setting-gateway-base_url", &address).await;
        place.click("check-gateway").await;
        place.until("count('finding') >= 4").await;
        assert_eq!(place.see("document.querySelectorAll('[data-grade=\"bad\"]').length").await, json!(0));
        place.pictures("set-up-gateway").await;
        place.click("set-up-next").await;

        place.await_step("scanner").await;
        place.choose("setting-scanner-source", "serial").await;
        place.paste("setting-scanner-port", &place.window.port().display().to_string()).await;
        place.click("begin-pairing").await;
        place.read_the_pairing_code().await;
        place.click("set-up-next").await;

        place.await_step("supervisor").await;
        place.await_focus("new-name").await;
        place.keys(NAME).await;
        for (field, pin) in [("new-pin", PIN), ("new-pin-again", "602215")] {
            place.press(Key::Enter).await;
            place.await_focus(field).await;
            place.keys(pin).await;
        }
        place.press(Key::Enter).await;
        place.until("text('set-up-says') !== ''").await;
        place.pictures("set-up-supervisor").await;
        assert_eq!(place.file(), untouched, "two PINs that differ end nothing");
        for field in ["new-pin", "new-pin-again"] {
            place.await_focus(field).await;
            place.keys(PIN).await;
            place.press(Key::Enter).await;
        }
        place.until("by('first-set-up') === null").await;

        place.sign_in().await;
        place.arm("T-FIRST", "260").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        assert_eq!(place.gateway.ledger().times_taken("T-FIRST"), 1);
        let file = place.file();
        let wanted = untouched.replace("name = \"1号窗口\"", "name = \"二号窗口\"");
        let kept = wanted.lines().filter(|line| line.starts_with('#')).skip(3).all(|line| file.contains(line));
        assert!(kept && file.contains("name = \"二号窗口\""), "{file}");
        place.kill_and_start().await;
        place.await_focus("operator").await;
        assert_eq!(place.see("by('first-set-up')").await, json!(null), "only once");
    });
}

#[test]
fn a_supervisor_changes_a_limit_and_pairs_another_scanner() {
    journey(async |place| {
        place.set_up_supervisor().await;
        place.sign_in().await;
        place.press(Key::F9).await;
        place.until("by('setting-limits-amount_ask')?.disabled").await;
        let file = place.file();
        place.pictures("settings-locked").await;
        place.supervise().await;
        place.until("by('setting-limits-amount_ask')?.disabled === false").await;
        place.paste("setting-limits-amount_ask", "a lot").await;
        place.chord(Key::Control, &Key::Enter.to_string()).await;
        place.until("by('setting-limits-amount_ask').getAttribute('aria-invalid') === 'true'").await;
        place.pictures("settings-wrong").await;
        assert_eq!(place.file(), file, "a value that is not allowed changes nothing");
        place.paste("setting-limits-amount_ask", "100.00").await;
        place.chord(Key::Control, &Key::Enter.to_string()).await;
        // Nothing can be undone once it is saved; until then saving alone disables its button.
        place.until("by('undo-settings').disabled && value('setting-limits-amount_ask') === '100.00'").await;
        assert_eq!(place.file(), format!("{file}\n[limits]\namount_ask = \"100.00\"\n"));

        place.click("tab-devices").await;
        place.until("by('begin-pairing')?.disabled === false").await;
        place.click("begin-pairing").await;
        place.read_the_pairing_code().await;
        place.until("by('begin-pairing')?.disabled === false").await;
        place.click("begin-pairing").await;
        place.until("by('pairing').dataset.state === 'running'").await;
        place.click("stop-pairing").await;
        place.until("by('pairing').dataset.state === 'none'").await;
        place.until("by('health-scanner')?.dataset.good === 'true'").await;
        let payment = code("50");
        place.scanner.scan(&payment);
        place.until("by('traces').textContent.includes('…') && by('trace').dataset.outcome === 'taken'").await;
        assert_eq!(place.see(&format!("document.body.textContent.includes({})", json!(payment))).await, json!(false));
        place.pictures("devices").await;
        place.press(Key::Escape).await;
        place.until("by('office') === null").await;

        place.enter_sale("T-LARGE", "260").await;
        place.until("by('confirm-large')").await;
        place.click("confirm-large").await;
        place.await_state("armed").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
    });
}
