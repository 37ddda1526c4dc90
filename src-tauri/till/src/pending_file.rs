//! `exports/pending.json`: everything pending at this window, for supervisors elsewhere.

use std::path::PathBuf;

use checkout::event::Said;
use serde::Serialize;

use crate::view::{ChargeView, View};

/// Rewrites the file atomically whenever what it says changes.
pub struct PendingFile {
    path: PathBuf,
    last: String,
}

#[derive(Serialize)]
struct Listing<'a> {
    window: &'a str,
    name: &'a str,
    training: bool,
    at: String,
    pending: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    charge: &'a checkout::ChargeId,
    bill: &'a str,
    amount: &'a str,
    business: u8,
    operator: &'a str,
    state: checkout::State,
    sent_at: &'a str,
    moved_at: &'a str,
    text: &'a str,
    card: Option<&'a str>,
    help: bool,
    why: Option<&'a checkout::Why>,
    said: Option<&'a Said>,
    may_settle: &'a [checkout::Word],
}

impl PendingFile {
    /// The file at this path; nothing is written yet.
    pub fn at(path: PathBuf) -> Self {
        Self { path, last: String::new() }
    }

    /// Writes the list if it differs from what was written last. A failure costs a warning: the journal is the truth.
    pub fn update(&mut self, view: &View) {
        let pending: Vec<Entry> = view.pending.iter().map(entry).collect();
        let Ok(content) = serde_json::to_string(&pending) else { return };
        if content == self.last {
            return;
        }
        let at = crate::clock::wall().to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
        let listing =
            Listing { window: &view.window.id, name: &view.window.name, training: view.training, at, pending };
        match self.write(&listing) {
            Ok(()) => self.last = content,
            Err(error) => {
                tracing::warn!(path = %self.path.display(), %error, "the list of pending charges was not written")
            }
        }
    }

    fn write(&self, listing: &Listing) -> std::io::Result<()> {
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let text = serde_json::to_string_pretty(listing)?;
        let fresh = self.path.with_extension("json.new");
        std::fs::write(&fresh, text)?;
        std::fs::rename(&fresh, &self.path)
    }
}

fn entry(charge: &ChargeView) -> Entry<'_> {
    Entry {
        charge: &charge.id,
        bill: &charge.bill,
        amount: &charge.amount,
        business: charge.business,
        operator: &charge.operator,
        state: charge.state,
        sent_at: &charge.sent_at,
        moved_at: &charge.moved_at,
        text: &charge.text,
        card: charge.card.as_deref(),
        help: charge.help,
        why: charge.why.as_ref(),
        said: charge.said.as_ref(),
        may_settle: &charge.may_settle,
    }
}
