//! A scanner that types: its codes are taken out of the keys whole, and a person's keys come through as they were pressed.

mod typing;

use std::time::Duration;

use proptest::prelude::*;
use scanner::wedge::{Key, Wedge};
use typing::{Move, Out, Wallets, place, play, row};

const WECHAT: &str = "134567890123456789";
const ALIPAY: &str = "281234567890123456789012";

/// Nothing of it reached the page.
fn only_scans(out: &Out, scans: &[&str]) {
    assert_eq!(out.scans, scans);
    assert_eq!(out.typed, [], "something was delivered");
    assert_eq!(out.damaged, 0);
}

#[test]
fn a_code_with_every_terminator_is_a_scan_and_nothing_else() {
    for end in ["", "\r", "\t", "\r\r", "^j", "\r^j", "✱", "\r✱"] {
        // Control is held over the next key, as scanners do it.
        let mut moves = row(1, 1000, 8, 4, &format!("{WECHAT}{end}"));
        for m in moves.iter_mut().filter(|m| m.code == place('^') && !m.down) {
            m.at += 9;
        }
        let mut out = play(50, moves);
        // After a code that is over, Control alone is the keyboard's own and harmless; what it is pressed with is not.
        out.typed.retain(|(_, m)| m.code != place('^'));
        only_scans(&out, &[WECHAT]);
    }
}

#[test]
fn a_slow_code_of_24_digits_is_whole() {
    only_scans(&play(50, row(1, 0, 40, 20, &format!("{ALIPAY}\r"))), &[ALIPAY]);
    only_scans(&play(50, row(1, 0, 50, 45, ALIPAY)), &[ALIPAY]);
    only_scans(&play(200, row(1, 0, 200, 90, ALIPAY)), &[ALIPAY]);
}

#[test]
fn two_codes_100_ms_apart_are_two_scans() {
    for end in ["\r", ""] {
        let first = row(1, 0, 8, 4, &format!("{WECHAT}{end}"));
        let from = first.last().expect("keys").at + 100;
        let moves = [first, row(1, from, 8, 4, &format!("{ALIPAY}{end}"))].concat();
        only_scans(&play(50, moves), &[WECHAT, ALIPAY]);
    }
}

#[test]
fn a_hiccup_in_a_code_does_not_tear_it() {
    for at in [5, 9, 16, 17] {
        let head = row(1, 0, 40, 20, &ALIPAY[..at]);
        let from = (at as u64 - 1) * 40 + 100;
        only_scans(&play(50, [head, row(1, from, 40, 20, &format!("{}\r", &ALIPAY[at..]))].concat()), &[ALIPAY]);
    }
}

#[test]
fn a_dropped_key_leaves_no_digit_in_a_field() {
    for lost in 5..WECHAT.len() {
        let mut moves = row(1, 0, 40, 20, &format!("{WECHAT}\r"));
        moves.retain(|m| m.at / 40 != lost as u64);
        let out = play(50, moves);
        assert_eq!((out.scans.len(), out.typed.len()), (1, 0), "{out:?}");
    }
    // Only its release is lost: the code is whole, also with two equal digits in a row.
    let mut moves = row(1, 0, 20, 10, "135567890123456789\r");
    moves.retain(|m| m.down || m.at != 2 * 20 + 10);
    only_scans(&play(50, moves), &["135567890123456789"]);
}

#[test]
fn a_repeating_key_is_typing_and_starts_at_once() {
    let mut moves = vec![Move { device: 1, at: 0, code: place('5'), down: true }];
    moves.extend((0..40).map(|i| Move { device: 1, at: 500 + i * 33, code: place('5'), down: true }));
    moves.push(Move { device: 1, at: 2000, code: place('5'), down: false });
    let out = play(50, moves.clone());
    assert_eq!(out.typed.iter().map(|(_, m)| *m).collect::<Vec<_>>(), moves);
    assert!(out.typed[1..].iter().all(|(when, m)| *when == m.at), "a repeat is not held");
}

