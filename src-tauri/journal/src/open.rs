//! Opening the journal: what is found there, what closes the gate, and what is put right.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use checkout::refusal::Gate;
use checkout::{Record, Wall};
use rusqlite::Connection;

use crate::chain::{self, Head};
use crate::connect::{FullDisk, connect};
use crate::error::{AppendError, OpenError, ReadError, is_full};
use crate::folder::{self, Files, Stem};
use crate::journal::{Journal, note};
use crate::secret::Secret;
use crate::witness::{self, Testimony, Witness};
use crate::{audit, meta, models, records, room, schema};

/// How to open.
#[derive(Clone, Debug)]
pub struct Options {
    /// The wall clock, for the notes that opening may write.
    pub now: Wall,
    /// Size of the ballast, bytes; 0 keeps none ([`room::BALLAST`] is the till's).
    pub ballast: u64,
    /// The most pages the file may have: a stand-in for a full disk.
    pub max_pages: Option<u32>,
}

impl Options {
    /// As the till opens it.
    pub fn new(now: Wall) -> Self {
        Self { now, ballast: room::BALLAST, max_pages: None }
    }
}

/// An open journal and what was found on the way.
pub struct Opened {
    /// Ready for records.
    pub journal: Journal,
    /// What the till must know.
    pub found: Found,
}

/// What opening found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Why no new charge may be begun, if so; open ones may still be read and written to their end.
    pub gate: Option<Gate>,
    /// What the journal noted about itself; already appended.
    pub notes: Vec<Record>,
    /// The venue's key; `None` if it is missing or not the journal's own.
    pub secret: Option<Secret>,
    /// The last record.
    pub head: Head,
    /// Where the log that a crash left was copied to.
    pub kept_wal: Option<PathBuf>,
}

pub(crate) fn open(dir: &Path, stem: Stem, options: &Options) -> Result<Opened, OpenError> {
    fs::create_dir_all(dir).map_err(OpenError::file(dir))?;
    let files = Files::new(dir, stem);
    match open_once(&files, options, FullDisk::Refuse) {
        Err(OpenError::Full { .. }) => {
            // What is in flight must be able to end, and if even that fails it must be seen.
            room::give_up(&files);
            open_once(&files, options, FullDisk::ReadOn)
        }
        outcome => outcome,
    }
}

fn open_once(files: &Files, options: &Options, full: FullDisk) -> Result<Opened, OpenError> {
    let secret = key(files)?;
    if files.is_first_start() {
        create(files, options)?;
    }
    let kept_wal = files.keep_wal();
    let (conn, emptied) = connect(&files.db, options.max_pages, full)?;
    let failed = OpenError::database(&files.db);
    let head = records::head(&conn).map_err(&failed)?;
    let structure = quick_check(&conn).or_else(|| altered(&conn));
    let mark = meta::verified(&conn).unwrap_or(Head::EMPTY);
    let walked = chain::walk(&conn, mark, u64::MAX);
    let testimony = witness::read(&files.witness).map_err(OpenError::file(&files.witness))?;
    let judged = judge(&conn, head, walked.bad, testimony).map_err(&failed)?;
    let structure = structure.or(refresh_models(&conn, &files.db)?);
    let known = knows(&conn, secret.as_ref(), head).map_err(&failed)?;

    let mut journal = Journal {
        conn,
        files: files.clone(),
        ballast: options.ballast,
        head,
        witness: Witness::open(&files.witness).map_err(OpenError::file(&files.witness))?,
        frozen: judged.is_some(),
        busy: true,
        unsure: None,
        log_left: !emptied,
        audit: audit::Progress::default(),
        breaks: None,
    };
    let notes = settle(&mut journal, options.now, testimony, walked.head)?;
    let gate = judged
        .or((!known).then_some(Gate::WrongSecret))
        .or(structure.map(|what| Gate::JournalDown { what }))
        .or((!emptied).then_some(Gate::DiskFull));
    if gate.is_none() {
        files.prune_wals();
    }
    let room = journal.room().map_err(OpenError::file(&files.dir))?;
    let found =
        Found { gate: gate.or(room.gate()), notes, secret: secret.filter(|_| known), head: journal.head, kept_wal };
    Ok(Opened { journal, found })
}

/// The key, or a new one where no journal was ever begun: a lost key is never replaced in silence.
fn key(files: &Files) -> Result<Option<Secret>, OpenError> {
    let failed = || OpenError::file(&files.secret);
    let found = Secret::load(&files.secret).map_err(failed())?;
    if found.is_some() || files.secret.exists() || files.any_journal() {
        return Ok(found);
    }
    Secret::create(&files.secret).map(Some).map_err(failed())
}

