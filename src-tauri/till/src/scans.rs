//! A scan's way through the till: who may have it first, what the rules make of it, and what is shown.

use checkout::{ChargeId, CodeTail, Fact, Fill, Gate, Refusal, ScannedText};

use crate::source::ScanSource;
use crate::steps::code_past;
use crate::view::{ScanOutcome, ScanView};
use crate::work::{Work, fresh_id};

impl Work {
    /// Looks at a scan and does what it is for; a double trigger of the scanner is the same act.
    pub(crate) async fn scanned(&mut self, text: ScannedText, source: ScanSource) -> ScanOutcome {
        if source == ScanSource::Elsewhere && !self.wants_from_elsewhere(&text) {
            return ScanOutcome::Refused { refusal: Refusal::NotArmed };
        }
        if self.pairing_waits_for(text.expose()) {
            self.type_pairing(text.expose(), Vec::new());
            return ScanOutcome::Refused { refusal: Refusal::Gone };
        }
        let masked = CodeTail::of(text.expose()).0;
        if let Some(outcome) = self.taken_as_evidence(&text) {
            self.show_scan(masked, outcome.clone());
            return outcome;
        }
        let front = self.front_id();
        let outcome = match self.try_scan(text, source).await {
            Ok(Some(Fill::Bill(text))) => ScanOutcome::Bill { text },
            Ok(Some(Fill::Card(text))) => ScanOutcome::Card { text },
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

    async fn try_scan(&mut self, text: ScannedText, source: ScanSource) -> Result<Option<Fill>, Refusal> {
        if self.stopping.is_some() {
            return Err(Refusal::Stopping);
        }
        self.admit(&text, source)?;
        let bill = self.checkout.armed().map(|sale| sale.bill.key());
        if self.locked {
            return Err(Refusal::Locked);
        }
        let Some(secret) = &self.secret else {
            return Err(Refusal::Gate { reason: self.gates.now().unwrap_or(Gate::WrongSecret) });
        };
        let fingerprint = secret.fingerprint(text.expose());
        let code = fingerprint.clone();
        let (used_by, past) = self.read(move |books| code_past(books, &code, bill.as_ref())).await?;
        Ok(self.step(Fact::Scan { text, fingerprint, used_by, past, fresh: fresh_id() }).await?.fill)
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
}
