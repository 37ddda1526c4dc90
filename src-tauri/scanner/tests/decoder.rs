//! The framing rules, by example and by property.

use std::time::Duration;

use proptest::prelude::*;
use scanner::decoder::{FRAME_MAX, STALE_LIMIT};
use scanner::{DamageReason, Decoded, Decoder};

const CODE: &str = "134567890123456789";
const LONG: &str = "281234567890123456789012";

#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Scan(String),
    Damaged(DamageReason, u32),
}

fn scan(text: &str) -> Seen {
    Seen::Scan(text.into())
}

struct Bench {
    decoder: Decoder,
    seen: Vec<Seen>,
}

impl Bench {
    fn new() -> Self {
        Self { decoder: Decoder::new(Duration::from_millis(120)), seen: Vec::new() }
    }

    fn feed(&mut self, ms: u64, bytes: impl AsRef<[u8]>) -> &mut Self {
        let seen = &mut self.seen;
        self.decoder.feed(Duration::from_millis(ms), bytes.as_ref(), &mut |decoded| seen.push(note(decoded)));
        self
    }

    fn tick(&mut self, ms: u64) -> &mut Self {
        let seen = &mut self.seen;
        self.decoder.tick(Duration::from_millis(ms), &mut |decoded| seen.push(note(decoded)));
        self
    }

    fn unplug(&mut self) -> &mut Self {
        let seen = &mut self.seen;
        self.decoder.unplugged(&mut |decoded| seen.push(note(decoded)));
        self
    }

    fn taken(&mut self) -> Vec<Seen> {
        std::mem::take(&mut self.seen)
    }
}

fn note(decoded: Decoded) -> Seen {
    match decoded {
        Decoded::Scan(text) => Seen::Scan(text.expose().to_owned()),
        Decoded::Damaged(reason, length) => Seen::Damaged(reason, length),
    }
}

#[test]
fn every_terminator_cuts_at_once() {
    for terminator in ["\r", "\n", "\r\n", "\t"] {
        let seen = Bench::new().feed(5, format!("{CODE}{terminator}")).taken();
        assert_eq!(seen, [scan(CODE)], "{terminator:?}");
    }
}

#[test]
fn crlf_in_two_reads_is_one_end() {
    let mut bench = Bench::new();
    bench.feed(0, format!("{CODE}\r")).feed(1, "\n").feed(2000, format!("{LONG}\r")).feed(9000, "\n").tick(20_000);
    assert_eq!(bench.taken(), [scan(CODE), scan(LONG)]);
}

#[test]
fn without_a_terminator_silence_cuts() {
    let mut bench = Bench::new();
    assert_eq!(bench.feed(0, CODE).tick(119).taken(), []);
    assert_eq!(bench.tick(120).taken(), [scan(CODE)]);
    assert_eq!(bench.feed(500, LONG).feed(1000, CODE).taken(), [scan(LONG)]);
}

#[test]
fn after_a_terminator_silence_cuts_no_more() {
    let mut bench = Bench::new();
    bench.feed(0, format!("{CODE}\r")).taken();
    bench.feed(1000, &CODE[..9]).tick(1500).tick(2900);
    assert_eq!(bench.feed(2990, &CODE[9..]).feed(2991, "\r").taken(), [scan(CODE)]);
}

#[test]
fn a_half_code_is_given_up_and_never_glued() {
    let mut bench = Bench::new();
    bench.feed(0, format!("{CODE}\r")).taken();
    let silence = u64::try_from(STALE_LIMIT.as_millis()).expect("fits");
    bench.feed(100, &CODE[..7]);
    assert_eq!(bench.tick(100 + silence - 1).taken(), []);
    // No tick came in between: the next byte itself shows that the silence was too long.
    bench.feed(100 + silence, format!("{LONG}\r"));
    assert_eq!(bench.taken(), [Seen::Damaged(DamageReason::Unfinished, 7), scan(LONG)]);
}

