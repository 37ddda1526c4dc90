//! Two clocks: intervals are measured with the monotonic one, the wall clock is only written down (design.md §4).

use chrono::{DateTime, FixedOffset};

/// Wall-clock time with the venue's offset, as it stands in the journal.
pub type Wall = DateTime<FixedOffset>;

/// Milliseconds of the process's monotonic clock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mono(pub u64);

impl Mono {
    /// This moment plus so many milliseconds.
    pub fn plus(self, ms: u64) -> Self {
        Self(self.0.saturating_add(ms))
    }

    /// Milliseconds since an earlier moment; zero if it is not earlier.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The moment at which a fact is taken in, on both clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// For intervals.
    pub mono: Mono,
    /// For the record.
    pub wall: Wall,
}

/// Milliseconds of recorded time, for choosing a tier only; a clock that was set back counts as no time at all.
pub(crate) fn elapsed(from: Wall, to: Wall) -> u64 {
    u64::try_from((to - from).num_milliseconds()).unwrap_or(0)
}
