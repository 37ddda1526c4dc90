//! The read models: caches of what the records say, written in the same transaction and rebuildable from the records alone.

use checkout::{Charge, ChargeId, Event, Record, State, Subject};
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::error::ReadError;
use crate::{meta, records};

/// Version 1 of the tables. `fen` is money: an integer, hundredths of a yuan.
pub(crate) const V1: &str = "
    CREATE TABLE charges (
        seq       INTEGER PRIMARY KEY,
        id        TEXT NOT NULL UNIQUE,
        bill_key  TEXT NOT NULL,
        bill      TEXT NOT NULL,
        fen       INTEGER NOT NULL,
        business  INTEGER NOT NULL,
        operator  TEXT NOT NULL,
        card      TEXT,
        wallet    TEXT NOT NULL,
        code      TEXT NOT NULL,
        state     TEXT NOT NULL,
        autoid    TEXT,
        sent_at   TEXT NOT NULL,
        sent_on   TEXT NOT NULL,
        moved_at  TEXT NOT NULL,
        open      INTEGER NOT NULL,
        pending   INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX charges_bill ON charges (bill_key, seq);
    CREATE INDEX charges_day ON charges (sent_on, seq);
    CREATE INDEX charges_open ON charges (seq) WHERE open = 1;
    CREATE TABLE fingerprints (
        fingerprint TEXT PRIMARY KEY,
        charge      TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
";

/// Which program's rules made the caches; another one rebuilds them, since its words may sort charges differently.
const MAKER: &str = concat!(env!("CARGO_PKG_VERSION"), " models 2");

const COLUMNS: &str = "seq, id, bill_key, bill, fen, business, operator, card, wallet, code, state, autoid, sent_at, \
                       sent_on, moved_at, open, pending";

/// One line of `charges`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub seq: i64,
    pub id: String,
    pub bill_key: String,
    pub bill: String,
    pub fen: i64,
    pub business: u8,
    pub operator: String,
    pub card: Option<String>,
    pub wallet: String,
    pub code: String,
    pub state: String,
    pub autoid: Option<String>,
    pub sent_at: String,
    pub sent_on: String,
    pub moved_at: String,
    pub open: bool,
    pub pending: bool,
}

impl Line {
    fn of(folded: &Folded) -> Self {
        let charge = &folded.charge;
        let intent = &charge.intent;
        Self {
            seq: folded.seq,
            id: charge.id.0.clone(),
            bill_key: intent.bill.key().as_str().to_owned(),
            bill: intent.bill.as_str().to_owned(),
            fen: intent.amount.fen(),
            business: intent.business.number(),
            operator: intent.operator.as_str().to_owned(),
            card: intent.card.as_ref().map(|card| card.as_str().to_owned()),
            wallet: intent.wallet.clone(),
            code: intent.code.0.clone(),
            state: charge.state.word().to_owned(),
            autoid: charge.autoid.as_ref().map(|id| id.as_str().to_owned()),
            sent_at: charge.sent_at.to_rfc3339(),
            sent_on: charge.sent_at.date_naive().to_string(),
            moved_at: charge.moved_at.to_rfc3339(),
            open: charge.is_open(),
            pending: charge.is_pending(),
        }
    }
}

/// The charge that a record could begin: an intent begins one only if no beginning came before it.
pub(crate) fn begun(record: &Record) -> Option<Charge> {
    match &record.subject {
        Subject::Charge(id) => Charge::begin(id.clone(), &record.event, record.at),
        Subject::Till => None,
    }
}

/// A charge with the numbers of the records that made it one.
pub(crate) struct Folded {
    /// The first record that could begin it: by this one it is counted.
    pub first: i64,
    /// The last of them, a recharge's scan after its beginning: by this one it is sorted, as by the time of its sending.
    pub seq: i64,
    pub charge: Charge,
}

/// Folds one charge from its records.
pub(crate) fn fold(conn: &Connection, id: &ChargeId) -> Result<Option<Folded>, ReadError> {
    let found = records::of_charge(conn, id)?;
    let mut beginnings = found.iter().filter(|(_, record)| begun(record).is_some()).map(|&(seq, _)| seq);
    let Some(first) = beginnings.next() else {
        return Ok(None);
    };
    let seq = beginnings.next_back().unwrap_or(first);
    Ok(Charge::replay(found.iter().map(|(_, record)| record)).map(|charge| Folded { first, seq, charge }))
}

/// Brings the caches up to date with a record that was just inserted.
pub(crate) fn take_in(conn: &Connection, record: &Record) -> Result<(), ReadError> {
    let Subject::Charge(id) = &record.subject else {
        return Ok(());
    };
    refresh(conn, id)?;
    if let Event::Intent(intent) = &record.event {
        conn.prepare_cached("INSERT INTO fingerprints (fingerprint, charge) VALUES (?1, ?2)")?
            .execute([&intent.fingerprint.0, &id.0])?;
    }
    Ok(())
}

/// The charge that used this fingerprint.
pub(crate) fn used_by(conn: &Connection, fingerprint: &str) -> rusqlite::Result<Option<ChargeId>> {
    conn.prepare_cached("SELECT charge FROM fingerprints WHERE fingerprint = ?1")?
        .query_row([fingerprint], |row| row.get(0).map(ChargeId))
        .optional()
}

/// Whether there is a charge of this id.
pub(crate) fn is_known(conn: &Connection, id: &ChargeId) -> rusqlite::Result<bool> {
    conn.prepare_cached("SELECT 1 FROM charges WHERE id = ?1")?.exists([&id.0])
}

/// Throws the caches away and makes them again, all or nothing.
pub(crate) fn rebuild(conn: &Connection) -> Result<(), ReadError> {
    let transaction = conn.unchecked_transaction()?;
    // The index of the records is a cache too, and a damaged one would hide records from the fold.
    transaction.execute_batch("DELETE FROM charges; DELETE FROM fingerprints; REINDEX;")?;
    let mut failed = Ok(());
    let _stopped = records::each_after(conn, 0, u64::MAX, |row| {
        failed = refill(conn, &row);
        if failed.is_err() { Err(()) } else { Ok(()) }
    })?;
    failed?;
    meta::put(conn, meta::MODELS, MAKER)?;
    transaction.commit()?;
    Ok(())
}

/// The caches were made by this program's rules.
pub(crate) fn are_current(conn: &Connection) -> rusqlite::Result<bool> {
    Ok(meta::get(conn, meta::MODELS)?.as_deref() == Some(MAKER))
}

/// What the caches must hold and do hold, added up record by record.
#[derive(Default)]
pub(crate) struct Tally {
    charges: i64,
    fingerprints: i64,
    wrong: bool,
}

impl Tally {
    /// Compares the caches with one more record; every index is asked in its own way.
    pub(crate) fn add(&mut self, conn: &Connection, seq: i64, record: &Record) -> Result<(), ReadError> {
        let Some(begun) = begun(record) else {
            return Ok(());
        };
        if let Event::Intent(intent) = &record.event {
            self.fingerprints += 1;
            self.wrong |= used_by(conn, &intent.fingerprint.0)?.as_ref() != Some(&begun.id);
        }
        let Some(folded) = fold(conn, &begun.id)? else {
            self.wrong = true;
            return Ok(());
        };
        // By its first record, which stays the same however often the tally is interrupted by appends.
        self.charges += i64::from(folded.first == seq);
        self.wrong |= disagrees(conn, &folded)?;
        Ok(())
    }

    /// Something was found without a record of its own.
    pub(crate) fn doubt(&mut self, wrong: bool) {
        self.wrong |= wrong;
    }

    /// Whether the caches say anything else than the records, after all of them.
    pub(crate) fn differs(&self, conn: &Connection) -> rusqlite::Result<bool> {
        let (charges, fingerprints) = counts(conn)?;
        Ok(self.wrong || (charges, fingerprints) != (self.charges, self.fingerprints))
    }
}

fn disagrees(conn: &Connection, folded: &Folded) -> Result<bool, ReadError> {
    let expected = Line::of(folded);
    for way in
        ["INDEXED BY sqlite_autoindex_charges_1", "NOT INDEXED", "INDEXED BY charges_bill", "INDEXED BY charges_day"]
    {
        let line = conn
            .prepare_cached(&format!(
                "SELECT {COLUMNS} FROM charges {way} WHERE id = ?1 AND seq = ?2 AND bill_key = ?3 AND sent_on = ?4"
            ))?
            .query_row(params![expected.id, expected.seq, expected.bill_key, expected.sent_on], read)
            .optional()?;
        if line.as_ref() != Some(&expected) {
            return Ok(true);
        }
    }
    let listed: bool = conn
        .prepare_cached("SELECT 1 FROM charges INDEXED BY charges_open WHERE open = 1 AND seq = ?1")?
        .exists([expected.seq])?;
    Ok(listed != expected.open)
}

/// Whether the caches as a whole say anything else than the records.
pub(crate) fn differ(conn: &Connection) -> Result<bool, ReadError> {
    let mut tally = Tally::default();
    let mut rows = Vec::new();
    let read = records::each_after(conn, 0, u64::MAX, |row| {
        rows.push(row.seq);
        Ok::<_, ()>(())
    });
    tally.doubt(read.is_err());
    for seq in rows {
        let Some(row) = records::at(conn, seq)? else {
            continue;
        };
        if let Some(record) = records::read(conn, &row)? {
            tally.add(conn, seq, &record)?;
        }
    }
    Ok(tally.differs(conn)?)
}

/// How many lines and fingerprints there are.
fn counts(conn: &Connection) -> rusqlite::Result<(i64, i64)> {
    conn.query_row(
        "SELECT (SELECT count(*) FROM charges NOT INDEXED), (SELECT count(*) FROM fingerprints)",
        [],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )
}

/// The state with this word.
pub(crate) fn state(word: &str) -> Option<State> {
    State::ALL.into_iter().find(|state| state.word() == word)
}

fn refill(conn: &Connection, row: &records::Stored) -> Result<(), ReadError> {
    let Some(record) = records::read(conn, row)? else {
        return Ok(());
    };
    let Some(charge) = begun(&record) else {
        return Ok(());
    };
    refresh(conn, &charge.id)?;
    if let Event::Intent(intent) = &record.event {
        conn.prepare_cached("INSERT OR IGNORE INTO fingerprints (fingerprint, charge) VALUES (?1, ?2)")?
            .execute([&intent.fingerprint.0, &charge.id.0])?;
    }
    Ok(())
}

fn refresh(conn: &Connection, id: &ChargeId) -> Result<(), ReadError> {
    let Some(folded) = fold(conn, id)? else {
        tracing::error!(charge = %id, "a record about a charge that was never begun");
        return Ok(());
    };
    let line = Line::of(&folded);
    // The scan of a recharge gives its line a new number; the id replaces the old line.
    conn.prepare_cached(&format!(
        "INSERT OR REPLACE INTO charges ({COLUMNS}) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"
    ))?
    .execute(params![
        line.seq,
        line.id,
        line.bill_key,
        line.bill,
        line.fen,
        line.business,
        line.operator,
        line.card,
        line.wallet,
        line.code,
        line.state,
        line.autoid,
        line.sent_at,
        line.sent_on,
        line.moved_at,
        line.open,
        line.pending
    ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Line> {
    Ok(Line {
        seq: row.get(0)?,
        id: row.get(1)?,
        bill_key: row.get(2)?,
        bill: row.get(3)?,
        fen: row.get(4)?,
        business: row.get(5)?,
        operator: row.get(6)?,
        card: row.get(7)?,
        wallet: row.get(8)?,
        code: row.get(9)?,
        state: row.get(10)?,
        autoid: row.get(11)?,
        sent_at: row.get(12)?,
        sent_on: row.get(13)?,
        moved_at: row.get(14)?,
        open: row.get(15)?,
        pending: row.get(16)?,
    })
}