#[test]
fn twenty_four_digits_at_40_ms_a_byte_are_one_scan() {
    for end in ["\r", ""] {
        let mut bench = Bench::new();
        for (index, byte) in LONG.bytes().enumerate() {
            let at = index as u64 * 40;
            bench.feed(at, [byte]).tick(at + 39);
        }
        assert_eq!(bench.taken(), []);
        assert_eq!(bench.feed(24 * 40, end).tick(24 * 40 + 120).taken(), [scan(LONG)]);
    }
}

#[test]
fn two_codes_100_ms_apart_are_two_scans() {
    let mut bench = Bench::new();
    bench.feed(0, format!("{CODE}\r\n")).feed(100, format!("{LONG}\r\n"));
    assert_eq!(bench.taken(), [scan(CODE), scan(LONG)]);
}

#[test]
fn two_codes_in_one_read_are_two_scans() {
    assert_eq!(Bench::new().feed(0, format!("{CODE}\r{LONG}\r")).taken(), [scan(CODE), scan(LONG)]);
}

#[test]
fn glued_codes_are_delivered_whole_and_never_split() {
    let glued = format!("{CODE}{CODE}");
    assert_eq!(Bench::new().feed(0, format!("{glued}\r")).taken(), [scan(&glued)]);
    assert_eq!(Bench::new().feed(0, CODE).feed(100, CODE).tick(220).taken(), [scan(&glued)]);
}

#[test]
fn noise_inside_refuses_the_whole_scan() {
    for noise in [&b"\0"[..], b"\xff", b"\x02", b"\x1b", b"\x7f", b"\xc3\x28", b"\xc2\x85"] {
        let mut bytes = CODE.as_bytes()[..9].to_vec();
        bytes.extend_from_slice(noise);
        bytes.extend_from_slice(&CODE.as_bytes()[9..]);
        bytes.push(b'\r');
        let length = u32::try_from(bytes.len() - 1).expect("fits");
        let mut bench = Bench::new();
        assert_eq!(bench.feed(0, &bytes).taken(), [Seen::Damaged(DamageReason::Noise, length)], "{noise:?}");
        assert_eq!(bench.feed(9, format!("{CODE}\r")).taken(), [scan(CODE)], "the next scan is good again");
    }
}

#[test]
fn control_bytes_before_a_frame_are_no_part_of_it() {
    assert_eq!(Bench::new().feed(0, format!("\0\0\u{2}{CODE}\r")).taken(), [scan(CODE)]);
    assert_eq!(Bench::new().feed(0, "\0\0\0").tick(10_000).taken(), []);
}

#[test]
fn a_first_digit_lost_to_line_noise_is_not_skipped() {
    let seen = Bench::new().feed(0, [b"\xff", &CODE.as_bytes()[1..], b"\r"].concat()).taken();
    assert_eq!(seen, [Seen::Damaged(DamageReason::Noise, 18)]);
}

#[test]
fn an_aim_identifier_is_named() {
    let seen = Bench::new().feed(0, format!("]Q1{CODE}\r")).taken();
    assert_eq!(seen, [Seen::Damaged(DamageReason::AimPrefix, 21)]);
}

#[test]
fn text_of_other_languages_is_text() {
    assert_eq!(Bench::new().feed(0, "门票A-1\r").taken(), [scan("门票A-1")]);
}

#[test]
fn unplugging_in_mid_code_discards_it_with_a_reason() {
    let mut bench = Bench::new();
    assert_eq!(bench.feed(0, &CODE[..5]).unplug().taken(), [Seen::Damaged(DamageReason::Unplugged, 5)]);
    assert_eq!(bench.unplug().taken(), []);
}

#[test]
fn an_endless_line_is_told_once_and_ends_with_a_terminator() {
    let mut bench = Bench::new();
    for at in 0..1000 {
        bench.feed(at, [b'7'; 1000]);
    }
    let told = Seen::Damaged(DamageReason::TooLong, u32::try_from(FRAME_MAX + 1).expect("fits"));
    assert_eq!(bench.taken(), [told]);
    assert_eq!(bench.feed(1000, format!("\r{CODE}\r")).taken(), [scan(CODE)]);
}

