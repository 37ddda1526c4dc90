//! The ground of the modelled till: a disk that can be killed, clocks that can be moved, ids and dice from the seed.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};

use checkout::{BillKey, Charge, ChargeId, Dice, Event, Fingerprint, Gate, Intent, Mono, Now, Record, Subject, Wall};
use journal::{AppendError, Gone, ReadError, ReopenError, Room};
use till::{CodePast, Ground, Past, Read, Written};

use crate::fate::{Fate, Fault, Point};
use crate::rng::Rng;

/// Where the monotonic clock of every process begins, milliseconds.
const MONO_ZERO: u64 = 1_000_000;
/// The wall clock at the beginning of a run, milliseconds since 1970.
const WALL_ZERO: i64 = 1_795_305_600_000;

/// What survives the program: the disk and the clocks; and what goes wrong with them.
#[derive(Default)]
pub struct Model {
    /// What goes wrong.
    pub fate: Fate,
    /// True time since the beginning of the run, milliseconds.
    pub time: u64,
    /// When the running process started.
    pub boot: u64,
    /// How wrong the wall clock is, milliseconds.
    pub skew: i64,
    /// The program has been killed: nothing that it still does counts.
    pub killed: bool,
    /// The free space is below the ballast.
    pub no_room: bool,
    /// Durable records, in order.
    pub records: Vec<Record>,
    charges: HashMap<ChargeId, Stored>,
    bills: HashMap<BillKey, Vec<ChargeId>>,
    codes: HashMap<Fingerprint, ChargeId>,
    open: BTreeMap<usize, ChargeId>,
    newest: Option<ChargeId>,
    /// A commit was not confirmed: nothing is answered before the journal is opened again.
    unsure: bool,
    /// The journal could not be opened again.
    closed: bool,
    made: u64,
    dice: Option<Rng>,
}

struct Stored {
    charge: Charge,
    /// Number of the record that it is sorted by.
    sorted: usize,
}

impl Model {
    /// An empty disk, with dice from a seed.
    pub fn new(fate: Fate, seed: u64) -> Self {
        Self { fate, dice: Some(Rng::new(seed)), ..Self::default() }
    }

    /// A process starts: its monotonic clock begins anew.
    pub fn boot(&mut self) {
        self.boot = self.time;
        (self.killed, self.unsure, self.closed) = (false, false, false);
    }

    /// This moment on the process's clocks.
    pub fn now(&self) -> Now {
        Now { mono: Mono(MONO_ZERO + (self.time - self.boot)), wall: self.wall() }
    }

    /// True time of a moment of the process's monotonic clock.
    pub fn true_time(&self, mono: Mono) -> u64 {
        self.boot + mono.0.saturating_sub(MONO_ZERO)
    }

    fn wall(&self) -> Wall {
        let ms = WALL_ZERO + i64::try_from(self.time).unwrap_or(i64::MAX / 2) + self.skew;
        let utc = chrono::DateTime::from_timestamp_millis(ms).unwrap_or_default();
        utc.with_timezone(&chrono::FixedOffset::east_opt(8 * 3600).expect("an offset of eight hours"))
    }

    /// Every charge of the disk, for the people of the model world.
    pub fn charge(&self, id: &ChargeId) -> Option<&Charge> {
        self.charges.get(id).map(|stored| &stored.charge)
    }

    fn write(&mut self, records: &[Record]) -> Option<Written> {
        if self.killed {
            return None;
        }
        if let Some(failed) = self.failed() {
            return Some(failed);
        }
        if records.is_empty() {
            return Some(Ok(Ok(())));
        }
        if let Some(charge) = self.already(records) {
            return Some(Ok(Err(AppendError::Duplicate { charge })));
        }
        let fault = self.fate.at(Point::Commit);
        if matches!(fault, None | Some(Fault::KilledAfter | Fault::UnsureStands)) {
            records.iter().for_each(|record| self.keep(record));
        }
        match fault {
            Some(Fault::KilledBefore | Fault::KilledAfter) => {
                self.killed = true;
                None
            }
            Some(Fault::UnsureStands | Fault::UnsureLost) => {
                self.unsure = true;
                Some(Ok(Err(AppendError::Unknown { why: "EIO".into() })))
            }
            Some(Fault::Full) => Some(Ok(Err(AppendError::Full))),
            _ => Some(Ok(Ok(()))),
        }
    }

