//! One request out, one bounded answer back, and the one proof that nothing left.

use checkout::Loss;
use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response, StatusCode};
use zeroize::Zeroizing;

use crate::challenge::Challenge;
use crate::text::Mask;

/// The most that is read of an answer; the real ones have a few hundred bytes.
const BODY_MAX: usize = 64 * 1024;

/// What came back, unread.
pub(crate) enum Reply {
    /// No connection was made, so nothing left.
    NeverConnected(String),
    /// Something may have left, and no whole answer came.
    Lost(Loss),
    /// A whole answer.
    Http {
        status: u16,
        /// The body; `None` if it is larger than `BODY_MAX`, and then the connection is gone too.
        body: Option<Zeroizing<Vec<u8>>>,
        /// What a 401 says of the signature.
        refused: Option<String>,
    },
}

impl Reply {
    /// The status code of a whole answer.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Http { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// Sends a request, once, and reads its answer. `listen` hears the head of the answer even if its body is lost.
pub(crate) async fn send(
    request: RequestBuilder,
    mask: &Mask<'_>,
    listen: impl FnOnce(StatusCode, &HeaderMap) -> Option<Challenge>,
) -> Reply {
    let response = match request.send().await {
        Ok(response) => response,
        // Set by the pool and the connector alone, before a request is handed to any connection. A total timeout is
        // never this, even if it fires while connecting: design.md §2, `never-sent-is-proved`.
        Err(error) if error.is_connect() => {
            return Reply::NeverConnected(mask.shown(&in_words(&error)));
        }
        Err(error) => return Reply::Lost(loss(&error)),
    };
    let challenge = listen(response.status(), response.headers());
    let refused = challenge.and_then(|challenge| challenge.error).map(|error| mask.shown(&error));
    let status = response.status().as_u16();
    match read(response, BODY_MAX).await {
        Ok(body) => Reply::Http { status, body, refused },
        Err(loss) => Reply::Lost(loss),
    }
}

/// Reads a body to its end, or gives it up (`None`) once it is larger than `most`; dropping it closes the connection.
pub(crate) async fn read(mut response: Response, most: usize) -> Result<Option<Zeroizing<Vec<u8>>>, Loss> {
    if response.content_length().is_some_and(|n| n > most as u64) {
        return Ok(None);
    }
    // Room at once: a buffer that grows leaves copies behind, and an answer may echo the code.
    let mut body = Zeroizing::new(Vec::with_capacity(most.min(BODY_MAX)));
    while let Some(part) = response.chunk().await.map_err(|error| loss(&error))? {
        if body.len() + part.len() > most {
            return Ok(None);
        }
        body.extend_from_slice(&part);
    }
    Ok(Some(body))
}

/// How an answer was lost, by the error.
pub(crate) fn loss(error: &reqwest::Error) -> Loss {
    if error.is_timeout() { Loss::Timeout } else { Loss::Broken }
}

/// An error and what caused it, innermost last, for people. The address is left out; a body is never in it.
pub(crate) fn in_words(error: &reqwest::Error) -> String {
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        let text = cause.to_string();
        if !text.is_empty() && causes.last() != Some(&text) {
            causes.push(text);
        }
        next = cause.source();
    }
    if causes.is_empty() {
        return "the request could not be made".into();
    }
    causes.join(": ")
}
