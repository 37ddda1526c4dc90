//! Anything may happen in any order: random facts, nonsense included, watched by a second reading of design.md §2 to §5.

mod oracle;
mod world;

use checkout::event::PhoneAnswer;
use checkout::refusal::Gate;
use checkout::settle::Word;
use checkout::{Answer, ChargeId, Fact, Leg, RechargeBy, Settings};
use oracle::Oracle;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use world::answers::*;
use world::*;

/// Two of these are the same bill.
const BILLS: [&str; 4] = ["T1", "t1", "T2", "T3"];

#[derive(Clone, Debug)]
enum Op {
    Arm(usize),
    ArmStale(usize),
    Disarm,
    Scan(usize),
    AcceptHeld,
    DropHeld,
    /// A wanted answer: to the charge or query that is out, if one is.
    Reply(usize, Reply),
    /// An answer out of turn.
    Stray(usize, Leg, Reply),
    NeverHandedOver(usize, Leg),
    /// Time passes; the clocks need not agree, and nobody need tick.
    Pass(u64, bool),
    Jump(i64),
    Stop,
    Next,
    QueryNow(usize),
    Phone(usize, PhoneAnswer),
    Notice(usize),
    Gate(bool),
    /// A supervisor's decision; one without a reason is none.
    Decide(usize, Word, bool),
    Help(usize),
    Restart,
    Reopen,
}

#[derive(Clone, Copy, Debug)]
enum Whose {
    Own,
    Sibling,
    Stranger,
    Nobody,
}

