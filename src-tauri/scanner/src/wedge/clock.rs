//! The clock of key events: a counter of milliseconds that wraps round, made into one that only goes on.

use std::time::{Duration, Instant};

/// Events carry the time when the key moved; timers run by the program's own clock. This reads the one by the other, never too
/// early: an event that waited in a queue makes the clock late, so that nothing is judged before its keys could have come.
#[derive(Debug, Default)]
pub struct EventClock {
    /// The steps in which the events' counter goes on.
    grain: Duration,
    last: Option<Last>,
}

#[derive(Debug, Clone, Copy)]
struct Last {
    raw: u32,
    at: Duration,
    arrived: Instant,
}

impl EventClock {
    /// A clock for events whose counter goes on in steps of up to `grain`: between two of them counts the time between their
    /// arrivals, as far as the counter allows it.
    pub fn coarse(grain: Duration) -> Self {
        Self { grain, last: None }
    }

    /// The time of an event that says `raw` milliseconds and arrived now; 0 is an event that does not say.
    pub fn at(&mut self, raw: u32, arrived: Instant) -> Duration {
        let next = match self.last {
            None => Last { raw, at: Duration::ZERO, arrived },
            Some(last) if raw == 0 || last.raw == 0 => {
                Last { raw, at: last.at + arrived.saturating_duration_since(last.arrived), arrived }
            }
            Some(last) => {
                let passed = raw.wrapping_sub(last.raw);
                // Half the circle is the past: an event that was overtaken.
                let passed = Duration::from_millis(if passed > u32::MAX / 2 { 0 } else { passed }.into());
                let between = arrived.saturating_duration_since(last.arrived);
                let gap = between.clamp(passed.saturating_sub(self.grain), passed + self.grain);
                Last { raw, at: last.at + gap, arrived }
            }
        };
        self.last = Some(next);
        next.at
    }

    /// The time by this clock when it is `now` by the program's.
    pub fn now(&self, now: Instant) -> Duration {
        self.last.map_or(Duration::ZERO, |last| last.at + now.saturating_duration_since(last.arrived))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_may_wrap_stand_still_and_be_absent() {
        let mut clock = EventClock::default();
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        assert_eq!(clock.at(u32::MAX - 5, start), Duration::ZERO);
        assert_eq!(clock.at(4, after(900)), Duration::from_millis(10), "by the event, however late it arrives");
        assert_eq!(clock.at(2, after(901)), Duration::from_millis(10), "overtaken");
        assert_eq!(clock.at(0, after(921)), Duration::from_millis(30), "no time of its own");
        assert_eq!(clock.at(50, after(931)), Duration::from_millis(40));
        assert_eq!(clock.now(after(961)), Duration::from_millis(70));
    }

    #[test]
    fn a_coarse_counter_is_made_finer_by_arrivals_and_a_stall_does_not_make_hands_a_machine() {
        let start = Instant::now();
        let after = |ms| start + Duration::from_millis(ms);
        let ms = Duration::from_millis;
        let mut clock = EventClock::coarse(ms(16));
        assert_eq!(clock.at(1_000, start), ms(0));
        assert_eq!(clock.at(1_062, after(48)), ms(48), "four steps of the counter, and 48 ms by the arrivals");
        assert_eq!(clock.at(1_062, after(58)), ms(58), "the same step");
        // The machine stood still for a second, and what hands typed meanwhile arrives at once.
        assert_eq!(clock.at(1_262, after(1_058)), ms(58 + 216));
        assert_eq!(clock.at(1_462, after(1_058)), ms(58 + 216 + 184));
    }
}
