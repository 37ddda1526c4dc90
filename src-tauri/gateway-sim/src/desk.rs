//! The HTTP desk: one request in, one answer out, and a line in the books between the two.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Extension;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::State;
use axum::http::header::{ACCEPT, ALLOW, AUTHORIZATION, CONTENT_TYPE, DATE, HOST};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode};
use axum::response::Response;
use tokio::sync::{broadcast, watch};

use crate::charging::refused_by_rule;
use crate::envelope::Envelope;
use crate::fields::{Fields, Format};
use crate::hawk::{self, NotAllowed, Signed};
use crate::ledger;
use crate::limits::{self, Complaints};
use crate::platform::Platform;
use crate::scenario::{Fault, On, Scenario};
use crate::spoil;
use crate::switches::{Again, Complaint};
use crate::wire::Doom;
use crate::xml;

/// A request that has just been dealt with, before its answer leaves; the books show it already.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it asked for; `None` for a path nobody serves.
    pub on: Option<On>,
    /// The bill it named, where it was readable.
    pub bill: Option<String>,
    /// The how-manieth request of this kind for the bill.
    pub nth: u32,
    /// The scenario it met.
    pub scenario: String,
}

type Line = Box<dyn Fn(&str) + Send + Sync>;

/// What the desk, the listener and the handles share.
pub(crate) struct Shared {
    platform: Mutex<Platform>,
    pub changed: watch::Sender<u64>,
    pub released: watch::Sender<u64>,
    pub seen: broadcast::Sender<Seen>,
    line: Option<Line>,
}

impl Shared {
    pub fn new(platform: Platform, line: Option<Line>) -> Shared {
        Shared {
            platform: Mutex::new(platform),
            changed: watch::Sender::new(0),
            released: watch::Sender::new(0),
            seen: broadcast::Sender::new(1024),
            line,
        }
    }

    /// The platform; never held across an await.
    pub fn platform(&self) -> MutexGuard<'_, Platform> {
        self.platform.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the platform, and wakes whoever waits for a change of the books.
    pub fn change<T>(&self, act: impl FnOnce(&mut Platform) -> T) -> T {
        let done = act(&mut self.platform());
        self.changed.send_modify(|version| *version += 1);
        done
    }

    pub fn say(&self, line: &str) {
        tracing::info!(target: "gateway_sim", "{line}");
        if let Some(print) = &self.line {
            print(line);
        }
    }
}

const ROUTES: [(&str, On); 4] = [
    ("/api/3pay/koudailq/barcode", On::Charge),
    ("/api/3pay/koudailq/query", On::Query),
    ("/api/valuecard/busi/recharge/withbarcode/begin", On::Begin),
    ("/api/valuecard/busi/recharge/withbarcode/end", On::End),
];

/// No request of the reference comes near this size, in bytes.
const BODY_MAX: usize = 1 << 20;

/// One request that could be read as HTTP.
struct Arrival {
    on: Option<On>,
    parts: Parts,
    body: Bytes,
    format: Format,
}

/// A whole answer, and what it says in a few words.
struct Good {
    body: String,
    gist: String,
}

/// What was decided under the lock: the whole answer, or a refusal that no fault touches.
struct Decided {
    scenario: Scenario,
    good: Result<Good, Response>,
    nth: u32,
    bill: Option<String>,
    answered: String,
}

