//! Keys on Windows, by Raw Input: whatever has the focus, with an input method or a dead page, and never taken away.

use std::time::Duration;

use rawkeys::{GRAIN_MS, Listener, RawKey};
use till::Till;
use till::keys::EventClock;
use till::onlooker::{self, Moved, OwnKeys};

/// Listens until the till ends, while its settings want it.
///
/// Where the system does not tell, the page's own guard is alone, and the log says so.
pub async fn tend(till: Till) {
    let mut codes = till.codes();
    let mut listener = None;
    loop {
        let wanted = codes.borrow_and_update().watches_elsewhere();
        if !wanted {
            // It ends with a message to its thread, which answers at once.
            listener = None;
        } else if listener.is_none() {
            listener = begin(&till).inspect_err(|error| tracing::warn!(%error, "keys are seen by the page alone")).ok();
        }
        if codes.changed().await.is_err() {
            return;
        }
    }
}

fn begin(till: &Till) -> std::io::Result<Listener> {
    let clock = EventClock::coarse(Duration::from_millis(GRAIN_MS));
    let moves = onlooker::start(till, clock, OwnKeys::Seen)?;
    Listener::begin(move |key| {
        if moves.send(moved(key)).is_err() {
            tracing::error!("a key came after the end");
        }
    })
}

/// Raw Input does not say what repeats; the detector sees it by the missing release.
fn moved(key: RawKey) -> Moved {
    let RawKey { device, time, arrived, code, down, here } = key;
    Moved { device, time, arrived, code, down, repeats: false, here }
}