    /// The last line of `code-once`, as the real journal draws it.
    fn already(&self, records: &[Record]) -> Option<ChargeId> {
        records.iter().find_map(|record| {
            let Subject::Charge(id) = &record.subject else { return None };
            let known = self.charges.get(id).map(|stored| stored.charge.state);
            match &record.event {
                Event::Intent(intent) => match known {
                    Some(checkout::State::Beginning) | None => self.codes.get(&intent.fingerprint).cloned(),
                    Some(_) => Some(id.clone()),
                },
                Event::Beginning(_) | Event::Unmatched(_) => known.map(|_| id.clone()),
                _ => None,
            }
        })
    }

    fn keep(&mut self, record: &Record) {
        let number = self.records.len();
        self.records.push(record.clone());
        let Subject::Charge(id) = &record.subject else { return };
        match self.charges.get_mut(id) {
            Some(stored) => {
                stored.charge.apply(&record.event, record.at);
                if matches!(record.event, Event::Intent(_)) {
                    self.open.remove(&stored.sorted);
                    stored.sorted = number;
                    self.newest = Some(id.clone());
                }
            }
            None => {
                let Some(charge) = Charge::begin(id.clone(), &record.event, record.at) else { return };
                self.bills.entry(charge.intent.bill.key()).or_default().push(id.clone());
                self.charges.insert(id.clone(), Stored { charge, sorted: number });
                self.newest = Some(id.clone());
            }
        }
        if let Event::Intent(Intent { fingerprint, .. }) = &record.event {
            self.codes.insert(fingerprint.clone(), id.clone());
        }
        let stored = &self.charges[id];
        match stored.charge.is_open() {
            true => self.open.insert(stored.sorted, id.clone()),
            false => self.open.remove(&stored.sorted),
        };
    }

    /// What everything comes to while the journal is of no use.
    fn failed<T, E: From<Unsure>>(&self) -> Option<Result<Result<T, E>, Gone>> {
        match (self.closed, self.unsure) {
            (true, _) => Some(Err(Gone)),
            (_, true) => Some(Ok(Err(Unsure.into()))),
            _ => None,
        }
    }

    fn read<T>(&mut self, look: impl FnOnce(&Self) -> T) -> Option<Read<T>> {
        if self.killed {
            return None;
        }
        if let Some(failed) = self.failed() {
            return Some(failed);
        }
        match self.fate.at(Point::Read) {
            Some(Fault::KilledBefore) => {
                self.killed = true;
                None
            }
            Some(_) => Some(Ok(Err(ReadError::Unsure))),
            None => Some(Ok(Ok(look(self)))),
        }
    }

    fn past_of(&self, bill: &BillKey) -> Vec<Charge> {
        let ids = self.bills.get(bill).map(Vec::as_slice).unwrap_or_default();
        let mut found: Vec<&Stored> = ids.iter().map(|id| &self.charges[id]).collect();
        found.sort_by_key(|stored| stored.sorted);
        found.into_iter().map(|stored| stored.charge.clone()).collect()
    }

    fn reopen(&mut self) -> Option<Result<Option<Gate>, ReopenError>> {
        if self.killed {
            return None;
        }
        match self.fate.at(Point::Reopen) {
            Some(Fault::KilledBefore) => {
                self.killed = true;
                None
            }
            Some(Fault::StaysDown) => {
                self.closed = true;
                Some(Err(ReopenError::Gone(Gone)))
            }
            fault => {
                (self.closed, self.unsure) = (false, false);
                let behind = fault.map(|_| Gate::BehindWitness { journal: 1, witness: 2 });
                Some(Ok(behind))
            }
        }
    }
}

