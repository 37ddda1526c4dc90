//! Small facts about the journal itself: its key's check value, how far the chain was verified, which program made the caches.

use rusqlite::{Connection, OptionalExtension, params};

use crate::chain::{Hash, Head};
use crate::records;

/// Version 1 of the table.
pub(crate) const V1: &str = "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;";

/// The keyed check value of the file `secret`.
pub(crate) const SECRET: &str = "secret-check";
/// Which program wrote the read models.
pub(crate) const MODELS: &str = "models";
const VERIFIED: &str = "verified";

/// A fact, if it is known.
pub(crate) fn get(conn: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    conn.prepare_cached("SELECT value FROM meta WHERE name = ?1")?.query_row([name], |row| row.get(0)).optional()
}

/// Writes a fact down.
pub(crate) fn put(conn: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    conn.prepare_cached("INSERT OR REPLACE INTO meta (name, value) VALUES (?1, ?2)")?.execute(params![name, value])?;
    Ok(())
}

/// Up to where the chain was verified at an earlier start. A mark that does not fit its record counts as none.
pub(crate) fn verified(conn: &Connection) -> rusqlite::Result<Head> {
    let Some(mark) = get(conn, VERIFIED)?.as_deref().and_then(parse) else {
        return Ok(Head::EMPTY);
    };
    let fits = match records::at(conn, mark.seq) {
        Ok(row) => row.is_some_and(|row| row.hash == mark.hash),
        // A damaged page: let the walk from the beginning find out where.
        Err(_) => false,
    };
    Ok(if fits { mark } else { Head::EMPTY })
}

/// Remembers up to where the chain is verified.
pub(crate) fn mark_verified(conn: &Connection, head: Head) -> rusqlite::Result<()> {
    put(conn, VERIFIED, &format!("{} {}", head.seq, head.hash))
}

fn parse(text: &str) -> Option<Head> {
    let (seq, hash) = text.split_once(' ')?;
    Some(Head { seq: seq.parse().ok()?, hash: Hash::parse(hash)? })
}
