//! Settings changed on the screen: whose leave they need, that all or none are saved, and that they act at once.

mod settling_desk;
mod window;

use std::fs;
use std::time::Duration;

use checkout::{Gate, PinError, Refusal, ScannedText, State};
use gateway_sim::Sim;
use scanner::ScannerState;
use settling_desk::{NAME, PIN, pin, set, sign_in, sits};
use till::config::{Config, NewValue};
use till::keys::{Key, KeyWatch, Step};
use till::view::PairingEnd;
use till::{Command, Options, ScanSource, SettingsTrouble, Till};
use window::{Window, code_for, refusal};

const FILE: &str =
    "# what the office said: keep this\n[window]\nid = \"W01\" # from the plan\n\n[polling]\nmin_gap_ms = 150\n";

fn new(key: &str, value: &str) -> NewValue {
    NewValue { key: key.into(), value: value.into() }
}

fn refused(refusal: Refusal) -> Result<(), SettingsTrouble> {
    Err(SettingsTrouble::Refused { refusal })
}

/// A window whose settings' file is this one.
async fn open() -> Window {
    let window = Window::open().await;
    fs::write(window.place.file("wicket.toml"), FILE).expect("settings");
    window
}

fn file_of(window: &Window) -> String {
    fs::read_to_string(window.place.file("wicket.toml")).expect("settings")
}

/// Whether the journal of a till that was stopped has these words in one of its records.
fn journal_says(window: &Window, words: &str) -> bool {
    let bytes = fs::read(window.place.file("journal.db")).expect("a journal");
    bytes.windows(words.len()).any(|part| part == words.as_bytes())
}

#[tokio::test]
async fn a_change_is_saved_with_every_comment_journalled_with_its_name_and_in_force_at_once() {
    let window = open().await;
    sits(&window).await;
    let values = vec![new("window.id", "W02"), new("window.businesses", "7, 1"), new("limits.amount_ask", "100.00")];
    window.till.save_settings(values).await.expect("saved");
    let text = file_of(&window);
    assert!(text.starts_with("# what the office said: keep this\n[window]\nid = \"W02\" # from the plan\n"), "{text}");
    let config = Config::parse(&text, "wicket.toml").expect("what was saved starts the till");
    assert_eq!(config.polling.min_gap_ms, 150);
    let view = window.till.view();
    assert_eq!((view.window.id.as_str(), &view.window.businesses[..]), ("W02", &[7, 1][..]));
    assert!(matches!(window.arm("T1").await, Err(Refusal::ConfirmLarge { .. })), "260 is above 100 now");
    let shown = window.till.settings().await.expect("shown");
    assert!(shown.iter().any(|setting| setting.key == "window.id" && setting.value == "W02"));
    window.till.stop().await;
    let written = format!(
        "\"event\":\"settings-changed\",\"by\":\"{NAME}\",\"changes\":[{{\"key\":\"window.id\",\"from\":\"W01\",\"to\":\"W02\"}}"
    );
    assert!(journal_says(&window, &written));
}

#[tokio::test]
async fn what_tells_a_scanner_from_typing_acts_at_once() {
    let window = open().await;
    sits(&window).await;
    let mut watch = KeyWatch::new(window.till.codes());
    // `B123456` and Enter, 60 ms a key: too slow for a scanner by default, and no pattern would take it.
    let mut start = 0;
    let mut typed = || {
        start += 10_000;
        let keys = [48, 2, 3, 4, 5, 6, 7, 28].into_iter().zip(0..);
        let key = |(code, nth): (u16, u64)| Key {
            device: 1,
            at: Duration::from_millis(start + 60 * nth),
            code,
            down: true,
            typed: None,
            ctrl: false,
            alt: false,
        };
        let steps = keys.flat_map(|of| watch.key(key(of), ()).into_iter().collect::<Vec<_>>()).collect::<Vec<_>>();
        let scans = steps.iter().filter(|step| matches!(step, Step::Scan(..))).count();
        (steps.len() - scans, scans)
    };
    assert_eq!(typed(), (8, 0), "every key is delivered");
    assert!(window.till.codes().borrow().watches_elsewhere());
    let change = vec![
        new("limits.bill_pattern", "b[0-9]{6}"),
        new("scanner.key_gap_ms", "70"),
        new("scanner.source", "serial"),
        new("scanner.port", "/nonexistent/scanner"),
    ];
    window.till.save_settings(change).await.expect("saved");
    assert_eq!(typed(), (0, 1), "one scan, and no key is left");
    assert!(!window.till.codes().borrow().watches_elsewhere(), "other programs' keys are left alone from here on");
    let typing = window.till.view().window.typing.clone();
    assert_eq!((typing.key_gap_ms, typing.bill_pattern.as_str(), typing.card_pattern.as_str()), (70, "b[0-9]{6}", ""));
}