/// Serves one request.
pub(crate) async fn serve(
    State(shared): State<Arc<Shared>>,
    Extension(doom): Extension<Doom>,
    request: Request<Body>,
) -> Response {
    let (parts, body) = request.into_parts();
    let format = answer_format(&parts.headers);
    let Ok(body) = to_bytes(body, BODY_MAX).await else {
        return spoil::message(
            StatusCode::PAYLOAD_TOO_LARGE,
            format,
            "Maximum request length exceeded.",
        );
    };
    let path = parts.uri.path().trim_end_matches('/').to_ascii_lowercase();
    let on = match path.as_str() {
        "" if parts.method == Method::GET => Some(On::Warm),
        path => ROUTES
            .iter()
            .find(|(route, _)| *route == path)
            .map(|(_, on)| *on),
    };
    let arrival = Arrival {
        on,
        parts,
        body,
        format,
    };
    let mut released = shared.released.subscribe();
    let (decided, now) = shared.change(|platform| {
        let decided = decide(platform, &arrival);
        (decided, platform.now())
    });
    announce(&shared, &arrival, &decided);
    if !decided.scenario.delay.is_zero() {
        tokio::time::sleep(decided.scenario.delay).await;
    }
    if decided.scenario.fault == Some(Fault::Held) {
        // An error means that the simulator is going away, and the connection with it.
        let _ = released.changed().await;
    }
    if decided.scenario.fault == Some(Fault::Stale) {
        doom.seal();
    }
    let mut response = match (decided.good, &decided.scenario.fault) {
        (Err(refused), _) => refused,
        (Ok(good), Some(fault)) => spoil::spoil(fault, good.body, format, now.timestamp()),
        (Ok(good), None) => spoil::whole(StatusCode::OK, format, good.body),
    };
    let date = now.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

fn announce(shared: &Shared, arrival: &Arrival, decided: &Decided) {
    let on = arrival.on;
    let seen = Seen {
        on,
        bill: decided.bill.clone(),
        nth: decided.nth,
        scenario: decided.scenario.id.clone(),
    };
    // Nobody listening is fine.
    let _ = shared.seen.send(seen);
    shared.say(&format!(
        "{} {} #{} [{}] {}",
        on.map_or("?", On::word),
        decided.bill.as_deref().unwrap_or("-"),
        decided.nth,
        decided.scenario.id,
        decided.answered,
    ));
}

/// Chooses the scenario, lets the platform do its part, and writes the request into the books.
fn decide(platform: &mut Platform, arrival: &Arrival) -> Decided {
    let fields = let_in(platform, arrival);
    let on = arrival.on.unwrap_or(On::Warm);
    let (fields, refused) = match fields {
        Ok(fields) => (fields, None),
        Err(response) => (Fields::default(), Some(response)),
    };
    let name = if matches!(on, On::Charge | On::Query) {
        "billNum"
    } else {
        "BillNum"
    };
    let bill = fields
        .text(name)
        .or_else(|| fields.text("billnum"))
        .map(str::to_owned);
    let nth = platform.nth(on, bill.as_deref());
    let mut scenario = crate::platform::honest();
    let good = match refused {
        Some(response) => Err(response),
        None => {
            scenario = platform.choose(on, bill.as_deref(), fields.text("barCode"));
            act(platform, on, &fields, &scenario, arrival.format)
        }
    };
    let answered = match (&good, &scenario.fault) {
        (Err(response), _) => format!("HTTP {}", response.status().as_u16()),
        (Ok(_), Some(fault)) if scenario.before => format!("{fault:?} before the platform looked"),
        (Ok(good), Some(fault)) => format!("{fault:?} instead of {}", good.gist),
        (Ok(good), None) => good.gist.clone(),
    };
    platform.ledger.requests.push(ledger::Request {
        at: platform.now(),
        on: arrival.on,
        bill: bill.clone(),
        nth,
        scenario: scenario.id.clone(),
        answered: answered.clone(),
    });
    Decided {
        scenario,
        good,
        nth,
        bill,
        answered,
    }
}

/// Path, method, credentials and body, in the order in which the platform looks at them.
fn let_in(platform: &Platform, arrival: &Arrival) -> Result<Fields, Response> {
    let Arrival {
        on,
        parts,
        body,
        format,
    } = arrival;
    let Some(on) = *on else {
        let text = format!(
            "No HTTP resource was found that matches the request URI '{}'.",
            parts.uri.path()
        );
        return Err(spoil::message(StatusCode::NOT_FOUND, *format, &text));
    };
    if on == On::Warm {
        return Ok(Fields::default());
    }
    if parts.method != Method::POST {
        let text = format!(
            "The requested resource does not support http method '{}'.",
            parts.method
        );
        let mut response = spoil::message(StatusCode::METHOD_NOT_ALLOWED, *format, &text);
        response
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("POST"));
        return Err(response);
    }
    authorized(platform, parts, body)
        .map_err(|NotAllowed(challenge)| spoil::unauthorized(&challenge, *format))?;
    let read = match media(&parts.headers, CONTENT_TYPE).and_then(format_of) {
        Some(Format::Json) => Fields::from_json(body),
        Some(Format::Xml) => xml::fields(on, body),
        None => {
            let text = "The request entity's media type is not supported for this resource.";
            return Err(spoil::message(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                *format,
                text,
            ));
        }
    };
    read.map_err(|error| spoil::model_state(&vec![("", error)], *format))
}

