//! Whole answers and spoilt ones: statuses, cut bodies, floods and drips.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};

use crate::envelope::quoted;
use crate::fields::Format;
use crate::limits::Complaints;
use crate::scenario::Fault;

/// Marks a response that is never sent: the connection is closed instead.
#[derive(Clone, Copy)]
pub(crate) struct Cut;

/// An answer as it stands.
pub(crate) fn whole(status: StatusCode, format: Format, text: impl Into<Body>) -> Response {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let kind = match format {
        Format::Json => "application/json; charset=utf-8",
        Format::Xml => "application/xml; charset=utf-8",
    };
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// A refusal by HTTP status, with the body ASP.NET gives it.
pub(crate) fn message(status: StatusCode, format: Format, text: &str) -> Response {
    let body = match format {
        Format::Json => format!(r#"{{"Message":{}}}"#, quoted(Some(text))),
        Format::Xml => format!("<Error><Message>{}</Message></Error>", quick_xml::escape::escape(text)),
    };
    whole(status, format, body)
}

/// HTTP 400 that names the members which broke a limit (gateway-api.md §1.5).
pub(crate) fn model_state(complaints: &Complaints, format: Format) -> Response {
    let body = match format {
        Format::Json => {
            let members: Vec<String> =
                complaints.iter().map(|(name, text)| format!(r#""parm.{name}":[{}]"#, quoted(Some(text)))).collect();
            format!(r#"{{"Message":"The request is invalid.","ModelState":{{{}}}}}"#, members.join(","))
        }
        Format::Xml => {
            let members: Vec<String> = complaints
                .iter()
                .map(|(name, text)| format!("<parm.{name}>{}</parm.{name}>", quick_xml::escape::escape(text)))
                .collect();
            format!(
                "<Error><Message>The request is invalid.</Message><ModelState>{}</ModelState></Error>",
                members.concat()
            )
        }
    };
    whole(StatusCode::BAD_REQUEST, format, body)
}

/// HTTP 401 with a challenge.
pub(crate) fn unauthorized(challenge: &str, format: Format) -> Response {
    let mut response = message(StatusCode::UNAUTHORIZED, format, "Authorization has been denied for this request.");
    if let Ok(challenge) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, challenge);
    }
    response
}

/// A status out of the blue, with what usually comes with it; `now` is the platform's clock.
pub(crate) fn status(code: u16, format: Format, now: i64) -> Response {
    let status = StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let (name, value) = match code {
        400 => {
            let text = "The field billNum must be a string or array type with a maximum length of '32'.";
            return model_state(&vec![("billNum", text.to_owned())], format);
        }
        401 => {
            return unauthorized(&format!("Hawk ts=\"{now}\", error=\"Stale timestamp\""), format);
        }
        301 | 302 | 307 | 308 => (LOCATION, "/login"),
        405 => (ALLOW, "GET"),
        429 | 503 => (RETRY_AFTER, "1"),
        _ => (CONTENT_TYPE, "application/json; charset=utf-8"),
    };
    let mut response = message(status, format, status.canonical_reason().unwrap_or("An error has occurred."));
    response.headers_mut().insert(name, HeaderValue::from_static(value));
    response
}

/// Spoils a good answer. `Held` and `Stale` are the caller's.
pub(crate) fn spoil(fault: &Fault, good: String, format: Format, now: i64) -> Response {
    match fault {
        Fault::Close => {
            let mut response = Response::new(Body::empty());
            response.extensions_mut().insert(Cut);
            response
        }
        Fault::Status(code) => status(*code, format, now),
        Fault::Empty => whole(StatusCode::OK, format, ""),
        Fault::Html => html(),
        Fault::Half => half(&good, format),
        Fault::Huge(bytes) => huge(&good, *bytes, format),
        Fault::Drip(gap) => drip(good, *gap, format),
        Fault::Held | Fault::Stale => whole(StatusCode::OK, format, good),
    }
}

fn html() -> Response {
    let page = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>请先登录网络</body></html>";
    let mut response = Response::new(Body::from(page));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    response
}

/// Announces the whole length, sends half, and fails: the server then closes the connection.
fn half(good: &str, format: Format) -> Response {
    let sent = Bytes::copy_from_slice(&good.as_bytes()[..good.len() / 2]);
    let first = stream::once(async move { Ok(sent) });
    let cut = stream::once(async {
        // Lets the half that is written leave before the connection breaks.
        tokio::time::sleep(Duration::from_millis(20)).await;
        Err(io::Error::from(io::ErrorKind::ConnectionAborted))
    });
    let mut response = whole(StatusCode::OK, format, Body::from_stream(first.chain(cut)));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(good.len()));
    response
}

/// The answer, blown up by blanks in front of it, which both formats allow.
fn huge(good: &str, bytes: u64, format: Format) -> Response {
    const PIECE: u64 = 64 * 1024;
    let blanks = Bytes::from(vec![b' '; 64 * 1024]);
    let mut left = bytes;
    let flood = std::iter::from_fn(move || {
        let piece = left.min(PIECE);
        left -= piece;
        (piece > 0).then(|| blanks.slice(..usize::try_from(piece).unwrap_or_default()))
    });
    let end = Bytes::copy_from_slice(good.as_bytes());
    let pieces = flood.chain(std::iter::once(end)).map(Ok::<_, io::Error>);
    whole(StatusCode::OK, format, Body::from_stream(stream::iter(pieces)))
}

fn drip(good: String, gap: Duration, format: Format) -> Response {
    let length = good.len();
    let drops = stream::unfold((Bytes::from(good), false), move |(mut rest, started)| async move {
        if rest.is_empty() {
            return None;
        }
        if started {
            tokio::time::sleep(gap).await;
        }
        let drop = rest.split_to(1);
        Some((Ok::<_, io::Error>(drop), (rest, true)))
    });
    let mut response = whole(StatusCode::OK, format, Body::from_stream(drops));
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
