//! The line to the platform: signs what goes out, listens to the time in what comes back.

use bytes::Bytes;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method, RequestBuilder, StatusCode, Url};

use crate::challenge::Challenge;
use crate::clock::{self, PlatformClock};
use crate::exchange::{self, Reply};
use crate::hawk::{Credentials, Signed};
use crate::text::Mask;

/// One client, who we are to the platform, and what its clock says.
pub(crate) struct Line {
    pub client: Client,
    credentials: Option<Credentials>,
    clock: PlatformClock,
}

impl Line {
    pub fn new(client: Client, credentials: Option<Credentials>) -> Self {
        Self { client, credentials, clock: PlatformClock::default() }
    }

    /// The same connections without a signature.
    pub fn unsigned(&self) -> Self {
        Self::new(self.client.clone(), None)
    }

    /// Whether requests are signed.
    pub fn signs(&self) -> bool {
        self.credentials.is_some()
    }

    /// Sends a body to an address, once.
    pub async fn post(&self, url: &Url, body: Bytes, mask: &Mask<'_>) -> Reply {
        let signed = Signed { method: &Method::POST, url, body: Some(&body) };
        let request = self.client.post(url.clone()).header(CONTENT_TYPE, "application/json; charset=utf-8");
        match self.sign(request.header(ACCEPT, "application/json"), &signed) {
            Some(request) => self.send(request.body(body), mask).await,
            None => unsignable(),
        }
    }

    /// Looks at an address, once.
    pub async fn get(&self, url: &Url) -> Reply {
        let signed = Signed { method: &Method::GET, url, body: None };
        match self.sign(self.client.get(url.clone()), &signed) {
            Some(request) => self.send(request, &Mask::none()).await,
            None => unsignable(),
        }
    }

    /// Learns the time from an answer's headers, and returns what a 401 says of the signature.
    pub fn listen(&self, status: StatusCode, headers: &HeaderMap) -> Option<Challenge> {
        let refusal = status == StatusCode::UNAUTHORIZED;
        let challenge = if refusal { Challenge::of(headers, self.credentials.as_ref()) } else { None };
        self.clock.learn(clock::date(headers), challenge.as_ref().and_then(|challenge| challenge.ts));
        challenge
    }

    /// Signed at the last moment, with the platform's time as known by now.
    fn sign(&self, request: RequestBuilder, signed: &Signed<'_>) -> Option<RequestBuilder> {
        let Some(credentials) = &self.credentials else {
            return Some(request);
        };
        let value = credentials.authorization(signed, self.clock.now_s())?;
        Some(request.header(AUTHORIZATION, value))
    }

    async fn send(&self, request: RequestBuilder, mask: &Mask<'_>) -> Reply {
        exchange::send(request, mask, |status, headers| self.listen(status, headers)).await
    }
}

/// Nothing was handed to the transport.
fn unsignable() -> Reply {
    Reply::NeverConnected("the request could not be signed: this machine gives no random numbers".into())
}
