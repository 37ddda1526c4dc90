//! `wicketctl settle` and `set-pin`, and signed requests: standard input, words by state, exit codes.

mod desk;

use std::path::Path;

use desk::{Desk, Said, code};
use gateway_sim::{Fault, HawkKey, On, Scenario};

const PIN: &str = "5839207416";
const OTHER: &str = "771204913355";
const KEY: &str = "K7F3Q9ZT2M5XW8RBE10ADC3949BA59ABBE56E057F20F883E";

fn set_pin(desk: &Desk, name: &str, input: &str) -> Said {
    desk.run(&["set-pin", "--name", name], input)
}

fn settle(desk: &Desk, charge: &str, word: &str, pin: &str) -> Said {
    let line = ["settle", "--charge", charge, "--as", word, "--by", "王芳", "--reason", "核对过商户后台"];
    desk.run(&line, &format!("{pin}\n"))
}

fn desk_with_pin() -> Desk {
    let desk = Desk::new();
    set_pin(&desk, "王芳", &format!("{PIN}\n")).exits(0);
    desk
}

fn id(said: &Said) -> String {
    said.lines()[0]["charge"].as_str().expect("an id").to_owned()
}

#[test]
fn set_pin_takes_one_line_first_and_two_afterwards() {
    let desk = Desk::new();
    set_pin(&desk, "王芳", "12345\n").exits(2);
    set_pin(&desk, "王芳", "").exits(2);
    // Whoever gives two lines thinks that there is a PIN already: the first of them must not become one in silence.
    let said = set_pin(&desk, "王芳", &format!("{OTHER}\n{PIN}\n")).exits(2);
    assert!(said.err.contains("nobody has a PIN yet"), "{said:?}");
    let said = set_pin(&desk, "王芳", &format!("{PIN}\n")).exits(0);
    assert!(said.err.contains("王芳") && said.out.is_empty(), "{said:?}");
    set_pin(&desk, "李雷", &format!("{OTHER}\n")).exits(2);
    let said = set_pin(&desk, "李雷", &format!("{PIN}\n{OTHER}\n")).exits(0);
    assert!(said.err.contains("李雷") && said.err.contains("王芳"), "{said:?}");
    desk.run(&["set-pin", "--name", "王芳", "--remove"], "999999\n").exits(2);
    desk.run(&["set-pin", "--name", "王芳", "--remove"], &format!("{OTHER}\n")).exits(0);
    let said = desk.run(&["set-pin", "--name", "李雷", "--remove"], &format!("{OTHER}\n")).exits(2);
    assert!(said.err.contains("the last supervisor stays"), "{}", said.err);
    desk.run(&["set-pin", "--name", "韩梅", "--remove"], &format!("{OTHER}\n")).exits(2);
}

#[test]
fn a_wrong_pin_is_exit_2_and_the_delay_outlives_the_process() {
    let desk = desk_with_pin();
    let paid = id(&desk.charge("T1", &code("paid"), &[]).exits(0));
    for _ in 0..3 {
        let said = settle(&desk, &paid, "release", "999999").exits(2);
        assert!(said.err.contains("the name or the PIN is wrong") && said.out.is_empty(), "{said:?}");
    }
    for said in [settle(&desk, &paid, "release", PIN), set_pin(&desk, "李雷", &format!("{PIN}\n{OTHER}\n"))] {
        assert!(said.exits(2).err.contains("too many wrong PINs: try again in"));
    }
    let history = desk.run(&["history", "--json"], "").exits(0);
    assert_eq!(history.states(), ["paid"]);
}

#[test]
fn every_word_by_state_with_its_exit_code() {
    let desk = desk_with_pin();
    let paid = id(&desk.charge("T1", &code("paid"), &[]).exits(0));
    for word in ["paid", "not-paid", "credit-now", "credited", "not-credited", "applied", "refund"] {
        let said = settle(&desk, &paid, word, PIN).exits(2);
        assert!(said.err.contains("cannot be settled as") && said.out.is_empty(), "{said:?}");
    }
    let said = settle(&desk, &paid, "given-up", PIN).exits(2);
    assert!(said.err.contains("credit-now"), "it names the words: {}", said.err);
    settle(&desk, "01J0", "release", PIN).exits(2);
    let line = ["settle", "--charge", &paid, "--as", "release", "--by", "王芳", "--reason", " "];
    assert!(desk.run(&line, &format!("{PIN}\n")).exits(2).err.contains("a name and a reason"));
    assert_eq!(settle(&desk, &paid, "release", PIN).exits(0).states(), ["released"]);

    let open = id(&desk.charge("T2", &code("never"), &["--wait", "0"]).exits(4));
    assert!(settle(&desk, &open, "not-paid", PIN).exits(2).err.contains("too early"));
    assert_eq!(settle(&desk, &open, "paid", PIN).exits(0).states().last().map(String::as_str), Some("settled-paid"));
    let overtaken = id(&desk.charge("T3", &code("never"), &["--wait", "0"]).exits(4));
    desk.gateway(false);
    assert_eq!(settle(&desk, &overtaken, "paid", PIN).exits(0).states(), ["settled-paid"]);
    desk.gateway(true);
    let back = id(&desk.charge("T4", &code("returned"), &[]).exits(4));
    assert_eq!(settle(&desk, &back, "refund", PIN).exits(0).states(), ["settled-refund"]);
    let exported = desk.run(&["export", "--format", "jsonl"], "").exits(0).out;
    assert!(exported.contains("王芳") && exported.contains("核对过商户后台"), "{exported}");
}

