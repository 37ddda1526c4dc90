//! From a fact to what is done: decide, commit, and only then act; and what happens when a commit is not certain.

use checkout::{
    BillKey, Charge, ChargeId, Checkout, Decision, Dice, Effect, Fact, Fill, Fingerprint, Gate, Leg, Record, Refusal,
    State, Subject,
};
use journal::{AppendError, Books, Found, Journal, Options, ReadError};
use tokio::time::Instant;

use crate::change::Change;
use crate::supervisors::Supervisors;
use crate::work::{RECENT, Work};

/// Why no new charge is accepted, by the part that says so.
#[derive(Default)]
pub(crate) struct Gates {
    /// The settings.
    pub settings: Option<Gate>,
    /// The journal's condition, found when it was opened.
    pub journal: Option<Gate>,
    /// Free space.
    pub room: Option<Gate>,
    /// The journal cannot be written at all.
    pub down: Option<Gate>,
    /// When a journal that is down is tried again.
    pub retry_at: Option<Instant>,
}

impl Gates {
    /// The reason that counts now: the gravest first.
    pub fn now(&self) -> Option<Gate> {
        [&self.down, &self.journal, &self.room, &self.settings].into_iter().flatten().next().cloned()
    }

    /// Whether the journal takes records and is whole.
    pub fn journal_ok(&self) -> bool {
        self.down.is_none() && self.journal.is_none() && self.room.is_none()
    }
}

/// What a step brought besides records and effects.
#[derive(Debug, Default)]
pub(crate) struct Stepped {
    pub fill: Option<Fill>,
    /// A settlement that waits for one more answer.
    pub settling: Option<ChargeId>,
}

/// The charge that used a code before, and every charge of the armed bill.
pub(crate) type CodePast = (Option<ChargeId>, Vec<Charge>);

/// What a scan has to be held against.
pub(crate) fn code_past(books: Books, code: &Fingerprint, bill: Option<&BillKey>) -> Result<CodePast, ReadError> {
    let past = bill.map_or(Ok(Vec::new()), |bill| books.bill_past(bill))?;
    Ok((books.used_by(code)?, past))
}

