//! Scans that must not charge, and scans that must not charge twice.

use fantoccini::key::Key;
use gateway_sim::On;
use serde_json::json;

use crate::place::{Place, journey};
use crate::scanner::code;

const FIELDS: &str = "[value('operator'), value('bill'), value('amount')]";

async fn nothing_sent(place: &Place, refusal: &str) {
    let says = place.await_refusal().await;
    assert!(says.contains(refusal), "{says}");
    assert_eq!(place.gateway.ledger().count_all(On::Charge), 0);
}

#[test]
fn a_scan_before_the_amount_is_confirmed_is_refused_aloud_and_stays_out_of_the_fields() {
    journey(async |place| {
        place.sign_in().await;
        let early = code("50");
        place.scanner.scan(&early);
        nothing_sent(place, "请先确认金额").await;
        assert_eq!(place.see(FIELDS).await, json!(["S0107", "", ""]));
        place.picture("scan-refused").await;

        place.keys("T-EARLY").await;
        place.press(Key::Enter).await;
        place.await_focus("amount").await;
        place.keys("12").await;
        place.until("strip() === null").await;
        place.scanner.scan(&early);
        nothing_sent(place, "请先确认金额").await;
        assert_eq!(place.see(FIELDS).await, json!(["S0107", "T-EARLY", "12"]));

        place.keys(".50").await;
        place.press(Key::Enter).await;
        place.await_state("armed").await;
        place.scanner.scan(&early);
        place.await_state("paid").await;
        assert_eq!(
            place.see("by('charge-amount').dataset.amount").await,
            json!("12.50"),
            "a refused code is not used up"
        );
    });
}

#[test]
fn another_code_is_refused_while_a_charge_is_in_front() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-BUSY", "50").await;
        place.scanner.scan(&code("53"));
        place.await_state("confirming").await;
        place.scanner.scan(&code("50"));
        let says = place.await_refusal().await;
        assert!(says.contains("没有提交"), "{says}");
        place.picture("scan-busy").await;
        assert_eq!(place.state().await, "confirming");
        assert_eq!(place.gateway.ledger().count_all(On::Charge), 1);
    });
}

#[test]
fn a_code_charges_once_however_often_it_is_scanned() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-TWICE", "30").await;
        let twice = code("50");
        // A double trigger: both arrive within one reading of the line.
        place.scanner.scan(&format!("{twice}\r{twice}"));
        place.await_state("paid").await;
        assert_eq!(place.gateway.ledger().count_all(On::Charge), 1);

        place.arm("T-TWICE-2", "31").await;
        place.scanner.scan(&code("50"));
        place.until("state() === 'paid' && by('charge-amount').dataset.amount === '31.00'").await;

        place.arm("T-TWICE-3", "32").await;
        place.scanner.scan(&twice);
        let says = place.await_refusal().await;
        assert!(says.contains("已经用过"), "{says}");
        assert_eq!(place.state().await, "armed", "the sale waits for a fresh code");
        place.scanner.scan(&code("50"));
        place.until("state() === 'paid' && by('charge-amount').dataset.amount === '32.00'").await;
        assert_eq!((place.requests("T-TWICE"), place.requests("T-TWICE-3")), (1, 1));
    });
}

#[test]
fn an_edit_after_confirming_disarms() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-EDIT", "100").await;
        place.keys("0").await;
        place.await_state("entering").await;
        place.scanner.scan(&code("50"));
        nothing_sent(place, "请先确认金额").await;

        place.arm("T-EDIT", "100").await;
        place.press(Key::F3).await;
        place.press(Key::End).await;
        place.keys("X").await;
        place.await_state("entering").await;
        place.scanner.scan(&code("50"));
        nothing_sent(place, "请先确认金额").await;
        assert_eq!(place.see("value('bill')").await, json!("T-EDITX"));
    });
}

#[test]
fn what_is_no_payment_code_is_named() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-FOREIGN", "20").await;
        for (scan, why) in [("6901234567892", "商品条码"), ("https://qr.example/x", "网址"), ("T-FOREIGN", "单据号")]
        {
            place.scanner.send(&format!("{scan}\r"));
            let wanted = format!("strip()?.kind === 'refused' && strip().says.includes({})", json!(why));
            place.until(&wanted).await;
            assert_eq!(place.state().await, "armed");
        }
        place.scanner.send("9912345678901234\r");
        place.until("by('question')?.dataset.question === 'held'").await;
        place.picture("held").await;
        place.chord(Key::Alt, "2").await;
        place.until("by('question') === null").await;
        assert_eq!(place.gateway.ledger().count_all(On::Charge), 0);
    });
}

#[test]
fn a_scanner_pulled_out_in_mid_code_is_shown_and_works_again_when_it_is_back() {
    journey(async |place| {
        place.sign_in().await;
        place.arm("T-PULLED", "25").await;
        place.scanner.send("1345678");
        place.scanner.unplug();
        place.until("by('health-scanner').dataset.good === 'false'").await;
        for says in ["请重新插好", "plug it in again"] {
            place.until(&format!("text('health-more').includes({})", json!(says))).await;
            place.until("by('charge-state').dataset.cutOff === 'lost'").await;
            let told = place.see_text("text('charge-state')").await;
            assert!(told.contains("钱没有动") || told.contains("no money has moved"), "{told}");
            place.picture("scanner-lost").await;
            place.click("language").await;
        }
        assert_eq!(place.state().await, "armed", "the sale waits for the scanner");
        place.scanner.plug();
        place.until("by('health-scanner').dataset.good === 'true' && text('health-more') === ''").await;
        place.until("by('charge-state').dataset.cutOff === undefined && text('charge-state').includes('扫描')").await;
        let whole = code("50");
        place.scanner.scan(&whole);
        place.await_state("paid").await;
        let ledger = place.gateway.ledger();
        let masked = format!("13…{}", &whole[14..]);
        assert_eq!(ledger.charges.iter().map(|charge| charge.code.as_str()).collect::<Vec<_>>(), [masked.as_str()]);
    });
}
