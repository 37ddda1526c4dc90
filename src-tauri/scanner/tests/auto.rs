//! `port = "auto"` on a bus of USB devices whose bytes come from pseudo-terminals.
#![cfg(unix)]

mod line;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use line::{Bus, CODE, Device, bus, identity, next_scan, next_state, ready_port};
use scanner::{DeviceIdentity, PortFault, Scanner, ScannerEvent, ScannerSettings, ScannerState};

fn start(bus: &Arc<Bus>, paired: &[DeviceIdentity]) -> (Scanner, Receiver<ScannerEvent>) {
    let (sender, events) = channel();
    let sink = move |event| drop(sender.send(event));
    let settings = ScannerSettings::default();
    let scanner = Scanner::start_on(bus.clone(), settings, paired.to_vec(), sink);
    (scanner.expect("a thread"), events)
}

#[test]
fn an_unpaired_device_is_never_opened() {
    let bus = bus();
    let device = Device::new();
    let (scanner, events) = start(&bus, &[]);
    assert_eq!(next_state(&events), ScannerState::Searching);
    bus.plug("ttyACM0", &identity(1, Some("A"), "1-1"), Ok(device.path()));
    assert_eq!(next_state(&events), ScannerState::NotPaired);
    scanner.stop().expect("stopped");
}

#[test]
fn a_paired_device_is_found_again_under_another_name() {
    let (bus, known) = (bus(), identity(1, Some("A"), "1-1"));
    let printer = Device::new();
    bus.plug("ttyUSB0", &identity(9, None, "1-4"), Ok(printer.path()));
    let device = Device::new();
    bus.plug("ttyACM0", &known, Ok(device.path()));
    let (scanner, events) = start(&bus, std::slice::from_ref(&known));
    let label = "Scanner 1".to_owned();
    assert_eq!(next_state(&events), ScannerState::Ready { port: "ttyACM0".into(), label });

    bus.unplug("ttyACM0");
    drop(device);
    // It stays lost, though an unpaired device is still there.
    assert!(matches!(next_state(&events), ScannerState::Lost { port, .. } if port == "ttyACM0"));
    let mut device = Device::new();
    bus.plug("ttyACM1", &known, Ok(device.path()));
    assert_eq!(ready_port(&next_state(&events)), Some("ttyACM1"));
    device.send(format!("{CODE}\r"));
    assert_eq!(next_scan(&events), CODE);
    scanner.stop().expect("stopped");
}

#[test]
fn a_missing_right_is_said_with_what_to_do() {
    let (bus, known) = (bus(), identity(1, Some("A"), "1-1"));
    bus.plug("ttyACM0", &known, Err(PortFault::NoRight));
    let (scanner, events) = start(&bus, std::slice::from_ref(&known));
    let ScannerState::NoRight { port, hint } = next_state(&events) else {
        panic!("the missing right has its own state");
    };
    assert_eq!((port.as_str(), hint.as_str()), ("ttyACM0", PortFault::hint("ttyACM0")));
    scanner.stop().expect("stopped");
}
