//! What an installer wants to know of the platform, found out with questions that cannot charge anybody.

mod learnt;
mod signature;

pub use learnt::Learnt;
use serde::Serialize;

use checkout::{Answer, BillNumber, Body, Business, ChargeId, Envelope, Loss, Operator, QueryRequest};

use crate::exchange::Reply;
use crate::gateway::{self, Gateway};
use crate::line::Line;
use crate::reading::Form;
use crate::text::Mask;
use crate::warm::Warmth;
use crate::wire;

/// A bill number that no selling system gives out.
const NO_BILL: &str = "WICKET-CHECK-NO-BILL";
/// The operator in whose name the check asks.
const NO_OPERATOR: &str = "WICKET-CHECK";
/// A clock difference up to this many seconds is none: `Date` has whole seconds and takes its way.
const CLOCK_FINE_S: u64 = 5;
/// What servers that look at the time usually tolerate (gateway-api.md §3.1, INFERRED).
const CLOCK_MOST_S: u64 = 60;

/// How good a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Grade {
    /// As it should be.
    Ok,
    /// Works, but somebody should look at it.
    Warn,
    /// Charging will not work like this.
    Bad,
}

/// One thing learnt about the platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Finding {
    /// How good it is.
    pub grade: Grade,
    /// What it is about, for a sentence in another language.
    pub learnt: Learnt,
    /// What was found, and what to do about it, in English.
    pub text: String,
}

fn finding(grade: Grade, learnt: Learnt, text: impl Into<String>) -> Finding {
    let text = text.into();
    Finding { grade, learnt, text }
}

impl Gateway {
    /// Asks the platform harmless questions: its front page, a GET of the charge path (which has no code and no amount),
    /// and a query for a bill that does not exist; signed where `[gateway.auth]` says so, and once unsigned to learn
    /// whether that matters. At most six requests.
    pub async fn check(&self) -> Vec<Finding> {
        let warmth = match self.warm().await {
            Ok(warmth) => warmth,
            Err(cold) => {
                let text = format!("{cold}. Look at [gateway] base_url, ca_file and the network.");
                return vec![finding(Grade::Bad, Learnt::Unreachable, text)];
            }
        };
        let mut charge = self.line.get(&self.addresses.charge).await;
        if self.line.signs() && charge.status() == Some(401) {
            // The refusal may have told the time that makes the next signature right.
            charge = self.line.get(&self.addresses.charge).await;
        }
        let query = self.query_nothing(&self.line).await;
        let signature = self.signature(&query).await;
        vec![
            self.encryption(&warmth),
            clock(&warmth, self.line.signs()),
            charge_path(&charge),
            query_path(&gateway::answer(query, Form::Status, &Mask::none())),
            signature,
        ]
    }

    fn encryption(&self, warmth: &Warmth) -> Finding {
        let host = self.addresses.base.host_str().unwrap_or_default();
        let answered = format!("{host} answers in {} ms", warmth.ms);
        let ms = u32::try_from(warmth.ms).unwrap_or(u32::MAX);
        if self.addresses.encrypted() {
            let text = format!("{answered}, encrypted, and its certificate is trusted.");
            finding(Grade::Ok, Learnt::Encrypted { ms }, text)
        } else if self.addresses.is_loopback() {
            finding(Grade::Ok, Learnt::OnThisMachine { ms }, format!("{answered}, on this machine."))
        } else {
            let text = format!(
                "{answered}, but over plain http: payment codes can be read on the way. Use https if the platform offers it."
            );
            finding(Grade::Warn, Learnt::PlainHttp { ms }, text)
        }
    }

    async fn query_nothing(&self, line: &Line) -> Reply {
        let (Ok(bill), Ok(operator)) = (BillNumber::parse(NO_BILL, NO_BILL.len()), Operator::parse(NO_OPERATOR)) else {
            return Reply::Lost(Loss::Broken);
        };
        let charge = ChargeId("check".into());
        let request = QueryRequest { charge, business: Business::Tickets, operator, bill, autoid: None };
        match wire::query(&request, &self.payment_type) {
            Ok(body) => line.post(&self.addresses.query, body, &Mask::none()).await,
            Err(_) => Reply::Lost(Loss::Broken),
        }
    }
}

