//! A keyboard for the tests of the detector: who presses what and when, and what comes out at the other end.

use std::time::Duration;

use scanner::wedge::{Key, Shapes, Step, Wedge};

/// The wallets that the tests know: WeChat's 18 digits, Alipay's 16 to 24, and a venue whose bills are `b` and six digits.
pub struct Wallets;

impl Shapes for Wallets {
    fn whole(&self, text: &str) -> bool {
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let bill =
            text.strip_prefix('b').is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|b| b.is_ascii_digit()));
        bill || digits && text.starts_with("13") && text.len() == 18
            || digits && text.starts_with("28") && (16..=24).contains(&text.len())
    }

    fn begins(&self, text: &str) -> bool {
        text.starts_with('b')
    }
}

/// One press or release, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub device: u32,
    pub at: u64,
    pub code: u16,
    pub down: bool,
}

/// The place of a character's key.
pub fn place(c: char) -> u16 {
    match c {
        '\r' => 28,
        '\t' => 15,
        '1'..='9' => 1 + c as u16 - '0' as u16,
        '0' => 11,
        'b' => 48,
        'T' => 20,
        'j' => 36,
        '^' => 29,
        '⇧' => 42,
        '⇪' => 58,
        '←' => 105,
        '✱' => 88,
        other => panic!("no key for {other}"),
    }
}

/// Presses a row of keys, each for `hold` ms and `gap` ms after the one before; the first one at `from`.
pub fn row(device: u32, from: u64, gap: u64, hold: u64, keys: &str) -> Vec<Move> {
    let mut moves = Vec::new();
    for (i, c) in keys.chars().enumerate() {
        let at = from + gap * i as u64;
        moves.push(Move { device, at, code: place(c), down: true });
        moves.push(Move { device, at: at + hold, code: place(c), down: false });
    }
    moves
}

/// What came out, in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Out {
    /// Events that were delivered, with the moment of delivery.
    pub typed: Vec<(u64, Move)>,
    pub scans: Vec<String>,
    pub damaged: usize,
}

impl Out {
    /// Presses that reached the page, as key codes.
    pub fn presses(&self) -> Vec<u16> {
        self.typed.iter().filter(|(_, m)| m.down).map(|(_, m)| m.code).collect()
    }

    fn take(&mut self, now: u64, steps: Vec<Step<Move>>) {
        for step in steps {
            match step {
                Step::Deliver(event) => self.typed.push((now, event)),
                Step::Scan(text, rhythm) => {
                    assert!(rhythm.gaps_ms.len() < 256);
                    self.scans.push(text.expose().to_owned());
                }
                Step::Damaged(..) => self.damaged += 1,
            }
        }
    }
}

/// Plays the moves with timers that are exactly on time, and waits until everything is quiet.
pub fn play(gap: u64, mut moves: Vec<Move>) -> Out {
    moves.sort_by_key(|m| m.at);
    let mut wedge = Wedge::new(Duration::from_millis(gap));
    let mut out = Out::default();
    let ms = |at: Duration| u64::try_from(at.as_millis()).expect("milliseconds");
    let ctrl = |moves: &[Move], until: usize| {
        moves[..until].iter().rev().find(|m| m.code == place('^')).is_some_and(|m| m.down)
    };
    for (i, m) in moves.iter().enumerate() {
        while let Some(due) = wedge.deadline().filter(|due| ms(*due) < m.at) {
            out.take(ms(due), wedge.tick(&Wallets, due));
        }
        let key = Key {
            device: m.device,
            at: Duration::from_millis(m.at),
            code: m.code,
            down: m.down,
            typed: None,
            ctrl: ctrl(&moves, i),
            alt: false,
        };
        out.take(m.at, wedge.key(&Wallets, key, *m));
    }
    while let Some(due) = wedge.deadline() {
        out.take(ms(due), wedge.tick(&Wallets, due));
    }
    out
}
