//! What the teller stands on: clocks, dice, fresh ids and the journal. A trait, so that a model world can stand in for them.

use std::future::Future;

use checkout::{BillKey, Charge, ChargeId, Dice, Fingerprint, Gate, Now, Record};
use journal::{AppendError, Found, Gone, HistoryFilter, JournalThread, Options, ReadError, ReopenError, Room, Secret};

use crate::clock::{self, Clock};
use crate::teller::RECENT;

/// What reading came to.
pub type Read<T> = Result<Result<T, ReadError>, Gone>;

/// What writing came to.
pub type Written = Result<Result<(), AppendError>, Gone>;

/// The charge that used a code before, and every charge of the armed bill.
pub type CodePast = (Option<ChargeId>, Vec<Charge>);

/// Everything a start reads.
pub struct Past {
    /// The open charges.
    pub open: Vec<Charge>,
    /// The charge sent last.
    pub newest: Option<Charge>,
    /// The records about supervisors, oldest first.
    pub acts: Vec<Record>,
}

/// The world under a [`crate::Teller`]. Its futures are those of one owner: each is awaited before the next is asked for.
pub trait Ground {
    /// This moment on both clocks.
    fn now(&self) -> Now;
    /// Randomness for one step.
    fn dice(&mut self) -> Dice;
    /// A new charge id: sorts by time of making.
    fn fresh(&mut self) -> ChargeId;
    /// The keyed fingerprint of a scan; `None` where the key is not the journal's own.
    fn fingerprint(&self, text: &str) -> Option<Fingerprint>;
    /// Makes records durable, all or none; `in_flight` may use the ballast. They are durable when this is `Ok`.
    fn append(&mut self, records: &[Record], in_flight: bool) -> impl Future<Output = Written> + Send;
    /// Every charge of a bill.
    fn bill_past(&mut self, bill: &BillKey) -> impl Future<Output = Read<Vec<Charge>>> + Send;
    /// What a scan has to be held against.
    fn code_past(&mut self, code: &Fingerprint, bill: Option<&BillKey>) -> impl Future<Output = Read<CodePast>> + Send;
    /// One charge as the journal has it.
    fn charge(&mut self, id: &ChargeId) -> impl Future<Output = Read<Option<Charge>>> + Send;
    /// The last charges.
    fn recent(&mut self) -> impl Future<Output = Read<Vec<Charge>>> + Send;
    /// Everything a start reads.
    fn past(&mut self) -> impl Future<Output = Read<Past>> + Send;
    /// Drops the journal's connection and opens it again in the order of design.md §7; why no new charge is accepted, if so.
    fn reopen(&mut self) -> impl Future<Output = Result<Option<Gate>, ReopenError>> + Send;
    /// Room on the disk.
    fn room(&mut self) -> impl Future<Output = Result<std::io::Result<Room>, Gone>> + Send;
}

/// The ground of a real till: the machine's clocks and the journal's thread.
pub(crate) struct Machine {
    pub clock: Clock,
    pub journal: JournalThread,
    /// Keys the fingerprints of payment codes; absent when it is not the journal's own.
    pub secret: Option<Secret>,
}

impl Machine {
    /// Takes in what opening the journal found.
    pub fn found(&mut self, found: Found) -> Option<Gate> {
        for note in &found.notes {
            tracing::warn!(?note, "the journal noted something about itself");
        }
        if let Some(copy) = &found.kept_wal {
            tracing::info!(path = %copy.display(), "the log of a crash was copied aside");
        }
        self.secret = found.secret;
        found.gate
    }
}

impl Ground for Machine {
    fn now(&self) -> Now {
        self.clock.now()
    }

    fn dice(&mut self) -> Dice {
        Dice(rand::random())
    }

    fn fresh(&mut self) -> ChargeId {
        ChargeId(ulid::Ulid::new().to_string())
    }

    fn fingerprint(&self, text: &str) -> Option<Fingerprint> {
        self.secret.as_ref().map(|secret| secret.fingerprint(text))
    }

    async fn append(&mut self, records: &[Record], in_flight: bool) -> Written {
        let batch = records.to_vec();
        let write = move |journal: &mut journal::Journal| {
            // New charges need room for their end as well; the end of one that is under way may use the ballast.
            if in_flight { journal.append_in_flight(&batch) } else { journal.append(&batch) }.map(|_head| ())
        };
        self.journal.call(write).await
    }

    async fn bill_past(&mut self, bill: &BillKey) -> Read<Vec<Charge>> {
        let bill = bill.clone();
        self.journal.call(move |journal| journal.books()?.bill_past(&bill)).await
    }

    async fn code_past(&mut self, code: &Fingerprint, bill: Option<&BillKey>) -> Read<CodePast> {
        let (code, bill) = (code.clone(), bill.cloned());
        let look = move |journal: &mut journal::Journal| {
            let books = journal.books()?;
            let past = bill.map_or(Ok(Vec::new()), |bill| books.bill_past(&bill))?;
            Ok((books.used_by(&code)?, past))
        };
        self.journal.call(look).await
    }

    async fn charge(&mut self, id: &ChargeId) -> Read<Option<Charge>> {
        let id = id.clone();
        self.journal.call(move |journal| Ok(journal.books()?.charge(&id)?.map(|timeline| timeline.charge))).await
    }

    async fn recent(&mut self) -> Read<Vec<Charge>> {
        let newest = HistoryFilter { limit: Some(RECENT), ..HistoryFilter::default() };
        self.journal.call(move |journal| journal.books()?.history(&newest)).await
    }

    async fn past(&mut self) -> Read<Past> {
        let look = |journal: &mut journal::Journal| {
            let books = journal.books()?;
            let (open, newest, acts) = (books.open_charges()?, books.newest_charge()?, books.till_records()?);
            Ok(Past { open, newest, acts })
        };
        self.journal.call(look).await
    }

    async fn reopen(&mut self) -> Result<Option<Gate>, ReopenError> {
        let found = self.journal.reopen(&Options::new(clock::wall())).await?;
        Ok(self.found(found))
    }

    async fn room(&mut self) -> Result<std::io::Result<Room>, Gone> {
        self.journal.call(|journal| journal.room()).await
    }
}
