//! How a request gets in: path, method, credentials, media type and body.

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use axum::response::Response;

use crate::fields::{Fields, Format};
use crate::hawk::{self, NotAllowed, Signed};
use crate::platform::Platform;
use crate::scenario::On;
use crate::spoil;
use crate::xml;

const ROUTES: [(&str, On); 4] = [
    ("/api/3pay/koudailq/barcode", On::Charge),
    ("/api/3pay/koudailq/query", On::Query),
    ("/api/valuecard/busi/recharge/withbarcode/begin", On::Begin),
    ("/api/valuecard/busi/recharge/withbarcode/end", On::End),
];

/// No request of the reference comes near this size, in bytes.
const BODY_MAX: usize = 1 << 20;

/// One request that could be read as HTTP.
pub(crate) struct Arrival {
    pub on: Option<On>,
    pub parts: Parts,
    pub body: Bytes,
    /// What the answer is written in.
    pub format: Format,
}

/// A refusal on the level of HTTP.
pub(crate) type Refused = Box<Response>;

impl Arrival {
    /// Reads the whole request.
    pub async fn read(request: Request<Body>) -> Result<Arrival, Refused> {
        let (parts, body) = request.into_parts();
        let format = answer_format(&parts.headers);
        let Ok(body) = to_bytes(body, BODY_MAX).await else {
            let text = "Maximum request length exceeded.";
            return Err(Box::new(spoil::message(StatusCode::PAYLOAD_TOO_LARGE, format, text)));
        };
        let path = parts.uri.path().trim_end_matches('/').to_ascii_lowercase();
        let on = match path.as_str() {
            "" if parts.method == Method::GET => Some(On::Warm),
            path => ROUTES.iter().find(|(route, _)| *route == path).map(|(_, on)| *on),
        };
        Ok(Arrival { on, parts, body, format })
    }

    /// What it asks for, if somebody serves that path by that method.
    pub fn routed(&self) -> Result<On, Refused> {
        let Some(on) = self.on else {
            let path = self.parts.uri.path();
            let text = format!("No HTTP resource was found that matches the request URI '{path}'.");
            return Err(Box::new(spoil::message(StatusCode::NOT_FOUND, self.format, &text)));
        };
        let method = &self.parts.method;
        if on == On::Warm || method == Method::POST {
            return Ok(on);
        }
        let text = format!("The requested resource does not support http method '{method}'.");
        let mut response = spoil::message(StatusCode::METHOD_NOT_ALLOWED, self.format, &text);
        response.headers_mut().insert(ALLOW, HeaderValue::from_static("POST"));
        Err(Box::new(response))
    }

    /// Whether it proves the credentials that the platform asks for.
    pub fn authorized(&self, platform: &Platform) -> Result<(), Refused> {
        if self.on == Some(On::Warm) {
            return Ok(());
        }
        authorized(platform, &self.parts, &self.body)
            .map_err(|NotAllowed(challenge)| Box::new(spoil::unauthorized(&challenge, self.format)))
    }

    /// Its members.
    pub fn fields(&self, on: On) -> Result<Fields, Refused> {
        if on == On::Warm {
            return Ok(Fields::default());
        }
        let read = match media(&self.parts.headers, CONTENT_TYPE).and_then(format_of) {
            Some(Format::Json) => Fields::from_json(&self.body),
            Some(Format::Xml) => xml::fields(on, &self.body),
            None => {
                let text = "The request entity's media type is not supported for this resource.";
                let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
                return Err(Box::new(spoil::message(status, self.format, text)));
            }
        };
        read.map_err(|error| Box::new(spoil::model_state(&vec![("", error)], self.format)))
    }
}

fn authorized(platform: &Platform, parts: &Parts, body: &[u8]) -> Result<(), NotAllowed> {
    let Some(key) = &platform.switches.hawk else {
        return Ok(());
    };
    let text = |name: HeaderName| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let host = text(HOST).unwrap_or_default();
    let (host, port) = match host.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) => (host, port),
        _ => (host, 80),
    };
    let signed = Signed {
        method: parts.method.as_str(),
        path_and_query: parts.uri.path_and_query().map_or("/", |path| path.as_str()),
        host,
        port,
        content_type: text(CONTENT_TYPE).unwrap_or_default(),
        body,
    };
    hawk::verify(text(AUTHORIZATION), key, &signed, platform.now().timestamp())
}

/// What the client accepts; failing that, the format it writes itself.
fn answer_format(headers: &HeaderMap) -> Format {
    let accepted = media(headers, ACCEPT).unwrap_or_default();
    let first = accepted.split(',').find_map(format_of);
    first.or_else(|| media(headers, CONTENT_TYPE).and_then(format_of)).unwrap_or(Format::Json)
}

fn media(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn format_of(media: &str) -> Option<Format> {
    match media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
        "application/json" | "text/json" => Some(Format::Json),
        "application/xml" | "text/xml" => Some(Format::Xml),
        _ => None,
    }
}
