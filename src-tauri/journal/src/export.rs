//! Charges for the office: CSV that a spreadsheet opens as it is, and JSON lines for programs.

use std::io::{self, Write};

use checkout::Event;
use chrono::NaiveDate;
use serde::Serialize;

use crate::books::{Books, HistoryFilter, Timeline};
use crate::error::ReadError;

/// The columns, in this order for ever; new ones go to the end. Amounts are yuan as text (`260.00`), times RFC 3339 with
/// the venue's offset, `business` the platform's number 1 to 7, `state` a word of contract.md, `code` the masked payment
/// code, `autoid` the gateway's serial, `message` the gateway's last text; `settled_by`, `settled_reason` and `evidence` a
/// supervisor's last decision, also where the gateway's truth came after it (one that came too late to stand is none).
pub const COLUMNS: [&str; 18] = [
    "window",
    "window_name",
    "charge",
    "bill",
    "amount",
    "business",
    "operator",
    "card",
    "wallet",
    "code",
    "state",
    "autoid",
    "sent_at",
    "moved_at",
    "message",
    "settled_by",
    "settled_reason",
    "evidence",
];

/// So that a spreadsheet reads the Chinese as it is.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// In which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// UTF-8 with a byte order mark, CRLF, one line of [`COLUMNS`] first.
    Csv,
    /// One JSON object a line with the names of [`COLUMNS`]; absent values are `null`.
    Jsonl,
}

/// What to export, and whose it is.
#[derive(Clone, Debug)]
pub struct Export<'a> {
    /// In which form.
    pub format: Format,
    /// `window.id` of wicket.toml.
    pub window: &'a str,
    /// `window.name` of wicket.toml.
    pub window_name: &'a str,
    /// Sent on this local day or later.
    pub from: Option<NaiveDate>,
    /// Sent on this local day or earlier.
    pub to: Option<NaiveDate>,
}

/// The export stopped; what was written before is not complete.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The file cannot be written.
    #[error("the export cannot be written ({0}). The journal was not changed; free some space or choose another place")]
    Write(#[from] io::Error),
}

/// Writes an export line by line, wherever its charges come from.
pub struct Exporter<'a, W: Write> {
    export: Export<'a>,
    to: Sink<W>,
    count: u64,
}

enum Sink<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Jsonl(W),
}

impl<'a, W: Write> Exporter<'a, W> {
    /// Begins an export: the heading, where its form has one.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn begin(export: Export<'a>, mut to: W) -> Result<Self, ExportError> {
        let to = match export.format {
            Format::Jsonl => Sink::Jsonl(to),
            Format::Csv => {
                to.write_all(BOM)?;
                let mut csv = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(to);
                csv.write_record(COLUMNS).map_err(io::Error::from)?;
                Sink::Csv(Box::new(csv))
            }
        };
        Ok(Self { export, to, count: 0 })
    }

    /// Writes one charge.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn line(&mut self, timeline: &Timeline) -> Result<(), ExportError> {
        let line = Line::of(&self.export, timeline);
        match &mut self.to {
            Sink::Csv(csv) => csv.write_record(line.fields().map(inert)).map_err(io::Error::from)?,
            Sink::Jsonl(to) => {
                serde_json::to_writer(&mut *to, &line).map_err(io::Error::from)?;
                to.write_all(b"\n")?;
            }
        }
        self.count += 1;
        Ok(())
    }

    /// Ends the export and says how many charges it has.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn end(mut self) -> Result<u64, ExportError> {
        match &mut self.to {
            Sink::Csv(csv) => csv.flush()?,
            Sink::Jsonl(to) => to.flush()?,
        }
        Ok(self.count)
    }
}

impl Export<'_> {
    /// Which charges belong to it.
    pub fn filter(&self) -> HistoryFilter {
        HistoryFilter { from: self.from, to: self.to, ..HistoryFilter::default() }
    }
}

impl Books<'_> {
    /// Writes the charges, oldest first; says how many.
    pub fn export(&self, export: &Export<'_>, to: impl Write) -> Result<u64, ExportError> {
        let mut lines = Exporter::begin(export.clone(), to)?;
        for id in self.sent(&export.filter())? {
            // One at a time, so that a year fits into little memory.
            if let Some(timeline) = self.charge(&id)? {
                lines.line(&timeline)?;
            }
        }
        lines.end()
    }
}

#[derive(Serialize)]
struct Line<'a> {
    window: &'a str,
    window_name: &'a str,
    charge: &'a str,
    bill: &'a str,
    amount: String,
    business: u8,
    operator: &'a str,
    card: Option<&'a str>,
    wallet: &'a str,
    code: &'a str,
    state: &'static str,
    autoid: Option<&'a str>,
    sent_at: String,
    moved_at: String,
    message: &'a str,
    settled_by: Option<&'a str>,
    settled_reason: Option<&'a str>,
    evidence: Option<&'a str>,
}

impl<'a> Line<'a> {
    fn of(export: &Export<'a>, timeline: &'a Timeline) -> Self {
        let charge = &timeline.charge;
        let intent = &charge.intent;
        let settled = timeline.records.iter().rev().find_map(|record| match &record.event {
            Event::Settled(settlement) => Some(settlement),
            _ => None,
        });
        Self {
            window: export.window,
            window_name: export.window_name,
            charge: &charge.id.0,
            bill: intent.bill.as_str(),
            amount: intent.amount.to_string(),
            business: intent.business.number(),
            operator: intent.operator.as_str(),
            card: intent.card.as_ref().map(|card| card.as_str()),
            wallet: &intent.wallet,
            code: &intent.code.0,
            state: charge.state.word(),
            autoid: charge.autoid.as_ref().map(|id| id.as_str()),
            sent_at: charge.sent_at.to_rfc3339(),
            moved_at: charge.moved_at.to_rfc3339(),
            message: &charge.text,
            settled_by: settled.map(|settlement| settlement.by.as_str()),
            settled_reason: settled.map(|settlement| settlement.reason.as_str()),
            evidence: settled.map(|settlement| settlement.evidence.as_str()).filter(|text| !text.is_empty()),
        }
    }

    fn fields(&self) -> [String; COLUMNS.len()] {
        [
            self.window,
            self.window_name,
            self.charge,
            self.bill,
            &self.amount,
            &self.business.to_string(),
            self.operator,
            self.card.unwrap_or_default(),
            self.wallet,
            self.code,
            self.state,
            self.autoid.unwrap_or_default(),
            &self.sent_at,
            &self.moved_at,
            self.message,
            self.settled_by.unwrap_or_default(),
            self.settled_reason.unwrap_or_default(),
            self.evidence.unwrap_or_default(),
        ]
        .map(str::to_owned)
    }
}

/// A field that a spreadsheet would take for a formula gets an apostrophe before it: bill numbers and the gateway's texts
/// come from outside.
fn inert(field: String) -> String {
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    // A spreadsheet may drop blanks before it looks.
    if field.trim_start_matches(' ').starts_with(formula) { format!("'{field}") } else { field }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_made_text() {
        for bad in ["=1+1", "+86", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert_eq!(inert(bad.into()), format!("'{bad}"));
        }
        for good in ["T1", "260.00", "", "支付成功", "13…6789"] {
            assert_eq!(inert(good.into()), good);
        }
    }
}
