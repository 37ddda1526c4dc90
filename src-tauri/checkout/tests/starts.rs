//! A start (`survives-anything`): the same truth after a kill at every step, and who is in front again.

mod world;

use std::collections::BTreeMap;

use checkout::event::PhoneAnswer;
use checkout::{Asked, Charge, ChargeId, Fact, State, Why};
use world::answers::*;
use world::*;

type Act = fn(&mut World, &ChargeId);

fn acts() -> Vec<(&'static str, Act)> {
    vec![
        ("open", |w, id| drop(w.own(id, open(BILL, "66|0|1")))),
        ("asked", |w, id| drop(w.query_now(id))),
        ("error", |w, id| drop(w.query(id, bare(-1)))),
        ("closed", |w, id| drop(w.query(id, closed(BILL, "66|0|1")))),
        ("time", |w, _| w.run(70 * SECOND, |_| None)),
        ("other", |w, id| drop(w.query(id, paid(BILL, "88|8|8")))),
        ("closed again", |w, id| drop(w.query(id, closed(BILL, "66|0|1")))),
        ("settled", |w, id| w.settle(id, State::SettledNotPaid)),
        ("late", |w, id| drop(w.query(id, paid(BILL, "66|0|1")))),
        ("noted", |w, id| drop(w.on(Fact::TakeNotice { charge: id.clone() }))),
    ]
}

/// What nobody may see differently after a start; where a charge is shown and how it is called meanwhile may change.
fn truth(charge: Charge) -> impl PartialEq + std::fmt::Debug {
    let open = charge.state.is_undecided();
    let state = if open { State::Parked } else { charge.state };
    (charge.id, charge.intent, state, charge.autoid, charge.negative, charge.refusal, charge.phone, charge.notice)
}

#[test]
fn a_kill_after_any_step_changes_no_truth_and_the_end_is_the_same() {
    for kill_after in 0..=acts().len() {
        let mut w = World::new();
        let id = w.begin(BILL, CODES[0]);
        for (n, (name, act)) in acts().into_iter().enumerate() {
            if n == kill_after {
                let before: Vec<_> = w.all().into_iter().map(truth).collect();
                w.restart();
                let after: Vec<_> = w.all().into_iter().map(truth).collect();
                assert_eq!(before, after, "killed before {name}");
                let open = w.state(&id).is_undecided() || w.stored(&id).unwrap().is_watched();
                assert_eq!(w.checkout.next_wake().is_some(), open, "and goes on asking");
            }
            act(&mut w, &id);
        }
        // Killed before its own answer was stored, its serial is lost, and the success is listed as nobody's.
        let owner = match kill_after {
            0 => w.all().pop().unwrap(),
            _ => w.stored(&id).unwrap(),
        };
        let alarm = [State::UnmatchedSuccess, State::LateSuccess][kill_after.min(1)];
        assert_eq!(owner.state, alarm, "killed after {kill_after}");
        assert_eq!(owner.autoid.unwrap().as_str(), "66|0|1");
        assert_eq!(w.charged.len(), 1);
    }
}

#[test]
fn a_start_writes_nothing_the_second_time() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.restart(), ["checking"]);
    assert_eq!(w.stored(&id).unwrap().why, Some(Why::Interrupted));
    assert!(w.restart().is_empty());
    w.pass(2 * MINUTE);
    assert_eq!(w.restart(), ["parked"]);
    assert!(w.restart().is_empty());
}

#[test]
fn the_youngest_charge_inside_the_front_window_is_in_front_again() {
    let mut w = World::new();
    let first = w.begin(BILL, CODES[0]);
    w.own(&first, lost());
    w.on(Fact::StopWaiting);
    let id = w.begin("T2", CODES[1]);
    w.own(&id, open("T2", "66|0|2"));
    w.pass(59_999);
    w.restart();
    assert_eq!(w.front(), Some(id.clone()));
    assert_eq!(w.state(&id), State::Confirming);
    w.run(1, |_| None);
    assert_eq!((w.front(), w.state(&id)), (None, State::Parked), "until its sixty seconds are over");
}

#[test]
fn a_charge_the_cashier_stopped_waiting_for_stays_in_the_back() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.on(Fact::StopWaiting);
    w.restart();
    assert_eq!((w.front(), w.state(&id)), (None, State::Parked));
}

