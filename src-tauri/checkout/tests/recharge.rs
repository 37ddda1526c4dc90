//! `recharge-exactly-once`: credited once for each paid recharge, never before paid, and a Begin is never repeated blindly.

mod world;

use checkout::{Answer, ChargeId, Fact, Leg, RechargeBy, Refusal, Settings, State, Why, Word};
use world::answers::*;
use world::begin::*;
use world::*;

const SERIAL: &str = "66|0|1";

fn others() -> World {
    World::new()
}

/// A recharge begun elsewhere, paid at once: its End is out.
fn paid_recharge(w: &mut World) -> ChargeId {
    let id = w.begin_recharge(BILL, CODES[0]);
    let done = w.own(&id, paid(BILL, SERIAL));
    assert_eq!(done.records, ["receipt", "paid", "credit", "recharging"]);
    id
}

fn end(w: &mut World, id: &ChargeId, answer: Answer) -> Vec<String> {
    w.answer(id, Leg::End, answer).records
}

#[test]
fn the_card_is_credited_in_the_decision_that_proves_paid_and_with_exactly_that() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    let request = &w.ended[0];
    assert_eq!((request.bill.as_str(), request.amount.to_string().as_str()), (BILL, "200.00"));
    assert_eq!(request.autoid.as_ref().map(|a| a.as_str()), Some(SERIAL));
    assert!(w.stored(&id).unwrap().is_pending());
    assert_eq!(end(&mut w, &id, bare(0)), ["recharged"]);
    assert!(!w.stored(&id).unwrap().is_pending());
    assert!(w.begun.is_empty(), "begun elsewhere");
    w.run(2 * DAY, |_| None);
    assert_eq!(w.ended.len(), 1);
}

#[test]
fn what_the_answer_to_an_end_proves() {
    use State::*;
    for (answer, to) in [
        (bare(0), Recharged),
        (bare(-1), RechargeRefused),
        (bare(7), RechargeRefused),
        (model_state(), RechargeRefused),
        (status(400), RechargeRefused),
        (status(401), RechargeRefused),
        (status(404), RechargeRefused),
        (bare(1), RechargeUndecided),
        (full(0, "T99", "", ""), RechargeUndecided),
        (full(-1, "T99", "", ""), RechargeUndecided),
        (lost(), RechargeUndecided),
        (broken(), RechargeUndecided),
        (status(200), RechargeUndecided),
        (status(302), RechargeUndecided),
        (status(408), RechargeUndecided),
        (status(500), RechargeUndecided),
        (status(502), RechargeUndecided),
    ] {
        let mut w = others();
        let id = paid_recharge(&mut w);
        end(&mut w, &id, answer.clone());
        assert_eq!(w.state(&id), to, "{answer:?}");
        assert_eq!(w.stored(&id).unwrap().is_pending(), to != Recharged);
        // It stays so: no clock, no start, no stray answer sends an End or changes the word.
        w.run(2 * DAY, |_| None);
        w.restart();
        for leg in [Leg::End, Leg::Begin, Leg::Charge, Leg::Query] {
            w.answer(&id, leg, bare(0));
            w.answer(&id, leg, paid(BILL, SERIAL));
            w.answer(&id, leg, closed(BILL, SERIAL));
            w.on(unsent(&id, leg));
        }
        w.run(2 * DAY, |_| None);
        assert_eq!((w.state(&id), w.ended.len()), (to, 1), "{answer:?}");
        assert!(matches!(w.arm(BILL).refusal, Some(Refusal::BillBlocked { .. })));
    }
}

