//! The gateway: one request for one answer, never repeated.

use std::sync::Arc;
use std::time::{Duration, Instant};

use checkout::{Answer, BeginRequest, Body, ChargeId, ChargeRequest, EndRequest, Loss, QueryRequest};
use reqwest::Url;

use crate::address::Addresses;
use crate::exchange::Reply;
use crate::hawk::Credentials;
use crate::line::Line;
use crate::reading::Form;
use crate::settings::{GatewaySettings, SetupError};
use crate::text::Mask;
use crate::{client, reading, wire};

/// The venue's payment platform. Cheap to clone; clones share their connections and what they learnt of its clock.
#[derive(Clone)]
pub struct Gateway {
    pub(crate) line: Arc<Line>,
    pub(crate) addresses: Addresses,
    pub(crate) connect_limit: Duration,
    pub(crate) payment_type: String,
}

impl Gateway {
    /// Checks the settings, reads the certificate authority and the Hawk key where files are named, and prepares the
    /// client; sends nothing.
    pub fn new(settings: &GatewaySettings) -> Result<Self, SetupError> {
        let addresses = Addresses::of(settings)?;
        let credentials = settings.hawk.as_ref().map(Credentials::load).transpose()?;
        let line = Line::new(client::build(settings, &addresses)?, credentials);
        Ok(Self {
            line: Arc::new(line),
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
        self.ask(Leg::Charge, &request.charge, wire::charge(&request), &mask).await
    }

    /// Asks about a charge, once.
    pub async fn query(&self, request: QueryRequest) -> Answer {
        let body = wire::query(&request, &self.payment_type);
        self.ask(Leg::Query, &request.charge, body, &Mask::none()).await
    }

    /// Begins a recharge, at most once; nothing is collected by it (gateway-api.md §7.3, flow A).
    ///
    /// Needs `payment_type`: without it nothing is sent, and the answer is [`Answer::NeverConnected`]. Any text in the
    /// answer's `tag` is dropped.
    pub async fn begin(&self, request: BeginRequest) -> Answer {
        if self.payment_type.is_empty() {
            return Answer::NeverConnected { what: "[gateway] payment_type is empty, and Begin needs it".into() };
        }
        let body = wire::begin(&request, &self.payment_type);
        self.ask(Leg::Begin, &request.charge, body, &Mask::none()).await
    }

    /// Ends a recharge: the card is credited. At most once for each call; whether a second call is allowed is not this
    /// crate's to know (`recharge-exactly-once`). Dropping the future proves nothing. Any text in the answer's `tag` is
    /// dropped.
    pub async fn end(&self, request: EndRequest) -> Answer {
        self.ask(Leg::End, &request.charge, wire::end(&request), &Mask::none()).await
    }

    async fn ask(
        &self,
        leg: Leg,
        charge: &ChargeId,
        body: serde_json::Result<bytes::Bytes>,
        mask: &Mask<'_>,
    ) -> Answer {
        let started = Instant::now();
        let reply = match body {
            Ok(body) => self.line.post(self.address(leg), body, mask).await,
            // Nothing was handed to the transport.
            Err(_) => Reply::NeverConnected("the request could not be written".into()),
        };
        let answer = answer(reply, leg.form(), mask);
        let ms = started.elapsed().as_millis() as u64;
        let leg = leg.name();
        tracing::info!(%charge, leg, status = %status(&answer), ms, "gateway");
        if matches!(answer, Answer::Http { status: 401, .. }) {
            tracing::warn!(leg, signed = self.line.signs(), "the platform refuses this till; look at [gateway.auth]");
        }
        answer
    }

    fn address(&self, leg: Leg) -> &Url {
        match leg {
            Leg::Charge => &self.addresses.charge,
            Leg::Query => &self.addresses.query,
            Leg::Begin => &self.addresses.begin,
            Leg::End => &self.addresses.end,
        }
    }
}

#[derive(Clone, Copy)]
enum Leg {
    Charge,
    Query,
    Begin,
    End,
}

impl Leg {
    /// What the log calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Charge => "charge",
            Self::Query => "query",
            Self::Begin => "begin",
            Self::End => "end",
        }
    }

    fn form(self) -> Form {
        match self {
            Self::Charge | Self::Query => Form::Status,
            Self::Begin | Self::End => Form::Plain,
        }
    }
}

/// What an unread answer says.
pub(crate) fn answer(reply: Reply, form: Form, mask: &Mask<'_>) -> Answer {
    match reply {
        Reply::NeverConnected(what) => Answer::NeverConnected { what },
        Reply::Lost(loss) => Answer::Lost(loss),
        Reply::Http { status, body, .. } => {
            Answer::Http { status, body: body.map_or(Body::Unreadable, |bytes| reading::body(&bytes, form, mask)) }
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
