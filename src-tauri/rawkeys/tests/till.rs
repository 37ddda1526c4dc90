//! Keys of a real Windows desktop, by Raw Input, into a real till with a simulated gateway over real HTTP.
//!
//! The keys are made by `SendInput`, which the system tells like those of a board. Every test needs the desktop for itself.
#![cfg(windows)]
#![allow(unsafe_code, reason = "keys and windows of the system, which are behind a C interface")]

#[path = "../../till/tests/window/mod.rs"]
mod window;

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::ptr::{null, null_mut};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use checkout::State;
use gateway_sim::On;
use rawkeys::{GRAIN_MS, Listener, RawKey};
use till::Till;
use till::keys::EventClock;
use till::onlooker::{self, Moved, OwnKeys};
use till::view::ScanOutcome;
use window::{PATIENCE, Window, code};
use windows_sys::Win32::Foundation::HWND;
use windows_sys::Win32::UI::Input::KeyboardAndMouse::{
    INPUT, INPUT_0, INPUT_KEYBOARD, KEYBDINPUT, KEYEVENTF_EXTENDEDKEY, KEYEVENTF_KEYUP, KEYEVENTF_SCANCODE, SendInput,
};
use windows_sys::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DispatchMessageW, GetForegroundWindow, MSG, PM_REMOVE, PeekMessageW, SetForegroundWindow,
    WS_OVERLAPPEDWINDOW, WS_VISIBLE,
};
use windows_sys::w;

static DESKTOP: Mutex<()> = Mutex::new(());
const ENTER: u16 = 0x1C;
/// Names the part of the other program to this one, when it is started again.
const PART: &str = "WICKET_TEST_OTHER_PROGRAM";
const IN_FRONT: &str = "in front";

fn desktop() -> MutexGuard<'static, ()> {
    DESKTOP.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Opens a window, and says so to `ready` when it is in front; it answers the system until `ready` is gone.
fn show(mut ready: impl FnMut() -> bool) {
    // SAFETY: a class that every system has; no pointer is kept.
    let window: HWND = unsafe {
        let style = WS_OVERLAPPEDWINDOW | WS_VISIBLE;
        CreateWindowExW(
            0,
            w!("STATIC"),
            w!("test"),
            style,
            50,
            50,
            300,
            200,
            null_mut(),
            null_mut(),
            null_mut(),
            null(),
        )
    };
    assert!(!window.is_null(), "a window");
    // SAFETY: the window is this thread's own.
    unsafe { SetForegroundWindow(window) };
    let mut message = MSG::default();
    loop {
        // SAFETY: `message` is this function's own.
        while unsafe { PeekMessageW(&raw mut message, null_mut(), 0, 0, PM_REMOVE) } != 0 {
            // SAFETY: as it was received.
            unsafe { DispatchMessageW(&raw const message) };
        }
        // SAFETY: takes nothing.
        if unsafe { GetForegroundWindow() } == window && !ready() {
            return;
        }
        thread::sleep(Duration::from_millis(5));
    }
}

/// A window of this program, in front until it is dropped.
struct Own(Option<(Receiver<()>, thread::JoinHandle<()>)>);

impl Own {
    fn open() -> Self {
        let (ready, in_front) = mpsc::sync_channel(0);
        let thread =
            thread::spawn(move || show(|| !matches!(ready.try_send(()), Err(mpsc::TrySendError::Disconnected(())))));
        in_front.recv_timeout(PATIENCE).expect("the window came to the front");
        Self(Some((in_front, thread)))
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        let Some((in_front, thread)) = self.0.take() else { return };
        drop(in_front);
        thread.join().expect("the window was closed");
    }
}

/// Another program, in front until it is dropped.
struct Other(Child);

