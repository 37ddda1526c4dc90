//! From a fact to what is done: decide, commit, and only then act; and what happens when a commit is not certain.

use checkout::{
    Asked, Charge, ChargeId, Checkout, Decision, Effect, Event, Fact, Fill, Gate, Leg, Mono, Record, Refusal, State,
    Subject,
};
use journal::AppendError;

use crate::ground::{Ground, Past, Read, Written};
use crate::teller::Teller;

/// How long a journal that is down is left alone before it is tried again, milliseconds.
const RETRY_MS: u64 = 2_000;

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
    pub retry_at: Option<Mono>,
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

    /// Takes in what opening the journal found.
    pub fn found(&mut self, gate: Option<Gate>) {
        // Room comes back while the till runs, and is looked at again and again.
        (self.room, self.journal) = match gate {
            Some(Gate::DiskFull) => (Some(Gate::DiskFull), None),
            other => (None, other),
        };
    }
}

/// What a step brought besides records and effects.
#[derive(Debug, Default)]
pub(crate) struct Stepped {
    pub fill: Option<Fill>,
    /// A settlement that waits for one more answer.
    pub settling: Option<ChargeId>,
}

impl<G: Ground> Teller<G> {
    /// Takes a fact in: records first, durable, then the effects.
    pub(crate) async fn step(&mut self, fact: Fact) -> Result<Stepped, Refusal> {
        self.up()?;
        let (now, dice) = (self.ground.now(), self.ground.dice());
        let decision = self.checkout.on(now, dice, fact);
        self.commit(decision.records, decision.effects).await?;
        self.settled(decision.settled);
        match decision.refusal {
            Some(refusal) => Err(refusal),
            None => Ok(Stepped { fill: decision.fill, settling: decision.settling }),
        }
    }

