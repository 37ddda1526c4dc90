//! Starts that cannot succeed end at once, with one sentence on standard error.

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use crate::display::Display;
use crate::driver::PROGRAM;
use crate::place::journey;
use crate::processes;

/// How long a start that fails may take.
const FAILING: Duration = Duration::from_secs(20);

fn start(home: &Path, display: Option<&str>) -> Output {
    let mut command = Command::new(PROGRAM);
    command
        .env("WICKET_HOME", home)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    if let Some(display) = display {
        command.env("DISPLAY", display);
    }
    let mut program =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program");
    let until = Instant::now() + FAILING;
    while program.try_wait().expect("the program").is_none() {
        if Instant::now() > until {
            processes::end_all(home);
            panic!("the program started");
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    program.wait_with_output().expect("its words")
}

fn sentence(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let words = String::from_utf8(output.stderr.clone()).expect("text");
    assert!(words.starts_with("wicket: ") && !words.contains("panicked"), "{words}");
    words
}

#[test]
fn without_a_display_it_says_so() {
    let folder = tempfile::tempdir().expect("a folder");
    let words = sentence(&start(folder.path(), None));
    assert!(words.contains("display") && words.contains("wicketctl"), "{words}");
}

#[test]
fn a_bad_setting_is_named_with_its_line() {
    let display = Display::open();
    for (text, named) in [
        ("[polling]\nmin_gap_ms = 5\n", "min_gap_ms"),
        ("[window]\nid = \"W01\"\ncolour = \"red\"\n", "colour"),
        ("[limits]\namount_max = 500\n", "amount_max"),
        ("[gateway\n", "wicket.toml"),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("wicket.toml"), text).expect("settings");
        let words = sentence(&start(folder.path(), Some(display.name())));
        assert!(words.contains(named) && words.contains("wicket.toml"), "{words}");
        assert!(!folder.path().join("journal.db").exists(), "nothing is made before the settings are good");
    }
}

#[test]
fn one_folder_has_one_till() {
    journey(async |place| {
        place.sign_in().await;
        let display = Display::open();
        let words = sentence(&start(&place.window.home(), Some(display.name())));
        assert!(words.contains("another till") && words.contains(&place.window.pid().to_string()), "{words}");
        place.arm("T-STILL", "1").await;
    });
}
