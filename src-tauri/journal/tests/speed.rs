//! How long an append and a start take, on request: `cargo test -p journal --test speed -- --ignored --nocapture`.

mod support;

use std::io::Write;
use std::time::{Duration, Instant};

use support::*;

#[test]
#[ignore = "a measurement"]
fn an_append_and_a_start() {
    let folder = Folder::new();
    let (mut journal, _) = folder.open();
    let mut took: Vec<Duration> = Vec::new();
    for n in 0..3_000 {
        for records in [vec![intent(n)], paid(n)] {
            let start = Instant::now();
            journal.append(&records).expect("appends");
            took.push(start.elapsed());
        }
        if n % 100 == 0 {
            journal.idle().expect("idle");
        }
    }
    took.sort();
    say(&format!("append p50 {:?} p99 {:?}", took[took.len() / 2], took[took.len() * 99 / 100]));
    let start = Instant::now();
    assert_eq!(audit(&mut journal), journal::Audit::Clean);
    say(&format!("audit of {} records {:?}", journal.head().seq, start.elapsed()));
    drop(journal);
    for which in ["first", "second"] {
        let start = Instant::now();
        let (journal, _) = folder.open();
        let open = journal.books().expect("books").open_charges().expect("open");
        say(&format!("{which} start {:?}, {} open", start.elapsed(), open.len()));
    }
}

fn say(line: &str) {
    writeln!(std::io::stdout(), "{line}").expect("says");
}
