//! What a scan does and what it never does: armed or not, busy, twice, foreign, unknown.

mod world;

use checkout::refusal::Gate;
use checkout::route::Foreign;
use checkout::{Entry, EntryError, Fact, Field, Fill, Refusal, Sale, Settings, State, TextError};
use regex::Regex;
use world::answers::*;
use world::*;

fn patterns(bill: &str, card: &str) -> World {
    let mut settings = Settings::default();
    let pattern = |text: &str| (!text.is_empty()).then(|| Regex::new(text).expect("a pattern"));
    settings.router.bill = pattern(bill);
    settings.router.card = pattern(card);
    World::with(settings)
}

#[test]
fn a_double_trigger_is_one_scan() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    for _ in 0..3 {
        w.pass(300);
        let again = w.scan(CODES[0]);
        assert!(again.refusal.is_none() && again.records.is_empty() && again.charge.is_none());
    }
    w.pass(300);
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::CodeUsed { charge: id }), "later it is told");
    assert_eq!(w.charged.len(), 1);
}

#[test]
fn a_code_scanned_again_for_a_sale_that_was_armed_anew_is_used_all_the_same() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, unreachable());
    assert!(w.checkout.armed().is_some());
    w.pass(100);
    assert!(w.scan(CODES[0]).charge.is_none());
    w.pass(1_200);
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::CodeUsed { charge: id }));
    assert!(w.scan(CODES[1]).charge.is_some(), "a fresh code is welcome");
}

#[test]
fn a_code_scanned_again_at_once_for_another_sale_is_told_and_not_swallowed() {
    // The first charge ended at once, and the next sale was armed before the scanner was quiet.
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, paid(BILL, "66|0|1"));
    w.arm("T2");
    w.pass(100);
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::CodeUsed { charge: id.clone() }));
    assert_eq!(w.charged.len(), 1, "and it is used no second time");
    assert!(w.scan(CODES[1]).charge.is_some(), "the sale stays armed for a fresh one");
    // A held code that was given up with its sale is held again for the next one.
    let mut w = World::new();
    w.arm(BILL);
    w.scan(UNKNOWN_CODE);
    w.arm("T2");
    w.scan(UNKNOWN_CODE);
    assert!(w.checkout.held().is_some());
}

#[test]
fn a_used_code_is_known_though_the_index_was_stale() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.on(Fact::StopWaiting);
    w.arm("T2");
    w.pass(5_000);
    let fact = Fact::Scan {
        text: checkout::ScannedText::new(CODES[0]),
        fingerprint: print(CODES[0]),
        used_by: None,
        past: vec![],
        fresh: w.fresh(),
    };
    assert_eq!(w.on(fact).refusal, Some(Refusal::CodeUsed { charge: id }));
}

#[test]
fn another_code_while_the_charge_in_front_is_open_is_refused_and_its_bill_stays_free() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    for answer in [open(BILL, "66|0|1"), lost()] {
        assert_eq!(w.scan(CODES[1]).refusal, Some(Refusal::FrontBusy { charge: id.clone() }));
        assert_eq!(w.scan(UNKNOWN_CODE).refusal, Some(Refusal::FrontBusy { charge: id.clone() }));
        assert!(w.checkout.held().is_none());
        w.own(&id, answer);
    }
    assert_eq!(w.arm("T2").refusal, Some(Refusal::FrontBusy { charge: id.clone() }));
    assert_eq!(w.on(Fact::NextCustomer).refusal, Some(Refusal::FrontBusy { charge: id.clone() }));
    w.on(Fact::StopWaiting);
    w.arm("T2");
    assert!(w.scan(CODES[1]).charge.is_some(), "the refused code was not used up");
    assert_eq!(w.state(&id), State::Parked);
}

#[test]
fn a_code_without_an_armed_sale_is_dropped_and_not_kept_for_later() {
    let mut w = World::new();
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
    assert_eq!(w.scan(UNKNOWN_CODE).refusal, Some(Refusal::NotArmed));
    assert!(w.checkout.held().is_none());
    w.arm(BILL);
    assert!(w.charged.is_empty());
    assert!(w.scan(CODES[0]).charge.is_some());
}

#[test]
fn what_is_no_payment_code_is_refused_with_its_reason_and_leaves_the_sale_armed() {
    let mut w = World::new();
    w.arm(BILL);
    for (text, seems) in [
        ("6901234567892", Foreign::Product),
        ("https://qr.alipay.com/fkx1", Foreign::Address),
        ("134567890123456789134567890123456789", Foreign::TooLong),
        ("1345678", Foreign::TooShort),
        ("TICKET-88121", Foreign::Other),
        ("", Foreign::Other),
        ("13456789012345678９", Foreign::Other),
    ] {
        assert_eq!(w.scan(text).refusal, Some(Refusal::NotACode { seems }), "{text}");
    }
    assert_eq!(w.scan(&BILL.to_lowercase()).refusal, Some(Refusal::ThisBill));
    assert!(w.scan(CODES[0]).charge.is_some());
}

