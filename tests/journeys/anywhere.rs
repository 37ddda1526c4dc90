//! A scanner that types into what lies over the sale or beside it: questions, the lock, a PIN, the settings, the customer's
//! screen. Everywhere a code that may charge charges once, any other is refused aloud, and its Enter presses nothing.

use std::time::Duration;

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::counter::{Counter, FAST, FIELDS, at_a_scanners_pace};
use crate::desk::PIN;
use crate::scanner::code;
use crate::settings::Settings;

/// Every character in any field of the page.
const TYPED: &str = "[...document.querySelectorAll('input')].map((box) => box.value).join('|')";

impl Counter<'_> {
    /// A code that must not charge: said in a sentence with this in it, and nothing else on the page has moved.
    async fn refused(&mut self, says: &str) {
        let before = self.place.see(&format!("[{TYPED}, focus(), state(), text('question')]")).await;
        let (answered, charges) = (self.answered().await, self.place.gateway.ledger().count_all(On::Charge));
        self.scan(&code("50"), FAST);
        self.await_answered(answered + 1).await;
        self.place.until(&format!("strip()?.kind === 'refused' && strip().says.includes({})", json!(says))).await;
        assert_eq!(self.place.see(&format!("[{TYPED}, focus(), state(), text('question')]")).await, before);
        assert_eq!(self.place.gateway.ledger().count_all(On::Charge), charges);
    }

    async fn question(&self, kind: &str) {
        self.place.until(&format!("by('question')?.dataset.question === {}", json!(kind))).await;
    }
}

#[test]
fn a_scanner_that_types_reaches_the_sale_through_whatever_lies_over_it() {
    let settings = Settings::default()
        .with("limits", "bill_pattern", "\"B[0-9]{6}\"")
        .with("limits", "card_pattern", "\"C[0-9]{8}\"")
        .with("customer", "screen", "\"on\"");
    at_a_scanners_pace(settings, async |counter| {
        counter.place.set_up_supervisor().await;
        counter.place.sign_in().await;
        bills_and_cards_go_to_their_field(counter).await;
        while_a_large_amount_is_asked_about(counter).await;
        while_the_phone_is_asked_about(counter).await;
        while_an_unknown_wallet_is_asked_about(counter).await;
        while_the_screen_is_locked(counter).await;
        into_a_pin_and_into_a_setting(counter).await;
        with_the_customers_screen_in_front(counter).await;
    });
}

async fn bills_and_cards_go_to_their_field(counter: &mut Counter<'_>) {
    counter.place.see("by('amount').focus()").await;
    counter.keyboard.types("B123456\r", FAST);
    counter.place.until("value('bill') === 'B123456'").await;
    assert_eq!(counter.place.see(FIELDS).await, json!(["S0107", "B123456", ""]), "no key of it is in the amount");
    counter.place.choose_business("7").await;
    counter.place.until("by('card')").await;
    counter.place.see("by('bill').focus()").await;
    counter.keyboard.types("C12345678\r", FAST);
    counter.place.until("value('card') === 'C12345678'").await;
    assert_eq!(counter.place.see(FIELDS).await, json!(["S0107", "B123456", ""]));
    counter.place.choose_business("1").await;
}

async fn while_a_large_amount_is_asked_about(counter: &mut Counter<'_>) {
    counter.place.enter_sale("T-ASKED", "2600").await;
    counter.question("large").await;
    counter.refused("请先确认金额").await;
    counter.place.chord(Key::Alt, "1").await;
    counter.place.await_state("armed").await;
    counter.scan(&code("50"), FAST);
    counter.paid("T-ASKED", "2600.00").await;
}

async fn while_the_phone_is_asked_about(counter: &mut Counter<'_>) {
    counter.place.arm("T-PHONE", "31").await;
    counter.scan(&code("56"), FAST);
    counter.question("phone").await;
    counter.refused("手机").await;
    counter.place.chord(Key::Alt, "1").await;
    counter.place.until("by('question') === null").await;
    counter.scan(&code("50"), FAST);
    counter.place.until("state() === 'paid' && by('charge-amount').dataset.amount === '31.00'").await;
    assert_eq!(counter.place.requests("T-PHONE"), 2);
}

async fn while_an_unknown_wallet_is_asked_about(counter: &mut Counter<'_>) {
    counter.place.arm("T-HELD", "32").await;
    counter.scan("9912345678901234", FAST);
    counter.question("held").await;
    assert_eq!(counter.place.requests("T-HELD"), 0, "its Enter has accepted nothing");
    // A code of a known wallet is what was waited for.
    counter.scan(&code("50"), FAST);
    counter.paid("T-HELD", "32.00").await;
}

async fn while_the_screen_is_locked(counter: &mut Counter<'_>) {
    counter.place.press(Key::F8).await;
    counter.place.await_focus("unlock-operator").await;
    counter.refused("解锁").await;
    assert_eq!(counter.place.see("[value('unlock-operator'), by('locked') !== null]").await, json!(["", true]));
    counter.place.keys("S0107").await;
    counter.place.press(Key::Enter).await;
    counter.place.until("by('locked') === null").await;
}

async fn into_a_pin_and_into_a_setting(counter: &mut Counter<'_>) {
    counter.place.arm("T-PIN", "33").await;
    counter.place.open_desk().await;
    counter.place.until("by('supervisor-pin') && !by('supervisor-pin').disabled").await;
    counter.place.see("by('supervisor-pin').focus()").await;
    counter.scan(&code("50"), FAST);
    counter.place.until("state() === 'paid'").await;
    let desk = "[value('supervisor-pin'), focus(), by('supervisor-bar').dataset.session]";
    assert_eq!(counter.place.see(desk).await, json!(["", "supervisor-pin", ""]), "no digit, and no try at the PIN");
    // Hands still get in there, key by key.
    counter.keyboard.types(&format!("{PIN}\r"), Duration::from_millis(130));
    counter.place.until("by('supervisor-bar').dataset.session !== ''").await;
    counter.place.press(Key::Escape).await;

    counter.place.arm("T-SETTING", "34").await;
    counter.place.press(Key::F9).await;
    counter.place.until("by('setting-limits-amount_max')?.disabled === false").await;
    counter.place.see("by('setting-limits-amount_max').focus()").await;
    let before = counter.place.see(TYPED).await;
    counter.scan(&code("50"), FAST);
    counter.place.until("state() === 'paid' && by('charge-amount').dataset.amount === '34.00'").await;
    assert_eq!(
        counter.place.see("[focus(), by('save-settings').disabled]").await,
        json!(["setting-limits-amount_max", true])
    );
    let cleared = counter.place.see(TYPED).await;
    let settings = |text: &serde_json::Value| text.as_str().map(|text| text.replace("T-SETTING|34", "|"));
    assert_eq!(settings(&cleared), settings(&before));
    counter.place.press(Key::Escape).await;
    counter.place.until("by('office') === null").await;
}

async fn with_the_customers_screen_in_front(counter: &mut Counter<'_>) {
    counter.place.arm("T-CUSTOMER", "35").await;
    counter.keyboard.to_front("Customer");
    counter.scan(&code("50"), FAST);
    counter.paid("T-CUSTOMER", "35.00").await;
    counter.keyboard.to_front("Wicket");
}
