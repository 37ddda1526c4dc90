//! What the scanner tells the till: scans, refused scans, and how the device is.

use std::time::Instant;

use serde::Serialize;

use crate::decoder::DamageReason;
use crate::text::ScanText;

/// Which way a scan came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// A serial line.
    Serial,
    /// A scanner that types.
    Keyboard,
    /// A USB HID-POS scanner.
    Hid,
}

/// What ended a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// The device sends a terminator after each code, so a scan is over at once and never glued to the next.
    Terminator,
    /// Silence: the device sends no terminator.
    Silence,
    /// The end of a report or packet.
    Report,
}

/// How a scan came in, for the device page. Nothing of its text is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pace {
    /// Which way.
    pub origin: Origin,
    /// The device's own name, or its port.
    pub device: String,
    /// Milliseconds before each byte or key but the first; bytes that came in one read follow at 0.
    pub gaps_ms: Vec<u32>,
    /// What ended it.
    pub ending: Ending,
}

/// One thing that happened at the scanner.
#[derive(Debug)]
pub enum ScannerEvent {
    /// A whole scan.
    Scan {
        /// What it said.
        text: ScanText,
        /// When its last byte had been read; latency is counted from here.
        at: Instant,
        /// How it came in.
        pace: Pace,
    },
    /// A scan that must not be used; it is shown as "scan again" with its reason.
    Damaged {
        /// Why.
        reason: DamageReason,
        /// How many bytes it had.
        length: u32,
        /// How it came in.
        pace: Pace,
    },
    /// How the device is, sent only when it changed.
    State(ScannerState),
}

/// How the device is; the screen shows it at all times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, specta::Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ScannerState {
    /// No serial scanner is wanted, or it was stopped.
    Off,
    /// The wanted device is not there yet; looked for about every second.
    Searching,
    /// USB serial devices are there, and none of them is known as the scanner: one pairing scan is needed.
    NotPaired,
    /// Open and listening.
    Ready {
        /// The port by name.
        port: String,
        /// The device's own name, or the port where it has none.
        label: String,
    },
    /// The device is there and may not be opened by this user.
    NoRight {
        /// The port by name.
        port: String,
        /// What to do, in English; the screen has its own words.
        hint: String,
    },
    /// It was open, or could have been, and is not; tried again about every second.
    Lost {
        /// The port by name.
        port: String,
        /// What happened, in English.
        reason: String,
    },
}
