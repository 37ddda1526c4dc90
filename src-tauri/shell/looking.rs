//! Commands that look things up in the journal; they change nothing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use checkout::ChargeId;
use serde::Serialize;
use specta::Type;
use tauri::{AppHandle, Emitter, State};
use till::view::{ChargeView, DaySumView, HistoryQuery, TimelineView};
use till::{ExportOrder, ExportProgress, LookError, Till};

use crate::screen::CASHIER;

/// The event that carries how far an export is.
const EXPORTING_EVENT: &str = "exporting";
/// An export tells how far it is at most so often.
const TELL_EVERY: Duration = Duration::from_millis(100);

/// Why nothing was found out; the screen has its own words for each, the log has the system's.
#[derive(Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum LookFailure {
    /// A field of the search is wrong.
    Query {
        /// Which.
        field: String,
    },
    /// The journal cannot be read.
    Journal,
    /// A file cannot be written.
    File,
    /// It was stopped, as asked.
    Stopped,
    /// The program is closing.
    Closing,
}

impl From<LookError> for LookFailure {
    fn from(error: LookError) -> Self {
        tracing::info!(%error, "nothing was found out");
        match error {
            LookError::Query { field, .. } => Self::Query { field: field.to_owned() },
            LookError::File { .. } => Self::File,
            LookError::Stopped => Self::Stopped,
            LookError::Stopping | LookError::Gone(_) => Self::Closing,
            LookError::Read(_) => Self::Journal,
        }
    }
}

/// The export under way, which may be stopped.
#[derive(Default)]
pub struct Exporting {
    stop: AtomicBool,
}

/// A charge with everything that was written about it.
#[tauri::command]
#[specta::specta]
pub async fn timeline(till: State<'_, Till>, charge: ChargeId) -> Result<Option<TimelineView>, LookFailure> {
    Ok(till.timeline(charge).await?)
}

/// Charges, newest first, at most 500.
#[tauri::command]
#[specta::specta]
pub async fn history(till: State<'_, Till>, query: HistoryQuery) -> Result<Vec<ChargeView>, LookFailure> {
    Ok(till.history(&query).await?)
}

/// Counts and sums of one local day by state.
#[tauri::command]
#[specta::specta]
pub async fn day_sums(till: State<'_, Till>, day: String) -> Result<Vec<DaySumView>, LookFailure> {
    Ok(till.day_sums(&day).await?)
}

/// Writes an export into `exports/` and says where it is; `format` is `csv` or `jsonl`, the days may be empty. How far it is
/// comes with the event.
#[tauri::command]
#[specta::specta]
pub async fn export_charges(
    app: AppHandle,
    till: State<'_, Till>,
    exporting: State<'_, Exporting>,
    format: String,
    from: String,
    to: String,
) -> Result<String, LookFailure> {
    let order = ExportOrder::parse(&format, &from, &to)?;
    exporting.stop.store(false, Ordering::Relaxed);
    let mut told: Option<Instant> = None;
    let tell = move |now: ExportProgress| {
        if now.written < now.total && told.is_some_and(|told| told.elapsed() < TELL_EVERY) {
            return;
        }
        told = Some(Instant::now());
        if let Err(error) = app.emit_to(CASHIER, EXPORTING_EVENT, now) {
            tracing::warn!(%error, "the page was not told how far the export is");
        }
    };
    Ok(till.export(order, &exporting.stop, tell).await?.display().to_string())
}

/// Stops the export under way; nothing stays of it.
#[tauri::command]
#[specta::specta]
pub fn stop_export(exporting: State<'_, Exporting>) {
    exporting.stop.store(true, Ordering::Relaxed);
}
