//! The kinds of journey that are run with every fault and every ordered pair of faults.

use checkout::event::PhoneAnswer;
use checkout::{RechargeBy, Word};

use crate::platform::Pays;
use crate::scenario::{Act, Deaf, Scenario, code, unknown_code};

fn arm(bill: &str, fen: i64, business: u8) -> Act {
    Act::Arm { bill: bill.into(), fen, business }
}

/// After it all the same bill is tried again with a fresh code: it must be refused unless certainly nothing was taken.
fn and_again(mut acts: Vec<Act>, bill: &str, business: u8) -> Vec<Act> {
    acts.extend([arm(bill, 26_000, business), Act::Until(3_000), Act::Scan(code(99)), Act::Until(3_000), Act::Next]);
    acts
}

fn sale(name: &str, pays: Pays, wait: u64) -> Scenario {
    let acts = vec![arm("T1", 26_000, 1), Act::Scan(code(1)), Act::Until(wait)];
    Scenario::new(name, and_again(acts, "t1", 2)).wallet(code(1), pays)
}

fn recharge(name: &str, begin: RechargeBy, end: RechargeBy, pays: Pays) -> Scenario {
    let acts = vec![arm("C1", 20_000, 7), Act::Until(3_000), Act::Scan(code(1)), Act::Until(4_000), Act::Pass(1_000)];
    Scenario::new(name, and_again(acts, "C1", 7)).wallet(code(1), pays).recharge(begin, end)
}

/// Every kind.
pub fn all() -> Vec<Scenario> {
    use RechargeBy::{Others, Window};
    let mut refused = sale("refused", Pays::Refused, 3_000);
    refused.script.insert(3, (900, Act::Phone(PhoneAnswer::No)));
    let mut lost = sale("answer lost", Pays::Password(20_000), 3_000);
    lost.deaf = Deaf::Reply;
    let mut timeout = sale("request lost", Pays::AtOnce, 3_000);
    timeout.deaf = Deaf::Request;
    let mut one = sale("errcode 1", Pays::Password(2_500), 6_000);
    one.says_one = true;
    let held = vec![arm("T1", 26_000, 1), Act::Scan(unknown_code(1)), Act::Accept, Act::Until(3_000)];
    let settle = vec![
        arm("T1", 26_000, 1),
        Act::Scan(code(1)),
        Act::Until(1_200),
        Act::Stop,
        Act::Pass(201_000),
        Act::Settle(Word::NotPaid),
        Act::Pass(1_000),
    ];
    let restart = vec![arm("T1", 26_000, 1), Act::Scan(code(1)), Act::Until(1_500), Act::Kill, Act::Until(4_000)];
    let two = vec![
        arm("T1", 26_000, 1),
        Act::Scan(code(1)),
        Act::Until(1_500),
        Act::Stop,
        arm("T2", 1_230, 3),
        Act::Scan(code(2)),
        Act::Until(2_500),
        Act::Nod,
    ];
    let undecided_end = vec![
        arm("C1", 20_000, 7),
        Act::Until(500),
        Act::Scan(code(1)),
        Act::Until(400),
        Act::Kill,
        Act::Pass(1_000),
        Act::Settle(Word::CreditNow),
        Act::Pass(600),
    ];
    vec![
        sale("paid at once", Pays::AtOnce, 2_000),
        sale("password", Pays::Password(2_500), 6_000),
        one,
        sale("password after the front window", Pays::Password(9_000), 12_000),
        refused,
        sale("closed", Pays::Fails(1_000), 12_000),
        sale("closed and paid all the same", Pays::ClosesThenPaid(1_000, 60_000), 12_000),
        timeout,
        lost,
        Scenario::new("unknown wallet", and_again(held, "T1", 1)),
        recharge("recharge, begin and end here", Window, Window, Pays::AtOnce),
        recharge("recharge, end here, with a password", Others, Window, Pays::Password(1_500)),
        recharge("recharge, end by the platform", Window, Others, Pays::AtOnce),
        Scenario::new("recharge and a kill", undecided_end).recharge(Others, Window),
        Scenario::new("settled, and paid all the same", and_again(settle, "T1", 1))
            .wallet(code(1), Pays::Password(230_000)),
        Scenario::new("restart", and_again(restart, "T1", 1)).wallet(code(1), Pays::Password(3_000)),
        Scenario::new("two customers", and_again(two, "T1", 1)).wallet(code(1), Pays::Password(3_500)),
        sale("given back", Pays::GivenBack(0), 2_000),
    ]
}
