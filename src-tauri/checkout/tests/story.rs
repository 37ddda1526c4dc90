//! The story of the window: a family buys tickets, the customer confirms, and the next customer is served.

mod world;

use checkout::event::PhoneAnswer;
use checkout::{Fact, Refusal, State, Why};
use world::answers::*;
use world::*;

#[test]
fn a_scan_charges_the_armed_sale_and_a_query_proves_it_paid() {
    let mut w = World::new();
    let armed = w.arm(BILL);
    assert!(armed.warm, "the connection is made ready for the scan");
    assert!(armed.records.is_empty() && armed.charge.is_none(), "arming sends nothing");

    let scan = w.scan(CODES[0]);
    assert_eq!(scan.records, ["intent"]);
    let id = scan.charge.unwrap();
    assert_eq!(w.charged[0].1, BILL);
    assert_eq!(w.charged[0].2, CODES[0]);
    assert_eq!(w.charged[0].3.to_string(), "260.00");
    assert_eq!((w.state(&id), w.front()), (State::Sending, Some(id.clone())));

    w.pass(800);
    assert_eq!(w.own(&id, open(BILL, "66|0|1")).records, ["receipt", "confirming", "answered"]);
    w.until_asked(&id);
    assert_eq!(w.asked.last().unwrap().1.autoid.as_ref().unwrap().as_str(), "66|0|1");
    assert!(w.query(&id, open(BILL, "66|0|1")).records.is_empty(), "an unchanged answer is no record");
    w.until_asked(&id);
    assert_eq!(w.query(&id, paid(BILL, "66|0|1")).records, ["paid"]);
    assert_eq!(w.stored(&id).unwrap().why, Some(Why::PaidByQuery));
    assert_eq!(w.front(), Some(id.clone()), "the result stands until somebody goes on");
    assert_eq!(w.checkout.next_wake(), None);

    assert_eq!(w.on(Fact::NextCustomer).refusal, None);
    assert_eq!(w.front(), None);
    assert_eq!(w.checkout.charges().count(), 0);
}

#[test]
fn paid_at_once_is_one_record_more() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.own(&id, paid(BILL, "66|0|1")).records, ["receipt", "paid"]);
    assert_eq!(w.stored(&id).unwrap().why, Some(Why::PaidAtOnce));
}

#[test]
fn whoever_stops_waiting_serves_the_next_customer_and_hears_of_the_end() {
    let mut w = World::new();
    let first = w.begin(BILL, CODES[0]);
    w.own(&first, open(BILL, "66|0|1"));
    assert_eq!(w.on(Fact::StopWaiting).records, ["parked"]);
    let second = w.begin("T2", CODES[1]);
    w.own(&second, open("T2", "66|0|2"));
    w.query_now(&first);
    assert_eq!(w.query(&first, paid(BILL, "66|0|1")).records, ["paid", "notice"]);
    assert_eq!(w.front(), Some(second.clone()), "the sale in progress stays in front");
    w.query(&second, paid("T2", "66|0|2"));
    w.on(Fact::NextCustomer);
    assert!(w.checkout.charge(&first).is_some(), "until the cashier took note");
    assert_eq!(w.on(Fact::TakeNotice { charge: first.clone() }).records, ["noted"]);
    assert!(w.checkout.charge(&first).is_none());
    assert_eq!(w.on(Fact::TakeNotice { charge: first }).refusal, Some(Refusal::Gone));
    assert_eq!(w.on(Fact::StopWaiting).refusal, Some(Refusal::Gone));
}

#[test]
fn after_a_refusal_the_phone_is_looked_at_and_a_fresh_code_is_enough() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.own(&id, bare(-1)).records, ["refused", "checking"]);
    assert_eq!(w.query(&id, bare(-1)).records, ["declined"]);
    assert!(matches!(w.scan(CODES[1]).refusal, Some(Refusal::AskPhone { .. })));
    assert!(matches!(w.arm(BILL).refusal, Some(Refusal::AskPhone { .. })));

    let done = w.phone(&id, PhoneAnswer::No);
    assert_eq!(done.records, ["phone"]);
    assert_eq!(w.phone(&id, PhoneAnswer::Yes).refusal, Some(Refusal::Gone), "answered once");
    assert_eq!(w.arm(BILL).refusal, None);
    assert!(w.scan(CODES[1]).charge.is_some());
}

#[test]
fn one_key_after_a_refusal_arms_the_same_sale_again() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(-1));
    w.query(&id, bare(-1));
    assert!(w.checkout.armed().is_none(), "not before the question is answered");
    assert!(w.phone(&id, PhoneAnswer::No).warm);
    assert_eq!(w.checkout.armed().unwrap().bill.as_str(), BILL);
    assert!(w.scan(CODES[1]).charge.is_some());
}

#[test]
fn a_phone_that_shows_a_payment_keeps_the_bill_for_the_supervisor() {
    for answer in [PhoneAnswer::Yes, PhoneAnswer::Unsure] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, bare(-1));
        w.query(&id, bare(-1));
        assert_eq!(w.phone(&id, answer).records, ["phone", "parked"]);
        assert!(matches!(w.arm(BILL).refusal, Some(Refusal::BillBlocked { .. })));
        assert_eq!(w.arm("T2").refusal, None, "others are served");
        w.until_asked(&id);
        assert_eq!(w.query(&id, bare(-1)).records, ["answered"], "and it decides nothing now");
        assert_eq!(w.state(&id), State::Parked);
    }
}

#[test]
fn a_charge_that_certainly_moved_no_money_leaves_its_sale_armed_for_a_fresh_code() {
    for answer in [unreachable(), model_state(), status(401)] {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        w.own(&id, answer);
        assert!(matches!(w.state(&id), State::NeverSent | State::Declined));
        assert_eq!(w.checkout.armed().unwrap().bill.as_str(), BILL);
        assert_eq!(w.front(), Some(id), "with the reason still shown");
        assert!(w.scan(CODES[1]).charge.is_some());
    }
}

#[test]
fn an_answer_about_an_earlier_customers_phone_leaves_the_charge_in_front_alone() {
    for answer in [PhoneAnswer::No, PhoneAnswer::Yes] {
        let mut w = World::new();
        let refused = w.begin(BILL, CODES[0]);
        w.own(&refused, bare(-1));
        w.query(&refused, bare(-1));
        let id = w.begin("T2", CODES[1]);
        w.own(&id, open("T2", "66|0|2"));
        assert_eq!(w.phone(&refused, answer).refusal, None);
        assert_eq!(w.front(), Some(id.clone()));
        assert_eq!(w.arm("T3").refusal, Some(Refusal::FrontBusy { charge: id }));
    }
}

#[test]
fn a_charge_that_moved_money_leaves_nothing_armed() {
    for answer in [paid(BILL, "66|0|1"), refund(BILL, "66|0|1")] {
        for by_query in [false, true] {
            let mut w = World::new();
            let id = w.begin(BILL, CODES[0]);
            match by_query {
                false => drop(w.own(&id, answer.clone())),
                true => {
                    w.own(&id, open(BILL, "66|0|1"));
                    w.until_asked(&id);
                    w.query(&id, answer.clone());
                }
            }
            assert!(matches!(w.state(&id), State::Paid | State::Returned));
            assert!(w.checkout.armed().is_none(), "the sale is over: the screen must not ask for another code");
            assert_eq!(w.scan(CODES[1]).refusal, Some(Refusal::NotArmed));
            assert_eq!(w.charged.len(), 1);
        }
    }
}
