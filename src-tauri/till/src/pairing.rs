//! The scanners confirmed by a pairing scan, remembered in `scanner.json`.

use std::path::{Path, PathBuf};

use scanner::PairedDevices;

/// The file cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}. No money is concerned; move the file away and pair the scanner again", path = path.display())]
pub struct PairingFileError {
    path: PathBuf,
    why: String,
}

/// The remembered scanners; none if the file is not there.
///
/// # Errors
/// The file is there and cannot be read.
pub fn load(path: &Path) -> Result<PairedDevices, PairingFileError> {
    let failed = |why: String| PairingFileError { path: path.to_owned(), why };
    match std::fs::read_to_string(path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| failed(error.to_string())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(PairedDevices::default()),
        Err(error) => Err(failed(error.to_string())),
    }
}

/// Replaces the file atomically.
///
/// # Errors
/// It cannot be written.
pub fn save(path: &Path, devices: &PairedDevices) -> Result<(), PairingFileError> {
    let failed = |why: String| PairingFileError { path: path.to_owned(), why };
    let text = serde_json::to_string_pretty(devices).map_err(|error| failed(error.to_string()))?;
    let fresh = path.with_extension("json.new");
    std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, path)).map_err(|error| failed(error.to_string()))
}
