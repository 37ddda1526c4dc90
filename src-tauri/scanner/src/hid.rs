//! USB scanners in HID-POS mode (usage page 0x8C): found, opened, and read as if they were a serial line.
//!
//! To everything above, such a scanner is one more [`crate::Ports`] entry: choice, pairing, hot-plug and the health word are the
//! same. Below, a report is one code or a part of one; the joined code is handed on with a terminator.

pub mod joining;
pub mod layout;

use std::io::{self, Read};
use std::path::Path;
use std::time::{Duration, Instant};

use hidapi::{HidApi, HidDevice, HidError};
use zeroize::Zeroizing;

use crate::choice::{DeviceIdentity, PortInfo, PortKind};
use crate::ports::{Line, PortFault, READ_TIMEOUT};
use joining::Joining;
use layout::SCANNER_PAGE;

/// What to do about a missing right on Linux.
pub const HINT_UDEV: &str = "this user may not read the USB scanner: install the udev rule for HID scanners \
                             (docs/operating.md, \"The scanner\"), then unplug it and plug it in again";
/// Longest report read, its number included.
const REPORT_MAX: usize = 4_096;

/// Reports of one device, however they come.
pub trait Reports: Send {
    /// One report into `buffer`; 0 if none came within `wait`.
    ///
    /// # Errors
    /// The device is gone, or cannot be read.
    fn next(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize>;
}

/// Whether a port's name is one of ours.
pub fn is_hid(port: &str) -> bool {
    port.starts_with("/dev/hidraw") || port.to_ascii_lowercase().starts_with(r"\\?\hid")
}

/// All HID-POS scanners there are now.
pub fn list() -> Vec<PortInfo> {
    // A machine without any HID device has no such folder, and is asked about every second.
    if cfg!(target_os = "linux") && !Path::new("/sys/class/hidraw").is_dir() {
        return Vec::new();
    }
    let Ok(api) = HidApi::new() else { return Vec::new() };
    let scanners = api.device_list().filter(|device| device.usage_page() == SCANNER_PAGE);
    let mut found: Vec<PortInfo> = scanners
        .map(|device| {
            let name = device.path().to_string_lossy().into_owned();
            let text = |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
            let identity = DeviceIdentity {
                vendor: device.vendor_id(),
                product: device.product_id(),
                serial_number: text(device.serial_number()),
                interface: u8::try_from(device.interface_number()).ok(),
                place: place(&name),
            };
            PortInfo { kind: PortKind::Usb { identity, label: text(device.product_string()) }, name }
        })
        .collect();
    // A device with several usages is listed once for each.
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found.dedup_by(|a, b| a.name == b.name);
    found
}

/// Opens a scanner as a line.
///
/// # Errors
/// It is gone, this user may not, or it does not say how it sends codes.
pub fn open(port: &str) -> Result<Line, PortFault> {
    let api = HidApi::new().map_err(|error| fault(&error))?;
    let path = std::ffi::CString::new(port).map_err(|_| PortFault::Absent)?;
    let device = api.open_path(&path).map_err(|error| fault(&error))?;
    let mut descriptor = [0_u8; hidapi::MAX_REPORT_DESCRIPTOR_SIZE];
    let length = device.get_report_descriptor(&mut descriptor).map_err(|error| fault(&error))?;
    line(Box::new(device), &descriptor[..length.min(descriptor.len())])
}

/// Makes a line of a device's reports and its descriptor.
///
/// # Errors
/// The descriptor declares no decoded data.
pub fn line(reports: Box<dyn Reports>, descriptor: &[u8]) -> Result<Line, PortFault> {
    let layouts = layout::layouts(descriptor);
    if layouts.is_empty() {
        return Err(PortFault::Unusable("it is no scanner that sends decoded data".into()));
    }
    let line = HidLine {
        reports,
        joining: Joining::new(layouts),
        begun: Instant::now(),
        buffer: Zeroizing::new([0; REPORT_MAX]),
        line: Zeroizing::new(Vec::with_capacity(REPORT_MAX)),
    };
    Ok(Box::new(line))
}

struct HidLine {
    reports: Box<dyn Reports>,
    joining: Joining,
    begun: Instant,
    buffer: Zeroizing<[u8; REPORT_MAX]>,
    line: Zeroizing<Vec<u8>>,
}

impl Read for HidLine {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.line.is_empty() {
            let count = self.reports.next(&mut self.buffer[..], READ_TIMEOUT)?;
            let now = self.begun.elapsed();
            match self.buffer.get(..count).filter(|report| !report.is_empty()) {
                Some(report) => self.joining.report(now, report, &mut self.line),
                None => self.joining.tick(now, &mut self.line),
            }
        }
        if self.line.is_empty() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let count = out.len().min(self.line.len());
        out[..count].copy_from_slice(&self.line[..count]);
        self.line.drain(..count);
        Ok(count)
    }
}

impl Reports for HidDevice {
    fn next(&mut self, buffer: &mut [u8], wait: Duration) -> io::Result<usize> {
        let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        self.read_timeout(buffer, wait).map_err(|error| match error {
            HidError::IoError { error } => error,
            other => io::Error::other(other),
        })
    }
}

fn fault(error: &HidError) -> PortFault {
    match error {
        HidError::IoError { error } => match error.kind() {
            io::ErrorKind::PermissionDenied => PortFault::NoRight,
            io::ErrorKind::NotFound => PortFault::Absent,
            _ => PortFault::Unusable(error.to_string()),
        },
        other => PortFault::Unusable(other.to_string()),
    }
}

/// The socket of a hidraw device, from where the system keeps it: `…/usb1/1-2/1-2:1.0/…` is socket `1-2`.
fn place(port: &str) -> Option<String> {
    let name = Path::new(port).file_name()?;
    let path = std::fs::canonicalize(Path::new("/sys/class/hidraw").join(name).join("device")).ok()?;
    socket(&path)
}

fn socket(path: &Path) -> Option<String> {
    let parts = path.components().filter_map(|part| part.as_os_str().to_str());
    let interface = parts
        .filter_map(|part| part.split_once(':'))
        .find(|(bus, _)| bus.contains('-') && bus.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'.'))?;
    Some(interface.0.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_read_from_the_systems_path() {
        let path = "/sys/devices/pci0000:00/0000:00:14.0/usb1/1-2.4/1-2.4:1.0/0003:0C2E:0B67.0005";
        assert_eq!(socket(Path::new(path)), Some("1-2.4".into()));
        assert_eq!(socket(Path::new("/sys/devices/virtual/misc/uhid/0003:0C2E:0B67.0005")), None);
    }

    #[test]
    fn a_missing_right_and_a_missing_device_are_told_apart() {
        let io = |kind: io::ErrorKind| HidError::IoError { error: kind.into() };
        assert_eq!(fault(&io(io::ErrorKind::PermissionDenied)), PortFault::NoRight);
        assert_eq!(fault(&io(io::ErrorKind::NotFound)), PortFault::Absent);
        assert!(matches!(fault(&io(io::ErrorKind::Other)), PortFault::Unusable(_)));
        assert!(is_hid("/dev/hidraw3") && is_hid(r"\\?\HID#VID_0C2E") && !is_hid("/dev/ttyACM0") && !is_hid("COM3"));
    }

    #[test]
    fn the_real_list_can_be_read() {
        // Machines without any HID device are fine; the call must not fail.
        let _ = list();
        assert!(matches!(open("/dev/hidraw-none"), Err(PortFault::Absent | PortFault::Unusable(_))));
    }
}
