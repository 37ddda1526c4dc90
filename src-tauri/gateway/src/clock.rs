//! The platform's clock, as far as its answers tell it: a signature carries its time, not ours.

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, Utc};
use reqwest::header::{AGE, DATE, HeaderMap};

/// A difference above ten years is no clock but a mistake.
const ABSURD_S: u64 = 10 * 366 * 24 * 60 * 60;

/// How far the platform's clock is ahead of this machine's, learnt anew from every answer. Nothing is learnt: equal.
#[derive(Default)]
pub(crate) struct PlatformClock {
    /// By the `Date` of the last answer, in seconds.
    by_date: AtomicI64,
    /// How far the clock that signatures are checked with is ahead of the one that writes `Date` (a proxy may do that), in
    /// seconds. Both are theirs, so this stays right when our own clock is set.
    beyond_date: AtomicI64,
}

impl PlatformClock {
    /// The platform's time now, in Unix seconds.
    pub fn now_s(&self) -> i64 {
        let ahead = self.by_date.load(Ordering::Relaxed).saturating_add(self.beyond_date.load(Ordering::Relaxed));
        Utc::now().timestamp().saturating_add(ahead)
    }

    /// Takes note of what an answer tells: its `Date`, and the time in a refusal of a signature (`ts`, Unix seconds).
    pub fn learn(&self, date: Option<i64>, ts: Option<i64>) {
        let now_ms = Utc::now().timestamp_millis();
        let sane = |s: &i64| s.unsigned_abs() <= ABSURD_S;
        let date = date.and_then(|date| ahead(date, now_ms)).filter(sane);
        let ts = ts.and_then(|ts| ahead(ts, now_ms)).filter(sane);
        if let Some(date) = date {
            self.by_date.store(date, Ordering::Relaxed);
        }
        if let Some(ts) = ts {
            let date = date.unwrap_or_else(|| self.by_date.load(Ordering::Relaxed));
            self.beyond_date.store(ts.saturating_sub(date), Ordering::Relaxed);
        }
    }
}

/// The time in an answer's `Date`, in Unix seconds. An answer out of a cache (`Age`) tells the time of another day.
pub(crate) fn date(headers: &HeaderMap) -> Option<i64> {
    if headers.contains_key(AGE) {
        return None;
    }
    let text = headers.get(DATE)?.to_str().ok()?;
    Some(DateTime::parse_from_rfc2822(text).ok()?.timestamp())
}

/// How far a time in an answer that came just now is ahead of this machine's clock, in whole seconds.
pub(crate) fn ahead_now(theirs_s: i64) -> Option<i64> {
    ahead(theirs_s, Utc::now().timestamp_millis())
}

/// Rounded so that equal clocks give 0: a time without its fraction stands for the middle of its second.
fn ahead(theirs_s: i64, ours_ms: i64) -> Option<i64> {
    let middle_ms = theirs_s.checked_mul(1000)?.checked_add(500)?;
    Some(middle_ms.checked_sub(ours_ms)?.checked_add(499)?.div_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(date: Option<i64>, ts: Option<i64>) -> impl Fn(&PlatformClock) {
        let now = Utc::now().timestamp();
        let at = move |offset: Option<i64>| offset.map(|offset| now.saturating_add(offset));
        move |clock| clock.learn(at(date), at(ts))
    }

    fn assert_ahead(clock: &PlatformClock, expected: i64) {
        let found = clock.now_s() - Utc::now().timestamp();
        assert!(found.abs_diff(expected) <= 1, "{found} instead of {expected}");
    }

    #[test]
    fn equal_clocks_differ_by_nothing_in_any_part_of_the_second() {
        for ms in [0, 1, 499, 500, 501, 999] {
            assert_eq!(ahead(1_717_206_000, 1_717_206_000_000 + ms), Some(0), "{ms}");
            assert_eq!(ahead(1_717_206_090, 1_717_206_000_000 + ms), Some(90), "{ms}");
            assert_eq!(ahead(1_717_205_910, 1_717_206_000_000 + ms), Some(-90), "{ms}");
        }
        assert_eq!(ahead(i64::MAX, 0), None);
    }

    #[test]
    fn the_last_date_counts_and_an_absurd_one_does_not() {
        let clock = PlatformClock::default();
        assert_ahead(&clock, 0);
        told(Some(300), None)(&clock);
        assert_ahead(&clock, 300);
        let eleven_years = 11 * 366 * 86_400;
        for absurd in [eleven_years, -eleven_years, i64::MAX, i64::MIN] {
            told(Some(absurd), Some(absurd))(&clock);
            assert_ahead(&clock, 300);
        }
        told(Some(-7_200), None)(&clock);
        assert_ahead(&clock, -7_200);
        told(None, None)(&clock);
        assert_ahead(&clock, -7_200);
    }

    #[test]
    fn a_refusal_s_time_counts_beyond_the_proxy_s_date() {
        let clock = PlatformClock::default();
        told(Some(10), Some(500))(&clock);
        assert_ahead(&clock, 500);
        // Our clock was set back by a minute: the next date tells it, and the refusal's time moves along.
        told(Some(70), None)(&clock);
        assert_ahead(&clock, 560);
        told(None, Some(-30))(&clock);
        assert_ahead(&clock, -30);
    }

    #[test]
    fn an_answer_out_of_a_cache_tells_no_time() {
        let mut headers = HeaderMap::new();
        assert_eq!(date(&headers), None);
        headers.insert(DATE, "Sat, 01 Jun 2024 01:40:00 GMT".parse().expect("a value"));
        assert_eq!(date(&headers), Some(1_717_206_000));
        headers.insert(AGE, "3600".parse().expect("a value"));
        assert_eq!(date(&headers), None);
    }
}
