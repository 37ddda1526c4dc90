//! `wicketctl charge`: its lines, its exit codes, where the code comes from, and what it says to people.

mod desk;

use checkout::Wall;
use desk::{Desk, code, order};
use gateway_sim::On;
use serde_json::Value;

/// The line that contract.md promises.
fn has_the_promised_shape(line: &Value, bill: &str) {
    let members: Vec<&str> = line.as_object().expect("an object").keys().map(String::as_str).collect();
    let mut wanted = ["at", "charge", "bill", "amount", "state", "message"];
    wanted.sort_unstable();
    assert_eq!(members, wanted, "{line}");
    assert!(line["at"].as_str().is_some_and(|at| Wall::parse_from_rfc3339(at).is_ok()), "{line}");
    assert_eq!((line["bill"].as_str(), line["amount"].as_str()), (Some(bill), Some("260.00")));
    assert!(line["charge"].as_str().is_some_and(|id| id.len() == 26), "{line}");
}

#[test]
fn paid_is_exit_0() {
    let desk = Desk::new();
    let said = desk.charge("T1", &code("paid"), &[]).exits(0);
    assert_eq!(said.states(), ["sending", "paid"]);
    said.lines().iter().for_each(|line| has_the_promised_shape(line, "T1"));
    assert_eq!(said.err, "", "nothing for people to read");
    let said = desk.charge("T2", &code("password"), &[]).exits(0);
    assert_eq!(said.states(), ["sending", "confirming", "paid"]);
    let said = desk.charge("T3", &code("lost-answer"), &[]).exits(0);
    assert_eq!(said.states(), ["sending", "checking", "paid"]);
    let sent = desk.sim.ledger();
    assert_eq!(sent.charges.iter().map(|c| c.amount_text.as_str()).collect::<Vec<_>>(), ["260.00"; 3]);
    desk.nothing_twice();
}

#[test]
fn declined_and_never_sent_are_exit_3() {
    let desk = Desk::new();
    assert_eq!(desk.charge("T1", &code("refused"), &[]).exits(3).states(), ["sending", "checking", "declined"]);
    let said = desk.charge("T2", &code("not-found"), &[]).exits(3);
    assert_eq!(said.states(), ["sending", "declined"]);
    desk.gateway(false);
    let said = desk.charge("T3", &code("paid"), &[]).exits(3);
    assert_eq!(said.states(), ["sending", "never-sent"]);
    assert!(said.out.contains("nothing charged"));
    desk.gateway(true);
    desk.charge("T3", &code("paid"), &[]).exits(0);
    desk.nothing_twice();
}

#[test]
fn what_is_open_when_the_time_is_over_is_exit_4() {
    let desk = Desk::new();
    let said = desk.charge("T1", &code("never"), &["--wait", "1"]).exits(4);
    assert_eq!(said.states(), ["sending", "confirming"]);
    assert!(
        said.err.contains("is not certain yet (confirming)") && said.err.contains("wicketctl resume"),
        "{}",
        said.err
    );
    // Only a person can change that the money was given back.
    let said = desk.charge("T2", &code("returned"), &[]).exits(4);
    assert_eq!(said.states().last().map(String::as_str), Some("returned"));
    desk.nothing_twice();
}

#[test]
fn the_time_counts_from_the_code_on() {
    let desk = Desk::new();
    let mut running = desk.start(&order("T1", "260.00", &["--wait", "1"]));
    desk.until_books(|books| books.count_all(On::Warm) > 0);
    // A customer who looks for the phone; no event tells that nothing happens.
    std::thread::sleep(std::time::Duration::from_millis(1_300));
    running.say(&format!("{}\n", code("password")));
    assert_eq!(running.end().exits(0).states(), ["sending", "confirming", "paid"]);
}

#[test]
fn the_next_charge_parks_what_an_earlier_run_left_in_front() {
    let desk = Desk::new();
    desk.charge("T1", &code("never"), &["--wait", "0"]).exits(4);
    let said = desk.charge("T2", &code("paid"), &[]).exits(0);
    assert!(said.lines().iter().all(|line| line["bill"] == "T2"), "this charge alone: {}", said.out);
    let pending = desk.run(&["pending", "--json"], "").exits(0);
    assert_eq!(pending.states(), ["parked"]);
}

#[test]
fn what_ends_in_the_back_is_not_this_charge() {
    let desk = Desk::new();
    desk.charge("T1", &code("never"), &["--wait", "0"]).exits(4);
    assert!(desk.sim.approve("T1"));
    let said = desk.charge("T2", &code("never"), &["--wait", "2"]).exits(4);
    assert!(said.lines().iter().all(|line| line["bill"] == "T2"), "{}", said.out);
    let history = desk.run(&["history", "--json"], "").exits(0);
    assert_eq!(history.states(), ["confirming", "paid"]);
}

