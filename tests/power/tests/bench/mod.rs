//! A till's use of its journal on a disk of ours, and what must be there after a cut.

#[path = "../../../../src-tauri/journal/tests/support/mod.rs"]
mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use checkout::Record;
use journal::{AppendError, Head, Journal, Opened, Stem};
use power::{Disk, Fault, File, Image, Luck, Op, Tape};
use rusqlite::{Connection, OptionalExtension};
use tempfile::TempDir;

const FILES: [(File, &str); 4] = [
    (File::Db, "journal.db"),
    (File::Wal, "journal.db-wal"),
    (File::Rollback, "journal.db-journal"),
    (File::Witness, "journal.witness"),
];

/// A folder in memory, and the chance that decides.
pub struct Bench {
    dir: TempDir,
    pub luck: Dice,
    next_charge: u32,
}

/// Seeded; the same seed makes the same life.
pub struct Dice(fastrand::Rng);

/// One thing the till asked of its journal: before it began this much was on the tape, and so much when it was acknowledged.
struct Act {
    began: usize,
    acknowledged: usize,
    head: Head,
}

/// What a till did, and what it had been told.
pub struct Story {
    before: Vec<Head>,
    acts: Vec<Act>,
}

impl Luck for Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end)
    }
}

impl Story {
    fn new(before: &[Head]) -> Self {
        Self { before: before.to_vec(), acts: vec![] }
    }

    /// The ends that a journal may have after a cut there: what was acknowledged last, or what was on its way since.
    pub fn may_end(&self, cut: usize) -> Vec<Head> {
        let last = self.acts.iter().rposition(|act| act.acknowledged <= cut);
        let (mut ends, rest) = match last {
            Some(last) => (vec![self.acts[last].head], &self.acts[last + 1..]),
            None => (self.before.clone(), &self.acts[..]),
        };
        ends.extend(rest.iter().filter(|act| act.began < cut).map(|act| act.head));
        ends
    }

    /// How many records were acknowledged in all.
    pub fn acknowledged(&self) -> usize {
        self.acts.iter().filter(|act| act.acknowledged != usize::MAX).count()
    }
}

