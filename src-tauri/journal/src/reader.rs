//! Reading a journal or a backup copy without touching it: everything happens on a private copy.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use crate::books::Books;
use crate::connect::{FullDisk, connect};
use crate::error::ReadError;
use crate::models;

/// A private copy of a journal, open for questions (`wicketctl verify`, `history`, `export`, `pending`).
///
/// Nobody may be writing to the file meanwhile: the caller holds the folder's lock, or the file is a backup.
pub struct Reader {
    pub(crate) conn: Connection,
    // Dropped after the connection: the folder goes when nothing in it is open.
    _dir: TempDir,
}

impl Reader {
    /// Copies the file and the `-wal` beside it, and opens the copy.
    pub fn open(file: &Path) -> Result<Self, ReadError> {
        let dir = tempfile::tempdir().map_err(ReadError::file(file))?;
        let copy = dir.path().join("copy.db");
        fs::copy(file, &copy).map_err(ReadError::file(file))?;
        let wal = beside(file, "-wal");
        if wal.exists() {
            fs::copy(&wal, beside(&copy, "-wal")).map_err(ReadError::file(&wal))?;
        }
        // The sentences of a refusal must name the file that the person named.
        let (conn, _) = connect(&copy, None, FullDisk::Refuse).map_err(|error| ReadError::Open(error.about(file)))?;
        if !models::are_current(&conn).unwrap_or(false)
            && let Err(error) = models::rebuild(&conn)
        {
            // A damaged file is still read as far as it goes.
            tracing::warn!(%error, "the caches of the copy were not made again");
        }
        Ok(Self { conn, _dir: dir })
    }

    /// What can be asked.
    pub fn books(&self) -> Books<'_> {
        Books::new(&self.conn)
    }
}

/// The file whose name is this one's with something after it.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}
