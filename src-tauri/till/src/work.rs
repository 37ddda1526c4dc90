//! The loop: one task, one inbox, one owner of the state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use checkout::event::{Event, Subject};
use checkout::{Answer, Charge, ChargeId, Checkout, Entry, Fact, Leg, Operator, Record, Refusal, Sale, ScannedText};
use journal::{JournalThread, Secret};
use scanner::{Scanner, ScannerEvent, ScannerState};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::back_office::BackOffice;
use crate::change::Change;
use crate::clock::Clock;
use crate::desk::{Settled, Waiting};
use crate::echo;
use crate::errands::Errands;
use crate::evidence::Wanted;
use crate::hall::Hall;
use crate::handle::STOP_LIMIT;
use crate::health::{clock_health, seen, warmed};
use crate::home::Lock;
use crate::inbox::{Command, Message};
use crate::look::Looks;
use crate::pending_file::PendingFile;
use crate::source::{ScanSource, Typed};
use crate::steps::{Gates, code_past};
use crate::supervisors::Supervisors;
use crate::trace;
use crate::view::{ClockHealth, GatewayHealth, ScanOutcome, ScanView, TraceOutcome, View, WindowView};

/// With nothing to do for so long the journal is tidied: checkpoint, witness flushed.
const IDLE: Duration = Duration::from_secs(2);
/// How often the free space is looked at.
const ROOM_EVERY: Duration = Duration::from_secs(10);
/// How often a journal that is down is tried again.
const RETRY_EVERY: Duration = Duration::from_secs(2);
/// The last charges on the screen.
pub const RECENT: u32 = 8;

/// How to reply once the view is published.
pub(crate) type Reply = Box<dyn FnOnce() + Send>;

/// The till at work; see [`crate::Till`] for the outside.
pub(crate) struct Work {
    pub clock: Clock,
    pub checkout: Checkout,
    pub journal: JournalThread,
    pub errands: Errands,
    pub inbox: mpsc::Receiver<Message>,
    pub views: watch::Sender<Arc<View>>,
    pub changes: broadcast::Sender<Change>,
    pub window: WindowView,
    pub training: bool,
    pub operator: Option<Operator>,
    /// The operator left the screen; see `locking`.
    pub locked: bool,
    pub looks: Looks,
    pub hall: Hall,
    /// Charge requests handed over and not answered yet.
    pub out: BTreeSet<ChargeId>,
    /// Requests whose intent may be durable although they were never handed over.
    pub never_handed: Vec<(ChargeId, Leg)>,
    pub gates: Gates,
    pub scan: Option<ScanView>,
    pub scanner_state: ScannerState,
    /// The serial line; stopped with the till.
    pub scanner: Option<Scanner>,
    /// Which scans that were typed are let through.
    pub typed: Typed,
    pub supervisors: Supervisors,
    /// What the next scan may be the evidence of.
    pub evidence: Option<Wanted>,
    /// Settlements that wait for one more answer, and who waits for them.
    pub settling: BTreeMap<ChargeId, Waiting>,
    /// Settlements that have come out; the next view shows them, and then whoever waits is told.
    pub told: Vec<(Waiting, Result<(), Refusal>)>,
    /// Keys the fingerprints of payment codes; absent when it is not the journal's own.
    pub secret: Option<Secret>,
    /// Held until the end: one till for one journal.
    pub _lock: Lock,
    pub gateway: GatewayHealth,
    pub clock_health: ClockHealth,
    pub recent: Vec<Charge>,
    pub number: u32,
    pub pending_file: PendingFile,
    /// When the journal is tidied next; `None` while it is tidy.
    pub tidy_at: Option<Instant>,
    pub room_at: Instant,
    /// When the slow check of the journal goes on.
    pub audit_at: Instant,
    /// Where backup copies go.
    pub exports: PathBuf,
    pub stopping: Option<Stopping>,
    pub back_office: BackOffice,
}

/// The end has been asked for.
pub(crate) struct Stopping {
    /// Requests that are out are awaited until then.
    until: Instant,
    /// Whoever waits for the end.
    waiting: Vec<oneshot::Sender<()>>,
}

