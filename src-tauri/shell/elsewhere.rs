//! Keys while another program has the focus, on X11: only watched, never taken away from that program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use till::Till;
use till::keys::EventClock;
use till::onlooker::{self, Moved, OwnKeys};
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt, Device, EventMask, KeyEventFlags, RawKeyPressEvent, XIEventMask};
use x11rb::rust_connection::RustConnection;

use crate::keys::CODES_FROM;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Watches until the till ends, while its settings want it; `here` is true while a window of this program has the focus.
///
/// Where there is no X11 display, or it does not tell, nothing is watched and the log says so.
pub async fn tend(till: Till, here: Arc<AtomicBool>) {
    let mut codes = till.codes();
    let mut display = None;
    loop {
        let wanted = codes.borrow_and_update().watches_elsewhere();
        if wanted && display.is_none() {
            match begin(&till, here.clone()) {
                Ok(begun) => display = Some(begun),
                Err(error) => tracing::info!(%error, "scans typed into other programs are not seen here"),
            }
        }
        if let Some(Err(error)) = display.as_ref().map(|display| display.listen(wanted)) {
            tracing::warn!(%error, wanted, "the display was not told which keys to tell");
        }
        if codes.changed().await.is_err() {
            return;
        }
    }
}

/// A connection of its own, and the threads that read it and judge what comes.
fn begin(till: &Till, here: Arc<AtomicBool>) -> Result<Arc<Display>, Failure> {
    let display = Arc::new(Display::open()?);
    let moves = onlooker::start(till, EventClock::default(), OwnKeys::Judged)?;
    let reader = display.clone();
    thread::Builder::new().name("keys-elsewhere".into()).spawn(move || read(&reader.connection, &here, &moves))?;
    Ok(display)
}

struct Display {
    connection: RustConnection,
    root: u32,
}

impl Display {
    fn open() -> Result<Self, Failure> {
        let (connection, screen) = x11rb::connect(None)?;
        connection.xinput_xi_query_version(2, 2)?.reply()?;
        let root = connection.setup().roots[screen].root;
        Ok(Self { connection, root })
    }

    /// Asks for every key of the display, or for none.
    fn listen(&self, wanted: bool) -> Result<(), Failure> {
        let keys = XIEventMask::RAW_KEY_PRESS | XIEventMask::RAW_KEY_RELEASE;
        let mask = if wanted { keys } else { XIEventMask::default() };
        let masks = [EventMask { deviceid: Device::ALL_MASTER.into(), mask: vec![mask] }];
        self.connection.xinput_xi_select_events(self.root, &masks)?.check()?;
        Ok(())
    }
}

fn read(connection: &RustConnection, here: &AtomicBool, moves: &mpsc::Sender<Moved>) {
    loop {
        let (key, down) = match connection.wait_for_event() {
            Ok(Event::XinputRawKeyPress(key)) => (key, true),
            Ok(Event::XinputRawKeyRelease(key)) => (key, false),
            Ok(_) => continue,
            Err(error) => {
                tracing::info!(%error, "the display is gone");
                return;
            }
        };
        let Some(moved) = moved(&key, down, here.load(Ordering::Relaxed)) else { continue };
        if moves.send(moved).is_err() {
            return;
        }
    }
}

fn moved(key: &RawKeyPressEvent, down: bool, here: bool) -> Option<Moved> {
    let code = u16::try_from(key.detail).ok()?.checked_sub(CODES_FROM)?;
    let repeats = u32::from(key.flags) & u32::from(KeyEventFlags::KEY_REPEAT) != 0;
    let (device, time, arrived) = (key.sourceid.into(), key.time, Instant::now());
    Some(Moved { device, time, arrived, code, down, repeats, here })
}