#[test]
fn a_refusal_says_when_it_means_credited_before() {
    let marked = |marks: &[&str], answer: Answer| {
        let already_done = marks.iter().map(|m| (*m).to_owned()).collect();
        let mut w = World::with(Settings { already_done, ..Settings::default() });
        let id = paid_recharge(&mut w);
        end(&mut w, &id, answer);
        matches!(w.stored(&id).unwrap().why, Some(Why::CreditRefused { already: true, .. }))
    };
    assert!(marked(&["platform's"], bare(-3)));
    assert!(marked(&["-3"], bare(-3)));
    assert!(!marked(&["-3"], bare(-1)));
    assert!(!marked(&[], bare(-1)));
    assert!(!marked(&["", " "], bare(-1)), "an empty mark means nothing");
    let text = |text: &str| {
        let envelope = checkout::Envelope { errcode: -1, errmsg: text.into(), tag: None };
        Answer::Http { status: 200, body: checkout::Body::Envelope(envelope) }
    };
    assert!(!marked(&["2"], text("the amount asked for was 200.00")), "a number is no part of a text");
}

#[test]
fn an_end_that_never_left_is_sent_again_each_try_written_first_and_never_two_at_once() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    let start = w.mono;
    for n in 1..20 {
        end(&mut w, &id, unreachable());
        assert_eq!((w.state(&id), w.ended.len()), (State::Recharging, n));
        let wake = w.checkout.next_wake().expect("it is sent again").0;
        let most = if w.mono - start < 10 * MINUTE { 72 * SECOND } else { 72 * MINUTE };
        assert!((1_000..=most).contains(&(wake - w.mono)), "{n}: {}", wake - w.mono);
        w.pass(wake - w.mono);
        assert_eq!(w.tick().records, ["credit"]);
        assert_eq!(w.ended.len(), n + 1);
        // While it is out nothing sends another.
        w.pass(MINUTE).tick();
        w.query_now(&id);
        assert_eq!(w.ended.len(), n + 1);
    }
    assert_eq!(w.stored(&id).unwrap().credits, 20);
    end(&mut w, &id, bare(0));
    assert_eq!(w.state(&id), State::Recharged);
}

#[test]
fn a_charge_paid_late_is_credited_as_promptly_as_any() {
    let mut w = others();
    let id = w.begin_recharge(BILL, CODES[0]);
    w.own(&id, open(BILL, SERIAL));
    w.run(2 * DAY, |_| Some(open(BILL, SERIAL)));
    w.query(&id, paid(BILL, SERIAL));
    end(&mut w, &id, unreachable());
    let wake = w.checkout.next_wake().expect("it is sent again").0;
    assert!(wake - w.mono <= 72_000, "{}", wake - w.mono);
}

#[test]
fn a_start_with_an_end_perhaps_out_sends_none() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    assert_eq!(w.restart(), ["recharge-undecided"]);
    w.run(DAY, |_| None);
    assert_eq!((w.state(&id), w.ended.len()), (State::RechargeUndecided, 1));
}

#[test]
fn a_reopened_journal_keeps_the_end_that_is_out_and_sends_the_one_that_never_left() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    assert!(w.reopen(std::slice::from_ref(&id)).is_empty());
    w.run(HOUR, |_| None);
    assert_eq!((w.state(&id), w.ended.len()), (State::Recharging, 1));
    assert_eq!(end(&mut w, &id, bare(0)), ["recharged"]);

    let mut w = others();
    let id = paid_recharge(&mut w);
    w.reopen(std::slice::from_ref(&id));
    assert_eq!(w.on(unsent(&id, Leg::End)).records, ["credit"]);
    assert_eq!(w.ended.len(), 2, "the first one never left");
    assert_eq!(w.stored(&id).unwrap().credits, 2);
    end(&mut w, &id, bare(0));
    w.on(unsent(&id, Leg::End));
    assert_eq!((w.state(&id), w.ended.len()), (State::Recharged, 2));
    // Waiting for its next try, nothing is out that could be "never handed over".
    let mut w = others();
    let id = paid_recharge(&mut w);
    end(&mut w, &id, unreachable());
    w.on(unsent(&id, Leg::End));
    assert_eq!(w.ended.len(), 1);
}

#[test]
fn an_end_never_handed_over_is_no_charge_never_sent() {
    // The proof of payment could not be written down, so its End was not sent, and the journal still says "confirming".
    for answer in [open(BILL, SERIAL), bare(-1), status(500)] {
        let mut w = others();
        let id = w.begin_recharge(BILL, CODES[0]);
        w.own(&id, answer);
        w.reopen(std::slice::from_ref(&id));
        w.on(unsent(&id, Leg::End));
        assert!(w.state(&id).is_undecided(), "the money may be in");
    }
}

