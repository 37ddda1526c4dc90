//! How large things may grow, so that each can be read in one go.

use crate::files::{self, Source};
use crate::rust;

const FILE_LINES: usize = 500;
const MEDIAN_LINES: usize = 200;
const FUNCTION_LINES: usize = 70;

fn written_by_people() -> impl Iterator<Item = &'static Source> {
    let ours = |file: &&Source| file.is(&[".rs", ".ts", ".svelte", ".css"]) && !file.generated();
    files::all().iter().filter(ours)
}

#[test]
fn no_file_is_long() {
    let mut lengths: Vec<(usize, &str)> =
        written_by_people().map(|file| (file.text.lines().count(), file.path.as_str())).collect();
    lengths.sort_unstable();
    let median = lengths[lengths.len() / 2].0;
    let (largest, its_path) = lengths[lengths.len() - 1];
    println!("{} files, median {median} lines, largest {largest} ({its_path})", lengths.len());

    let long = lengths.iter().filter(|(lines, _)| *lines > FILE_LINES);
    files::none(
        long.map(|(lines, path)| format!("{path}: {lines} lines")).collect(),
        "a file above 500 lines has two subjects: split it where they part",
    );
    assert!(median <= MEDIAN_LINES, "half of the files are above {median} lines: the house is growing rooms too large");
}

#[test]
fn no_function_is_long() {
    // A table of cases may be as long as it has cases: tests are left out.
    let program = files::rust().filter(|file| !format!("/{}", file.path).contains("/tests/"));
    let long = program.flat_map(|file| {
        let functions = rust::functions(&file.text).into_iter();
        let long = functions.filter(|(_, _, lines)| *lines > FUNCTION_LINES);
        long.map(|(name, line, lines)| format!("{}:{line}: {name} has {lines} lines", file.path))
    });
    files::none(long.collect(), "a function is read as a whole: above 70 lines it no longer can be");
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let silent = files::rust().filter(|file| !file.text.starts_with("//! "));
    files::none(
        silent.map(|file| file.path.clone()).collect(),
        "a newcomer reads the first line of each file: let it be `//! what this is for`",
    );
}
