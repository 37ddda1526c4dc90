//! Looking things up: the timeline of a charge, the history of the window, the day's sums. Nothing is added.

use std::path::PathBuf;

use checkout::event::{Event, Record};
use checkout::{Amount, BillNumber, Charge, ChargeId, Operator};
use chrono::NaiveDate;
use journal::{HistoryFilter, ReadError};

use crate::handle::Till;
use crate::present;
use crate::view::{ChargeView, DaySumView, HistoryQuery, Line, LineView, TimelineView};

/// The most charges a history shows at once.
const HISTORY_MAX: u32 = 500;

/// Nothing was found out; nothing was changed either.
#[derive(Debug, thiserror::Error)]
pub enum LookError {
    /// The journal.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// It is closed.
    #[error(transparent)]
    Gone(#[from] journal::Gone),
    /// A file.
    #[error("{path}: {why}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        why: std::io::Error,
    },
    /// A field of the search.
    #[error("{field}: {why}")]
    Query {
        /// Which.
        field: &'static str,
        /// Why.
        why: String,
    },
    /// The work was cut off.
    #[error("the till is closing")]
    Stopping,
    /// Whoever asked for it does not want it any more.
    #[error("it was stopped; nothing stays of it")]
    Stopped,
}

impl Till {
    /// A charge with everything that was written about it; `None` if there is none of that id.
    ///
    /// # Errors
    /// The journal cannot be read.
    pub async fn timeline(&self, charge: ChargeId) -> Result<Option<TimelineView>, LookError> {
        let found = self.journal().call(move |journal| journal.books()?.charge(&charge)).await??;
        Ok(found.map(|timeline| TimelineView {
            charge: present::charge(&timeline.charge, None),
            lines: timeline.records.iter().filter_map(line).collect(),
        }))
    }

    /// Charges, newest first, at most 500.
    ///
    /// # Errors
    /// A field of the search is wrong, or the journal cannot be read.
    pub async fn history(&self, query: &HistoryQuery) -> Result<Vec<ChargeView>, LookError> {
        let filter = filter(query)?;
        let found = self.journal().call(move |journal| journal.books()?.history(&filter)).await??;
        Ok(found.iter().map(|charge: &Charge| present::charge(charge, None)).collect())
    }

    /// Counts and sums of one local day by state.
    ///
    /// # Errors
    /// The day is wrong, or the journal cannot be read.
    pub async fn day_sums(&self, day: &str) -> Result<Vec<DaySumView>, LookError> {
        let day = date("day", day)?.ok_or(LookError::Query { field: "day", why: "a day is needed".into() })?;
        let sums = self.journal().call(move |journal| journal.books()?.day_sums(day)).await??;
        let yuan = |fen: i64| format!("{}.{:02}", fen / 100, fen % 100);
        let count = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        Ok(sums.iter().map(|s| DaySumView { state: s.state, count: count(s.count), sum: yuan(s.fen) }).collect())
    }
}

fn filter(query: &HistoryQuery) -> Result<HistoryFilter, LookError> {
    let wrong = |field: &'static str| move |why: String| LookError::Query { field, why };
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let bill = given(&query.bill).map(|text| BillNumber::parse(&text, checkout::bill::BILL_WIRE_MAX)).transpose();
    let operator = given(&query.operator).map(|text| Operator::parse(&text)).transpose();
    let amount = given(&query.amount).map(|text| Amount::parse(&text)).transpose();
    Ok(HistoryFilter {
        bill: bill.map_err(|why| wrong("bill")(why.to_string()))?.map(|bill| bill.key()),
        operator: operator.map_err(|why| wrong("operator")(why.to_string()))?,
        amount: amount.map_err(|why| wrong("amount")(why.to_string()))?.map(Amount::fen),
        card: given(&query.card),
        code: given(&query.code),
        state: query.state,
        from: date("from", &query.from)?,
        to: date("to", &query.to)?,
        limit: Some(HISTORY_MAX),
    })
}

pub(crate) fn date(field: &'static str, text: &str) -> Result<Option<NaiveDate>, LookError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let wrong = |_| LookError::Query { field, why: "a day looks like 2026-06-01".into() };
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").map(Some).map_err(wrong)
}

/// A record as a line for people; what only programs need is left out.
fn line(record: &Record) -> Option<LineView> {
    let what = match &record.event {
        Event::Beginning(_) => Line::Beginning,
        Event::Begun => Line::Begun,
        Event::Intent(intent) => Line::Scanned { code: intent.code.0.clone(), wallet: intent.wallet.clone() },
        Event::Moved { to, why, text } => Line::Moved { to: *to, why: why.clone(), text: text.clone() },
        Event::Answered { said } => Line::Answered { said: said.clone() },
        Event::NegativeSeen { word } => Line::NegativeSeen { word: word.clone() },
        Event::NegativeDropped => Line::NegativeDropped,
        Event::Refused { text, .. } => Line::Refused { text: text.clone() },
        Event::RefusalContradicted => Line::RefusalContradicted,
        Event::PhoneShows { answer } => Line::PhoneShows { answer: *answer },
        Event::Receipt { autoid } => Line::Receipt { autoid: autoid.as_str().to_owned() },
        Event::Crediting { .. } => Line::Crediting,
        Event::LeftToPlatform => Line::LeftToPlatform,
        Event::NoticeRaised => Line::NoticeRaised,
        Event::NoticeTaken => Line::NoticeTaken,
        Event::HelpAsked => Line::HelpAsked,
        Event::Settled(settlement) => Line::Settled {
            word: settlement.word,
            by: settlement.by.clone(),
            reason: settlement.reason.clone(),
            evidence: settlement.evidence.clone(),
        },
        Event::SettleOvertaken(settlement) => Line::SettleOvertaken {
            word: settlement.word,
            by: settlement.by.clone(),
            reason: settlement.reason.clone(),
            evidence: settlement.evidence.clone(),
        },
        Event::WatchEnded => Line::WatchEnded,
        Event::Unmatched(_) => Line::Unmatched,
        Event::Started { .. }
        | Event::SignedIn { .. }
        | Event::SignedOut
        | Event::PinSet { .. }
        | Event::PinRemoved { .. }
        | Event::PinRefused { .. }
        | Event::SupervisorIn { .. }
        | Event::SupervisorOut { .. }
        | Event::SettingsChanged { .. }
        | Event::Noted { .. } => return None,
    };
    Some(LineView { at: record.at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false), what })
}
