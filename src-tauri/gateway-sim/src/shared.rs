//! What the desk, the listener and the handles share: the platform, and who waits for it to change.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::{broadcast, watch};

use crate::platform::Platform;
use crate::scenario::On;

/// A request that has just been dealt with, before its answer leaves; the books show it already.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it asked for; `None` for a path nobody serves.
    pub on: Option<On>,
    /// The bill it named, where it was readable.
    pub bill: Option<String>,
    /// The how-manieth request of this kind for the bill.
    pub nth: u32,
    /// The scenario it met.
    pub scenario: String,
}

/// Takes one line for people about one request.
pub type Line = Box<dyn Fn(&str) + Send + Sync>;

/// What the desk, the listener and the handles share.
pub(crate) struct Shared {
    platform: Mutex<Platform>,
    pub changed: watch::Sender<u64>,
    pub released: watch::Sender<u64>,
    pub seen: broadcast::Sender<Seen>,
    line: Option<Line>,
}

impl Shared {
    pub fn new(platform: Platform, line: Option<Line>) -> Shared {
        Shared {
            platform: Mutex::new(platform),
            changed: watch::Sender::new(0),
            released: watch::Sender::new(0),
            seen: broadcast::Sender::new(1024),
            line,
        }
    }

    /// The platform; never held across an await.
    pub fn platform(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the platform, and wakes whoever waits for a change of the books.
    pub fn change<T>(&self, act: impl FnOnce(&mut Platform) -> T) -> T {
        let done = act(&mut self.platform());
        self.changed.send_modify(|version| *version += 1);
        done
    }

    pub fn say(&self, line: &str) {
        tracing::info!(target: "gateway_sim", "{line}");
        if let Some(print) = &self.line {
            print(line);
        }
    }
}