#[test]
fn paid_in_the_back_is_credited_too_and_told() {
    let mut w = others();
    let id = w.begin_recharge(BILL, CODES[0]);
    w.own(&id, open(BILL, SERIAL));
    w.on(Fact::StopWaiting);
    let done = w.query(&id, paid(BILL, SERIAL));
    assert_eq!(done.records, ["paid", "notice", "credit", "recharging"]);
    w.on(Fact::TakeNotice { charge: id.clone() });
    assert_eq!(end(&mut w, &id, lost()), ["recharge-undecided", "notice"]);
}

#[test]
fn without_a_proof_of_payment_no_end_is_sent() {
    for answer in
        [closed(BILL, SERIAL), model_state(), status(404), bare(-1), lost(), refund(BILL, SERIAL), unreachable()]
    {
        let mut w = others();
        let id = w.begin_recharge(BILL, CODES[0]);
        w.own(&id, answer);
        w.run(DAY, |q| q.autoid.as_ref().map(|_| closed(BILL, SERIAL)));
        assert_eq!(w.ended.len(), 0, "{}", w.state(&id));
    }
    // A late success neither: the supervisor decides.
    let mut w = others();
    let id = w.begin_recharge(BILL, CODES[0]);
    w.own(&id, closed(BILL, SERIAL));
    w.pass(6 * SECOND).tick();
    w.query(&id, closed(BILL, SERIAL));
    assert_eq!(w.state(&id), State::Declined);
    w.until_asked(&id);
    w.query(&id, paid(BILL, SERIAL));
    assert_eq!((w.state(&id), w.ended.len()), (State::LateSuccess, 0));
}

#[test]
fn where_the_platform_credits_no_end_is_sent_and_nothing_is_pending() {
    let mut w = World::with(Settings { recharge_end: RechargeBy::Others, ..Settings::default() });
    let id = w.begin_recharge(BILL, CODES[0]);
    assert_eq!(w.own(&id, paid(BILL, SERIAL)).records, ["receipt", "paid", "platform"]);
    let charge = w.stored(&id).unwrap();
    assert!(charge.left_to_platform && !charge.is_pending() && !charge.owes_credit());
    w.restart();
    w.run(DAY, |_| None);
    assert_eq!((w.state(&id), w.ended.len()), (State::Paid, 0));
}

#[test]
fn answers_of_another_leg_change_nothing_while_the_card_is_credited() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    for leg in [Leg::Charge, Leg::Query, Leg::Begin] {
        for answer in [bare(0), bare(-1), paid(BILL, SERIAL), closed(BILL, SERIAL), refund(BILL, SERIAL), unreachable()]
        {
            assert!(w.answer(&id, leg, answer).records.is_empty());
        }
    }
    assert_eq!((w.state(&id), w.ended.len()), (State::Recharging, 1));
    // An End's answer is nothing to a charge that is not being credited.
    let mut w = window();
    let id = begun(&mut w, "200.00");
    assert!(end(&mut w, &id, bare(0)).is_empty());
    assert!(w.answer(&id, Leg::Begin, bare(-1)).records.is_empty(), "a Begin has one answer");
    w.scan(CODES[0]);
    for leg in [Leg::End, Leg::Begin] {
        assert!(w.answer(&id, leg, bare(0)).records.is_empty() && w.answer(&id, leg, bare(-1)).records.is_empty());
    }
    assert_eq!((w.state(&id), w.ended.len()), (State::Sending, 0));
}

