//! A line that sends anything at all: no panic, no frame longer than the longest, and a scan holds nothing that was not sent.
//! Longer with `HOSTILE=<cases>`.

use std::time::Duration;

use proptest::prelude::*;
use scanner::{Decoded, Decoder};

/// Longer than any code or address that a scanner reads here.
const FRAME_MAX: usize = 256;

fn hostile(usual: u32) -> ProptestConfig {
    let cases = std::env::var("HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

#[derive(Clone, Debug)]
enum Doing {
    Bytes(Vec<u8>),
    Silence(u64),
    Unplug,
}

fn doing() -> impl Strategy<Value = Doing> {
    let codes =
        prop::sample::select(&["134567890123456789\r", "134567890123456789", "\r\n", "]Q1", "\t", "https://x/"][..]);
    prop_oneof![
        4 => prop::collection::vec(any::<u8>(), 0..400).prop_map(Doing::Bytes),
        4 => codes.prop_map(|text| Doing::Bytes(text.as_bytes().to_vec())),
        1 => any::<u8>().prop_map(|byte| Doing::Bytes(vec![byte; 5_000])),
        3 => (0_u64..3_000).prop_map(Doing::Silence),
        1 => any::<u64>().prop_map(Doing::Silence),
        1 => Just(Doing::Unplug),
    ]
}

proptest! {
    #![proptest_config(hostile(2_000))]

    #[test]
    fn hostile_lines_are_cut_into_bounded_scans(doings in prop::collection::vec(doing(), 0..40), gap in any::<u32>()) {
        let mut decoder = Decoder::new(Duration::from_millis(u64::from(gap)));
        let mut now = Duration::ZERO;
        let (mut sent, mut out) = (Vec::new(), Vec::new());
        for doing in doings {
            match doing {
                Doing::Bytes(bytes) => {
                    sent.extend_from_slice(&bytes);
                    decoder.feed(now, &bytes, &mut |decoded| out.push(decoded));
                }
                Doing::Silence(ms) => {
                    now = now.saturating_add(Duration::from_millis(ms));
                    decoder.tick(now, &mut |decoded| out.push(decoded));
                }
                Doing::Unplug => decoder.unplugged(&mut |decoded| out.push(decoded)),
            }
        }
        let mut from = 0;
        for decoded in &out {
            let Decoded::Scan(text) = decoded else { continue };
            let text = text.expose().as_bytes();
            prop_assert!(!text.is_empty() && text.len() <= FRAME_MAX);
            prop_assert!(!text.iter().any(u8::is_ascii_control));
            // In order, and nothing but what was sent.
            let at = sent[from..].windows(text.len()).position(|window| window == text);
            prop_assert!(at.is_some());
            from += at.unwrap_or_default() + text.len();
        }
    }
}