#[derive(Clone, Debug)]
enum Reply {
    Full(i64, Whose, Whose, &'static str),
    Bare(i64),
    Status(u16),
    ModelState,
    Lost,
    Unreachable,
}

fn reply() -> impl Strategy<Value = Reply> {
    use Whose::*;
    let bill = prop_oneof![12 => Just(Own), 1 => Just(Stranger), 1 => Just(Nobody)];
    let serial = prop_oneof![8 => Just(Own), 3 => Just(Sibling), 1 => Just(Stranger), 3 => Just(Nobody)];
    let word = prop_oneof![
        4 => Just("SUCCESS"), 4 => Just("USERPAYING"), 6 => Just("CLOSED"), 1 => Just("PAYERROR"),
        1 => Just("REFUND"), 1 => Just(""), 1 => Just("success ")
    ];
    let code = prop_oneof![8 => Just(0_i64), 1 => Just(1), 1 => Just(-1)];
    prop_oneof![
        12 => (code, bill, serial, word).prop_map(|(c, b, s, w)| Reply::Full(c, b, s, w)),
        3 => prop_oneof![3 => Just(-1), 1 => Just(0), 1 => Just(1)].prop_map(Reply::Bare),
        2 => prop::sample::select(vec![200, 302, 400, 401, 404, 408, 500]).prop_map(Reply::Status),
        1 => Just(Reply::ModelState),
        2 => Just(Reply::Lost),
        1 => Just(Reply::Unreachable),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let n = || 0_usize..6;
    let phone = prop_oneof![3 => Just(PhoneAnswer::No), 1 => Just(PhoneAnswer::Yes), 1 => Just(PhoneAnswer::Unsure)];
    let word = prop::sample::select(Word::ALL.to_vec());
    let leg = prop::sample::select(vec![Leg::Charge, Leg::Query, Leg::Begin, Leg::End]);
    prop_oneof![
        8 => (0_usize..8).prop_map(Op::Arm),
        1 => (0_usize..8).prop_map(Op::ArmStale),
        1 => Just(Op::Disarm),
        9 => n().prop_map(Op::Scan),
        2 => Just(Op::AcceptHeld),
        1 => Just(Op::DropHeld),
        16 => (n(), reply()).prop_map(|(n, r)| Op::Reply(n, r)),
        3 => (n(), leg.clone(), reply()).prop_map(|(n, l, r)| Op::Stray(n, l, r)),
        1 => (n(), leg.clone()).prop_map(|(n, l)| Op::NeverHandedOver(n, l)),
        8 => (0_u64..8_000, prop::bool::weighted(0.8)).prop_map(|(ms, tick)| Op::Pass(ms, tick)),
        3 => (0_u64..90_000_000, prop::bool::ANY).prop_map(|(ms, tick)| Op::Pass(ms, tick)),
        1 => (-7_200_000_i64..7_200_000).prop_map(Op::Jump),
        3 => Just(Op::Stop),
        3 => Just(Op::Next),
        6 => n().prop_map(Op::QueryNow),
        3 => (n(), phone).prop_map(|(n, a)| Op::Phone(n, a)),
        1 => n().prop_map(Op::Notice),
        1 => prop::bool::weighted(0.3).prop_map(Op::Gate),
        6 => (n(), word, prop::bool::weighted(0.9)).prop_map(|(n, w, r)| Op::Decide(n, w, r)),
        1 => n().prop_map(Op::Help),
        2 => Just(Op::Restart),
        1 => Just(Op::Reopen),
    ]
}

/// The platform's serial of a charge.
fn serial(id: &ChargeId) -> String {
    format!("66|0|{id}")
}

fn say(w: &World, id: &ChargeId, reply: &Reply) -> Answer {
    let charge = w.stored(id).expect("a charge of the journal");
    let sibling = w.past(&charge.intent.bill.key()).into_iter().find(|c| c.id != *id);
    let bill = |whose: &Whose| match whose {
        Whose::Own | Whose::Sibling => charge.intent.bill.to_string().to_lowercase(),
        Whose::Stranger => "T99".into(),
        Whose::Nobody => String::new(),
    };
    let autoid = |whose: &Whose| match whose {
        Whose::Own => serial(id),
        Whose::Sibling => sibling.as_ref().map_or_else(|| "sibling".into(), |c| serial(&c.id)),
        Whose::Stranger => "stranger".into(),
        Whose::Nobody => String::new(),
    };
    match reply {
        Reply::Full(code, b, s, word) => full(*code, &bill(b), &autoid(s), word),
        Reply::Bare(code) => bare(*code),
        Reply::Status(code) => status(*code),
        Reply::ModelState => model_state(),
        Reply::Lost => lost(),
        Reply::Unreachable => unreachable(),
    }
}

/// The charge that this is about; none if there is no such charge yet.
fn about(w: &World, o: &Oracle, op: &Op) -> Option<ChargeId> {
    match op {
        Op::Stray(n, ..)
        | Op::NeverHandedOver(n, _)
        | Op::QueryNow(n)
        | Op::Phone(n, _)
        | Op::Notice(n)
        | Op::Decide(n, ..)
        | Op::Help(n) => {
            let all = w.all();
            (!all.is_empty()).then(|| all[n % all.len()].id.clone())
        }
        Op::Reply(n, _) => o.wanted(*n).map(|(id, _)| id),
        _ => Some(ChargeId(String::new())),
    }
}

/// Does one thing under the oracle's eyes.
fn act(w: &mut World, o: &mut Oracle, op: &Op) {
    let Some(id) = about(w, o, op) else { return };
    match op {
        Op::Arm(n) | Op::ArmStale(n) => {
            let (bill, yuan) = (BILLS[n % BILLS.len()], ["260.00", "12.30"][n % 2]);
            let sale = if *n < BILLS.len() { w.sale(bill, yuan) } else { w.recharge(bill, yuan) };
            o.arms(&sale);
            let past = w.past(&sale.bill.key());
            // What only the journal knows cannot be missing; open charges are known to the rules themselves.
            let stale = matches!(op, Op::ArmStale(_)) && past.iter().all(checkout::Charge::is_open);
            let past = if stale { vec![] } else { past };
            let fresh = w.fresh();
            let done = w.on(Fact::Arm { sale, past, large_confirmed: false, fresh });
            o.armed(done.refusal.is_none());
        }
        Op::Disarm => {
            o.edited();
            w.on(Fact::Disarm);
        }
        Op::Scan(n) => {
            let code = CODES.iter().chain([&UNKNOWN_CODE]).nth(n % 5).expect("a code");
            o.step(w, |w| w.scan(code));
        }
        Op::AcceptHeld => o.step(w, World::accept_held),
        Op::DropHeld => o.step(w, |w| w.on(Fact::DropHeld)),
        Op::Reply(n, reply) => {
            let (id, leg) = o.wanted(*n).expect("found above");
            let answer = say(w, &id, reply);
            o.answer(w, &id, leg, answer);
        }
        Op::Stray(_, leg, reply) => {
            let answer = say(w, &id, reply);
            o.answer(w, &id, *leg, answer);
        }
        Op::NeverHandedOver(_, leg) => o.never_handed_over(w, &id, *leg),
        Op::Pass(ms, tick) => {
            w.pass(*ms);
            if *tick {
                o.step(w, World::tick);
            }
        }
        Op::Jump(ms) => drop(w.jump(*ms)),
        Op::Stop => o.step(w, |w| w.on(Fact::StopWaiting)),
        Op::Next => {
            let done = w.on(Fact::NextCustomer);
            if done.refusal.is_none() {
                o.edited();
            }
        }
        Op::QueryNow(_) => o.step(w, |w| w.query_now(&id)),
        Op::Phone(_, answer) => o.phone(w, &id, *answer),
        Op::Notice(_) => o.step(w, |w| w.on(Fact::TakeNotice { charge: id.clone() })),
        Op::Gate(shut) => o.step(w, |w| w.on(Fact::Gate(shut.then_some(Gate::DiskFull)))),
        Op::Decide(_, word, reason) => o.decide(w, &id, *word, if *reason { "seen" } else { "" }),
        Op::Help(_) => o.step(w, |w| w.on(Fact::AskHelp { charge: id.clone() })),
        Op::Restart => o.restart(w, |w| drop(w.restart())),
        Op::Reopen => o.reopen(w),
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 4_000,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(20_261_122),
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_order_of_events_loses_or_doubles_money(
        ops in prop::collection::vec(op(), 1..100),
        begins in prop::bool::ANY,
        ends in prop::bool::weighted(0.8),
    ) {
        let by = |window| if window { RechargeBy::Window } else { RechargeBy::Others };
        let settings = Settings { recharge_begin: by(begins), recharge_end: by(ends), ..Settings::default() };
        let mut w = World::with(settings);
        let mut o = Oracle::default();
        for op in &ops {
            act(&mut w, &mut o, op);
            o.look(&w);
        }
    }
}
