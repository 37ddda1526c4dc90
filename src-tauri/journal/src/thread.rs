//! The one thread that owns the journal, and the handle through which the till reaches it.

use std::path::Path;
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::error::OpenError;
use crate::folder::Stem;
use crate::journal::Journal;
use crate::open::{Found, Opened, Options};

type Job = Box<dyn FnOnce(&mut Option<Journal>) + Send>;

/// A handle to the journal's thread. The last one dropped closes the journal and waits for it.
#[derive(Clone)]
pub struct JournalThread {
    inner: Arc<Inner>,
}

/// The journal is closed: its thread has ended, or opening it again failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the journal is closed. What was confirmed is safe; start the program again")]
pub struct Gone;

/// The journal was not opened again.
#[derive(Debug, thiserror::Error)]
pub enum ReopenError {
    /// Its thread has ended.
    #[error(transparent)]
    Gone(#[from] Gone),
    /// Opening failed; it may be tried again.
    #[error(transparent)]
    Open(#[from] OpenError),
}

struct Inner {
    jobs: Option<mpsc::Sender<Job>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    dir: std::path::PathBuf,
    stem: Stem,
}

impl JournalThread {
    /// Opens the journal on a thread of its own.
    pub fn open(dir: &Path, stem: Stem, options: &Options) -> Result<(Self, Found), OpenError> {
        let (jobs, inbox) = mpsc::channel::<Job>();
        let thread = thread::Builder::new()
            .name("journal".into())
            .spawn(move || {
                let mut journal = None;
                while let Ok(job) = inbox.recv() {
                    job(&mut journal);
                }
            })
            .map_err(OpenError::file(dir))?;
        let handle = Self {
            inner: Arc::new(Inner { jobs: Some(jobs), thread: Mutex::new(Some(thread)), dir: dir.to_owned(), stem }),
        };
        match handle.reopen_blocking(options) {
            Ok(found) => Ok((handle, found)),
            Err(ReopenError::Open(error)) => Err(error),
            Err(ReopenError::Gone(gone)) => Err(OpenError::CannotOpen { path: dir.to_owned(), why: gone.to_string() }),
        }
    }

    /// Runs `f` on the journal and hands its result back. If the caller gives up waiting, `f` still runs.
    pub async fn call<T: Send + 'static>(&self, f: impl FnOnce(&mut Journal) -> T + Send + 'static) -> Result<T, Gone> {
        self.send(on_journal(f))?.await.map_err(|_| Gone)?
    }

    /// As [`JournalThread::call`], for callers outside an async runtime.
    pub fn call_blocking<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Journal) -> T + Send + 'static,
    ) -> Result<T, Gone> {
        self.wait(on_journal(f))?
    }

    /// After an unconfirmed commit: drops the journal and opens it again in the same order (design.md §7).
    /// If that fails the journal stays closed; it may be tried again.
    pub async fn reopen(&self, options: &Options) -> Result<Found, ReopenError> {
        let answer = self.send(self.reopening(options))?;
        Ok(answer.await.map_err(|_| Gone)??)
    }

    /// As [`JournalThread::reopen`], for callers outside an async runtime.
    pub fn reopen_blocking(&self, options: &Options) -> Result<Found, ReopenError> {
        Ok(self.wait(self.reopening(options))??)
    }

    /// Closes the journal although handles are left; they find it [`Gone`].
    pub async fn close(&self) -> Result<(), Gone> {
        self.send(|slot| drop(slot.take()))?.await.map_err(|_| Gone)
    }

    fn reopening(
        &self,
        options: &Options,
    ) -> impl FnOnce(&mut Option<Journal>) -> Result<Found, OpenError> + Send + 'static {
        let (dir, stem, options) = (self.inner.dir.clone(), self.inner.stem, options.clone());
        move |slot| {
            // Closed first: the journal is locked against everybody, this program included.
            drop(slot.take());
            let Opened { journal, found } = Journal::open(&dir, stem, &options)?;
            *slot = Some(journal);
            Ok(found)
        }
    }

    fn send<T: Send + 'static>(
        &self,
        f: impl FnOnce(&mut Option<Journal>) -> T + Send + 'static,
    ) -> Result<oneshot::Receiver<T>, Gone> {
        let (answer, receiver) = oneshot::channel();
        self.run(move |slot| {
            // Nobody may be waiting any more; the work is done all the same.
            let _ = answer.send(f(slot));
        })?;
        Ok(receiver)
    }

    /// Waits without a runtime, and within one too: the program's start opens the journal from wherever it is.
    fn wait<T: Send + 'static>(&self, f: impl FnOnce(&mut Option<Journal>) -> T + Send + 'static) -> Result<T, Gone> {
        let (answer, receiver) = mpsc::sync_channel(1);
        self.run(move |slot| {
            let _ = answer.send(f(slot));
        })?;
        receiver.recv().map_err(|_| Gone)
    }

    fn run(&self, job: impl FnOnce(&mut Option<Journal>) + Send + 'static) -> Result<(), Gone> {
        let jobs = self.inner.jobs.as_ref().ok_or(Gone)?;
        jobs.send(Box::new(job)).map_err(|_| Gone)
    }
}

fn on_journal<T>(f: impl FnOnce(&mut Journal) -> T) -> impl FnOnce(&mut Option<Journal>) -> Result<T, Gone> {
    move |slot| slot.as_mut().map(f).ok_or(Gone)
}

impl Drop for Inner {
    fn drop(&mut self) {
        drop(self.jobs.take());
        let thread = self.thread.lock().ok().and_then(|mut slot| slot.take());
        if let Some(thread) = thread
            // A job may hold the last handle; a thread cannot wait for itself.
            && thread.thread().id() != thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the journal's thread ended in a panic");
        }
    }
}
