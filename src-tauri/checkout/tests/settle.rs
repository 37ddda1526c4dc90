//! Settling: what a supervisor may decide, when it stands, and that the gateway's truth comes first.

mod world;

use checkout::event::{Event, Record, Subject};
use checkout::settle::{Word, allowed};
use checkout::{Amount, AutoId, Charge, ChargeId, Fact, Leg, RechargeBy, Refusal, Settings, State, Why};
use world::answers::*;
use world::*;

const SERIAL: &str = "66|0|1";

/// A charge of the journal in any state, by its records alone; `owing`: a recharge, and no End was ever intended.
fn in_state(state: State, recharge: bool, owing: bool) -> (World, ChargeId) {
    let mut w = World::new();
    let id = if recharge { w.begin_recharge(BILL, CODES[0]) } else { w.begin(BILL, CODES[0]) };
    let amount = Amount::parse("200.00").expect("an amount");
    let mut write = |event| w.journal.push(Record { at: w.wall, subject: Subject::Charge(id.clone()), event });
    if recharge && !owing {
        write(Event::Crediting { amount });
    }
    write(Event::Moved { to: state, why: Why::PaidAtOnce, text: String::new() });
    // The very state, as a running program has it: a start would change some of them.
    w.jump(300_000);
    w.reopen(std::slice::from_ref(&id));
    (w, id)
}

#[test]
fn the_words_allowed_in_each_state() {
    use State::*;
    use Word as W;
    let credit: &[W] = &[W::CreditNow, W::Credited, W::NotCredited];
    for state in State::ALL {
        for owing in [false, true] {
            let want: &[W] = match (state, owing) {
                (Sending | Confirming | Checking | Parked, _) => &[W::Paid, W::NotPaid],
                (RechargeUndecided | RechargeRefused, _) => credit,
                (Paid | SettledPaid | SettledApplied, true) => credit,
                (LateSuccess | UnmatchedSuccess | Returned, _) => &[W::Applied, W::Refund],
                (Paid, false) => &[W::Release],
                // What a lost or unused Begin leaves behind is closed, and nothing else.
                (Beginning, _) => &[W::NotPaid],
                _ => &[],
            };
            let (w, id) = in_state(state, true, owing);
            let charge = Charge { state, ..w.stored(&id).unwrap() };
            assert_eq!(charge.owes_credit(), owing && matches!(state, Paid | SettledPaid | SettledApplied), "{state}");
            assert_eq!(allowed(&charge), want, "{state}, owing: {owing}");
            for word in Word::ALL {
                let (mut w, id) = in_state(state, true, owing);
                let before = w.journal.len();
                let state = w.state(&id);
                let done = w.decide(&id, word);
                let so = Some(Refusal::NotSettledSo { state, word });
                assert_eq!(done.refusal == so, !want.contains(&word), "{state} as {word:?}: {:?}", done.refusal);
                let written = w.journal.len() > before;
                assert_eq!(written, done.refusal.is_none() && !state.is_undecided(), "{state} as {word:?}");
            }
        }
    }
}

#[test]
fn each_word_leads_to_its_state_and_off_the_desk() {
    use State::*;
    for (from, word, to) in [
        (RechargeUndecided, Word::Credited, SettledCredited),
        (RechargeUndecided, Word::NotCredited, SettledNotCredited),
        (RechargeRefused, Word::Credited, SettledCredited),
        (RechargeRefused, Word::NotCredited, SettledNotCredited),
        (LateSuccess, Word::Applied, SettledApplied),
        (LateSuccess, Word::Refund, SettledRefund),
        (UnmatchedSuccess, Word::Applied, SettledApplied),
        (UnmatchedSuccess, Word::Refund, SettledRefund),
        (Returned, Word::Applied, SettledApplied),
        (Returned, Word::Refund, SettledRefund),
        (Paid, Word::Release, Released),
    ] {
        let (mut w, id) = in_state(from, false, false);
        w.journal.push(Record { at: w.wall, subject: Subject::Charge(id.clone()), event: Event::NoticeRaised });
        w.reopen(&[]);
        assert_eq!(w.decide(&id, word).records, ["settled", "noted", to.word()], "{from}");
        let charge = w.stored(&id).unwrap();
        assert!(!charge.is_pending() && !charge.notice, "{from}");
        assert_eq!(charge.why, Some(Why::Settled { by: "Li".into(), reason: "seen at the desk".into() }));
        assert!(w.ended.is_empty());
        w.restart();
        assert_eq!(w.state(&id), to);
    }
}

