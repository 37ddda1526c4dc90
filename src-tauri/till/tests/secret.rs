//! `code-is-secret`: after a busy day no payment code stands in any file of the folder, however it came in.

mod window;

use std::path::{Path, PathBuf};

use checkout::{Refusal, State};
use gateway_sim::{On, Reply, Scenario, Story};
use till::Command;
use till::view::ScanOutcome;
use window::{Window, code_for, refusal};

/// Characters of a code in a row that nobody may find.
const PART: usize = 10;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn holds(bytes: &[u8], part: &str) -> bool {
    bytes.windows(part.len()).any(|window| window == part.as_bytes())
}

/// Every file that holds a code, or a part of it that is more than its ends.
fn leaks(folder: &Path, codes: &[String]) -> Vec<String> {
    let mut all = Vec::new();
    files(folder, &mut all);
    let names: Vec<_> =
        all.iter().map(|path| path.file_name().expect("a name").to_string_lossy().into_owned()).collect();
    for wanted in ["journal.db", "journal.witness", "pending.json"] {
        assert!(names.iter().any(|name| name == wanted), "{wanted} is looked at: {names:?}");
    }
    assert!(names.iter().any(|name| name.starts_with("wicket.")), "the log is looked at: {names:?}");
    let mut found = Vec::new();
    for path in all.iter().filter(|path| path.file_name().is_some_and(|name| name != "ballast")) {
        let mut bytes = std::fs::read(path).expect("read");
        if path.extension().is_some_and(|kind| kind == "log") {
            // The platform in this very process says what it answers; that log is its own.
            let text = String::from_utf8(bytes).expect("text");
            bytes = text.lines().filter(|line| !line.contains(" gateway_sim: ")).collect::<String>().into_bytes();
            assert!(holds(&bytes, "13…"), "the log says something of codes");
        }
        for code in codes {
            // Not from the first two on: those may be shown, and a run of zeros may stand anywhere.
            let part = &code[code.len() - PART - 2..code.len() - 2];
            if holds(&bytes, part) {
                found.push(format!("{}: {code}", path.display()));
            }
        }
    }
    found
}

/// A life in which the platform repeats the code in every text it has.
fn echoing(code: &str) -> Scenario {
    let said = |errcode| Reply { errmsg: format!("付款码 {code} 无效"), ..Reply::bare(errcode, "") };
    let open = Reply { errmsg: code.to_owned(), ..Reply::waiting() };
    Scenario::telling("echo", Story::of(open, vec![said(40007), said(1), Reply::word(code), Reply::success()]))
}

#[tokio::test]
async fn no_code_is_left_in_any_file_after_a_busy_day() {
    let window = Window::open().await;
    let folder = window.place.folder.path().to_owned();
    let home = till::home::Home::at(&folder).expect("a home");
    let log = till::logs::start(&home, false).expect("a log");
    let mut codes = Vec::new();
    let mut fresh = |scenario: &str| {
        let code = code_for(scenario);
        codes.push(code.clone());
        code
    };

    // Nothing is armed; glued; twice; a bill, an operator and a card that a typing scanner filled in.
    assert_eq!(refusal(window.scan(&fresh("paid")).await), Refusal::NotArmed);
    let glued = format!("{}{}", fresh("paid"), fresh("paid"));
    assert!(matches!(refusal(window.scan(&glued).await), Refusal::NotACode { .. }));
    assert!(window.arm(&fresh("paid")).await.is_err());
    assert!(window.ask(Command::SignIn { operator: fresh("paid") }).await.is_err());
    let mut entry = window::entry("T0", "1.00");
    entry.card = fresh("paid");
    entry.amount = fresh("paid");
    assert!(window.ask(Command::Arm { entry, large_confirmed: true }).await.is_err());

    for (bill, scenario, ends) in [
        ("T1", "paid", State::Paid),
        ("T2", "password", State::Paid),
        ("T3", "refused", State::Declined),
        ("T4", "lost-answer", State::Paid),
        ("T5", "model-state", State::Declined),
        ("T6", "html", State::Paid),
    ] {
        let code = fresh(scenario);
        window.charge(bill, &code).await;
        window.scan(&code).await;
        assert!(matches!(
            window.scan(&fresh("paid")).await,
            ScanOutcome::Refused { .. } | ScanOutcome::Charging { .. }
        ));
        window
            .until("the end", |view| view.front.as_ref().is_some_and(|f| f.state == ends || f.state == State::Paid))
            .await;
    }
    let unknown = format!("99{}", &fresh("paid")[2..]);
    window.arm("T7").await.expect("armed");
    assert_eq!(window.scan(&unknown).await, ScanOutcome::Held);
    window.ask(Command::DecideHeld { accept: true }).await.expect("used");
    window.until_front(State::Paid).await;

    let echoed = fresh("paid");
    window.sim.order(On::Charge, echoing(&echoed));
    window.charge("T8", &echoed).await;
    window.until_front(State::Paid).await;

    // A disk that breaks, and an end in the middle of it all.
    let code = fresh("never");
    window.arm("T9").await.expect("armed");
    window.till.journal().call(|journal| journal.break_next_commit(true)).await.expect("a journal");
    assert_eq!(refusal(window.scan(&code).await), Refusal::JournalUnsure);
    window.charge("T9", &fresh("never")).await;
    window.until_front(State::Confirming).await;
    let window = window.killed_and_started().await;
    window.sign_in().await;
    assert!(matches!(refusal(window.scan(&code).await), Refusal::CodeUsed { .. }));
    let backup = window.place.file("exports").join("copy.db");
    window.till.journal().call(move |journal| journal.backup(&backup)).await.expect("a journal").expect("a copy");
    window.till.stop().await;
    drop(log);
    assert_eq!(leaks(&folder, &codes), Vec::<String>::new());
    window.nothing_twice();
}
