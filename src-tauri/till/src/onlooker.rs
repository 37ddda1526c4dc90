//! Judges keys that cannot be taken away from whoever gets them: those typed into other programs, and on some systems all.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use scanner::wedge::{EventClock, Key, Step};
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::handle::Till;
use crate::keys::{Codes, KeyWatch};
use crate::source::ScanSource;

/// Without anything to wait for, it looks up this rarely.
const REST: Duration = Duration::from_secs(3_600);
/// What is held longer than this without repeating was let go where nobody is told: at the lock screen, or over a program with
/// more rights. A hand's key repeats meanwhile, and a scanner's is down for milliseconds.
const HELD_LONGEST: Duration = Duration::from_secs(5);
const CTRLS: [u16; 2] = [29, 97];
const ALTS: [u16; 4] = [56, 100, 125, 126];

/// A key that moved on some keyboard of this machine.
#[derive(Debug, Clone, Copy)]
pub struct Moved {
    /// Which keyboard.
    pub device: u32,
    /// The system's own stamp: milliseconds that may wrap round; 0 is none.
    pub time: u32,
    /// When it arrived here.
    pub arrived: Instant,
    /// The key's place, as the kernel of Linux numbers it.
    pub code: u16,
    /// Pressed, or let go.
    pub down: bool,
    /// The system says that the key is held down and repeats.
    pub repeats: bool,
    /// Whether a window of this program had the focus.
    pub here: bool,
}

/// What is seen of the keys while this program has the focus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnKeys {
    /// Its window judges them itself, and takes what is a scan away.
    Judged,
    /// Nobody but the page does; a scan is caught here as well, so that it is not lost with the page or to an input method.
    Seen,
}

/// Judges what is sent here, on a thread of its own that ends with the sender, and tells the till what it caught. `clock` reads
/// the stamps of the keys.
///
/// Call it where the till's runtime is the current one.
///
/// # Errors
/// The system's own, if there can be no such thread.
pub fn start(till: &Till, clock: EventClock, own: OwnKeys) -> std::io::Result<Sender<Moved>> {
    let (sender, moved) = mpsc::channel();
    let mut onlooker = Onlooker::new(&till.codes(), clock, own);
    let (runtime, till) = (Handle::current(), till.clone());
    thread::Builder::new().name("keys-judge".into()).spawn(move || {
        onlooker.run(&moved, |(step, source)| runtime.block_on(till.caught(step, source)));
    })?;
    Ok(sender)
}

/// Hears every key, and finds the scans among them.
struct Onlooker {
    own: OwnKeys,
    /// Keys typed into this program.
    here: KeyWatch<()>,
    elsewhere: KeyWatch<()>,
    was_here: bool,
    clock: EventClock,
    /// Control, Alt and logo keys that are down, and since when.
    held: Vec<(u16, Duration)>,
}

/// Something caught, never an event to be delivered.
type Caught = (Step<()>, ScanSource);

impl Onlooker {
    fn new(codes: &watch::Receiver<Codes>, clock: EventClock, own: OwnKeys) -> Self {
        let watch = || KeyWatch::new(codes.clone());
        Self { own, here: watch(), elsewhere: watch(), was_here: true, clock, held: Vec::new() }
    }

    fn run(&mut self, moved: &Receiver<Moved>, deliver: impl Fn(Caught)) {
        loop {
            let due = self.deadline().map(|due| due.saturating_sub(self.clock.now(Instant::now())));
            let caught = match moved.recv_timeout(due.unwrap_or(REST)) {
                Ok(moved) => self.key(&moved),
                Err(RecvTimeoutError::Timeout) => self.tick(Instant::now()),
                Err(RecvTimeoutError::Disconnected) => return,
            };
            caught.into_iter().for_each(&deliver);
        }
    }

    fn deadline(&self) -> Option<Duration> {
        [self.here.deadline(), self.elsewhere.deadline()].into_iter().flatten().min()
    }

    fn tick(&mut self, now: Instant) -> Vec<Caught> {
        let now = self.clock.now(now);
        let mut caught = from(self.here.tick(now), ScanSource::Keys);
        caught.extend(from(self.elsewhere.tick(now), ScanSource::Elsewhere));
        caught
    }

    fn key(&mut self, moved: &Moved) -> Vec<Caught> {
        let at = self.clock.at(moved.time, moved.arrived);
        self.held.retain(|(held, since)| *held != moved.code && at.saturating_sub(*since) <= HELD_LONGEST);
        if moved.down && (CTRLS.contains(&moved.code) || ALTS.contains(&moved.code)) {
            self.held.push((moved.code, at));
        }
        let mut caught = self.follow_focus(moved.here);
        // What repeats is held down.
        if moved.repeats || (moved.here && self.own == OwnKeys::Judged) {
            return caught;
        }
        let held = |codes: &[u16]| self.held.iter().any(|(code, _)| codes.contains(code));
        let (ctrl, alt) = (held(&CTRLS), held(&ALTS));
        let key = Key { device: moved.device, at, code: moved.code, down: moved.down, typed: None, ctrl, alt };
        caught.extend(match moved.here {
            true => from(self.here.key(key, ()), ScanSource::Keys),
            false => from(self.elsewhere.key(key, ()), ScanSource::Elsewhere),
        });
        caught
    }

    /// What was begun in the window that had the focus will not go on in another one.
    fn follow_focus(&mut self, here: bool) -> Vec<Caught> {
        if std::mem::replace(&mut self.was_here, here) == here {
            return Vec::new();
        }
        if !here {
            return from(self.here.let_go(), ScanSource::Keys);
        }
        // Half a code that was typed into another program is that program's.
        self.elsewhere.let_go();
        Vec::new()
    }
}

