//! Commands of the settings, the device page and the set-up; the backend checks who may.

use tauri::State;
use till::config::{NewValue, SettingView};
use till::view::ScanTrace;
use till::{Finding, SettingsTrouble, Till};

/// The settings that the screen changes, as the file has them.
#[tauri::command]
#[specta::specta]
pub async fn settings(till: State<'_, Till>) -> Result<Vec<SettingView>, SettingsTrouble> {
    till.settings().await
}

/// Changes settings, all of these or none.
#[tauri::command]
#[specta::specta]
pub async fn save_settings(till: State<'_, Till>, values: Vec<NewValue>) -> Result<(), SettingsTrouble> {
    till.save_settings(values).await
}

/// Asks the gateway that these settings name harmless questions.
#[tauri::command]
#[specta::specta]
pub async fn check_gateway(till: State<'_, Till>, values: Vec<NewValue>) -> Result<Vec<Finding>, SettingsTrouble> {
    till.check_gateway(values).await
}

/// Shows a code in the view and listens for the scanner that reads it.
#[tauri::command]
#[specta::specta]
pub async fn begin_pairing(till: State<'_, Till>, values: Vec<NewValue>) -> Result<(), SettingsTrouble> {
    till.begin_pairing(values).await
}

/// Something was typed where the pairing code is expected; true if it is the code.
#[tauri::command]
#[specta::specta]
pub async fn type_pairing(till: State<'_, Till>, text: String, gaps_ms: Vec<u32>) -> Result<bool, SettingsTrouble> {
    till.type_pairing(text, gaps_ms).await
}

/// The pairing is over; the scanner of the settings is listened to again.
#[tauri::command]
#[specta::specta]
pub async fn end_pairing(till: State<'_, Till>) -> Result<(), SettingsTrouble> {
    till.end_pairing().await
}

/// The last scans, newest first; payment codes masked.
#[tauri::command]
#[specta::specta]
pub async fn traces(till: State<'_, Till>) -> Result<Vec<ScanTrace>, SettingsTrouble> {
    till.traces().await
}
