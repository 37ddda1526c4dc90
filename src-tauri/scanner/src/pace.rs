//! The gaps between the bytes of a scan, measured as they come in.

use std::time::Duration;

use crate::decoder::{Decoder, FRAME_MAX};
use crate::hid;
use crate::state::{Ending, Origin, Pace};

/// Watches one open line.
pub(crate) struct PaceMeter {
    origin: Origin,
    device: String,
    gaps_ms: Vec<u32>,
    last: Option<Duration>,
}

impl PaceMeter {
    pub(crate) fn new(port: &str, device: &str) -> Self {
        let origin = if hid::is_hid(port) { Origin::Hid } else { Origin::Serial };
        Self { origin, device: device.to_owned(), gaps_ms: Vec::new(), last: None }
    }

    /// So many bytes came at this moment.
    pub(crate) fn heard(&mut self, now: Duration, count: usize) {
        let gap = self.last.map(|last| u32::try_from(now.saturating_sub(last).as_millis()).unwrap_or(u32::MAX));
        let gaps = gap.into_iter().chain(std::iter::repeat_n(0, count.saturating_sub(1)));
        self.gaps_ms.extend(gaps.take(FRAME_MAX.saturating_sub(self.gaps_ms.len())));
        self.last = Some(now);
    }

    /// How the scan that has just been cut came in; the next one begins anew.
    pub(crate) fn take(&mut self, decoder: &Decoder) -> Pace {
        let ending = match (self.origin, decoder.is_terminated()) {
            (Origin::Hid, _) => Ending::Report,
            (_, true) => Ending::Terminator,
            (_, false) => Ending::Silence,
        };
        let gaps_ms = std::mem::take(&mut self.gaps_ms);
        Pace { origin: self.origin, device: self.device.clone(), gaps_ms, ending }
    }

    /// Between two scans: what was heard was no part of one.
    pub(crate) fn rest(&mut self, decoder: &Decoder) {
        if decoder.idle() {
            self.gaps_ms.clear();
            self.last = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scan_has_its_own_gaps_and_nothing_of_the_one_before() {
        let ms = Duration::from_millis;
        let (mut meter, mut decoder) = (PaceMeter::new("/dev/ttyACM0", "1470g"), Decoder::new(ms(120)));
        let mut gaps = Vec::new();
        for (at, bytes) in [(0, "13"), (9, "45"), (30, "6\r"), (31, "\n"), (900, "28"), (907, "\r")] {
            let mut cut = 0;
            meter.heard(ms(at), bytes.len());
            decoder.feed(ms(at), bytes.as_bytes(), &mut |_| cut += 1);
            gaps.extend((0..cut).map(|_| meter.take(&decoder)));
            meter.rest(&decoder);
        }
        let found: Vec<&[u32]> = gaps.iter().map(|pace| &pace.gaps_ms[..]).collect();
        assert_eq!(found, [&[0, 9, 0, 21, 0][..], &[0, 7]]);
        assert!(gaps.iter().all(|pace| pace.device == "1470g" && pace.ending == Ending::Terminator));
    }
}
