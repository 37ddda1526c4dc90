//! Pairing: one scan of the code on the screen, and the device that read it is remembered.
#![cfg(unix)]

mod line;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use line::{Bus, CODE, Device, bus, identity, wait};
use scanner::pairing::pairing_code;
use scanner::{Choice, PairedDevices, PairingEvent, PairingSession, PortFault, Ports, ScannerSettings, choose};

const LONG: Duration = Duration::from_secs(60);

fn pair(bus: &Arc<Bus>, paired: &PairedDevices, limit: Duration) -> (PairingSession, Receiver<PairingEvent>) {
    let (sender, events) = channel();
    let sink = move |event| drop(sender.send(event));
    let (settings, code) = (ScannerSettings::default(), pairing_code(7));
    let session = PairingSession::start(bus.clone(), &settings, &paired.devices, code, limit, sink);
    (session.expect("a thread"), events)
}

#[test]
fn the_device_that_reads_the_code_is_remembered_and_used() {
    let bus = bus();
    let (printer, mut device) = (Device::new(), Device::new());
    let known = identity(2, Some("B"), "1-2");
    bus.plug("ttyUSB0", &identity(1, None, "1-1"), Ok(printer.path()));
    bus.plug("ttyACM0", &known, Ok(device.path()));
    let mut paired = PairedDevices::default();
    assert!(matches!(choose(&bus.list(), &paired.devices), Choice::NeedsPairing(ports) if ports.len() == 2));

    let (session, events) = pair(&bus, &paired, LONG);
    device.send(format!("{CODE}\r"));
    let other = wait(&events, Some);
    assert!(matches!(&other, PairingEvent::OtherCode { port, .. } if port == "ttyACM0"));
    assert!(!format!("{other:?}").contains(&CODE[..6]), "what else was read is not told");
    device.send(format!("{}\r\n", pairing_code(7)));
    let PairingEvent::Answered { device: found, port, label } = wait(&events, Some) else {
        panic!("the code was read");
    };
    assert_eq!((&found, port.as_str(), label.as_str()), (&known, "ttyACM0", "Scanner 2"));
    session.stop().expect("stopped");

    paired.remember(found);
    let kept = serde_json::to_string(&paired).expect("written");
    let paired: PairedDevices = serde_json::from_str(&kept).expect("read");
    assert!(matches!(choose(&bus.list(), &paired.devices), Choice::Use(port) if port.name == "ttyACM0"));
}

#[test]
fn a_device_plugged_in_during_the_session_is_heard() {
    let bus = bus();
    let (session, events) = pair(&bus, &PairedDevices::default(), LONG);
    bus.plug("ttyUSB3", &identity(3, None, "1-3"), Err(PortFault::NoRight));
    let unheard = wait(&events, Some);
    assert!(matches!(unheard, PairingEvent::Unheard { reason, .. } if reason == PortFault::hint("ttyACM0")));
    let mut device = Device::new();
    device.send(pairing_code(7));
    bus.plug("ttyACM0", &identity(2, None, "1-2"), Ok(device.path()));
    let answered = wait(&events, Some);
    assert!(matches!(answered, PairingEvent::Answered { port, .. } if port == "ttyACM0"));
    session.stop().expect("stopped");
}

#[test]
fn a_session_ends_by_time_and_by_stop() {
    let (session, events) = pair(&bus(), &PairedDevices::default(), Duration::from_millis(10));
    assert_eq!(wait(&events, Some), PairingEvent::NobodyAnswered);
    session.stop().expect("stopped");
    let (session, events) = pair(&bus(), &PairedDevices::default(), LONG);
    session.stop().expect("stopped");
    assert!(events.recv().is_err(), "a stopped session tells nothing");
}

#[test]
fn a_stopped_session_is_deaf_to_the_code_it_waited_for() {
    let (bus, mut device) = (bus(), Device::new());
    bus.plug("ttyACM0", &identity(2, Some("B"), "1-2"), Ok(device.path()));
    let (session, events) = pair(&bus, &PairedDevices::default(), LONG);
    device.send(format!("{CODE}\r"));
    assert!(matches!(wait(&events, Some), PairingEvent::OtherCode { .. }), "it listens");
    session.stop().expect("stopped");
    device.send(format!("{}\r", pairing_code(7)));
    assert!(events.recv().is_err(), "nobody is there to tell anything");
}

#[test]
fn the_paired_device_is_left_to_the_scanner() {
    let (bus, device) = (bus(), Device::new());
    let known = identity(2, Some("B"), "1-2");
    bus.plug("ttyACM0", &known, Ok(device.path()));
    let mut paired = PairedDevices::default();
    paired.remember(known);
    let _listening = bus.open("ttyACM0", 9600).expect("open");
    let (session, events) = pair(&bus, &paired, Duration::from_millis(10));
    assert_eq!(wait(&events, Some), PairingEvent::NobodyAnswered);
    session.stop().expect("stopped");
}

#[test]
fn remembering_again_replaces_and_comes_first() {
    let mut paired = PairedDevices::default();
    paired.remember(identity(1, None, "1-1"));
    paired.remember(identity(2, None, "1-2"));
    paired.remember(identity(1, None, "1-3"));
    assert_eq!(paired.devices, [identity(1, None, "1-3"), identity(2, None, "1-2")]);
}
