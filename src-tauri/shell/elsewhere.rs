//! Keys while another program has the focus, on X11: only watched, never taken away from that program.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use till::keys::{EventClock, Key, KeyWatch, Step};
use till::{ScanSource, Till};
use tokio::runtime::Handle;
use x11rb::connection::Connection;
use x11rb::protocol::Event;
use x11rb::protocol::xinput::{ConnectionExt, Device, EventMask, KeyEventFlags, RawKeyPressEvent, XIEventMask};
use x11rb::rust_connection::RustConnection;

use crate::keys::CODES_FROM;

/// Without anything to wait for, the watcher looks up this rarely.
const REST: Duration = Duration::from_secs(3_600);
const CTRLS: [u16; 2] = [29, 97];
const ALTS: [u16; 4] = [56, 100, 125, 126];

/// A key that moved somewhere on this display.
struct Moved {
    key: RawKeyPressEvent,
    down: bool,
    arrived: Instant,
}

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
    let (moves, moved) = mpsc::channel();
    let (runtime, till) = (Handle::current(), till.clone());
    let mut watcher = Watcher {
        watch: KeyWatch::new(till.codes()),
        clock: EventClock::default(),
        here,
        held: Vec::new(),
        deliver: Box::new(move |scan| runtime.block_on(till.caught(scan, ScanSource::Elsewhere))),
    };
    let reader = display.clone();
    thread::Builder::new().name("keys-elsewhere".into()).spawn(move || read(&reader.connection, &moves))?;
    thread::Builder::new().name("keys-judge".into()).spawn(move || watcher.run(&moved))?;
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

fn read(connection: &RustConnection, moves: &mpsc::Sender<Moved>) {
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
        if moves.send(Moved { key, down, arrived: Instant::now() }).is_err() {
            return;
        }
    }
}

struct Watcher {
    watch: KeyWatch<()>,
    clock: EventClock,
    here: Arc<AtomicBool>,
    /// Control, Alt and logo keys that are down.
    held: Vec<u16>,
    deliver: Box<dyn Fn(Step<()>) + Send>,
}

impl Watcher {
    fn run(&mut self, moved: &mpsc::Receiver<Moved>) {
        loop {
            let due = self.watch.deadline().map(|due| due.saturating_sub(self.clock.now(Instant::now())));
            let steps = match moved.recv_timeout(due.unwrap_or(REST)) {
                Ok(moved) => self.take(&moved),
                Err(RecvTimeoutError::Timeout) => self.watch.tick(self.clock.now(Instant::now())),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            for scan in steps.into_iter().filter(|step| !matches!(step, Step::Deliver(()))) {
                (self.deliver)(scan);
            }
        }
    }

    fn take(&mut self, moved: &Moved) -> Vec<Step<()>> {
        let at = self.clock.at(moved.key.time, moved.arrived);
        let Some(code) = u16::try_from(moved.key.detail).ok().and_then(|code| code.checked_sub(CODES_FROM)) else {
            return Vec::new();
        };
        self.held.retain(|held| *held != code);
        if moved.down && (CTRLS.contains(&code) || ALTS.contains(&code)) {
            self.held.push(code);
        }
        if self.here.load(Ordering::Relaxed) {
            // These keys go to the program's own window, which judges them; a half code is nobody's.
            self.watch.let_go();
            return Vec::new();
        }
        // What repeats is held down: the display says so itself.
        if u32::from(moved.key.flags) & u32::from(KeyEventFlags::KEY_REPEAT) != 0 {
            return Vec::new();
        }
        let held = |codes: &[u16]| self.held.iter().any(|code| codes.contains(code));
        let (ctrl, alt) = (held(&CTRLS), held(&ALTS));
        let key = Key { device: moved.key.sourceid.into(), at, code, down: moved.down, typed: None, ctrl, alt };
        self.watch.key(key, ())
    }
}