#[test]
fn release_frees_the_bill_of_a_paid_charge_and_nothing_else_does() {
    let (mut w, id) = in_state(State::Paid, false, false);
    assert!(matches!(w.arm(BILL).refusal, Some(Refusal::BillBlocked { .. })));
    w.on(Fact::NextCustomer);
    w.decide(&id, Word::Release);
    assert_eq!(w.arm(BILL).refusal, None);
    assert!(w.scan(CODES[1]).charge.is_some());
    for (from, word) in [
        (State::LateSuccess, Word::Applied),
        (State::RechargeRefused, Word::Credited),
        (State::RechargeRefused, Word::NotCredited),
    ] {
        let (mut w, id) = in_state(from, true, false);
        w.decide(&id, word);
        assert!(matches!(w.arm(BILL).refusal, Some(Refusal::BillBlocked { .. })), "{word:?}");
    }
}

/// An undecided charge older than any payment code.
fn old() -> (World, ChargeId) {
    old_of(false)
}

fn old_of(recharge: bool) -> (World, ChargeId) {
    let mut w = World::new();
    let id = if recharge { w.begin_recharge(BILL, CODES[0]) } else { w.begin(BILL, CODES[0]) };
    w.own(&id, open(BILL, SERIAL));
    w.run(250 * SECOND, |_| Some(open(BILL, SERIAL)));
    assert_eq!(w.state(&id), State::Parked);
    w.pass(2 * SECOND);
    (w, id)
}

#[test]
fn an_undecided_charge_is_asked_about_once_more_and_then_settled() {
    let silent = [lost(), unreachable(), status(500), status(404)];
    for answer in silent.into_iter().chain([open(BILL, SERIAL), bare(-1), closed(BILL, SERIAL), paid(BILL, "x")]) {
        for (word, to) in [(Word::NotPaid, State::SettledNotPaid), (Word::Paid, State::SettledPaid)] {
            let (mut w, id) = old();
            let before = w.asked.len();
            let done = w.decide(&id, word);
            assert_eq!((done.settling.as_ref(), done.asked.len()), (Some(&id), 1));
            assert!(done.records.is_empty() && done.refusal.is_none(), "nothing is written before the answer");
            let done = w.query(&id, answer.clone());
            assert_eq!(done.settled, [(id.clone(), None)], "{answer:?}");
            assert_eq!((w.state(&id), w.asked.len()), (to, before + 1));
            let charge = w.stored(&id).unwrap();
            assert!(charge.is_watched() && !charge.is_pending());
        }
    }
}

#[test]
fn the_success_wins_and_both_are_recorded() {
    for word in [Word::NotPaid, Word::Paid] {
        let (mut w, id) = old_of(true);
        w.decide(&id, word);
        let done = w.query(&id, paid(BILL, SERIAL));
        let overtaken = Refusal::Overtaken { state: State::Recharging };
        assert_eq!(done.settled, [(id.clone(), Some(overtaken))]);
        assert_eq!(done.records, ["paid", "notice", "credit", "recharging", "overtaken"]);
        assert_eq!((w.state(&id), w.ended.len()), (State::Recharging, 1));
    }
    let (mut w, id) = old();
    w.decide(&id, Word::NotPaid);
    let done = w.query(&id, paid(BILL, SERIAL));
    assert_eq!(done.records, ["paid", "notice", "overtaken"]);
    assert_eq!(done.settled, [(id, Some(Refusal::Overtaken { state: State::Paid }))]);
}

#[test]
fn a_proof_that_comes_another_way_overtakes_too() {
    // A second charge's query meets this charge's success while the settlement waits for the least gap.
    let (mut w, id) = old();
    let other = w.begin("T2", CODES[1]);
    w.own(&other, open("T2", "66|0|2"));
    w.query_now(&id);
    w.query(&id, open(BILL, SERIAL));
    assert!(w.decide(&id, Word::NotPaid).asked.is_empty(), "the least gap is kept");
    let past = w.past(&w.stored(&id).unwrap().intent.bill.key());
    // Met by a sibling of the bill: here a declined one, whose after-watch sees it.
    let sibling = Charge {
        id: ChargeId("C9999".into()),
        state: State::Declined,
        autoid: AutoId::new("66|0|0"),
        ..past[0].clone()
    };
    let fact = Fact::PhoneShows { charge: sibling.id.clone(), answer: checkout::event::PhoneAnswer::No, known: None };
    w.on(fact);
    let stored = [past, vec![sibling.clone()]].concat();
    w.journal.extend([
        Record {
            at: w.wall,
            subject: Subject::Charge(sibling.id.clone()),
            event: Event::Intent(sibling.intent.clone()),
        },
        Record {
            at: w.wall,
            subject: Subject::Charge(sibling.id.clone()),
            event: Event::Receipt { autoid: AutoId::new("66|0|0").unwrap() },
        },
        Record {
            at: w.wall,
            subject: Subject::Charge(sibling.id.clone()),
            event: Event::Moved {
                to: State::Declined,
                why: Why::FinalWord { word: "CLOSED".into() },
                text: String::new(),
            },
        },
    ]);
    w.reopen(&[]);
    w.query_now(&id);
    w.query(&id, open(BILL, SERIAL));
    assert!(w.decide(&id, Word::NotPaid).asked.is_empty());
    let fresh = w.fresh();
    let fact = Fact::Answer { charge: sibling.id, leg: Leg::Query, answer: paid(BILL, SERIAL), past: stored, fresh };
    let done = w.on(fact);
    assert_eq!(done.settled, [(id.clone(), Some(Refusal::Overtaken { state: State::Paid }))]);
    assert_eq!(done.records.last().map(String::as_str), Some("overtaken"));
    assert_eq!(w.state(&id), State::Paid);
}

