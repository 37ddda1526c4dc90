//! The power is cut anywhere, and again while the journal comes back: every acknowledged record is there.

mod bench;

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use bench::{Bench, Dice, ends_as, failing};
use journal::{Head, verify};
use power::{Disk, Image, record};

/// Double cuts on every run; more with `POWER_CUTS=…`, others with `POWER_SEED=…`.
const CUTS: u64 = 100_000;
const ROUNDS: usize = 6;
const FIRST_CUTS: usize = 16;
const SECOND_CUTS: usize = 16;
/// One in so many final states is opened by the journal itself, one in so many of those is looked at whole; the end of the
/// others is read with nothing but SQLite.
const OPENED: u64 = 16;
const THOROUGH: u64 = 4;

#[derive(Clone, Copy, Debug, Default)]
struct Tally {
    double_cuts: u64,
    states: u64,
    acknowledged: u64,
}

/// One life of a journal: at work, cut, cut while it comes back, and from there on at work again.
fn life(seed: u64, disk: impl Fn(&mut Dice) -> Disk) -> Result<Tally, String> {
    let mut bench = Bench::new(seed);
    let mut tally = Tally::default();
    let (mut image, mut ends) = (Image::default(), vec![Head::EMPTY]);
    for round in 0..ROUNDS {
        let steps = 3 + round * 2;
        bench.store(&image);
        let disk = disk(&mut bench.luck);
        let (story, tape) = record(disk, || bench.work(&ends, steps));
        tally.acknowledged += story.acknowledged() as u64;
        let mut seen = HashSet::new();
        let mut next = None;
        for _ in 0..FIRST_CUTS {
            let at = power::Luck::below(&mut bench.luck, tape.ops.len() + 1);
            let cut = tape.cut(&image, at, &mut bench.luck);
            let told = |what: String| format!("life {seed}, round {round}, cut {at} of {}: {what}", tape.ops.len());
            let after = cut_again(&mut bench, &cut, &story.may_end(at), &mut seen, &mut tally);
            next = Some(after.map_err(told)?);
        }
        (image, ends) = next.expect("there were cuts");
    }
    Ok(tally)
}

/// Comes back from a cut, is cut meanwhile, and comes back from that; the last state is where life goes on.
fn cut_again(
    bench: &mut Bench,
    cut: &Image,
    ends: &[Head],
    seen: &mut HashSet<(u64, i64)>,
    tally: &mut Tally,
) -> Result<(Image, Vec<Head>), String> {
    bench.store(cut);
    let (opened, tape) = record(Disk::default(), || bench.open_taped());
    let found = opened.map_err(|error| error.to_string())?.found;
    ends_as(&found, ends)?;
    let mut last = None;
    for _ in 0..SECOND_CUTS {
        let at = power::Luck::below(&mut bench.luck, tape.ops.len() + 1);
        let again = tape.cut(cut, at, &mut bench.luck);
        // Once it was open, what it showed must stay.
        let mut ends = if at == tape.ops.len() { vec![] } else { ends.to_vec() };
        ends.push(found.head);
        tally.double_cuts += 1;
        if seen.insert((again.sum(), found.head.seq)) {
            tally.states += 1;
            bench.store(&again);
            let there = match tally.states % OPENED {
                0 => comes_back(bench, &ends, tally.states.is_multiple_of(OPENED * THOROUGH)),
                _ => bench.plain_end().and_then(|end| among(end, &ends)),
            };
            there.map_err(|what| format!("and {at} of {}: {what}", tape.ops.len()))?;
        }
        last = Some((again, ends));
    }
    Ok(last.expect("there were cuts"))
}

fn among(end: Head, ends: &[Head]) -> Result<(), String> {
    match ends.contains(&end) {
        true => Ok(()),
        false => Err(format!("it ends at {end:?} and may end at {ends:?}")),
    }
}

fn comes_back(bench: &mut Bench, ends: &[Head], thorough: bool) -> Result<(), String> {
    let opened = bench.open().map_err(|error| error.to_string())?;
    ends_as(&opened.found, ends)?;
    drop(opened.journal);
    if thorough {
        let report = verify(&bench.path("journal.db")).map_err(|error| error.to_string())?;
        if !report.is_whole() || report.caches_wrong {
            return Err(report.to_string());
        }
        bench.work(&[opened.found.head], 2);
    }
    Ok(())
}

/// Lives one after the other on every core until there were so many double cuts.
fn lives(cuts: u64, first: u64, disk: impl Fn(&mut Dice) -> Disk + Sync) -> Tally {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (next, done) = (AtomicU64::new(first), AtomicU64::new(0));
    let began = Instant::now();
    let run = || {
        let mut sum = Tally::default();
        while done.load(Ordering::Relaxed) < cuts {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            let tally =
                life(seed, &disk).unwrap_or_else(|what| panic!("{what}\nagain: POWER_SEED={seed} POWER_CUTS=1"));
            done.fetch_add(tally.double_cuts, Ordering::Relaxed);
            sum.double_cuts += tally.double_cuts;
            sum.states += tally.states;
            sum.acknowledged += tally.acknowledged;
        }
        sum
    };
    let mut sum = Tally::default();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(run)).collect();
        for thread in threads {
            let tally = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            sum.double_cuts += tally.double_cuts;
            sum.states += tally.states;
            sum.acknowledged += tally.acknowledged;
        }
    });
    println!("{sum:?} in {:?}", began.elapsed());
    sum
}

fn asked(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

#[test]
fn no_cut_and_no_second_cut_loses_an_acknowledged_record() {
    let cuts = asked("POWER_CUTS", CUTS);
    let tally = lives(cuts * 4 / 5, asked("POWER_SEED", 1), |_| Disk::default());
    assert!(tally.acknowledged > 0);
}

#[test]
fn a_disk_that_fails_and_then_loses_power_loses_no_acknowledged_record() {
    let cuts = asked("POWER_CUTS", CUTS);
    lives(cuts / 5, asked("POWER_SEED", 1) + 1_000_000, failing);
}

#[test]
fn a_commit_that_is_not_flushed_is_lost_at_once_so_these_tests_bite() {
    let lost = (1..=8).filter(|&seed| life(seed, |_| Disk { commits_unflushed: true, ..Disk::default() }).is_err());
    assert_eq!(lost.count(), 8, "what synchronous=NORMAL leaves out is missed in every life");
}
