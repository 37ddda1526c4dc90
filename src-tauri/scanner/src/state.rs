//! What the scanner tells the till: scans, refused scans, and how the device is.

use std::time::Instant;

use serde::Serialize;

use crate::decoder::DamageReason;
use crate::text::ScanText;

/// One thing that happened at the scanner.
#[derive(Debug)]
pub enum ScannerEvent {
    /// A whole scan.
    Scan {
        /// What it said.
        text: ScanText,
        /// When its last byte had been read; latency is counted from here.
        at: Instant,
    },
    /// A scan that must not be used; it is shown as "scan again" with its reason.
    Damaged {
        /// Why.
        reason: DamageReason,
        /// How many bytes it had.
        length: u32,
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