impl Bench {
    pub fn new(seed: u64) -> Self {
        power::install();
        let memory = Path::new("/dev/shm");
        let dir = match memory.is_dir() {
            true => TempDir::new_in(memory),
            false => TempDir::new(),
        };
        let bench = Self { dir: dir.expect("a folder"), luck: Dice(fastrand::Rng::with_seed(seed)), next_charge: 1 };
        // The key of the venue is older than every cut.
        drop(bench.open().expect("opens"));
        bench.store(&Image::default());
        bench
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Makes the folder look like this.
    pub fn store(&self, image: &Image) {
        for entry in fs::read_dir(self.dir.path()).expect("the folder").flatten() {
            if entry.file_name().to_string_lossy().contains("wal-kept") {
                fs::remove_file(entry.path()).expect("removes");
            }
        }
        for (file, name) in FILES {
            let path = self.path(name);
            match image.file(file) {
                // In place: making the file anew would cost more than anything else here.
                Some(bytes) => {
                    let file = fs::File::options().write(true).create(true).truncate(false).open(path).expect("opens");
                    (&file).write_all(bytes).and_then(|()| file.set_len(bytes.len() as u64)).expect("writes");
                }
                None if path.exists() => fs::remove_file(path).expect("removes"),
                None => {}
            }
        }
    }

    /// The last record as SQLite alone reads it, with none of the journal's code; and the witness must not be ahead of it.
    pub fn plain_end(&self) -> Result<Head, String> {
        let text = |error: rusqlite::Error| error.to_string();
        let conn = Connection::open(self.path("journal.db")).map_err(text)?;
        conn.execute_batch("PRAGMA locking_mode=EXCLUSIVE").map_err(text)?;
        let tables = "SELECT count(*) FROM sqlite_schema WHERE name = 'records'";
        let begun: i64 = conn.query_row(tables, [], |row| row.get(0)).map_err(text)?;
        let last = "SELECT seq, hash FROM records ORDER BY seq DESC LIMIT 1";
        let end = match begun {
            0 => None,
            _ => conn.query_row(last, [], |row| Ok((row.get(0)?, row.get(1)?))).optional().map_err(text)?,
        };
        let end = end.map_or(Head::EMPTY, |(seq, hash)| Head { seq, hash: journal::Hash(hash) });
        let witness = fs::read_to_string(self.path("journal.witness")).unwrap_or_default();
        let saw: i64 = witness.get(17..37).and_then(|digits| digits.parse().ok()).unwrap_or(0);
        match saw <= end.seq {
            true => Ok(end),
            false => Err(format!("its witness saw {saw}, it ends at {}", end.seq)),
        }
    }

    pub fn open(&self) -> Result<Opened, journal::OpenError> {
        Journal::open(self.dir.path(), Stem::Journal, &support::options())
    }

    /// Opens on tape; the witness is written without SQLite, so it is put on the tape here.
    pub fn open_taped(&self) -> Result<Opened, journal::OpenError> {
        let before = fs::read(self.path("journal.witness")).ok();
        let opened = self.open();
        self.tape_witness(before.as_deref(), false);
        opened
    }

    /// A window at work: opens, writes, rests, checks, closes now and then; where the disk fails it does what the till does.
    pub fn work(&mut self, before: &[Head], steps: usize) -> Story {
        let mut story = Story::new(before);
        let mut journal = self.start(&mut story);
        for _ in 0..steps {
            let sound = match self.luck.below(12) {
                0 | 1 => self.rest(&mut journal),
                2 => journal.audit(support::at(9_000), 8).map(|_| ()),
                3 => journal.rebuild(),
                4 => {
                    drop(journal);
                    journal = self.start(&mut story);
                    Ok(())
                }
                _ => self.charge(&mut journal, &mut story),
            };
            match sound {
                Ok(()) | Err(AppendError::Full) => {}
                Err(AppendError::Unknown { .. }) => {
                    drop(journal);
                    journal = self.start(&mut story);
                }
                Err(other) => panic!("{other}"),
            }
        }
        story
    }

    /// Tries as the till does until the disk works again.
    fn start(&self, story: &mut Story) -> Journal {
        let began = Tape::position();
        let mut refused = vec![];
        for _ in 0..8 {
            match self.open_taped() {
                Ok(Opened { journal, found }) if found.gate.is_none() => {
                    let ends = story.may_end(usize::MAX - 1);
                    ends_as(&found, &ends).expect("while the power is on nothing goes");
                    story.acts.push(Act { began, acknowledged: Tape::position(), head: found.head });
                    return journal;
                }
                Ok(Opened { found, .. }) => refused.push(format!("{:?}", found.gate)),
                Err(error) => refused.push(error.to_string()),
            }
        }
        panic!("the disk is well again and the journal is not opened: {refused:?}");
    }

    fn charge(&mut self, journal: &mut Journal, story: &mut Story) -> Result<(), AppendError> {
        let n = self.next_charge;
        self.next_charge += 1;
        let mut steps = vec![vec![support::intent(n)], support::paid(n)];
        if self.luck.below(4) == 0 {
            steps.insert(1, vec![support::lost(n)]);
        }
        steps.into_iter().try_for_each(|records| self.append(journal, &records, story))
    }

    fn append(&self, journal: &mut Journal, records: &[Record], story: &mut Story) -> Result<(), AppendError> {
        let began = Tape::position();
        let before = fs::read(self.path("journal.witness")).ok();
        let head = journal.head();
        let head = records.iter().fold(head, then);
        story.acts.push(Act { began, acknowledged: usize::MAX, head });
        let outcome = journal.append_in_flight(records);
        match &outcome {
            Ok(told) => {
                assert_eq!(*told, head);
                self.tape_witness(before.as_deref(), false);
                story.acts.last_mut().expect("just pushed").acknowledged = Tape::position();
            }
            // Proved: nothing of it stands.
            Err(AppendError::Full) => drop(story.acts.pop()),
            Err(_) => {}
        }
        outcome.map(|_| ())
    }

    fn rest(&self, journal: &mut Journal) -> Result<(), AppendError> {
        let before = fs::read(self.path("journal.witness")).ok();
        let rested = journal.idle();
        self.tape_witness(before.as_deref(), rested.is_ok());
        rested
    }

    fn tape_witness(&self, before: Option<&[u8]>, flushed: bool) {
        let file = File::Witness;
        let now = fs::read(self.path("journal.witness")).ok();
        if let Some(bytes) = now
            && before != Some(&bytes)
        {
            Tape::add(Op::Write { file, at: 0, bytes });
        }
        if flushed {
            Tape::add(Op::Flushed { file });
        }
    }
}

/// The disk of a day on which it fails once, for a call or three.
pub fn failing(luck: &mut Dice) -> Disk {
    let fault = Fault { after: luck.below(160), lasts: 1 + luck.below(3), full: luck.below(3) == 0 };
    Disk { fault, ..Disk::default() }
}

fn then(head: Head, record: &Record) -> Head {
    head.then(&serde_json::to_string(record).expect("a record has a text"))
}

/// Whether an opened journal ends as it may, its own notes on top; else what it has in the place of that.
pub fn ends_as(found: &journal::Found, ends: &[Head]) -> Result<(), String> {
    if let Some(gate) = &found.gate {
        return Err(format!("a cut alone shut the gate: {gate:?}"));
    }
    match ends.iter().any(|&end| found.notes.iter().fold(end, then) == found.head) {
        true => Ok(()),
        false => Err(format!("it ends at {:?} and may end at {ends:?}", found.head)),
    }
}
