//! `resume`, `pending`, `history`, `verify`, `export`: on the till's own journal and on copies, adding nothing.

mod desk;

use std::fs;
use std::io::Write;
use std::path::Path;

use desk::{Desk, code};
use gateway_sim::{On, scenario};

/// What `verify` says of the head, which changes with every record.
fn head(desk: &Desk) -> String {
    let said = desk.run(&["verify"], "").exits(0);
    let line = said.out.lines().find(|line| line.starts_with("head: ")).expect("a head");
    line.to_owned()
}

fn files(desk: &Desk) -> Vec<(String, Vec<u8>)> {
    let names = ["journal.db", "journal.db-wal", "journal.witness", "secret"];
    names.iter().filter_map(|name| Some(((*name).to_owned(), fs::read(desk.file(name)).ok()?))).collect()
}

fn of_everything() -> Desk {
    let desk = Desk::new();
    desk.charge("T1", &code("paid"), &[]).exits(0);
    desk.charge("T2", &code("refused"), &[]).exits(3);
    desk.charge("T3", &code("never"), &["--wait", "1"]).exits(4);
    desk.charge("T4", &code("paid"), &[]).exits(0);
    desk
}

#[test]
fn lists_are_lines_in_their_order_and_add_no_record() {
    let desk = of_everything();
    let (before, bytes) = (head(&desk), files(&desk));
    assert_eq!(desk.run(&["history", "--json"], "").exits(0).states(), ["paid", "parked", "declined", "paid"]);
    let some = desk.run(&["history", "--limit", "2", "--json"], "").exits(0);
    assert_eq!(some.lines().iter().map(|line| line["bill"].clone()).collect::<Vec<_>>(), ["T4", "T3"]);
    let one = desk.run(&["history", "--bill", "t2", "--json"], "").exits(0).lines().remove(0);
    let members =
        ["charge", "bill", "amount", "state", "message", "at", "sent_at", "operator", "business", "wallet", "code"];
    assert!(members.iter().all(|name| one.get(name).is_some()), "{one}");
    assert_eq!((one["amount"].as_str(), one["business"].as_u64()), (Some("260.00"), Some(1)));
    let text = desk.run(&["history"], "").exits(0);
    assert_eq!(text.out.lines().count(), 4);
    assert!(text.out.contains("¥     260.00") && text.out.contains("declined"), "{}", text.out);
    desk.run(&["history", "--bill", "T 1"], "").exits(2);

    assert_eq!(desk.run(&["pending", "--json"], "").exits(0).states(), ["parked"]);
    assert!(desk.run(&["pending"], "").exits(0).out.contains("T3"));
    let csv = desk.run(&["export", "--format", "csv"], "").exits(0);
    assert!(csv.out.starts_with('\u{feff}') && csv.out.lines().count() == 5, "{}", csv.out);
    assert!(csv.err.contains("4 charges exported"));
    let jsonl = desk.run(&["export", "--format", "jsonl", "--from", "2000-01-01", "--to", "2999-12-31"], "").exits(0);
    assert_eq!(jsonl.lines().len(), 4);
    assert!(jsonl.lines().iter().all(|line| line.to_string().contains("W01")), "the window is part of every line");
    let out = desk.file("office.csv").display().to_string();
    let none = desk.run(&["export", "--format", "csv", "--to", "2000-01-01", "--out", &out], "").exits(0);
    assert!(none.out.is_empty() && fs::read_to_string(&out).expect("written").lines().count() == 1);
    desk.run(&["export", "--format", "xml"], "").exits(2);
    desk.run(&["export", "--format", "csv", "--out", "/nowhere/office.csv"], "").exits(1);

    assert_eq!((head(&desk), files(&desk)), (before, bytes), "not a byte was changed");
}

#[test]
fn a_journal_that_is_not_there_yet_is_no_error_for_lists() {
    let desk = Desk::new();
    assert!(desk.run(&["pending"], "").exits(0).err.contains("no journal yet"));
    assert!(desk.run(&["history", "--json"], "").exits(0).out.is_empty());
    desk.run(&["verify"], "").exits(1);
    assert!(desk.run(&["resume"], "").exits(0).out.is_empty());
}

