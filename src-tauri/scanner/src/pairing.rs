//! Pairing: one scan of a code on the screen tells which device is the scanner.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::choice::{DeviceIdentity, PortInfo, unpaired};
use crate::decoder::{Decoded, Decoder};
use crate::ports::{Line, PortFault, Ports};
use crate::reader::{Heard, hear};
use crate::serial::{STOP_LIMIT, StillRunning};
use crate::settings::ScannerSettings;

/// How often newly plugged devices are looked for.
const RESCAN: Duration = Duration::from_secs(1);
/// Pause between rounds when no device could be opened.
const NOTHING_OPEN: Duration = Duration::from_millis(50);
/// How many devices are remembered.
const REMEMBERED_MAX: usize = 16;

/// The devices once confirmed by a pairing scan, latest first. The till keeps this in a small file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PairedDevices {
    /// Latest first.
    #[serde(default)]
    pub devices: Vec<DeviceIdentity>,
}

impl PairedDevices {
    /// Puts a device first. A look-alike takes the place of the old entry: it moved, or was replaced.
    pub fn remember(&mut self, device: DeviceIdentity) {
        self.devices.retain(|known| !known.looks_like(&device));
        self.devices.insert(0, device);
        self.devices.truncate(REMEMBERED_MAX);
    }
}

/// The text of a pairing code, to be shown as a barcode; `random` makes it differ from any printed one. It is neither all
/// digits nor of a payment code's length, and every scanner's common symbologies can carry it.
pub fn pairing_code(random: u32) -> String {
    format!("WICKET-PAIR-{random:08X}")
}

/// What a pairing session found out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PairingEvent {
    /// This device read the code: remember it. The session is over.
    Answered {
        /// What to remember.
        device: DeviceIdentity,
        /// The port by name.
        port: String,
        /// The device's own name.
        label: String,
    },
    /// A device read something else. What it was is not told: it may be a payment code.
    OtherCode {
        /// The port by name.
        port: String,
        /// The device's own name.
        label: String,
    },
    /// A device is there and cannot be listened to.
    Unheard {
        /// The port by name.
        port: String,
        /// Why, in English; for a missing right what to do about it.
        reason: String,
    },
    /// The session is over, by time or by a fault in it, and nobody answered.
    NobodyAnswered,
}

/// Listens on every unpaired USB serial device until one of them reads the expected code.
pub struct PairingSession {
    leash: Option<Sender<()>>,
    ended: Receiver<()>,
}

impl PairingSession {
    /// Begins to listen for `expected` for at most `limit`. `sink` is called on the session's own thread.
    pub fn start(
        ports: Arc<dyn Ports>,
        settings: &ScannerSettings,
        paired: &[DeviceIdentity],
        expected: String,
        limit: Duration,
        sink: impl Fn(PairingEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (leash, held) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        let mut round = Round {
            ports,
            baud: settings.baud,
            quiet_gap: settings.quiet_gap(),
            paired: paired.to_vec(),
            expected,
            open: Vec::new(),
            unheard: Vec::new(),
        };
        thread::Builder::new().name("pairing".into()).spawn(move || {
            let whole = catch_unwind(AssertUnwindSafe(|| round.listen(&held, limit, &sink)));
            drop(round);
            if whole.is_err() {
                sink(PairingEvent::NobodyAnswered);
            }
            let _ = ending.send(());
        })?;
        Ok(Self { leash: Some(leash), ended })
    }

    /// Ends the session and closes its ports; waits for at most [`STOP_LIMIT`].
    pub fn stop(mut self) -> Result<(), StillRunning> {
        self.leash = None;
        match self.ended.recv_timeout(STOP_LIMIT) {
            Ok(()) | Err(RecvTimeoutError::Disconnected) => Ok(()),
            Err(RecvTimeoutError::Timeout) => Err(StillRunning),
        }
    }
}

struct Candidate {
    port: PortInfo,
    line: Line,
    decoder: Decoder,
}

struct Round {
    ports: Arc<dyn Ports>,
    baud: u32,
    quiet_gap: Duration,
    paired: Vec<DeviceIdentity>,
    expected: String,
    open: Vec<Candidate>,
    unheard: Vec<(String, PortFault)>,
}

impl Round {
    fn listen(&mut self, held: &Receiver<()>, limit: Duration, sink: &dyn Fn(PairingEvent)) {
        let begun = Instant::now();
        let mut rescanned: Option<Instant> = None;
        while begun.elapsed() < limit {
            if rescanned.is_none_or(|at| at.elapsed() >= RESCAN) {
                self.rescan(sink);
                rescanned = Some(Instant::now());
            }
            if let Some(answered) = self.hear_all(begun, sink) {
                sink(answered);
                return;
            }
            let pause = if self.open.is_empty() { NOTHING_OPEN } else { Duration::ZERO };
            if held.recv_timeout(pause) == Err(RecvTimeoutError::Disconnected) {
                return;
            }
        }
        sink(PairingEvent::NobodyAnswered);
    }

    fn rescan(&mut self, sink: &dyn Fn(PairingEvent)) {
        let listed = self.ports.list();
        let candidates = unpaired(&listed, &self.paired);
        self.unheard.retain(|(name, _)| candidates.iter().any(|port| port.name == *name));
        for port in candidates {
            if self.open.iter().any(|candidate| candidate.port.name == port.name) {
                continue;
            }
            match self.ports.open(&port.name, self.baud) {
                Ok(line) => {
                    let decoder = Decoder::new(self.quiet_gap);
                    self.open.push(Candidate { port: port.clone(), line, decoder });
                }
                Err(fault) => {
                    let entry = (port.name.clone(), fault);
                    if !self.unheard.contains(&entry) {
                        let reason = match &entry.1 {
                            PortFault::NoRight => PortFault::hint(&entry.0).to_owned(),
                            other => other.to_string(),
                        };
                        sink(PairingEvent::Unheard { port: entry.0.clone(), reason });
                        self.unheard.push(entry);
                    }
                }
            }
        }
    }

    fn hear_all(&mut self, begun: Instant, sink: &dyn Fn(PairingEvent)) -> Option<PairingEvent> {
        let expected = self.expected.as_str();
        let mut answered = None;
        self.open.retain_mut(|candidate| {
            let mut buffer = Zeroizing::new([0_u8; 256]);
            let mut scans = Vec::new();
            let mut keep = |decoded| scans.push(decoded);
            let heard = hear(&mut candidate.line, &mut buffer[..]);
            match heard {
                Heard::Bytes(count) => candidate.decoder.feed(begun.elapsed(), &buffer[..count], &mut keep),
                Heard::Silence => candidate.decoder.tick(begun.elapsed(), &mut keep),
                Heard::Gone(_) => return false,
            }
            let port = candidate.port.name.clone();
            let label = candidate.port.label().to_owned();
            for scan in scans {
                match (scan, candidate.port.identity()) {
                    (Decoded::Scan(text), Some(device)) if text.expose().trim() == expected => {
                        let (port, label) = (port.clone(), label.clone());
                        answered = Some(PairingEvent::Answered { device: device.clone(), port, label });
                    }
                    _ => sink(PairingEvent::OtherCode { port: port.clone(), label: label.clone() }),
                }
            }
            true
        });
        answered
    }
}
