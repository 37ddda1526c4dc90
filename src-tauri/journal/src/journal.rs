//! The journal at work: one connection, one transaction and one flush for each append, and the witness after it.

use std::path::Path;

use checkout::{Charge, ChargeId, Event, Record, State, Subject, Wall};
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use crate::books::Books;
use crate::chain::Head;
use crate::error::{AppendError, OpenError, ReadError, is_full};
use crate::folder::{Files, Stem};
use crate::open::{Opened, Options};
use crate::room::Room;
use crate::secret::Secret;
use crate::witness::Witness;
use crate::{audit, backup, connect, meta, models, open, records, room};

/// The open journal (流水). Owns the only connection; lives on one thread ([`crate::JournalThread`]).
pub struct Journal {
    pub(crate) conn: Connection,
    pub(crate) files: Files,
    pub(crate) ballast: u64,
    pub(crate) head: Head,
    pub(crate) witness: Witness,
    /// The witness is evidence now and must keep what it says.
    pub(crate) frozen: bool,
    /// The disk was too full to bring the log into the file at the start; nothing is accepted before that.
    pub(crate) log_left: bool,
    /// Something was written since the last [`Journal::idle`].
    pub(crate) busy: bool,
    /// A commit was not confirmed; in the database's words.
    pub(crate) unsure: Option<String>,
    pub(crate) audit: audit::Progress,
    /// The next commit fails, and stands or not.
    pub(crate) breaks: Option<bool>,
}

impl Journal {
    /// Opens the journal of a folder in the order of design.md §7, making it on the first start.
    pub fn open(dir: &Path, stem: Stem, options: &Options) -> Result<Opened, OpenError> {
        open::open(dir, stem, options)
    }

    /// Writes records for ever: one transaction, one flush. They are durable when this returns `Ok` (`journal-first`).
    ///
    /// After [`AppendError::Unknown`] this journal is of no more use: drop it and open it again.
    pub fn append(&mut self, records: &[Record]) -> Result<Head, AppendError> {
        self.ready()?;
        let bodies = records.iter().map(fit).collect::<Result<Vec<_>, _>>()?;
        if records.is_empty() {
            return Ok(self.head);
        }
        if let Err(error) = self.conn.execute_batch("BEGIN IMMEDIATE") {
            return Err(self.failed(error));
        }
        match self.put(records, &bodies) {
            Ok(head) => match self.commit() {
                Ok(()) => {
                    self.committed(head);
                    Ok(head)
                }
                Err(error) => Err(self.failed(error)),
            },
            Err(Unput::Database(error)) => Err(self.failed(error)),
            Err(Unput::Duplicate(charge)) if self.rolled_back() => Err(AppendError::Duplicate { charge }),
            Err(Unput::Duplicate(_)) => Err(self.lose("it could not be taken back".into())),
            Err(Unput::Other(why)) => Err(self.lose(why)),
        }
    }

    /// As [`Journal::append`], for records of charges in flight: on a full disk the ballast is given up for them, once.
    pub fn append_in_flight(&mut self, records: &[Record]) -> Result<Head, AppendError> {
        match self.append(records) {
            Err(AppendError::Full) if room::give_up(&self.files) => self.append(records),
            outcome => outcome,
        }
    }

