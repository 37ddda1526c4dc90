//! Reports for people: numbers, and what to do about a failure.

use std::fmt::Write;

use crate::exhaustive::Tally;
use crate::random;

/// Whether every count agrees with the one computed from the traces' lengths and nothing broke.
pub fn is_proof(tallies: &[Tally]) -> bool {
    tallies.iter().all(|tally| tally.failures.is_empty() && tally.pairs == tally.pairs_by_length)
}

/// Journeys × points × pairs.
pub fn exhaustive(tallies: &[Tally]) -> String {
    let mut text = format!("{:>7} {:>8} {:>9} {:>9} {:>9}  journey\n", "points", "singles", "pairs", "computed", "run");
    let mut line = |tally: &Tally| {
        let Tally { points, singles, pairs, pairs_by_length, pairs_run, name, .. } = tally;
        let written = writeln!(text, "{points:>7} {singles:>8} {pairs:>9} {pairs_by_length:>9} {pairs_run:>9}  {name}");
        written.expect("a text takes every line");
    };
    let mut sum = Tally { name: format!("{} journeys", tallies.len()), ..Tally::default() };
    for tally in tallies {
        line(tally);
        sum.points += tally.points;
        sum.singles += tally.singles;
        sum.pairs += tally.pairs;
        sum.pairs_by_length += tally.pairs_by_length;
        sum.pairs_run += tally.pairs_run;
    }
    line(&sum);
    for tally in tallies {
        for failure in &tally.failures {
            write!(text, "\n{}: {}\n  with {:?}\n", tally.name, failure.what, failure.faults).expect("a text");
        }
    }
    text
}

/// Random lives in one line.
pub fn random(tally: &random::Tally, calm: bool) -> String {
    format!(
        "{} {} lives: {} charges, {} faults of {} kinds, {} steps, {} states reached",
        tally.lives,
        if calm { "calm" } else { "stormy" },
        tally.charges,
        tally.faults,
        tally.struck.len(),
        tally.steps,
        tally.reached.len()
    )
}

/// The shortest reproduction that can be found, and the command that replays it.
pub fn reproduction(seed: u64) -> String {
    let mut text = format!("seed {seed} breaks a property; `make sim SEED={seed}` replays it.\n");
    match random::shrink(seed) {
        Some(found) => {
            writeln!(text, "{}", found.what).expect("a text");
            for (number, act) in &found.acts {
                writeln!(text, "  act {number}: {act:?}").expect("a text");
                for (place, fault) in found.faults.iter().filter(|(place, _)| place.act == number + 1) {
                    writeln!(text, "    at its point {}: {fault:?}", place.nth).expect("a text");
                }
            }
        }
        None => text.push_str("It does not break when its faults are planned: the world is not deterministic.\n"),
    }
    text
}
