//! The form of the database file: whose it is, which version, and the steps from version to version.

use std::path::Path;

use rusqlite::Connection;

use crate::error::OpenError;
use crate::{meta, models, records};

/// "WICK": marks the file as a journal of this till.
const APPLICATION: i32 = 0x5749_434B;

/// What makes each version out of the one before. A new kind of record is a new version too (it may be an empty step),
/// so that an older program refuses instead of misreading.
///
/// 2: recharges, settlements and supervisors; an intent may follow the beginning of its charge.
/// 3: changes of settings.
const STEPS: [&[&str]; 3] = [&[records::V1, meta::V1, models::V1], &[records::V2], &[]];

/// Checks whose file it is, and that this program is not too old for it; changes nothing.
pub(crate) fn recognise(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    let failed = OpenError::database(path);
    let application: i32 = pragma(conn, "application_id").map_err(&failed)?;
    let found: i64 = pragma(conn, "user_version").map_err(&failed)?;
    let tables: i64 = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(&failed)?;
    let known = STEPS.len() as i64;
    let blank = application == 0 && found == 0 && tables == 0;
    if !blank && (application != APPLICATION || found < 1) {
        return Err(OpenError::NotAJournal { path: path.to_owned() });
    }
    if found > known {
        return Err(OpenError::Newer { path: path.to_owned(), found, known });
    }
    Ok(())
}

/// Brings a recognised file to this program's version, all or nothing.
pub(crate) fn advance(conn: &Connection, path: &Path) -> Result<(), OpenError> {
    let failed = OpenError::database(path);
    let version: u32 = pragma(conn, "user_version").map_err(&failed)?;
    let done = version as usize;
    if done >= STEPS.len() {
        return Ok(());
    }
    take_steps(conn, done).map_err(failed)
}

/// Whether the tables, indexes and triggers are what this program would make: a missing trigger lets records be changed.
pub(crate) fn is_intact(conn: &Connection) -> rusqlite::Result<bool> {
    let ideal = Connection::open_in_memory()?;
    take_steps(&ideal, 0)?;
    Ok(parts(conn)? == parts(&ideal)?)
}

fn take_steps(conn: &Connection, done: usize) -> rusqlite::Result<()> {
    let transaction = conn.unchecked_transaction()?;
    for statements in &STEPS[done..] {
        for statement in *statements {
            transaction.execute_batch(statement)?;
        }
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", STEPS.len() as i64)?;
    transaction.commit()
}

fn parts(conn: &Connection) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    let mut statement = conn.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name")?;
    statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?.collect()
}

fn pragma<T: rusqlite::types::FromSql>(conn: &Connection, name: &str) -> rusqlite::Result<T> {
    conn.pragma_query_value(None, name, |row| row.get(0))
}
