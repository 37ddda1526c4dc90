//! The supervisor's acts: PINs, sessions, settling. Each is checked here, whatever a page shows or hides.

use checkout::event::Event;
use checkout::{ChargeId, PinError, Refusal, Settlement, Word};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::clock;
use crate::inbox::Pin;
use crate::supervisors;
use crate::teller::Settled;
use crate::work::Work;

/// Whoever waits for the outcome of a settlement.
pub(crate) type Waiting = oneshot::Sender<Result<(), Refusal>>;

impl Work {
    pub(crate) async fn set_pin(&mut self, name: &str, pin: Pin, leave: Option<Pin>) -> Result<(), Refusal> {
        let name = supervisors::name(name).map_err(refused)?;
        if self.teller.checkout.settings().router.is_payment_code(&name) {
            return Err(refused(PinError::BadName));
        }
        let secret = self.teller.ground.secret.clone().ok_or(refused(PinError::NoKey))?;
        let by = if self.supervisors.any() { self.leave(leave).await? } else { self.first_leave()? };
        let (for_hash, salt) = (name.clone(), rand::random());
        let hash = tokio::task::spawn_blocking(move || supervisors::hash(&secret, &for_hash, pin.expose(), salt));
        let hash = hash.await.map_err(|_| Refusal::Stopping)?.map_err(refused)?;
        self.act(Event::PinSet { name, hash, by }).await
    }

    pub(crate) async fn remove_pin(&mut self, name: &str, leave: Option<Pin>) -> Result<(), Refusal> {
        let name = supervisors::name(name).map_err(refused)?;
        let by = self.leave(leave).await?;
        let names = self.supervisors.names();
        if !names.contains(&name) {
            return Err(refused(PinError::NoSuchName));
        }
        if names.len() == 1 {
            return Err(refused(PinError::LastOne));
        }
        self.act(Event::PinRemoved { name, by }).await
    }

    pub(crate) async fn supervisor_in(&mut self, name: &str, pin: Pin) -> Result<(), Refusal> {
        let name = name.trim().to_owned();
        let kept = self.supervisors.hash_of(&name);
        // Only a name that there is: what stands in the field instead may be a PIN or a payment code.
        let tried = if kept.is_some() { name.clone() } else { String::new() };
        self.check_pin(tried, vec![(name.clone(), kept)], pin).await?;
        if let Some(before) = self.supervisors.end() {
            self.act(Event::SupervisorOut { name: before }).await?;
        }
        self.act(Event::SupervisorIn { name: name.clone() }).await?;
        self.evidence = None;
        self.supervisors.begin(&name, Instant::now(), clock::wall());
        Ok(())
    }

    pub(crate) async fn supervisor_out(&mut self) -> Result<(), Refusal> {
        match self.supervisors.end() {
            Some(name) => self.act(Event::SupervisorOut { name }).await,
            None => Ok(()),
        }
    }

    /// Ends a session that nobody used for too long.
    pub(crate) async fn end_idle_session(&mut self) {
        if self.supervisors.is_idle(Instant::now(), clock::wall())
            && let Err(refusal) = self.supervisor_out().await
        {
            tracing::warn!(%refusal, "the end of a supervisor's session was not recorded");
        }
    }

    pub(crate) async fn settle(
        &mut self,
        charge: ChargeId,
        word: Word,
        reason: String,
        evidence: String,
    ) -> Result<Settled, Refusal> {
        let by = self.supervisors.act(Instant::now(), clock::wall()).map_err(refused)?;
        let settled = self.teller.settle(charge, Settlement { word, by, reason, evidence }).await;
        self.carry_out();
        if settled.is_ok() {
            self.evidence = None;
        }
        settled
    }

    /// Settlements that waited have come out; whoever waits is told once the view shows it.
    pub(crate) fn settled(&mut self, settled: Vec<(ChargeId, Result<(), Refusal>)>) {
        for (charge, outcome) in settled {
            if let Some(waiting) = self.settling.remove(&charge) {
                self.told.push((waiting, outcome));
            }
        }
    }

    /// Lets whoever waited know, right after the view was published.
    pub(crate) fn tell_settled(&mut self) {
        for (waiting, outcome) in self.told.drain(..) {
            // Whoever asked may have gone; the journal has it.
            let _ = waiting.send(outcome);
        }
    }

    pub(crate) fn wait_for_settling(&mut self, charge: ChargeId, reply: Waiting) {
        self.settling.insert(charge, reply);
    }

    /// The first PIN needs nobody's leave, but a whole journal: a damaged one may have lost the PINs that there are.
    fn first_leave(&self) -> Result<String, Refusal> {
        match self.teller.gates.journal.clone() {
            Some(reason) => Err(Refusal::Gate { reason }),
            None => Ok(String::new()),
        }
    }

    /// Whose leave there is: the PIN of any supervisor, or the session.
    async fn leave(&mut self, pin: Option<Pin>) -> Result<String, Refusal> {
        let Some(pin) = pin else { return self.supervisors.act(Instant::now(), clock::wall()).map_err(refused) };
        let all = self.supervisors.hashes().into_iter().map(|(name, hash)| (name, Some(hash))).collect();
        self.check_pin(String::new(), all, pin).await
    }

    /// Checks a PIN against names with their kept hashes; a wrong one is written down for the name that was tried, if one
    /// was, and costs a growing delay.
    async fn check_pin(
        &mut self,
        tried: String,
        names: Vec<(String, Option<String>)>,
        pin: Pin,
    ) -> Result<String, Refusal> {
        let wait_s = self.supervisors.wait_s(Instant::now());
        if wait_s > 0 {
            return Err(refused(PinError::Wait { wait_s }));
        }
        let secret = self.teller.ground.secret.clone().ok_or(refused(PinError::NoKey))?;
        let check = move || {
            let fits = |(name, kept): &(String, Option<String>)| {
                supervisors::fits(&secret, name, pin.expose(), kept.as_deref())
            };
            names.into_iter().find(fits).map(|(name, _)| name)
        };
        let found = tokio::task::spawn_blocking(check).await.map_err(|_| Refusal::Stopping)?;
        if let Some(name) = found {
            return Ok(name);
        }
        let wrong = Event::PinRefused { name: tried };
        // It counts even if it cannot be written down, or a broken disk would make every try free.
        self.supervisors.apply(&wrong);
        self.supervisors.block(Instant::now());
        tracing::warn!("a supervisor's PIN was wrong");
        self.note(wrong).await?;
        Err(refused(PinError::Wrong))
    }

    /// Writes an act down, and only then lets it count.
    async fn act(&mut self, event: Event) -> Result<(), Refusal> {
        self.note(event.clone()).await?;
        self.supervisors.apply(&event);
        Ok(())
    }
}

fn refused(error: PinError) -> Refusal {
    Refusal::Pin { error }
}
