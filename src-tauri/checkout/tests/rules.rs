//! What must never happen (design.md §2): one name, one or more tests.

mod world;

use checkout::event::{Event, PhoneAnswer};
use checkout::{Fact, Leg, Refusal, State};
use world::answers::*;
use world::*;

fn blocked(refusal: Option<Refusal>) -> bool {
    matches!(refusal, Some(Refusal::BillBlocked { .. }))
}

/// A charge whose answer was lost, no longer in front.
fn blind(w: &mut World, bill: &str, code: &str) -> checkout::ChargeId {
    let id = w.begin(bill, code);
    w.own(&id, lost());
    w.on(Fact::StopWaiting);
    id
}

/// Declined by its own final word, seen twice; it had this serial.
fn closed_out(w: &mut World, bill: &str, code: &str, serial: &str) -> checkout::ChargeId {
    let id = w.begin(bill, code);
    w.own(&id, closed(bill, serial));
    w.run(20 * SECOND, |q| Some(closed(q.bill.as_str(), q.autoid.as_ref().map_or("", |a| a.as_str()))));
    assert_eq!(w.state(&id), State::Declined);
    w.on(Fact::NextCustomer);
    id
}

#[test]
fn journal_first_the_intent_holds_no_code() {
    let mut w = World::new();
    // The world itself insists on the intent standing in the same decision as the charge.
    w.begin(BILL, CODES[0]);
    let stored = serde_json::to_string(&w.journal).unwrap();
    assert!(!stored.contains(CODES[0]) && stored.contains("13…6789"), "{stored}");
}

#[test]
fn code_once_is_for_ever_and_over_restarts_whatever_became_of_the_charge() {
    for answer in [paid(BILL, "1"), model_state(), lost(), unreachable()] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, answer);
        w.on(Fact::StopWaiting);
        w.pass(3 * DAY);
        w.restart();
        assert_eq!(w.arm("T2").refusal, None);
        assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::CodeUsed { charge: id }));
        assert_eq!(w.charged.len(), 1);
    }
}

#[test]
fn code_once_replay_never_sends_a_charge() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    for _ in 0..3 {
        w.restart();
        w.run(MINUTE, |_| Some(lost()));
    }
    assert_eq!(w.charged.len(), 1);
    assert!(w.state(&id).is_undecided());
}

#[test]
fn one_open_charge_whatever_the_letter_case_or_the_business() {
    let mut w = World::new();
    blind(&mut w, "t2026a", CODES[0]);
    assert!(blocked(w.arm("T2026A").refusal));
    let mut other = w.sale("T2026a", "260.00");
    other.business = checkout::Business::Retail;
    assert!(blocked(w.arm_sale(other, false).refusal));
    w.restart();
    assert!(blocked(w.arm("T2026A").refusal), "over a restart too");
    assert_eq!(w.arm("T2026B").refusal, None);
}

#[test]
fn one_open_charge_until_it_is_certain_or_a_supervisor_says_so() {
    for (state, free) in State::ALL.map(|s| {
        (
            s,
            matches!(
                s.word(),
                "declined" | "never-sent" | "settled-not-paid" | "settled-refund" | "released" | "beginning"
            ),
        )
    }) {
        let mut w = World::new();
        let id = blind(&mut w, BILL, CODES[0]);
        w.settle(&id, state);
        w.on(Fact::NextCustomer);
        if w.state(&id).is_undecided() {
            w.on(Fact::StopWaiting);
        }
        assert_eq!(w.arm(BILL).refusal.is_none(), free, "{state}");
    }
}

#[test]
fn one_open_charge_holds_though_the_past_that_came_in_was_stale() {
    let mut w = World::new();
    blind(&mut w, BILL, CODES[0]);
    let sale = w.sale(BILL, "260.00");
    let done =
        w.on(Fact::Arm { sale, past: vec![], large_confirmed: false, fresh: checkout::ChargeId("stale".into()) });
    assert!(blocked(done.refusal), "the open charges are known without the journal");
}

#[test]
fn one_open_charge_is_asked_again_at_the_scan() {
    let mut w = World::new();
    let declined = closed_out(&mut w, BILL, CODES[0], "66|0|1");
    assert_eq!(w.arm(BILL).refusal, None);
    w.query_now(&declined);
    w.query(&declined, paid(BILL, "66|0|1"));
    assert!(w.checkout.armed().is_none(), "a bill that proved paid meanwhile is disarmed");
    assert!(w.scan(CODES[1]).charge.is_none());
}

