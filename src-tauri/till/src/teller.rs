//! The one who decides: takes what happened, asks the rules, writes down, and says what is to be carried out.
//!
//! It does no I/O of its own. The till's loop (`work.rs`) drives it over the real journal; the simulator in `tests/sim` drives
//! the very same code over a model world.

use std::collections::{BTreeMap, BTreeSet};

use checkout::event::{Event, Subject};
use checkout::{
    Answer, Asked, Charge, ChargeId, Checkout, Effect, Entry, Fact, Gate, Leg, Mono, Operator, Record, Refusal, Sale,
    ScannedText, Settings, Settlement,
};
use journal::AppendError;

use crate::echo;
use crate::ground::{Ground, Past};
use crate::inbox::Command;
use crate::start::StartError;
use crate::steps::Gates;
use crate::view::{ScanOutcome, ScanView};

/// The last charges on the screen.
pub(crate) const RECENT: u32 = 8;

/// The state of the window and the decisions about it; see [`crate::Till`] for the outside.
pub struct Teller<G> {
    pub(crate) ground: G,
    pub(crate) checkout: Checkout,
    pub(crate) operator: Option<Operator>,
    /// Requests handed over and not answered yet, queries left out.
    pub(crate) out: BTreeSet<ChargeId>,
    /// Queries handed over: those not answered yet, and those inside the least gap.
    pub(crate) asked: BTreeMap<ChargeId, Asked>,
    /// Requests whose intent may be durable although they were never handed over.
    pub(crate) never_handed: Vec<(ChargeId, Leg)>,
    pub(crate) gates: Gates,
    pub(crate) scan: Option<ScanView>,
    pub(crate) recent: Vec<Charge>,
    /// Settlements that wait for one more answer.
    pub(crate) settling: BTreeSet<ChargeId>,
    /// The end has been asked for: nothing new begins.
    pub(crate) closing: bool,
    pub(crate) orders: Orders,
}

/// What whoever drives a [`Teller`] has to do after each call, in this order. All of it is durable already.
#[derive(Debug, Default)]
pub struct Orders {
    /// The records about supervisors, where the journal was read anew.
    pub acts: Option<Vec<Record>>,
    /// Something was written, so that the journal is to be tidied when it is quiet.
    pub untidy: bool,
    /// Charges whose state changed, for whoever listens.
    pub changed: Vec<Charge>,
    /// To be carried out.
    pub effects: Vec<Effect>,
    /// Settlements that waited and have come out.
    pub settled: Vec<(ChargeId, Result<(), Refusal>)>,
}

/// What settling came to, or that it waits for one more answer of the gateway.
pub enum Settled {
    /// It is written down.
    Now,
    /// Its outcome comes in [`Orders::settled`].
    Waits(ChargeId),
}

impl<G: Ground> Teller<G> {
    /// A start: the truth of the last run is read, what the start changes is written down. `no_gateway` closes the window
    /// to new charges because of the settings, `found` because of what opening the journal found.
    ///
    /// # Errors
    /// The journal cannot be read or written; a sentence for people.
    pub async fn start(
        mut ground: G,
        settings: Settings,
        no_gateway: Option<Gate>,
        found: Option<Gate>,
    ) -> Result<Self, StartError> {
        let Past { open, newest, acts } = ground.past().await??;
        let (now, dice) = (ground.now(), ground.dice());
        let resumed = Checkout::resume(settings, now, dice, open, newest, &[]);
        let mut teller = Self {
            ground,
            checkout: resumed.checkout,
            operator: None,
            out: BTreeSet::new(),
            asked: BTreeMap::new(),
            never_handed: Vec::new(),
            gates: Gates { settings: no_gateway, ..Gates::default() },
            scan: None,
            recent: Vec::new(),
            settling: BTreeSet::new(),
            closing: false,
            orders: Orders { acts: Some(acts), untidy: true, ..Orders::default() },
        };
        teller.gates.found(found);
        let started = Event::Started { version: env!("CARGO_PKG_VERSION").to_owned() };
        let mut records = vec![Record { at: teller.ground.now().wall, subject: Subject::Till, event: started }];
        records.extend(resumed.decision.records);
        match teller.ground.append(&records, true).await? {
            Ok(()) => {}
            // What is open must be seen; it is read anew and asked about once there is room.
            Err(error @ AppendError::Full) => teller.down(error.to_string()).await,
            Err(error) => return Err(error.into()),
        }
        teller.recent = teller.ground.recent().await?.unwrap_or_default();
        teller.look_at_room().await;
        teller.pass_gate().await;
        Ok(teller)
    }

    /// The rules as they stand.
    pub fn checkout(&self) -> &Checkout {
        &self.checkout
    }

