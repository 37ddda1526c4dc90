//! The serial loop on real lines: pseudo-terminals that are plugged, unplugged and plugged again.
#![cfg(unix)]

mod line;

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Instant;

use line::{CODE, Device, OTHER, next_scan, next_state, ready_port, wait};
use scanner::serial::STOP_LIMIT;
use scanner::{DamageReason, Scanner, ScannerEvent, ScannerSettings, ScannerState, Source, SystemPorts};
use scanner::{PortFault, Ports};

fn start(port: &Path, baud: u32) -> (Scanner, Receiver<ScannerEvent>) {
    let (sender, events) = channel();
    let port = port.to_string_lossy().into_owned();
    let settings = ScannerSettings { source: Source::Serial, port, baud, ..Default::default() };
    let scanner = Scanner::start(settings, Vec::new(), move |event| drop(sender.send(event)));
    (scanner.expect("a thread"), events)
}

#[test]
fn bytes_become_scans_at_any_baud() {
    for baud in [9600, 115_200] {
        let mut device = Device::new();
        let (scanner, events) = start(&device.path(), baud);
        let path = device.path().to_string_lossy().into_owned();
        assert_eq!(next_state(&events), ScannerState::Ready { port: path.clone(), label: path });
        device.send(format!("{CODE}\r"));
        assert_eq!(next_scan(&events), CODE);
        device.send("\n");
        device.send(&OTHER[..10]);
        device.send(format!("{}\r\n{CODE}\t", &OTHER[10..]));
        assert_eq!((next_scan(&events), next_scan(&events)), (OTHER.into(), CODE.into()));
        scanner.stop().expect("stopped");
    }
}

#[test]
fn a_scanner_without_terminator_is_cut_by_silence() {
    let mut device = Device::new();
    let (scanner, events) = start(&device.path(), 9600);
    next_state(&events);
    device.send(CODE);
    assert_eq!(next_scan(&events), CODE);
    scanner.stop().expect("stopped");
}

#[test]
fn unplugged_in_mid_code_and_plugged_again_at_the_same_name() {
    let home = tempfile::tempdir().expect("a directory");
    let link = home.path().join("scanner");
    let (scanner, events) = start(&link, 9600);
    assert_eq!(next_state(&events), ScannerState::Searching);

    let mut device = Device::plugged_as(&link);
    assert_eq!(ready_port(&next_state(&events)), link.to_str());
    // In one write, so that the half code has been read when the whole one is told.
    device.send(format!("{CODE}\r{}", &OTHER[..7]));
    assert_eq!(next_scan(&events), CODE);
    drop(device);
    let damaged = wait(&events, |event| match event {
        ScannerEvent::Damaged { reason, length, .. } => Some((reason, length)),
        _ => None,
    });
    assert_eq!(damaged, (DamageReason::Unplugged, 7));
    assert!(matches!(next_state(&events), ScannerState::Lost { port, .. } if Path::new(&port) == link));

    let mut device = Device::plugged_as(&link);
    assert_eq!(ready_port(&next_state(&events)), link.to_str());
    device.send(format!("{OTHER}\r"));
    assert_eq!(next_scan(&events), OTHER);
    scanner.stop().expect("stopped");
    assert_eq!(next_state(&events), ScannerState::Off);
    assert!(events.recv().is_err(), "states are told only when they change, and nothing after the end");
}

#[test]
fn a_port_that_vanishes_without_an_error_is_noticed() {
    let home = tempfile::tempdir().expect("a directory");
    let link = home.path().join("scanner");
    let _silent = Device::plugged_as(&link);
    let (scanner, events) = start(&link, 9600);
    assert!(ready_port(&next_state(&events)).is_some());
    std::fs::remove_file(&link).expect("removed");
    assert!(matches!(next_state(&events), ScannerState::Lost { .. }));
    let mut device = Device::plugged_as(&link);
    assert!(ready_port(&next_state(&events)).is_some());
    device.send(format!("{CODE}\r"));
    assert_eq!(next_scan(&events), CODE);
    scanner.stop().expect("stopped");
}

#[test]
fn a_port_in_use_is_named_and_taken_when_free() {
    let device = Device::new();
    let path = device.path().to_string_lossy().into_owned();
    let other_program = SystemPorts.open(&path, 9600).expect("open");
    let (scanner, events) = start(&device.path(), 9600);
    let reason = PortFault::InUse.to_string();
    assert_eq!(next_state(&events), ScannerState::Lost { port: path.clone(), reason });
    drop(other_program);
    assert_eq!(ready_port(&next_state(&events)), Some(path.as_str()));
    scanner.stop().expect("stopped");
}

#[test]
fn what_is_no_serial_line_is_lost_with_a_reason() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let (scanner, events) = start(file.path(), 9600);
    assert!(matches!(next_state(&events), ScannerState::Lost { .. }));
    scanner.stop().expect("stopped");
}

#[test]
fn stopping_is_quick_and_frees_the_port() {
    let device = Device::new();
    let (scanner, events) = start(&device.path(), 9600);
    next_state(&events);
    let asked = Instant::now();
    scanner.stop().expect("stopped");
    assert!(asked.elapsed() < STOP_LIMIT);
    let path = device.path().to_string_lossy().into_owned();
    SystemPorts.open(&path, 9600).expect("free again");
}

#[test]
fn a_keyboard_scanner_opens_no_port() {
    let (sender, events) = channel();
    let settings = ScannerSettings { source: Source::Keyboard, ..Default::default() };
    let scanner = Scanner::start(settings, Vec::new(), move |event| drop(sender.send(event)));
    assert_eq!(next_state(&events), ScannerState::Off);
    scanner.expect("a thread").stop().expect("stopped");
    assert!(events.recv().is_err());
}
