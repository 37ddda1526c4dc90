//! A Begin that is out, lost, or never used: asked for twice, and closed by a supervisor.

mod world;

use checkout::{Leg, Refusal, State, Why, Word};
use world::answers::*;
use world::begin::*;
use world::*;

const SERIAL: &str = "66|0|1";

#[test]
fn the_same_enter_twice_while_a_begin_is_out_neither_begins_twice_nor_disarms() {
    let mut w = window();
    let (id, _) = begin(&mut w, "200.00");
    assert_eq!(begin(&mut w, "200.00").1, None, "what is asked for is on its way");
    assert_eq!((w.begun.len(), w.front()), (1, Some(id.clone())));
    w.answer(&id, Leg::Begin, bare(0));
    assert!(w.checkout.armed().is_some(), "the second Enter took nothing back");
    assert_eq!(w.scan(CODES[0]).charge, Some(id));
    // Another sale is an edit, and the first one is not armed by its answer.
    let mut w = window();
    let (id, _) = begin(&mut w, "200.00");
    assert!(blocked(begin(&mut w, "100.00").1));
    w.answer(&id, Leg::Begin, bare(0));
    assert!(w.checkout.armed().is_none());
}

#[test]
fn a_supervisor_closes_a_lost_begin_and_its_bill_is_free_again() {
    let mut w = window();
    let (id, _) = begin(&mut w, "200.00");
    let early = w.decide(&id, Word::NotPaid).refusal;
    assert!(matches!(early, Some(Refusal::TooEarly { .. })), "its own answer is awaited: {early:?}");
    w.answer(&id, Leg::Begin, lost());
    for word in Word::ALL.into_iter().filter(|word| *word != Word::NotPaid) {
        assert!(matches!(w.decide(&id, word).refusal, Some(Refusal::NotSettledSo { .. })), "{word:?}");
    }
    assert!(blocked(begin(&mut w, "200.00").1));
    assert_eq!(w.decide(&id, Word::NotPaid).records, ["settled", "never-sent"]);
    let closed = w.stored(&id).unwrap();
    assert!(!closed.is_open() && matches!(closed.why, Some(Why::Settled { .. })), "{closed:?}");
    // The platform may hold it all the same: the next one begins anew, and is the one that counts.
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 2));
    let next = w.begun.last().expect("begun").charge.clone();
    w.answer(&next, Leg::Begin, bare(0));
    assert_eq!(w.scan(CODES[0]).charge.as_ref(), Some(&next));
    w.own(&next, paid(BILL, SERIAL));
    assert_eq!((w.ended.len(), w.state(&id)), (1, State::NeverSent));
}

#[test]
fn after_a_lost_begin_that_was_closed_no_older_one_is_taken_up() {
    let mut w = window();
    begun(&mut w, "200.00");
    let (id, _) = begin(&mut w, "100.00");
    w.answer(&id, Leg::Begin, lost());
    w.decide(&id, Word::NotPaid);
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 3), "the platform may check End against 100 now");
}

#[test]
fn a_supervisor_closes_a_begin_that_nobody_scanned_and_nothing_stays_armed() {
    let mut w = window();
    let id = begun(&mut w, "200.00");
    assert_eq!(w.decide(&id, Word::NotPaid).records, ["settled", "never-sent"]);
    assert!(w.checkout.armed().is_none());
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
    assert!(w.asked.is_empty(), "no code was ever in it: there is nothing to ask about");
    // The platform still holds it, so that the same sale needs no second one.
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 1));
    let charge = w.scan(CODES[0]).charge.expect("armed");
    assert_ne!(charge, id);
    w.own(&charge, paid(BILL, SERIAL));
    assert_eq!(w.ended.len(), 1);
}