#[test]
fn an_enter_held_after_a_scan_presses_nothing() {
    let mut moves = row(1, 0, 8, 4, &format!("{WECHAT}\r"));
    let enter = moves.pop().expect("its release");
    moves.extend((0..10).map(|i| Move { device: 1, at: 700 + i * 33, code: place('\r'), down: true }));
    moves.push(Move { at: 1500, ..enter });
    only_scans(&play(50, moves), &[WECHAT]);
}

#[test]
fn what_comes_after_a_scan_works_again() {
    let moves = [row(1, 0, 8, 4, &format!("{WECHAT}\r")), row(1, 700, 100, 60, "12\r")].concat();
    let out = play(50, moves);
    assert_eq!(out.presses(), [place('1'), place('2'), place('\r')]);
    // Enter alone, once it is no suffix any more; so does the next one after a second suffix.
    let enters = |at: &[u64]| at.iter().flat_map(|at| row(1, *at, 8, 4, "\r")).collect::<Vec<_>>();
    for (at, left) in [(vec![500], 1), (vec![250, 380, 510], 0), (vec![250, 380, 700], 1)] {
        let out = play(50, [row(1, 0, 8, 4, WECHAT), enters(&at)].concat());
        assert_eq!((out.scans.len(), out.presses().len()), (1, left), "Enter at {at:?}");
    }
    // A person types on right behind a code without terminator.
    let out = play(50, [row(1, 0, 8, 4, WECHAT), row(1, 230, 90, 60, "7")].concat());
    assert_eq!((out.scans.as_slice(), out.presses()), ([WECHAT.to_owned()].as_slice(), vec![place('7')]));
}

#[test]
fn late_timers_change_nothing_and_what_is_held_goes_out_when_the_focus_does() {
    let mut wedge = Wedge::new(Duration::from_millis(50));
    let mut press = |at: u64, c: char| {
        let (at, code) = (Duration::from_millis(at), place(c));
        let key = Key { device: 1, at, code, down: true, typed: None, ctrl: false, alt: false };
        wedge.key(&Wallets, key, c).into_iter().map(|step| format!("{step:?}")).collect::<Vec<_>>()
    };
    assert_eq!(press(0, '1'), Vec::<String>::new());
    assert_eq!(press(500, '2'), ["Deliver('1')"], "a key that comes before its timer does the timer's work");
    let out: Vec<String> = wedge.let_go(&Wallets).into_iter().map(|step| format!("{step:?}")).collect();
    assert_eq!(out, ["Deliver('2')"]);
}

#[test]
fn a_keyboard_that_never_stops_is_cut_and_not_remembered_for_ever() {
    let out = play(50, row(1, 0, 8, 4, &"7".repeat(1_000)));
    assert_eq!(out.scans.iter().map(String::len).collect::<Vec<_>>(), [256, 256, 256, 232]);
    assert_eq!(out.presses(), Vec::<u16>::new());
}

#[test]
fn the_venues_numbers_are_scans_by_their_pattern_and_other_bursts_are_typed() {
    only_scans(&play(50, row(1, 0, 8, 4, "b123456\r")), &["b123456"]);
    let out = play(50, row(1, 0, 8, 4, "T123456\r"));
    assert_eq!(out.presses().len(), 8, "what no pattern knows is typed, with its Enter: {out:?}");
    let slow = play(50, row(1, 0, 90, 60, "b123456\r"));
    assert_eq!(slow.presses().len(), 8, "a person may type what a scanner may send");
}

#[test]
fn shift_and_caps_lock_around_a_code_change_nothing() {
    let keys = format!("⇪{}⇪\r", &WECHAT.chars().map(String::from).collect::<Vec<_>>().join(""));
    let out = play(50, row(1, 0, 8, 4, &keys));
    assert_eq!(out.scans, [WECHAT]);
    assert_eq!(out.presses(), [place('⇪')], "a lock before the code is the keyboard's own");
}

#[test]
fn a_person_and_a_scanner_at_the_same_time_do_not_mix() {
    let person = row(1, 3, 70, 55, "1234567890");
    let moves = [person.clone(), row(2, 101, 17, 9, &format!("{ALIPAY}\r"))].concat();
    let out = play(50, moves);
    assert_eq!(out.scans, [ALIPAY]);
    let typed: Vec<Move> = out.typed.iter().map(|(_, m)| *m).collect();
    let mut expected = person;
    expected.sort_by_key(|m| m.at);
    assert_eq!(typed, expected);
}

