//! Reports of a HID-POS scanner into the bytes of a line: each code whole and with a terminator. Pure: time comes in.

use std::time::Duration;

use zeroize::Zeroizing;

use crate::decoder::FRAME_MAX;
use crate::hid::layout::Layout;

/// A code that was announced to go on and does not is given up after so long.
pub const CONTINUES_WITHIN: Duration = Duration::from_millis(500);
/// Ends each code, as a serial scanner would.
const END: u8 = b'\r';
/// Stands for what no code has in it; the framing refuses a code with it.
const SPOILT: u8 = 0x01;

/// Joins one device's reports.
pub struct Joining {
    layouts: Vec<Layout>,
    begun: Zeroizing<Vec<u8>>,
    at: Duration,
}

impl Joining {
    /// For a device with these reports.
    pub fn new(layouts: Vec<Layout>) -> Self {
        Self { layouts, begun: empty(), at: Duration::ZERO }
    }

    /// Takes one report, as the system hands it over; the bytes of a code that is whole now are added to `line`.
    pub fn report(&mut self, now: Duration, report: &[u8], line: &mut Vec<u8>) {
        self.tick(now, line);
        let Some(layout) = self.layouts.iter().find(|layout| layout.id.is_none_or(|id| report.first() == Some(&id)))
        else {
            // Triggers, settings, vendors' own: none of them is a code.
            return;
        };
        let end = layout.data.end.min(report.len());
        let data = report.get(layout.data.start..end).unwrap_or_default();
        let data = match layout.count.map(|at| report.get(at).copied().map_or(0, usize::from)) {
            Some(count) if count > data.len() => {
                self.begun.push(SPOILT);
                data
            }
            Some(count) => &data[..count],
            // Without a count the rest is padding.
            None => &data[..data.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)],
        };
        if self.begun.len() + data.len() < FRAME_MAX + 1 {
            self.begun.extend_from_slice(data);
        } else {
            // Longer than any code: what the framing makes of it is "too long".
            self.begun.resize(FRAME_MAX + 1, b'?');
        }
        self.at = now;
        let more = layout.continued.is_some_and(|(byte, bit)| report.get(byte).is_some_and(|b| b >> bit & 1 == 1));
        if !more {
            self.end(line);
        }
    }

    /// Lets time pass: half a code is not used.
    pub fn tick(&mut self, now: Duration, line: &mut Vec<u8>) {
        if !self.begun.is_empty() && now.saturating_sub(self.at) > CONTINUES_WITHIN {
            self.begun.push(SPOILT);
            self.end(line);
        }
    }

    fn end(&mut self, line: &mut Vec<u8>) {
        let mut code = std::mem::replace(&mut self.begun, empty());
        // Some devices send their suffix inside the data.
        while code.last().is_some_and(|byte| matches!(byte, b'\r' | b'\n' | b'\t')) {
            code.pop();
        }
        if code.is_empty() {
            return;
        }
        // Within a code they would cut it in two.
        for byte in code.iter_mut().filter(|byte| matches!(byte, b'\r' | b'\n' | b'\t')) {
            *byte = SPOILT;
        }
        // The framing leaves out what stands before a code, and this must not be left out.
        if code[0].is_ascii_control() {
            code.insert(0, b'?');
        }
        line.extend_from_slice(&code);
        line.push(END);
    }
}

/// Full capacity from the start: a buffer that grows leaves copies of the code behind.
fn empty() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(FRAME_MAX + 4))
}
