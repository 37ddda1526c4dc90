//! Opening the one connection, in the order of design.md §7; each answer is checked.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, MAIN_DB, OpenFlags};

use crate::error::{OpenError, is_full};
use crate::schema;

/// Pages in the log after which SQLite checkpoints by itself: a far backstop, since that is done when idle.
const AUTOCHECKPOINT: i64 = 8_000;
/// A virus scanner may hold the file for a moment; another till holds it for ever.
const BUSY: Duration = Duration::from_millis(200);
const FULL: i64 = 2;

/// What to do when the log does not fit into the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum FullDisk {
    /// Do not open.
    Refuse,
    /// Open for reading; nothing is accepted before [`checkpoint`] has worked.
    ReadOn,
}

/// Opens an existing file for this process alone. Also says whether its log was emptied, which only a full disk prevents.
pub(crate) fn connect(path: &Path, max_pages: Option<u32>, full: FullDisk) -> Result<(Connection, bool), OpenError> {
    let failed = OpenError::database(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(&failed)?;
    if conn.is_readonly(MAIN_DB).map_err(&failed)? {
        return Err(OpenError::ReadOnly { path: path.to_owned() });
    }
    conn.busy_timeout(BUSY).map_err(&failed)?;
    // Before the first access: without it a full disk may make the shared index unusable.
    demand(&conn, path, "locking_mode", "EXCLUSIVE", "exclusive")?;
    // Before anything is changed: the file may be somebody else's, or newer than this program.
    schema::recognise(&conn, path)?;
    demand(&conn, path, "journal_mode", "WAL", "wal")?;
    for (name, value) in [("synchronous", FULL), ("wal_autocheckpoint", AUTOCHECKPOINT)] {
        conn.pragma_update(None, name, value).map_err(&failed)?;
    }
    // Only macOS knows a flush that does not reach the disk; elsewhere these two do nothing.
    for name in ["fullfsync", "checkpoint_fullfsync"] {
        conn.pragma_update(None, name, true).map_err(&failed)?;
    }
    let synchronous: i64 = conn.pragma_query_value(None, "synchronous", |row| row.get(0)).map_err(&failed)?;
    if synchronous != FULL {
        return Err(OpenError::NotSafe { path: path.to_owned(), what: "synchronous", answer: synchronous.to_string() });
    }
    if let Some(pages) = max_pages {
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).map_err(&failed)?;
    }
    // Before anything is accepted: after a failed flush and a crash, going on without it loses acknowledged records.
    let emptied = match checkpoint(&conn) {
        Ok(true) => true,
        Ok(false) => {
            return Err(OpenError::Locked { path: path.to_owned() });
        }
        Err(error) if is_full(&error) && full == FullDisk::ReadOn => false,
        Err(error) => return Err(failed(error)),
    };
    for (name, value) in [("trusted_schema", false), ("cell_size_check", true), ("foreign_keys", true)] {
        conn.pragma_update(None, name, value).map_err(&failed)?;
    }
    conn.pragma_update_and_check(None, "mmap_size", 0, |_| Ok(())).or_else(nothing_to_say).map_err(&failed)?;
    schema::advance(&conn, path)?;
    Ok((conn, emptied))
}

/// Brings the log into the file and empties it. False if somebody was in the way.
pub(crate) fn checkpoint(conn: &Connection) -> rusqlite::Result<bool> {
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
}

fn demand(conn: &Connection, path: &Path, name: &'static str, value: &str, expected: &str) -> Result<(), OpenError> {
    let answer: String =
        conn.pragma_update_and_check(None, name, value, |row| row.get(0)).map_err(OpenError::database(path))?;
    if answer != expected {
        return Err(OpenError::NotSafe { path: path.to_owned(), what: name, answer });
    }
    Ok(())
}

fn nothing_to_say(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}