#[test]
fn the_longest_frame_still_passes() {
    let text = "7".repeat(FRAME_MAX);
    assert_eq!(Bench::new().feed(0, format!("{text}\r")).taken(), [scan(&text)]);
}

#[test]
fn an_overlong_frame_ends_with_silence_too() {
    let mut bench = Bench::new();
    bench.feed(0, [b'7'; 300]).taken();
    assert_eq!(bench.feed(200, CODE).tick(320).taken(), [scan(CODE)]);
}

/// Bytes with the time since the byte before: terminators, digits, noise; gaps on all sides of every limit.
fn stream() -> impl Strategy<Value = Vec<(u64, u8)>> {
    let byte = prop_oneof![
        8 => b'0'..=b'9',
        2 => prop::sample::select(&b"\r\n\t"[..]),
        1 => prop::sample::select(&b"\0\x02\xff\xc3\x85]QA"[..]),
    ];
    let gap = prop_oneof![6 => Just(0_u64), 2 => 1..60_u64, 1 => 100..140_u64, 1 => 1900..2100_u64];
    prop::collection::vec((gap, byte), 0..600)
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same_scans(stream in stream(), cuts in prop::collection::vec(any::<bool>(), 600)) {
        let mut alone = Bench::new();
        let mut chunked = Bench::new();
        let mut ticked = Bench::new();
        let (mut now, mut chunk, mut chunk_at) = (0, Vec::new(), 0);
        for (index, (gap, byte)) in stream.iter().enumerate() {
            for at in (now..now + gap).step_by(17) {
                ticked.tick(at);
            }
            now += gap;
            alone.feed(now, [*byte]);
            ticked.feed(now, [*byte]);
            if now != chunk_at || cuts[index] {
                chunked.feed(chunk_at, &chunk);
                chunk.clear();
            }
            chunk_at = now;
            chunk.push(*byte);
        }
        chunked.feed(chunk_at, &chunk).tick(now + 5000);
        alone.tick(now + 5000);
        ticked.tick(now + 5000);
        prop_assert_eq!(&alone.seen, &chunked.seen);
        prop_assert_eq!(&alone.seen, &ticked.seen);
    }

    #[test]
    fn a_scan_is_never_an_altered_code(codes in prop::collection::vec("[0-9]{16,24}", 1..6), noise in any::<(u8, usize, usize)>()) {
        let mut bytes: Vec<u8> = codes.iter().flat_map(|code| [code.as_bytes(), b"\r\n"].concat()).collect();
        let (noise_byte, which, place) = noise;
        prop_assume!(!b"\r\n\t".contains(&noise_byte) && (noise_byte.is_ascii_control() || noise_byte >= 0x80));
        let which = which % codes.len();
        let start: usize = codes[..which].iter().map(|code| code.len() + 2).sum();
        // Strictly inside: a control byte in front of a frame is a prefix.
        let inside = start + 1 + place % (codes[which].len() - 1);
        bytes[inside] = noise_byte;
        let mut bench = Bench::new();
        bench.feed(0, &bytes);
        let wanted: Vec<Seen> = codes.iter().enumerate().map(|(index, code)| if index == which {
            Seen::Damaged(DamageReason::Noise, u32::try_from(code.len()).expect("fits"))
        } else {
            scan(code)
        }).collect();
        prop_assert_eq!(bench.seen, wanted);
    }

    #[test]
    fn arbitrary_bytes_never_panic_and_stay_bounded(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let mut bench = Bench::new();
        bench.feed(0, &bytes).tick(10_000);
        for seen in &bench.seen {
            match seen {
                Seen::Scan(text) => prop_assert!(text.len() <= FRAME_MAX && !text.chars().any(char::is_control)),
                Seen::Damaged(_, length) => prop_assert!(*length as usize <= FRAME_MAX + 1),
            }
        }
        prop_assert!(bench.decoder.idle());
    }
}
