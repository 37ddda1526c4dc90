//! A scan as the evidence of a supervisor's decision: the wallet's own order number, read from the customer's phone.
//!
//! It is decided here, for whatever reads the number: a serial line, or keys that are taken before they reach the page.

use checkout::order::Seen;
use checkout::{ChargeId, Refusal, ScannedText};
use tokio::time::Instant;

use crate::clock;
use crate::view::ScanOutcome;
use crate::work::Work;

/// A form that is open for the evidence of a decision.
pub(crate) struct Wanted {
    charge: ChargeId,
    /// Whose session opened it; nobody else's evidence is put into it.
    by: String,
}

impl Work {
    /// A supervisor's form about this charge is open, or none is any more.
    pub(crate) fn want_evidence(&mut self, charge: Option<ChargeId>) -> Result<(), Refusal> {
        self.evidence = None;
        if let Some(charge) = charge {
            let by = self.acting()?;
            self.evidence = Some(Wanted { charge, by });
        }
        Ok(())
    }

    /// What became of a scan that a supervisor's form took, or that must not be taken for a charge while it is open; `None`
    /// leaves it to the usual way. Without the session that opened the form nothing waits for evidence any more.
    pub(crate) fn taken_as_evidence(&mut self, text: &ScannedText) -> Option<ScanOutcome> {
        let wanted = self.evidence.take()?;
        if self.stopping.is_some() || self.acting().as_ref() != Ok(&wanted.by) {
            return None;
        }
        let charge = wanted.charge.clone();
        self.evidence = Some(wanted);
        let own_bill = self.teller.checkout.charge(&charge).is_some_and(|charge| charge.intent.bill.is(text.expose()));
        let refused = |refusal| Some(ScanOutcome::Refused { refusal });
        match self.teller.checkout.settings().router.seen(text.expose()) {
            Seen::Elsewhere => None,
            Seen::OrderNumber if !own_bill => Some(ScanOutcome::Evidence { charge, text: text.expose().to_owned() }),
            Seen::Code => refused(Refusal::CodeForEvidence),
            Seen::OrderNumber | Seen::Nothing => refused(Refusal::NotAnOrder),
        }
    }

    /// The supervisor who is signed in; acting makes the session last.
    fn acting(&mut self) -> Result<String, Refusal> {
        self.supervisors.act(Instant::now(), clock::wall()).map_err(|error| Refusal::Pin { error })
    }
}
