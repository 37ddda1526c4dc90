//! `sim`: proves at length, replays a seed, or lives for hours; `make proof` and `make sim` call it.
#![allow(clippy::print_stdout, reason = "a report is what this program is for")]

use std::process::ExitCode;
use std::time::{Duration, Instant};

use sim::exhaustive::{self, Share};
use sim::{calm, journeys, random, report};

/// Seeds of random lives in the proof, far from those of the tests.
const PROOF_SEEDS: u64 = 1_000_000;
/// Charges of the proof's random lives, of its calm ones, and those kept in a real journal.
const MILLION: u64 = 1_000_000;
/// Charges before hours are looked at again.
const BATCH: u64 = 20_000;

const USAGE: &str = "sim singles | sim pairs | sim random CHARGES | sim calm CHARGES | sim journal CHARGES | sim seed SEED | sim hours HOURS";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let number = |default: u64| arguments.get(1).map_or(Some(default), |text| text.parse().ok());
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let began = Instant::now();
    let good = match (arguments.first().map(String::as_str), number(MILLION)) {
        (Some("singles"), _) => pairs(Share { slice: 1, of: u64::MAX }, threads),
        (Some("pairs"), _) => pairs(Share::ALL, threads),
        (Some("random"), Some(charges)) => lives(PROOF_SEEDS, charges, false, threads),
        (Some("calm"), Some(charges)) => lives(PROOF_SEEDS, charges, true, threads),
        (Some("journal"), Some(charges)) => journal(charges),
        (Some("seed"), Some(seed)) => replay(seed),
        (Some("hours"), Some(hours)) => long(Duration::from_secs(hours * 3_600), threads),
        _ => {
            println!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    println!("{} s", began.elapsed().as_secs());
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn pairs(share: Share, threads: usize) -> bool {
    let tallies = exhaustive::all(&journeys::all(), share, threads);
    println!("{}", report::exhaustive(&tallies));
    report::is_proof(&tallies)
}

fn lives(first: u64, charges: u64, calm: bool, threads: usize) -> bool {
    let tally = random::many(first, charges, calm, threads);
    println!("{}", report::random(&tally, calm));
    match tally.broken {
        Some(seed) => {
            println!("{}", report::reproduction(seed));
            false
        }
        None => true,
    }
}

fn journal(charges: u64) -> bool {
    match calm::journal(charges) {
        Ok(report) => {
            println!("{report}");
            true
        }
        Err(what) => {
            println!("{what}");
            false
        }
    }
}

fn replay(seed: u64) -> bool {
    let (life, again) = (random::life(seed, false).run(), random::life(seed, false).run());
    println!("seed {seed}: {} charges, {} faults, trace {:016x}", life.charges, life.struck.len(), life.trace);
    if life.trace != again.trace {
        println!("the same seed has two traces: {:016x} and {:016x}", life.trace, again.trace);
        return false;
    }
    match life.breach {
        Some(_) => {
            println!("{}", report::reproduction(seed));
            false
        }
        None => true,
    }
}

fn long(time: Duration, threads: usize) -> bool {
    // A seed of the day, printed, so that every night lives other lives.
    let mut first = chrono::Utc::now().timestamp().unsigned_abs() << 20;
    let end = Instant::now() + time;
    println!("from seed {first}");
    while Instant::now() < end {
        let tally = random::many(first, BATCH, false, threads);
        if let Some(seed) = tally.broken {
            println!("{}", report::reproduction(seed));
            return false;
        }
        first += tally.lives + u64::try_from(threads).unwrap_or(1);
        println!("up to seed {first}: {}", report::random(&tally, false));
    }
    true
}
