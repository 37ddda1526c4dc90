//! Random lives of a till: many customers, any wallet, any fault; and the shortest reproduction of one that broke something.

use std::sync::atomic::{AtomicU64, Ordering};

use checkout::event::PhoneAnswer;
use checkout::{RechargeBy, Settings, State, Word};

use crate::fate::{Fate, Fault, Planned};
use crate::platform::Pays;
use crate::rng::Rng;
use crate::scenario::{Act, Deaf, Scenario, code, unknown_code};
use crate::world::{Outcome, run};

/// Customers of one life.
const CUSTOMERS: u64 = 40;
/// In a stormy life a fault strikes once in so many points, at the worst; and at the least.
const STORMY: u64 = 6;
const MILD: u64 = 150;

/// One life from a seed.
pub struct Life {
    /// What happens.
    pub scenario: Scenario,
    /// A fault once in so many points; 0 for none.
    pub once_in: u64,
    seed: u64,
}

/// Makes a life; calm ones have customers who are slow or change their minds, but nothing goes wrong.
pub fn life(seed: u64, calm: bool) -> Life {
    let mut rng = Rng::new(seed);
    let by = |window: bool| if window { RechargeBy::Window } else { RechargeBy::Others };
    let front = *rng.pick(&[6_000, 20_000, 60_000]);
    let settings = Settings {
        recharge_begin: by(rng.once_in(2)),
        recharge_end: by(!rng.once_in(4)),
        front_window_ms: front,
        ..Settings::default()
    };
    let mut scenario = Scenario::new(&format!("life {seed}"), Vec::new());
    scenario.settings = settings;
    (scenario.seed, scenario.says_one) = (seed, rng.once_in(2));
    scenario.deaf = if calm || !rng.once_in(40) { Deaf::No } else { *rng.pick(&[Deaf::Request, Deaf::Reply]) };
    let mut numbers = 0;
    for customer in 0..CUSTOMERS {
        let acts = customer_acts(&mut rng, &mut scenario, seed, customer);
        for act in acts {
            scenario.script.push((numbers, act));
            numbers += 1;
        }
    }
    let storm = MILD - rng.below(MILD - STORMY);
    Life { scenario, once_in: if calm { 0 } else { storm }, seed }
}

fn customer_acts(rng: &mut Rng, scenario: &mut Scenario, seed: u64, customer: u64) -> Vec<Act> {
    // Most bills are new; some were there before, in other letters.
    let old = rng.once_in(8);
    let number = if old { rng.below(customer + 1) } else { customer };
    let bill = if rng.once_in(6) { format!("b{seed:x}-{number}") } else { format!("B{seed:X}-{number}") };
    let business = if rng.once_in(5) { 7 } else { 1 + u8::try_from(rng.below(6)).unwrap_or(0) };
    let fen = 1 + i64::try_from(rng.below(500_000)).unwrap_or(0);
    let secret = match rng.below(30) {
        0 => unknown_code(seed.wrapping_mul(1_000) + customer),
        // A code that was there before.
        1 => code(seed.wrapping_mul(1_000) + rng.below(customer + 1)),
        _ => code(seed.wrapping_mul(1_000) + customer),
    };
    scenario.wallets.entry(secret.clone()).or_insert_with(|| pays(rng));
    let mut acts = vec![Act::Arm { bill, fen, business }];
    if business == 7 {
        acts.push(Act::Until(4_000));
    }
    acts.push(Act::Scan(secret.clone()));
    if secret.starts_with("99") {
        acts.push(Act::Accept);
    }
    acts.push(Act::Until(*rng.pick(&[1_000, 8_000, 30_000, 70_000])));
    if rng.once_in(3) {
        acts.push(Act::Phone(*rng.pick(&[PhoneAnswer::No, PhoneAnswer::No, PhoneAnswer::Yes, PhoneAnswer::Unsure])));
    }
    acts.push(if rng.once_in(4) { Act::Stop } else { Act::Next });
    match rng.below(12) {
        0 => acts.push(Act::Pass(10_000 + rng.below(400_000))),
        1 => acts.push(Act::Nod),
        2 => acts.push(Act::Settle(*rng.pick(&Word::ALL))),
        3 if rng.once_in(3) => acts.push(Act::Kill),
        4 if rng.once_in(4) => acts.push(Act::Pass(rng.below(90_000_000))),
        _ => {}
    }
    acts
}