#[test]
fn a_begin_is_sent_at_arming_without_a_code_and_the_scan_goes_on_under_its_id() {
    let mut w = window();
    let (id, refusal) = begin(&mut w, "200.00");
    assert_eq!((refusal, w.state(&id), w.front()), (None, State::Beginning, Some(id.clone())));
    assert!(w.checkout.armed().is_none() && w.stored(&id).unwrap().is_pending());
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed), "not before it is accepted");
    assert_eq!(w.answer(&id, Leg::Begin, bare(0)).records, ["begun"]);
    assert_eq!(w.scan(CODES[0]).charge.as_ref(), Some(&id));
    w.own(&id, paid(BILL, SERIAL));
    end(&mut w, &id, bare(0));
    assert_eq!((w.state(&id), w.begun.len(), w.ended.len(), w.charged.len()), (State::Recharged, 1, 1, 1));
}

#[test]
fn a_begin_refused_or_never_sent_arms_nothing_and_may_be_tried_again() {
    for answer in [bare(-1), status(401), status(404), model_state(), unreachable()] {
        let mut w = window();
        let (id, _) = begin(&mut w, "200.00");
        w.answer(&id, Leg::Begin, answer.clone());
        assert_eq!((w.state(&id), w.checkout.armed()), (State::NeverSent, None), "{answer:?}");
        let told = matches!(w.stored(&id).unwrap().why, Some(Why::BeginRefused { .. } | Why::ConnectionNeverMade));
        assert!(told && !w.stored(&id).unwrap().is_open());
        assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
        assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 2));
    }
    let mut w = window();
    let (id, _) = begin(&mut w, "200.00");
    assert_eq!(w.on(unsent(&id, Leg::Begin)).records, ["never-sent"]);
    assert!(w.checkout.armed().is_none(), "nothing was begun for this sale");
}

#[test]
fn a_lost_begin_is_not_repeated_and_keeps_its_bill_until_a_start() {
    for answer in [lost(), broken(), status(500), status(302), status(200), bare(1)] {
        let mut w = window();
        let (id, _) = begin(&mut w, "200.00");
        assert!(blocked(begin(&mut w, "100.00").1), "while it is out too");
        w.answer(&id, Leg::Begin, answer.clone());
        w.run(DAY, |_| None);
        assert_eq!((w.state(&id), w.begun.len(), w.checkout.armed()), (State::Beginning, 1, None), "{answer:?}");
        assert!(w.stored(&id).unwrap().is_pending());
        assert!(blocked(begin(&mut w, "200.00").1) && blocked(begin(&mut w, "100.00").1));
        assert!(blocked(w.arm(BILL).refusal), "under any business");
        w.on(unsent(&id, Leg::Begin));
        assert_eq!(w.state(&id), State::Beginning);
        assert_eq!(w.restart(), ["never-sent"]);
        assert!(!w.stored(&id).unwrap().is_pending());
        assert_eq!(begin(&mut w, "200.00").1, None);
    }
}

#[test]
fn a_sale_edited_while_its_begin_is_out_is_not_armed_by_the_answer() {
    let edits: [fn(&mut World); 3] =
        [|w| drop(w.on(Fact::Disarm)), |w| drop(w.on(Fact::NextCustomer)), |w| drop(w.arm("T99"))];
    for edit in edits {
        let mut w = window();
        let (id, _) = begin(&mut w, "200.00");
        edit(&mut w);
        let armed = w.checkout.armed().cloned();
        w.answer(&id, Leg::Begin, bare(0));
        assert_eq!(w.checkout.armed(), armed.as_ref());
        let charge = w.scan(CODES[0]).charge;
        assert_ne!(charge.as_ref(), Some(&id), "the begun recharge is not charged for another sale");
        if let Some(other) = charge {
            w.own(&other, paid("T99", "9"));
        }
        w.on(Fact::NextCustomer);
        assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 1), "it is begun, and armed at once");
        assert_eq!(w.scan(CODES[1]).charge, Some(id));
    }
}

