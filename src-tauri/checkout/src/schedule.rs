//! When to ask again (design.md §4): dense while the customer is confirming, ever slower afterwards, never closer than
//! the least gap.

use crate::fact::Dice;
use crate::settings::Settings;

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Least time between two queries of the whole window, milliseconds: nine of these are more than a second, so no second
/// ever holds ten queries.
pub const WINDOW_GAP_MS: u64 = 112;
/// Longest pause after transport errors while a slow tier is not slower anyway, milliseconds.
pub const ERROR_CAP_MS: u64 = 60 * SECOND;
/// How much of a gap jitter may add, in hundredths.
const JITTER_PERCENT: u64 = 20;
/// The front gap grows by one least gap in this time: the chance that the customer confirms *now* falls with the wait.
const FRONT_GROWTH_MS: u64 = 15 * SECOND;

/// After-watch of declined and settled charges, milliseconds since sending or decision, whichever is later.
pub const WATCH: [u64; 5] = [65 * SECOND, 200 * SECOND, 10 * MINUTE, HOUR, DAY];

/// The pause before the next query of an undecided charge of this age (milliseconds since sending), jitter included.
pub fn gap(settings: &Settings, age: u64, dice: &mut Dice) -> u64 {
    let base = if age < settings.front_window_ms {
        settings.min_gap_ms + settings.min_gap_ms * age / FRONT_GROWTH_MS
    } else if age < 200 * SECOND {
        10 * SECOND
    } else if age < 10 * MINUTE {
        MINUTE
    } else if age < HOUR {
        10 * MINUTE
    } else if age < DAY {
        HOUR
    } else {
        DAY
    };
    (base + dice.up_to(base * JITTER_PERCENT / 100)).max(settings.min_gap_ms)
}

/// The pause after so many transport errors in a row (at least one): full jitter under a doubling cap.
pub fn error_gap(settings: &Settings, age: u64, errors: u32, dice: &mut Dice) -> u64 {
    let usual = gap(settings, age, dice);
    let cap = ERROR_CAP_MS.max(usual);
    let reach = usual.saturating_mul(1 << errors.min(10)).min(cap);
    dice.up_to(reach).max(settings.min_gap_ms)
}

/// Index of the next after-watch point for a charge of this watch age; `None` when all are past.
pub fn watch_point(age: u64) -> Option<usize> {
    WATCH.iter().position(|point| *point > age)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tiers_follow_the_age_since_sending() {
        let settings = Settings::default();
        for (age, least, most) in [
            (0, 1_000, 1_200),
            (15_000, 2_000, 2_400),
            (59_999, 4_900, 6_000),
            (60_000, 10_000, 12_000),
            (199_999, 10_000, 12_000),
            (200_000, 60_000, 72_000),
            (10 * MINUTE, 10 * MINUTE, 12 * MINUTE),
            (HOUR, HOUR, HOUR + 12 * MINUTE),
            (DAY, DAY, DAY + 5 * HOUR),
            (u64::MAX, DAY, DAY + 5 * HOUR),
        ] {
            for seed in 0..50 {
                let gap = gap(&settings, age, &mut Dice(seed));
                assert!((least..=most).contains(&gap), "age {age}: {gap}");
            }
        }
    }

    proptest! {
        #[test]
        fn no_gap_is_below_the_least_one(age in any::<u64>(), min in 100_u64..60_000, errors in 1_u32..40, seed in any::<u64>()) {
            let settings = Settings { min_gap_ms: min, ..Settings::default() };
            prop_assert!(gap(&settings, age, &mut Dice(seed)) >= min);
            prop_assert!(error_gap(&settings, age, errors, &mut Dice(seed)) >= min);
        }
    }

    #[test]
    fn the_after_watch_has_five_points_and_an_end() {
        assert_eq!(watch_point(0), Some(0));
        assert_eq!(watch_point(65_000), Some(1));
        assert_eq!(watch_point(HOUR), Some(4));
        assert_eq!(watch_point(DAY), None);
    }
}