fn from(steps: Vec<Step<()>>, source: ScanSource) -> Vec<Caught> {
    steps.into_iter().filter(|step| !matches!(step, Step::Deliver(()))).map(|step| (step, source)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    const CODE: &str = "134567890123456789";
    const ENTER: u16 = 28;

    struct Desk {
        onlooker: Onlooker,
        start: Instant,
        ms: u32,
        _codes: watch::Sender<Codes>,
    }

    impl Desk {
        fn new(own: OwnKeys) -> Self {
            let (sender, codes) = watch::channel(Codes::of(&Config::default()));
            let onlooker = Onlooker::new(&codes, EventClock::default(), own);
            Self { onlooker, start: Instant::now(), ms: 1, _codes: sender }
        }

        fn press(&mut self, code: u16, here: bool) -> Vec<String> {
            self.moved(code, here, false)
        }

        fn moved(&mut self, code: u16, here: bool, repeats: bool) -> Vec<String> {
            self.ms += 10;
            let arrived = self.start + Duration::from_millis(self.ms.into());
            let mut caught = Vec::new();
            for down in [true, false] {
                let moved = Moved { device: 1, time: self.ms, arrived, code, down, repeats, here };
                caught.extend(self.onlooker.key(&moved));
            }
            caught.iter().map(said).collect()
        }

        fn goes_down(&mut self, code: u16) {
            self.ms += 10;
            let arrived = self.start + Duration::from_millis(self.ms.into());
            let moved = Moved { device: 1, time: self.ms, arrived, code, down: true, repeats: false, here: true };
            self.onlooker.key(&moved);
        }

        fn types(&mut self, text: &str, here: bool) -> Vec<String> {
            let places = text.bytes().map(|digit| if digit == b'0' { 11 } else { u16::from(digit - b'1') + 2 });
            places.collect::<Vec<u16>>().into_iter().flat_map(|code| self.press(code, here)).collect()
        }

        fn silence(&mut self) -> Vec<String> {
            self.ms += 1_000;
            self.onlooker.tick(self.start + Duration::from_millis(self.ms.into())).iter().map(said).collect()
        }
    }

    fn ms_of(time: Duration) -> u32 {
        u32::try_from(time.as_millis()).expect("a short time")
    }

    fn said((step, source): &Caught) -> String {
        match step {
            Step::Scan(text, _) => format!("{source:?} {}", text.expose()),
            Step::Damaged(..) => format!("{source:?} damaged"),
            Step::Deliver(()) => panic!("nothing is delivered"),
        }
    }

    #[test]
    fn a_scan_is_caught_where_it_was_typed() {
        let mut desk = Desk::new(OwnKeys::Seen);
        let mut caught = desk.types(CODE, true);
        caught.extend(desk.press(ENTER, true));
        caught.extend(desk.types(CODE, false));
        caught.extend(desk.silence());
        assert_eq!(caught, [format!("Keys {CODE}"), format!("Elsewhere {CODE}")]);
    }

    #[test]
    fn keys_that_the_window_judges_itself_are_not_judged_twice() {
        let mut desk = Desk::new(OwnKeys::Judged);
        let mut caught = desk.types(CODE, true);
        caught.extend(desk.silence());
        assert!(caught.is_empty(), "{caught:?}");
        caught.extend(desk.types(CODE, false));
        caught.extend(desk.press(ENTER, false));
        assert_eq!(caught, [format!("Elsewhere {CODE}")]);
    }

    #[test]
    fn half_a_code_does_not_go_on_in_another_window() {
        for (first, then) in [(true, false), (false, true)] {
            let mut desk = Desk::new(OwnKeys::Seen);
            let mut caught = desk.types(&CODE[..9], first);
            caught.extend(desk.types(&CODE[9..], then));
            caught.extend(desk.silence());
            assert!(caught.is_empty(), "{caught:?}");
        }
    }

    #[test]
    fn a_whole_code_that_lost_the_focus_before_its_end_is_not_lost() {
        let mut desk = Desk::new(OwnKeys::Seen);
        let mut caught = desk.types(CODE, true);
        caught.extend(desk.press(ENTER, false));
        assert_eq!(caught, [format!("Keys {CODE}")]);
    }

    #[test]
    fn a_modifier_whose_release_was_told_to_nobody_does_not_stop_scans_for_ever() {
        let mut desk = Desk::new(OwnKeys::Seen);
        for code in [125, 29, 56] {
            desk.goes_down(code);
        }
        // The machine was locked with them; what was let go there the system told nobody.
        desk.silence();
        assert!(desk.types(CODE, false).is_empty() && desk.silence().is_empty(), "they may yet be held");
        desk.ms += ms_of(HELD_LONGEST);
        let mut caught = desk.types(CODE, false);
        caught.extend(desk.silence());
        assert_eq!(caught, [format!("Elsewhere {CODE}")]);
    }

    #[test]
    fn a_key_that_is_held_down_and_keys_with_alt_are_no_scan() {
        let mut desk = Desk::new(OwnKeys::Seen);
        let mut caught: Vec<String> = (0..20).flat_map(|_| desk.moved(2, true, true)).collect();
        let alt =
            Moved { device: 1, time: 1, arrived: desk.start, code: ALTS[0], down: true, repeats: false, here: true };
        desk.onlooker.key(&alt);
        caught.extend(desk.types(CODE, true));
        caught.extend(desk.silence());
        assert!(caught.is_empty(), "{caught:?}");
    }
}
