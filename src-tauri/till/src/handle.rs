//! The till as the outside holds it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use checkout::{Refusal, ScannedText};
use journal::JournalThread;
use scanner::{ScannerEvent, ScannerState};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::change::Change;
use crate::inbox::{Command, Message};
use crate::keys::Codes;
use crate::source::ScanSource;
use crate::view::{ScanOutcome, View};

/// The most that a clean stop waits for requests that are out; what is still open then is asked about at the next start.
pub const STOP_LIMIT: Duration = Duration::from_secs(20);
/// The most that closing scanner and journal may take after that.
const CLOSE_LIMIT: Duration = Duration::from_secs(5);

/// The port of the scanner that training pretends; the screen knows it by this name (ui/src/rehearsal.svelte.ts).
const PRETENDED: &str = "training";

/// A running till. Clones are handles of the same one.
#[derive(Clone)]
pub struct Till {
    pub(crate) inbox: mpsc::Sender<Message>,
    pub(crate) views: watch::Receiver<Arc<View>>,
    pub(crate) changes: broadcast::Sender<Change>,
    pub(crate) codes: watch::Receiver<Codes>,
    pub(crate) journal: JournalThread,
    pub(crate) exports: PathBuf,
}

impl Till {
    /// Asks for something and waits until it is durable, or refused.
    pub async fn ask(&self, command: Command) -> Result<(), Refusal> {
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::Ask(command, reply)).await.map_err(|_| Refusal::Stopping)?;
        answer.await.unwrap_or(Err(Refusal::Stopping))
    }

    /// Delivers a scan that this program was given (standard input, a lesson), and waits for what became of it.
    pub async fn scan(&self, text: ScannedText) -> ScanOutcome {
        self.scan_from(text, ScanSource::Given).await
    }

    /// Delivers a scan that came from there, and waits for what became of it; see [`ScanSource`] for what is let through.
    pub async fn scan_from(&self, text: ScannedText, source: ScanSource) -> ScanOutcome {
        self.scan_typed(text, source, Vec::new()).await
    }

    /// The same with the milliseconds between its keys.
    pub(crate) async fn scan_typed(&self, text: ScannedText, source: ScanSource, gaps_ms: Vec<u32>) -> ScanOutcome {
        let stopping = || ScanOutcome::Refused { refusal: Refusal::Stopping };
        let (reply, answer) = oneshot::channel();
        match self.inbox.send(Message::Scan(text, source, gaps_ms, reply)).await {
            Ok(()) => answer.await.unwrap_or_else(|_| stopping()),
            Err(_) => stopping(),
        }
    }

    /// In training, the scanner seems to be unplugged or plugged in again; a real till knows better and does nothing.
    pub async fn pretend_unplugged(&self, unplugged: bool) {
        if !self.view().training {
            return;
        }
        let port = PRETENDED.to_owned();
        let state = match unplugged {
            true => ScannerState::Lost { port, reason: "unplugged for practice".into() },
            false => ScannerState::Ready { label: port.clone(), port },
        };
        if self.inbox.send(Message::Scanner(ScannerEvent::State(state))).await.is_err() {
            tracing::debug!("a till that has stopped has no scanner");
        }
    }

    /// The newest view.
    pub fn view(&self) -> Arc<View> {
        self.views.borrow().clone()
    }

    /// Every view from now on; slow readers see only the newest.
    pub fn views(&self) -> watch::Receiver<Arc<View>> {
        self.views.clone()
    }

    /// Every change of a charge from now on.
    pub fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    /// The journal, for reading.
    pub fn journal(&self) -> &JournalThread {
        &self.journal
    }

    /// Stops cleanly: no new charge, requests that are out are awaited for a limited time, journal and lock are given back.
    pub async fn stop(&self) {
        self.stop_within(STOP_LIMIT).await;
    }

    /// As [`Till::stop`], with another limit for requests that are out.
    pub async fn stop_within(&self, limit: Duration) {
        let (reply, done) = oneshot::channel();
        if self.inbox.send(Message::Stop(limit, reply)).await.is_ok()
            && tokio::time::timeout(limit + CLOSE_LIMIT, done).await.is_err()
        {
            tracing::warn!("the till did not stop in time; what is open is asked about at the next start");
        }
    }
}