impl Work {
    /// Works until it is told to stop, or nobody holds the till any more.
    pub async fn run(mut self) {
        self.publish();
        loop {
            let wake = self.wake();
            tokio::select! {
                message = self.inbox.recv() => match message {
                    Some(message) => {
                        let reply = self.handle(message).await;
                        // Whoever asked finds the outcome in the view already.
                        self.publish();
                        reply();
                    }
                    None => break,
                },
                // The till holds a sender of its own inbox, so that does not close by itself.
                () = self.views.closed(), if self.stopping.is_none() => self.stop_within(STOP_LIMIT),
                () = tokio::time::sleep_until(wake) => {
                    self.on_time().await;
                    self.publish();
                }
            }
            let over = |stopping: &Stopping| self.out.is_empty() || stopping.until <= Instant::now();
            if self.stopping.as_ref().is_some_and(over) {
                break;
            }
        }
        for done in self.close().await {
            // Whoever waited may have gone.
            let _ = done.send(());
        }
    }

    fn wake(&self) -> Instant {
        // While the journal is down no fact is taken in, so that what is due stays due.
        let due = self.checkout.next_wake().filter(|_| self.gates.down.is_none());
        let rules = due.map(|moment| self.clock.instant(moment));
        let stop = self.stopping.as_ref().map(|stopping| stopping.until);
        let idle = self.supervisors.session_until();
        let sometimes = [rules, self.tidy_at, self.gates.retry_at, stop, idle].into_iter().flatten();
        sometimes.fold(self.room_at.min(self.audit_at), Instant::min)
    }

    fn stop_within(&mut self, limit: Duration) {
        tracing::info!(out = self.out.len(), "stopping");
        let until = Instant::now() + limit;
        let stopping = self.stopping.get_or_insert_with(|| Stopping { until, waiting: Vec::new() });
        stopping.until = stopping.until.min(until);
    }

    async fn on_time(&mut self) {
        let now = Instant::now();
        if self.gates.retry_at.is_some_and(|at| at <= now) {
            self.reopen().await;
        }
        self.end_idle_session().await;
        if self.room_at <= now {
            self.room_at = now + ROOM_EVERY;
            self.look_at_room().await;
        }
        if self.tidy_at.is_some_and(|at| at <= now) {
            self.tidy_at = None;
            self.tidy().await;
        }
        if self.audit_at <= now && self.out.is_empty() && self.gates.down.is_none() {
            self.audit().await;
        } else if self.audit_at <= now {
            self.audit_at = now + IDLE;
        }
        self.tick().await;
    }

    /// A moment passed; nobody waits for the outcome, and trouble with the journal shows itself as a gate.
    pub(crate) async fn tick(&mut self) {
        if let Err(refusal) = self.step(Fact::Tick).await {
            tracing::debug!(%refusal, "a tick was put off");
        }
    }

    /// Does what the message asks for and hands back how to reply; whoever asked may have gone, but what was done is in
    /// the journal and in the next view.
    async fn handle(&mut self, message: Message) -> Reply {
        match message {
            Message::Ask(Command::Settle { charge, word, reason, evidence }, reply) if self.settles() => {
                match self.settle(charge, word, reason, evidence).await {
                    Ok(Settled::Waits(charge)) => self.wait_for_settling(charge, reply),
                    Ok(Settled::Now(outcome)) => return Box::new(move || drop(reply.send(outcome))),
                    Err(refusal) => return Box::new(move || drop(reply.send(Err(refusal)))),
                }
            }
            Message::Ask(command, reply) => {
                let outcome = self.command(command).await;
                return Box::new(move || drop(reply.send(outcome)));
            }
            Message::Scan(text, source, gaps_ms, reply) => {
                let read = ScannedText::new(text.expose());
                let outcome = self.scanned(text, source).await;
                // What was typed into another program is none of the till's unless it was for it.
                if matches!(source, ScanSource::Keys | ScanSource::Page) {
                    let (at, taken) = (self.clock.now().wall, TraceOutcome::Taken { outcome: outcome.clone() });
                    self.back_office.traces.scan(at, trace::typed(gaps_ms), read.expose(), taken);
                }
                return Box::new(move || drop(reply.send(outcome)));
            }
            Message::Scanner(ScannerEvent::Scan { text, pace, .. }) => {
                let outcome = self.scanned(ScannedText::new(text.expose()), ScanSource::Scanner).await;
                let outcome = TraceOutcome::Taken { outcome };
                self.back_office.traces.scan(self.clock.now().wall, pace, text.expose(), outcome);
            }
            Message::Scanner(ScannerEvent::Damaged { reason, length, pace }) => {
                tracing::info!(%reason, length, "a scan was damaged");
                self.back_office.traces.damaged(self.clock.now().wall, pace, length, reason);
                self.show_scan("…".into(), ScanOutcome::Refused { refusal: Refusal::Damaged });
            }
            Message::Scanner(ScannerEvent::State(state)) => {
                tracing::info!(?state, "scanner");
                self.scanner_state = state;
            }
            Message::Answer { charge, leg, answer } => self.answered(charge, leg, answer).await,
            Message::Warmed(warmth) => {
                self.clock_health = clock_health(&self.clock_health, &warmth);
                self.gateway = warmed(&self.gateway, warmth);
            }
            Message::Office(request) => return self.office(request).await,
            Message::Stop(limit, done) => {
                self.stop_within(limit);
                if let Some(stopping) = &mut self.stopping {
                    stopping.waiting.push(done);
                }
            }
        }
        Box::new(|| {})
    }

