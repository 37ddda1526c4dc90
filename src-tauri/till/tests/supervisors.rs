//! Supervisors at the till: whose leave a PIN needs, the delay after wrong ones, the session, and the trace of every act.

mod settling_desk;
mod window;

use std::path::{Path, PathBuf};
use std::time::Instant;

use checkout::event::Event;
use checkout::{ChargeId, PinError, Refusal, Word};
use journal::{Journal, Stem};
use settling_desk::{NAME, PIN, acts, decide, pin, remove, set, sign_in, sits};
use till::Command;
use window::{Window, code_for};

const SECOND: &str = "771204913355";
const WRONG: &str = "4048152613";

#[tokio::test]
async fn the_first_pin_needs_no_leave_and_every_later_one_does() {
    let window = Window::open().await;
    assert!(window.till.view().supervisors.names.is_empty());
    for bad in ["", "12345", "12345a", "１２３４５６", "-123456", &"1".repeat(33)] {
        assert_eq!(window.ask(set(NAME, bad, None)).await, Err(pin(PinError::BadPin)), "{bad}");
    }
    for bad in ["", "  ", "王\n芳", &"王".repeat(41), &code_for("paid")] {
        assert_eq!(window.ask(set(bad, PIN, None)).await, Err(pin(PinError::BadName)), "{bad}");
    }
    window.ask(set(&format!(" {NAME} "), PIN, None)).await.expect("the first");
    assert_eq!(window.till.view().supervisors.names, [NAME]);
    // Not even one's own PIN is changed without leave.
    for name in ["李雷", NAME] {
        assert_eq!(window.ask(set(name, SECOND, None)).await, Err(pin(PinError::NoSession)));
    }
    assert_eq!(window.ask(set("李雷", SECOND, Some(WRONG))).await, Err(pin(PinError::Wrong)));
    window.ask(set("李雷", SECOND, Some(PIN))).await.expect("with leave");
    // Any supervisor's PIN is leave, and a session is.
    window.ask(set("韩梅", "220033", Some(SECOND))).await.expect("with leave");
    window.ask(sign_in("韩梅", "220033")).await.expect("signed in");
    window.ask(set(NAME, "998877", None)).await.expect("in a session");
    window.ask(Command::SupervisorOut).await.expect("signed out");
    assert_eq!(window.ask(sign_in(NAME, PIN)).await, Err(pin(PinError::Wrong)), "the old PIN is over");
    window.ask(sign_in(NAME, "998877")).await.expect("signed in");

    let who: Vec<String> = acts(&window).await.iter().map(told).collect();
    let wanted = [
        "set 王芳 by ",
        "wrong ",
        "set 李雷 by 王芳",
        "set 韩梅 by 李雷",
        "in 韩梅",
        "set 王芳 by 韩梅",
        "out 韩梅",
        "wrong 王芳",
        "in 王芳",
    ];
    assert_eq!(who, wanted);
}

fn told(event: &Event) -> String {
    match event {
        Event::PinSet { name, by, .. } => format!("set {name} by {by}"),
        Event::PinRemoved { name, by } => format!("removed {name} by {by}"),
        Event::PinRefused { name } => format!("wrong {name}"),
        Event::SupervisorIn { name } => format!("in {name}"),
        Event::SupervisorOut { name } => format!("out {name}"),
        other => format!("{other:?}"),
    }
}