impl Work {
    /// Takes a fact in: records first, durable, then the effects.
    pub(crate) async fn step(&mut self, fact: Fact) -> Result<Stepped, Refusal> {
        if let Some(reason) = self.gates.down.clone() {
            return Err(Refusal::Gate { reason });
        }
        let decision = self.checkout.on(self.clock.now(), Dice(rand::random()), fact);
        self.commit(decision.records, decision.effects).await?;
        self.settled(decision.settled);
        match decision.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Stepped { fill: decision.fill, settling: decision.settling }),
        }
    }

    /// Makes records durable and then carries out the effects. If it is not certain that the records are durable, no
    /// effect is carried out, and the state is read anew from the journal.
    pub(crate) async fn commit(&mut self, records: Vec<Record>, effects: Vec<Effect>) -> Result<(), Refusal> {
        if !records.is_empty() {
            let begins = effects.iter().any(|effect| matches!(effect, Effect::Charge(_) | Effect::Begin(_)));
            let in_flight = !begins && records.iter().any(|record| record.subject != Subject::Till);
            let ends = in_flight || records.iter().any(lets_settle);
            let batch = records.clone();
            let appended = self.journal.call(move |journal| append(journal, &batch, ends)).await;
            if let Some(trouble) = trouble(appended) {
                tracing::error!(error = %trouble.what, "the journal did not take a record");
                self.never_handed.extend(effects.iter().filter_map(leg_of));
                match trouble.reopen {
                    true => self.reopen().await,
                    // Even the ballast was not enough: asked again at once, the gateway would be asked for ever.
                    false if in_flight => self.down(trouble.what).await,
                    false => self.reload().await,
                }
                return Err(trouble.refusal);
            }
            self.untidy();
            self.announce(&records).await;
        }
        self.carry_out(effects);
        Ok(())
    }

    /// Only ever after the records that led to them are durable.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Charge(request) => {
                    self.out.insert(request.charge.clone());
                    self.errands.charge(request);
                }
                Effect::Begin(request) => {
                    self.out.insert(request.charge.clone());
                    self.errands.begin(request);
                }
                Effect::End(request) => {
                    self.out.insert(request.charge.clone());
                    self.errands.end(request);
                }
                Effect::Query(request) => self.errands.query(request),
                Effect::Warm => self.errands.warm(),
            }
        }
    }

    /// Reads from the journal; a failure is the journal being down.
    pub(crate) async fn read<T: Send + 'static>(
        &mut self,
        query: impl FnOnce(Books) -> Result<T, ReadError> + Send + 'static,
    ) -> Result<T, Refusal> {
        if let Some(reason) = self.gates.down.clone() {
            return Err(Refusal::Gate { reason });
        }
        let what = match self.journal.call(move |journal| query(journal.books()?)).await {
            Ok(Ok(found)) => return Ok(found),
            Ok(Err(error)) => error.to_string(),
            Err(gone) => gone.to_string(),
        };
        tracing::error!(error = %what, "the journal cannot be read");
        self.reopen().await;
        Err(Refusal::JournalUnsure)
    }

    /// Drops the journal's connection, opens it again in the order of design.md §7, and goes on from what it says.
    pub(crate) async fn reopen(&mut self) {
        match self.journal.reopen(&Options::new(crate::clock::wall())).await {
            Ok(found) => {
                self.found(found);
                self.reload().await;
            }
            Err(error) => self.down(error.to_string()).await,
        }
    }

    /// Takes in what opening the journal found.
    pub(crate) fn found(&mut self, found: Found) {
        for note in &found.notes {
            tracing::warn!(?note, "the journal noted something about itself");
        }
        if let Some(copy) = &found.kept_wal {
            tracing::info!(path = %copy.display(), "the log of a crash was copied aside");
        }
        // Room comes back while the till runs, and is looked at again and again.
        let (room, journal) = match found.gate {
            Some(Gate::DiskFull) => (Some(Gate::DiskFull), None),
            other => (None, other),
        };
        self.gates.room = room;
        self.gates.journal = journal;
        self.secret = found.secret;
    }

    pub(crate) async fn down(&mut self, what: String) {
        tracing::error!(error = %what, "the journal is down");
        self.gates.down = Some(Gate::JournalDown { what });
        self.retry_later();
        self.pass_gate().await;
    }

    /// Rebuilds the state from the journal while running; requests of this process that are out stay out.
    async fn reload(&mut self) {
        let found = self
            .journal
            .call(|journal| {
                let books = journal.books()?;
                Ok::<_, ReadError>((books.open_charges()?, books.newest_charge()?, books.till_records()?))
            })
            .await;
        let (open, newest, acts) = match found {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return self.down(error.to_string()).await,
            Err(gone) => return self.down(gone.to_string()).await,
        };
        self.drop_settling();
        self.supervisors.reread(Supervisors::replay(&acts, self.clock.now().wall, Instant::now()));
        // An End whose intent did not come into the journal never was: its charge is asked about like any other.
        let crediting = |id: &ChargeId| open.iter().any(|c| c.id == *id && c.state == State::Recharging);
        self.never_handed.retain(|(id, leg)| *leg != Leg::End || crediting(id));
        let unsent = self.never_handed.clone();
        let out: Vec<ChargeId> = self.out.iter().chain(unsent.iter().map(|(id, _)| id)).cloned().collect();
        let settings = self.checkout.settings().clone();
        let resumed = Checkout::resume(settings, self.clock.now(), Dice(rand::random()), open, newest, &out);
        self.checkout = resumed.checkout;
        let Decision { mut records, mut effects, .. } = resumed.decision;
        for (charge, leg) in unsent {
            let (now, dice) = (self.clock.now(), Dice(rand::random()));
            let decision = self.checkout.on(now, dice, Fact::NeverHandedOver { charge, leg });
            records.extend(decision.records);
            effects.extend(decision.effects);
        }
        let batch = records.clone();
        if let Some(trouble) = trouble(self.journal.call(move |journal| append(journal, &batch, true)).await) {
            return self.down(trouble.what).await;
        }
        // Written down, so it need not be remembered any more.
        self.never_handed.clear();
        self.gates.down = None;
        self.gates.retry_at = None;
        self.untidy();
        self.announce(&records).await;
        self.carry_out(effects);
        self.pass_gate().await;
    }

    /// Tells the rules whether new charges are accepted.
    pub(crate) async fn pass_gate(&mut self) {
        let gate = self.gates.now();
        if self.checkout.gate() != gate.as_ref() {
            // A gate has no records of its own; what became due in this step is committed with it, and `commit` itself sees to
            // a failure. While the journal is down nothing is kept: the state is rebuilt when it is back.
            let now = self.clock.now();
            let decision = self.checkout.on(now, Dice(rand::random()), Fact::Gate(gate));
            if self.gates.down.is_none() {
                let _ = Box::pin(self.commit(decision.records, decision.effects)).await;
            }
        }
    }

    /// Looks at the free space: below the ballast no new charge is accepted.
    pub(crate) async fn look_at_room(&mut self) {
        match self.journal.call(|journal| journal.room()).await {
            Ok(Ok(room)) => {
                self.gates.room = room.gate();
                self.pass_gate().await;
            }
            Ok(Err(error)) => tracing::warn!(%error, "the free space could not be told"),
            Err(gone) => tracing::warn!(%gone, "the free space could not be told"),
        }
    }

    async fn announce(&mut self, records: &[Record]) {
        let mut changed: Vec<ChargeId> = Vec::new();
        for record in records.iter().filter(|record| changes_state(record)) {
            let Subject::Charge(id) = &record.subject else { continue };
            changed.retain(|known| known != id);
            changed.push(id.clone());
        }
        for id in changed {
            let Some(charge) = self.stored_charge(&id).await else { continue };
            tracing::info!(charge = %id, bill = %charge.intent.bill, state = %charge.state, why = ?charge.why, "charge");
            // Nobody needs to listen.
            let _ = self.changes.send(Change::of(&charge));
        }
        if let Ok(Ok(recent)) = self.journal.call(|journal| journal.books()?.history(&recent_filter())).await {
            self.recent = recent;
        }
    }
}

