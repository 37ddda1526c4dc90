//! Exports: read a few charges at a time between the steps of the window, so that no charge waits for a year's list.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};

use checkout::ChargeId;
use chrono::NaiveDate;
use journal::{ExportError, Exporter, Journal, ReadError, Timeline};
use serde::Serialize;
use specta::Type;
use tokio::sync::mpsc;

use crate::handle::Till;
use crate::ledger::{LookError, date};

/// Exports begun by this process.
static EXPORTS: AtomicU32 = AtomicU32::new(1);
/// For so long at most the journal's thread reads for an export before it does whatever else it was asked to.
const SLICE: Duration = Duration::from_millis(2);
/// Slices that may wait to be written to the file.
const AHEAD: usize = 2;

/// What to export.
#[derive(Clone, Copy, Debug)]
pub struct ExportOrder {
    /// The form.
    pub format: journal::Format,
    /// First day.
    pub from: Option<NaiveDate>,
    /// Last day.
    pub to: Option<NaiveDate>,
}

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ExportProgress {
    /// Charges that were read and handed on to the file.
    pub written: u32,
    /// Charges that belong to it.
    pub total: u32,
}

impl ExportOrder {
    /// Reads an order as a screen or script gives it; empty days mean from the first and to the last.
    ///
    /// # Errors
    /// The form or a day is wrong.
    pub fn parse(format: &str, from: &str, to: &str) -> Result<Self, LookError> {
        let format = match format {
            "csv" => journal::Format::Csv,
            "jsonl" => journal::Format::Jsonl,
            _ => return Err(LookError::Query { field: "format", why: "it is csv or jsonl".into() }),
        };
        Ok(Self { format, from: date("from", from)?, to: date("to", to)? })
    }
}

impl Till {
    /// Writes an export into `exports/` and says where it is. Each charge is in it as it stands when its turn comes; those
    /// that begin meanwhile are not. `stop` ends it early, and then nothing stays of it.
    ///
    /// # Errors
    /// No room, the journal cannot be read, or it was stopped.
    pub async fn export(
        &self,
        order: ExportOrder,
        stop: &AtomicBool,
        mut progress: impl FnMut(ExportProgress) + Send,
    ) -> Result<PathBuf, LookError> {
        let path = self.export_path(order);
        let part = Part(path.with_extension("part"));
        let view = self.view();
        let (slices, written) = mpsc::channel(AHEAD);
        let (file, window) = (part.0.clone(), view.window.clone());
        let (id, name) = (window.id, window.name);
        let writing = tokio::task::spawn_blocking(move || write(&file, order, &id, &name, written));
        let read = self.read_out(order, stop, &slices, &mut progress).await;
        drop(slices);
        writing.await.map_err(|_| LookError::Stopping)??;
        read?;
        std::fs::rename(&part.0, &path).map_err(|why| LookError::File { path: path.clone(), why })?;
        Ok(path)
    }

    fn export_path(&self, order: ExportOrder) -> PathBuf {
        let ending = match order.format {
            journal::Format::Csv => "csv",
            journal::Format::Jsonl => "jsonl",
        };
        let stamp = crate::clock::wall().format("%Y%m%d-%H%M%S-%3f");
        let training = if self.view().training { "training-" } else { "" };
        // Two exports may begin at the same moment: each has a name of its own.
        let number = EXPORTS.fetch_add(1, Ordering::Relaxed);
        self.exports.join(format!("{training}charges-{stamp}-{number}.{ending}"))
    }

    /// Reads the charges in slices. Between two of them whatever else waits for the journal has its turn.
    async fn read_out(
        &self,
        order: ExportOrder,
        stop: &AtomicBool,
        slices: &mpsc::Sender<Vec<Timeline>>,
        progress: &mut (impl FnMut(ExportProgress) + Send),
    ) -> Result<(), LookError> {
        let filter = journal::HistoryFilter { from: order.from, to: order.to, ..journal::HistoryFilter::default() };
        let ids: Arc<[ChargeId]> = self.journal().call(move |journal| journal.books()?.sent(&filter)).await??.into();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut next = 0;
        progress(ExportProgress { written: 0, total: count(ids.len()) });
        while next < ids.len() {
            if stop.load(Ordering::Relaxed) {
                return Err(LookError::Stopped);
            }
            let all = ids.clone();
            let (slice, reached) = self.journal().call(move |journal| read_slice(journal, &all, next)).await??;
            // The writer has gone only if the file cannot be written, and says so itself.
            if slices.send(slice).await.is_err() {
                return Ok(());
            }
            next = reached;
            progress(ExportProgress { written: count(next), total: count(ids.len()) });
        }
        Ok(())
    }
}

/// As many charges as fit into a slice, at least one, and where the next slice begins.
fn read_slice(journal: &Journal, ids: &[ChargeId], from: usize) -> Result<(Vec<Timeline>, usize), ReadError> {
    let (books, began) = (journal.books()?, Instant::now());
    let mut slice = Vec::new();
    let mut next = from;
    while next < ids.len() && (next == from || began.elapsed() < SLICE) {
        slice.extend(books.charge(&ids[next])?);
        next += 1;
    }
    Ok((slice, next))
}

fn write(
    target: &Path,
    order: ExportOrder,
    window: &str,
    window_name: &str,
    mut slices: mpsc::Receiver<Vec<Timeline>>,
) -> Result<(), LookError> {
    let failed = |why| LookError::File { path: target.to_owned(), why };
    let unwritten = |error| match error {
        ExportError::Write(why) => failed(why),
        ExportError::Read(error) => LookError::Read(error),
    };
    let file = File::create(target).map_err(failed)?;
    let export = journal::Export { format: order.format, window, window_name, from: order.from, to: order.to };
    let mut lines = Exporter::begin(export, BufWriter::new(&file)).map_err(unwritten)?;
    while let Some(slice) = slices.blocking_recv() {
        for timeline in &slice {
            lines.line(timeline).map_err(unwritten)?;
        }
    }
    lines.end().map_err(unwritten)?;
    file.sync_all().map_err(failed)
}

/// A file that is not whole yet, under a name that nobody takes for one; what is left of it goes when the export ends.
struct Part(PathBuf);

impl Drop for Part {
    fn drop(&mut self) {
        match std::fs::remove_file(&self.0) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                tracing::warn!(path = %self.0.display(), %error, "part of an export stays");
            }
            _ => {}
        }
    }
}
