//! The two clocks of the machine, read in one place.

use std::time::Instant;

use checkout::{Mono, Now, Wall};

/// Monotonic milliseconds since this value was made, and the wall clock.
#[derive(Clone, Copy)]
pub struct Clock {
    zero: Instant,
}

impl Clock {
    /// A clock that starts at zero now.
    pub fn start() -> Self {
        Self { zero: Instant::now() }
    }

    /// This moment on both clocks.
    pub fn now(&self) -> Now {
        Now { mono: self.mono(), wall: wall() }
    }

    /// Milliseconds since the start.
    pub fn mono(&self) -> Mono {
        Mono(u64::try_from(self.zero.elapsed().as_millis()).unwrap_or(u64::MAX))
    }

    /// The instant of a moment, for a timer.
    pub fn instant(&self, moment: Mono) -> tokio::time::Instant {
        (self.zero + std::time::Duration::from_millis(moment.0)).into()
    }
}

/// Local time with its offset, to the millisecond, as the journal keeps it.
pub fn wall() -> Wall {
    let now = chrono::Local::now().fixed_offset();
    chrono::DateTime::from_timestamp_millis(now.timestamp_millis()).map_or(now, |utc| utc.with_timezone(now.offset()))
}
