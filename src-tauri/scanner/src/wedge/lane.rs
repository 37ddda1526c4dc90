//! The keys of one keyboard: what is held back, and what becomes of it.

use std::time::Duration;

use zeroize::Zeroizing;

use super::codes::{CONTROL_ENDS, Meaning, SHIFTS, meaning};
use super::{CODE_DIGITS_MIN, Key, MACHINE_KEYS, Pace, Rhythm, SUFFIX, Shapes, Step};
use crate::decoder::{DamageReason, FRAME_MAX};
use crate::text::ScanText;

/// One keyboard.
pub(super) struct Lane<E> {
    /// Everything held back, in the order in which it came: presses, releases, modifiers.
    held: Vec<(Key, E)>,
    /// What the held presses say.
    text: Zeroizing<String>,
    gaps_ms: Vec<u16>,
    /// Where a pause longer than a gap was: in the text, and in what is held.
    pauses: Vec<(usize, usize)>,
    /// When the last character was pressed.
    last: Duration,
    /// Keys that are down and whose press was never delivered.
    swallowed: Vec<u16>,
    shifts: Vec<u16>,
    /// The last key pressed, while it is down, and whether it repeats.
    pressed: Option<(u16, bool)>,
    /// When the last scan, or the last of its suffixes, came.
    scanned: Option<Duration>,
}

impl<E> Default for Lane<E> {
    fn default() -> Self {
        Self {
            held: Vec::new(),
            text: empty(),
            gaps_ms: Vec::new(),
            pauses: Vec::new(),
            last: Duration::ZERO,
            swallowed: Vec::new(),
            shifts: Vec::new(),
            pressed: None,
            scanned: None,
        }
    }
}

impl<E> Lane<E> {
    pub(super) fn at_rest(&self) -> bool {
        self.held.is_empty() && self.swallowed.is_empty() && self.shifts.is_empty()
    }

    pub(super) fn deadline(&self, pace: Pace) -> Option<Duration> {
        (!self.text.is_empty()).then(|| self.last + self.patience(pace) + Duration::from_millis(1))
    }

    pub(super) fn tick(&mut self, pace: Pace, shapes: &dyn Shapes, now: Duration, out: &mut Vec<Step<E>>) {
        if !self.text.is_empty() && now.saturating_sub(self.last) > self.patience(pace) {
            self.judge(shapes, self.last + self.patience(pace), out);
        }
    }

    pub(super) fn let_go(&mut self, shapes: &dyn Shapes, out: &mut Vec<Step<E>>) {
        if !self.text.is_empty() {
            self.judge(shapes, self.last, out);
        }
        self.pressed = None;
        self.shifts.clear();
        self.swallowed.clear();
    }

    pub(super) fn key(&mut self, pace: Pace, shapes: &dyn Shapes, key: Key, event: E, out: &mut Vec<Step<E>>) {
        if SHIFTS.contains(&key.code) {
            self.shifts.retain(|code| *code != key.code);
            if key.down {
                self.shifts.push(key.code);
            }
        }
        if !key.down {
            return self.up(key, event, out);
        }
        let repeats = matches!(self.pressed, Some((code, repeating)) if code == key.code
            && (repeating || key.at.saturating_sub(self.last) > self.patience(pace)));
        self.pressed = Some((key.code, repeats));
        if repeats && self.swallowed.contains(&key.code) {
            // A key that belonged to a scan and is held down: none of its repeats is text or presses anything.
            return;
        }
        // Its release was lost.
        self.swallowed.retain(|code| *code != key.code);
        let ends = key.ctrl && CONTROL_ENDS.contains(&key.code);
        match meaning(key.code, !self.shifts.is_empty(), key.typed) {
            Meaning::Modifier if self.held.is_empty() => out.push(Step::Deliver(event)),
            Meaning::Modifier => self.held.push((key, event)),
            _ if ends && !key.alt => self.suffix(shapes, key, event, out),
            Meaning::Suffix if !key.ctrl && !key.alt => self.suffix(shapes, key, event, out),
            Meaning::Char(c) if !key.ctrl && !key.alt && !repeats => self.char(pace, shapes, c, key, event, out),
            Meaning::Suffix | Meaning::Char(_) | Meaning::Other => {
                self.judge(shapes, key.at, out);
                out.push(Step::Deliver(event));
            }
        }
    }

    fn up(&mut self, key: Key, event: E, out: &mut Vec<Step<E>>) {
        self.pressed.take_if(|(code, _)| *code == key.code);
        if let Some(at) = self.swallowed.iter().position(|code| *code == key.code) {
            self.swallowed.swap_remove(at);
        } else if self.held.is_empty() {
            out.push(Step::Deliver(event));
        } else {
            self.held.push((key, event));
        }
    }