    /// What it stands on.
    pub fn ground(&mut self) -> &mut G {
        &mut self.ground
    }

    /// What has to be done now; the next call finds nothing of it.
    pub fn orders(&mut self) -> Orders {
        std::mem::take(&mut self.orders)
    }

    /// When [`Teller::on_time`] is due at the latest; `None` if nothing waits for time.
    pub fn wake(&self) -> Option<Mono> {
        // While the journal is down no fact is taken in, so that what is due stays due.
        let rules = self.checkout.next_wake().filter(|_| self.gates.down.is_none());
        [rules, self.gates.retry_at].into_iter().flatten().min()
    }

    /// A moment passed: a journal that is down is tried again, and what is due is done.
    pub async fn on_time(&mut self) {
        self.retry().await;
        self.tick().await;
    }

    /// Tries a journal that is down again, if it is time.
    pub(crate) async fn retry(&mut self) {
        let now = self.ground.now().mono;
        if self.gates.retry_at.is_some_and(|at| at <= now) {
            self.reopen().await;
        }
    }

    /// Nobody waits for the outcome of a tick, and trouble with the journal shows itself as a gate.
    pub(crate) async fn tick(&mut self) {
        if let Err(refusal) = self.step(Fact::Tick).await {
            tracing::debug!(%refusal, "a tick was put off");
        }
    }

    /// Does what a person asks for. What a supervisor or the screen itself is asked for is not asked here.
    ///
    /// # Errors
    /// A sentence for people.
    pub async fn ask(&mut self, command: Command) -> Result<(), Refusal> {
        if self.closing {
            return Err(Refusal::Stopping);
        }
        let fact = match command {
            Command::SignIn { operator } => return self.sign_in(&operator).await,
            Command::SignOut => return self.sign_out().await,
            Command::Arm { entry, large_confirmed } => return self.arm(entry, large_confirmed).await,
            Command::Disarm => Fact::Disarm,
            Command::StopWaiting => Fact::StopWaiting,
            Command::NextCustomer => Fact::NextCustomer,
            Command::QueryNow { charge } => Fact::QueryNow { charge },
            Command::PhoneShows { charge, answer } => {
                let known = self.known(&charge).await?;
                Fact::PhoneShows { charge, answer, known }
            }
            Command::AskHelp { charge } => Fact::AskHelp { charge },
            Command::TakeNotice { charge } => Fact::TakeNotice { charge },
            Command::DecideHeld { accept: false } => Fact::DropHeld,
            Command::DecideHeld { accept: true } => return self.accept_held().await,
            Command::Lock
            | Command::Unlock { .. }
            | Command::StillHere
            | Command::SetLook { .. }
            | Command::SetHall { .. }
            | Command::WantEvidence { .. }
            | Command::SetPin { .. }
            | Command::RemovePin { .. }
            | Command::SupervisorIn { .. }
            | Command::SupervisorOut
            | Command::Settle { .. } => return Err(Refusal::Gone),
        };
        self.step(fact).await.map(|_| ())
    }

    /// The rules have other settings from here on; the armed sale is given up.
    ///
    /// # Errors
    /// Something in front is under way by the old ones, or the journal is down.
    pub async fn change_rules(&mut self, settings: Settings) -> Result<(), Refusal> {
        self.step(Fact::Settings(Box::new(settings))).await.map(|_| ())
    }

    /// A supervisor decides; the name is that of a session that was checked.
    ///
    /// # Errors
    /// A sentence for people.
    pub async fn settle(&mut self, charge: ChargeId, settlement: Settlement) -> Result<Settled, Refusal> {
        let known = self.known(&charge).await?;
        let stepped = self.step(Fact::Settle { charge, settlement, known }).await?;
        Ok(match stepped.settling {
            Some(charge) => {
                self.settling.insert(charge.clone());
                Settled::Waits(charge)
            }
            None => Settled::Now,
        })
    }

    async fn known(&mut self, charge: &ChargeId) -> Result<Option<Charge>, Refusal> {
        self.up()?;
        let found = self.ground.charge(charge).await;
        self.read(found).await
    }

    /// The operator of this number, if it is one.
    pub(crate) fn may_sign_in(&self, operator: &str) -> Result<Operator, Refusal> {
        let text = |why| checkout::EntryError::Text { field: checkout::Field::Operator, why };
        if self.checkout.settings().router.is_payment_code(operator.trim()) {
            return Err(Refusal::Entry { error: text(checkout::TextError::LooksLikePaymentCode) });
        }
        Operator::parse(operator).map_err(|why| Refusal::Entry { error: text(why) })
    }

