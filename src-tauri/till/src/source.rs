//! Where a scan came from, and what is let through from there: a payment code that was typed is trusted least.

use std::collections::VecDeque;
use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use checkout::refusal::Refusal;
use checkout::{Route, ScannedText};
use scanner::Source;
use tokio::time::Instant;

use crate::view::ScanOutcome;
use crate::work::Work;

/// Scans that the page may hand over at once.
const PAGE_BURST: u8 = 5;
/// One more each so many milliseconds.
const PAGE_EVERY_MS: u128 = 1_000;
/// Two who see the same keys hand over what they read within so long of each other; a busy page is late.
const SAME_KEYS: Duration = Duration::from_secs(5);
/// More than hands scan meanwhile.
const SAME_KEYS_MAX: usize = 8;

/// Where a scan came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScanSource {
    /// The scanner's own line: serial, or USB HID-POS.
    Scanner,
    /// Handed to the program itself: standard input, a lesson of the training mode.
    Given,
    /// A scanner that types, read below the page.
    Keys,
    /// A scanner that types while another program has the focus. Only a listed wallet's code for an armed sale counts: what
    /// else is typed there is no business of the till's.
    Elsewhere,
    /// The page's own guard, where keys are not taken away below it. A page is not trusted: only for an armed sale, and never more
    /// than hands can scan.
    Page,
}

/// Which scans that were typed are let through.
pub(crate) struct Typed {
    allowed: bool,
    page: u8,
    refilled: Instant,
}

impl Typed {
    pub fn new(source: Source) -> Self {
        Self { allowed: source != Source::Serial, page: PAGE_BURST, refilled: Instant::now() }
    }

    fn page_may(&mut self, now: Instant) -> bool {
        let due = now.duration_since(self.refilled).as_millis() / PAGE_EVERY_MS;
        if due > 0 {
            self.refilled = now;
            self.page = self.page.saturating_add(u8::try_from(due).unwrap_or(PAGE_BURST)).min(PAGE_BURST);
        }
        let may = self.page > 0;
        self.page = self.page.saturating_sub(1);
        may
    }
}

/// Typed scans that one has handed over and the other has not, where two see the same keys: on Windows they are read below the
/// page, and its guard reads them again.
#[derive(Default)]
pub(crate) struct SameKeys {
    keys: RandomState,
    /// In the order in which they came: a page that was busy hands over more than one.
    once: VecDeque<Once>,
}

struct Once {
    /// Keyed anew at each start: what was scanned is not kept.
    hash: u64,
    source: ScanSource,
    at: Instant,
    outcome: ScanOutcome,
}

impl SameKeys {
    /// What became of these keys, if the other one of the two has handed them over already; said once for each time.
    pub fn known(&mut self, text: &ScannedText, source: ScanSource, now: Instant) -> Option<ScanOutcome> {
        let hash = self.keys.hash_one(text.expose());
        let same =
            |once: &Once| once.hash == hash && are_two(once.source, source) && now.duration_since(once.at) <= SAME_KEYS;
        let at = self.once.iter().position(same)?;
        self.once.remove(at).map(|once| once.outcome)
    }

    /// Remembers what became of a typed scan.
    ///
    /// What the page was refused is judged again when it comes from below: more is let through there.
    pub fn remember(&mut self, text: &ScannedText, source: ScanSource, now: Instant, outcome: &ScanOutcome) {
        let refused = matches!(outcome, ScanOutcome::Refused { .. });
        if source != ScanSource::Keys && (source != ScanSource::Page || refused) {
            return;
        }
        if self.once.len() >= SAME_KEYS_MAX {
            self.once.pop_front();
        }
        let hash = self.keys.hash_one(text.expose());
        self.once.push_back(Once { hash, source, at: now, outcome: outcome.clone() });
    }
}

fn are_two(one: ScanSource, other: ScanSource) -> bool {
    matches!((one, other), (ScanSource::Keys, ScanSource::Page) | (ScanSource::Page, ScanSource::Keys))
}

impl Work {
    /// Whether a scan from there is looked at, before anything is done with it.
    pub(crate) fn admit(&mut self, text: &ScannedText, source: ScanSource) -> Result<(), Refusal> {
        if matches!(source, ScanSource::Scanner | ScanSource::Given) {
            return Ok(());
        }
        if source == ScanSource::Page && !self.typed.page_may(Instant::now()) {
            return Err(Refusal::TooManyScans);
        }
        match self.teller.checkout.settings().router.route(text.expose(), None) {
            Route::Code(_) | Route::Unknown if !self.typed.allowed => Err(Refusal::NotByKeyboard),
            Route::Code(_) | Route::Unknown if source == ScanSource::Page && self.teller.checkout.armed().is_none() => {
                Err(Refusal::NotArmed)
            }
            _ => Ok(()),
        }
    }

