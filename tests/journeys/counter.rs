//! The counter with a scanner that types, on a display of its own, and what to do about a display that is late by itself.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;

use serde_json::{Value, json};

use crate::keyboard::Keyboard;
use crate::place::{Place, journey_from_the_door};
use crate::settings::Settings;

/// What stands in the fields of the sale.
pub const FIELDS: &str = "[value('operator'), value('bill'), value('amount')]";
/// Milliseconds between two keys of an ordinary scanner.
pub const FAST: Duration = Duration::from_millis(8);
/// `scanner.key_gap_ms` as shipped.
pub const GAP: Duration = Duration::from_millis(50);
/// The same for a machine whose display cannot keep the pace of a scanner.
const WIDE: Duration = Duration::from_millis(110);
/// A pause in a code that has begun.
const HICCUP: Duration = Duration::from_millis(120);
/// So many pauses must be within the gap before a code counts as begun.
const BEGINNING: usize = 4;

/// The display itself paused for so long within a code, which no scanner does: what follows says nothing about the till.
struct Late(Duration);

/// Walks a journey by the gap of the settings as shipped, again if the display was late by itself, and at last by a wider gap.
pub fn at_a_scanners_pace(settings: Settings, walk: impl AsyncFn(&mut Counter)) {
    for gap in [None, None, Some(WIDE)] {
        let settings = settings.clone().with("scanner", "source", "\"auto\"");
        let settings = match gap {
            None => settings,
            Some(gap) => settings.with("scanner", "key_gap_ms", &gap.as_millis().to_string()),
        };
        let walked = catch_unwind(AssertUnwindSafe(|| {
            journey_from_the_door(settings, async |place| {
                place.window.open_on_its_own_display();
                place.window.start().await;
                let keyboard = Keyboard::of(place.window.display());
                keyboard.to_front("Wicket");
                walk(&mut Counter { place, keyboard, gap: gap.unwrap_or(GAP) }).await;
            });
        }));
        match walked {
            Ok(()) => return,
            Err(failure) => match failure.downcast_ref::<Late>() {
                Some(late) if gap.is_none() => say_late(late),
                _ => resume_unwind(failure),
            },
        }
    }
}

/// A pause that makes a code none.
pub fn late(pauses: &[Duration], gap: Duration) -> Option<Duration> {
    let too_long = |(nth, pause): &(usize, &Duration)| **pause > if *nth < BEGINNING { gap } else { HICCUP };
    pauses.iter().enumerate().find(too_long).map(|(_, pause)| *pause)
}

#[allow(clippy::print_stderr, reason = "whoever reads the log of a slow machine should know")]
fn say_late(Late(pause): &Late) {
    eprintln!("once more: the display itself paused for {pause:?} within a code");
}

/// The window with a scanner that types.
pub struct Counter<'a> {
    pub place: &'a mut Place,
    pub keyboard: Keyboard,
    /// The longest gap within a code, by the settings.
    gap: Duration,
}

impl Counter<'_> {
    /// A payment code and its Enter.
    pub fn scan(&mut self, code: &str, gap: Duration) {
        self.place.scanner.remember(code);
        let pauses = self.keyboard.types(&format!("{code}\r"), gap);
        let late = late(&pauses, self.gap);
        if let Some(pause) = late {
            std::panic::panic_any(Late(pause));
        }
    }

    /// How many scans the till has answered.
    pub async fn answered(&self) -> u64 {
        let view = self.place.invoke("snapshot", json!({})).await;
        let view: Value = serde_json::from_str(view.strip_prefix("done: ").expect("a view")).expect("a view");
        view["scan"]["number"].as_u64().unwrap_or_default()
    }

    pub async fn await_answered(&self, number: u64) {
        while self.answered().await < number {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(self.answered().await, number, "each scan is answered once");
    }

    pub async fn paid(&self, bill: &str, amount: &str) {
        let there = format!("state() === 'paid' && by('charge-amount').dataset.amount === {}", json!(amount));
        self.place.until(&there).await;
        assert_eq!(self.place.requests(bill), 1);
        assert_eq!(self.place.see(FIELDS).await, json!(["S0107", "", ""]), "paid clears, and nothing was typed");
    }
}
