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
                tracing::error!(%charge, %error, "a request died without an answer");
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