impl Work {
    /// A charge as it stands: the rules forget a closed one, the journal does not.
    async fn stored_charge(&mut self, id: &ChargeId) -> Option<Charge> {
        if let Some(charge) = self.checkout.charge(id) {
            return Some(charge.clone());
        }
        let wanted = id.clone();
        let found = self.journal.call(move |journal| journal.books()?.charge(&wanted)).await;
        found.ok()?.ok()?.map(|timeline| timeline.charge)
    }
}

pub(crate) fn recent_filter() -> journal::HistoryFilter {
    journal::HistoryFilter { limit: Some(RECENT), ..journal::HistoryFilter::default() }
}

/// Without a supervisor nothing is settled, so that whoever signs in may use the room that is kept for ends. A wrong PIN too:
/// what cannot be written down would not count after a start.
fn lets_settle(record: &Record) -> bool {
    use checkout::Event;
    matches!(record.event, Event::SupervisorIn { .. } | Event::SupervisorOut { .. } | Event::PinRefused { .. })
}

fn changes_state(record: &Record) -> bool {
    use checkout::Event;
    matches!(record.event, Event::Beginning(_) | Event::Intent(_) | Event::Moved { .. } | Event::Unmatched(_))
}

fn leg_of(effect: &Effect) -> Option<(ChargeId, Leg)> {
    match effect {
        Effect::Charge(request) => Some((request.charge.clone(), Leg::Charge)),
        Effect::Begin(request) => Some((request.charge.clone(), Leg::Begin)),
        Effect::End(request) => Some((request.charge.clone(), Leg::End)),
        Effect::Query(_) | Effect::Warm => None,
    }
}

/// New charges need room for their end as well; the end of one that is under way may use the ballast.
fn append(journal: &mut Journal, records: &[Record], ends: bool) -> Result<(), AppendError> {
    if ends { journal.append_in_flight(records) } else { journal.append(records) }.map(|_head| ())
}

/// A commit that failed, and what follows.
pub(crate) struct Trouble {
    pub what: String,
    refusal: Refusal,
    reopen: bool,
}

pub(crate) fn trouble(appended: Result<Result<(), AppendError>, journal::Gone>) -> Option<Trouble> {
    let (what, refusal, reopen) = match appended {
        Ok(Ok(())) => return None,
        Ok(Err(error @ AppendError::Full)) => (error.to_string(), Refusal::Gate { reason: Gate::DiskFull }, false),
        Ok(Err(AppendError::Duplicate { charge })) => {
            (format!("charge {charge} is there already"), Refusal::CodeUsed { charge }, false)
        }
        Ok(Err(error)) => (error.to_string(), Refusal::JournalUnsure, true),
        Err(gone) => (gone.to_string(), Refusal::JournalUnsure, true),
    };
    Some(Trouble { what, refusal, reopen })
}
