//! What a pairing takes for an answer, until when, and what is kept of it.

use scanner::Source;
use tempfile::TempDir;

use super::*;
use crate::config::Config;
use crate::handle::Till;
use crate::home::Home;
use crate::start::Options;

/// The work of a till that does nothing by itself, at a window where no line is opened.
async fn desk() -> (TempDir, Till, Work) {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::at(folder.path()).expect("a home");
    std::fs::write(home.config_file(), "[scanner]\nsource = \"keyboard\"\n").expect("settings");
    let mut config = Config::default();
    config.scanner.source = Source::Keyboard;
    let options = Options { home, config, training: false };
    let (till, work) = Till::at_rest(options, journal::Options::new(crate::clock::wall())).await.expect("a till");
    (folder, till, work)
}

impl Work {
    async fn shows_a_code(&mut self) -> u64 {
        self.begin_pairing(&[]).await.expect("nobody's leave");
        self.pairing().number
    }

    fn pairing(&self) -> &Pairing {
        self.back_office.pairing.as_ref().expect("a pairing")
    }

    fn remembered(&self) -> Vec<DeviceIdentity> {
        pairing::load(&self.back_office.home.scanner_file()).expect("a file or none").devices
    }
}

fn device() -> DeviceIdentity {
    DeviceIdentity { vendor: 0x0c2e, product: 7, serial_number: Some("S1".into()), interface: None, place: None }
}

fn usb() -> What {
    What::Usb { device: device(), port: "COM7".into(), label: "Scanner 7".into() }
}

fn other_code() -> What {
    What::News(PairingNews::OtherCode { device: "Scanner 7".into() })
}

#[tokio::test]
async fn the_last_words_of_the_pairing_before_say_nothing_about_this_one() {
    let (_folder, _till, mut work) = desk().await;
    let before = work.shows_a_code().await;
    let code = work.pairing().view.code.clone();
    let number = work.shows_a_code().await;
    assert_ne!(work.pairing().view.code, code);
    for what in [other_code(), usb(), What::Over] {
        work.heard(Heard { number: before, what }).await;
        assert_eq!((work.pairing().view.heard.len(), &work.pairing().view.ended), (0, &None));
    }
    assert_eq!(work.remembered(), []);
    work.heard(Heard { number, what: other_code() }).await;
    work.heard(Heard { number, what: other_code() }).await;
    assert_eq!(work.pairing().view.heard.len(), 1, "said once");
    work.heard(Heard { number, what: What::Over }).await;
    assert_eq!(work.pairing().view.ended, Some(PairingEnd::Nobody));
}

#[tokio::test]
async fn a_pairing_that_nobody_answers_or_stops_ends_by_itself_and_the_scanner_is_listened_to_again() {
    let (_folder, _till, mut work) = desk().await;
    work.shows_a_code().await;
    assert!(work.scanner.is_none(), "its line is the pairing's");
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    // No page asks for anything any more.
    while work.pairing().view.ended.is_none() {
        let message = tokio::time::timeout(2 * LIMIT, work.inbox.recv()).await.expect("in time").expect("a message");
        let reply = work.handle(message).await;
        reply();
    }
    assert!(begun.elapsed() >= LIMIT, "people need that long");
    assert_eq!(work.pairing().view.ended, Some(PairingEnd::Nobody));
    assert!(work.scanner.is_some());
}

#[tokio::test]
async fn a_pairing_that_is_over_hears_nothing_more() {
    let (_folder, _till, mut work) = desk().await;
    let number = work.shows_a_code().await;
    let code = work.pairing().view.code.clone();
    assert!(work.pairing_waits_for(&code.to_lowercase()));
    work.heard(Heard { number, what: What::Over }).await;
    let traced = work.back_office.traces.all().len();
    for what in [other_code(), usb(), What::Over] {
        work.heard(Heard { number, what }).await;
    }
    assert!(!work.pairing_waits_for(&code), "a scan of the code is a scan like any other now");
    assert!(!work.type_pairing(&code, Vec::new()));
    let view = &work.pairing().view;
    assert_eq!((&view.ended, view.heard.len(), work.remembered()), (&Some(PairingEnd::Nobody), 0, Vec::new()));
    assert_eq!(work.back_office.traces.all().len(), traced);

    // Stopped by the cashier, it is gone altogether.
    let number = work.shows_a_code().await;
    work.end_pairing().await;
    work.heard(Heard { number, what: usb() }).await;
    assert!(work.back_office.pairing.is_none() && work.scanner.is_some());
    assert_eq!(work.remembered(), []);
}

#[tokio::test]
async fn the_usb_device_that_answers_is_remembered_and_if_it_cannot_be_that_is_said() {
    let (folder, _till, mut work) = desk().await;
    let number = work.shows_a_code().await;
    work.heard(Heard { number, what: usb() }).await;
    let answered = PairingEnd::Answered { source: Origin::Serial, device: "Scanner 7".into(), port: "COM7".into() };
    assert_eq!((&work.pairing().view.ended, work.remembered()), (&Some(answered), vec![device()]));

    std::fs::remove_file(folder.path().join("scanner.json")).expect("removed");
    std::fs::create_dir(folder.path().join("scanner.json")).expect("a folder in its place");
    let number = work.shows_a_code().await;
    work.heard(Heard { number, what: usb() }).await;
    let ended = &work.pairing().view.ended;
    assert!(matches!(ended, Some(PairingEnd::Forgotten { reason }) if reason.contains("scanner.json")), "{ended:?}");
}

#[test]
fn the_picture_has_the_dark_modules_of_the_code_and_no_other() {
    let code = pairing_code(7);
    let picture = QrCode::new(&code).expect("a code");
    let (size, path) = drawn(&code).expect("drawn");
    assert_eq!(size as usize, picture.width());
    let dark = picture.to_colors().iter().filter(|module| **module == Color::Dark).count();
    let drawn: usize =
        path.split('h').skip(1).step_by(2).filter_map(|run| run.split('v').next()?.parse::<usize>().ok()).sum();
    assert_eq!(drawn, dark);
}
