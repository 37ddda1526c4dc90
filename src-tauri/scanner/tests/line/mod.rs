//! A scanner made of a pseudo-terminal, USB devices made of such scanners, and events to wait for.
#![cfg(unix)]
#![allow(dead_code)]

use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use scanner::ports::Line;
use scanner::{DeviceIdentity, PortFault, PortInfo, PortKind, Ports, ScannerEvent, ScannerState, SystemPorts};
use serialport::{SerialPort, TTYPort};

pub const CODE: &str = "134567890123456789";
pub const OTHER: &str = "281234567890123456789012";
const PATIENCE: Duration = Duration::from_secs(20);

/// Dropping it is unplugging it.
pub struct Device {
    master: TTYPort,
    slave: TTYPort,
}

impl Device {
    pub fn new() -> Self {
        let (master, slave) = TTYPort::pair().expect("a pseudo-terminal");
        Self { master, slave }
    }

    /// Plugged in under a name that stays the same, as a udev rule would give.
    pub fn plugged_as(link: &Path) -> Self {
        let device = Self::new();
        let fresh = link.with_extension("new");
        symlink(device.path(), &fresh).expect("a link");
        std::fs::rename(&fresh, link).expect("the link in place");
        device
    }

    pub fn path(&self) -> PathBuf {
        self.slave.name().expect("a name").into()
    }

    pub fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.master.write_all(bytes.as_ref()).expect("written");
    }
}

/// The next event that `pick` wants; anything else is passed over.
pub fn wait<E, T>(events: &Receiver<E>, mut pick: impl FnMut(E) -> Option<T>) -> T {
    let until = Instant::now() + PATIENCE;
    loop {
        let left = until.saturating_duration_since(Instant::now());
        let event = events.recv_timeout(left).expect("the awaited event");
        if let Some(wanted) = pick(event) {
            return wanted;
        }
    }
}

pub fn next_state(events: &Receiver<ScannerEvent>) -> ScannerState {
    wait(events, |event| match event {
        ScannerEvent::State(state) => Some(state),
        _ => None,
    })
}

pub fn next_scan(events: &Receiver<ScannerEvent>) -> String {
    wait(events, |event| match event {
        ScannerEvent::Scan { text, .. } => Some(text.expose().to_owned()),
        _ => None,
    })
}

pub fn ready_port(state: &ScannerState) -> Option<&str> {
    match state {
        ScannerState::Ready { port, .. } => Some(port),
        _ => None,
    }
}

/// What is on the USB bus: names, identities, and where the bytes come from.
#[derive(Default)]
pub struct Bus(Mutex<Vec<(PortInfo, Result<PathBuf, PortFault>)>>);

impl Bus {
    pub fn plug(&self, name: &str, identity: &DeviceIdentity, line: Result<PathBuf, PortFault>) {
        let label = Some(format!("Scanner {}", identity.product));
        let info = PortInfo { name: name.into(), kind: PortKind::Usb { identity: identity.clone(), label } };
        self.0.lock().expect("the bus").push((info, line));
    }

    pub fn unplug(&self, name: &str) {
        self.0.lock().expect("the bus").retain(|(info, _)| info.name != name);
    }

    fn line(&self, name: &str) -> Result<PathBuf, PortFault> {
        let bus = self.0.lock().expect("the bus");
        bus.iter().find(|(info, _)| info.name == name).ok_or(PortFault::Absent)?.1.clone()
    }
}

impl Ports for Bus {
    fn list(&self) -> Vec<PortInfo> {
        self.0.lock().expect("the bus").iter().map(|(info, _)| info.clone()).collect()
    }

    fn open(&self, port: &str, baud: u32) -> Result<Line, PortFault> {
        let path = self.line(port)?;
        SystemPorts.open(&path.to_string_lossy(), baud)
    }

    fn locate(&self, port: &str) -> Option<String> {
        Some(self.line(port).ok()?.to_string_lossy().into_owned())
    }
}

pub fn bus() -> Arc<Bus> {
    Arc::new(Bus::default())
}

pub fn identity(product: u16, serial_number: Option<&str>, place: &str) -> DeviceIdentity {
    DeviceIdentity {
        vendor: 0x0c2e,
        product,
        serial_number: serial_number.map(Into::into),
        interface: Some(0),
        place: Some(place.into()),
    }
}