    /// Whether something typed into another program is a payment code for the sale that waits here.
    pub(crate) fn wants_from_elsewhere(&self, text: &ScannedText) -> bool {
        let router = &self.teller.checkout.settings().router;
        self.typed.allowed
            && self.teller.checkout.armed().is_some()
            && matches!(router.route(text.expose(), None), Route::Code(_))
            && !is_identity_number(text.expose())
    }
}

/// An identity card's number (GB 11643): 18 digits with a birthday and a check digit, as readers at ticket windows type them.
/// The first two digits of some provinces are WeChat's.
fn is_identity_number(text: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 18 || text.len() != 18 {
        return false;
    }
    let number = |range: std::ops::Range<usize>| digits[range].iter().fold(0, |n, d| n * 10 + d);
    let birthday = (1900..2100).contains(&number(6..10))
        && (1..=12).contains(&number(10..12))
        && (1..=31).contains(&number(12..14));
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    birthday && (12 - sum % 11) % 11 == digits[17]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_is_known_by_birthday_and_check_digit() {
        let known: Vec<u32> = (0..10).filter(|last| is_identity_number(&format!("13010219900307001{last}"))).collect();
        assert_eq!(known, [1], "one check digit of ten");
        assert!(!is_identity_number("134567890123456789"), "no birthday");
        assert!(!is_identity_number("13010219900307001"));
    }

    #[test]
    fn two_who_read_the_same_keys_hand_over_one_scan() {
        use ScanSource::{Keys, Page};
        let text = ScannedText::new("B123456");
        let bill = ScanOutcome::Bill { text: "B123456".into() };
        let now = Instant::now();
        for (first, second) in [(Keys, Page), (Page, Keys)] {
            let mut same = SameKeys::default();
            same.remember(&text, first, now, &bill);
            assert_eq!(same.known(&text, first, now), None, "the scanner read twice");
            assert_eq!(same.known(&ScannedText::new("B123457"), second, now), None, "another number");
            assert_eq!(same.known(&text, second, now + SAME_KEYS + Duration::from_millis(1)), None, "too late");
            assert_eq!(same.known(&text, second, now), Some(bill.clone()));
            assert_eq!(same.known(&text, second, now), None, "each is one");
        }
    }

    #[test]
    fn a_page_that_was_busy_hands_over_scans_that_are_known_already() {
        use ScanSource::{Elsewhere, Keys, Page};
        let (bill, code) = (ScannedText::new("B123456"), ScannedText::new("134567890123456789"));
        let filled = ScanOutcome::Bill { text: "B123456".into() };
        let early = ScanOutcome::Refused { refusal: Refusal::NotArmed };
        let now = Instant::now();
        let mut same = SameKeys::default();
        same.remember(&bill, Keys, now, &filled);
        same.remember(&code, Keys, now + Duration::from_millis(800), &early);
        same.remember(&ScannedText::new("mine"), Elsewhere, now, &early);
        // By now the sale may be armed, and the code that came too early must not charge it by itself.
        let late = now + Duration::from_secs(3);
        assert_eq!(same.known(&bill, Page, late), Some(filled), "the scan after it is not in its way");
        assert_eq!(same.known(&code, Page, late), Some(early));
        assert_eq!(same.known(&code, Page, late), None, "each is one");
    }

    #[test]
    fn what_the_page_was_refused_is_judged_again_from_below() {
        let (text, now) = (ScannedText::new("134567890123456789"), Instant::now());
        let refused = ScanOutcome::Refused { refusal: Refusal::TooManyScans };
        let mut same = SameKeys::default();
        same.remember(&text, ScanSource::Page, now, &refused);
        assert_eq!(same.known(&text, ScanSource::Keys, now), None);
        same.remember(&text, ScanSource::Keys, now, &refused);
        assert_eq!(same.known(&text, ScanSource::Page, now), Some(refused), "and not said twice the other way");
    }

    #[tokio::test(start_paused = true)]
    async fn the_page_hands_over_no_more_than_hands_scan() {
        let mut typed = Typed::new(Source::Auto);
        let now = Instant::now();
        let at_once = (0..20).filter(|_| typed.page_may(now)).count();
        assert_eq!(at_once, usize::from(PAGE_BURST));
        assert!(
            typed.page_may(now + Duration::from_millis(1_100)) && !typed.page_may(now + Duration::from_millis(1_200))
        );
        for later in [200, 3_600] {
            let saved = (0..20).filter(|_| typed.page_may(now + Duration::from_secs(later))).count();
            assert_eq!(saved, usize::from(PAGE_BURST), "after {later} s");
        }
    }
}
