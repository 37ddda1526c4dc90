//! Carrying out effects: requests to the gateway, each in a task that always reports back.

use std::future::Future;
use std::sync::Arc;

use checkout::{Answer, BeginRequest, ChargeId, ChargeRequest, EndRequest, Leg, Loss, QueryRequest};
use gateway::Gateway;
use tokio::sync::mpsc;

use crate::inbox::Message;

/// Runs requests and posts their answers into the inbox.
#[derive(Clone)]
pub struct Errands {
    /// `None` where no gateway address is set.
    pub gateway: Option<Arc<Gateway>>,
    pub inbox: mpsc::Sender<Message>,
}

impl Errands {
    /// Hands the one charge request over.
    pub fn charge(&self, request: ChargeRequest) {
        let id = request.charge.clone();
        let gateway = self.gateway.clone();
        self.report(id, Leg::Charge, async move {
            match gateway {
                Some(gateway) => gateway.charge(request).await,
                None => no_gateway(),
            }
        });
    }

    /// Asks about a charge.
    pub fn query(&self, request: QueryRequest) {
        let id = request.charge.clone();
        let gateway = self.gateway.clone();
        self.report(id, Leg::Query, async move {
            match gateway {
                Some(gateway) => gateway.query(request).await,
                None => no_gateway(),
            }
        });
    }

    /// Begins a recharge.
    pub fn begin(&self, request: BeginRequest) {
        let id = request.charge.clone();
        let gateway = self.gateway.clone();
        self.report(id, Leg::Begin, async move {
            match gateway {
                Some(gateway) => gateway.begin(request).await,
                None => no_gateway(),
            }
        });
    }

    /// Credits a card.
    pub fn end(&self, request: EndRequest) {
        let id = request.charge.clone();
        let gateway = self.gateway.clone();
        self.report(id, Leg::End, async move {
            match gateway {
                Some(gateway) => gateway.end(request).await,
                None => no_gateway(),
            }
        });
    }

    /// Has a connection ready for the scan that is expected.
    pub fn warm(&self) {
        let (Some(gateway), inbox) = (self.gateway.clone(), self.inbox.clone()) else { return };
        tokio::spawn(async move {
            let warmth = gateway.warm().await;
            // A till that has stopped needs no report.
            let _ = inbox.send(Message::Warmed(warmth)).await;
        });
    }

    /// A task that dies without an answer has lost it: the request may be out.
    fn report(&self, charge: ChargeId, leg: Leg, request: impl Future<Output = Answer> + Send + 'static) {
        let inbox = self.inbox.clone();
        tokio::spawn(async move {
            let answer = tokio::spawn(request).await.unwrap_or_else(|error| {
                // In its own words the error repeats the panic's message, which can hold anything (`code-is-secret`).
                tracing::error!(%charge, panicked = error.is_panic(), "a request died without an answer");
                Answer::Lost(Loss::Broken)
            });
            if inbox.send(Message::Answer { charge: charge.clone(), leg, answer }).await.is_err() {
                tracing::info!(%charge, "an answer came after the till had stopped; the next start asks again");
            }
        });
    }
}

fn no_gateway() -> Answer {
    Answer::NeverConnected { what: "no gateway address is set".into() }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::Mutex;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().expect("lines").write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_request_that_panics_has_lost_its_answer_and_says_nothing_of_the_code() {
        let lines = Lines::default();
        let writer = lines.clone();
        let log = tracing_subscriber::fmt().with_writer(move || writer.clone()).finish();
        let _guard = tracing::subscriber::set_default(log);
        let (inbox, mut messages) = mpsc::channel(1);
        let errands = Errands { gateway: None, inbox };
        let code = String::from("134567890123456789");
        let told = code.clone();
        errands.report(ChargeId("01J0".into()), Leg::Charge, async move { panic!("no room for {told}") });
        let message = messages.recv().await;
        assert!(matches!(message, Some(Message::Answer { leg: Leg::Charge, answer: Answer::Lost(Loss::Broken), .. })));
        let said = String::from_utf8(lines.0.lock().expect("lines").clone()).expect("text");
        assert!(said.contains("01J0") && !said.contains(&code), "{said}");
    }
}