/// Most pay at once; of the others few take very long.
fn pays(rng: &mut Rng) -> Pays {
    let tail = |rng: &mut Rng| (500 + rng.below(1_500)) << rng.below(9);
    match rng.below(20) {
        0..=8 => Pays::AtOnce,
        9..=13 => Pays::Password(tail(rng)),
        14 => Pays::Closes(45_000),
        15 => Pays::Fails(tail(rng)),
        16 => Pays::Refused,
        17 => Pays::Hangs,
        18 => Pays::ClosesThenPaid(tail(rng), 100_000 + tail(rng)),
        _ => Pays::GivenBack(tail(rng)),
    }
}

impl Life {
    /// Lives it.
    pub fn run(&self) -> Outcome {
        run(&self.scenario, Fate::random(Rng::new(self.seed ^ 0xFA17), self.once_in))
    }
}

/// What many lives came to.
#[derive(Debug, Default)]
pub struct Tally {
    /// Lives.
    pub lives: u64,
    /// Charges handed over.
    pub charges: u64,
    /// Faults that struck.
    pub faults: u64,
    /// Steps of the till.
    pub steps: u64,
    /// States that charges were in.
    pub reached: std::collections::BTreeSet<State>,
    /// Kinds of fault that struck.
    pub struck: std::collections::BTreeSet<Fault>,
    /// The lowest seed that broke something.
    pub broken: Option<u64>,
}

/// Lives from a seed on until so many charges were handed over, on so many threads.
pub fn many(first: u64, charges: u64, calm: bool, threads: usize) -> Tally {
    let (next, handed) = (AtomicU64::new(first), AtomicU64::new(0));
    let work = || {
        let mut tally = Tally::default();
        while handed.load(Ordering::Relaxed) < charges && tally.broken.is_none() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let outcome = life(seed, calm).run();
            handed.fetch_add(outcome.charges, Ordering::Relaxed);
            tally.lives += 1;
            tally.charges += outcome.charges;
            tally.faults += outcome.struck.len() as u64;
            tally.steps += outcome.steps;
            tally.reached.extend(outcome.reached);
            tally.struck.extend(outcome.struck.iter().map(|(_, fault)| *fault));
            tally.broken = outcome.breach.map(|_| seed);
        }
        tally
    };
    let all: Vec<Tally> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().expect("a life does not panic")).collect()
    });
    all.into_iter().fold(Tally::default(), |mut sum, one| {
        sum.lives += one.lives;
        sum.charges += one.charges;
        sum.faults += one.faults;
        sum.steps += one.steps;
        sum.reached.extend(one.reached);
        sum.struck.extend(one.struck);
        sum.broken = [sum.broken, one.broken].into_iter().flatten().min();
        sum
    })
}

/// The shortest reproduction that was found of a life that broke something.
#[derive(Debug)]
pub struct Reproduction {
    /// The acts that are left.
    pub acts: Vec<(u32, Act)>,
    /// The faults that are left.
    pub faults: Vec<Planned>,
    /// What breaks.
    pub what: String,
}

/// Leaves out acts and faults as long as the same property still breaks.
pub fn shrink(seed: u64) -> Option<Reproduction> {
    let life = life(seed, false);
    let first = life.run();
    let property = first.breach.as_ref()?.property;
    let mut scenario = life.scenario;
    let mut faults = first.struck;
    let breaks = |scenario: &Scenario, faults: &[Planned]| {
        run(scenario, Fate::planned(faults)).breach.is_some_and(|breach| breach.property == property)
    };
    if !breaks(&scenario, &faults) {
        return None;
    }
    let mut size = scenario.script.len().max(faults.len());
    while size > 0 {
        let mut shorter = false;
        for at in (0..scenario.script.len()).step_by(size).rev() {
            let mut fewer = scenario.clone();
            fewer.script.drain(at..(at + size).min(scenario.script.len()));
            if breaks(&fewer, &faults) {
                (scenario, shorter) = (fewer, true);
            }
        }
        for at in (0..faults.len()).step_by(size).rev() {
            let mut fewer = faults.clone();
            fewer.drain(at..(at + size).min(faults.len()));
            if breaks(&scenario, &fewer) {
                (faults, shorter) = (fewer, true);
            }
        }
        size = if shorter && size == 1 { 1 } else { size / 2 };
    }
    let last = run(&scenario, Fate::planned(&faults));
    let what = last.breach.map(|breach| format!("{}: {}", breach.property, breach.what))?;
    Some(Reproduction { acts: scenario.script, faults: last.struck, what })
}