    /// Settling may wait for the gateway, so its reply is not that of the other commands.
    fn settles(&self) -> bool {
        self.stopping.is_none() && !self.locked
    }

    async fn command(&mut self, command: Command) -> Result<(), Refusal> {
        if self.stopping.is_some() {
            return Err(Refusal::Stopping);
        }
        if self.is_locked_for(&command) {
            return Err(Refusal::Locked);
        }
        match command {
            Command::SignIn { operator } => self.sign_in(&operator).await,
            Command::Lock => self.lock().await,
            Command::Unlock { operator, take_over } => self.unlock(&operator, take_over).await,
            Command::SetLook { look } => {
                self.looks.choose(look);
                Ok(())
            }
            Command::SignOut => self.sign_out().await,
            Command::SetHall { hall } => {
                self.hall.choose(hall);
                Ok(())
            }
            Command::Arm { entry, large_confirmed } => self.arm(entry, large_confirmed).await,
            Command::Disarm => self.step(Fact::Disarm).await.map(|_| ()),
            Command::StopWaiting => self.step(Fact::StopWaiting).await.map(|_| ()),
            Command::NextCustomer => self.step(Fact::NextCustomer).await.map(|_| ()),
            Command::QueryNow { charge } => self.step(Fact::QueryNow { charge }).await.map(|_| ()),
            Command::PhoneShows { charge, answer } => {
                let id = charge.clone();
                let known = self.read(move |books| Ok(books.charge(&id)?.map(|timeline| timeline.charge))).await?;
                self.step(Fact::PhoneShows { charge, answer, known }).await.map(|_| ())
            }
            Command::SetPin { name, pin, leave } => self.set_pin(&name, pin, leave).await,
            Command::RemovePin { name, leave } => self.remove_pin(&name, leave).await,
            Command::SupervisorIn { name, pin } => self.supervisor_in(&name, pin).await,
            Command::SupervisorOut => self.supervisor_out().await,
            // Handled where the message came in, since its reply may have to wait.
            Command::Settle { .. } => Err(Refusal::Gone),
            Command::WantEvidence { charge } => self.want_evidence(charge),
            Command::AskHelp { charge } => self.step(Fact::AskHelp { charge }).await.map(|_| ()),
            Command::TakeNotice { charge } => self.step(Fact::TakeNotice { charge }).await.map(|_| ()),
            Command::DecideHeld { accept: false } => self.step(Fact::DropHeld).await.map(|_| ()),
            Command::DecideHeld { accept: true } => self.accept_held().await,
        }
    }

    /// The operator of this number, if it is one.
    pub(crate) fn may_sign_in(&self, operator: &str) -> Result<Operator, Refusal> {
        if self.back_office.set_up {
            return Err(Refusal::NotSetUp);
        }
        let text = |why| checkout::EntryError::Text { field: checkout::Field::Operator, why };
        if self.checkout.settings().router.is_payment_code(operator.trim()) {
            return Err(Refusal::Entry { error: text(checkout::TextError::LooksLikePaymentCode) });
        }
        Operator::parse(operator).map_err(|why| Refusal::Entry { error: text(why) })
    }

