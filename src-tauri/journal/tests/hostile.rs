//! A folder that somebody else wrote into: refused in words, shut behind a gate, found by the background check, or harmless.
//! Longer with `HOSTILE=<cases>`.

mod support;

use std::fs;
use std::sync::OnceLock;

use journal::{Audit, verify};
use proptest::prelude::*;
use support::*;

const NAMES: [&str; 4] = ["journal.db", "journal.db-wal", "journal.witness", "secret"];

fn hostile(usual: u32) -> ProptestConfig {
    let cases = std::env::var("HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[derive(Clone, Debug)]
enum Harm {
    Write(prop::sample::Index, Vec<u8>),
    Fill(prop::sample::Index, u8, usize),
    Cut(prop::sample::Index),
    Grow(Vec<u8>),
    Swap(prop::sample::Index, prop::sample::Index),
    Gone,
    Other(usize),
}

fn harm() -> impl Strategy<Value = Harm> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        4 => (place(), prop::collection::vec(any::<u8>(), 1..40)).prop_map(|(at, bytes)| Harm::Write(at, bytes)),
        2 => (place(), any::<u8>(), 1_usize..6_000).prop_map(|(at, byte, size)| Harm::Fill(at, byte, size)),
        2 => place().prop_map(Harm::Cut),
        1 => prop::collection::vec(any::<u8>(), 1..5_000).prop_map(Harm::Grow),
        2 => (place(), place()).prop_map(|(one, other)| Harm::Swap(one, other)),
        1 => Just(Harm::Gone),
        1 => (0..NAMES.len()).prop_map(Harm::Other),
    ]
}

/// A window after a crash: some records in the file, some in the log only.
fn a_crash() -> &'static Folder {
    static CRASH: OnceLock<Folder> = OnceLock::new();
    CRASH.get_or_init(|| {
        let folder = Folder::in_memory();
        let (mut journal, _) = folder.open();
        a_morning(&mut journal);
        journal.idle().expect("idle");
        for n in 6..=8 {
            journal.append(&[intent(n)]).expect("appends");
            journal.append(&paid(n)).expect("appends");
        }
        folder.copy()
    })
}

fn do_harm(folder: &Folder, name: &str, harm: &Harm) {
    const PAGE: usize = 4096;
    let path = folder.file(name);
    let mut bytes = fs::read(&path).unwrap_or_default();
    match harm {
        _ if bytes.is_empty() => return,
        Harm::Write(at, new) => {
            let at = at.index(bytes.len());
            let end = (at + new.len()).min(bytes.len());
            bytes.splice(at..end, new.iter().copied());
        }
        Harm::Fill(at, byte, size) => {
            let at = at.index(bytes.len());
            let end = (at + size).min(bytes.len());
            bytes[at..end].fill(*byte);
        }
        Harm::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Harm::Grow(more) => bytes.extend_from_slice(more),
        Harm::Swap(one, other) if bytes.len() >= 2 * PAGE => {
            let pages = bytes.len() / PAGE;
            let (one, other) = (one.index(pages) * PAGE, other.index(pages) * PAGE);
            for at in 0..PAGE {
                bytes.swap(one + at, other + at);
            }
        }
        Harm::Swap(..) => bytes.reverse(),
        Harm::Gone => return fs::remove_file(&path).expect("removes"),
        Harm::Other(other) => bytes = fs::read(folder.file(NAMES[*other])).unwrap_or_default(),
    }
    fs::write(&path, bytes).expect("writes");
}

proptest! {
    #![proptest_config(hostile(700))]

    #[test]
    fn hostile_files_are_found_or_harmless(harms in prop::collection::vec((prop::sample::select(&NAMES[..]), harm()), 1..4)) {
        let whole = a_crash().copy();
        let (journal, found) = whole.open();
        let head = found.head;
        drop(journal);
        let before = bodies(&whole.file("journal.db"));

        let folder = a_crash().copy();
        for (name, harm) in &harms {
            do_harm(&folder, name, harm);
        }
        let opened = match folder.try_open() {
            Err(error) => {
                prop_assert!(!error.to_string().is_empty());
                return Ok(());
            }
            Ok(opened) if opened.found.gate.is_some() => return Ok(()),
            Ok(opened) => opened,
        };
        let mut journal = opened.journal;
        if matches!(audit(&mut journal), Audit::Broken(_)) {
            return Ok(());
        }
        drop(journal);
        // A witness that is missing too proves nothing of the end: that is said, and noted in the journal; a journal that is gone
        // together with its witness is a new one (docs/security.md, "What remains").
        let noted = opened.found.notes.len() + usize::from(opened.found.head.seq == 0);
        let report = verify(&folder.file("journal.db")).expect("verifies");
        prop_assert!(report.is_whole() && !report.caches_wrong, "{report}");
        let after = bodies(&folder.file("journal.db"));
        let kept = before.iter().zip(&after).take_while(|(one, other)| one == other).count();
        prop_assert!(kept == before.len() || noted > 0, "{kept} of {head:?}: {harms:?}");
    }
}