    async fn sign_in(&mut self, operator: &str) -> Result<(), Refusal> {
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

    /// Writes something about the till itself down.
    pub(crate) async fn note(&mut self, event: Event) -> Result<(), Refusal> {
        let record = Record { at: self.ground.now().wall, subject: Subject::Till, event };
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
        self.up()?;
        let past = self.ground.bill_past(&sale.bill.key()).await;
        let past = self.read(past).await?;
        let fresh = self.ground.fresh();
        self.step(Fact::Arm { sale, past, large_confirmed, fresh }).await.map(|_| ())
    }

    async fn accept_held(&mut self) -> Result<(), Refusal> {
        let Some(fingerprint) = self.checkout.held_fingerprint().cloned() else { return Err(Refusal::Gone) };
        let bill = self.checkout.armed().map(|sale| sale.bill.key());
        self.up()?;
        let found = self.ground.code_past(&fingerprint, bill.as_ref()).await;
        let (used_by, past) = self.read(found).await?;
        let fresh = self.ground.fresh();
        self.step(Fact::AcceptHeld { used_by, past, fresh }).await.map(|_| ())
    }

    /// Takes a scan in and says what became of it.
    pub async fn scanned(&mut self, text: ScannedText) -> ScanOutcome {
        let masked = checkout::CodeTail::of(text.expose()).0;
        let front = self.front_id();
        let outcome = match self.try_scan(text).await {
            Ok(Some(checkout::Fill::Bill(text))) => ScanOutcome::Bill { text },
            Ok(Some(checkout::Fill::Card(text))) => ScanOutcome::Card { text },
            Ok(None) if self.checkout.held().is_some() => ScanOutcome::Held,
            Ok(None) => match self.front_id() {
                Some(charge) if front.as_ref() != Some(&charge) => ScanOutcome::Charging { charge },
                // A double trigger of the scanner is the same act: nothing new to show.
                Some(charge) => return ScanOutcome::Charging { charge },
                None => return ScanOutcome::Refused { refusal: Refusal::Gone },
            },
            Err(refusal) => ScanOutcome::Refused { refusal },
        };
        self.show_scan(masked, outcome.clone());
        outcome
    }

    fn front_id(&self) -> Option<ChargeId> {
        self.checkout.front().map(|charge| charge.id.clone())
    }

    async fn try_scan(&mut self, text: ScannedText) -> Result<Option<checkout::Fill>, Refusal> {
        if self.closing {
            return Err(Refusal::Stopping);
        }
        let bill = self.checkout.armed().map(|sale| sale.bill.key());
        let Some(fingerprint) = self.ground.fingerprint(text.expose()) else {
            return Err(Refusal::Gate { reason: self.gates.now().unwrap_or(Gate::WrongSecret) });
        };
        self.up()?;
        let found = self.ground.code_past(&fingerprint, bill.as_ref()).await;
        let (used_by, past) = self.read(found).await?;
        let fresh = self.ground.fresh();
        Ok(self.step(Fact::Scan { text, fingerprint, used_by, past, fresh }).await?.fill)
    }

    pub(crate) fn show_scan(&mut self, read: String, outcome: ScanOutcome) {
        let number = self.scan.as_ref().map_or(1, |scan| scan.number.wrapping_add(1));
        let read = match &outcome {
            ScanOutcome::Bill { text } | ScanOutcome::Card { text } | ScanOutcome::Evidence { text, .. } => {
                text.clone()
            }
            _ => read,
        };
        tracing::info!(read, ?outcome, "scan");
        self.scan = Some(ScanView { number, read, outcome });
    }

    /// Takes an answer of the gateway in.
    pub async fn answered(&mut self, charge: ChargeId, leg: Leg, mut answer: Answer) {
        if let Some(known) = self.checkout.charge(&charge) {
            echo::hide(&mut answer, &known.intent, |text| self.ground.fingerprint(text));
        }
        tracing::info!(%charge, ?leg, ?answer, "answer");
        match (leg, self.asked.get_mut(&charge)) {
            (Leg::Query, Some(asked)) => asked.answered = true,
            (Leg::Query, None) => {}
            (Leg::Charge | Leg::Begin | Leg::End, _) => _ = self.out.remove(&charge),
        }
        let Some(bill) = self.checkout.charge(&charge).map(|c| c.intent.bill.key()) else { return };
        let past = match self.up() {
            Ok(()) => {
                let past = self.ground.bill_past(&bill).await;
                self.read(past).await
            }
            Err(refusal) => Err(refusal),
        };
        let past = match past {
            Ok(past) => past,
            Err(refusal) => {
                tracing::error!(%charge, %refusal, "an answer could not be taken in; the gateway is asked again");
                return;
            }
        };
        let fresh = self.ground.fresh();
        if let Err(refusal) = self.step(Fact::Answer { charge, leg, answer, past, fresh }).await {
            tracing::error!(%refusal, "an answer was not recorded; the gateway is asked again");
        }
    }
}