    /// Makes records durable and then orders the effects. If it is not certain that the records are durable, no effect is
    /// ordered, and the state is read anew from the journal.
    pub(crate) async fn commit(&mut self, records: Vec<Record>, effects: Vec<Effect>) -> Result<(), Refusal> {
        if !records.is_empty() {
            let begins = effects.iter().any(|effect| matches!(effect, Effect::Charge(_) | Effect::Begin(_)));
            let in_flight = !begins && records.iter().any(|record| record.subject != Subject::Till);
            let ends = in_flight || records.iter().any(lets_settle);
            if let Some(trouble) = trouble(self.ground.append(&records, ends).await) {
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
            self.orders.untidy = true;
            self.announce(&records).await;
        }
        self.carry_out(effects);
        Ok(())
    }

    /// Only ever after the records that led to them are durable.
    fn carry_out(&mut self, effects: Vec<Effect>) {
        self.out.extend(effects.iter().filter_map(leg_of).map(|(charge, _)| charge));
        let (now, min_gap) = (self.ground.now().mono, self.checkout.settings().min_gap_ms);
        self.asked.retain(|_, asked| !asked.answered || now.since(asked.at) < min_gap);
        for effect in &effects {
            let Effect::Query(request) = effect else { continue };
            self.asked.insert(request.charge.clone(), Asked { at: now, answered: false });
        }
        self.orders.effects.extend(effects);
    }

    /// Refuses while the journal is down.
    pub(crate) fn up(&self) -> Result<(), Refusal> {
        match self.gates.down.clone() {
            Some(reason) => Err(Refusal::Gate { reason }),
            None => Ok(()),
        }
    }

    /// Takes in what was read; a failure is the journal being down.
    pub(crate) async fn read<T>(&mut self, read: Read<T>) -> Result<T, Refusal> {
        let what = match read {
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
        match self.ground.reopen().await {
            Ok(found) => {
                self.gates.found(found);
                self.reload().await;
            }
            Err(error) => self.down(error.to_string()).await,
        }
    }

    pub(crate) async fn down(&mut self, what: String) {
        tracing::error!(error = %what, "the journal is down");
        self.gates.down = Some(Gate::JournalDown { what });
        self.gates.retry_at = Some(self.ground.now().mono.plus(RETRY_MS));
        self.pass_gate().await;
    }

    /// Rebuilds the state from the journal while running; requests of this process that are out stay out.
    async fn reload(&mut self) {
        let Past { open, newest, acts } = match self.ground.past().await {
            Ok(Ok(found)) => found,
            Ok(Err(error)) => return self.down(error.to_string()).await,
            Err(gone) => return self.down(gone.to_string()).await,
        };
        self.drop_settling();
        self.orders.acts = Some(acts);
        // An End whose intent did not come into the journal never was: its charge is asked about like any other.
        let crediting = |id: &ChargeId| open.iter().any(|c| c.id == *id && c.state == State::Recharging);
        self.never_handed.retain(|(id, leg)| *leg != Leg::End || crediting(id));
        let unsent = self.never_handed.clone();
        let out: Vec<ChargeId> = self.out.iter().chain(unsent.iter().map(|(id, _)| id)).cloned().collect();
        let settings = self.checkout.settings().clone();
        let (now, dice) = (self.ground.now(), self.ground.dice());
        let resumed = Checkout::resume(settings, now, dice, open, newest, &out);
        let before = std::mem::replace(&mut self.checkout, resumed.checkout);
        self.checkout.keep_asking(&before, &self.asked);
        let Decision { mut records, mut effects, .. } = resumed.decision;
        for (charge, leg) in unsent {
            let (now, dice) = (self.ground.now(), self.ground.dice());
            let decision = self.checkout.on(now, dice, Fact::NeverHandedOver { charge, leg });
            records.extend(decision.records);
            effects.extend(decision.effects);
        }
        if let Some(trouble) = trouble(self.ground.append(&records, true).await) {
            return self.down(trouble.what).await;
        }
        // Written down, so it need not be remembered any more.
        self.never_handed.clear();
        self.gates.down = None;
        self.gates.retry_at = None;
        self.orders.untidy = true;
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
            let (now, dice) = (self.ground.now(), self.ground.dice());
            let decision = self.checkout.on(now, dice, Fact::Gate(gate));
            if self.gates.down.is_none() {
                let _ = Box::pin(self.commit(decision.records, decision.effects)).await;
            }
        }
    }

    /// Looks at the free space: below the ballast no new charge is accepted.
    pub async fn look_at_room(&mut self) {
        match self.ground.room().await {
            Ok(Ok(room)) => {
                self.gates.room = room.gate();
                self.pass_gate().await;
            }
            Ok(Err(error)) => tracing::warn!(%error, "the free space could not be told"),
            Err(gone) => tracing::warn!(%gone, "the free space could not be told"),
        }
    }

    fn settled(&mut self, settled: Vec<(ChargeId, Option<Refusal>)>) {
        for (charge, refusal) in settled {
            if self.settling.remove(&charge) {
                self.orders.settled.push((charge, refusal.map_or(Ok(()), Err)));
            }
        }
    }

    /// The settlements that waited are gone with the state that held them; nothing of them was done.
    fn drop_settling(&mut self) {
        let waiting = std::mem::take(&mut self.settling).into_iter();
        self.orders.settled.extend(waiting.map(|charge| (charge, Err(Refusal::JournalUnsure))));
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
            self.orders.changed.push(charge);
        }
        if let Ok(Ok(recent)) = self.ground.recent().await {
            self.recent = recent;
        }
    }

    /// A charge as it stands: the rules forget a closed one, the journal does not.
    async fn stored_charge(&mut self, id: &ChargeId) -> Option<Charge> {
        if let Some(charge) = self.checkout.charge(id) {
            return Some(charge.clone());
        }
        self.ground.charge(id).await.ok()?.ok()?
    }
}

/// Without a supervisor nothing is settled, so that whoever signs in may use the room that is kept for ends. A wrong PIN too:
/// what cannot be written down would not count after a start.
fn lets_settle(record: &Record) -> bool {
    matches!(record.event, Event::SupervisorIn { .. } | Event::SupervisorOut { .. } | Event::PinRefused { .. })
}

fn changes_state(record: &Record) -> bool {
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

/// A commit that failed, and what follows.
pub(crate) struct Trouble {
    pub what: String,
    refusal: Refusal,
    reopen: bool,
}

pub(crate) fn trouble(appended: Written) -> Option<Trouble> {
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
