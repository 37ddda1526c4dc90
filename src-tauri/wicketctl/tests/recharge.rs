//! `wicketctl charge` for business 7 and `resume` with a recharge pending: lines, exit codes, one credit.

mod desk;

use desk::{Desk, Said, code};
use gateway_sim::{Fault, On, Reply, Scenario, scenario};

const CARD: &str = "80001234";
const BY_WINDOW: &str = "recharge.begin = \"window\"\ngateway.payment_type = \"66\"";

fn recharge(desk: &Desk, bill: &str, code: &str, more: &[&str]) -> Said {
    let mut line =
        vec!["charge", "--operator", "S0107", "--business", "7", "--bill", bill, "--amount", "260.00", "--card", CARD];
    line.extend(more);
    desk.run(&line, &format!("{code}\n"))
}

fn credits(desk: &Desk, bill: &str) -> u32 {
    desk.sim.ledger().recharge(bill).map_or(0, |recharge| recharge.credits)
}

#[test]
fn a_recharge_is_exit_0_once_the_card_is_credited() {
    let desk = Desk::new();
    assert_eq!(recharge(&desk, "C1", &code("paid"), &[]).exits(0).states(), ["sending", "recharging", "recharged"]);
    let said = recharge(&desk, "C2", &code("password"), &[]).exits(0);
    assert_eq!(said.states(), ["sending", "confirming", "recharging", "recharged"]);
    desk.settings(BY_WINDOW);
    let said = recharge(&desk, "C3", &code("paid"), &[]).exits(0);
    assert_eq!(said.states(), ["beginning", "sending", "recharging", "recharged"]);
    assert!(said.lines().iter().all(|line| line["bill"] == "C3"));
    assert!(["C1", "C2", "C3"].iter().all(|bill| credits(&desk, bill) == 1));
    recharge(&desk, "c3", &code("paid"), &[]).exits(2);
    desk.nothing_twice();
    desk.settings("recharge.end = \"platform\"");
    assert_eq!(recharge(&desk, "C4", &code("paid"), &[]).exits(0).states(), ["sending", "paid"]);
}

#[test]
fn a_begin_refused_or_never_sent_is_exit_3_and_a_lost_one_exit_4() {
    let desk = Desk::new();
    desk.settings(BY_WINDOW);
    desk.sim.order(On::Begin, Scenario::replying("refused", Reply::bare(40011, "该卡已挂失")));
    let said = recharge(&desk, "C1", &code("paid"), &[]).exits(3);
    assert_eq!(said.states().last().map(String::as_str), Some("never-sent"));
    assert!(said.out.contains("该卡已挂失"), "{}", said.out);
    desk.gateway(false);
    assert_eq!(
        recharge(&desk, "C1", &code("paid"), &[]).exits(3).states().last().map(String::as_str),
        Some("never-sent")
    );
    desk.gateway(true);
    desk.sim.order(On::Begin, Scenario::spoilt("lost", Fault::Close));
    let said = recharge(&desk, "C1", &code("paid"), &[]).exits(4);
    assert_eq!(said.states(), ["beginning"]);
    assert!(said.err.contains("no money is at risk"), "{}", said.err);
    desk.sim.order(On::Begin, scenario("held").expect("held"));
    let line = ["charge", "--operator", "S0107", "--business", "7", "--bill", "C9", "--amount", "1", "--card", CARD];
    let mut running = desk.start(&[&line[..], &["--wait", "0"]].concat());
    running.say(&format!("{}\n", code("paid")));
    running.until_said("nothing was charged");
    desk.until_books(|books| books.count(On::Begin, "C9") == 1);
    desk.sim.release();
    running.end().exits(4);
    assert_eq!(desk.sim.ledger().count_all(On::Charge), 0);
    // Closed as never sent by the next start, so that it may be begun anew.
    recharge(&desk, "C1", &code("paid"), &[]).exits(0);
    assert_eq!(credits(&desk, "C1"), 1);
}

#[test]
fn what_is_parked_for_a_recharge_is_not_its_story() {
    let desk = Desk::new();
    desk.charge("T1", &code("never"), &["--wait", "0"]).exits(4);
    desk.settings(BY_WINDOW);
    let said = recharge(&desk, "C1", &code("paid"), &[]).exits(0);
    assert!(said.lines().iter().all(|line| line["bill"] == "C1"), "{}", said.out);
}

#[test]
fn an_end_refused_or_lost_is_exit_4_and_never_repeated() {
    let desk = Desk::new();
    desk.sim.order(On::End, Scenario::replying("refused", Reply::bare(40010, "确认金额与充值金额不符")));
    let said = recharge(&desk, "C1", &code("paid"), &[]).exits(4);
    assert_eq!(said.states(), ["sending", "recharging", "recharge-refused"]);
    assert!(said.out.contains("确认金额与充值金额不符"), "{}", said.out);
    desk.sim.order(On::End, Scenario::spoilt("lost", Fault::Close));
    let said = recharge(&desk, "C2", &code("paid"), &[]).exits(4);
    assert_eq!(said.states(), ["sending", "recharging", "recharge-undecided"]);
    // Only people can change what is left.
    desk.run(&["resume"], "").exits(4);
    let pending = desk.run(&["pending", "--json"], "").exits(0);
    assert_eq!(pending.states(), ["recharge-refused", "recharge-undecided"]);
    assert_eq!((desk.sim.ledger().count(On::End, "C2"), credits(&desk, "C1"), credits(&desk, "C2")), (1, 0, 1));
    desk.nothing_twice();
}

#[test]
fn resume_waits_for_the_credit_of_what_it_found_paid() {
    let desk = Desk::new();
    recharge(&desk, "C1", &code("never"), &["--wait", "0"]).exits(4);
    desk.sim.order(On::End, scenario("held").expect("held"));
    desk.sim.approve("C1");
    let mut running = desk.start(&["resume"]);
    desk.until_books(|books| books.count(On::End, "C1") == 1);
    desk.sim.release();
    let said = running.end().exits(0);
    assert_eq!(said.states().iter().rev().take(2).collect::<Vec<_>>(), ["recharged", "recharging"]);
    assert_eq!(credits(&desk, "C1"), 1);
    desk.run(&["resume"], "").exits(0);
    desk.nothing_twice();
}

#[test]
fn bad_cards_and_long_bills_are_exit_2() {
    let desk = Desk::new();
    let line = |bill: &str, card: &str| {
        let line =
            ["charge", "--operator", "S0107", "--business", "7", "--bill", bill, "--amount", "1.00", "--card", card];
        desk.run(&line, &format!("{}\n", code("paid"))).exits(2).err
    };
    for (bill, card, words) in [
        ("C1", "", "Card"),
        ("C1", &*"8".repeat(21), "Card"),
        ("C1", &code("paid"), "Card"),
        (&"C".repeat(21), CARD, "Bill"),
    ] {
        let said = line(bill, card);
        assert!(said.contains(words), "{said}");
    }
    // Who begins needs the platform's id for this provider: without it nothing starts.
    desk.settings("recharge.begin = \"window\"");
    let said = recharge(&desk, "C1", &code("paid"), &[]).exits(1);
    assert!(said.err.contains("payment_type"), "{}", said.err);
    assert!(desk.sim.ledger().requests.iter().all(|request| request.on == Some(On::Warm)));
}
