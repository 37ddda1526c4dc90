//! Every single fault and every ordered pair of faults, at every point of each kind of journey; counted twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::fate::{Fate, Planned, Point};
use crate::scenario::Scenario;
use crate::world::{Outcome, run};

/// What of the pairs is run: every so-manieth, beginning with this one. Singles are always run.
#[derive(Clone, Copy, Debug)]
pub struct Share {
    /// The first.
    pub slice: u64,
    /// Of so many.
    pub of: u64,
}

impl Share {
    /// Every pair.
    pub const ALL: Self = Self { slice: 0, of: 1 };
}

/// What one kind of journey came to.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The kind.
    pub name: String,
    /// Points of the journey without a fault.
    pub points: u64,
    /// Runs with one fault.
    pub singles: u64,
    /// Pairs there are.
    pub pairs: u64,
    /// Pairs that were run.
    pub pairs_run: u64,
    /// The pairs there are, computed from the lengths of the traces alone.
    pub pairs_by_length: u64,
    /// Steps of the till.
    pub steps: u64,
    /// The first failures, each with what reproduces it.
    pub failures: Vec<Failure>,
}

/// A run that broke a property.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The faults, as few as there are.
    pub faults: Vec<Planned>,
    /// The property's name and what was seen.
    pub what: String,
}

/// Failures remembered for each kind; more would only scroll.
const REMEMBERED: usize = 3;

fn failure(outcome: &Outcome) -> Option<Failure> {
    let breach = outcome.breach.as_ref()?;
    Some(Failure { faults: outcome.struck.clone(), what: format!("{}: {}", breach.property, breach.what) })
}

/// Every fault at every point of a run from this one on.
fn faults_from(outcome: &Outcome, from: usize) -> impl Iterator<Item = (usize, Planned)> {
    let later = outcome.points.iter().enumerate().skip(from);
    later.flat_map(|(n, (place, point))| point.faults().iter().map(move |fault| (n, (*place, *fault))))
}

/// Runs one kind of journey with every fault, and with its share of the pairs.
pub fn journey(scenario: &Scenario, share: Share) -> Tally {
    let mut tally = Tally { name: scenario.name.clone(), ..Tally::default() };
    let bare = run(scenario, Fate::planned(&[]));
    tally.points = bare.points.len() as u64;
    tally.failures.extend(failure(&bare));
    for (n, first) in faults_from(&bare, 0) {
        let single = run(scenario, Fate::planned(&[first]));
        tally.singles += 1;
        tally.steps += single.steps;
        tally.pairs_by_length += by_length(&single.points[(n + 1).min(single.points.len())..]);
        if let Some(failure) = failure(&single) {
            if tally.failures.len() < REMEMBERED {
                tally.failures.push(failure);
            }
            // What one fault breaks, two do not break better.
            tally.pairs += faults_from(&single, n + 1).count() as u64;
            continue;
        }
        for (_, second) in faults_from(&single, n + 1) {
            tally.pairs += 1;
            // Spread over the whole journey, and another slice each time.
            if !(tally.pairs + share.slice).is_multiple_of(share.of) {
                continue;
            }
            tally.pairs_run += 1;
            let pair = run(scenario, Fate::planned(&[first, second]));
            tally.steps += pair.steps;
            if tally.failures.len() < REMEMBERED {
                tally.failures.extend(failure(&pair));
            }
        }
    }
    tally
}

/// How many faults a stretch of a trace holds, from its length by kind of point.
fn by_length(points: &[(crate::fate::Place, Point)]) -> u64 {
    use Point::*;
    let kinds = [Commit, Read, Reopen, Charge, Query, Begin, End, Step];
    let count = |kind: Point| points.iter().filter(|(_, point)| *point == kind).count();
    kinds.iter().map(|kind| (count(*kind) * kind.faults().len()) as u64).sum()
}

/// Runs every kind, on so many threads; each journey on one.
pub fn all(scenarios: &[Scenario], share: Share, threads: usize) -> Vec<Tally> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            let Some(scenario) = scenarios.get(n) else { return done };
            done.push((n, journey(scenario, share)));
        }
    };
    let mut tallies: Vec<(usize, Tally)> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a journey does not panic")).collect()
    });
    tallies.sort_by_key(|(n, _)| *n);
    tallies.into_iter().map(|(_, tally)| tally).collect()
}
