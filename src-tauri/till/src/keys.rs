//! The detector for scanners that type, with what codes and numbers look like at this window.

use std::time::Duration;

use checkout::{Route, Router, ScannedText};
use scanner::wedge::{Shapes, Wedge};
use scanner::{ScannerEvent, Source};
use tokio::sync::watch;

use crate::config::{Config, pattern_text};
use crate::handle::Till;
use crate::inbox::Message;
use crate::source::ScanSource;
use crate::trace;
use crate::view::TypingView;

pub use scanner::wedge::{EventClock, Key, Step};

/// The shortest number of the venue's patterns that is told from typing: shorter ones hands can roll.
const PATTERN_KEYS_MIN: usize = 6;

/// Watches keys. Whoever has them gives each event in, and delivers what comes out.
pub struct KeyWatch<E> {
    wedge: Wedge<E>,
    codes: Codes,
    in_force: watch::Receiver<Codes>,
}

/// What scanners send at this window.
#[derive(Clone)]
pub struct Codes {
    router: Router,
    gap: Duration,
    elsewhere: bool,
}

impl Codes {
    /// As the settings have it.
    pub fn of(config: &Config) -> Self {
        let scanner = config.scanner_settings();
        Self {
            router: config.checkout_settings().router,
            gap: Duration::from_millis(scanner.key_gap_ms.into()),
            elsewhere: scanner.source != Source::Serial,
        }
    }

    /// Whether keys that go to other programs are to be watched at all: not where no scanner types.
    pub fn watches_elsewhere(&self) -> bool {
        self.elsewhere
    }
}

impl Shapes for Codes {
    fn whole(&self, text: &str) -> bool {
        match self.router.route(text, None) {
            Route::Code(_) => true,
            Route::Bill | Route::Card => text.len() >= PATTERN_KEYS_MIN,
            Route::ThisBill | Route::Unknown | Route::Foreign(_) => false,
        }
    }

    fn begins(&self, text: &str) -> bool {
        // What a pattern begins with cannot be read from it, so with one every burst is looked at whole.
        self.router.bill.is_some() || self.router.card.is_some() || self.router.rules.begins(text)
    }
}

/// The same for the page's own guard.
pub(crate) fn typing_view(config: &Config) -> TypingView {
    TypingView {
        key_gap_ms: config.scanner.key_gap_ms,
        bill_pattern: pattern_text(config.limits.bill_pattern.as_ref()).to_owned(),
        card_pattern: pattern_text(config.limits.card_pattern.as_ref()).to_owned(),
        takes_codes: config.scanner.source != Source::Serial,
        codes: config.code_rules.typed().collect(),
    }
}

impl<E> KeyWatch<E> {
    /// A watch that has seen nothing; a change of the settings counts from the next key on.
    pub fn new(mut in_force: watch::Receiver<Codes>) -> Self {
        let codes = in_force.borrow_and_update().clone();
        Self { wedge: Wedge::new(codes.gap), codes, in_force }
    }

    /// Takes an event in.
    pub fn key(&mut self, key: Key, event: E) -> Vec<Step<E>> {
        // A till that has stopped changes nothing any more.
        if self.in_force.has_changed().unwrap_or(false) {
            self.codes = self.in_force.borrow_and_update().clone();
            self.wedge.keep_time(self.codes.gap);
        }
        self.wedge.key(&self.codes, key, event)
    }

    /// Lets silence do its work.
    pub fn tick(&mut self, now: Duration) -> Vec<Step<E>> {
        self.wedge.tick(&self.codes, now)
    }

    /// When silence has something to do next.
    pub fn deadline(&self) -> Option<Duration> {
        self.wedge.deadline()
    }

    /// No more of what was begun will come.
    pub fn let_go(&mut self) -> Vec<Step<E>> {
        self.wedge.let_go(&self.codes)
    }
}

impl Till {
    /// What scanners send here by the settings in force, now and after each change of them.
    pub fn codes(&self) -> watch::Receiver<Codes> {
        self.codes.clone()
    }

    /// Passes on what was caught among the keys; events to be delivered are nothing for a till.
    pub async fn caught(&self, step: Step<()>, source: ScanSource) {
        match step {
            Step::Deliver(()) => {}
            Step::Scan(text, rhythm) => {
                tracing::debug!(keys = rhythm.gaps_ms.len() + 1, ?source, "a scan was typed");
                let gaps_ms = rhythm.gaps_ms.iter().map(|gap| u32::from(*gap)).collect();
                self.scan_typed(ScannedText::new(text.expose()), source, gaps_ms).await;
            }
            // What is damaged in another program's window is that program's.
            Step::Damaged(..) if source == ScanSource::Elsewhere => {}
            Step::Damaged(reason, length) => {
                // A till that has stopped takes no more scans.
                let _ = self
                    .inbox
                    .send(Message::Scanner(ScannerEvent::Damaged { reason, length, pace: trace::typed(Vec::new()) }))
                    .await;
            }
        }
    }
}

#[cfg(test)]
mod tests;
