//! A scanner that types: tells its codes from a person's keys, by shape first and by rhythm second. Pure: time comes in.
//!
//! Each key event goes in with whatever its owner needs to deliver it later, and comes out again: to be delivered as typing,
//! in the order in which it came, or not at all, because it belonged to a scan. A key is held back for as long as it may still
//! be the beginning of a code: for a person that is one gap, since nobody types five keys a gap apart.

mod clock;
mod codes;
mod lane;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::decoder::DamageReason;
use crate::text::ScanText;
use lane::Lane;

pub use clock::EventClock;

/// The longest gap between two keys of one code, in milliseconds, unless the settings say otherwise.
pub const KEY_GAP_MS: u32 = 50;
/// Shortest gap that may be set.
pub const KEY_GAP_MS_MIN: u32 = 20;
/// Longest gap that may be set; below the time after which a held key begins to repeat.
pub const KEY_GAP_MS_MAX: u32 = 200;
/// Silence that ends a code without a terminator.
pub const QUIET_END: Duration = Duration::from_millis(120);
/// The shortest run of digits that is never text: payment codes have 16 to 24.
pub const CODE_DIGITS_MIN: usize = 16;
/// So many keys, each within the gap, are a machine's: from then on a hiccup up to [`QUIET_END`] does not end the code.
pub const MACHINE_KEYS: usize = 5;
/// Enter, Tab and the like so soon after a code or after each other belong to it.
pub const SUFFIX: Duration = Duration::from_millis(150);
/// Devices told apart at a time; only a machine with a broken list of devices has more.
const LANES_MAX: usize = 64;

/// What codes look like: the wallets' table and the venue's patterns, as data.
pub trait Shapes {
    /// Whether this is a whole code or number that scanners send here.
    fn whole(&self, text: &str) -> bool;

    /// Whether a text with something else than digits in it may be the beginning of one.
    fn begins(&self, text: &str) -> bool;
}

/// A key event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Which keyboard it came from; scanners and people are told apart by it where the system tells.
    pub device: u32,
    /// When the key moved, by the event itself; any clock that only goes on.
    pub at: Duration,
    /// The key's place, as the kernel numbers it.
    pub code: u16,
    /// Pressed, or let go.
    pub down: bool,
    /// What the keyboard layout makes of it.
    pub typed: Option<char>,
    /// With Control.
    pub ctrl: bool,
    /// With Alt or the logo key.
    pub alt: bool,
}

/// What comes out.
#[derive(Debug)]
pub enum Step<E> {
    /// Deliver this event as it came.
    Deliver(E),
    /// A whole scan; none of its events is delivered.
    Scan(ScanText, Rhythm),
    /// A scan that must not be used, and how many characters it had; none of its events is delivered.
    Damaged(DamageReason, u32),
}

/// How a scan was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rhythm {
    /// Milliseconds between its keys.
    pub gaps_ms: Vec<u16>,
}

/// The detector over all keyboards.
pub struct Wedge<E> {
    pace: Pace,
    lanes: BTreeMap<u32, Lane<E>>,
}

/// The two times that a burst is judged by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    pub(crate) gap: Duration,
    pub(crate) quiet: Duration,
}

impl Pace {
    fn of(gap: Duration) -> Self {
        Self { gap, quiet: QUIET_END.max(gap) }
    }
}

impl<E> Wedge<E> {
    /// A detector that has seen nothing; `gap` is the longest between two keys of one code.
    pub fn new(gap: Duration) -> Self {
        Self { pace: Pace::of(gap), lanes: BTreeMap::new() }
    }

    /// Judges by another gap from now on, what is held included.
    pub fn keep_time(&mut self, gap: Duration) {
        self.pace = Pace::of(gap);
    }

    /// Takes an event in.
    pub fn key(&mut self, shapes: &dyn Shapes, key: Key, event: E) -> Vec<Step<E>> {
        let mut out = self.tick(shapes, key.at);
        if self.lanes.len() >= LANES_MAX && !self.lanes.contains_key(&key.device) {
            self.lanes.retain(|_, lane| !lane.at_rest());
        }
        self.lanes.entry(key.device).or_default().key(self.pace, shapes, key, event, &mut out);
        out
    }

    /// Lets silence do its work.
    pub fn tick(&mut self, shapes: &dyn Shapes, now: Duration) -> Vec<Step<E>> {
        let mut out = Vec::new();
        for lane in self.lanes.values_mut() {
            lane.tick(self.pace, shapes, now, &mut out);
        }
        out
    }

    /// When [`Wedge::tick`] has something to do, if nothing comes before.
    pub fn deadline(&self) -> Option<Duration> {
        self.lanes.values().filter_map(|lane| lane.deadline(self.pace)).min()
    }

    /// No more of what was begun will come (the focus went elsewhere): everything held is judged as it is.
    pub fn let_go(&mut self, shapes: &dyn Shapes) -> Vec<Step<E>> {
        let mut out = Vec::new();
        for lane in self.lanes.values_mut() {
            lane.let_go(shapes, &mut out);
        }
        out
    }
}
