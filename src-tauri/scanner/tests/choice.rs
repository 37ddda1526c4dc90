//! Which port is chosen by itself, and which never.

use scanner::choice::unpaired;
use scanner::{Choice, DeviceIdentity, PortInfo, PortKind, choose};

fn device(serial_number: Option<&str>, place: Option<&str>) -> DeviceIdentity {
    DeviceIdentity {
        vendor: 0x1a86,
        product: 0x7523,
        serial_number: serial_number.map(Into::into),
        interface: Some(0),
        place: place.map(Into::into),
    }
}

fn usb(name: &str, identity: &DeviceIdentity) -> PortInfo {
    PortInfo { name: name.into(), kind: PortKind::Usb { identity: identity.clone(), label: None } }
}

fn chosen(ports: &[PortInfo], paired: &[DeviceIdentity]) -> Option<String> {
    match choose(ports, paired) {
        Choice::Use(port) => Some(port.name),
        Choice::NeedsPairing(_) | Choice::None => None,
    }
}

#[test]
fn platform_and_bluetooth_lines_are_no_candidates() {
    let ports = [
        PortInfo { name: "ttyS0".into(), kind: PortKind::Platform },
        PortInfo { name: "rfcomm0".into(), kind: PortKind::Bluetooth },
    ];
    assert_eq!(choose(&ports, &[device(Some("A"), None)]), Choice::None);
    assert!(unpaired(&ports, &[]).is_empty());
}

#[test]
fn one_unpaired_device_is_not_chosen_even_alone() {
    let ports = [usb("ttyUSB0", &device(Some("A"), Some("1-1")))];
    assert_eq!(choose(&ports, &[]), Choice::NeedsPairing(ports.to_vec()));
    assert_eq!(choose(&ports, &[device(Some("B"), Some("1-1"))]), Choice::NeedsPairing(ports.to_vec()));
}

#[test]
fn a_paired_device_is_used_under_any_name_and_in_any_socket() {
    let known = device(Some("A"), Some("1-1"));
    let moved = device(Some("A"), Some("1-4"));
    assert_eq!(chosen(&[usb("ttyACM1", &known)], std::slice::from_ref(&known)), Some("ttyACM1".into()));
    assert_eq!(chosen(&[usb("COM7", &moved)], &[known]), Some("COM7".into()));
}

#[test]
fn without_a_serial_number_the_socket_decides() {
    let known = device(None, Some("1-1"));
    let scanner = usb("ttyUSB1", &known);
    let printer = usb("ttyUSB0", &device(None, Some("1-2")));
    let paired = [known];
    assert_eq!(chosen(&[printer.clone(), scanner], &paired), Some("ttyUSB1".into()));
    assert_eq!(chosen(&[printer], &paired), None, "the same chip in another socket may be a printer");
    let placeless = usb("COM4", &device(None, None));
    assert_eq!(chosen(std::slice::from_ref(&placeless), &paired), Some("COM4".into()));
    assert_eq!(chosen(&[placeless.clone(), usb("COM5", &device(None, None))], &paired), None);
}

#[test]
fn look_alikes_with_one_serial_number_are_told_apart_by_the_socket() {
    let (left, right) = (device(Some("0"), Some("1-1")), device(Some("0"), Some("1-2")));
    let ports = [usb("ttyACM0", &right), usb("ttyACM1", &left)];
    assert_eq!(chosen(&ports, &[left]), Some("ttyACM1".into()));
    let elsewhere = device(Some("0"), Some("1-9"));
    assert_eq!(choose(&ports, &[elsewhere]), Choice::NeedsPairing(ports.to_vec()));
}

#[test]
fn the_first_paired_device_that_is_there_wins() {
    let (first, second) = (device(Some("A"), None), device(Some("B"), None));
    let ports = [usb("ttyACM0", &second), usb("ttyACM1", &first)];
    assert_eq!(chosen(&ports, &[first.clone(), second.clone()]), Some("ttyACM1".into()));
    assert_eq!(chosen(&ports[..1], &[first.clone(), second.clone()]), Some("ttyACM0".into()));
    assert_eq!(unpaired(&ports, &[first]), [&ports[0]]);
}

#[test]
fn two_lines_of_one_device_are_two_devices() {
    let known = device(Some("A"), Some("1-1"));
    let other_line = DeviceIdentity { interface: Some(2), ..known.clone() };
    let ports = [usb("ttyACM0", &other_line), usb("ttyACM1", &known)];
    assert_eq!(chosen(&ports, &[known]), Some("ttyACM1".into()));
}

#[test]
fn an_identity_written_without_its_optional_parts_is_read() {
    let read: DeviceIdentity = serde_json::from_str(r#"{"vendor":6790,"product":29987}"#).expect("read");
    assert!(read.looks_like(&device(None, None)));
}
