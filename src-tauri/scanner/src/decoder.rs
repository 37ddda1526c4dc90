//! Framing: scanner bytes into scans. Pure: time comes in with the bytes.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::text::ScanText;

/// Silence that ends a scan without a terminator, in milliseconds, unless the settings say otherwise.
pub const QUIET_GAP_MS: u32 = 120;
/// Shortest quiet gap taken: below it a slow device (40 ms a byte) would be cut apart by every hiccup.
pub const QUIET_GAP_MS_MIN: u32 = 20;
/// Longest quiet gap taken; it stays below [`STALE_LIMIT`].
pub const QUIET_GAP_MS_MAX: u32 = 1000;
/// Silence after which a half code of a device that does send terminators is given up.
pub const STALE_LIMIT: Duration = Duration::from_secs(2);
/// Longest frame kept, in bytes; payment codes have at most 40, collect codes (URLs) may be longer.
pub const FRAME_MAX: usize = 256;

/// What came out of the bytes.
#[derive(Debug)]
pub enum Decoded {
    /// One whole scan, every byte of it as delivered.
    Scan(ScanText),
    /// A scan that must not be used, and how many bytes it had so far.
    Damaged(DamageReason, u32),
}

/// Why a scan was refused by the framing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum DamageReason {
    /// Control bytes or invalid UTF-8 inside the frame: line noise, or a wrong baud rate.
    Noise,
    /// The device puts an AIM symbology identifier (`]Q1`) before the code.
    AimPrefix,
    /// More than [`FRAME_MAX`] bytes without a terminator.
    TooLong,
    /// The code stopped in the middle: no terminator came from a device that sends them.
    Unfinished,
    /// The device went away in the middle of a code.
    Unplugged,
}

impl fmt::Display for DamageReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Noise => {
                "damaged scan: noise inside the code; scan again, and check the baud rate if it happens often"
            }
            Self::AimPrefix => "the scanner sends an AIM identifier before each code; switch that off in the scanner",
            Self::TooLong => "the scan is too long for any code known here",
            Self::Unfinished => "the scan stopped in the middle; scan again",
            Self::Unplugged => "the scanner was unplugged in the middle of a scan; scan again",
        })
    }
}

/// Cuts one device's bytes into scans.
///
/// A terminator (CR, LF, CRLF, Tab) cuts at once. Silence cuts only until the first terminator was seen from this device;
/// afterwards a half code is given up after [`STALE_LIMIT`] and never glued to the next scan. `now` is any monotonic clock.
pub struct Decoder {
    quiet_gap: Duration,
    terminated: bool,
    frame: Zeroizing<Vec<u8>>,
    overlong: bool,
    last_byte: Duration,
}

impl Decoder {
    /// A decoder for a device just opened, of which nothing is known yet.
    pub fn new(quiet_gap: Duration) -> Self {
        Self { quiet_gap, terminated: false, frame: empty_frame(), overlong: false, last_byte: Duration::ZERO }
    }

    /// Takes bytes that arrived at `now`; however they are divided into calls, the scans are the same.
    pub fn feed(&mut self, now: Duration, bytes: &[u8], out: &mut impl FnMut(Decoded)) {
        self.tick(now, out);
        for &byte in bytes {
            match byte {
                b'\r' | b'\n' | b'\t' => {
                    self.terminated = true;
                    // An empty frame is no scan: this is also how the LF of a CRLF disappears, in whichever read it comes.
                    self.cut(out);
                }
                _ => self.push(now, byte, out),
            }
        }
    }

    /// Lets silence do its work; call it when a read came back empty. Calling it more often changes nothing.
    pub fn tick(&mut self, now: Duration, out: &mut impl FnMut(Decoded)) {
        if self.idle() || now.saturating_sub(self.last_byte) < self.patience() {
            return;
        }
        if self.terminated {
            self.give_up(DamageReason::Unfinished, out);
        } else {
            self.cut(out);
        }
    }

    /// The device is gone: a half code is discarded with a reason.
    pub fn unplugged(&mut self, out: &mut impl FnMut(Decoded)) {
        self.give_up(DamageReason::Unplugged, out);
    }

    /// Whether no scan has been begun.
    pub fn idle(&self) -> bool {
        self.frame.is_empty() && !self.overlong
    }

    /// Whether this device was ever seen to end a scan with a terminator.
    pub fn is_terminated(&self) -> bool {
        self.terminated
    }

    fn patience(&self) -> Duration {
        if self.terminated { STALE_LIMIT } else { self.quiet_gap }
    }

    fn push(&mut self, now: Duration, byte: u8, out: &mut impl FnMut(Decoded)) {
        if self.idle() && byte.is_ascii_control() {
            // Prefixes such as STX, and the NULs of a device being plugged in, stand outside the frame.
            return;
        }
        self.last_byte = now;
        if self.overlong {
            return;
        }
        if self.frame.len() == FRAME_MAX {
            // Said once, at once: on a line that never ends a frame nobody would ever hear of it.
            self.overlong = true;
            self.frame = empty_frame();
            out(Decoded::Damaged(DamageReason::TooLong, length(FRAME_MAX + 1)));
            return;
        }
        self.frame.push(byte);
    }

    fn cut(&mut self, out: &mut impl FnMut(Decoded)) {
        let bytes = std::mem::replace(&mut self.frame, empty_frame());
        if !std::mem::take(&mut self.overlong) && !bytes.is_empty() {
            out(judge(bytes));
        }
    }

    fn give_up(&mut self, reason: DamageReason, out: &mut impl FnMut(Decoded)) {
        let bytes = std::mem::replace(&mut self.frame, empty_frame());
        if !std::mem::take(&mut self.overlong) && !bytes.is_empty() {
            out(Decoded::Damaged(reason, length(bytes.len())));
        }
    }
}

/// Full capacity from the start: a buffer that grows leaves copies of the code behind.
fn empty_frame() -> Zeroizing<Vec<u8>> {
    Zeroizing::new(Vec::with_capacity(FRAME_MAX))
}

fn judge(mut bytes: Zeroizing<Vec<u8>>) -> Decoded {
    let count = length(bytes.len());
    match std::str::from_utf8(&bytes) {
        Err(_) => return Decoded::Damaged(DamageReason::Noise, count),
        Ok(text) if text.chars().any(char::is_control) => {
            return Decoded::Damaged(DamageReason::Noise, count);
        }
        Ok(text) if has_aim_prefix(text.as_bytes()) => {
            return Decoded::Damaged(DamageReason::AimPrefix, count);
        }
        Ok(_) => {}
    }
    match String::from_utf8(std::mem::take(&mut *bytes)) {
        Ok(text) => Decoded::Scan(ScanText::new(text)),
        Err(refused) => {
            drop(Zeroizing::new(refused.into_bytes()));
            Decoded::Damaged(DamageReason::Noise, count)
        }
    }
}

/// ISO/IEC 15424: `]`, a letter for the symbology, a modifier.
fn has_aim_prefix(bytes: &[u8]) -> bool {
    matches!(bytes, [b']', letter, modifier, ..] if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric())
}

fn length(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}
