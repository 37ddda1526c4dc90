//! `wicketctl verify`: is this journal whole? Appends nothing and changes nothing.

use std::fmt;
use std::path::Path;

use crate::chain::{self, Head};
use crate::error::ReadError;
use crate::reader::Reader;
use crate::witness::{self, Testimony};
use crate::{models, records, schema};

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many records hold, from the first on.
    pub records: i64,
    /// The last record that is there, good or not; its hash belongs into the day report.
    pub head: Head,
    /// The first record that was changed, removed, moved or damaged.
    pub first_bad: Option<i64>,
    /// What the witness beside the file says.
    pub witness: WitnessReport,
    /// What the database's own check complains about.
    pub structure: Vec<String>,
    /// The caches do not say what the records say; a start of the till puts that right.
    pub caches_wrong: bool,
}

/// What the witness beside the file says about its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WitnessReport {
    /// The journal holds what the witness saw.
    Agrees {
        /// The record it saw last.
        seen: i64,
    },
    /// Records are missing at the journal's end.
    Ahead {
        /// The record it saw last.
        seen: i64,
    },
    /// The journal holds another record under that number.
    Differs {
        /// That number.
        seen: i64,
    },
    /// There is none, so a cut end would not show.
    Missing,
    /// It cannot be believed.
    Torn,
}

impl VerifyReport {
    /// Nothing is wrong with the records.
    pub fn is_whole(&self) -> bool {
        let witness_ok = matches!(self.witness, WitnessReport::Agrees { .. } | WitnessReport::Missing);
        self.first_bad.is_none() && witness_ok && self.structure.is_empty()
    }
}

/// Verifies a journal's file: the whole chain, the witness beside it, the database's structure, the caches.
pub fn verify(file: &Path) -> Result<VerifyReport, ReadError> {
    let path = file.with_extension("witness");
    let testimony = witness::read(&path).map_err(ReadError::file(&path))?;
    let reader = Reader::open(file)?;
    let conn = &reader.conn;
    let walked = chain::walk(conn, Head::EMPTY, u64::MAX);
    let head = records::head(conn).unwrap_or(walked.head);
    let witness = match testimony {
        Testimony::Missing => WitnessReport::Missing,
        Testimony::Torn => WitnessReport::Torn,
        Testimony::Saw(seen) if seen.seq > head.seq => WitnessReport::Ahead { seen: seen.seq },
        Testimony::Saw(seen) if holds(&reader, seen) => WitnessReport::Agrees { seen: seen.seq },
        Testimony::Saw(seen) => WitnessReport::Differs { seen: seen.seq },
    };
    let mut first_bad = walked.bad;
    if let (None, WitnessReport::Differs { seen }) = (first_bad, witness) {
        first_bad = Some(seen);
    }
    Ok(VerifyReport {
        records: walked.head.seq,
        head,
        first_bad,
        witness,
        structure: structure(&reader)?,
        // Caches on a damaged page are wrong caches.
        caches_wrong: models::differ(conn).unwrap_or(true),
    })
}

fn holds(reader: &Reader, seen: Head) -> bool {
    let there = match seen.seq {
        0 => Some(Head::EMPTY.hash),
        seq => records::at(&reader.conn, seq).unwrap_or_default().map(|row| row.hash),
    };
    there == Some(seen.hash)
}

fn structure(reader: &Reader) -> Result<Vec<String>, ReadError> {
    let mut statement = reader.conn.prepare("PRAGMA integrity_check(10)")?;
    let mut answers: Vec<String> = statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()
        // A page that cannot be read at all ends the check itself.
        .unwrap_or_else(|error| vec![error.to_string()]);
    answers.retain(|answer| answer != "ok");
    if !schema::is_intact(&reader.conn).unwrap_or(false) {
        answers.push("the tables or the triggers that protect them were changed".into());
    }
    Ok(answers)
}

impl fmt::Display for VerifyReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "records: {}", self.records)?;
        writeln!(f, "head: {} {}", self.head.seq, self.head.hash)?;
        match self.first_bad {
            Some(record) => writeln!(f, "first bad record: {record}")?,
            None => writeln!(f, "first bad record: none")?,
        }
        writeln!(f, "witness: {}", self.witness)?;
        for complaint in &self.structure {
            writeln!(f, "file: {complaint}")?;
        }
        if self.caches_wrong {
            writeln!(f, "caches: they differ from the records; the next start makes them again")?;
        }
        Ok(())
    }
}

impl fmt::Display for WitnessReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agrees { seen } => write!(f, "agrees (saw record {seen})"),
            Self::Ahead { seen } => write!(f, "saw record {seen}: records are missing at the journal's end"),
            Self::Differs { seen } => {
                write!(f, "saw another record {seen} than the journal holds")
            }
            Self::Missing => write!(f, "none beside the file"),
            Self::Torn => write!(f, "unreadable"),
        }
    }
}
