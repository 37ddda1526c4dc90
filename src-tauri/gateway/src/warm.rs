//! Having the connection ready before a scan: a harmless GET of the platform's address.

use std::time::Instant;

use checkout::Loss;
use reqwest::header::CONNECTION;

use crate::gateway::Gateway;
use crate::text::Mask;
use crate::{clock, exchange};

/// The most that is read of the platform's front page; a longer one costs the connection, nothing else.
const PAGE_MAX: usize = 1024 * 1024;

/// The platform answered. What it answered does not matter: a 404 warms as well as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warmth {
    /// HTTP status of the answer.
    pub status: u16,
    /// From the call to the answer's end, in milliseconds.
    pub ms: u64,
    /// Whether the connection stays open for the next request, as far as one can tell.
    pub kept: bool,
    /// How far the platform's clock is ahead of ours by its `Date`, in whole seconds; `None` without a usable `Date`.
    pub clock_ahead_s: Option<i64>,
}

/// The platform did not answer. Changes nothing: a charge may still be tried.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the payment platform does not answer: {what}")]
pub struct Cold {
    /// Why, for people.
    pub what: String,
}

impl Gateway {
    /// Makes sure that a connection is open (design.md §4): GET of `base_url`, its body read to the end.
    ///
    /// A kept connection that turns out dead is replaced by a second, fresh try: it must be found dead now rather than
    /// by the charge. Takes at most twice the connect limit.
    pub async fn warm(&self) -> Result<Warmth, Cold> {
        let started = Instant::now();
        let outcome = match self.front_page().await {
            Err(Failure::Lost(_)) => self.front_page().await,
            first => first,
        };
        let ms = started.elapsed().as_millis() as u64;
        match outcome {
            Ok(page) => {
                tracing::debug!(leg = "warm", status = page.status, ms, "gateway");
                Ok(Warmth { ms, ..page })
            }
            Err(failure) => {
                let what = failure.in_words();
                tracing::info!(leg = "warm", status = %what, ms, "gateway");
                Err(Cold { what })
            }
        }
    }

    async fn front_page(&self) -> Result<Warmth, Failure> {
        let request = self.line.client.get(self.addresses.base.clone()).timeout(self.connect_limit);
        let response = request.send().await.map_err(|error| {
            if error.is_connect() {
                Failure::NotConnected(Mask::none().shown(&exchange::in_words(&error)))
            } else {
                Failure::Lost(exchange::loss(&error))
            }
        })?;
        let status = response.status().as_u16();
        // Not signed: anybody may see the front page, a 401 warms as well, and its `Date` makes the next signature right.
        self.line.listen(response.status(), response.headers());
        let clock_ahead_s = clock::date(response.headers()).and_then(clock::ahead_now);
        let closing =
            response.headers().get(CONNECTION).is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"close"));
        let body = exchange::read(response, PAGE_MAX).await.map_err(Failure::Lost)?;
        Ok(Warmth { status, ms: 0, kept: body.is_some() && !closing, clock_ahead_s })
    }
}

enum Failure {
    NotConnected(String),
    Lost(Loss),
}

impl Failure {
    fn in_words(self) -> String {
        match self {
            Self::NotConnected(what) => what,
            Self::Lost(Loss::Timeout) => "no answer in time".into(),
            Self::Lost(Loss::Broken) => "the connection broke off".into(),
        }
    }
}
