//! Killed at any moment: one request for each code, no money that nobody knows of, a journal that is whole.

mod desk;

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use desk::{Desk, code};
use gateway_sim::Ledger;

/// How often a charge is killed.
const KILLS: u32 = 48;
/// Longer than a charge takes from its start to its end.
const SPAN: Duration = Duration::from_millis(160);
/// What the killed charges would have met.
const FATES: [&str; 6] = ["paid", "password", "lost-answer", "refused", "lost-request", "never"];

/// splitmix64: the same seed, the same moments.
struct Moments(u64);

impl Moments {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % below
    }
}

fn seed() -> u64 {
    let fixed = std::env::var("WICKET_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    fixed.unwrap_or_else(|| SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |now| now.as_nanos() as u64))
}

/// How a killed charge ended, in the journal's words.
fn state_of(desk: &Desk, bill: &str) -> Option<String> {
    desk.run(&["history", "--bill", bill, "--json"], "").exits(0).states().first().cloned()
}

fn once_each(books: &Ledger) {
    for charge in &books.charges {
        assert_eq!((charge.nth_for_bill, charge.nth_for_code), (1, 1), "{charge:?}");
    }
}

#[test]
fn a_charge_killed_at_any_moment_is_sent_once_and_never_forgotten() {
    let seed = seed();
    println!("WICKET_TEST_SEED={seed}");
    let mut moments = Moments(seed);
    let desk = Desk::new();
    let mut killed_early = 0;
    let begun = Instant::now();
    for n in 0..KILLS {
        let fate = FATES[moments.next(FATES.len() as u64) as usize];
        let bill = format!("T{n}");
        let line = desk::order(&bill, "260.00", &[]);
        let mut running = desk.start(&line);
        running.say(&format!("{}\n", code(fate)));
        std::thread::sleep(Duration::from_micros(moments.next(SPAN.as_micros() as u64)));
        let said = running.kill();
        killed_early += u32::from(said.code.is_none());
    }
    println!("{killed_early} of {KILLS} were killed before their end, in {:?}", begun.elapsed());
    assert!(killed_early >= KILLS / 4, "the moments are too late to tell anything");

    let sent = desk.sim.ledger().charges.len();
    // What the gateway knows ends by itself, the rest stays open.
    let said = desk.run(&["resume", "--wait", "3"], "");
    assert!(matches!(said.code, Some(0 | 4)), "{said:?}");
    let books = desk.sim.ledger();
    assert_eq!(books.charges.len(), sent, "a start never sends a charge");
    once_each(&books);
    desk.nothing_twice();
    let known = desk.run(&["history", "--json"], "").exits(0).lines();
    for charge in &books.charges {
        let line = known.iter().find(|line| line["bill"] == charge.bill.as_str());
        let line = line.unwrap_or_else(|| panic!("sent, and not in the journal: {charge:?}"));
        let state = line["state"].as_str().expect("a state");
        let open = ["sending", "confirming", "checking", "parked"].contains(&state);
        let fits = if charge.taken.is_some() { state == "paid" || open } else { state != "paid" };
        assert!(fits, "{state}: {charge:?}");
    }
    for line in known.iter().filter(|line| line["state"] == "never-sent") {
        assert!(!books.charges.iter().any(|charge| line["bill"] == charge.bill.as_str()), "{line}");
    }
    let whole = desk.run(&["verify"], "").exits(0);
    assert!(whole.out.contains("first bad record: none") && whole.out.contains("witness: agrees"), "{}", whole.out);
    // Every bill that may have taken money is shut for ever, in any letter case.
    let parked = known.iter().find(|line| line["state"] == "parked").and_then(|line| line["bill"].as_str());
    if let Some(bill) = parked {
        desk.charge(&bill.to_lowercase(), &code("paid"), &[]).exits(2);
        assert_eq!(state_of(&desk, bill).as_deref(), Some("parked"));
    }
}

#[test]
fn a_resume_killed_at_any_moment_loses_nothing() {
    let seed = seed();
    println!("WICKET_TEST_SEED={seed}");
    let mut moments = Moments(seed);
    let desk = Desk::new();
    for n in 0..4 {
        desk.charge(&format!("T{n}"), &code("never"), &["--wait", "0"]).exits(4);
    }
    for _ in 0..8 {
        let running = desk.start(&["resume"]);
        std::thread::sleep(Duration::from_micros(moments.next(SPAN.as_micros() as u64)));
        running.kill();
    }
    for n in 0..4 {
        let bill = format!("T{n}");
        assert!(desk.sim.approve(&bill));
        assert!(matches!(state_of(&desk, &bill).as_deref(), Some("confirming" | "parked" | "checking")));
    }
    let said = desk.run(&["resume"], "").exits(0);
    assert_eq!(said.states().iter().filter(|state| *state == "paid").count(), 4, "{}", said.out);
    once_each(&desk.sim.ledger());
    desk.run(&["verify"], "").exits(0);
}
