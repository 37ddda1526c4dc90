//! The slow check, in slices between other work: the whole chain from its beginning, and every cache against the records.

use checkout::Wall;
use checkout::refusal::Gate;

use crate::chain::{self, Head};
use crate::error::{AppendError, is_full};
use crate::journal::{Journal, note};
use crate::{meta, models, records};

/// How an audit stands after one more slice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audit {
    /// Records up to this one are good; there is more.
    More {
        /// The last one looked at.
        upto: i64,
    },
    /// Everything agrees.
    Clean,
    /// The records are good; caches that disagreed with them were made again, and that was noted.
    Repaired,
    /// The chain is broken: no new charges.
    Broken(Gate),
}

/// Where the audit is.
pub(crate) struct Progress {
    head: Head,
    tally: models::Tally,
}

impl Default for Progress {
    fn default() -> Self {
        Self { head: Head::EMPTY, tally: models::Tally::default() }
    }
}

impl Journal {
    /// Looks at so many more records. Call it again and again while idle; after its end it begins anew.
    pub fn audit(&mut self, at: Wall, slice: u64) -> Result<Audit, AppendError> {
        self.ready()?;
        let from = self.audit.head;
        let walked = chain::walk(&self.conn, from, slice);
        if let Some(record) = walked.bad {
            self.frozen = true;
            // So that the next start finds it too, before it accepts a charge; without room this check finds it again.
            match meta::mark_verified(&self.conn, walked.head) {
                Err(error) if !is_full(&error) => return Err(self.failed(error)),
                _ => {}
            }
            self.audit = Progress::default();
            return Ok(Audit::Broken(Gate::BrokenChain { record }));
        }
        self.compare(from, slice);
        self.audit.head = walked.head;
        if walked.head.seq < self.head.seq {
            return Ok(Audit::More { upto: walked.head.seq });
        }
        let done = std::mem::take(&mut self.audit);
        if matches!(done.tally.differs(&self.conn), Ok(false)) {
            return Ok(Audit::Clean);
        }
        self.rebuild()?;
        let text = "the caches disagreed with the records and were made again".to_owned();
        self.append(&[note(at, "caches-rebuilt", text)])?;
        Ok(Audit::Repaired)
    }

    fn compare(&mut self, from: Head, slice: u64) {
        let mut rows = Vec::new();
        let read = records::each_after(&self.conn, from.seq, slice, |row| {
            rows.push(row);
            Ok::<_, ()>(())
        });
        self.audit.tally.doubt(read.is_err());
        for row in rows {
            // Only a kind of a newer program cannot be read here, and that is no fault of the caches.
            let Ok(Some(record)) = records::read(&self.conn, &row) else {
                continue;
            };
            let listed = records::is_listed(&self.conn, &record, row.seq).unwrap_or(false);
            self.audit.tally.doubt(!listed);
            if self.audit.tally.add(&self.conn, row.seq, &record).is_err() {
                self.audit.tally.doubt(true);
            }
        }
    }
}