fn clock(warmth: &Warmth, signs: bool) -> Finding {
    let Some(ahead) = warmth.clock_ahead_s else {
        let and = if signs { " Signatures carry this machine's time; it must be right within a minute." } else { "" };
        let text = format!("The platform does not tell its time, so the clocks could not be compared.{and}");
        return finding(Grade::Warn, Learnt::NoClock, text);
    };
    let off = ahead.unsigned_abs();
    let direction = if ahead > 0 { "behind" } else { "ahead of" };
    if off <= CLOCK_FINE_S {
        return finding(Grade::Ok, Learnt::ClockFine, "This machine's clock agrees with the platform's.");
    }
    let grade = if off <= CLOCK_MOST_S { Grade::Warn } else { Grade::Bad };
    let and = if signs { " Signatures carry the platform's time, not this machine's." } else { "" };
    let text =
        format!("This machine's clock is {off} s {direction} the platform's. Set it, or let the network set it.{and}");
    let seconds = u32::try_from(off).unwrap_or(u32::MAX);
    finding(grade, Learnt::ClockOff { seconds, behind: ahead > 0 }, text)
}

fn charge_path(reply: &Reply) -> Finding {
    match reply {
        Reply::Http { status: 405, .. } => {
            finding(Grade::Ok, Learnt::ChargePathFine, "The charge path exists (405 to a GET, as it should be).")
        }
        Reply::Http { status: 401 | 403, .. } => finding(
            Grade::Bad,
            Learnt::ChargePathWantsSignature,
            "The charge path wants authentication. Look at [gateway.auth].",
        ),
        Reply::Http { status: 404, .. } => finding(
            Grade::Bad,
            Learnt::ChargePathMissing,
            "The charge path does not exist (404). Look at [gateway] base_url and charge_path.",
        ),
        Reply::Http { status: 300..=399, .. } => finding(
            Grade::Bad,
            Learnt::ChargePathRedirects,
            "The charge path redirects, which is never followed. Put the final address into [gateway] base_url.",
        ),
        Reply::Http { status, .. } => finding(
            Grade::Warn,
            Learnt::ChargePathOdd { status: *status },
            format!("The charge path answers {status} to a GET; 405 was expected. It may still be right."),
        ),
        Reply::NeverConnected(what) => {
            finding(Grade::Bad, Learnt::ChargePathSilent, format!("The charge path could not be asked: {what}."))
        }
        Reply::Lost(_) => finding(Grade::Bad, Learnt::ChargePathSilent, "The charge path gave no answer."),
    }
}

fn query_path(answer: &Answer) -> Finding {
    let (status, body) = match answer {
        Answer::Http { status, body } => (*status, body),
        Answer::NeverConnected { what } => {
            return finding(Grade::Bad, Learnt::QueryPathSilent, format!("The query path could not be asked: {what}."));
        }
        Answer::Lost(_) => return finding(Grade::Bad, Learnt::QueryPathSilent, "The query path gave no answer."),
    };
    match (status, body) {
        (200..=299, Body::Envelope(envelope)) => understood(envelope),
        (200..=299, _) => finding(
            Grade::Bad,
            Learnt::QueryPathOdd { status },
            "The query path answers with something that is no result of the platform. Look at [gateway] base_url and query_path.",
        ),
        (400, Body::ModelState(text)) => finding(
            Grade::Warn,
            Learnt::QueryNeedsSerial,
            format!(
                "The query path exists, but refuses a query without a serial ({text}): a charge whose answer was lost will need a supervisor."
            ),
        ),
        (401 | 403, _) => finding(
            Grade::Bad,
            Learnt::QueryPathWantsSignature,
            format!("The query path wants authentication ({status}). Look at [gateway.auth]."),
        ),
        (404 | 405, _) => finding(
            Grade::Bad,
            Learnt::QueryPathMissing,
            format!(
                "The query path does not exist ({status}): no charge could ever be confirmed. Look at [gateway] query_path."
            ),
        ),
        _ => finding(
            Grade::Bad,
            Learnt::QueryPathOdd { status },
            format!("The query path answers {status} to a query for a bill that does not exist."),
        ),
    }
}

fn understood(envelope: &Envelope) -> Finding {
    let success = |word: &str| word.trim().eq_ignore_ascii_case("SUCCESS");
    if envelope.errcode == 0 && envelope.tag.as_ref().is_some_and(|t| success(&t.paystatus)) {
        return finding(
            Grade::Bad,
            Learnt::QueryLies,
            "The query path reports a bill that does not exist as paid. Nothing this platform says can be trusted; call its vendor.",
        );
    }
    let said = if envelope.errmsg.is_empty() { String::new() } else { format!(", “{}”", envelope.errmsg) };
    finding(
        Grade::Ok,
        Learnt::QueryPathFine,
        format!(
            "The query path answers as the platform does (errcode {}{said}, to a query for a bill that does not exist).",
            envelope.errcode
        ),
    )
}
