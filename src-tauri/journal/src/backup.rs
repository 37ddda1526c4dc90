//! A consistent copy of the open journal, page by page, with a witness of its own.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::chain::Head;
use crate::error::ReadError;
use crate::folder;
use crate::witness::Witness;

/// Copies to a new name first, so that a half-made copy never stands under the right one.
pub(crate) fn copy(conn: &Connection, head: Head, to: &Path) -> Result<(), ReadError> {
    let failed = || ReadError::file(to);
    let part = to.with_extension("part");
    let _ = fs::remove_file(&part);
    let mut target = Connection::open(&part)?;
    Backup::new(conn, &mut target)?.run_to_completion(i32::MAX, Duration::ZERO, None)?;
    target.close().map_err(|(_, error)| error)?;
    folder::sync_file(&part).map_err(failed())?;
    fs::rename(&part, to).map_err(failed())?;
    let path = to.with_extension("witness");
    let _ = fs::remove_file(&path);
    Witness::open(&path)
        .and_then(|mut witness| witness.write(head).and_then(|()| witness.flush()))
        .map_err(ReadError::file(&path))?;
    folder::sync(to.parent().unwrap_or(Path::new("."))).map_err(failed())
}