#[tokio::test]
async fn wrong_pins_cost_a_growing_delay_that_a_restart_does_not_end() {
    let window = Window::open().await;
    window.ask(set(NAME, PIN, None)).await.expect("the first");
    // A name that nobody has counts as much, and is not told apart.
    for name in [NAME, "Nobody", NAME] {
        assert_eq!(window.ask(sign_in(name, WRONG)).await, Err(pin(PinError::Wrong)));
    }
    // Not even the right one is tried now, by any way.
    let waits = |refused: Result<(), Refusal>| match refused {
        Err(Refusal::Pin { error: PinError::Wait { wait_s } }) => wait_s,
        other => panic!("{other:?}"),
    };
    let tries = [sign_in(NAME, PIN), set("李雷", SECOND, Some(PIN)), remove(NAME, Some(PIN)), sign_in("Nobody", PIN)];
    for command in tries {
        let wait = waits(window.ask(command).await);
        assert!((25..=30).contains(&wait), "{wait}");
    }
    assert!((25..=30).contains(&window.till.view().supervisors.wait_s));
    let refused = |events: &[Event]| events.iter().filter(|event| matches!(event, Event::PinRefused { .. })).count();
    assert_eq!(refused(&acts(&window).await), 3, "what is not tried is not written down");

    let window = window.killed_and_started().await;
    assert!((20..=30).contains(&window.till.view().supervisors.wait_s));
    let wait = waits(window.ask(sign_in(NAME, PIN)).await);
    assert!((20..=30).contains(&wait), "{wait}");
    let window = window.stopped_and_started().await;
    let wait = waits(window.ask(sign_in(NAME, PIN)).await);
    assert!((15..=30).contains(&wait), "{wait}");
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_pin() {
    let window = Window::open().await;
    window.ask(set(NAME, PIN, None)).await.expect("the first");
    let started = Instant::now();
    assert_eq!(window.ask(sign_in(NAME, WRONG)).await, Err(pin(PinError::Wrong)));
    let known = started.elapsed();
    let started = Instant::now();
    assert_eq!(window.ask(sign_in("Nobody", WRONG)).await, Err(pin(PinError::Wrong)));
    let unknown = started.elapsed();
    assert!(unknown > known / 4, "{unknown:?} against {known:?}");
}

#[tokio::test]
async fn without_a_session_the_backend_refuses_every_supervisors_act() {
    let window = Window::open().await;
    let id = window.charge("T1", &code_for("paid")).await;
    window.until_front(checkout::State::Paid).await;
    let acts_of_supervisors =
        || [decide(&id, Word::Release), decide(&ChargeId("01J0".into()), Word::Paid), remove(NAME, None)];
    let refused = async || {
        for command in acts_of_supervisors() {
            assert_eq!(window.ask(command.clone()).await, Err(pin(PinError::NoSession)), "{command:?}");
        }
    };
    refused().await;
    sits(&window).await;
    window.ask(Command::SupervisorOut).await.expect("signed out");
    refused().await;
    // A name that was taken away has no session any more.
    window.ask(set("李雷", SECOND, Some(PIN))).await.expect("with leave");
    window.ask(sign_in("李雷", SECOND)).await.expect("signed in");
    window.ask(remove("李雷", Some(PIN))).await.expect("removed");
    assert_eq!(window.till.view().supervisors.session, None);
    refused().await;
    assert_eq!(window.ask(sign_in("李雷", SECOND)).await, Err(pin(PinError::Wrong)));
    // A session ends with the process.
    window.ask(sign_in(NAME, PIN)).await.expect("signed in");
    assert_eq!(window.till.view().supervisors.session.as_deref(), Some(NAME));
    let window = window.killed_and_started().await;
    assert_eq!(window.ask(decide(&id, Word::Release)).await, Err(pin(PinError::NoSession)));
    assert_eq!(window.journalled("T1").await, Some(checkout::State::Paid));
}

#[tokio::test]
async fn the_last_supervisor_stays() {
    let window = Window::open().await;
    sits(&window).await;
    assert_eq!(window.ask(remove(NAME, None)).await, Err(pin(PinError::LastOne)));
    assert_eq!(window.ask(remove("李雷", None)).await, Err(pin(PinError::NoSuchName)));
    window.ask(set("李雷", SECOND, None)).await.expect("in a session");
    window.ask(remove(NAME, None)).await.expect("removed by herself");
    assert_eq!(window.till.view().supervisors.names, ["李雷"]);
    assert_eq!(window.ask(remove("李雷", Some(SECOND))).await, Err(pin(PinError::LastOne)));
    let window = window.killed_and_started().await;
    assert_eq!(window.till.view().supervisors.names, ["李雷"]);
}

#[tokio::test]
async fn a_replaced_key_voids_every_pin_and_leaves_its_trace() {
    let window = Window::open().await;
    sits(&window).await;
    window.till.stop().await;
    std::fs::remove_file(window.place.file("secret")).expect("lost");
    let window = window.stopped_and_started().await;
    assert_eq!(window.ask(sign_in(NAME, PIN)).await, Err(pin(PinError::NoKey)));
    assert_eq!(window.ask(set("李雷", SECOND, None)).await, Err(pin(PinError::NoKey)), "no way round a lost key");
    window.till.stop().await;
    let at = chrono::Local::now().fixed_offset();
    let folder = window.place.folder.path();
    let mut journal = Journal::open(folder, Stem::Journal, &journal::Options::new(at)).expect("a journal").journal;
    journal.replace_secret(at, "support").expect("replaced");
    drop(journal);
    let window = window.stopped_and_started().await;
    assert!(window.till.view().supervisors.names.is_empty());
    assert_eq!(window.ask(sign_in(NAME, PIN)).await, Err(pin(PinError::Wrong)));
    window.ask(set("李雷", SECOND, None)).await.expect("the first again");
    let said = acts(&window).await.iter().map(told).collect::<Vec<_>>();
    assert!(said.iter().any(|act| act.contains("secret-replaced") && act.contains("support")), "{said:?}");
}

#[tokio::test]
async fn after_a_commit_that_is_not_certain_the_supervisors_are_those_of_the_journal() {
    let window = Window::open().await;
    sits(&window).await;
    window.till.journal().call(|journal| journal.break_next_commit(true)).await.expect("a journal");
    assert_eq!(window.ask(set("李雷", SECOND, None)).await, Err(Refusal::JournalUnsure));
    window.until("both", |view| view.supervisors.names.len() == 2).await;
    assert_eq!(window.till.view().supervisors.session.as_deref(), Some(NAME), "the session goes on");
    // A wrong PIN that could not be written down counts all the same.
    for _ in 0..3 {
        window.till.journal().call(|journal| journal.break_next_commit(false)).await.expect("a journal");
        window.ask(sign_in(NAME, WRONG)).await.expect_err("wrong");
    }
    let wait = window.ask(sign_in(NAME, PIN)).await;
    assert!(matches!(wait, Err(Refusal::Pin { error: PinError::Wait { .. } })), "{wait:?}");
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

#[tokio::test]
async fn no_pin_and_no_key_stands_in_any_file() {
    let window = Window::open().await;
    let folder = window.place.folder.path().to_owned();
    let log = till::logs::start(&till::home::Home::at(&folder).expect("a home"), false).expect("a log");
    sits(&window).await;
    // A PIN and a payment code in the field of the name, too.
    let code = code_for("paid");
    for name in [WRONG, &code] {
        window.ask(sign_in(name, WRONG)).await.expect_err("wrong");
    }
    window.ask(set("李雷", SECOND, Some(PIN))).await.expect("with leave");
    let window = window.killed_and_started().await;
    window.ask(sign_in("李雷", SECOND)).await.expect("signed in");
    window.sign_in().await;
    let id = window.charge("T1", &code_for("paid")).await;
    window.until_front(checkout::State::Paid).await;
    window.ask(decide(&id, Word::Release)).await.expect("released");
    let copy = window.place.file("exports").join("copy.db");
    window.till.journal().call(move |journal| journal.backup(&copy)).await.expect("a journal").expect("a copy");
    window.till.stop().await;
    drop(log);

    let key = std::fs::read_to_string(folder.join("secret")).expect("the key");
    let mut all = Vec::new();
    files(&folder, &mut all);
    assert!(all.iter().any(|path| path.to_string_lossy().contains("wicket.")), "the log is looked at: {all:?}");
    for path in all.iter().filter(|path| !path.ends_with("ballast") && !path.ends_with("secret")) {
        let bytes = std::fs::read(path).expect("read");
        for secret in [PIN, SECOND, WRONG, key.trim(), &code[2..16]] {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{} holds {secret}", path.display());
        }
    }
}