/// First start: a file with its tables, closed again and durable in its folder before anything is trusted to it.
fn create(files: &Files, options: &Options) -> Result<(), OpenError> {
    let failed = || OpenError::file(&files.db);
    File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&files.db)
        .and_then(|file| file.sync_all())
        .map_err(failed())?;
    folder::sync(&files.dir).map_err(failed())?;
    drop(connect(&files.db, options.max_pages, FullDisk::Refuse)?);
    folder::sync_file(&files.db).map_err(failed())?;
    folder::sync(&files.dir).map_err(failed())
}

/// What closes the gate for ever, until a person acts: a chain that does not hold, or an end that is missing.
fn judge(conn: &Connection, head: Head, bad: Option<i64>, testimony: Testimony) -> rusqlite::Result<Option<Gate>> {
    if let Some(record) = bad {
        return Ok(Some(Gate::BrokenChain { record }));
    }
    let Testimony::Saw(seen) = testimony else {
        return Ok(None);
    };
    if seen.seq > head.seq {
        return Ok(Some(Gate::BehindWitness { journal: head.seq, witness: seen.seq }));
    }
    let there = match seen.seq {
        0 => Some(Head::EMPTY.hash),
        seq => records::at(conn, seq)?.map(|row| row.hash),
    };
    Ok((there != Some(seen.hash)).then_some(Gate::BrokenChain { record: seen.seq }))
}

/// Writes down what opening changed: the witness made again, the mark of what was verified.
fn settle(journal: &mut Journal, now: Wall, testimony: Testimony, verified: Head) -> Result<Vec<Record>, OpenError> {
    if journal.frozen || journal.log_left {
        return Ok(vec![]);
    }
    let why = match testimony {
        Testimony::Missing => Some("missing"),
        Testimony::Torn => Some("unreadable"),
        Testimony::Saw(_) => None,
    };
    let mut notes = vec![];
    if let Some(why) = why
        && journal.head.seq > 0
    {
        let text = format!("the witness file was {why} and was made again at record {}", journal.head.seq);
        notes.push(note(now, "witness-rebuilt", text));
    }
    let marked = meta::mark_verified(&journal.conn, verified);
    match marked {
        Err(error) if !is_full(&error) => {
            return Err(OpenError::database(&journal.files.db)(error));
        }
        _ => {}
    }
    match journal.append(&notes) {
        Ok(_) => journal.testify(),
        // The note is written at a later start, which finds the witness as it was.
        Err(AppendError::Full) => notes.clear(),
        Err(error) => {
            return Err(OpenError::Damaged { path: journal.files.db.clone(), why: error.to_string() });
        }
    }
    Ok(notes)
}

/// Makes the caches anew where another version of the program made them; says what stood in the way.
fn refresh_models(conn: &Connection, path: &Path) -> Result<Option<String>, OpenError> {
    if models::are_current(conn).unwrap_or(false) {
        return Ok(None);
    }
    match models::rebuild(conn) {
        Ok(()) => Ok(None),
        Err(ReadError::Database(error)) if is_full(&error) => Err(OpenError::database(path)(error)),
        Err(ReadError::Database(error)) => Ok(Some(damage(&error.to_string()))),
        Err(other) => Err(other.into()),
    }
}

/// Whether this is the key the journal was begun with; an empty journal takes the key it is given.
fn knows(conn: &Connection, secret: Option<&Secret>, head: Head) -> rusqlite::Result<bool> {
    let Some(secret) = secret else {
        return Ok(false);
    };
    match meta::get(conn, meta::SECRET)? {
        Some(check) => Ok(check == secret.check()),
        None if head.seq == 0 => {
            meta::put(conn, meta::SECRET, &secret.check())?;
            Ok(true)
        }
        None => Ok(false),
    }
}

fn altered(conn: &Connection) -> Option<String> {
    match schema::is_intact(conn) {
        Ok(true) => None,
        Ok(false) => Some(damage("its tables or the triggers that protect them were changed")),
        Err(error) => Some(damage(&error.to_string())),
    }
}

fn quick_check(conn: &Connection) -> Option<String> {
    match conn.query_row("PRAGMA quick_check(1)", [], |row| row.get::<_, String>(0)) {
        Ok(answer) if answer == "ok" => None,
        Ok(answer) => Some(damage(&answer)),
        Err(error) => Some(damage(&error.to_string())),
    }
}

fn damage(what: &str) -> String {
    format!("its file is damaged ({what}); keep the folder as it is and call support")
}