#[test]
fn paid_is_proved_by_this_bill_and_this_serial() {
    for (answer, is_paid) in [
        (paid(BILL, "66|0|1"), true),
        (paid(" t2026112200017 ", " 66|0|1 "), true),
        (paid(BILL, ""), true),
        (paid(BILL, "66|0|2"), false),
        (paid("T9", "66|0|1"), false),
        (paid("", "66|0|1"), false),
        (full(1, BILL, "66|0|1", "SUCCESS"), false),
        (full(-1, BILL, "66|0|1", "SUCCESS"), false),
        (full(0, BILL, "66|0|1", "SUCCESSFUL"), false),
        (full(0, BILL, "66|0|1", "success"), true),
    ] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, open(BILL, "66|0|1"));
        w.query(&id, answer.clone());
        assert_eq!(w.state(&id) == State::Paid, is_paid, "{answer:?}");
        assert!(is_paid || w.state(&id).is_undecided());
    }
}

#[test]
fn paid_is_proved_without_a_serial_only_for_the_bills_only_charge() {
    for (before, proves) in [(unreachable(), true), (model_state(), false)] {
        for (own, answer) in [(lost(), paid(BILL, "66|0|2")), (open(BILL, "66|0|2"), paid(BILL, ""))] {
            let mut w = World::new();
            let first = w.begin(BILL, CODES[0]);
            w.own(&first, before.clone());
            let id = w.begin(BILL, CODES[1]);
            w.own(&id, own);
            w.query(&id, answer);
            assert_eq!(w.state(&id) == State::Paid, proves);
        }
    }
}

#[test]
fn paid_is_proved_for_the_charge_whose_serial_it_is_whoever_asked() {
    let mut w = World::new();
    let first = closed_out(&mut w, BILL, CODES[0], "66|0|1");
    let id = w.begin(BILL, CODES[1]);
    w.own(&id, open(BILL, "66|0|2"));
    w.query(&first, paid(BILL, "66|0|2"));
    assert_eq!(w.state(&id), State::Paid);
    assert_eq!(w.state(&first), State::Declined);
}

#[test]
fn a_success_that_belongs_to_no_charge_is_listed_once() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    assert_eq!(w.query(&id, paid(BILL, "77|7|7")).records, ["unmatched", "answered"]);
    assert_eq!(w.query(&id, paid(BILL, "77|7|7")).records, Vec::<String>::new());
    let found = w.all().into_iter().find(|c| c.state == State::UnmatchedSuccess).unwrap();
    assert!(found.notice && found.autoid.as_ref().unwrap().as_str() == "77|7|7");
    assert_eq!(w.state(&id), State::Confirming);
    w.query(&id, paid(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::Paid, "and the charge itself can still be proved");
}

#[test]
fn a_success_met_while_another_charge_of_the_bill_is_out_waits_for_that_charges_own_answer() {
    let mut w = World::new();
    let first = w.begin(BILL, CODES[0]);
    w.own(&first, bare(-1));
    w.query(&first, bare(-1));
    w.phone(&first, PhoneAnswer::No);
    let id = w.scan(CODES[1]).charge.unwrap();
    // Without a serial the query of the first goes by the bill, and meets the second.
    assert_eq!(w.query(&first, paid(BILL, "66|0|2")).records, ["answered"]);
    assert_eq!(w.own(&id, paid(BILL, "66|0|2")).records, ["receipt", "paid"]);
    assert!(w.all().iter().all(|c| c.state != State::UnmatchedSuccess));
}

#[test]
fn a_success_met_while_another_charge_was_out_is_not_forgotten_when_it_was_not_that_charges() {
    let mut w = World::new();
    let first = w.begin(BILL, CODES[0]);
    w.own(&first, bare(-1));
    w.query(&first, bare(-1));
    w.phone(&first, PhoneAnswer::No);
    let id = w.scan(CODES[1]).charge.unwrap();
    w.pass(MINUTE);
    w.query(&first, paid(BILL, "66|0|2"));
    w.own(&id, unreachable());
    w.run(3 * MINUTE, |q| Some(paid(q.bill.as_str(), "66|0|2")));
    assert_eq!(w.state(&first), State::LateSuccess, "now it is the only charge that can be meant");
}