#[test]
fn a_code_of_an_unknown_wallet_waits_for_one_key() {
    let mut w = World::new();
    w.arm(BILL);
    let scan = w.scan(UNKNOWN_CODE);
    assert!(scan.refusal.is_none() && scan.charge.is_none() && scan.records.is_empty());
    assert_eq!(w.checkout.held().unwrap().0, "99…1234");
    assert!(w.accept_held().charge.is_some());
    assert_eq!(w.charged[0].2, UNKNOWN_CODE);
    assert_eq!(w.accept_held().refusal, Some(Refusal::Gone), "once");

    let mut w = World::new();
    w.arm(BILL);
    w.scan(UNKNOWN_CODE);
    assert_eq!(w.on(Fact::DropHeld).refusal, None);
    assert_eq!(w.accept_held().refusal, Some(Refusal::Gone));
    assert_eq!(w.on(Fact::DropHeld).refusal, Some(Refusal::Gone));
    assert!(w.scan(CODES[0]).charge.is_some(), "the sale is still armed");
}

#[test]
fn a_held_code_lives_no_longer_than_a_wallet_shows_it() {
    let mut w = World::new();
    w.arm(BILL);
    w.scan(UNKNOWN_CODE);
    assert_eq!(w.checkout.next_wake().unwrap().0, w.mono + 60_000);
    w.pass(60_000);
    assert_eq!(w.accept_held().refusal, Some(Refusal::Gone), "even if nobody ticked");
    assert!(w.charged.is_empty());

    w.pass(2_000);
    w.scan(UNKNOWN_CODE);
    w.pass(60_000);
    w.tick();
    assert!(w.checkout.held().is_none());
}

#[test]
fn a_held_code_does_not_outlive_its_sale() {
    for edit in ["disarm", "arm", "another code", "gate", "restart"] {
        let mut w = World::new();
        w.arm(BILL);
        w.scan(UNKNOWN_CODE);
        match edit {
            "disarm" => drop(w.on(Fact::Disarm)),
            "arm" => drop(w.arm("T2")),
            "another code" => drop(w.scan(CODES[0])),
            "gate" => drop(w.on(Fact::Gate(Some(Gate::DiskFull)))),
            _ => drop(w.restart()),
        }
        let charged = w.charged.len();
        assert!(w.accept_held().refusal.is_some(), "{edit}");
        assert_eq!(w.charged.len(), charged, "{edit}");
        assert!(w.checkout.held().is_none());
    }
}

#[test]
fn a_held_code_meets_the_same_rules_when_it_is_accepted() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, closed(BILL, "66|0|1"));
    w.run(20 * SECOND, |_| Some(closed(BILL, "66|0|1")));
    w.arm(BILL);
    w.scan(UNKNOWN_CODE);
    w.settle(&id, State::LateSuccess);
    w.on(Fact::NextCustomer);
    assert!(w.accept_held().refusal.is_some());
    assert_eq!(w.charged.len(), 1);
}

#[test]
fn the_venues_patterns_fill_fields_before_any_wallet_is_thought_of() {
    let mut w = patterns(r"13\d{16}", r"9\d{15}");
    assert_eq!(w.scan(CODES[0]).fill, Some(Fill::Bill(CODES[0].into())));
    assert_eq!(w.scan(UNKNOWN_CODE).fill, Some(Fill::Card(UNKNOWN_CODE.into())));
    w.arm(BILL);
    assert!(w.scan(CODES[0]).charge.is_none(), "a slip never pays");
    let id = w.scan(CODES[3]).charge.unwrap();
    for text in [CODES[0], UNKNOWN_CODE] {
        let done = w.scan(text);
        assert_eq!((done.fill, done.refusal), (None, Some(Refusal::FrontBusy { charge: id.clone() })));
    }
}

#[test]
fn a_gate_stops_new_charges_and_nothing_else() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.on(Fact::StopWaiting);
    w.arm("T2");
    w.on(Fact::Gate(Some(Gate::DiskFull)));
    assert_eq!(w.scan(CODES[1]).refusal, Some(Refusal::Gate { reason: Gate::DiskFull }));
    assert_eq!(w.arm("T3").refusal, Some(Refusal::Gate { reason: Gate::DiskFull }));
    w.until_asked(&id);
    w.query(&id, paid(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::Paid, "what is open still ends");
    w.on(Fact::Gate(None));
    w.arm("T2");
    assert!(w.scan(CODES[1]).charge.is_some());
}

#[test]
fn a_payment_code_becomes_neither_bill_nor_operator() {
    let entry = |operator: &str, bill: &str| Entry {
        operator: operator.into(),
        business: 1,
        bill: bill.into(),
        amount: "260.00".into(),
        card: String::new(),
    };
    for (entry, field) in [
        (entry("S0107", CODES[0]), Field::Bill),
        (entry(CODES[1], BILL), Field::Operator),
        (entry(&format!(" {} ", CODES[2]), BILL), Field::Operator),
    ] {
        let why = TextError::LooksLikePaymentCode;
        assert_eq!(Sale::parse(&entry, &Settings::default()), Err(EntryError::Text { field, why }));
    }
}

#[test]
fn no_trace_of_a_code_is_in_what_facts_and_effects_print() {
    let mut w = World::new();
    w.arm(BILL);
    let fact = Fact::Scan {
        text: checkout::ScannedText::new(CODES[0]),
        fingerprint: print(CODES[0]),
        used_by: None,
        past: vec![],
        fresh: w.fresh(),
    };
    let said = format!("{fact:?}");
    let decision = w.checkout.on(w.now(), checkout::Dice(1), fact);
    let done = format!("{decision:?}");
    assert!(done.contains("Charge("), "{done}");
    for text in [said, done] {
        assert!(!text.contains(&CODES[0][2..14]), "{text}");
    }
}