#[test]
fn an_unmatched_success_takes_nobodys_place_in_front() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.pass(2 * SECOND);
    w.query(&id, paid(BILL, "88|8|8"));
    w.restart();
    assert_eq!((w.front(), w.state(&id)), (Some(id.clone()), State::Confirming));
}

#[test]
fn a_wall_clock_set_back_does_not_hide_the_charge_in_front() {
    let mut w = World::new();
    let first = w.begin(BILL, CODES[0]);
    w.own(&first, model_state());
    w.jump(-3_600_000);
    let id = w.begin("T2", CODES[1]);
    w.own(&id, open("T2", "66|0|2"));
    w.pass(5 * SECOND);
    w.restart();
    assert_eq!((w.front(), w.state(&id)), (Some(id.clone()), State::Confirming));
}

#[test]
fn an_ended_charge_is_shown_again_for_the_rest_of_its_window() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, paid(BILL, "66|0|1"));
    w.pass(10 * SECOND);
    w.restart();
    assert_eq!(w.front(), Some(id));
    w.pass(MINUTE);
    w.restart();
    assert_eq!(w.front(), None);
}

#[test]
fn a_refusal_waits_over_a_start_for_its_query() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(-42));
    w.restart();
    assert!(w.until_asked(&id) <= 600);
    w.query(&id, bare(-42));
    assert_eq!(w.stored(&id).unwrap().why, Some(Why::RefusedByPlatform { errcode: -42 }));
    w.restart();
    assert!(w.stored(&id).unwrap().asks_phone(), "and the question waits too");
    assert_eq!(w.phone(&id, PhoneAnswer::No).refusal, None);
    assert_eq!(w.arm(BILL).refusal, None);
}

#[test]
fn the_after_watch_goes_on_where_its_record_says() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, model_state());
    w.pass(30 * MINUTE);
    w.restart();
    assert!(w.until_asked(&id) <= 30 * SECOND, "once soon");
    w.query(&id, bare(-1));
    let next = w.until_asked(&id);
    assert!((29 * MINUTE..=30 * MINUTE).contains(&next), "{next}");
    w.query(&id, bare(-1));
    w.pass(2 * DAY);
    w.restart();
    w.until_asked(&id);
    assert!(w.query(&id, bare(-1)).records.is_empty(), "a wall clock that was set ahead ends no watch");
    let next = w.until_asked(&id);
    assert!((59 * MINUTE..=60 * MINUTE).contains(&next), "{next}");
    assert_eq!(w.query(&id, bare(-1)).records, ["watch-ended"]);
}

#[test]
fn a_journal_opened_anew_while_a_request_is_out_still_takes_its_answer() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.pass(2 * SECOND);
    assert!(w.reopen(std::slice::from_ref(&id)).is_empty());
    w.run(10 * SECOND, |_| None);
    assert!(w.times(&id).is_empty(), "nothing is asked while it is out");
    assert_eq!(w.own(&id, bare(-1)).records, ["refused", "checking"]);
}

#[test]
fn a_journal_opened_anew_asks_once_at_a_time_and_keeps_the_gap_even_for_what_was_forgotten() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, open(BILL, "66|0|1"));
    w.until_asked(&id);
    let asked = |w: &World, answered| BTreeMap::from([(id.clone(), Asked { at: w.now().mono, answered })]);
    // As if the end of the charge had been decided, and had not come into the journal.
    let before = World::new().checkout;

    let out = asked(&w, false);
    w.reopen(&[]);
    w.checkout.keep_asking(&before, &out);
    w.run(10 * SECOND, |_| None);
    assert_eq!(w.times(&id).len(), 1, "the question that is out is the only one");
    w.query(&id, open(BILL, "66|0|1"));
    assert!(w.until_asked(&id) > 0, "its answer sets off the next one");

    let (out, at) = (asked(&w, true), w.now().mono.0);
    w.reopen(&[]);
    w.checkout.keep_asking(&before, &out);
    w.until_asked(&id);
    assert!(w.now().mono.0 - at >= w.settings.min_gap_ms, "the gateway was asked just now");
}

#[test]
fn a_final_word_that_was_contradicted_counts_no_more_after_a_start() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, closed(BILL, "66|0|1"));
    assert_eq!(w.query(&id, open(BILL, "66|0|1")).records, ["dropped", "confirming", "answered"]);
    w.restart();
    w.pass(10 * SECOND);
    assert_eq!(w.query(&id, closed(BILL, "66|0|1")).records, ["negative", "checking"], "the first sighting again");
}
