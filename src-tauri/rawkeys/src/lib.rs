//! The keys of a Windows machine, whatever has the focus, by Raw Input: watched, never taken away from whoever gets them.
//!
//! Elsewhere only [`place`] is here: what it says about key numbers is plain data.

#[cfg(windows)]
mod listen;
pub mod place;

#[cfg(windows)]
pub use listen::Listener;

use std::time::Instant;

/// A key that moved on some keyboard of this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawKey {
    /// Which keyboard, by the system's own handle while it is plugged in; 0 is none: a program made the key up.
    pub device: u32,
    /// The system's own stamp, in milliseconds that wrap round after 49 days. It goes in steps of [`GRAIN_MS`].
    pub time: u32,
    /// When it was read here.
    pub arrived: Instant,
    /// The key's place, as the kernel of Linux numbers it (see [`place`]).
    pub code: u16,
    /// Pressed, or let go.
    pub down: bool,
    /// Whether a window of this program was in front.
    pub here: bool,
}

/// The longest step in which the system's stamp of a key goes on (`GetTickCount`: 10 to 16 ms).
pub const GRAIN_MS: u64 = 16;