#[test]
fn a_code_with_a_foreign_key_in_it_is_damaged_and_stays_out_of_the_fields() {
    let out = play(50, row(1, 0, 8, 4, "1345678901T2345678901\r"));
    assert_eq!((out.scans.len(), out.damaged, out.presses()), (0, 1, vec![]));
}

/// A person: runs of up to four keys that overlap, then a pause of more than a gap.
fn person() -> impl Strategy<Value = Vec<Move>> {
    let run = (proptest::collection::vec((0..12_usize, 0..=50_u64, 10..120_u64), 1..5), 51..400_u64);
    proptest::collection::vec(run, 0..12).prop_map(|runs| {
        let keys: Vec<char> = "0123456789T←".chars().collect();
        let (mut at, mut moves) = (0_u64, Vec::<Move>::new());
        for (run, pause) in runs {
            at += pause;
            for (i, (key, gap, hold)) in run.into_iter().enumerate() {
                at += if i == 0 { 0 } else { gap };
                let code = place(keys[key]);
                // A key is let go before it is pressed again.
                at = moves.iter().filter(|m| m.code == code).map(|m| m.at + 1).fold(at, u64::max);
                moves.push(Move { device: 1, at, code, down: true });
                moves.push(Move { device: 1, at: at + hold, code, down: false });
            }
        }
        moves.sort_by_key(|m| m.at);
        moves
    })
}

fn code() -> impl Strategy<Value = String> {
    prop_oneof!["13[0-9]{16}", "28[0-9]{14,22}", "[0-9]{16,24}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// No human typing is lost, changed or reordered, and none waits longer than the run it belongs to and one gap.
    #[test]
    fn typing_comes_through_as_it_was(moves in person()) {
        let out = play(50, moves.clone());
        prop_assert_eq!(out.typed.iter().map(|(_, m)| *m).collect::<Vec<_>>(), moves);
        prop_assert!(out.scans.is_empty() && out.damaged == 0);
        for (when, m) in &out.typed {
            prop_assert!(when - m.at <= 3 * 50 + 51, "held for {} ms", when - m.at);
        }
    }

    /// At any speed of a scanner, with any terminator, beside any typing on another keyboard: the code is a scan, once, and
    /// no key of it reaches the page.
    #[test]
    fn no_digit_of_a_code_is_ever_typed(
        moves in person(),
        code in code(),
        from in 0..2000_u64,
        gap in 1..=50_u64,
        hold in 0..60_u64,
        end in prop_oneof![Just(""), Just("\r"), Just("\t"), Just("\r\t")],
    ) {
        let hold = hold.min(gap - 1);
        let out = play(50, [moves.clone(), row(2, from, gap, hold, &format!("{code}{end}"))].concat());
        prop_assert_eq!(&out.scans, &[code]);
        prop_assert!(out.typed.iter().all(|(_, m)| m.device == 1), "{:?}", out.typed);
        prop_assert_eq!(out.typed.iter().map(|(_, m)| *m).collect::<Vec<_>>(), moves);
    }

    /// The same on one keyboard that a person used a moment ago and uses again a moment later.
    #[test]
    fn a_code_between_a_persons_keys_is_found(
        before in "[0-9T]{0,4}",
        after in "[0-9T]{0,4}",
        code in prop_oneof!["13[0-9]{16}", "28[0-9]{14,22}"],
        gap in 1..=50_u64,
        end in prop_oneof![Just(""), Just("\r")],
    ) {
        let first = row(1, 0, 80, 40, &before);
        let from = 80 * before.len() as u64 + 60;
        let scan = row(1, from, gap, gap / 2, &format!("{code}{end}"));
        let last = scan.last().map_or(0, |m| m.at);
        let out = play(50, [first, scan, row(1, last + 160, 80, 40, &after)].concat());
        prop_assert_eq!(&out.scans, &[code]);
        let typed: Vec<u16> = before.chars().chain(after.chars()).map(place).collect();
        prop_assert_eq!(out.presses(), typed);
    }
}
