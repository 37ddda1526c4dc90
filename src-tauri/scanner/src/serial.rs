//! The scanner at work: the reading loop under a supervisor that survives its panics and its hangs.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use thiserror::Error;

use crate::choice::DeviceIdentity;
use crate::ports::{Ports, SystemPorts};
use crate::reader::{self, LOOK_EVERY, Sign, Task};
use crate::settings::ScannerSettings;
use crate::state::{ScannerEvent, ScannerState};

/// Longest wait of a stop.
pub const STOP_LIMIT: Duration = Duration::from_secs(1);
/// How long a reading loop may stay silent before it counts as hung: a line error can hang a read for ever.
const HANG_LIMIT: Duration = Duration::from_secs(5);
/// How long the supervisor waits for its reader at the end; shorter than [`STOP_LIMIT`].
const READER_ENDS: Duration = Duration::from_millis(700);
/// Hung readers left behind at a time; beyond that the supervisor waits for one of them to end.
const HUNG_MAX: usize = 3;

/// The scanner did not end in time; its thread is left behind and will tell nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the scanner did not stop in time and was left behind")]
pub struct StillRunning;

/// How fast the supervisor works; tests hurry it.
#[derive(Debug, Clone, Copy)]
struct Pace {
    look_every: Duration,
    hang_limit: Duration,
}

/// A running scanner. Dropping it lets the threads end by themselves; [`Scanner::stop`] waits for them.
pub struct Scanner {
    inbox: Sender<Message>,
    ended: Receiver<Result<(), StillRunning>>,
}

enum Message {
    Sign(usize, Sign),
    ReaderEnded(usize),
    Stop,
}