/// A commit before was not confirmed.
struct Unsure;

impl From<Unsure> for AppendError {
    fn from(_: Unsure) -> Self {
        Self::Unknown { why: "a commit before was not confirmed".into() }
    }
}

impl From<Unsure> for ReadError {
    fn from(_: Unsure) -> Self {
        Self::Unsure
    }
}

/// The model, held by the till's process and by the world around it.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<Model>>);

impl Shared {
    /// Shares a model.
    pub fn new(model: Model) -> Self {
        Self(Arc::new(Mutex::new(model)))
    }

    /// The model itself. One thread runs the whole world, so nobody ever waits here.
    pub fn get(&self) -> MutexGuard<'_, Model> {
        self.0.lock().expect("one thread runs the world")
    }
}

/// The keyed fingerprint of the model world: the same for the same code, and not the code.
pub fn print(code: &str) -> Fingerprint {
    let mix = |sum: u64, byte: u8| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    Fingerprint(format!("{:016x}f", code.trim().bytes().fold(0xcbf2_9ce4_8422_2325, mix)))
}

/// An outcome, or, for a program that was killed, nothing ever again.
async fn or_never<T>(outcome: Option<T>) -> T {
    match outcome {
        Some(outcome) => outcome,
        None => std::future::pending().await,
    }
}

impl Ground for Shared {
    fn now(&self) -> Now {
        self.get().now()
    }

    fn dice(&mut self) -> Dice {
        Dice(self.get().dice.as_mut().map_or(0, Rng::number))
    }

    fn fresh(&mut self) -> ChargeId {
        let mut model = self.get();
        model.made += 1;
        // As the real ones: sorted by the wall clock, whatever that says.
        ChargeId(format!("{:013}-{:07}", model.wall().timestamp_millis(), model.made))
    }

    fn fingerprint(&self, text: &str) -> Option<Fingerprint> {
        Some(print(text))
    }

    fn append(&mut self, records: &[Record], _in_flight: bool) -> impl Future<Output = Written> + Send {
        or_never(self.get().write(records))
    }

    fn bill_past(&mut self, bill: &BillKey) -> impl Future<Output = Read<Vec<Charge>>> + Send {
        or_never(self.get().read(|model| model.past_of(bill)))
    }

    fn code_past(&mut self, code: &Fingerprint, bill: Option<&BillKey>) -> impl Future<Output = Read<CodePast>> + Send {
        let past = |model: &Model| bill.map(|bill| model.past_of(bill)).unwrap_or_default();
        or_never(self.get().read(|model| (model.codes.get(code).cloned(), past(model))))
    }

    fn charge(&mut self, id: &ChargeId) -> impl Future<Output = Read<Option<Charge>>> + Send {
        or_never(self.get().read(|model| model.charge(id).cloned()))
    }

    fn recent(&mut self) -> impl Future<Output = Read<Vec<Charge>>> + Send {
        // For the screen only; a failure changes nothing.
        or_never(Some(Ok(Ok(Vec::new()))))
    }

    fn past(&mut self) -> impl Future<Output = Read<Past>> + Send {
        let look = |model: &Model| Past {
            open: model.open.values().map(|id| model.charges[id].charge.clone()).collect(),
            newest: model.newest.as_ref().map(|id| model.charges[id].charge.clone()),
            acts: Vec::new(),
        };
        or_never(self.get().read(look))
    }

    fn reopen(&mut self) -> impl Future<Output = Result<Option<Gate>, ReopenError>> + Send {
        or_never(self.get().reopen())
    }

    fn room(&mut self) -> impl Future<Output = Result<std::io::Result<Room>, Gone>> + Send {
        let model = self.get();
        let room = Room { free: if model.no_room { 0 } else { 2 }, ballast: 1, held: true };
        let outcome = if model.closed { Err(Gone) } else { Ok(Ok(room)) };
        or_never(if model.killed { None } else { Some(outcome) })
    }
}