#[test]
fn negative_is_proved_twice_five_seconds_apart_for_this_serial() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.own(&id, closed(BILL, "66|0|1")).records, ["receipt", "negative", "checking"]);
    w.pass(4_999);
    w.query(&id, closed(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::Checking);
    w.pass(1);
    w.query(&id, closed(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::Declined);
}

#[test]
fn negative_is_proved_only_with_nothing_different_between() {
    for between in [
        open(BILL, "66|0|1"),
        bare(1),
        bare(-1),
        status(500),
        status(404),
        full(0, BILL, "66|0|1", "PAYERROR"),
        closed("T9", "66|0|1"),
        closed(BILL, "66|0|9"),
        paid(BILL, "66|0|9"),
        bare(0),
    ] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, closed(BILL, "66|0|1"));
        w.pass(3_000);
        w.query(&id, between.clone());
        w.pass(3_000);
        w.query(&id, closed(BILL, "66|0|1"));
        assert!(w.state(&id).is_undecided(), "{between:?} makes it the first sighting again");
        w.pass(5_000);
        w.query(&id, closed(BILL, "66|0|1"));
        assert_eq!(w.state(&id), State::Declined, "{between:?}");
    }
}

#[test]
fn negative_is_proved_never_by_errors_or_silence_at_any_age() {
    for answer in
        [bare(-1), bare(404), bare(0), status(404), status(400), model_state(), lost(), unreachable(), closed("T9", "")]
    {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, open(BILL, "66|0|1"));
        w.run(40 * DAY, |_| Some(answer.clone()));
        assert_eq!(w.state(&id), State::Parked, "{answer:?}");
        assert!(w.checkout.next_wake().is_some(), "and it is asked about for ever");
    }
}

#[test]
fn negative_is_proved_blind_only_for_the_bills_only_charge() {
    for (before, proves) in [(None, true), (Some(model_state()), false), (Some(unreachable()), false)] {
        let mut w = World::new();
        if let Some(answer) = before {
            let first = w.begin(BILL, CODES[0]);
            w.own(&first, answer);
        }
        let id = blind(&mut w, BILL, CODES[1]);
        w.run(HOUR, |q| (q.charge == id).then(|| closed(BILL, "")));
        assert_eq!(w.state(&id) == State::Declined, proves);
    }
}

#[test]
fn unknown_is_not_failed_for_the_charges_own_answer() {
    for answer in [
        lost(),
        broken(),
        status(302),
        status(403),
        status(408),
        status(429),
        status(400),
        status(500),
        status(503),
        status(200),
        bare(0),
        paid("T9", "1"),
        closed("T9", "1"),
        full(0, BILL, "1", "哪里"),
    ] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, answer.clone());
        assert!(w.state(&id).is_undecided(), "{answer:?}");
        w.until_asked(&id);
    }
}

#[test]
fn never_sent_is_proved_by_the_transport_or_by_the_till_alone() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.own(&id, unreachable()).records, ["never-sent"]);

    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.on(Fact::NeverHandedOver { charge: id.clone(), leg: Leg::Charge }).records, ["never-sent"]);

    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.query(&id, unreachable());
    assert!(w.state(&id).is_undecided(), "a query without a connection says nothing about the charge");
}

#[test]
fn never_sent_is_proved_no_more_once_an_answer_came_or_the_program_ended() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.on(Fact::NeverHandedOver { charge: id.clone(), leg: Leg::Charge });
    assert_eq!(w.state(&id), State::Confirming);
    w.own(&id, unreachable());
    assert_eq!(w.state(&id), State::Confirming, "a request has one answer");

    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.restart();
    w.on(Fact::NeverHandedOver { charge: id.clone(), leg: Leg::Charge });
    w.own(&id, unreachable());
    w.own(&id, model_state());
    assert!(w.state(&id).is_undecided(), "nothing of an earlier process is known now");
}

#[test]
fn never_sent_of_a_request_kept_over_a_reopened_journal_is_still_this_process() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.reopen(std::slice::from_ref(&id));
    assert_eq!(w.state(&id), State::Sending);
    assert_eq!(w.on(Fact::NeverHandedOver { charge: id.clone(), leg: Leg::Charge }).records, ["never-sent"]);
}

#[test]
fn armed_amount_any_edit_disarms() {
    let mut w = World::new();
    w.arm(BILL);
    w.on(Fact::Disarm);
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
    w.arm(BILL);
    let twice = w.sale("T2", "2600.00");
    assert!(matches!(w.arm_sale(twice.clone(), false).refusal, Some(Refusal::ConfirmLarge { .. })));
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed), "a refused sale leaves none armed");
    assert_eq!(w.arm_sale(twice, true).refusal, None);
    w.scan(CODES[0]);
    assert_eq!(w.charged[0].3.to_string(), "2600.00");
    assert_eq!(w.scan(CODES[1]).charge, None, "one confirmation, one charge");
}

