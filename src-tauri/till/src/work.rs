//! The loop: one task, one inbox, one owner of the state.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use checkout::event::Event;
use checkout::{Answer, ChargeId, Effect, Leg, Refusal, ScannedText};
use journal::JournalThread;
use scanner::{Scanner, ScannerEvent, ScannerState};
use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::Instant;

use crate::back_office::BackOffice;
use crate::change::Change;
use crate::clock::Clock;
use crate::desk::Waiting;
use crate::errands::Errands;
use crate::evidence::Wanted;
use crate::ground::Machine;
use crate::hall::Hall;
use crate::handle::STOP_LIMIT;
use crate::health::{clock_health, seen, warmed};
use crate::home::Lock;
use crate::idle::Idle;
use crate::inbox::{Command, Message};
use crate::keys::Codes;
use crate::look::Looks;
use crate::pending_file::PendingFile;
use crate::source::{SameKeys, ScanSource, Typed};
use crate::supervisors::Supervisors;
use crate::teller::{Settled, Teller};
use crate::trace;
use crate::view::{ClockHealth, GatewayHealth, ScanOutcome, TraceOutcome, View, WindowView};

/// With nothing to do for so long the journal is tidied: checkpoint, witness flushed.
const IDLE: Duration = Duration::from_secs(2);
/// How often the free space is looked at, and a silent gateway greeted.
const ROOM_EVERY: Duration = Duration::from_secs(10);

/// How to reply once the view is published.
pub(crate) type Reply = Box<dyn FnOnce() + Send>;