    pub(crate) async fn sign_in(&mut self, operator: &str) -> Result<(), Refusal> {
        let operator = self.may_sign_in(operator)?;
        if self.operator.as_ref() == Some(&operator) {
            return Ok(());
        }
        self.step(Fact::Disarm).await?;
        self.note(Event::SignedIn { operator: operator.clone() }).await?;
        self.operator = Some(operator);
        Ok(())
    }

    async fn sign_out(&mut self) -> Result<(), Refusal> {
        self.step(Fact::Disarm).await?;
        if self.operator.is_some() {
            self.note(Event::SignedOut).await?;
        }
        self.operator = None;
        Ok(())
    }

    pub(crate) async fn note(&mut self, event: Event) -> Result<(), Refusal> {
        let record = Record { at: self.clock.now().wall, subject: Subject::Till, event };
        self.commit(vec![record], Vec::new()).await
    }

    async fn arm(&mut self, mut entry: Entry, large_confirmed: bool) -> Result<(), Refusal> {
        entry.operator = self.operator.as_ref().map(ToString::to_string).unwrap_or_default();
        let sale = match Sale::parse(&entry, self.checkout.settings()) {
            Ok(sale) => sale,
            Err(error) => {
                self.step(Fact::Disarm).await?;
                return Err(Refusal::Entry { error });
            }
        };
        self.look_at_room().await;
        let bill = sale.bill.key();
        let past = self.read(move |books| books.bill_past(&bill)).await?;
        self.step(Fact::Arm { sale, past, large_confirmed, fresh: fresh_id() }).await.map(|_| ())
    }

    async fn accept_held(&mut self) -> Result<(), Refusal> {
        let Some(fingerprint) = self.checkout.held_fingerprint().cloned() else { return Err(Refusal::Gone) };
        let bill = self.checkout.armed().map(|sale| sale.bill.key());
        let (used_by, past) = self.read(move |books| code_past(books, &fingerprint, bill.as_ref())).await?;
        self.step(Fact::AcceptHeld { used_by, past, fresh: fresh_id() }).await.map(|_| ())
    }

    async fn answered(&mut self, charge: ChargeId, leg: Leg, mut answer: Answer) {
        if let (Some(known), Some(secret)) = (self.checkout.charge(&charge), &self.secret) {
            echo::hide(&mut answer, &known.intent, secret);
        }
        tracing::info!(%charge, ?leg, ?answer, "answer");
        if leg != Leg::Query {
            self.out.remove(&charge);
        }
        self.gateway = seen(leg, &answer);
        let Some(bill) = self.checkout.charge(&charge).map(|c| c.intent.bill.key()) else { return };
        let past = match self.read(move |books| books.bill_past(&bill)).await {
            Ok(past) => past,
            Err(refusal) => {
                tracing::error!(%charge, %refusal, "an answer could not be taken in; the gateway is asked again");
                return;
            }
        };
        if let Err(refusal) = self.step(Fact::Answer { charge, leg, answer, past, fresh: fresh_id() }).await {
            tracing::error!(%refusal, "an answer was not recorded; the gateway is asked again");
        }
    }

    /// Gives everything back, and only then hands back whoever waits for that.
    async fn close(mut self) -> Vec<oneshot::Sender<()>> {
        if let Some(scanner) = self.scanner.take()
            && let Err(still) = scanner.stop()
        {
            tracing::warn!(%still, "the scanner's thread hangs");
        }
        self.tidy().await;
        // Handles may be left that would keep it open.
        if self.journal.close().await.is_err() {
            tracing::warn!("the journal's thread had ended before");
        }
        tracing::info!("stopped");
        self.stopping.take().map(|stopping| stopping.waiting).unwrap_or_default()
    }

    pub(crate) fn retry_later(&mut self) {
        self.gates.retry_at = Some(Instant::now() + RETRY_EVERY);
    }

    pub(crate) fn untidy(&mut self) {
        self.tidy_at = Some(Instant::now() + IDLE);
    }
}

/// A new charge id: sorts by time of making.
pub(crate) fn fresh_id() -> ChargeId {
    ChargeId(ulid::Ulid::new().to_string())
}
