//! The append-only table of records, and the only code that writes to it.

use checkout::{ChargeId, Event, Record, Subject};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::chain::{Hash, Head};
use crate::error::ReadError;

/// Version 1 of the table. What can be looked up is computed from the canonical bytes, so nothing beside them can lie.
///
/// The insert trigger also stops `INSERT OR REPLACE`, which deletes without asking a delete trigger.
pub(crate) const V1: &str = "
    CREATE TABLE records (
        seq    INTEGER PRIMARY KEY,
        body   TEXT NOT NULL,
        hash   BLOB NOT NULL,
        at     TEXT GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
        charge TEXT GENERATED ALWAYS AS (json_extract(body, '$.subject.charge')) VIRTUAL,
        event  TEXT GENERATED ALWAYS AS (json_extract(body, '$.event')) VIRTUAL
    ) STRICT;
    CREATE INDEX records_charge ON records (charge, seq) WHERE charge IS NOT NULL;
    CREATE TRIGGER records_never_change BEFORE UPDATE ON records
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: records are never changed'); END;
    CREATE TRIGGER records_never_go BEFORE DELETE ON records
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: records are never deleted'); END;
    CREATE TRIGGER records_in_order BEFORE INSERT ON records
        WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM records)
        BEGIN SELECT RAISE(ABORT, 'the journal is append-only: a record goes to its end'); END;
";

/// What makes a record one about supervisors, in SQL: the words of [`is_about_supervisors`]. A damaged body is none, since
/// an error here would keep the whole file from opening.
macro_rules! about_supervisors {
    () => {
        "CASE WHEN json_valid(body) THEN \
         json_extract(body, '$.event') IN ('pin-set', 'pin-removed', 'pin-refused', 'supervisor-in', 'supervisor-out') \
         OR (json_extract(body, '$.event') = 'noted' AND json_extract(body, '$.what') = 'secret-replaced') END"
    };
}

/// Names no index: without one it is slow and still right.
const SUPERVISORS: &str = concat!("SELECT seq, body, hash FROM records WHERE ", about_supervisors!(), " ORDER BY seq");

/// The word of the note that the key file was replaced.
pub(crate) const SECRET_REPLACED: &str = "secret-replaced";

/// Version 2: the records about supervisors are found without reading the others, however many there are.
pub(crate) const V2: &str =
    concat!("CREATE INDEX records_supervisors ON records (seq) WHERE ", about_supervisors!(), ";");

/// One row as it stands in the table.
pub(crate) struct Stored {
    pub seq: i64,
    pub body: String,
    pub hash: Hash,
}

/// The canonical bytes of a record; `None` if they could not be read back, which must be known before they are kept for ever.
pub(crate) fn canonical(record: &Record) -> Option<String> {
    let body = serde_json::to_string(record).ok()?;
    let back: Record = serde_json::from_str(&body).ok()?;
    (back == *record).then_some(body)
}

/// Adds one record after `head`. The caller holds the transaction.
pub(crate) fn insert(conn: &Connection, head: Head, body: &str) -> rusqlite::Result<Head> {
    let next = head.then(body);
    conn.prepare_cached("INSERT INTO records (seq, body, hash) VALUES (?1, ?2, ?3)")?.execute(params![
        next.seq,
        body,
        next.hash.0
    ])?;
    Ok(next)
}

/// The last record.
pub(crate) fn head(conn: &Connection) -> rusqlite::Result<Head> {
    let last = conn
        .prepare_cached("SELECT seq, body, hash FROM records ORDER BY seq DESC LIMIT 1")?
        .query_row([], stored)
        .optional()?;
    Ok(last.map_or(Head::EMPTY, |row| Head { seq: row.seq, hash: row.hash }))
}

/// The record with this number.
pub(crate) fn at(conn: &Connection, seq: i64) -> rusqlite::Result<Option<Stored>> {
    conn.prepare_cached("SELECT seq, body, hash FROM records WHERE seq = ?1")?.query_row([seq], stored).optional()
}

/// Hands at most `limit` rows after `seq` to `f`, oldest first, until it refuses one.
pub(crate) fn each_after<E>(
    conn: &Connection,
    seq: i64,
    limit: u64,
    mut f: impl FnMut(Stored) -> Result<(), E>,
) -> rusqlite::Result<Result<(), E>> {
    let mut statement =
        conn.prepare_cached("SELECT seq, body, hash FROM records WHERE seq > ?1 ORDER BY seq LIMIT ?2")?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut rows = statement.query([seq, limit])?;
    while let Some(row) = rows.next()? {
        if let Err(refused) = f(stored(row)?) {
            return Ok(Err(refused));
        }
    }
    Ok(Ok(()))
}

