//! The way to the hardware: which ports there are, opening one, and what a refusal means.

use std::io::Read;
use std::time::Duration;

use serialport::{DataBits, ErrorKind, FlowControl, Parity, SerialPortType, StopBits};
use thiserror::Error;

use crate::choice::{DeviceIdentity, PortInfo, PortKind};
use crate::hid;

/// Longest wait in one read: bounds how late silence is noticed and how long a stop takes.
pub const READ_TIMEOUT: Duration = Duration::from_millis(25);

/// What to do about a missing right on Linux.
pub const HINT_DIALOUT: &str =
    "add this user to the group \"dialout\" (sudo usermod -aG dialout USER), then sign out and in again";
/// What to do about a missing right on Windows.
pub const HINT_WINDOWS: &str =
    "close other programs that use the port, and check the device's rights in Device Manager";

/// A source of bytes; each read waits at most about [`READ_TIMEOUT`] and then fails with `TimedOut`.
pub type Line = Box<dyn Read + Send>;

/// The ports of this machine, or of a test.
pub trait Ports: Send + Sync {
    /// All ports there are now.
    fn list(&self) -> Vec<PortInfo>;

    /// Opens a port, 8N1.
    fn open(&self, port: &str, baud: u32) -> Result<Line, PortFault>;

    /// Where the name leads now; `None` when nothing is there. Another answer than before means another device.
    fn locate(&self, port: &str) -> Option<String>;
}

/// Why a port could not be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PortFault {
    /// There is no such port now.
    #[error("the port is not there")]
    Absent,
    /// This user may not open it.
    #[error("no right to open the port")]
    NoRight,
    /// Somebody else has it open.
    #[error("another program is using the port")]
    InUse,
    /// Anything else, in the system's words.
    #[error("the port cannot be used as a serial line: {0}")]
    Unusable(String),
}

impl PortFault {
    /// What the system's answer means. `windows` and `present` (is the port on the list?) come in so that both arms can be
    /// tested anywhere: Windows says "no device" for a port that is gone and for one that is taken.
    pub fn classify(error: &serialport::Error, windows: bool, present: bool) -> Self {
        match error.kind() {
            ErrorKind::Io(std::io::ErrorKind::PermissionDenied) => Self::NoRight,
            ErrorKind::Io(std::io::ErrorKind::NotFound) => Self::Absent,
            ErrorKind::NoDevice if windows && !present => Self::Absent,
            ErrorKind::NoDevice => Self::InUse,
            // ENXIO and ENODEV: the device file outlived its device.
            _ if !present => Self::Absent,
            _ => Self::Unusable(error.description.clone()),
        }
    }

    /// What a person can do on this system about a missing right to open `port`.
    pub fn hint(port: &str) -> &'static str {
        match hid::is_hid(port) {
            _ if cfg!(windows) => HINT_WINDOWS,
            true => hid::HINT_UDEV,
            false => HINT_DIALOUT,
        }
    }
}

/// The real ports: serial lines, and USB scanners in HID-POS mode.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemPorts;

impl Ports for SystemPorts {
    fn list(&self) -> Vec<PortInfo> {
        let mut ports = hid::list();
        // serialport panics where a container has no such directory.
        if cfg!(not(target_os = "linux")) || std::path::Path::new("/sys/class/tty").is_dir() {
            ports.extend(serialport::available_ports().unwrap_or_default().into_iter().map(describe));
        }
        ports
    }

    fn open(&self, port: &str, baud: u32) -> Result<Line, PortFault> {
        if hid::is_hid(port) {
            return hid::open(port);
        }
        serialport::new(port, baud)
            .data_bits(DataBits::Eight)
            .parity(Parity::None)
            .stop_bits(StopBits::One)
            .flow_control(FlowControl::None)
            // Many CDC scanners stay silent until the host raises DTR; pseudo-terminals have none and ignore it.
            .dtr_on_open(true)
            .timeout(READ_TIMEOUT)
            .open()
            .map(|line| Box::new(line) as Line)
            .map_err(|error| PortFault::classify(&error, cfg!(windows), self.locate(port).is_some()))
    }

    #[cfg(not(windows))]
    fn locate(&self, port: &str) -> Option<String> {
        let path = std::fs::canonicalize(port).ok()?;
        Some(path.to_string_lossy().into_owned())
    }

    #[cfg(windows)]
    fn locate(&self, port: &str) -> Option<String> {
        self.list().into_iter().map(|info| info.name).find(|name| name.eq_ignore_ascii_case(port))
    }
}

fn describe(info: serialport::SerialPortInfo) -> PortInfo {
    let kind = match info.port_type {
        SerialPortType::UsbPort(usb) => {
            let identity = DeviceIdentity {
                vendor: usb.vid,
                product: usb.pid,
                serial_number: usb.serial_number.filter(|number| !number.trim().is_empty()),
                interface: usb.interface,
                place: usb.location.map(|place| place.to_string()),
            };
            PortKind::Usb { identity, label: usb.product.filter(|name| !name.trim().is_empty()) }
        }
        SerialPortType::BluetoothPort => PortKind::Bluetooth,
        SerialPortType::PciPort | SerialPortType::Unknown => PortKind::Platform,
    };
    PortInfo { name: info.port_name, kind }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    fn fault(kind: ErrorKind, windows: bool, present: bool) -> PortFault {
        PortFault::classify(&serialport::Error::new(kind, "words"), windows, present)
    }

    #[test]
    fn a_missing_right_is_named() {
        let denied = serialport::Error::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(PortFault::classify(&denied, false, true), PortFault::NoRight);
        assert!(HINT_DIALOUT.contains("dialout"));
    }

    #[test]
    fn taken_and_gone_are_told_apart_on_both_systems() {
        assert_eq!(fault(ErrorKind::NoDevice, false, true), PortFault::InUse);
        assert_eq!(fault(ErrorKind::NoDevice, true, true), PortFault::InUse);
        assert_eq!(fault(ErrorKind::NoDevice, true, false), PortFault::Absent);
        assert_eq!(fault(ErrorKind::Io(io::ErrorKind::NotFound), false, false), PortFault::Absent);
        assert_eq!(fault(ErrorKind::Unknown, false, false), PortFault::Absent);
        assert_eq!(fault(ErrorKind::Unknown, false, true), PortFault::Unusable("words".into()));
    }

    #[test]
    fn the_real_list_can_be_read() {
        // Machines without any port are fine; the call must not panic.
        let _ = SystemPorts.list();
        assert_eq!(SystemPorts.locate("/nonexistent/port"), None);
    }
}
