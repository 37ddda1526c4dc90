//! New settings: they act from then on, and never under a charge that began by the old ones.

mod world;

use checkout::{Amount, Fact, Refusal, Settings, State};
use world::answers::*;
use world::*;

fn at_most(yuan: &str) -> Fact {
    let amount_max = Amount::parse(yuan).expect("an amount");
    Fact::Settings(Box::new(Settings { amount_max, ..Settings::default() }))
}

#[test]
fn armed_amount_a_sale_is_armed_by_the_rules_of_the_moment() {
    let mut w = World::new();
    w.arm(BILL);
    assert_eq!(w.on(at_most("10.00")).refusal, None);
    assert!(w.checkout.armed().is_none());
    assert_eq!(w.scan(CODES[0]).refusal, Some(Refusal::NotArmed));
    assert_eq!(w.checkout.settings().amount_max.to_string(), "10.00");
}

#[test]
fn settings_wait_for_the_charge_in_front_and_for_no_other() {
    let mut w = World::new();
    let id = w.begin(BILL, CODES[0]);
    assert_eq!(w.on(at_most("10.00")).refusal, Some(Refusal::FrontBusy { charge: id.clone() }));
    assert_eq!(w.checkout.settings().amount_max, Settings::default().amount_max);
    w.own(&id, lost());
    w.on(Fact::StopWaiting);
    assert_eq!(w.on(at_most("10.00")).refusal, None);
    // What is open is asked about as before.
    assert_eq!(w.state(&id), State::Parked);
    w.pass(MINUTE);
    assert_eq!(w.tick().asked, [id]);
}
