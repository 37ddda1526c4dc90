//! The bounded share of the proof that every `make test` runs; `make proof` runs all of it (docs/proof.md).

use sim::exhaustive::{self, Share};
use sim::fate::{Fate, Fault, Point};
use sim::world::run;
use sim::{journeys, random, report};

/// One of so many pairs is run each time.
const PAIRS_OF: u64 = 30;
/// Charges of random lives in each run, and of calm ones.
const CHARGES: u64 = 100_000;
const CALM_CHARGES: u64 = 20_000;
/// Seeds that are lived twice.
const TWICE: u64 = 150;
const THREADS: usize = 2;

/// Which share of the pairs is run: by the day, unless `SIM_SLICE` says which.
fn slice() -> u64 {
    match std::env::var("SIM_SLICE").ok().and_then(|text| text.parse().ok()) {
        Some(slice) => slice,
        None => chrono::Utc::now().timestamp().unsigned_abs() / 86_400 % PAIRS_OF,
    }
}

#[test]
fn every_single_fault_and_a_share_of_the_pairs_breaks_no_property() {
    let slice = slice();
    println!("slice {slice} of {PAIRS_OF}: SIM_SLICE={slice} runs the same pairs again");
    let tallies = exhaustive::all(&journeys::all(), Share { slice, of: PAIRS_OF }, THREADS);
    let text = report::exhaustive(&tallies);
    println!("{text}");
    assert!(tallies.iter().all(|tally| tally.failures.is_empty()), "{text}");
    assert!(tallies.iter().all(|tally| tally.pairs == tally.pairs_by_length), "{text}");
    assert!(tallies.iter().all(|tally| tally.points > 15 && tally.pairs > 10_000), "a journey became short: {text}");
}

/// Of two charges of a bill one is paid without a receipt, and the journal cannot be read just then: on every run, for the share
/// of the pairs may leave it out.
#[test]
fn an_answer_is_never_judged_without_the_past_of_its_bill() {
    let mut pairs = 0;
    for scenario in journeys::all().iter().filter(|scenario| ["refused", "closed"].contains(&scenario.name.as_str())) {
        let bare = run(scenario, Fate::planned(&[]));
        for (charge, _) in bare.points.iter().filter(|(_, point)| *point == Point::Charge) {
            let nameless = (*charge, Fault::NoSerial);
            let single = run(scenario, Fate::planned(&[nameless]));
            let after = single.points.iter().skip_while(|(place, _)| place != charge);
            for (read, _) in after.filter(|(_, point)| *point == Point::Read) {
                let pair = run(scenario, Fate::planned(&[nameless, (*read, Fault::Unreadable)]));
                assert_eq!(pair.breach, None, "{}: {:?}", scenario.name, pair.struck);
                pairs += 1;
            }
        }
    }
    assert!(pairs > 5, "only {pairs} of them were met");
}

#[test]
fn no_random_life_loses_or_doubles_money() {
    let tally = random::many(1, CHARGES, false, THREADS);
    println!("{}", report::random(&tally, false));
    if let Some(seed) = tally.broken {
        panic!("{}", report::reproduction(seed));
    }
    assert!(tally.charges >= CHARGES);
    assert_eq!(tally.reached.len(), checkout::State::ALL.len(), "only these states were reached: {:?}", tally.reached);
    assert!(tally.struck.len() >= 48, "only these faults struck: {:?}", tally.struck);
}

#[test]
fn a_calm_life_loses_nothing_either() {
    let tally = random::many(500_000, CALM_CHARGES, true, THREADS);
    println!("{}", report::random(&tally, true));
    assert_eq!(tally.faults, 0);
    if let Some(seed) = tally.broken {
        panic!("{}", report::reproduction(seed));
    }
}

#[test]
fn the_same_seed_has_the_same_trace() {
    let mut traces = std::collections::BTreeSet::new();
    for seed in 700_000..700_000 + TWICE {
        let (one, other) = (random::life(seed, false).run(), random::life(seed, false).run());
        assert_eq!((one.trace, &one.struck), (other.trace, &other.struck), "seed {seed}");
        traces.insert(one.trace);
    }
    assert_eq!(traces.len() as u64, TWICE, "different seeds live different lives");
}

#[test]
fn a_journey_without_faults_ends_as_its_name_says() {
    for scenario in journeys::all() {
        let outcome = run(&scenario, Fate::planned(&[]));
        assert_eq!(outcome.breach, None, "{}", scenario.name);
        assert!(outcome.charges >= 1, "{}: nobody was charged", scenario.name);
    }
}