impl Other {
    fn open() -> Self {
        let mut program = Command::new(std::env::current_exe().expect("this program"));
        program
            .args(["--exact", "another_program", "--nocapture"])
            .env(PART, "yes")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = program.spawn().expect("another program");
        let said = BufReader::new(child.stdout.take().expect("its words"));
        let in_front = said.lines().map_while(Result::ok).any(|line| line.contains(IN_FRONT));
        assert!(in_front, "the other program came to the front");
        Self(child)
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        // It ends either way.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Only a part of the tests below.
#[test]
fn another_program() {
    if std::env::var_os(PART).is_none() {
        return;
    }
    let mut said = false;
    // It ends by being killed.
    show(|| std::mem::replace(&mut said, true) || writeln!(std::io::stdout(), "{IN_FRONT}").is_ok());
}

fn press(make: u16, prefixed: bool) {
    let flags = KEYEVENTF_SCANCODE | if prefixed { KEYEVENTF_EXTENDEDKEY } else { 0 };
    for up in [0, KEYEVENTF_KEYUP] {
        let key = KEYBDINPUT { wVk: 0, wScan: make, dwFlags: flags | up, time: 0, dwExtraInfo: 0 };
        let input = INPUT { r#type: INPUT_KEYBOARD, Anonymous: INPUT_0 { ki: key } };
        // SAFETY: one input, with the size of one.
        let sent = unsafe { SendInput(1, &raw const input, i32::try_from(size_of::<INPUT>()).expect("small")) };
        assert_eq!(sent, 1, "the system took the key");
    }
}

fn make_of(digit: char) -> u16 {
    u16::try_from(digit.to_digit(10).map_or(0, |digit| if digit == 0 { 11 } else { digit + 1 })).expect("small")
}

/// As a scanner types: a few milliseconds between two keys, and Enter.
fn scan(text: &str) {
    for digit in text.chars() {
        press(make_of(digit), false);
        thread::sleep(Duration::from_millis(4));
    }
    press(ENTER, false);
}

/// As the program begins it, for a till.
fn listen(till: &Till) -> Listener {
    let moves =
        onlooker::start(till, EventClock::coarse(Duration::from_millis(GRAIN_MS)), OwnKeys::Seen).expect("a judge");
    Listener::begin(move |RawKey { device, time, arrived, code, down, here }| {
        moves.send(Moved { device, time, arrived, code, down, repeats: false, here }).expect("the judge hears");
    })
    .expect("the system tells keys")
}

async fn venue() -> Window {
    let pattern = regex::Regex::new("[0-9]{8}").expect("a pattern");
    Window::open_with(|config| {
        config.limits.bill_pattern = Some(pattern);
        // On a busy machine the keys made here do not come as evenly as a scanner's.
        config.scanner.key_gap_ms = scanner::wedge::KEY_GAP_MS_MAX;
    })
    .await
}

#[test]
fn every_key_is_told_with_its_place_and_none_after_the_end() {
    let _desktop = desktop();
    let _own = Own::open();
    let (sender, told) = mpsc::channel();
    let listener = Listener::begin(move |key| sender.send(key).expect("heard")).expect("the system tells keys");
    press(make_of('1'), false);
    press(make_of('0'), false);
    press(0x48, true);
    press(0x48, false);
    press(ENTER, true);
    let next = || told.recv_timeout(PATIENCE).map(|key| (key.code, key.down, key.here)).expect("a key");
    let keys: Vec<_> = (0..10).map(|_| next()).collect();
    let pressed: Vec<_> = keys.chunks(2).map(|both| (both[0].0, both[1].0, both[0].1, both[1].1)).collect();
    assert_eq!(pressed, [2, 11, 103, 72, 96].map(|code| (code, code, true, false)));
    assert!(keys.iter().all(|(.., here)| *here), "{keys:?}");
    drop(listener);
    assert!(told.recv().is_err(), "nobody is left who could tell");
    let (sender, told) = mpsc::channel();
    let _again = Listener::begin(move |key| sender.send(key).expect("heard")).expect("the system tells keys again");
    press(make_of('5'), false);
    assert_eq!(told.recv_timeout(PATIENCE).expect("a key").code, 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_into_the_own_window_is_read_whatever_the_page_does() {
    let _desktop = desktop();
    let window = venue().await;
    let _listener = listen(&window.till);
    let _own = Own::open();
    scan("12345678");
    let bill = ScanOutcome::Bill { text: "12345678".into() };
    window.until("the bill", |view| view.scan.as_ref().is_some_and(|scan| scan.outcome == bill)).await;
    window.arm("T1").await.expect("armed");
    let begun = Instant::now();
    scan(&code("50"));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1);
    eprintln!("from the first key to paid: {} ms", begun.elapsed().as_millis());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scan_into_another_program_pays_the_armed_sale_and_nothing_else_there_counts() {
    let _desktop = desktop();
    let window = venue().await;
    let _listener = listen(&window.till);
    let _other = Other::open();
    scan("12345678");
    scan(&code("50"));
    window.arm("T1").await.expect("armed");
    scan(&code("50"));
    window.until_front(State::Paid).await;
    assert_eq!(window.sim.ledger().count_all(On::Charge), 1, "before it was armed a code was nothing");
    let traces = window.till.traces().await.expect("traces");
    assert!(traces.is_empty(), "what goes to other programs is not written down: {traces:?}");
}
