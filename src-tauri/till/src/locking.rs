//! Locking the screen: whoever leaves it shows nothing of the sale, and nothing is taken until an operator is back.
//!
//! Operators have no PIN, so the lock keeps eyes and hands off and proves nobody's identity.

use checkout::event::Event;
use checkout::{Operator, Refusal};

use crate::inbox::Command;
use crate::work::Work;

impl Work {
    /// What a locked screen may still ask for.
    pub(crate) fn is_locked_for(&self, command: &Command) -> bool {
        self.locked && !matches!(command, Command::Lock | Command::Unlock { .. } | Command::SetLook { .. })
    }

    /// Locks, whatever the journal says: an amount that is not shown cannot be charged (`armed-amount`), since a locked
    /// till takes no scan.
    pub(crate) async fn lock(&mut self) -> Result<(), Refusal> {
        let Some(operator) = self.teller.operator.clone() else { return Err(Refusal::Gone) };
        if self.locked {
            return Ok(());
        }
        self.locked = true;
        for outcome in [
            self.ask_teller(Command::Disarm).await,
            self.supervisor_out().await,
            self.note_lock("locked", &operator).await,
        ] {
            if let Err(refusal) = outcome {
                tracing::warn!(%refusal, "the screen is locked, though not everything about it was written down");
            }
        }
        Ok(())
    }

    /// Unlocks for the operator who locked; for another one only where that is meant, and then that one is signed in.
    pub(crate) async fn unlock(&mut self, operator: &str, take_over: bool) -> Result<(), Refusal> {
        let Some(before) = self.teller.operator.clone().filter(|_| self.locked) else { return Err(Refusal::Gone) };
        let same = Operator::parse(operator).is_ok_and(|operator| operator == before);
        if !same {
            self.teller.may_sign_in(operator)?;
            if !take_over {
                return Err(Refusal::OtherOperator { operator: before.to_string() });
            }
            self.ask_teller(Command::SignIn { operator: operator.to_owned() }).await?;
        }
        self.locked = false;
        let now = self.teller.operator.clone().unwrap_or(before);
        if let Err(refusal) = self.note_lock("unlocked", &now).await {
            tracing::warn!(%refusal, "unlocking was not written down");
        }
        Ok(())
    }

    async fn note_lock(&mut self, what: &str, operator: &Operator) -> Result<(), Refusal> {
        self.note(Event::Noted { what: what.to_owned(), text: operator.to_string() }).await
    }
}
