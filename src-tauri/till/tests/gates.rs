//! Why a till starts not at all, or starts and charges nothing; and that what is in flight ends all the same.

mod window;

use std::fs;

use checkout::{Gate, Refusal, State};
use gateway_sim::{On, Sim};
use till::Command;
use window::{Place, Window, code_for, refusal};

#[tokio::test]
async fn without_an_address_the_till_starts_and_refuses_to_charge() {
    let place = Place::new("");
    let (till, _at_work) = place.start().await.expect("starts");
    let view = till.view();
    assert_eq!(view.gate, Some(Gate::NoGateway));
    till.ask(Command::SignIn { operator: "S0107".into() }).await.expect("signed in");
    let entry = window::entry("T1", "260.00");
    let refused = till.ask(Command::Arm { entry, large_confirmed: false }).await.expect_err("refused");
    assert_eq!(refused, Refusal::Gate { reason: Gate::NoGateway });
    assert!(refused.to_string().contains("gateway.base_url in wicket.toml"), "{refused}");
    till.stop().await;
}

#[tokio::test]
async fn bad_gateway_settings_stop_the_start_with_a_sentence() {
    let said = Place::new("http://gateway.example/").refused().await;
    assert!(said.contains("plain http") && said.contains("allow_http"), "{said}");

    let mut place = Place::new("https://gateway.example/");
    place.config.gateway.settings.ca_file = place.file("none.pem").display().to_string();
    let said = place.refused().await;
    assert!(said.contains("ca_file") && said.contains("certificate"), "{said}");
    // Nothing is held by a till that did not start.
    place.config.gateway.settings.ca_file.clear();
    place.config.gateway.settings.base_url.clear();
    place.start().await.expect("starts once the settings are right");
}

#[tokio::test]
async fn a_journal_that_is_in_use_or_none_stops_the_start_with_a_sentence() {
    let place = Place::new("");
    let options = journal::Options { ballast: 0, ..journal::Options::new(chrono::Local::now().fixed_offset()) };
    let held = journal::Journal::open(place.folder.path(), journal::Stem::Journal, &options).expect("a journal");
    let said = place.refused().await;
    assert!(said.contains("in use by another program"), "{said}");
    drop(held);
    fs::write(place.file("journal.db"), "not a database, by far").expect("written");
    let said = place.refused().await;
    assert!(said.contains("journal.db"), "{said}");
    assert_eq!(fs::read(place.file("journal.db")).expect("there"), b"not a database, by far", "left as it was");
}

/// A charge that goes on, in a till that will be started again behind a shut gate.
async fn with_one_parked() -> Window {
    let window = Window::open().await;
    window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(Command::StopWaiting).await.expect("parked");
    window.till.stop().await;
    window
}

async fn ends_behind_the_gate(window: &Window, gate: impl Fn(&Gate) -> bool) {
    let view = window.till.view();
    assert!(view.gate.as_ref().is_some_and(&gate), "{:?}", view.gate);
    assert!(!view.health.journal_ok);
    window.sign_in().await;
    for refused in [window.arm("T2").await.expect_err("refused"), refusal(window.scan(&code_for("paid")).await)] {
        assert!(matches!(&refused, Refusal::Gate { reason } if gate(reason)), "{refused:?}");
        assert!(refused.to_string().ends_with("Nothing was sent"), "{refused}");
    }
    assert!(window.sim.approve("T1"));
    let ended = window.until("an end in the back", |view| view.pending.is_empty() && !view.notices.is_empty()).await;
    assert_eq!(ended.notices[0].state, State::Paid);
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
    window.nothing_twice();
}

#[tokio::test]
async fn a_lost_key_shuts_the_gate_and_what_is_in_flight_ends() {
    let window = with_one_parked().await;
    fs::rename(window.place.file("secret"), window.place.file("elsewhere")).expect("lost");
    let window = window.stopped_and_started().await;
    ends_behind_the_gate(&window, |gate| *gate == Gate::WrongSecret).await;
    window.till.stop().await;
    fs::rename(window.place.file("elsewhere"), window.place.file("secret")).expect("found");
    let window = window.stopped_and_started().await;
    window.sign_in().await;
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
}

#[tokio::test]
async fn a_cut_end_of_the_journal_shuts_the_gate_and_what_is_left_ends() {
    let window = with_one_parked().await;
    let copy = window.place.file("copy.db");
    fs::copy(window.place.file("journal.db"), &copy).expect("an older journal");
    let window = window.stopped_and_started().await;
    window.sign_in().await;
    window.till.stop().await;
    fs::rename(&copy, window.place.file("journal.db")).expect("put back");
    let window = window.stopped_and_started().await;
    ends_behind_the_gate(&window, |gate| matches!(gate, Gate::BehindWitness { .. })).await;
}

/// A folder in the ballast's place: there is no room for it, whatever the disk.
fn take_the_room(place: &Place) {
    fs::remove_file(place.file("ballast")).expect("given up");
    fs::create_dir(place.file("ballast")).expect("in its way");
}

fn give_room(place: &Place) {
    fs::remove_dir(place.file("ballast")).expect("out of its way");
}

#[tokio::test]
async fn without_room_nothing_new_begins_and_room_is_noticed() {
    let window = Window::open().await;
    window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    window.ask(Command::StopWaiting).await.expect("parked");
    take_the_room(&window.place);
    // Arming looks; the scan of a sale that was armed before is looked at every ten seconds.
    let refused = window.arm("T2").await.expect_err("refused");
    assert_eq!(refused, Refusal::Gate { reason: Gate::DiskFull });
    ends_behind_the_gate(&window, |gate| *gate == Gate::DiskFull).await;
    give_room(&window.place);
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert!(window.till.view().gate.is_none());
}

#[tokio::test]
async fn a_start_without_room_does_not_shut_the_gate_for_ever() {
    let window = with_one_parked().await;
    take_the_room(&window.place);
    let window = window.stopped_and_started().await;
    ends_behind_the_gate(&window, |gate| *gate == Gate::DiskFull).await;
    give_room(&window.place);
    window.charge("T2", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert!(window.till.view().gate.is_none());
}

#[tokio::test]
async fn an_operator_is_who_signed_in_and_never_a_payment_code() {
    let window = Window::open_on(Sim::on_loopback().await.expect("a simulator"), |_| {}).await;
    let mut entry = window::entry("T1", "1.00");
    entry.operator = "somebody".into();
    window.ask(Command::Arm { entry, large_confirmed: false }).await.expect("armed");
    window.scan(&code_for("paid")).await;
    assert_eq!(window.until_front(State::Paid).await.operator, "S0107");

    // A scanner that types: its code ends in the field that has the focus.
    let secret = code_for("paid");
    let refused = window.ask(Command::SignIn { operator: secret.clone() }).await.expect_err("refused");
    assert!(matches!(refused, Refusal::Entry { .. }) && !refused.to_string().contains(&secret), "{refused}");
    assert_eq!(window.till.view().operator.as_deref(), Some("S0107"));
    window.arm("T2").await.expect("armed");
    window.ask(Command::SignIn { operator: "S0108".into() }).await.expect("signed in");
    assert!(window.till.view().armed.is_none(), "somebody else's sale");
    window.ask(Command::SignOut).await.expect("signed out");
    assert!(matches!(window.arm("T2").await, Err(Refusal::Entry { .. })), "nobody is signed in");
}
