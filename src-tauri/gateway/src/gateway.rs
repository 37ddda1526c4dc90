//! The gateway: one request for one answer, never repeated.

use std::time::{Duration, Instant};

use checkout::{Answer, Body, ChargeId, ChargeRequest, Loss, QueryRequest};
use reqwest::{Client, Url};

use crate::address::Addresses;
use crate::exchange::{self, Reply};
use crate::settings::{GatewaySettings, SetupError};
use crate::text::Mask;
use crate::{client, reading, wire};

/// The venue's payment platform. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) client: Client,
    pub(crate) addresses: Addresses,
    pub(crate) connect_limit: Duration,
    payment_type: String,
}

impl Gateway {
    /// Checks the settings and prepares the client; sends nothing.
    pub fn new(settings: &GatewaySettings) -> Result<Self, SetupError> {
        let addresses = Addresses::of(settings)?;
        Ok(Self {
            client: client::build(settings, &addresses)?,
            addresses,
            connect_limit: Duration::from_millis(settings.connect_timeout_ms),
            payment_type: settings.payment_type.clone(),
        })
    }

    /// Sends a charge, at most once (`code-once`), and waits for its answer.
    ///
    /// [`Answer::NeverConnected`] only if no connection was made. Dropping the future proves nothing: the request may
    /// be under way. No string of the answer holds the payment code.
    pub async fn charge(&self, request: ChargeRequest) -> Answer {
        let mask = Mask::hiding(&request.code);
        let url = &self.addresses.charge;
        let body = wire::charge(&request);
        self.ask("charge", &request.charge, url, body, &mask).await
    }

    /// Asks about a charge, once.
    pub async fn query(&self, request: QueryRequest) -> Answer {
        let url = &self.addresses.query;
        let body = wire::query(&request, &self.payment_type);
        self.ask("query", &request.charge, url, body, &Mask::none()).await
    }

    async fn ask(
        &self,
        leg: &'static str,
        charge: &ChargeId,
        url: &Url,
        body: serde_json::Result<bytes::Bytes>,
        mask: &Mask<'_>,
    ) -> Answer {
        let started = Instant::now();
        let reply = match body {
            Ok(body) => exchange::post(&self.client, url, body, mask).await,
            // Nothing was handed to the transport.
            Err(_) => Reply::NeverConnected("the request could not be written".into()),
        };
        let answer = answer(reply, mask);
        let ms = started.elapsed().as_millis() as u64;
        tracing::info!(%charge, leg, status = %status(&answer), ms, "gateway");
        answer
    }
}

fn answer(reply: Reply, mask: &Mask<'_>) -> Answer {
    match reply {
        Reply::NeverConnected(what) => Answer::NeverConnected { what },
        Reply::Lost(loss) => Answer::Lost(loss),
        Reply::Http { status, body } => {
            Answer::Http { status, body: body.map_or(Body::Unreadable, |bytes| reading::body(&bytes, mask)) }
        }
    }
}

/// What the log says of an answer: no text from outside, except why no connection was made.
fn status(answer: &Answer) -> String {
    match answer {
        Answer::NeverConnected { what } => format!("never connected ({what})"),
        Answer::Lost(Loss::Timeout) => "lost (timeout)".into(),
        Answer::Lost(Loss::Broken) => "lost (broken off)".into(),
        Answer::Http { status, body } => match body {
            Body::Envelope(envelope) => format!("{status} errcode {}", envelope.errcode),
            Body::ModelState(_) => format!("{status} validation"),
            Body::Unreadable => format!("{status} unreadable"),
        },
    }
}