#[test]
fn credit_now_sends_end_once_and_says_how_it_came_out() {
    let desk = desk_with_pin();
    let card =
        ["charge", "--operator", "S0107", "--business", "7", "--amount", "260.00", "--card", "80001234", "--bill"];
    let mut ids = Vec::new();
    for bill in ["C1", "C2", "C3"] {
        desk.sim.order(On::End, Scenario::instead("lost", Fault::Close));
        let said = desk.run(&[&card[..], &[bill]].concat(), &format!("{}\n", code("paid"))).exits(4);
        ids.push(id(&said));
    }
    assert_eq!(settle(&desk, &ids[0], "credit-now", PIN).exits(0).states(), ["recharging", "recharged"]);
    desk.sim.order(On::End, Scenario::spoilt("lost", Fault::Close));
    let said = settle(&desk, &ids[1], "credit-now", PIN).exits(4);
    assert_eq!(said.states(), ["recharging", "recharge-undecided"]);
    assert_eq!(settle(&desk, &ids[1], "credited", PIN).exits(0).states(), ["settled-credited"]);
    assert_eq!(settle(&desk, &ids[2], "not-credited", PIN).exits(0).states(), ["settled-not-credited"]);
    settle(&desk, &ids[0], "credit-now", PIN).exits(2);
    // Paid by a person's word: that is decided, and the card still waits.
    let said = desk.run(&[&card[..], &["C4", "--wait", "0"]].concat(), &format!("{}\n", code("never"))).exits(4);
    let owed = id(&said);
    assert_eq!(settle(&desk, &owed, "paid", PIN).exits(4).states().last().map(String::as_str), Some("settled-paid"));
    assert_eq!(settle(&desk, &owed, "credited", PIN).exits(0).states(), ["settled-credited"]);
    let books = desk.sim.ledger();
    let credits: Vec<u32> = books.recharges.iter().map(|recharge| recharge.credits).collect();
    assert_eq!((credits, books.count_all(On::End)), (vec![1, 1], 5));
    desk.run(&["resume"], "").exits(0);
    desk.nothing_twice();
}

fn key_file(path: &Path, key: &str, mode: u32) {
    std::fs::write(path, format!("{key}\n")).expect("a key");
    #[cfg(unix)]
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).expect("its mode");
}

#[test]
fn requests_are_signed_end_to_end() {
    let desk = Desk::new();
    let settings = "gateway.auth.scheme = \"hawk\"\ngateway.auth.id = \"till\"\ngateway.auth.key_file = \"hawk.key\"";
    desk.settings(settings);
    let trust = |key: &str| Some(HawkKey { id: "till".into(), key: key.into() });
    desk.sim.switch(|switches| switches.hawk = trust(KEY));
    key_file(&desk.file("hawk.key"), KEY, 0o600);
    desk.charge("T1", &code("password"), &[]).exits(0);
    // The platform's clock is ten minutes ahead: it says so, and is believed from then on.
    desk.sim.switch(|switches| switches.clock_ahead = 600);
    desk.charge("T2", &code("password"), &[]).exits(0);
    desk.sim.switch(|switches| switches.clock_ahead = 0);

    desk.sim.switch(|switches| switches.hawk = trust("another"));
    let said = desk.charge("T3", &code("paid"), &[]).exits(3);
    assert_eq!(said.states(), ["sending", "declined"]);
    assert!(said.out.contains("401") && said.out.contains("settings"), "a configuration problem: {}", said.out);
    let checked = desk.run(&["check"], "").exits(1);
    assert!(checked.out.contains("BAD") && checked.out.contains("401"), "{}", checked.out);
    #[cfg(unix)]
    {
        key_file(&desk.file("hawk.key"), KEY, 0o644);
        let said = desk.charge("T4", &code("paid"), &[]).exits(1);
        assert!(said.err.contains("hawk.key"), "{}", said.err);
    }
    desk.nothing_twice();
    for file in ["journal.db", "wicket.toml"] {
        let bytes = std::fs::read(desk.file(file)).expect("read");
        assert!(!bytes.windows(KEY.len()).any(|part| part == KEY.as_bytes()), "{file}");
    }
}