    fn char(&mut self, pace: Pace, shapes: &dyn Shapes, c: char, key: Key, event: E, out: &mut Vec<Step<E>>) {
        let machine = self.is_machine();
        let longer = Zeroizing::new(format!("{}{c}", *self.text));
        let digits = longer.bytes().all(|b| b.is_ascii_digit());
        if !(digits || machine || shapes.begins(&longer)) {
            self.judge(shapes, key.at, out);
            if !c.is_ascii_digit() && !shapes.begins(c.encode_utf8(&mut [0; 4])) {
                out.push(Step::Deliver(event));
                return;
            }
        }
        if !self.text.is_empty() {
            let gap = key.at.saturating_sub(self.last);
            if gap > pace.gap {
                self.pauses.push((self.text.len(), self.held.len()));
            }
            self.gaps_ms.push(u16::try_from(gap.as_millis()).unwrap_or(u16::MAX));
        }
        self.text.push(c);
        self.held.push((key, event));
        self.last = key.at;
        if self.text.len() >= FRAME_MAX {
            self.judge(shapes, key.at, out);
        }
    }

    fn suffix(&mut self, shapes: &dyn Shapes, key: Key, event: E, out: &mut Vec<Step<E>>) {
        self.judge(shapes, key.at, out);
        let belongs = self.scanned.is_some_and(|at| key.at.saturating_sub(at) <= SUFFIX);
        if !belongs {
            out.push(Step::Deliver(event));
            return;
        }
        self.scanned = Some(key.at);
        if !self.swallowed.contains(&key.code) {
            self.swallowed.push(key.code);
        }
    }

    fn patience(&self, pace: Pace) -> Duration {
        if self.is_machine() { pace.quiet } else { pace.gap }
    }

    fn is_machine(&self) -> bool {
        self.text.len() >= MACHINE_KEYS
    }

    /// Ends what was begun: a scan, two scans, a damaged one, or typing after all.
    fn judge(&mut self, shapes: &dyn Shapes, now: Duration, out: &mut Vec<Step<E>>) {
        let text = std::mem::replace(&mut self.text, empty());
        let gaps_ms = std::mem::take(&mut self.gaps_ms);
        let pauses = std::mem::take(&mut self.pauses);
        let mut held = std::mem::take(&mut self.held);
        let scan = |part: &str| shapes.whole(part) || is_digits(part) && part.len() >= CODE_DIGITS_MIN;
        let mut parts = Vec::with_capacity(pauses.len() + 1);
        let mut from = 0;
        for end in pauses.iter().map(|(at, _)| *at).chain([text.len()]) {
            parts.push(&text[from..end]);
            from = end;
        }
        let rhythm = Rhythm { gaps_ms };
        let first_only = parts.len() > 1 && shapes.whole(parts[0]) && !shapes.whole(&text);
        let rest = pauses.first().filter(|(at, _)| first_only && text.len() - at < MACHINE_KEYS);
        let typing = match rest {
            _ if text.len() < MACHINE_KEYS => 0,
            // Two codes without a terminator between them.
            _ if parts.len() > 1 && parts.iter().all(|part| scan(part)) => {
                out.extend(parts.iter().map(|part| Step::Scan(ScanText::new((*part).to_owned()), rhythm.clone())));
                held.len()
            }
            // A person typed on right after a code without a terminator.
            Some((_, index)) => {
                out.push(Step::Scan(ScanText::new(parts[0].to_owned()), rhythm));
                *index
            }
            None if scan(&text) => {
                out.push(Step::Scan(ScanText::new(text.as_str().to_owned()), rhythm));
                held.len()
            }
            None if text.bytes().filter(u8::is_ascii_digit).count() >= CODE_DIGITS_MIN => {
                let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
                out.push(Step::Damaged(DamageReason::Noise, length));
                held.len()
            }
            None => 0,
        };
        if !text.is_empty() {
            self.scanned = (typing > 0).then_some(now);
        }
        let after = held.split_off(typing);
        self.swallow(held, out);
        out.extend(after.into_iter().map(|(_, event)| Step::Deliver(event)));
    }

    /// Drops the events of a scan, but not the release of a key whose press the page has seen.
    fn swallow(&mut self, held: Vec<(Key, E)>, out: &mut Vec<Step<E>>) {
        for (key, event) in held {
            let known = self.swallowed.iter().position(|code| *code == key.code);
            match (key.down, known) {
                (true, None) => self.swallowed.push(key.code),
                (true, Some(_)) => {}
                (false, Some(at)) => drop(self.swallowed.swap_remove(at)),
                (false, None) => out.push(Step::Deliver(event)),
            }
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_digit())
}

/// Full capacity from the start: a text that grows leaves copies of the code behind.
fn empty() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(FRAME_MAX))
}
