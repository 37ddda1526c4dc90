//! `checkout` is pure: no I/O, no clock, no randomness, no float money; its sources and its dependency list are held to it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What the rules may depend on; none of these reads a clock, is random or does I/O as it is used here.
const DEPENDENCIES: [&str; 8] =
    ["chrono", "regex", "rust_decimal", "serde", "serde_json", "specta", "thiserror", "zeroize"];

/// Words that no source may hold, and why.
const BANNED: [(&str, &str); 32] = [
    ("std::fs", "I/O"),
    ("std::net", "I/O"),
    ("std::io", "I/O"),
    ("std::env", "I/O"),
    ("std::process", "I/O"),
    ("env!(", "depends on where it is built"),
    ("println!", "I/O"),
    ("eprintln!", "I/O"),
    ("print!(", "I/O"),
    ("dbg!", "I/O"),
    ("tokio", "I/O"),
    ("reqwest", "I/O"),
    ("rusqlite", "I/O"),
    ("tracing", "I/O"),
    ("SystemTime", "reads a clock"),
    ("Instant", "reads a clock"),
    ("Utc", "reads a clock"),
    ("Local", "reads a clock"),
    ("std::thread", "decides by scheduling"),
    ("thread_local", "hidden state"),
    ("static mut", "hidden state"),
    ("Mutex", "hidden state"),
    ("RefCell", "hidden state"),
    ("Atomic", "hidden state"),
    ("OnceLock", "hidden state"),
    ("LazyLock", "hidden state"),
    ("HashMap", "iterates in random order"),
    ("HashSet", "iterates in random order"),
    ("RandomState", "random"),
    ("getrandom", "random"),
    ("async fn", "has somebody else decide when"),
    ("arbitrary_precision", "changes how every number is read"),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|kind| kind == "rs") {
            let text = fs::read_to_string(&path).expect("a source");
            found.push((path, text));
        }
    }
    found
}

/// A word that stands by itself, not inside a longer name.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back().is_some_and(part);
        let after = line[at + word.len()..].chars().next().is_some_and(part);
        !(before || after)
    })
}

#[test]
fn the_sources_hold_no_banned_word() {
    let all = sources(&root().join("src"));
    assert!(all.len() > 20, "the sources were found");
    for (path, text) in &all {
        for (number, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            for (word, why) in BANNED {
                assert!(!line.contains(word), "{place}: {word} {why}");
            }
            for word in ["rand", "thread", "env"] {
                assert!(!has_word(line, word), "{place}: {word}");
            }
            let float = has_word(line, "f32") || has_word(line, "f64");
            let for_bindings = line.trim() == "#[specta(type = f64)]";
            assert!(!float || for_bindings, "{place}: a float can hold no money");
        }
    }
}

#[test]
fn the_dependency_list_is_short_and_closed() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("a manifest");
    let section = |name: &str| {
        let start = manifest.find(&format!("[{name}]")).expect("a section");
        let body = manifest[start..].lines().skip(1).take_while(|line| !line.starts_with('['));
        body.filter(|line| !line.trim().is_empty() && !line.starts_with('#')).collect::<Vec<_>>()
    };
    let names = |name: &str| -> BTreeSet<String> {
        let key = |line: &&str| line.split(['.', '=', ' ']).next().unwrap_or_default().to_owned();
        section(name).iter().map(key).collect()
    };
    assert_eq!(names("dependencies"), DEPENDENCIES.map(String::from).into());
    assert_eq!(names("dev-dependencies"), ["proptest".to_owned()].into());
    for banned in
        ["build-dependencies", "target.", "features]", "arbitrary_precision", "serde-float", "serde-with-float"]
    {
        assert!(!manifest.contains(banned), "{banned}");
    }
    let chrono = section("dependencies").into_iter().find(|line| line.starts_with("chrono")).expect("chrono");
    assert!(chrono.contains("default-features = false") && !chrono.contains("clock"), "chrono without its clock");
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    for (path, text) in sources(&root()) {
        assert!(text.starts_with("//! "), "{} opens with one line of purpose", path.display());
        assert!(text.lines().count() < 500, "{} is too long", path.display());
    }
}
