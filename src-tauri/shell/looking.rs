//! Commands that look things up in the journal; they change nothing.

use checkout::ChargeId;
use serde::Serialize;
use specta::Type;
use tauri::State;
use till::view::{ChargeView, DaySumView, HistoryQuery, TimelineView};
use till::{ExportOrder, LookError, Till};

/// Why nothing was found out.
#[derive(Serialize, Type)]
pub struct LookFailure {
    /// The field of the search that is wrong, if one is.
    pub field: Option<String>,
    /// In words.
    pub what: String,
}

impl From<LookError> for LookFailure {
    fn from(error: LookError) -> Self {
        let field = match &error {
            LookError::Query { field, .. } => Some((*field).to_owned()),
            _ => None,
        };
        Self { field, what: error.to_string() }
    }
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

/// Writes an export into `exports/` and says where it is; `format` is `csv` or `jsonl`, the days may be empty.
#[tauri::command]
#[specta::specta]
pub async fn export_charges(
    till: State<'_, Till>,
    format: String,
    from: String,
    to: String,
) -> Result<String, LookFailure> {
    let order = ExportOrder::parse(&format, &from, &to)?;
    Ok(till.export(order).await?.display().to_string())
}