#[test]
fn armed_amount_an_edit_while_the_charge_runs_keeps_the_old_amount_from_coming_back() {
    for busy_with in ["disarm", "arm"] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        if busy_with == "disarm" {
            w.on(Fact::Disarm);
        } else {
            assert!(matches!(w.arm("T2").refusal, Some(Refusal::FrontBusy { .. })));
        }
        w.own(&id, model_state());
        assert!(w.checkout.armed().is_none(), "{busy_with}: what the fields show is not what was confirmed");
    }
}

#[test]
fn armed_amount_is_forgotten_by_a_start() {
    let mut w = World::new();
    w.arm(BILL);
    w.restart();
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
}

#[test]
fn always_closed_nothing_expires_in_silence() {
    let mut w = World::new();
    let id = blind(&mut w, BILL, CODES[0]);
    w.run(400 * DAY, |_| None);
    w.restart();
    w.run(400 * DAY, |_| Some(bare(-1)));
    assert_eq!(w.state(&id), State::Parked);
    assert!(w.times(&id).len() > 300, "daily, to the end");
    w.settle(&id, State::SettledNotPaid);
    assert_eq!(w.arm(BILL).refusal, None, "closed by a named person");
}

#[test]
fn late_truth_wins_over_declined_and_settled() {
    for state in [State::Declined, State::SettledPaid, State::SettledNotPaid] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, open(BILL, "66|0|1"));
        w.settle(&id, state);
        w.on(Fact::NextCustomer);
        w.until_asked(&id);
        assert_eq!(w.query(&id, paid(BILL, "66|0|1")).records, ["late-success", "notice"], "{state}");
        w.pass(DAY);
        w.restart();
        assert!(blocked(w.arm(BILL).refusal), "pending until a supervisor deals with it");
    }
}

#[test]
fn late_truth_wins_when_another_charges_query_brings_it() {
    for state in [State::Declined, State::SettledPaid, State::SettledNotPaid] {
        let mut w = World::new();
        let first = closed_out(&mut w, BILL, CODES[0], "66|0|1");
        w.run(2 * DAY, |q| Some(closed(q.bill.as_str(), "66|0|1")));
        assert!(w.stored(&first).unwrap().watch_over);
        let id = w.begin(BILL, CODES[1]);
        w.own(&id, open(BILL, "66|0|2"));
        w.settle(&first, state);
        w.query(&id, paid(BILL, "66|0|1"));
        assert_eq!(w.state(&first), State::LateSuccess, "{state}");
        assert_eq!(w.state(&id), State::Confirming);
    }
}

#[test]
fn late_truth_is_looked_for_anew_after_every_end() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(-1));
    w.query(&id, bare(-1));
    w.run(2 * DAY, |_| Some(bare(-1)));
    assert!(w.stored(&id).unwrap().watch_over);
    w.phone(&id, PhoneAnswer::Yes);
    w.settle(&id, State::SettledNotPaid);
    w.until_asked(&id);
    w.query(&id, paid(BILL, "66|0|1"));
    assert_eq!(w.state(&id), State::LateSuccess);
}

#[test]
fn late_truth_wins_over_a_request_that_was_said_never_to_have_left() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.on(Fact::NeverHandedOver { charge: id.clone(), leg: Leg::Charge });
    assert_eq!(w.answer(&id, Leg::Charge, paid(BILL, "66|0|1")).records, ["receipt", "late-success", "notice"]);
}

#[test]
fn money_given_back_is_no_negative() {
    for own in [open(BILL, "66|0|1"), lost()] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, own);
        w.query(&id, refund(BILL, "66|0|1"));
        assert_eq!(w.state(&id), State::Returned);
        assert!(w.stored(&id).unwrap().notice);
        w.on(Fact::NextCustomer);
        assert!(blocked(w.arm(BILL).refusal));
    }
}

#[test]
fn the_journals_own_form_brings_every_record_back() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(i64::MIN));
    w.query(&id, bare(i64::MAX));
    w.phone(&id, PhoneAnswer::Unsure);
    for answer in [lost(), unreachable(), status(503), closed("T9", ""), paid(BILL, ""), refund(BILL, "66|0|1")] {
        w.query(&id, answer);
    }
    let second = closed_out(&mut w, "T2", CODES[1], "66|0|9");
    w.query(&second, paid("T2", "66|0|8"));
    for event in [Event::Started { version: "1".into() }, Event::SignedOut] {
        w.journal.push(checkout::Record { at: w.wall, subject: checkout::Subject::Till, event });
    }
    for record in &w.journal {
        let line = serde_json::to_string(record).unwrap();
        assert_eq!(&serde_json::from_str::<checkout::Record>(&line).unwrap(), record, "{line}");
    }
}