    /// What can be asked.
    pub fn books(&self) -> Result<Books<'_>, ReadError> {
        match self.unsure {
            None => Ok(Books::new(&self.conn)),
            Some(_) => Err(ReadError::Unsure),
        }
    }

    /// The last record.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Room on the disk; lays the ballast again when there is room for it.
    pub fn room(&self) -> std::io::Result<Room> {
        room::look(&self.files, self.ballast)
    }

    /// To be called when nothing is going on: brings the log into the file and the witness to the disk.
    ///
    /// A failed flush here counts as a failed commit: [`AppendError::Unknown`].
    pub fn idle(&mut self) -> Result<(), AppendError> {
        self.sure()?;
        if !self.busy {
            return Ok(());
        }
        match connect::checkpoint(&self.conn) {
            Ok(done) => self.busy = !done,
            // The log keeps what did not fit into the file.
            Err(error) if is_full(&error) => return Err(AppendError::Full),
            Err(error) => return Err(self.lose(error.to_string())),
        }
        self.testify();
        if let Err(error) = self.witness.flush() {
            tracing::warn!(%error, "the witness file was not flushed");
        }
        Ok(())
    }

    /// Makes the read models again from the records.
    pub fn rebuild(&mut self) -> Result<(), AppendError> {
        self.ready()?;
        self.busy = true;
        models::rebuild(&self.conn).map_err(|error| match error {
            ReadError::Database(error) => self.failed(error),
            other => self.lose(other.to_string()),
        })
    }

    /// Accepts another key: the file that lies there now, or a new one if there is none. Leaves its trace (design.md §7).
    ///
    /// Codes used before are not recognised any more and PINs must be set again. Open the journal again afterwards.
    pub fn replace_secret(&mut self, at: Wall, by: &str) -> Result<Secret, ReplaceError> {
        self.sure()?;
        let secret = match Secret::load(&self.files.secret)? {
            Some(secret) => secret,
            None => Secret::create(&self.files.secret)?,
        };
        let trace = note(at, records::SECRET_REPLACED, format!("the key file was replaced by {by}"));
        self.append(&[trace])?;
        // Second, so that a cut between the two leaves the gate shut and the act is done again.
        meta::put(&self.conn, meta::SECRET, &secret.check()).map_err(|error| self.failed(error))?;
        Ok(secret)
    }

    /// Makes a consistent copy of everything, with a witness of its own, for `exports/`.
    pub fn backup(&self, to: &Path) -> Result<(), ReadError> {
        self.books()?;
        backup::copy(&self.conn, self.head, to)
    }

    /// The next commit fails on its flush, and stands all the same or does not: a stand-in for a disk that breaks, which
    /// nothing outside can make break at the right moment.
    #[doc(hidden)]
    pub fn break_next_commit(&mut self, stands: bool) {
        self.breaks = Some(stands);
    }

    fn commit(&mut self) -> rusqlite::Result<()> {
        let Some(stands) = self.breaks.take() else { return self.conn.execute_batch("COMMIT") };
        self.conn.execute_batch(if stands { "COMMIT" } else { "ROLLBACK" })?;
        let flush = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_IOERR_FSYNC);
        Err(rusqlite::Error::SqliteFailure(flush, None))
    }

    fn put(&self, records: &[Record], bodies: &[String]) -> Result<Head, Unput> {
        let mut head = self.head;
        for (record, body) in records.iter().zip(bodies) {
            if let Some(charge) = self.already(record)? {
                return Err(Unput::Duplicate(charge));
            }
            head = records::insert(&self.conn, head, body)?;
            models::take_in(&self.conn, record)?;
        }
        Ok(head)
    }

    /// Last line of `code-once`: a charge begins once (a recharge then takes one scan), with a code that no other used.
    fn already(&self, record: &Record) -> Result<Option<ChargeId>, Unput> {
        let Some(charge) = models::begun(record) else {
            return Ok(None);
        };
        if models::is_known(&self.conn, &charge.id)? && !self.is_scan_after_beginning(&charge)? {
            return Ok(Some(charge.id));
        }
        match &record.event {
            Event::Intent(intent) => Ok(models::used_by(&self.conn, &intent.fingerprint.0)?),
            _ => Ok(None),
        }
    }

    /// Only an intent leads to `sending`; what the charge is now is asked of its records, not of a cache.
    fn is_scan_after_beginning(&self, next: &Charge) -> Result<bool, ReadError> {
        if next.state != State::Sending {
            return Ok(false);
        }
        let known = models::fold(&self.conn, &next.id)?;
        Ok(known.is_some_and(|known| known.charge.state == State::Beginning))
    }

    fn committed(&mut self, head: Head) {
        self.head = head;
        self.busy = true;
        self.testify();
    }

    pub(crate) fn testify(&mut self) {
        if self.frozen {
            return;
        }
        if let Err(error) = self.witness.write(self.head) {
            // The journal is ahead of its witness, which is no danger; the next commit writes it again.
            tracing::warn!(%error, "the witness file was not written");
        }
    }

    /// What a failed statement means: a clean "disk full", or that nobody knows.
    pub(crate) fn failed(&mut self, error: rusqlite::Error) -> AppendError {
        if is_full(&error) && self.rolled_back() {
            return AppendError::Full;
        }
        self.lose(error.to_string())
    }

    /// Proves that nothing of the transaction stands: it is over, and the last record is the one before it.
    fn rolled_back(&self) -> bool {
        let over = self.conn.is_autocommit() || self.conn.execute_batch("ROLLBACK").is_ok();
        over && self.conn.is_autocommit() && records::head(&self.conn).is_ok_and(|head| head == self.head)
    }

    fn lose(&mut self, why: String) -> AppendError {
        tracing::error!(%why, "the journal did not confirm a commit");
        // Closing must not checkpoint and erase the log: the next opening copies it aside first.
        let _ = self.conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        self.unsure = Some(why.clone());
        AppendError::Unknown { why }
    }

    /// Sure of everything before, and the log of an earlier crash is in the file (design.md §7).
    pub(crate) fn ready(&mut self) -> Result<(), AppendError> {
        self.sure()?;
        if self.log_left {
            match connect::checkpoint(&self.conn) {
                Ok(true) => self.log_left = false,
                Ok(false) => return Err(AppendError::Full),
                Err(error) if is_full(&error) => return Err(AppendError::Full),
                Err(error) => return Err(self.lose(error.to_string())),
            }
        }
        Ok(())
    }

    pub(crate) fn sure(&self) -> Result<(), AppendError> {
        match &self.unsure {
            None => Ok(()),
            Some(why) => Err(AppendError::Unknown { why: why.clone() }),
        }
    }
}

/// The key was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum ReplaceError {
    /// The file `secret` cannot be read or made.
    #[error("the file `secret` cannot be read or made ({0}). The journal was not changed")]
    File(#[from] std::io::Error),
    /// The trace could not be written.
    #[error(transparent)]
    Append(#[from] AppendError),
}

enum Unput {
    Duplicate(ChargeId),
    Database(rusqlite::Error),
    Other(String),
}

impl From<rusqlite::Error> for Unput {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<ReadError> for Unput {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Database(error) => Self::Database(error),
            other => Self::Other(other.to_string()),
        }
    }
}

/// A record of the journal about itself.
pub(crate) fn note(at: Wall, what: &str, text: String) -> Record {
    Record { at, subject: Subject::Till, event: Event::Noted { what: what.to_owned(), text } }
}

/// The canonical bytes of a record that may be kept for ever; a payment code in the place of its masked form may not.
fn fit(record: &Record) -> Result<String, AppendError> {
    let digits = |text: &str| text.len() >= 10 && text.bytes().all(|b| b.is_ascii_digit());
    let intent = match &record.event {
        Event::Intent(intent) | Event::Beginning(intent) => Some(intent),
        Event::Unmatched(found) => Some(&found.like),
        _ => None,
    };
    if intent.is_some_and(|intent| digits(&intent.fingerprint.0) || digits(&intent.code.0)) {
        return Err(AppendError::Refused { why: "it holds a payment code in clear" });
    }
    records::canonical(record).ok_or(AppendError::Refused { why: "it cannot be read back as it was" })
}