#[test]
fn copies_are_read_while_a_till_is_at_work_and_the_own_journal_is_not() {
    let desk = of_everything();
    desk.sim.order(On::Charge, scenario("held").expect("held"));
    let mut till = desk.start(&desk::order("T5", "260.00", &[]));
    till.say(&format!("{}\n", code("paid")));
    desk.until_books(|books| books.count(On::Charge, "T5") == 1);

    let one_too_many: [&[&str]; 6] = [
        &["pending"],
        &["history"],
        &["verify"],
        &["resume"],
        &["export", "--format", "csv"],
        &["charge", "--operator", "S1", "--business", "1", "--bill", "T6", "--amount", "1"],
    ];
    for line in one_too_many {
        let said = desk.run(line, "").exits(1);
        assert!(said.err.contains("another till has this journal open") && said.out.is_empty(), "{line:?}: {said:?}");
    }

    // With the log beside it; the last records are only there.
    let copy = desk.file("exports").join("copy.db");
    for (from, to) in
        [("journal.db", "copy.db"), ("journal.db-wal", "copy.db-wal"), ("journal.witness", "copy.witness")]
    {
        fs::copy(desk.file(from), desk.file("exports").join(to)).expect("copied");
    }
    let copy = copy.display().to_string();
    let history = desk.run(&["history", "--json", "--journal", &copy], "").exits(0);
    assert_eq!(history.states()[0], "sending");
    assert_eq!(desk.run(&["pending", "--json", "--journal", &copy], "").exits(0).lines().len(), 2);
    let whole = desk.run(&["verify", "--journal", &copy], "").exits(0);
    assert!(whole.out.contains("first bad record: none") && whole.out.contains("witness: agrees"), "{}", whole.out);
    assert_eq!(desk.run(&["export", "--format", "jsonl", "--journal", &copy], "").exits(0).lines().len(), 5);
    fs::remove_file(desk.file("exports").join("copy.db-wal")).expect("removed");
    let cut = desk.run(&["verify", "--journal", &copy], "").exits(1);
    assert!(cut.out.contains("records are missing at the journal's end"), "{}", cut.out);
    let said = desk.run(&["history", "--journal", "/nowhere/copy.db"], "").exits(1);
    assert!(said.err.contains("/nowhere/copy.db"), "{}", said.err);

    desk.sim.release();
    till.end().exits(0);
    desk.nothing_twice();
}

#[test]
fn a_changed_record_is_found() {
    let desk = of_everything();
    let path = desk.file("journal.db");
    let mut bytes = fs::read(&path).expect("read");
    // An amount, wherever it stands; a page may hold old bytes too.
    let amount = b"\"amount\":\"260.00\"";
    let places: Vec<usize> = (0..bytes.len() - amount.len()).filter(|at| bytes[*at..].starts_with(amount)).collect();
    assert!(!places.is_empty());
    places.into_iter().for_each(|at| bytes[at + 10] = b'9');
    fs::write(&path, bytes).expect("changed");
    let said = desk.run(&["verify"], "").exits(1);
    assert!(!said.out.contains("first bad record: none"), "{}", said.out);
    let said = desk.charge("T9", &code("paid"), &[]).exits(2);
    assert!(said.err.contains("changed or damaged"), "{}", said.err);
}

#[test]
fn resume_ends_when_everything_has_ended() {
    let desk = Desk::new();
    desk.charge("T1", &code("never"), &["--wait", "0"]).exits(4);
    desk.charge("T2", &code("never"), &["--wait", "0"]).exits(4);
    let said = desk.run(&["resume", "--wait", "1"], "").exits(4);
    assert!(said.err.contains("the time is over"), "{}", said.err);
    for bill in ["T1", "T2"] {
        desk.until_books(|books| books.count(On::Query, bill) > 0);
        assert!(desk.sim.approve(bill));
    }
    let said = desk.run(&["resume"], "").exits(0);
    let mut ended: Vec<_> =
        said.lines().iter().filter(|line| line["state"] == "paid").map(|l| l["bill"].clone()).collect();
    ended.sort_by_key(ToString::to_string);
    assert_eq!(ended, ["T1", "T2"]);
    desk.run(&["resume"], "").exits(0);
    assert_eq!(desk.sim.ledger().count_all(On::Charge), 2);
    desk.nothing_twice();
}

#[test]
fn resume_ends_at_once_when_only_people_can_go_on() {
    let desk = Desk::new();
    desk.charge("T1", &code("returned"), &[]).exits(4);
    let said = desk.run(&["resume"], "").exits(4);
    assert!(said.out.is_empty(), "{}", said.out);
    assert_eq!(desk.run(&["pending", "--json"], "").exits(0).states(), ["returned"]);
    // One more that a question can end.
    desk.charge("T2", &code("lost-answer"), &["--wait", "0"]);
    let said = desk.run(&["resume"], "").exits(4);
    assert!(said.out.is_empty() || said.states() == ["paid"], "{}", said.out);
}

#[test]
fn a_full_output_ends_the_program_and_not_the_charge() {
    if !Path::new("/dev/full").exists() {
        return;
    }
    let desk = Desk::new();
    let full = fs::File::options().write(true).open("/dev/full").expect("always full");
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_wicketctl"))
        .args(desk::order("T1", "260.00", &[]))
        .env("WICKET_HOME", desk.folder.path())
        .stdin(std::process::Stdio::piped())
        .stdout(full)
        .stderr(std::process::Stdio::null())
        .spawn()
        .expect("the program");
    child.stdin.take().expect("its input").write_all(format!("{}\n", code("paid")).as_bytes()).expect("a code");
    assert_eq!(child.wait().expect("its end").code(), Some(1));
    desk.run(&["resume"], "").exits(0);
    assert_eq!(desk.run(&["history", "--json"], "").exits(0).states(), ["paid"]);
    desk.nothing_twice();
}
