//! Told to end (log-out, shutdown, Ctrl+C) in the middle of its work: an answer that is near is awaited, the journal and its lock
//! are given back, and the next run knows everything.
#![cfg(unix)]

mod desk;

use std::time::Duration;

use desk::{Desk, Running, Said, code, order};
use gateway_sim::{On, scenario};

fn told(running: &Running, signal: &str) {
    let told = std::process::Command::new("kill").args([signal, &running.id().to_string()]).status();
    assert!(told.expect("kill").success());
}

/// It ended as a stop, not as a crash: the log says so, and nothing is left in the journal's log file.
fn ended_cleanly(desk: &Desk) {
    let logs = std::fs::read_dir(desk.file("logs")).expect("the logs");
    let text: String = logs.map(|log| std::fs::read_to_string(log.expect("a log").path()).expect("text")).collect();
    let last = text.lines().last().expect("a line");
    assert!(last.contains("stopped"), "{last}");
    let left = std::fs::metadata(desk.file("journal.db-wal")).map_or(0, |log| log.len());
    assert_eq!(left, 0, "everything is in the file itself");
    let whole = desk.run(&["verify"], "").exits(0);
    assert!(whole.out.contains("first bad record: none") && whole.out.contains("witness: agrees"), "{}", whole.out);
}

fn state(desk: &Desk, bill: &str) -> String {
    desk.run(&["history", "--bill", bill, "--json"], "").exits(0).states().remove(0)
}

#[test]
fn told_to_end_while_the_customer_confirms_the_charge_is_known_to_the_next_run() {
    for signal in ["-TERM", "-INT", "-HUP"] {
        let desk = Desk::new();
        let mut running = desk.start(&order("T1", "260.00", &[]));
        running.say(&format!("{}\n", code("never")));
        desk.until_books(|books| books.count(On::Query, "T1") > 0);
        told(&running, signal);
        let said: Said = running.end().exits(4);
        assert!(said.err.contains("wicketctl resume"), "{signal}: {}", said.err);
        ended_cleanly(&desk);
        assert_eq!(state(&desk, "T1"), "confirming");
        desk.charge("t1", &code("paid"), &[]).exits(2);
        assert!(desk.sim.approve("T1"));
        assert!(desk.run(&["resume"], "").exits(0).states().contains(&"paid".to_owned()), "{signal}");
        assert_eq!(desk.sim.ledger().times_taken("T1"), 1);
        desk.nothing_twice();
    }
}

#[test]
fn an_answer_that_is_on_its_way_is_awaited_and_said() {
    let desk = Desk::new();
    desk.sim.order(On::Charge, scenario("paid").expect("a scenario").after(Duration::from_secs(2)));
    let mut running = desk.start(&order("T1", "260.00", &[]));
    running.say(&format!("{}\n", code("paid")));
    desk.until_books(|books| books.count(On::Charge, "T1") > 0);
    told(&running, "-TERM");
    let said = running.end().exits(0);
    assert_eq!(said.states(), ["sending", "paid"]);
    ended_cleanly(&desk);
}

#[test]
fn told_to_end_before_a_code_came_nothing_was_charged_and_nobody_waits_for_standard_input() {
    let desk = Desk::new();
    let mut running = desk.start(&order("T1", "260.00", &[]));
    // The connection is warmed when the sale is armed.
    desk.until_books(|books| !books.requests.is_empty());
    told(&running, "-TERM");
    let said = running.end().exits(1);
    assert!(said.err.contains("nothing was charged"), "{}", said.err);
    ended_cleanly(&desk);
    desk.charge("T1", &code("paid"), &[]).exits(0);
}

#[test]
fn a_resume_that_is_told_to_end_leaves_everything_to_the_next_one() {
    let desk = Desk::new();
    desk.charge("T1", &code("never"), &["--wait", "0"]).exits(4);
    let asked = desk.sim.ledger().count(On::Query, "T1");
    let mut running = desk.start(&["resume"]);
    desk.until_books(|books| books.count(On::Query, "T1") > asked);
    told(&running, "-TERM");
    let said = running.end().exits(4);
    assert!(said.err.contains("told to end"), "{}", said.err);
    ended_cleanly(&desk);
    assert!(desk.sim.approve("T1"));
    desk.run(&["resume"], "").exits(0);
    assert_eq!(state(&desk, "T1"), "paid");
}

#[test]
#[cfg(target_os = "linux")]
fn no_core_of_it_is_ever_written() {
    let desk = Desk::new();
    let running = desk.start(&order("T1", "260.00", &[]));
    desk.until_books(|books| !books.requests.is_empty());
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", running.id())).expect("its limits");
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).expect("a limit");
    assert_eq!(core.split_whitespace().skip(4).take(2).collect::<Vec<_>>(), ["0", "0"], "{core}");
}