#[test]
fn the_same_begun_sale_is_not_begun_twice() {
    // After an edit back, after a decline, after a charge that never left, after a start.
    let mut w = window();
    let id = begun(&mut w, "200.00");
    w.on(Fact::Disarm);
    assert_eq!(begin(&mut w, "200.00").1, None);
    assert_eq!(w.scan(CODES[0]).charge, Some(id.clone()));
    w.own(&id, status(404));
    assert_eq!(w.state(&id), State::Declined);
    let second = w.scan(CODES[1]).charge.expect("the sale stays armed");
    w.own(&second, unreachable());
    w.restart();
    assert_eq!(begin(&mut w, "200.00").1, None);
    let third = w.scan(CODES[2]).charge.expect("armed");
    assert!(third != id && third != second);
    w.own(&third, paid(BILL, SERIAL));
    assert_eq!((w.begun.len(), w.ended.len()), (1, 1));

    let mut w = window();
    begun(&mut w, "200.00");
    assert_eq!(w.restart(), ["never-sent"]);
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 1));
    assert!(w.checkout.armed().is_some());
}

#[test]
fn another_amount_card_or_spelling_is_begun_anew_and_only_the_last_begin_counts() {
    let mut w = window();
    begun(&mut w, "200.00");
    begun(&mut w, "100.00");
    assert_eq!(w.begun.len(), 2);
    // The platform would now check End against 100.
    begun(&mut w, "200.00");
    assert_eq!(w.begun.len(), 3);
    let mut other = w.recharge(BILL, "200.00");
    other.card = checkout::CardNumber::parse("80009999").ok();
    w.arm_sale(other, false);
    assert_eq!(w.begun.len(), 4);
    let lower = w.recharge(&BILL.to_lowercase(), "200.00");
    let mut w = window();
    begun(&mut w, "200.00");
    w.arm_sale(lower, false);
    assert_eq!(w.begun.len(), 2, "the platform may tell letter cases apart");
    // A lost Begin may have arrived: after it the one before counts no more.
    let mut w = window();
    begun(&mut w, "200.00");
    let (id, _) = begin(&mut w, "100.00");
    w.answer(&id, Leg::Begin, lost());
    w.restart();
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 3));
    // One that was refused has changed nothing.
    let mut w = window();
    begun(&mut w, "200.00");
    let (id, _) = begin(&mut w, "100.00");
    w.answer(&id, Leg::Begin, bare(-1));
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 2));
}

#[test]
fn a_reopened_journal_keeps_the_begin_that_is_out() {
    let mut w = window();
    let (id, _) = begin(&mut w, "200.00");
    assert!(w.reopen(std::slice::from_ref(&id)).is_empty());
    w.answer(&id, Leg::Begin, bare(0));
    assert_eq!((w.state(&id), w.checkout.armed()), (State::Beginning, None));
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 1));
}

#[test]
fn a_platform_that_credits_has_used_the_begin_up() {
    let settings = Settings { recharge_end: RechargeBy::Others, ..window().settings };
    let mut w = World::with(settings);
    let id = begun(&mut w, "200.00");
    w.scan(CODES[0]);
    w.own(&id, paid(BILL, SERIAL));
    w.decide(&id, Word::Release);
    assert_eq!((begin(&mut w, "200.00").1, w.begun.len()), (None, 2));
}

#[test]
fn the_words_of_an_older_refusal_do_not_stay_on_a_credited_card() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    end(&mut w, &id, bare(-1));
    assert_eq!(w.stored(&id).unwrap().text, "the platform's text");
    w.decide(&id, Word::CreditNow);
    end(&mut w, &id, bare(0));
    assert_eq!((w.state(&id), w.stored(&id).unwrap().text.as_str()), (State::Recharged, ""));
}

#[test]
fn an_end_that_certainly_never_left_is_sent_again_after_a_start_too() {
    let mut w = others();
    let id = paid_recharge(&mut w);
    end(&mut w, &id, Answer::NeverConnected { what: "refused".into() });
    assert_eq!((w.state(&id), w.ended.len()), (State::Recharging, 1));
    w.restart();
    assert_eq!(w.state(&id), State::Recharging);
    w.pass(1_000).tick();
    assert_eq!(w.ended.len(), 2, "the first try never left, so this is the first that may arrive");
    w.restart();
    assert_eq!(w.state(&id), State::RechargeUndecided, "nobody can prove whether the second one left");
}

fn unsent(id: &ChargeId, leg: Leg) -> Fact {
    Fact::NeverHandedOver { charge: id.clone(), leg }
}
