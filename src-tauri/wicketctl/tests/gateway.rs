//! `wicketctl gateway-sim` and `wicketctl check`: the simulated gateway as a program of its own.

mod desk;

use desk::{Desk, Running, Said, code, order};

/// The simulator as a process, and its address.
fn simulator(desk: &Desk, more: &[&str]) -> (Running, String) {
    let mut line = vec!["gateway-sim", "--listen", "127.0.0.1:0"];
    line.extend(more);
    let mut running = desk.start(&line);
    let said = running.until_said("the simulated gateway listens on ");
    let url = said.split_whitespace().find(|word| word.starts_with("http://")).expect("an address");
    let url = url.trim_end_matches(';').to_owned();
    (running, url)
}

#[cfg(unix)]
fn ask_to_end(mut running: Running, signal: &str) -> Said {
    let asked = std::process::Command::new("kill").args([signal, &running.id().to_string()]).status().expect("kill");
    assert!(asked.success());
    running.end()
}

#[cfg(unix)]
#[test]
fn a_charge_against_it_stands_in_its_books_when_it_is_asked_to_end() {
    for signal in ["-INT", "-TERM"] {
        let desk = Desk::new();
        let (running, url) = simulator(&desk, &[]);
        std::fs::write(desk.file("wicket.toml"), format!("gateway.base_url = \"{url}\"")).expect("settings");
        desk.charge("T1", &code("paid"), &[]).exits(0);
        let said = ask_to_end(running, signal).exits(0);
        assert!(said.out.contains("taken: 260.00 yuan in 1 charges"), "{}", said.out);
        assert!(
            said.out.contains("S0107") && said.out.contains("taken, booked") && !said.out.contains("!!"),
            "{}",
            said.out
        );
        assert!(said.err.contains("charge T1 #1 [paid]"), "each request as it goes by: {}", said.err);
    }
}

#[cfg(unix)]
#[test]
fn it_may_be_ended_as_soon_as_it_says_that_it_listens() {
    let desk = Desk::new();
    for _ in 0..10 {
        let (running, _) = simulator(&desk, &[]);
        let said = ask_to_end(running, "-TERM").exits(0);
        assert!(said.out.contains("no charges"), "{}", said.out);
    }
}

#[cfg(unix)]
#[test]
fn a_script_decides_what_happens() {
    let desk = Desk::new();
    let script = desk.file("script.jsonl");
    std::fs::write(&script, "# the first one is lost\n{\"bill\":\"T1\",\"nth\":1,\"do\":\"lost-answer\"}\n")
        .expect("a script");
    let (running, url) = simulator(&desk, &["--script", &script.display().to_string()]);
    std::fs::write(desk.file("wicket.toml"), format!("gateway.base_url = \"{url}\"")).expect("settings");
    let said = desk.run(&order("T1", "260.00", &[]), &format!("{}\n", code("paid"))).exits(0);
    assert_eq!(said.states(), ["sending", "checking", "paid"]);
    ask_to_end(running, "-TERM").exits(0);
}

#[test]
fn a_bad_script_or_address_is_an_error_in_words() {
    let desk = Desk::new();
    let script = desk.file("script.jsonl");
    std::fs::write(&script, "\n{\"do\":\"paid\"}\n{\"do\":\"nonsense\"}\n").expect("a script");
    let path = script.display().to_string();
    let said = desk.run(&["gateway-sim", "--listen", "127.0.0.1:0", "--script", &path], "").exits(1);
    assert!(
        said.err.contains("script line 3") && said.err.contains("nonsense") && said.err.contains(&path),
        "{}",
        said.err
    );
    let said = desk.run(&["gateway-sim", "--listen", "127.0.0.1:0", "--script", "/nowhere"], "").exits(1);
    assert!(said.err.contains("/nowhere cannot be read"), "{}", said.err);
    let taken = desk.sim.addr().to_string();
    let said = desk.run(&["gateway-sim", "--listen", &taken], "").exits(1);
    assert!(said.err.contains(&format!("cannot listen on {taken}")), "{}", said.err);
    desk.run(&["gateway-sim", "--listen", "nowhere"], "").exits(2);
}

#[test]
fn check_says_what_it_learnt() {
    let desk = Desk::new();
    let said = desk.run(&["check"], "").exits(0);
    assert!(said.out.lines().count() >= 4 && !said.out.contains("BAD"), "{}", said.out);
    desk.gateway(false);
    let said = desk.run(&["check"], "").exits(1);
    assert!(said.out.contains("BAD"), "{}", said.out);
    std::fs::write(desk.file("wicket.toml"), "").expect("settings");
    let said = desk.run(&["check"], "").exits(1);
    assert!(said.err.contains("no gateway address is set"), "{}", said.err);
    assert_eq!(desk.sim.ledger().charges.len(), 0);
}