/// The till at work; see [`crate::Till`] for the outside.
pub(crate) struct Work {
    pub clock: Clock,
    pub teller: Teller<Machine>,
    /// For what the teller has no part in: upkeep, and reading for supervisors.
    pub journal: JournalThread,
    pub errands: Errands,
    pub inbox: mpsc::Receiver<Message>,
    pub views: watch::Sender<Arc<View>>,
    pub changes: broadcast::Sender<Change>,
    /// What scanners that type send, for whoever has the keys.
    pub codes: watch::Sender<Codes>,
    pub window: WindowView,
    pub training: bool,
    /// The operator left the screen; see `locking`.
    pub locked: bool,
    /// When it locks by itself.
    pub idle: Idle,
    pub looks: Looks,
    pub hall: Hall,
    pub scanner_state: ScannerState,
    /// The serial line; stopped with the till.
    pub scanner: Option<Scanner>,
    /// Which scans that were typed are let through.
    pub typed: Typed,
    /// Where two see the same keys, what one of them has handed over.
    pub same_keys: SameKeys,
    pub supervisors: Supervisors,
    /// What the next scan may be the evidence of.
    pub evidence: Option<Wanted>,
    /// Settlements that wait for one more answer, and who waits for them.
    pub settling: BTreeMap<ChargeId, Waiting>,
    /// Settlements that have come out; the next view shows them, and then whoever waits is told.
    pub told: Vec<(Waiting, Result<(), Refusal>)>,
    /// Held until the end: one till for one journal.
    pub _lock: Lock,
    pub gateway: GatewayHealth,
    pub clock_health: ClockHealth,
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
            let over = |stopping: &Stopping| self.teller.out.is_empty() || stopping.until <= Instant::now();
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
        let rules = self.teller.wake().map(|moment| self.clock.instant(moment));
        let stop = self.stopping.as_ref().map(|stopping| stopping.until);
        let session = self.supervisors.session_until();
        let sometimes = [rules, self.tidy_at, stop, session, self.locks_at()].into_iter().flatten();
        sometimes.fold(self.room_at.min(self.audit_at), Instant::min)
    }

    fn stop_within(&mut self, limit: Duration) {
        tracing::info!(out = self.teller.out.len(), "stopping");
        self.teller.closing = true;
        let until = Instant::now() + limit;
        let stopping = self.stopping.get_or_insert_with(|| Stopping { until, waiting: Vec::new() });
        stopping.until = stopping.until.min(until);
    }

    async fn on_time(&mut self) {
        let now = Instant::now();
        self.teller.retry().await;
        self.carry_out();
        self.end_idle_session().await;
        self.lock_if_left_alone(now).await;
        if self.room_at <= now {
            self.room_at = now + ROOM_EVERY;
            self.teller.look_at_room().await;
            self.carry_out();
            self.greet_the_silent();
        }
        if self.tidy_at.is_some_and(|at| at <= now) {
            self.tidy_at = None;
            self.tidy().await;
        }
        if self.audit_at <= now && self.teller.out.is_empty() && self.teller.gates.down.is_none() {
            self.audit().await;
        } else if self.audit_at <= now {
            self.audit_at = now + IDLE;
        }
        self.teller.tick().await;
        self.carry_out();
    }

    /// Does what the message asks for and hands back how to reply; whoever asked may have gone, but what was done is in
    /// the journal and in the next view.
    pub(crate) async fn handle(&mut self, message: Message) -> Reply {
        self.notice_somebody(&message);
        match message {
            Message::Ask(Command::Settle { charge, word, reason, evidence }, reply) if self.settles() => {
                match self.settle(charge, word, reason, evidence).await {
                    Ok(Settled::Waits(charge)) => self.wait_for_settling(charge, reply),
                    Ok(Settled::Now) => return Box::new(move || drop(reply.send(Ok(())))),
                    Err(refusal) => return Box::new(move || drop(reply.send(Err(refusal)))),
                }
            }
            Message::Ask(command, reply) => {
                let outcome = self.command(command).await;
                return Box::new(move || drop(reply.send(outcome)));
            }
            Message::Scan(text, source, gaps_ms, reply) => {
                let read = ScannedText::new(text.expose());
                if let Some(outcome) = self.same_keys.known(&read, source, Instant::now()) {
                    return Box::new(move || drop(reply.send(outcome)));
                }
                let outcome = self.scanned(text, source).await;
                self.same_keys.remember(&read, source, Instant::now(), &outcome);
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
                self.teller.show_scan("…".into(), ScanOutcome::Refused { refusal: Refusal::Damaged });
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
            Command::Lock => self.lock().await,
            Command::Unlock { operator, take_over } => self.unlock(&operator, take_over).await,
            Command::StillHere => Ok(()),
            Command::SetLook { look } => {
                self.looks.choose(look);
                Ok(())
            }
            Command::SetHall { hall } => {
                self.hall.choose(hall);
                Ok(())
            }
            Command::SetPin { name, pin, leave } => self.set_pin(&name, pin, leave).await,
            Command::RemovePin { name, leave } => self.remove_pin(&name, leave).await,
            Command::SupervisorIn { name, pin } => self.supervisor_in(&name, pin).await,
            Command::SupervisorOut => self.supervisor_out().await,
            Command::WantEvidence { charge } => self.want_evidence(charge),
            other => self.ask_teller(other).await,
        }
    }

    /// Does what has to be done after the teller was called; called right after, every time.
    pub(crate) fn carry_out(&mut self) {
        let orders = self.teller.orders();
        if let Some(acts) = orders.acts {
            let now = Instant::now();
            self.supervisors.reread(Supervisors::replay(&acts, self.clock.now().wall, now));
        }
        if orders.untidy {
            self.tidy_at = Some(Instant::now() + IDLE);
        }
        for charge in &orders.changed {
            // Nobody needs to listen.
            let _ = self.changes.send(Change::of(charge));
        }
        for effect in orders.effects {
            match effect {
                Effect::Charge(request) => self.errands.charge(request),
                Effect::Begin(request) => self.errands.begin(request),
                Effect::End(request) => self.errands.end(request),
                Effect::Query(request) => self.errands.query(request),
                Effect::Warm => self.errands.warm(),
            }
        }
        self.settled(orders.settled);
    }

    /// Asks the teller, and carries out what follows.
    pub(crate) async fn ask_teller(&mut self, command: Command) -> Result<(), Refusal> {
        if self.back_office.set_up && matches!(command, Command::SignIn { .. }) {
            return Err(Refusal::NotSetUp);
        }
        let outcome = self.teller.ask(command).await;
        self.carry_out();
        outcome
    }

    /// The rules have other settings from here on.
    pub(crate) async fn change_rules(&mut self, settings: checkout::Settings) -> Result<(), Refusal> {
        let outcome = self.teller.change_rules(settings).await;
        self.carry_out();
        outcome
    }

    pub(crate) async fn note(&mut self, event: Event) -> Result<(), Refusal> {
        let outcome = self.teller.note(event).await;
        self.carry_out();
        outcome
    }

    pub(crate) async fn reopen(&mut self) {
        self.teller.reopen().await;
        self.carry_out();
    }

    pub(crate) async fn pass_gate(&mut self) {
        self.teller.pass_gate().await;
        self.carry_out();
    }

    async fn scanned(&mut self, text: ScannedText, source: ScanSource) -> ScanOutcome {
        if source == ScanSource::Elsewhere && !self.wants_from_elsewhere(&text) {
            return ScanOutcome::Refused { refusal: Refusal::NotArmed };
        }
        if self.pairing_waits_for(text.expose()) {
            self.type_pairing(text.expose(), Vec::new());
            return ScanOutcome::Refused { refusal: Refusal::Gone };
        }
        let masked = checkout::CodeTail::of(text.expose()).0;
        let refused = |refusal| ScanOutcome::Refused { refusal };
        let taken = self.taken_as_evidence(&text).or_else(|| self.may_scan(&text, source).err().map(refused));
        if let Some(outcome) = taken {
            self.teller.show_scan(masked, outcome.clone());
            return outcome;
        }
        let outcome = self.teller.scanned(text).await;
        self.carry_out();
        outcome
    }

    fn may_scan(&mut self, text: &ScannedText, source: ScanSource) -> Result<(), Refusal> {
        if self.stopping.is_some() {
            return Err(Refusal::Stopping);
        }
        self.admit(text, source)?;
        if self.locked { Err(Refusal::Locked) } else { Ok(()) }
    }

    async fn answered(&mut self, charge: ChargeId, leg: Leg, answer: Answer) {
        self.gateway = seen(leg, &answer);
        self.teller.answered(charge, leg, answer).await;
        self.carry_out();
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
}
