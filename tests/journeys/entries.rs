//! Bad input: each with a sentence at its field, and nothing armed.

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::keyboard::Keyboard;
use crate::place::{Place, journey};
use crate::scanner::code;

/// Enters what no keyboard of a test display has, and confirms it.
async fn confirm_pasted(place: &Place, bill: &str, amount: &str) {
    place.paste("bill", bill).await;
    place.paste("amount", amount).await;
    place.press(Key::Enter).await;
}

#[test]
fn a_bad_amount_is_refused_at_its_field() {
    journey(async |place| {
        place.sign_in().await;
        for (amount, why) in [
            ("0", "不能是 0"),
            ("-1", "数字"),
            ("1.234", "两位小数"),
            ("1e3", "数字"),
            ("1000000000000", "太大"),
            ("50000.01", "限额"),
        ] {
            place.enter_sale("T-AMOUNT", amount).await;
            place.until(&format!("error('amount').includes({})", json!(why))).await;
            assert_eq!(place.see("[state(), focus()]").await, json!(["entering", "amount"]), "{amount}");
        }
        place.picture("bad-amount").await;
        place.paste("amount", "").await;
        place.press(Key::Delete).await;
        place.press(Key::Enter).await;
        place.until("error('amount').includes('请输入')").await;

        confirm_pasted(place, "T-AMOUNT", "１２．５").await;
        place.await_state("armed").await;
        assert_eq!(
            place.see("by('charge-amount').dataset.amount").await,
            json!("12.50"),
            "full-width digits are understood"
        );
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        assert_eq!(place.gateway.ledger().charges[0].amount_text, "12.50");
    });
}

#[test]
fn the_next_bill_is_typed_over_the_last_even_if_another_program_took_the_mark() {
    journey(async |place| {
        place.sign_in().await;
        place.enter_sale("T-OLD", "1").await;
        place.await_state("armed").await;
        let keyboard = Keyboard::of(place.window.display());
        for (key, field, typed) in [(Key::F3, "bill", "T-NEW"), (Key::Enter, "amount", "2")] {
            place.press(key).await;
            place.await_focus(field).await;
            keyboard.text_is_marked_elsewhere();
            // The web engine takes the mark away; what was marked is to be typed over all the same.
            place.until(&format!("by('{field}').selectionStart === by('{field}').selectionEnd")).await;
            place.keys(typed).await;
            assert_eq!(place.see(&format!("value('{field}')")).await, typed);
        }
    });
}

#[test]
fn a_bad_bill_is_refused_at_its_field() {
    journey(async |place| {
        place.sign_in().await;
        for (bill, why) in [
            ("T12345678901234567890", "最多 20"),
            ("T 17", "空格"),
            ("T🎫17", "只能用"),
            ("单据17", "只能用"),
            ("134567890123456789", "付款码"),
            ("", "请输入"),
        ] {
            confirm_pasted(place, bill, "10").await;
            place.until(&format!("error('bill').includes({})", json!(why))).await;
            assert_eq!(place.see("[state(), focus()]").await, json!(["entering", "bill"]), "{bill}");
        }
        place.picture("bad-bill").await;
        assert_eq!(place.gateway.ledger().count_all(On::Charge), 0);
    });
}

#[test]
fn a_paid_bill_is_not_charged_again_in_any_letter_case() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-Paid-1", "10").await;
        place.scanner.scan(&code("50"));
        place.await_state("paid").await;
        place.enter_sale("t-pAID-1", "10").await;
        place.until("error('bill').includes('已经收过款')").await;
        assert_eq!(place.state().await, "entering");
        place.scanner.scan(&code("50"));
        place.until("strip()?.says.includes('请先确认金额')").await;
        assert_eq!(place.requests("T-PAID-1"), 1);
    });
}

#[test]
fn a_large_amount_is_asked_about_once_more() {
    journey(async |place| {
        place.sign_in().await;
        place.enter_sale("T-LARGE", "2600").await;
        place.until("by('question')?.dataset.question === 'large'").await;
        place.picture("large").await;
        place.scanner.scan(&code("50"));
        place.await_refusal().await;
        assert_eq!(place.gateway.ledger().count_all(On::Charge), 0, "not armed before the answer");
        place.chord(Key::Alt, "1").await;
        place.await_state("armed").await;
        assert_eq!(place.see("text('charge-amount')").await, json!("¥2,600.00"));
    });
}