#[test]
fn an_older_question_is_not_the_one_and_does_not_put_it_off() {
    let (mut w, id) = old();
    w.query_now(&id);
    let asked = w.asked.len();
    w.decide(&id, Word::NotPaid);
    w.pass(5 * SECOND);
    let done = w.query(&id, open(BILL, SERIAL));
    assert!(done.settled.is_empty(), "that question was sent before the decision");
    assert_eq!((done.asked.len(), w.asked.len()), (1, asked + 1), "its own question follows at once");
    let gaps: Vec<u64> = w.times(&id).windows(2).map(|t| t[1] - t[0]).collect();
    assert!(gaps.iter().all(|gap| *gap >= w.settings.min_gap_ms));
    assert_eq!(w.query(&id, lost()).settled, [(id.clone(), None)]);
}

#[test]
fn not_paid_waits_for_the_longest_life_of_a_code_and_nothing_is_settled_while_the_charge_is_out() {
    let early = |r: &Option<Refusal>| matches!(r, Some(Refusal::TooEarly { .. }));
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert!(early(&w.decide(&id, Word::Paid).refusal) && early(&w.decide(&id, Word::NotPaid).refusal));
    w.pass(300 * SECOND);
    assert!(early(&w.decide(&id, Word::Paid).refusal) && early(&w.decide(&id, Word::NotPaid).refusal));
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.run(199 * SECOND, |_| Some(bare(-1)));
    assert_eq!(w.decide(&id, Word::NotPaid).refusal, Some(Refusal::TooEarly { wait_s: 1 }));
    w.run(SECOND, |_| Some(bare(-1)));
    assert_eq!(w.decide(&id, Word::NotPaid).refusal, None);
    assert_eq!(w.decide(&id, Word::Paid).refusal, Some(Refusal::SettlingAlready));
}

#[test]
fn a_wall_clock_set_ahead_does_not_shorten_the_life_of_a_code() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, lost());
    w.run(30 * SECOND, |_| Some(bare(-1)));
    w.jump(HOUR as i64);
    assert_eq!(w.decide(&id, Word::NotPaid).refusal, Some(Refusal::TooEarly { wait_s: 170 }));
    w.run(170 * SECOND, |_| Some(bare(-1)));
    w.jump(-2 * HOUR as i64);
    assert_eq!(w.decide(&id, Word::NotPaid).refusal, None, "nor does one that is set back make it longer");
}

#[test]
fn a_decision_has_a_name_and_a_reason_and_never_a_payment_code() {
    let (mut w, id) = in_state(State::LateSuccess, false, false);
    let long = "x".repeat(201);
    let grouped = "code 2812 3456 7890 1234";
    for (by, reason, evidence, want) in [
        ("Li", "", "", Refusal::ReasonMissing),
        ("Li", " \n ", "", Refusal::ReasonMissing),
        ("", "seen", "", Refusal::ReasonMissing),
        ("Li", long.as_str(), "", Refusal::SettleText),
        ("Li", "seen", long.as_str(), Refusal::SettleText),
        (long.as_str(), "seen", "", Refusal::SettleText),
        ("Li", "a\nb", "", Refusal::SettleText),
        ("Li", "seen", "a\u{7}b", Refusal::SettleText),
        ("Li", CODES[0], "", Refusal::SettleText),
        ("Li", "seen", CODES[1], Refusal::SettleText),
        ("Li", "the phone showed 134567890123456789, closed", "", Refusal::SettleText),
        ("Li", "付款码134567890123456789已关闭", "", Refusal::SettleText),
        ("Li", "seen", "no134567890123456789", Refusal::SettleText),
        ("Li", grouped, "", Refusal::SettleText),
        (CODES[2], "seen", "", Refusal::SettleText),
    ] {
        let before = w.journal.len();
        let done = w.decide_with(&id, Word::Refund, by, reason, evidence);
        assert_eq!((done.refusal, w.journal.len()), (Some(want), before), "{by} {reason} {evidence}");
    }
    // A wallet's own order number is welcome, and 200 characters of any script.
    let order = "4200001234202611221234567890";
    assert_eq!(w.decide_with(&id, Word::Refund, "李", &"看".repeat(200), order).refusal, None);
}