#[tokio::test]
async fn without_a_supervisor_only_the_language_changes_and_never_after_the_session() {
    let window = open().await;
    let guarded = ["window.id", "gateway.base_url", "limits.amount_max", "scanner.source", "scanner.port"];
    for key in guarded {
        let answer = window.till.save_settings(vec![new("window.language", "en"), new(key, "W9")]).await;
        assert_eq!(answer, refused(pin(PinError::NoSession)), "{key}");
    }
    assert_eq!(window.till.check_gateway(vec![]).await.map(drop), refused(pin(PinError::NoSession)));
    assert_eq!(window.till.begin_pairing(vec![new("scanner.source", "auto")]).await, refused(pin(PinError::NoSession)));
    assert_eq!(file_of(&window), FILE);
    window.till.save_settings(vec![new("window.language", "en")]).await.expect("nobody's leave");
    assert_eq!(window.till.view().window.language, "en");
    sits(&window).await;
    window.ask(Command::SupervisorOut).await.expect("signed out");
    assert_eq!(window.till.save_settings(vec![new("window.id", "W9")]).await, refused(pin(PinError::NoSession)));
    assert!(!file_of(&window).contains("W9"));
}

#[tokio::test]
async fn a_value_that_is_not_allowed_leaves_the_file_and_the_till_as_they_were() {
    let window = open().await;
    sits(&window).await;
    for (key, value) in [
        ("window.id", ""),
        ("gateway.base_url", "http://gateway.example/"),
        ("gateway.ca_file", "none.pem"),
        ("limits.bill_pattern", "("),
        ("scanner.baud", "12"),
        ("gateway.auth.key_file", "/etc/passwd"),
        ("polling.min_gap_ms", "100"),
    ] {
        let answer = window.till.save_settings(vec![new("window.name", "二号"), new(key, value)]).await;
        assert!(
            matches!(&answer, Err(SettingsTrouble::Bad { problems }) if problems[0].key == key),
            "{key}: {answer:?}"
        );
    }
    assert_eq!(file_of(&window), FILE);
    assert_eq!(window.till.view().window.name, "1号窗口");
    // Somebody broke the file meanwhile: that is named, and not saved over.
    fs::write(window.place.file("wicket.toml"), "[window]\ncolour = 1\n").expect("broken");
    let answer = window.till.save_settings(vec![new("window.name", "二号")]).await;
    assert!(
        matches!(&answer, Err(SettingsTrouble::Bad { problems }) if problems[0].key == "window.colour"),
        "{answer:?}"
    );
    window.till.stop().await;
    assert!(!journal_says(&window, "settings-changed"));
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_said_and_nothing_is_in_force() {
    let window = open().await;
    sits(&window).await;
    let path = window.place.file("wicket.toml");
    let mut rights = fs::metadata(&path).expect("rights").permissions();
    rights.set_readonly(true);
    fs::set_permissions(&path, rights).expect("protected");
    let answer = window.till.save_settings(vec![new("window.id", "W02")]).await;
    assert!(matches!(answer, Err(SettingsTrouble::File { .. })), "{answer:?}");
    assert_eq!((file_of(&window).as_str(), window.till.view().window.id.as_str()), (FILE, "W01"));
    window.till.stop().await;
    assert!(journal_says(&window, "settings-not-saved"), "a change that was announced and not made is told");
}

#[tokio::test]
async fn nothing_that_moves_money_changes_while_a_charge_is_in_front() {
    let window = open().await;
    sits(&window).await;
    let charge = window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    let busy = Refusal::FrontBusy { charge };
    for (key, value) in [("gateway.base_url", ""), ("limits.amount_max", "1"), ("scanner.source", "serial")] {
        assert_eq!(window.till.save_settings(vec![new(key, value)]).await, refused(busy.clone()), "{key}");
    }
    assert_eq!(file_of(&window), FILE, "nor for the next start");
    assert_eq!(window.till.begin_pairing(vec![]).await, refused(busy));
    window.till.save_settings(vec![new("window.language", "en")]).await.expect("moves nothing");
    window.ask(Command::StopWaiting).await.expect("parked");
    window.till.save_settings(vec![new("limits.amount_max", "100.00")]).await.expect("nothing in front");
    assert!(matches!(window.arm("T2").await, Err(Refusal::Entry { .. })));
}

#[tokio::test]
async fn a_locked_screen_changes_no_setting_and_pairs_nothing() {
    let window = open().await;
    window.ask(Command::Lock).await.expect("locked");
    assert_eq!(window.till.save_settings(vec![new("window.language", "en")]).await, refused(Refusal::Locked));
    assert_eq!(window.till.begin_pairing(vec![]).await, refused(Refusal::Locked));
    assert_eq!((file_of(&window).as_str(), window.till.view().pairing.clone()), (FILE, None));
}

#[tokio::test]
async fn training_changes_no_setting_of_the_venue() {
    let window = open().await;
    window.till.stop().await;
    let till = Till::start(Options { training: true, ..window.place.options() }).await.expect("training");
    till.ask(set(NAME, PIN, None)).await.expect("anybody sets the first PIN there");
    till.ask(sign_in(NAME, PIN)).await.expect("signed in");
    for (key, value) in [("limits.amount_max", "1.00"), ("window.language", "en")] {
        assert_eq!(till.save_settings(vec![new(key, value)]).await, Err(SettingsTrouble::Training), "{key}");
    }
    assert_eq!(file_of(&window), FILE);
    till.stop().await;
}

#[tokio::test]
async fn another_scanner_and_another_language_act_at_once() {
    let window = open().await;
    sits(&window).await;
    window.arm("T1").await.expect("armed");
    let change = vec![new("scanner.source", "serial"), new("scanner.port", "/nonexistent/scanner")];
    window.till.save_settings(change).await.expect("saved");
    window.until("the new line is looked for", |view| view.health.scanner == ScannerState::Searching).await;
    window.arm("T1").await.expect("armed anew");
    let typed = window.till.scan_from(ScannedText::new(code_for("paid")), ScanSource::Keys).await;
    assert_eq!(refusal(typed), Refusal::NotByKeyboard);
    window.till.save_settings(vec![new("scanner.source", "keyboard")]).await.expect("saved");
    window.until("no line is wanted", |view| view.health.scanner == ScannerState::Off).await;
    window.till.save_settings(vec![new("window.language", "en")]).await.expect("saved");
    assert_eq!(window.till.view().look.language, "en");
}

#[tokio::test]
async fn an_armed_sale_is_disarmed_by_new_rules() {
    let window = open().await;
    sits(&window).await;
    window.arm("T1").await.expect("armed");
    window.till.save_settings(vec![new("limits.amount_max", "100.00")]).await.expect("saved");
    assert_eq!(window.till.view().armed, None);
}

#[tokio::test]
async fn another_gateway_is_asked_from_the_next_request_on_and_none_closes_the_till() {
    let window = open().await;
    sits(&window).await;
    window.till.save_settings(vec![new("gateway.base_url", "http://127.0.0.1:9/")]).await.expect("saved");
    window.till.save_settings(vec![new("gateway.base_url", "")]).await.expect("saved");
    assert_eq!(window.till.view().gate, Some(Gate::NoGateway));
    let other = Sim::on_loopback().await.expect("another gateway");
    let base_url = new("gateway.base_url", &other.base_url());
    let findings = window.till.check_gateway(vec![base_url.clone()]).await.expect("asked");
    assert!(findings.len() >= 4 && findings.iter().all(|finding| finding.text.len() > 10), "{findings:?}");
    assert_eq!(window.till.view().gate, Some(Gate::NoGateway), "a check changes nothing");
    window.till.save_settings(vec![base_url]).await.expect("saved");
    assert_eq!(window.till.view().gate, None);
    window.charge("T1", &code_for("paid")).await;
    window.until_front(State::Paid).await;
    assert_eq!(other.handle().ledger().count(gateway_sim::On::Charge, "T1"), 1);
    assert_eq!(window.sim.ledger().count(gateway_sim::On::Charge, "T1"), 0);
}

#[tokio::test]
async fn a_scanner_that_types_answers_a_pairing_in_any_letter_case_and_is_traced() {
    let window = open().await;
    window.till.begin_pairing(vec![]).await.expect("nobody's leave");
    let pairing = window.till.view().pairing.clone().expect("a code to scan");
    assert!(pairing.size >= 21 && pairing.path.starts_with('M'));
    let payment = code_for("paid");
    assert_eq!(window.till.type_pairing(payment.clone(), vec![4; 17]).await, Ok(false));
    assert_eq!(window.till.type_pairing(pairing.code.to_lowercase(), vec![4; 19]).await, Ok(true));
    let ended = window.till.view().pairing.clone().and_then(|pairing| pairing.ended);
    assert!(matches!(ended, Some(PairingEnd::Answered { .. })), "{ended:?}");
    let traces = window.till.traces().await.expect("traces");
    assert_eq!(traces.iter().map(|trace| (trace.number, trace.length)).collect::<Vec<_>>(), [(2, 20), (1, 18)]);
    assert!(!format!("{traces:?}").contains(&payment[2..14]), "a payment code is masked");
    let again = window.till.type_pairing(pairing.code.clone(), vec![]).await;
    assert_eq!(again, Ok(false), "it has been answered");
    window.till.end_pairing().await.expect("over");
    assert_eq!(window.till.view().pairing, None);
}

#[tokio::test]
async fn a_pairing_code_that_was_caught_among_the_keys_answers_the_pairing_and_is_no_scan() {
    let window = open().await;
    window.arm("T1").await.expect("armed");
    window.till.begin_pairing(vec![]).await.expect("nobody's leave");
    let pairing = window.till.view().pairing.clone().expect("a code to scan");
    window.till.scan_from(ScannedText::new(pairing.code), ScanSource::Keys).await;
    let view = window.till.view();
    let ended = view.pairing.as_ref().and_then(|pairing| pairing.ended.as_ref());
    assert!(matches!(ended, Some(PairingEnd::Answered { .. })), "{ended:?}");
    assert_eq!((view.scan.clone(), view.armed.is_some()), (None, true), "nobody is told about a wrong code");
}

#[tokio::test]
async fn the_set_up_is_due_until_somebody_sets_something_and_nobody_signs_in_before() {
    let window = Window::open().await;
    window.till.stop().await;
    let path = window.place.file("wicket.toml");
    Config::load(&path).expect("created");
    assert!(Config::is_untouched(&path));
    let window = window.stopped_and_started().await;
    window.till.begin_set_up().await.expect("due");
    assert!(window.till.view().set_up);
    let operator = Command::SignIn { operator: "S0107".into() };
    assert_eq!(window.ask(operator.clone()).await, Err(Refusal::NotSetUp));
    // Trying things out needs nobody's leave before there is anybody; saving does, and so does trying from then on.
    window.till.check_gateway(vec![new("gateway.base_url", &window.sim.base_url())]).await.expect("asked");
    assert_eq!(window.till.save_settings(vec![]).await, refused(pin(PinError::NoSession)));
    window.ask(set(NAME, PIN, None)).await.expect("the first supervisor");
    assert_eq!(window.till.check_gateway(vec![]).await.map(drop), refused(pin(PinError::NoSession)));

    // Killed right here it begins again, and the supervisor who is there by now finishes it.
    let window = window.killed_and_started().await;
    window.till.begin_set_up().await.expect("due");
    assert!(window.till.view().set_up);
    window.ask(sign_in(NAME, PIN)).await.expect("signed in");
    window.till.save_settings(vec![]).await.expect("everything as shipped");
    assert!(!window.till.view().set_up && !Config::is_untouched(&path));
    window.ask(operator).await.expect("at work");

    let window = window.killed_and_started().await;
    window.till.begin_set_up().await.expect("not due");
    assert!(!window.till.view().set_up);
}

#[test]
fn a_file_that_somebody_wrote_or_changed_asks_for_no_set_up() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    assert!(!Config::is_untouched(&path), "no file");
    let made = Config::default_file();
    for (text, untouched) in [
        (made.clone(), true),
        (made.replace("baud = 9600\n", ""), true),
        (made.replace("baud = 9600", "baud = 115200"), false),
        (made.replace("id = \"W01\"", "id = \"W02\""), false),
        (String::new(), false),
        ("[window]\nid = \"W01\"\n".into(), false),
        (made.replace('=', ":"), false),
    ] {
        fs::write(&path, &text).expect("settings");
        assert_eq!(Config::is_untouched(&path), untouched, "{text}");
    }
}
