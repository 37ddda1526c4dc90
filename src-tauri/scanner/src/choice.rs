//! Which port is the scanner's, where `port = "auto"`. Pure.

use serde::{Deserialize, Serialize};

/// A USB serial device as the system describes it; remembered after pairing, so it is also what a file keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct DeviceIdentity {
    /// USB vendor number.
    pub vendor: u16,
    /// USB product number.
    pub product: u16,
    /// USB serial number; many cheap devices have none, or all the same.
    pub serial_number: Option<String>,
    /// USB interface, where one device has several serial lines.
    pub interface: Option<u8>,
    /// The socket it is plugged into (`bus-port.port`), where the system tells. It only decides between look-alikes.
    pub place: Option<String>,
}

impl DeviceIdentity {
    /// Whether both carry the same numbers, whatever the socket and the port's name.
    pub fn looks_like(&self, other: &Self) -> bool {
        self.vendor == other.vendor
            && self.product == other.product
            && self.serial_number == other.serial_number
            && (self.interface == other.interface || self.interface.is_none() || other.interface.is_none())
    }

    fn is_at_place_of(&self, other: &Self) -> bool {
        self.place.is_some() && self.place == other.place
    }

    fn is_elsewhere_than(&self, other: &Self) -> bool {
        self.place.is_some() && other.place.is_some() && self.place != other.place
    }
}

/// What kind of port it is. Only USB is ever chosen by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortKind {
    /// A USB serial device, with its own name where it tells one.
    Usb {
        /// What it is recognised by.
        identity: DeviceIdentity,
        /// The product's name.
        label: Option<String>,
    },
    /// A Bluetooth line: opening one may page a telephone.
    Bluetooth,
    /// A line of the machine itself (`ttyS0`, PCI, modem), or unknown.
    Platform,
}

/// A serial port of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortInfo {
    /// What it is opened by: `/dev/ttyACM0`, `COM3`.
    pub name: String,
    /// What it is.
    pub kind: PortKind,
}

impl PortInfo {
    /// What it is recognised by, if it is a USB device.
    pub fn identity(&self) -> Option<&DeviceIdentity> {
        match &self.kind {
            PortKind::Usb { identity, .. } => Some(identity),
            PortKind::Bluetooth | PortKind::Platform => None,
        }
    }

    /// The device's own name, or the port's.
    pub fn label(&self) -> &str {
        match &self.kind {
            PortKind::Usb { label: Some(label), .. } => label,
            _ => &self.name,
        }
    }
}

/// What to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// This port is a device that was confirmed by a pairing scan.
    Use(PortInfo),
    /// No port is certain to be the scanner; one of these may be, and a pairing scan will tell.
    NeedsPairing(Vec<PortInfo>),
    /// No USB serial device at all.
    None,
}

/// Chooses among the ports of the machine.
///
/// Only a paired device is used, under whatever name it has now; where several are there, the first in `paired`.
/// Look-alikes (two devices with the same numbers) are told apart by their socket, and a device without a serial number counts
/// as the paired one only in the socket where it was paired: the next socket may hold a printer with the same USB chip.
pub fn choose(ports: &[PortInfo], paired: &[DeviceIdentity]) -> Choice {
    if let Some(port) = paired.iter().find_map(|known| find(ports, known)) {
        return Choice::Use(port.clone());
    }
    let candidates: Vec<PortInfo> = ports.iter().filter(|port| port.identity().is_some()).cloned().collect();
    if candidates.is_empty() { Choice::None } else { Choice::NeedsPairing(candidates) }
}

/// The USB serial ports that are not one of the paired devices: where a pairing session listens.
pub fn unpaired<'a>(ports: &'a [PortInfo], paired: &[DeviceIdentity]) -> Vec<&'a PortInfo> {
    let taken: Vec<&PortInfo> = paired.iter().filter_map(|known| find(ports, known)).collect();
    ports.iter().filter(|port| port.identity().is_some() && !taken.contains(port)).collect()
}

fn find<'a>(ports: &'a [PortInfo], known: &DeviceIdentity) -> Option<&'a PortInfo> {
    let alike: Vec<(&PortInfo, &DeviceIdentity)> = ports
        .iter()
        .filter_map(|port| port.identity().map(|identity| (port, identity)))
        .filter(|(_, identity)| identity.looks_like(known))
        .collect();
    let mut at_place = alike.iter().filter(|(_, identity)| identity.is_at_place_of(known));
    match (at_place.next(), at_place.next(), alike.as_slice()) {
        (Some((port, _)), None, _) => Some(port),
        (None, None, [(port, identity)]) => {
            let sure = known.serial_number.is_some() || !identity.is_elsewhere_than(known);
            sure.then_some(*port)
        }
        _ => None,
    }
}