#[test]
fn not_paid_frees_the_bill_and_a_later_success_is_told() {
    let (mut w, id) = old();
    w.decide(&id, Word::NotPaid);
    w.query(&id, bare(-1));
    assert_eq!(w.arm(BILL).refusal, None);
    w.on(Fact::Disarm);
    assert!((64_000..=72_000).contains(&w.until_asked(&id)));
    let done = w.query(&id, paid(BILL, SERIAL));
    assert_eq!(done.records, ["late-success", "notice"]);
    assert!(w.stored(&id).unwrap().is_pending());
    assert!(matches!(w.arm(BILL).refusal, Some(Refusal::BillBlocked { .. })));
}

#[test]
fn a_refusal_that_waits_for_its_query_ends_with_the_settlement() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    w.own(&id, bare(-1));
    w.query(&id, lost());
    w.run(250 * SECOND, |_| Some(lost()));
    w.pass(MINUTE);
    assert_eq!(w.stored(&id).unwrap().refusal, Some(-1));
    w.decide(&id, Word::NotPaid);
    w.query(&id, lost());
    assert_eq!((w.state(&id), w.stored(&id).unwrap().refusal), (State::SettledNotPaid, None));
}

#[test]
fn credit_now_sends_one_end_written_first() {
    for from in
        [State::RechargeUndecided, State::RechargeRefused, State::SettledPaid, State::SettledApplied, State::Paid]
    {
        let owing = !matches!(from, State::RechargeUndecided | State::RechargeRefused);
        let (mut w, id) = in_state(from, true, owing);
        assert!(w.stored(&id).unwrap().is_pending());
        assert_eq!(w.decide(&id, Word::CreditNow).records, ["settled", "credit", "recharging"], "{from}");
        let again = w.decide(&id, Word::CreditNow).refusal;
        assert_eq!(again, Some(Refusal::NotSettledSo { state: State::Recharging, word: Word::CreditNow }));
        w.answer(&id, Leg::End, bare(0));
        w.run(2 * DAY, |_| Some(paid(BILL, SERIAL)));
        assert_eq!((w.state(&id), w.ended.len()), (State::Recharged, 1), "{from}");
    }
}

#[test]
fn settled_as_paid_owes_the_card_until_a_person_says_so() {
    let (mut w, id) = old_of(true);
    w.decide(&id, Word::Paid);
    w.query(&id, bare(-1));
    let charge = w.stored(&id).unwrap();
    assert!(charge.state == State::SettledPaid && charge.is_pending() && w.ended.is_empty());
    w.restart();
    w.run(HOUR, |_| Some(bare(-1)));
    assert!(w.ended.is_empty() && w.stored(&id).unwrap().is_pending());
    w.decide(&id, Word::Credited);
    assert!(w.state(&id) == State::SettledCredited && !w.stored(&id).unwrap().is_pending());
}

#[test]
fn where_the_platform_credits_a_settled_success_owes_nothing() {
    for (from, word) in [(State::Parked, Word::Paid), (State::LateSuccess, Word::Applied)] {
        let (mut w, id) = in_state(from, true, true);
        w.settings = Settings { recharge_end: RechargeBy::Others, ..Settings::default() };
        w.restart();
        w.pass(2 * SECOND).tick();
        w.query(&id, lost());
        w.pass(2 * SECOND);
        w.decide(&id, word);
        w.query(&id, lost());
        let charge = w.stored(&id).unwrap();
        assert!(charge.left_to_platform && !charge.is_pending(), "{}", charge.state);
        assert!(w.decide(&id, Word::CreditNow).refusal.is_some());
    }
}

#[test]
fn a_start_forgets_a_settlement_that_waited() {
    let (mut w, id) = old();
    w.decide(&id, Word::NotPaid);
    w.restart();
    assert!(w.state(&id).is_undecided());
    w.pass(SECOND).tick();
    let done = w.query(&id, bare(-1));
    assert!(done.settled.is_empty() && w.state(&id).is_undecided());
    w.pass(2 * SECOND);
    assert_eq!(w.decide(&id, Word::NotPaid).refusal, None, "and it can be decided again");
}

#[test]
fn help_is_asked_once_and_cleared_by_settling() {
    let (mut w, id) = in_state(State::RechargeRefused, true, false);
    let ask = |w: &mut World| w.on(Fact::AskHelp { charge: id.clone() });
    assert_eq!(ask(&mut w).records, ["help"]);
    assert_eq!(ask(&mut w).refusal, Some(Refusal::Gone));
    w.restart();
    assert!(w.stored(&id).unwrap().help);
    w.decide(&id, Word::NotCredited);
    assert!(!w.stored(&id).unwrap().help);
    assert_eq!(ask(&mut w).refusal, Some(Refusal::Gone), "nothing to help with");
}
