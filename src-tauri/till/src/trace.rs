//! What was scanned lately and how it came in, for the device page; the newest few, in this process only.

use std::collections::VecDeque;

use checkout::{CodeTail, Wall};
use scanner::{DamageReason, Ending, Origin, Pace};
use serde::Serialize;
use specta::Type;

use crate::view::ScanOutcome;

/// How many scans are remembered.
const KEPT: usize = 20;
/// How many gaps of one scan are remembered: more than the longest code has, and no more, whatever a page hands over.
const GAPS_KEPT: usize = 256;

/// One scan, explained. A payment code is masked; how it came in tells nothing of it.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct ScanTrace {
    /// Rises with every trace.
    pub number: u32,
    /// When, RFC 3339 with offset.
    pub at: String,
    /// Which way it came.
    pub source: Origin,
    /// The device's own name, or its port; empty where nobody knows.
    pub device: String,
    /// Characters of the scan; bytes, if it was damaged.
    pub length: u32,
    /// What it read, masked; a bill or card is not masked.
    pub masked: String,
    /// Milliseconds before each byte or key but the first.
    pub gaps_ms: Vec<u32>,
    /// What ended it.
    pub ending: Ending,
    /// What became of it.
    pub outcome: TraceOutcome,
}

/// What became of a scan.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "trace", rename_all = "kebab-case")]
pub enum TraceOutcome {
    /// It reached the till.
    Taken {
        /// What the till did with it.
        outcome: ScanOutcome,
    },
    /// The line delivered something that must not be used.
    Damaged {
        /// Why.
        reason: DamageReason,
    },
    /// It is the code of a pairing.
    Pairing,
    /// It was read while a pairing waited for another code.
    OtherCode,
}

/// How a scanner that types came in.
pub(crate) fn typed(gaps_ms: Vec<u32>) -> Pace {
    Pace { origin: Origin::Keyboard, device: String::new(), gaps_ms, ending: Ending::Terminator }
}

/// The newest traces.
#[derive(Default)]
pub(crate) struct Traces {
    newest: VecDeque<ScanTrace>,
    number: u32,
}

impl Traces {
    /// A whole scan. `read` is used for its length alone, unless the till took it for a bill or card.
    pub fn scan(&mut self, at: Wall, pace: Pace, read: &str, outcome: TraceOutcome) {
        let masked = match &outcome {
            TraceOutcome::Taken { outcome: ScanOutcome::Bill { text } | ScanOutcome::Card { text } } => text.clone(),
            _ => CodeTail::of(read).0,
        };
        let length = u32::try_from(read.chars().count()).unwrap_or(u32::MAX);
        self.keep(at, pace, length, masked, outcome);
    }

    /// A scan that was damaged on its way.
    pub fn damaged(&mut self, at: Wall, pace: Pace, length: u32, reason: DamageReason) {
        self.keep(at, pace, length, "…".into(), TraceOutcome::Damaged { reason });
    }

    fn keep(&mut self, at: Wall, pace: Pace, length: u32, masked: String, outcome: TraceOutcome) {
        self.number = self.number.wrapping_add(1);
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
        let Pace { origin: source, device, mut gaps_ms, ending } = pace;
        gaps_ms.truncate(GAPS_KEPT);
        gaps_ms.shrink_to_fit();
        let trace = ScanTrace { number: self.number, at, source, device, length, masked, gaps_ms, ending, outcome };
        self.newest.push_front(trace);
        self.newest.truncate(KEPT);
    }

    /// The number of the newest one; 0 before there is any.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Newest first.
    pub fn all(&self) -> Vec<ScanTrace> {
        self.newest.iter().cloned().collect()
    }
}