impl Scanner {
    /// Starts on the machine's own ports. `sink` is called on the scanner's own thread and must not wait long.
    ///
    /// Fails only if no thread can be made.
    pub fn start(
        settings: ScannerSettings,
        paired: Vec<DeviceIdentity>,
        sink: impl Fn(ScannerEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::start_on(Arc::new(SystemPorts), settings, paired, sink)
    }

    /// Starts on other ports than the machine's: for tests of `auto` and of pairing without hardware.
    pub fn start_on(
        ports: Arc<dyn Ports>,
        settings: ScannerSettings,
        paired: Vec<DeviceIdentity>,
        sink: impl Fn(ScannerEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let pace = Pace { look_every: LOOK_EVERY, hang_limit: HANG_LIMIT };
        Self::start_at(pace, ports, settings, paired, sink)
    }

    fn start_at(
        pace: Pace,
        ports: Arc<dyn Ports>,
        settings: ScannerSettings,
        paired: Vec<DeviceIdentity>,
        sink: impl Fn(ScannerEvent) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (inbox, messages) = mpsc::channel();
        let (ending, ended) = mpsc::channel();
        let serial = settings.uses_serial();
        let supervisor = Supervisor {
            task: Task { ports, settings, paired, look_every: pace.look_every },
            hang_limit: pace.hang_limit,
            inbox: inbox.clone(),
            messages,
            sink,
            state: None,
            reader: None,
            started: 0,
            hung: 0,
        };
        thread::Builder::new().name("scanner".into()).spawn(move || {
            let _ = ending.send(supervisor.run(serial));
        })?;
        Ok(Self { inbox, ended })
    }

    /// Stops and waits until the port is closed, at most [`STOP_LIMIT`].
    pub fn stop(self) -> Result<(), StillRunning> {
        let _ = self.inbox.send(Message::Stop);
        match self.ended.recv_timeout(STOP_LIMIT) {
            Ok(outcome) => outcome,
            Err(RecvTimeoutError::Disconnected) => Ok(()),
            Err(RecvTimeoutError::Timeout) => Err(StillRunning),
        }
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        let _ = self.inbox.send(Message::Stop);
    }
}

struct Reader {
    number: usize,
    /// Dropping it ends the reader.
    _leash: Sender<()>,
}

struct Supervisor<S> {
    task: Task,
    hang_limit: Duration,
    inbox: Sender<Message>,
    messages: Receiver<Message>,
    sink: S,
    state: Option<ScannerState>,
    reader: Option<Reader>,
    started: usize,
    hung: usize,
}

impl<S: Fn(ScannerEvent)> Supervisor<S> {
    fn run(mut self, serial: bool) -> Result<(), StillRunning> {
        if !serial {
            self.say(ScannerState::Off);
        }
        let mut start_at = serial.then(Instant::now);
        loop {
            if self.reader.is_none() && self.hung < HUNG_MAX && start_at.is_some_and(|at| at <= Instant::now()) {
                self.start_reader();
                start_at = Some(Instant::now() + self.task.look_every);
            }
            let wait = match (&self.reader, start_at) {
                (None, Some(at)) if self.hung < HUNG_MAX => at.saturating_duration_since(Instant::now()),
                _ => self.hang_limit,
            };
            match self.messages.recv_timeout(wait) {
                Ok(Message::Stop) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(Message::Sign(number, sign)) => self.take(number, sign),
                Ok(Message::ReaderEnded(number)) if self.is_current(number) => {
                    tracing::error!("the scanner's reading loop broke; it is started again");
                    self.reader = None;
                    start_at = Some(Instant::now() + self.task.look_every);
                    self.lose("the program's scanner loop broke; it is started again");
                }
                Ok(Message::ReaderEnded(_)) => self.hung = self.hung.saturating_sub(1),
                Err(RecvTimeoutError::Timeout) if self.reader.is_some() => {
                    tracing::error!("the scanner's port hangs; its thread is left behind");
                    self.reader = None;
                    self.hung += 1;
                    start_at = Some(Instant::now() + self.task.look_every);
                    self.lose("the port does not answer; unplug the scanner and plug it in again");
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
        self.end()
    }

    fn start_reader(&mut self) {
        self.started += 1;
        let number = self.started;
        let (leash, held) = mpsc::channel();
        let (task, inbox) = (self.task.clone(), self.inbox.clone());
        let spawned = thread::Builder::new().name("scanner-reader".into()).spawn(move || {
            let tell = |sign| drop(inbox.send(Message::Sign(number, sign)));
            // The outcome of a panic is the same as of an end: the supervisor starts another one.
            let _ = catch_unwind(AssertUnwindSafe(|| reader::run(&task, &held, &tell)));
            let _ = inbox.send(Message::ReaderEnded(number));
        });
        match spawned {
            Ok(_) => self.reader = Some(Reader { number, _leash: leash }),
            Err(_) => self.lose("the system gives no thread to the scanner"),
        }
    }

    fn is_current(&self, number: usize) -> bool {
        self.reader.as_ref().is_some_and(|reader| reader.number == number)
    }

    fn take(&mut self, number: usize, sign: Sign) {
        match sign {
            // A reader that was given up may wake again; what it tells is too late to be true.
            _ if !self.is_current(number) => {}
            Sign::Alive => {}
            Sign::Event(ScannerEvent::State(state)) => self.say(state),
            Sign::Event(event) => self.pass_on(event),
        }
    }

    fn lose(&mut self, reason: &str) {
        let port = match &self.state {
            Some(ScannerState::Ready { port, .. } | ScannerState::Lost { port, .. }) => port.clone(),
            _ => self.task.settings.port.clone(),
        };
        self.say(ScannerState::Lost { port, reason: reason.into() });
    }

    fn say(&mut self, state: ScannerState) {
        if self.state.as_ref() != Some(&state) {
            self.state = Some(state.clone());
            self.pass_on(ScannerEvent::State(state));
        }
    }

    fn pass_on(&self, event: ScannerEvent) {
        if catch_unwind(AssertUnwindSafe(|| (self.sink)(event))).is_err() {
            tracing::error!("whoever listens to the scanner broke on an event");
        }
    }

    fn end(mut self) -> Result<(), StillRunning> {
        let mut running = self.hung + usize::from(self.reader.is_some());
        self.reader = None;
        let until = Instant::now() + READER_ENDS;
        while running > 0 {
            match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(Message::ReaderEnded(_)) => running -= 1,
                Ok(_) => {}
                Err(_) => break,
            }
        }
        self.say(ScannerState::Off);
        if running == 0 { Ok(()) } else { Err(StillRunning) }
    }
}

#[cfg(test)]
mod tests;
