//! Recharges and the supervisor's work, with the keyboard as far as there are keys for it.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::place::Place;

/// The supervisor of these journeys. The PIN is long enough to stand nowhere by chance.
pub const NAME: &str = "Lin";
pub const PIN: &str = "602214076137";

/// Every row of the list.
const ROWS: &str = "[...document.querySelectorAll('[data-testid=\"pending-row\"]')]";

impl Place {
    pub async fn choose_business(&self, number: &str) {
        let choose = format!(
            "(() => {{ const b = by('business'); b.value = {}; \
             b.dispatchEvent(new Event('change', {{ bubbles: true }})); return true; }})()",
            json!(number)
        );
        self.see(&choose).await;
    }

    /// Chooses the recharge and enters it with the keyboard, until it is armed.
    pub async fn arm_recharge(&self, bill: &str, amount: &str, card: &str) {
        self.choose_business("7").await;
        self.until("by('card')").await;
        self.enter_sale(bill, amount).await;
        self.await_focus("card").await;
        self.keys(card).await;
        self.press(Key::Enter).await;
        self.await_state("armed").await;
    }

    /// The first supervisor, in the set-up that stands below the form until there is one; then to the operator's field.
    pub async fn set_up_supervisor(&self) {
        self.until("by('set-up')").await;
        self.point_at("new-name").await;
        self.keys(NAME).await;
        for field in ["new-pin", "new-pin-again"] {
            self.press(Key::Enter).await;
            self.await_focus(field).await;
            self.keys(PIN).await;
        }
        self.press(Key::Enter).await;
        self.until("by('set-up') === null").await;
        self.point_at("operator").await;
    }

    pub async fn open_desk(&self) {
        self.press(Key::F10).await;
        self.until("by('pending-list')").await;
    }

    /// Types a PIN at the open desk and sends it.
    pub async fn try_pin(&self, pin: &str) {
        self.until("by('supervisor-in') && !by('supervisor-in').disabled").await;
        assert_eq!(self.see("value('settle-name')").await, json!(NAME), "the only name stands there already");
        self.point_at("supervisor-pin").await;
        self.keys(pin).await;
        self.press(Key::Enter).await;
    }

    /// Signs the supervisor in at the open desk.
    pub async fn supervise(&self) {
        self.try_pin(PIN).await;
        self.until(&format!("by('supervisor-bar').dataset.session === {}", json!(NAME))).await;
    }

    /// Chooses the entry of a bill, and waits until its details are there.
    pub async fn look_at(&self, bill: &str) {
        let row = format!("{ROWS}.find((row) => row.textContent.includes({}))", json!(bill));
        self.until(&format!("{row} && ({row}.click(), true)")).await;
        self.until(&format!("by('details').dataset.charge === {row}.dataset.charge && count('trail-line') > 0")).await;
    }

    /// Settles what is looked at; the answer is waited for by whoever knows what it must be.
    pub async fn settle(&self, word: &str, reason: &str, evidence: &str) {
        let choose = format!(
            "(() => {{ const s = by('settle-as'); s.value = {}; \
             s.dispatchEvent(new Event('change', {{ bubbles: true }})); return s.value; }})()",
            json!(word)
        );
        assert_eq!(self.see(&choose).await, json!(word), "the word is offered");
        for (field, text) in [("settle-reason", reason), ("settle-evidence", evidence)] {
            self.point_at(field).await;
            self.keys(text).await;
        }
        self.chord(Key::Control, &Key::Enter).await;
    }

    /// State and words of every entry of the open desk, from the top.
    pub async fn entries(&self) -> Vec<(String, String)> {
        let rows = self.see(&format!("{ROWS}.map((row) => [row.dataset.state, row.textContent])")).await;
        serde_json::from_value(rows).expect("a list of rows")
    }

    /// How a finished charge stands in its details.
    pub async fn trail(&self) -> String {
        self.see_text(
            "[...document.querySelectorAll('[data-testid=\"trail-line\"]')].map((l) => l.textContent).join('\\n')",
        )
        .await
    }

    /// What a click does to a field, which has no key of its own.
    async fn point_at(&self, field: &str) {
        let there = self.see(&format!("(by({}).focus(), focus())", json!(field))).await;
        assert_eq!(there, Value::from(field), "the field takes the focus");
    }
}