/// Everything written about one charge, oldest first, with its numbers.
///
/// A record that was damaged is left out (the chain reports it): what remains of an open charge must stay readable.
pub(crate) fn of_charge(conn: &Connection, id: &ChargeId) -> Result<Vec<(i64, Record)>, ReadError> {
    let mut statement = conn.prepare_cached("SELECT seq, body, hash FROM records WHERE charge = ?1 ORDER BY seq")?;
    let rows = statement.query_map([&id.0], stored)?;
    let mut found = Vec::new();
    for row in rows {
        let row = row?;
        if let Some(record) = read(conn, &row)? {
            // The index could be damaged too; the record itself says whom it is about.
            if record.subject == Subject::Charge(id.clone()) {
                found.push((row.seq, record));
            }
        }
    }
    Ok(found)
}

/// All records about supervisors, oldest first; damaged ones are left out.
pub(crate) fn about_supervisors(conn: &Connection) -> Result<Vec<Record>, ReadError> {
    let mut statement = conn.prepare_cached(SUPERVISORS)?;
    let rows = statement.query_map([], stored)?;
    let mut found = Vec::new();
    for row in rows {
        // The index could be damaged too; the record itself says what it is about.
        found.extend(read(conn, &row?)?.filter(is_about_supervisors));
    }
    Ok(found)
}

/// Changes who has a PIN, who is signed in, or how long wrong PINs must wait.
pub(crate) fn is_about_supervisors(record: &Record) -> bool {
    match &record.event {
        Event::PinSet { .. }
        | Event::PinRemoved { .. }
        | Event::PinRefused { .. }
        | Event::SupervisorIn { .. }
        | Event::SupervisorOut { .. } => true,
        // No hash made with the key before fits any more.
        Event::Noted { what, .. } => what == SECRET_REPLACED,
        _ => false,
    }
}

/// Reads a row's record. `None` if it is damaged; an error if it is sound and only too new for this program.
pub(crate) fn read(conn: &Connection, row: &Stored) -> Result<Option<Record>, ReadError> {
    if let Ok(record) = serde_json::from_str(&row.body) {
        return Ok(Some(record));
    }
    let before = match row.seq {
        1 => Head::EMPTY.hash,
        seq => match at(conn, seq - 1)? {
            Some(row) => row.hash,
            None => return Ok(None),
        },
    };
    let previous = Head { seq: row.seq - 1, hash: before };
    if previous.then(&row.body).hash == row.hash {
        return Err(ReadError::NewerRecord { record: row.seq });
    }
    tracing::error!(record = row.seq, "a damaged record is left out");
    Ok(None)
}

fn stored(row: &Row<'_>) -> rusqlite::Result<Stored> {
    Ok(Stored { seq: row.get(0)?, body: row.get(1)?, hash: Hash(row.get(2)?) })
}

/// The indexes know what this record is about.
pub(crate) fn is_listed(conn: &Connection, record: &Record, seq: i64) -> rusqlite::Result<bool> {
    let by_charge = match &record.subject {
        Subject::Charge(id) => conn
            .prepare_cached("SELECT 1 FROM records INDEXED BY records_charge WHERE charge = ?1 AND seq = ?2")?
            .exists(params![id.0, seq])?,
        Subject::Till => true,
    };
    let by_supervisors = !is_about_supervisors(record)
        || conn
            .prepare_cached(concat!(
                "SELECT 1 FROM records INDEXED BY records_supervisors WHERE ",
                about_supervisors!(),
                " AND seq = ?1"
            ))?
            .exists([seq])?;
    Ok(by_charge && by_supervisors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_about_supervisors_are_found_without_reading_the_others() {
        let plan = |conn: &Connection| -> String {
            let explained = format!("EXPLAIN QUERY PLAN {SUPERVISORS}");
            conn.query_row(&explained, [], |row| row.get("detail")).expect("a plan")
        };
        let conn = Connection::open_in_memory().expect("opens");
        conn.execute_batch(V1).expect("version 1");
        assert!(!plan(&conn).contains("records_supervisors"));
        conn.execute_batch(V2).expect("version 2");
        assert!(plan(&conn).contains("records_supervisors"), "{}", plan(&conn));
    }
}