fn authorized(platform: &Platform, parts: &Parts, body: &[u8]) -> Result<(), NotAllowed> {
    let Some(key) = &platform.switches.hawk else {
        return Ok(());
    };
    let text = |name: HeaderName| {
        parts
            .headers
            .get(name)
            .and_then(|value| value.to_str().ok())
    };
    let host = text(HOST).unwrap_or_default();
    let (host, port) = match host
        .rsplit_once(':')
        .map(|(host, port)| (host, port.parse()))
    {
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
    hawk::verify(
        text(AUTHORIZATION),
        key,
        &signed,
        platform.now().timestamp(),
    )
}

/// Lets the platform do its part and writes the answer; a fault that strikes before keeps it out.
fn act(
    platform: &mut Platform,
    on: On,
    fields: &Fields,
    scenario: &Scenario,
    format: Format,
) -> Result<Good, Response> {
    let done = match on {
        On::Warm => {
            return Ok(Good {
                body: r#"{"ok":true}"#.to_owned(),
                gist: "hello".to_owned(),
            });
        }
        On::Charge => limits::charge(fields).map(|asked| {
            if scenario.before {
                platform.lose_charge(&asked, scenario);
                return Envelope::bare(0, "");
            }
            platform.charge(&asked, scenario)
        }),
        _ if scenario.before => Ok(Envelope::bare(0, "")),
        On::Query => {
            let strict = platform.switches.query_without_autoid == Again::Refuse;
            limits::query(fields, platform.switches.query_bill_max, strict)
                .map(|asked| platform.query(&asked, scenario))
        }
        On::Begin => limits::begin(fields).map(|asked| platform.begin(&asked, scenario)),
        On::End => limits::end(fields).map(|asked| platform.end(&asked, scenario)),
    };
    let envelope = match done {
        Ok(envelope) => envelope,
        Err(complaints) => complained(platform.switches.complaint, &complaints, format)?,
    };
    Ok(Good {
        body: envelope.write(on, format, platform.switches.case),
        gist: envelope.gist(),
    })
}

fn complained(
    complaint: Complaint,
    complaints: &Complaints,
    format: Format,
) -> Result<Envelope, Response> {
    match complaint {
        Complaint::ModelState => Err(spoil::model_state(complaints, format)),
        Complaint::Errcode => Ok(refused_by_rule(complaints)),
    }
}

/// What the client accepts; failing that, the format it writes itself.
fn answer_format(headers: &HeaderMap) -> Format {
    let accepted = media(headers, ACCEPT).unwrap_or_default();
    let first = accepted.split(',').find_map(format_of);
    first
        .or_else(|| media(headers, CONTENT_TYPE).and_then(format_of))
        .unwrap_or(Format::Json)
}

fn media(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn format_of(media: &str) -> Option<Format> {
    match media
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
        .as_str()
    {
        "application/json" | "text/json" => Some(Format::Json),
        "application/xml" | "text/xml" => Some(Format::Xml),
        _ => None,
    }
}