#[test]
fn what_is_refused_before_anything_is_sent_is_exit_2() {
    let desk = Desk::new();
    let used = code("paid");
    desk.charge("T1", &used, &[]).exits(0);
    let sent = desk.sim.ledger().requests.iter().filter(|request| request.on == Some(On::Charge)).count();
    let refused = |line: &[&str], input: &str, words: &str| {
        let said = desk.run(line, input).exits(2);
        assert!(said.out.is_empty() && said.err.contains(words), "{line:?}: {said:?}");
        assert!(!said.err.contains(input.trim()) || input.trim().len() < 10, "the code is not repeated: {}", said.err);
    };
    let fresh = format!("{}\n", code("paid"));
    refused(&order("t1", "260.00", &[]), &fresh, "bill t1 already has a charge (paid");
    refused(&order("T2", "260.00", &[]), &format!("{used}\n"), "this payment code was used before");
    refused(&order("T2", "260.00", &[]), "6901234567892\n", "not a payment code");
    refused(&order("T2", "260.00", &[]), "\n", "no payment code came on standard input");
    refused(&order("T2", "260.00", &[]), "", "no payment code came on standard input");
    refused(&order("T2", "260.00", &[]), &"9".repeat(1 << 20), "not a payment code");
    for (amount, words) in [
        ("0", "Amount"),
        ("-1", "Amount"),
        ("1.234", "Amount"),
        ("1e3", "Amount"),
        ("", "Amount"),
        ("1000000000000", "Amount"),
    ] {
        refused(&order("T2", amount, &[]), &fresh, words);
    }
    for bill in ["T 2", "T\u{7}2", "T😀", "", "T23456789012345678901", &code("paid")] {
        refused(&order(bill, "1.00", &[]), &fresh, "Bill");
    }
    let line = |operator, business| {
        ["charge", "--operator", operator, "--business", business, "--bill", "T2", "--amount", "1"]
    };
    refused(&line("S0107", "7"), &fresh, "Card");
    refused(&line("S0107", "8"), &fresh, "8");
    refused(&line("S0107", "900"), &fresh, "900");
    refused(&line("", "1"), &fresh, "Operator");
    refused(&line(&code("paid"), "1"), &fresh, "Operator");
    refused(&["charge", "--bill", "T2"], &fresh, "required");
    refused(&["nonsense"], "", "nonsense");
    let after = desk.sim.ledger().requests.iter().filter(|request| request.on == Some(On::Charge)).count();
    assert_eq!(sent, after);
    desk.charge("T2", fresh.trim(), &[]).exits(0);
}

#[test]
fn a_refused_bill_needs_a_look_at_the_phone() {
    let desk = Desk::new();
    desk.charge("T1", &code("refused"), &[]).exits(3);
    let said = desk.charge("T1", &code("paid"), &[]).exits(2);
    assert!(said.err.contains("look at the customer's phone first"), "{}", said.err);
    desk.charge("T1", &code("refused"), &["--phone-shows-no-payment"]).exits(3);
    desk.charge("T1", &code("paid"), &["--phone-shows-no-payment"]).exits(0);
    let history = desk.run(&["history", "--bill", "t1", "--json"], "").exits(0);
    assert_eq!(history.states(), ["paid", "declined", "declined"], "newest first");
    assert_eq!(desk.sim.ledger().count(On::Charge, "T1"), 3);
    desk.nothing_twice();
}

#[test]
fn what_keeps_the_program_from_its_work_is_exit_1_or_a_refusal_in_words() {
    let desk = Desk::new();
    desk.settings("window.nam = \"x\"");
    let said = desk.charge("T1", &code("paid"), &[]).exits(1);
    assert!(said.err.contains("wicket.toml") && said.err.contains("nam"), "{}", said.err);
    std::fs::write(desk.file("wicket.toml"), "").expect("settings");
    let said = desk.charge("T1", &code("paid"), &[]).exits(2);
    assert!(said.err.contains("no gateway address is set"), "{}", said.err);
    std::fs::write(desk.file("wicket.toml"), "gateway.base_url = \"http://gateway.example/\"").expect("settings");
    let said = desk.charge("T1", &code("paid"), &[]).exits(1);
    assert!(said.err.contains("plain http"), "{}", said.err);
}

#[test]
fn an_unknown_wallet_is_taken_where_its_code_is_given_on_purpose() {
    let desk = Desk::new();
    let unknown = format!("99{}", &code("paid")[2..]);
    assert_eq!(desk.charge("T1", &unknown, &[]).exits(0).states(), ["sending", "paid"]);
}

/// A scanner made of a pseudo-terminal; the program opens the other end.
#[cfg(unix)]
#[test]
fn the_code_is_the_next_scan_on_a_port() {
    use std::io::Write;

    use serialport::SerialPort;

    let desk = Desk::new();
    let (mut scanner, line) = serialport::TTYPort::pair().expect("a pseudo-terminal");
    let port = line.name().expect("a name");
    let mut running = desk.start(&order("T1", "260.00", &["--scanner", &port]));
    running.until_said("Ready");
    scanner.write_all(b"\x01123\x0245\r").expect("noise");
    running.until_said("damaged scan");
    scanner.write_all(format!("{}\r", code("password")).as_bytes()).expect("scanned");
    let said = running.end().exits(0);
    assert_eq!(said.states(), ["sending", "confirming", "paid"]);
    drop(line);
    desk.nothing_twice();
}

#[test]
fn no_code_is_left_in_any_file_at_the_finest_log() {
    let desk = Desk::new();
    let mut codes = Vec::new();
    for (bill, scenario) in [("T1", "paid"), ("T2", "password"), ("T3", "refused"), ("T1", "paid"), ("T4", "half")] {
        let code = code(scenario);
        desk.charge(bill, &code, &["--wait", "2"]);
        codes.push(code);
    }
    let glued = format!("{}{}", code("paid"), code("paid"));
    desk.charge("T5", &glued, &[]).exits(2);
    codes.push(glued);
    let mut folders = vec![desk.folder.path().to_owned()];
    let mut looked_at = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("ballast") {
                let bytes = std::fs::read(&path).expect("read");
                let held = codes.iter().find(|code| bytes.windows(10).any(|part| part == &code.as_bytes()[4..14]));
                assert_eq!(held, None, "{}", path.display());
                looked_at += 1;
            }
        }
    }
    assert!(looked_at >= 5, "journal, witness, secret, list, log");
}
