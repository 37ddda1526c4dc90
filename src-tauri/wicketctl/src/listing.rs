//! `pending`, `history`, `verify`, `export`: reading a journal, or a copy of one, without adding to it.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use checkout::{BillNumber, Business, Charge, Operator};
use journal::{HistoryFilter, Reader, WitnessReport};
use serde::Serialize;
use till::Change;
use till::config::Config;
use till::home::{Home, Lock};

use crate::arguments::{Export, Format};
use crate::outcome::Outcome;
use crate::speak;

/// A charge as scripts see it: the line of a change, and what it was.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(flatten)]
    change: Change,
    operator: &'a Operator,
    business: Business,
    wallet: &'a str,
    code: &'a str,
    sent_at: String,
    autoid: Option<&'a str>,
}

/// The till's own journal, held so that no till writes to it, or a copy.
struct Source {
    file: PathBuf,
    _lock: Option<Lock>,
}

pub fn pending(json: bool, copy: Option<&Path>) -> anyhow::Result<Outcome> {
    let Some((_source, reader)) = open(copy)? else { return Ok(Outcome::Done) };
    list(&reader.books().pending()?, json, "nothing is pending")
}

pub fn history(bill: Option<&str>, limit: Option<u32>, json: bool, copy: Option<&Path>) -> anyhow::Result<Outcome> {
    let bill = match bill.map(|text| BillNumber::parse(text, checkout::bill::BILL_WIRE_MAX)).transpose() {
        Ok(bill) => bill.map(|bill| bill.key()),
        Err(why) => {
            speak::to_person(&format!("--bill: {why}"));
            return Ok(Outcome::Refused);
        }
    };
    let Some((_source, reader)) = open(copy)? else { return Ok(Outcome::Done) };
    let filter = HistoryFilter { bill, limit, ..HistoryFilter::default() };
    list(&reader.books().history(&filter)?, json, "no charge yet")
}

pub fn verify(copy: Option<&Path>) -> anyhow::Result<Outcome> {
    let source = Source::find(copy)?;
    anyhow::ensure!(source.file.exists(), "there is no journal at {}", source.file.display());
    let report = journal::verify(&source.file)?;
    speak::plain(&report.to_string())?;
    let unwitnessed = matches!(report.witness, WitnessReport::Missing | WitnessReport::Torn);
    if unwitnessed && copy.is_none() {
        speak::to_person("the witness file is missing or unreadable: whether the end was cut off cannot be told");
    }
    Ok(if report.is_whole() { Outcome::Done } else { Outcome::Failed })
}

pub fn export(order: &Export) -> anyhow::Result<Outcome> {
    let window = Config::load(&Home::find()?.config_file())?.window;
    let Some((_source, reader)) = open(order.journal.as_deref())? else { return Ok(Outcome::Done) };
    let export = journal::Export {
        format: match order.format {
            Format::Csv => journal::Format::Csv,
            Format::Jsonl => journal::Format::Jsonl,
        },
        window: &window.id,
        window_name: &window.name,
        from: order.from,
        to: order.to,
    };
    let count = match &order.out {
        Some(path) => {
            let file = std::fs::File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
            let mut out = std::io::BufWriter::new(file);
            let count = reader.books().export(&export, &mut out)?;
            out.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
            count
        }
        None => {
            let mut out = std::io::stdout().lock();
            let count = reader.books().export(&export, &mut out)?;
            out.flush()?;
            count
        }
    };
    speak::to_person(&format!("{count} charges exported"));
    Ok(Outcome::Done)
}

fn open(copy: Option<&Path>) -> anyhow::Result<Option<(Source, Reader)>> {
    let source = Source::find(copy)?;
    if copy.is_none() && !source.file.exists() {
        speak::to_person("there is no journal yet");
        return Ok(None);
    }
    let reader = Reader::open(&source.file)?;
    Ok(Some((source, reader)))
}

impl Source {
    fn find(copy: Option<&Path>) -> anyhow::Result<Self> {
        if let Some(copy) = copy {
            return Ok(Self { file: copy.to_owned(), _lock: None });
        }
        let home = Home::find()?;
        let lock = home.lock()?;
        Ok(Self { file: home.folder().join("journal.db"), _lock: Some(lock) })
    }
}

fn list(charges: &[Charge], json: bool, nothing: &str) -> anyhow::Result<Outcome> {
    for charge in charges {
        if json { speak::to_program(&row(charge))? } else { speak::plain(&line(charge))? }
    }
    if charges.is_empty() && !json {
        speak::to_person(nothing);
    }
    Ok(Outcome::Done)
}

fn row(charge: &Charge) -> Row<'_> {
    Row {
        change: Change::of(charge),
        operator: &charge.intent.operator,
        business: charge.intent.business,
        wallet: &charge.intent.wallet,
        code: &charge.intent.code.0,
        sent_at: charge.sent_at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false),
        autoid: charge.autoid.as_ref().map(|serial| serial.as_str()),
    }
}

fn line(charge: &Charge) -> String {
    let change = Change::of(charge);
    format!(
        "{}  {:<20}  ¥{:>11}  {:<20}  {}  {}  {}",
        charge.sent_at.format("%Y-%m-%d %H:%M:%S"),
        change.bill,
        change.amount.to_string(),
        change.state.to_string(),
        charge.intent.operator,
        change.charge,
        change.message,
    )
}
