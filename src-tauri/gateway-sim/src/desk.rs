//! The HTTP desk: one request in, one answer out, and a line in the books between the two.

use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::DATE;
use axum::http::{HeaderValue, Request, StatusCode};
use axum::response::Response;

use crate::charging::refused_by_rule;
use crate::entry::{Arrival, Refused};
use crate::envelope::Envelope;
use crate::fields::{Fields, Format};
use crate::ledger;
use crate::limits::{self, Complaints};
use crate::platform::{Platform, honest};
use crate::scenario::{Fault, On, Scenario};
use crate::shared::{Seen, Shared};
use crate::spoil;
use crate::switches::{Again, Complaint};
use crate::wire::Doom;

/// A whole answer, and what it says in a few words.
struct Good {
    body: String,
    gist: String,
}

/// What was decided under the lock: the whole answer, or a refusal that no fault touches.
struct Decided {
    scenario: Scenario,
    good: Result<Good, Refused>,
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
    let arrival = match Arrival::read(request).await {
        Ok(arrival) => arrival,
        Err(refused) => return *refused,
    };
    let format = arrival.format;
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
        (Err(refused), _) => *refused,
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
    let seen = Seen { on, bill: decided.bill.clone(), nth: decided.nth, scenario: decided.scenario.id.clone() };
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
    let routed = arrival.routed();
    let on = *routed.as_ref().unwrap_or(&On::Warm);
    let read = routed.and_then(|on| arrival.fields(on));
    let (fields, refused) = match (arrival.authorized(platform), read) {
        (Ok(()), Ok(fields)) => (fields, None),
        (Ok(()), Err(refused)) => (Fields::default(), Some(refused)),
        (Err(refused), read) => (read.unwrap_or_default(), Some(refused)),
    };
    let bill = fields.text("billNum").map(str::to_owned);
    let nth = platform.nth(on, bill.as_deref());
    let mut scenario = honest();
    let good = match refused {
        Some(response) => {
            note_refused(platform, on, &fields);
            Err(response)
        }
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
    Decided { scenario, good, nth, bill, answered }
}

/// Lets the platform do its part and writes the answer; a fault that strikes before keeps it out.
fn act(platform: &mut Platform, on: On, fields: &Fields, scenario: &Scenario, format: Format) -> Result<Good, Refused> {
    let done = match on {
        On::Warm => {
            return Ok(Good { body: r#"{"ok":true}"#.to_owned(), gist: "hello".to_owned() });
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
        Err(complaints) => {
            note_refused(platform, on, fields);
            complained(platform.switches.complaint, &complaints, format)?
        }
    };
    Ok(Good { body: envelope.write(on, format, platform.switches.case), gist: envelope.gist() })
}

/// A payment code that was sent is spent in the till's eyes, however early the request was refused.
fn note_refused(platform: &mut Platform, on: On, fields: &Fields) {
    if on != On::Charge {
        return;
    }
    match limits::charge(fields) {
        Ok(asked) => platform.lose_charge(&asked, &Scenario { id: "refused by HTTP".to_owned(), ..honest() }),
        Err(_) => {
            fields.text("barCode").map(|code| platform.count_code(code));
        }
    }
}

fn complained(complaint: Complaint, complaints: &Complaints, format: Format) -> Result<Envelope, Refused> {
    match complaint {
        Complaint::ModelState => Err(Box::new(spoil::model_state(complaints, format))),
        Complaint::Errcode => Ok(refused_by_rule(complaints)),
    }
}
