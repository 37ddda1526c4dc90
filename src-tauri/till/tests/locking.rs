//! A locked screen: nothing is taken, what is under way goes on, and the way back; how the screen looks is remembered.

mod settling_desk;
mod window;

use std::time::Duration;

use checkout::{Refusal, State, Word};
use gateway_sim::On;
use settling_desk::{decide, sits};
use till::Command;
use till::look::{Look, Theme};
use till::view::{ClockHealth, ScanOutcome};
use window::{Window, code_for, entry, refusal};

fn unlock(operator: &str, take_over: bool) -> Command {
    Command::Unlock { operator: operator.into(), take_over }
}

#[tokio::test]
async fn nothing_is_taken_while_the_screen_is_locked_and_what_is_under_way_ends() {
    let window = Window::open().await;
    window.charge("T1", &code_for("password")).await;
    window.ask(Command::Lock).await.expect("locked in mid charge");
    assert!(window.till.view().locked);
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::Locked);
    let settle = decide(&window.till.view().front.as_ref().expect("a charge").id, Word::Paid);
    let arm = Command::Arm { entry: entry("T2", "1.00"), large_confirmed: false };
    for command in [arm, settle, Command::NextCustomer, Command::StopWaiting, Command::SignOut, Command::SupervisorOut]
    {
        assert_eq!(window.ask(command).await, Err(Refusal::Locked));
    }
    window.until_front(State::Paid).await;
    window.ask(unlock(" S0107 ", false)).await.expect("unlocked");
    let view = window.till.view();
    assert!(!view.locked && view.front.is_some());
    assert_eq!(window.sim.ledger().charges.len(), 1);
    window.nothing_twice();
}

#[tokio::test]
async fn a_confirmed_amount_that_is_out_of_sight_is_confirmed_again() {
    let window = Window::open().await;
    window.arm("T1").await.expect("armed");
    window.ask(Command::Lock).await.expect("locked");
    assert!(window.till.view().armed.is_none());
    window.ask(unlock("S0107", false)).await.expect("unlocked");
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::NotArmed);
    window.arm("T1").await.expect("armed again");
    assert!(matches!(window.scan(&code_for("paid")).await, ScanOutcome::Charging { .. }));
    window.until_front(State::Paid).await;
}

#[tokio::test]
async fn another_operator_takes_over_only_on_purpose() {
    let window = Window::open().await;
    window.ask(Command::Lock).await.expect("locked");
    let other = window.ask(unlock("S0108", false)).await;
    assert_eq!(other, Err(Refusal::OtherOperator { operator: "S0107".into() }));
    for odd in ["", "有 空格", "134567890123456789"] {
        for take_over in [false, true] {
            assert!(matches!(window.ask(unlock(odd, take_over)).await, Err(Refusal::Entry { .. })), "{odd}");
        }
    }
    assert!(window.till.view().locked);
    window.ask(unlock("S0108", true)).await.expect("taken over");
    let view = window.till.view();
    assert_eq!((view.operator.as_deref(), view.locked), (Some("S0108"), false));
    assert_eq!(window.ask(unlock("S0108", false)).await, Err(Refusal::Gone), "there is no lock any more");
    window.charge("T1", &code_for("paid")).await;
    assert_eq!(window.until_front(State::Paid).await.operator, "S0108");
}

#[tokio::test]
async fn locking_ends_a_supervisors_session_and_both_ways_are_written_down() {
    let window = Window::open().await;
    sits(&window).await;
    assert!(window.till.view().supervisors.session.is_some());
    window.ask(Command::Lock).await.expect("locked");
    assert_eq!(window.till.view().supervisors.session, None, "whoever finds the screen is no supervisor");
    window.ask(unlock("S0107", false)).await.expect("unlocked");
    assert_eq!(window.till.view().supervisors.session, None);
    window.ask(Command::Lock).await.expect("locked");
    window.ask(unlock("S0108", true)).await.expect("taken over");
    window.till.stop().await;
    let bytes = std::fs::read(window.place.file("journal.db")).expect("a journal");
    let noted = |what: &str, operator: &str| {
        let words = format!(r#""what":"{what}","text":"{operator}""#);
        bytes.windows(words.len()).filter(|part| *part == words.as_bytes()).count()
    };
    assert_eq!([noted("locked", "S0107"), noted("unlocked", "S0107"), noted("unlocked", "S0108")], [2, 1, 1]);
}

#[tokio::test]
async fn nobody_signed_in_locks_nothing_and_a_start_is_not_locked() {
    let window = Window::open().await;
    window.ask(Command::Lock).await.expect("locked");
    let window = window.killed_and_started().await;
    assert!(!window.till.view().locked && window.till.view().operator.is_none());
    assert_eq!(window.ask(Command::Lock).await, Err(Refusal::Gone));
}

/// So short that no test waits for it, and long enough to be seen as armed before.
fn left_alone(config: &mut till::config::Config) {
    config.window.lock_after = Some(Duration::from_millis(400));
}

#[tokio::test]
async fn a_till_that_is_left_alone_locks_and_the_amount_is_confirmed_again() {
    let window = Window::open_with(left_alone).await;
    window.arm("T1").await.expect("armed");
    window.until("it locks", |view| view.locked).await;
    assert!(window.till.view().armed.is_none());
    window.ask(unlock("S0107", false)).await.expect("unlocked");
    assert_eq!(refusal(window.scan(&code_for("paid")).await), Refusal::NotArmed);
    assert!(window.till.view().supervisors.session.is_none());
}

#[tokio::test]
async fn it_does_not_lock_while_a_charge_in_front_is_undecided() {
    let window = Window::open_with(left_alone).await;
    window.charge("T1", &code_for("never")).await;
    // They are 150 ms apart at least, so that nobody was there for longer than it takes.
    window.until_books("queries", |books| books.count(On::Query, "T1") >= 6).await;
    assert!(!window.till.view().locked, "a customer stands there");
    window.ask(Command::StopWaiting).await.expect("parked");
    window.until("it locks once nobody waits", |view| view.locked).await;
}

#[tokio::test]
async fn theme_and_pad_are_remembered_and_the_language_is_the_windows() {
    let window = Window::open().await;
    let chosen = Look { theme: Theme::Dark, language: "en".into(), pad: true };
    window.ask(Command::SetLook { look: chosen.clone() }).await.expect("chosen");
    assert_eq!(window.till.view().look, chosen);
    let nowhere = Look { language: "x".repeat(1_000_000), ..chosen.clone() };
    window.ask(Command::SetLook { look: nowhere }).await.expect("chosen");
    assert_eq!(window.till.view().look, chosen, "a language that there is none of is no text for every view to carry");
    let window = window.killed_and_started().await;
    assert_eq!(window.till.view().look, Look { language: "zh-CN".into(), ..chosen });

    std::fs::write(window.place.file("screen.json"), "{ torn").expect("a torn file");
    let window = window.killed_and_started().await;
    assert_eq!(window.till.view().look, Look::of("zh-CN"), "it costs the choices and stops no start");
}

#[tokio::test]
async fn the_clock_is_held_against_the_platforms() {
    let window = Window::open().await;
    assert_eq!(window.till.view().health.clock, ClockHealth::Unknown);
    window.arm("T1").await.expect("armed");
    window.until("the clock is known", |view| view.health.clock == ClockHealth::Right).await;
}
