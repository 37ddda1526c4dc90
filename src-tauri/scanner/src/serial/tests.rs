//! The supervisor against readers that panic and reads that never return.

use std::io::{self, Read};
use std::sync::Mutex;
use std::sync::mpsc::channel;

use super::*;
use crate::choice::PortInfo;
use crate::ports::{Line, PortFault};

/// A line made of messages: bytes, or a read that hangs until its sender is dropped.
struct Wire {
    bytes: Receiver<Vec<u8>>,
    hangs: bool,
    _closed: Sender<()>,
}

impl Read for Wire {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = if self.hangs {
            self.bytes.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            self.bytes.recv_timeout(Duration::from_millis(5))
        };
        match got {
            Ok(bytes) => {
                buffer[..bytes.len()].copy_from_slice(&bytes);
                Ok(bytes.len())
            }
            Err(RecvTimeoutError::Timeout) => Err(io::ErrorKind::TimedOut.into()),
            Err(RecvTimeoutError::Disconnected) => Ok(0),
        }
    }
}

enum Plan {
    Panic,
    Open(Wire),
}

/// What each opening does, last one first; nothing is there when none is left.
struct Planned(Mutex<Vec<Plan>>);

impl Ports for Planned {
    fn list(&self) -> Vec<PortInfo> {
        Vec::new()
    }

    fn open(&self, _: &str, _: u32) -> Result<Line, PortFault> {
        let plan = self.0.lock().expect("the plan").pop();
        match plan {
            Some(Plan::Panic) => panic!("a planned panic"),
            Some(Plan::Open(wire)) => Ok(Box::new(wire)),
            None => Err(PortFault::Absent),
        }
    }

    fn locate(&self, port: &str) -> Option<String> {
        Some(port.into())
    }
}

fn wire(hangs: bool) -> (Wire, Sender<Vec<u8>>, Receiver<()>) {
    let (sender, bytes) = channel();
    let (closing, closed) = channel();
    (Wire { bytes, hangs, _closed: closing }, sender, closed)
}

fn start(plans: Vec<Plan>, hang_ms: u64) -> (Scanner, Receiver<ScannerEvent>) {
    let (sender, events) = channel();
    let pace = Pace { look_every: Duration::from_millis(20), hang_limit: Duration::from_millis(hang_ms) };
    let settings = ScannerSettings { port: "wire".into(), ..Default::default() };
    let ports = Arc::new(Planned(Mutex::new(plans)));
    let sink = move |event| {
        let breaks = matches!(&event, ScannerEvent::Scan { text, .. } if text.expose() == "break");
        let _ = sender.send(event);
        assert!(!breaks, "a listener that breaks");
    };
    let scanner = Scanner::start_at(pace, ports, settings, Vec::new(), sink).expect("a thread");
    (scanner, events)
}

fn next<T>(events: &Receiver<ScannerEvent>, pick: impl Fn(ScannerEvent) -> Option<T>) -> T {
    loop {
        let event = events.recv_timeout(Duration::from_secs(20)).expect("an event");
        if let Some(wanted) = pick(event) {
            return wanted;
        }
    }
}

fn scan(event: ScannerEvent) -> Option<String> {
    match event {
        ScannerEvent::Scan { text, .. } => Some(text.expose().to_owned()),
        _ => None,
    }
}

fn state(event: ScannerEvent) -> Option<ScannerState> {
    match event {
        ScannerEvent::State(state) => Some(state),
        _ => None,
    }
}

#[test]
fn a_panic_is_shown_as_lost_and_the_loop_starts_again() {
    let (line, bytes, _closed) = wire(false);
    let (scanner, events) = start(vec![Plan::Open(line), Plan::Panic], 20_000);
    assert!(matches!(next(&events, state), ScannerState::Lost { port, .. } if port == "wire"));
    assert!(matches!(next(&events, state), ScannerState::Ready { .. }));
    bytes.send(b"12\r".to_vec()).expect("sent");
    assert_eq!(next(&events, scan), "12");
    scanner.stop().expect("stopped");
}

#[test]
fn a_listener_that_breaks_ends_nothing() {
    let (line, bytes, _closed) = wire(false);
    let (scanner, events) = start(vec![Plan::Open(line)], 20_000);
    bytes.send(b"break\rnext\r".to_vec()).expect("sent");
    assert_eq!(next(&events, scan), "break");
    assert_eq!(next(&events, scan), "next");
    scanner.stop().expect("stopped");
}

#[test]
fn a_hung_port_is_left_behind_and_what_it_says_later_is_not_heard() {
    let (hung, late, hung_closed) = wire(true);
    let (line, bytes, _closed) = wire(false);
    let (scanner, events) = start(vec![Plan::Open(line), Plan::Open(hung)], 2000);
    assert!(matches!(next(&events, state), ScannerState::Ready { .. }));
    assert!(matches!(next(&events, state), ScannerState::Lost { .. }));
    assert!(matches!(next(&events, state), ScannerState::Ready { .. }));
    late.send(b"late\r".to_vec()).expect("sent");
    let closed = hung_closed.recv_timeout(Duration::from_secs(20));
    assert_eq!(closed, Err(RecvTimeoutError::Disconnected), "it ended when it woke");
    bytes.send(b"12\r".to_vec()).expect("sent");
    assert_eq!(next(&events, scan), "12");
    scanner.stop().expect("stopped");
}

#[test]
fn a_stop_does_not_wait_for_a_hung_port() {
    let (hung, _bytes, _closed) = wire(true);
    let (scanner, events) = start(vec![Plan::Open(hung)], 20_000);
    assert!(matches!(next(&events, state), ScannerState::Ready { .. }));
    assert_eq!(scanner.stop(), Err(StillRunning));
    assert_eq!(next(&events, state), ScannerState::Off);
}
