//! Supervisors: names with PINs, one session at a time, and a delay that grows with every wrong PIN and survives a restart.
//!
//! All of it is a fold over the journal's records about the till, except the session, which ends with the process.

use std::collections::BTreeMap;
use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use checkout::event::Event;
use checkout::{PinError, Record, Wall};
use journal::Secret;
use tokio::time::Instant;

/// Fewest digits of a PIN.
pub const PIN_MIN: usize = 6;
/// Most digits of a PIN.
pub const PIN_MAX: usize = 32;
/// Longest name, characters.
pub const NAME_MAX: usize = 40;
/// A session without any act ends after this.
pub const IDLE: Duration = Duration::from_secs(5 * 60);
/// Tries before the first delay: the third wrong PIN in a row costs it.
const FREE_TRIES: u32 = 3;
/// The first delay, doubled by every further wrong PIN.
const FIRST_DELAY_S: u64 = 30;
/// The longest delay.
const LONGEST_DELAY_S: u64 = 3_600;
/// OWASP's second choice for argon2id: 19 MiB, 2 passes, 1 lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const BYTES: usize = 32;

/// Everybody with a PIN, and who is signed in.
#[derive(Default)]
pub struct Supervisors {
    pins: BTreeMap<String, String>,
    failures: u32,
    blocked_until: Option<Instant>,
    session: Option<Session>,
}

struct Session {
    name: String,
    until: Instant,
    /// The same moment on the clock on the wall: on some systems the other one stands still while the machine sleeps, and a
    /// session must not outlive a night under a closed lid.
    wall: Wall,
}

impl Session {
    fn is_over(&self, now: Instant, wall: Wall) -> bool {
        self.until <= now || self.wall <= wall
    }
}

impl Supervisors {
    /// Rebuilds everything from the records about the till, oldest first. A delay that was running goes on running. How
    /// long it has run only the wall clock can say: set back, the whole delay begins again; set forward, it is over.
    pub fn replay<'a>(records: impl IntoIterator<Item = &'a Record>, wall: Wall, now: Instant) -> Self {
        let mut all = Self::default();
        let mut last = None;
        for record in records {
            all.apply(&record.event);
            if matches!(record.event, Event::PinRefused { .. }) {
                last = Some(record.at);
            }
        }
        if let Some(last) = last {
            let passed = u64::try_from((wall - last).num_seconds()).unwrap_or(0);
            let left = delay_s(all.failures).saturating_sub(passed);
            all.blocked_until = (left > 0).then(|| now + Duration::from_secs(left));
        }
        all
    }

    /// Takes one record in; a wrong PIN starts its delay with [`Supervisors::block`].
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::PinSet { name, hash, by } => {
                self.pins.insert(name.clone(), hash.clone());
                self.end_of(name);
                if !by.is_empty() {
                    self.failures = 0;
                }
            }
            Event::PinRemoved { name, .. } => {
                self.pins.remove(name);
                self.failures = 0;
                self.end_of(name);
            }
            Event::PinRefused { .. } => self.failures = self.failures.saturating_add(1),
            Event::SupervisorIn { .. } => self.failures = 0,
            Event::Noted { what, .. } if what == "secret-replaced" => self.pins.clear(),
            _ => {}
        }
    }

    /// A session was begun with the PIN of then: with another PIN, or none, it is over.
    fn end_of(&mut self, name: &str) {
        self.session.take_if(|session| session.name == name);
    }

    /// The same supervisors as the journal has them now: the session goes on if its name still has the same PIN, and so does
    /// a delay that is running. A wrong PIN that did not come into the journal still counts.
    pub fn reread(&mut self, mut read: Self) {
        let same = |name: &str| self.pins.get(name).is_some_and(|kept| read.pins.get(name) == Some(kept));
        read.session = self.session.take().filter(|session| same(&session.name));
        read.failures = read.failures.max(self.failures);
        read.blocked_until = read.blocked_until.max(self.blocked_until);
        *self = read;
    }

    /// Starts the delay that the wrong PINs so far cost.
    pub fn block(&mut self, now: Instant) {
        let delay = delay_s(self.failures);
        self.blocked_until = (delay > 0).then(|| now + Duration::from_secs(delay));
    }

    /// Whether anybody has a PIN yet.
    pub fn any(&self) -> bool {
        !self.pins.is_empty()
    }

    /// The names, sorted.
    pub fn names(&self) -> Vec<String> {
        self.pins.keys().cloned().collect()
    }

    /// Seconds until a PIN is checked again; 0 when one may be tried.
    pub fn wait_s(&self, now: Instant) -> u32 {
        let left = self.blocked_until.map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
        u32::try_from(left.as_millis().div_ceil(1_000)).unwrap_or(u32::MAX)
    }

    /// The hash to check a PIN against; a name nobody has costs as much time as a wrong PIN.
    pub fn hash_of(&self, name: &str) -> Option<String> {
        self.pins.get(name).cloned()
    }

    /// Begins a session.
    pub fn begin(&mut self, name: &str, now: Instant, wall: Wall) {
        self.blocked_until = None;
        self.session = Some(Session { name: name.to_owned(), until: now + IDLE, wall: wall + IDLE });
    }

    /// The kept hashes, by name.
    pub fn hashes(&self) -> Vec<(String, String)> {
        self.pins.iter().map(|(name, hash)| (name.clone(), hash.clone())).collect()
    }

    /// Who is signed in, if the session is not over; every act makes it last longer.
    pub fn act(&mut self, now: Instant, wall: Wall) -> Result<String, PinError> {
        let session = self.session.as_mut().filter(|session| !session.is_over(now, wall));
        let session = session.ok_or(PinError::NoSession)?;
        (session.until, session.wall) = (now + IDLE, wall + IDLE);
        Ok(session.name.clone())
    }

    /// There is a session, and it has lasted too long without an act.
    pub fn is_idle(&self, now: Instant, wall: Wall) -> bool {
        self.session.as_ref().is_some_and(|session| session.is_over(now, wall))
    }

    /// The name of the session, over or not.
    pub fn session(&self) -> Option<&str> {
        self.session.as_ref().map(|session| session.name.as_str())
    }

    /// When the session will be over.
    pub fn session_until(&self) -> Option<Instant> {
        self.session.as_ref().map(|session| session.until)
    }

    /// Ends the session; the name of whoever was signed in.
    pub fn end(&mut self) -> Option<String> {
        self.session.take().map(|session| session.name)
    }
}

/// Seconds to wait after so many wrong PINs in a row.
fn delay_s(failures: u32) -> u64 {
    match failures.checked_sub(FREE_TRIES) {
        None => 0,
        Some(over) => FIRST_DELAY_S.saturating_mul(1 << over.min(16)).min(LONGEST_DELAY_S),
    }
}

/// A name as it is kept.
///
/// # Errors
/// [`PinError::BadName`].
pub fn name(text: &str) -> Result<String, PinError> {
    let name = text.trim();
    let fits = (1..=NAME_MAX).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    if fits { Ok(name.to_owned()) } else { Err(PinError::BadName) }
}

/// The keyed hash of a PIN: argon2id with a salt of its own, keyed with the file `secret`. Slow on purpose.
///
/// # Errors
/// [`PinError::BadPin`].
pub fn hash(secret: &Secret, name: &str, pin: &str, salt: [u8; 16]) -> Result<String, PinError> {
    let digits = pin.bytes().all(|b| b.is_ascii_digit()) && (PIN_MIN..=PIN_MAX).contains(&pin.len());
    if !digits {
        return Err(PinError::BadPin);
    }
    Ok(format!("argon2id${}${}", hex(&salt), hex(&derive(secret, name, pin, &salt))))
}

/// Whether a PIN is the one that was hashed; takes as long for a name that has none.
pub fn fits(secret: &Secret, name: &str, pin: &str, kept: Option<&str>) -> bool {
    let kept = kept.and_then(|kept| kept.strip_prefix("argon2id$")).and_then(|rest| rest.split_once('$'));
    let salt = kept.and_then(|(salt, _)| unhex(salt)).unwrap_or([0; 16]);
    let made = hex(&derive(secret, name, pin, &salt));
    // Both are fixed-length hex of a slow keyed hash: comparing every byte keeps the time the same.
    kept.is_some_and(|(_, hash)| {
        hash.len() == made.len() && hash.bytes().zip(made.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
    })
}

fn derive(secret: &Secret, name: &str, pin: &str, salt: &[u8; 16]) -> [u8; BYTES] {
    let key = secret.keyed("pin", name.as_bytes());
    let params =
        Params::new(MEMORY_KIB, PASSES, 1, Some(BYTES)).expect("OWASP's parameters are within argon2's limits");
    let argon = Argon2::new_with_secret(&key, Algorithm::Argon2id, Version::V0x13, params)
        .expect("a key of 32 bytes is within argon2's limits");
    let mut out = [0; BYTES];
    argon.hash_password_into(pin.as_bytes(), salt, &mut out).expect("salt and output are within argon2's limits");
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<[u8; 16]> {
    let bytes: Option<Vec<u8>> =
        (0..text.len()).step_by(2).map(|i| u8::from_str_radix(text.get(i..i + 2)?, 16).ok()).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use checkout::event::Subject;

    use super::*;

    fn wall() -> Wall {
        Wall::parse_from_rfc3339("2026-11-22T09:00:00+08:00").expect("a time")
    }

    fn record(event: Event, before: u64) -> Record {
        Record { at: wall() - Duration::from_secs(before), subject: Subject::Till, event }
    }

    fn wrong(before: u64) -> Record {
        record(Event::PinRefused { name: "A".into() }, before)
    }

    fn set(name: &str, by: &str) -> Event {
        Event::PinSet { name: name.into(), hash: "h".into(), by: by.into() }
    }

    #[test]
    fn two_tries_are_free_and_then_the_delay_doubles_up_to_an_hour() {
        let delays: Vec<u64> = (0..=12).map(delay_s).collect();
        assert_eq!(delays, [0, 0, 0, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
        assert_eq!(delay_s(u32::MAX), 3_600);
        let (mut all, now) = (Supervisors::default(), Instant::now());
        for _ in 0..4 {
            all.apply(&Event::PinRefused { name: String::new() });
            all.block(now);
        }
        assert_eq!((all.wait_s(now), all.wait_s(now + Duration::from_millis(59_001))), (60, 1));
        assert_eq!(all.wait_s(now + Duration::from_secs(60)), 0);
    }

    #[test]
    fn a_restart_goes_on_with_the_delay_and_a_clock_that_was_set_back_begins_it_again() {
        let now = Instant::now();
        let wait = |records: &[Record]| Supervisors::replay(records, wall(), now).wait_s(now);
        assert_eq!(wait(&[wrong(90), wrong(80), wrong(10)]), 20);
        assert_eq!(wait(&[wrong(90), wrong(80), wrong(31)]), 0);
        assert_eq!(wait(&[wrong(90), wrong(80), wrong(70), wrong(10)]), 50);
        let ahead = Record { at: wall() + Duration::from_secs(86_400), ..wrong(0) };
        assert_eq!(wait(&[wrong(90), wrong(80), ahead]), 30);
        // A right PIN ends the row, in a session or as leave.
        let row = |event| [wrong(5), wrong(4), record(event, 3), wrong(2), wrong(1)];
        assert_eq!(wait(&row(Event::SupervisorIn { name: "A".into() })), 0);
        assert_eq!(wait(&row(set("B", "A"))), 0);
        assert_eq!(wait(&row(Event::PinRemoved { name: "B".into(), by: "A".into() })), 0);
        assert_eq!(wait(&row(set("A", ""))), 59, "the first PIN proves nobody");
    }

    #[test]
    fn a_session_ends_when_idle_or_when_its_name_goes_and_every_act_makes_it_last() {
        let (mut all, start) = (Supervisors::default(), Instant::now());
        let second = Duration::from_secs(1);
        assert_eq!(all.act(start, wall()), Err(PinError::NoSession));
        all.apply(&set("A", ""));
        all.begin("A", start, wall());
        assert_eq!(all.act(start + IDLE - second, wall()), Ok("A".into()));
        assert_eq!(all.act(start + 2 * IDLE - 2 * second, wall()), Ok("A".into()), "the act before made it last");
        let over = start + 3 * IDLE - 2 * second;
        assert_eq!(all.session_until(), Some(over));
        assert_eq!(all.act(over, wall()), Err(PinError::NoSession), "over at the very moment");
        assert_eq!(all.end(), Some("A".into()));
        all.begin("A", start, wall());
        all.apply(&Event::PinRemoved { name: "B".into(), by: "A".into() });
        assert_eq!(all.act(start, wall()), Ok("A".into()));
        all.apply(&Event::PinRemoved { name: "A".into(), by: "B".into() });
        assert_eq!(all.act(start, wall()), Err(PinError::NoSession));
    }

    #[test]
    fn a_session_does_not_outlive_a_sleep_that_only_the_wall_clock_has_seen() {
        let (mut all, start) = (Supervisors::default(), Instant::now());
        let second = Duration::from_secs(1);
        all.apply(&set("A", ""));
        all.begin("A", start, wall());
        assert!(!all.is_idle(start, wall() + IDLE - second));
        assert_eq!(all.act(start, wall() + IDLE - second), Ok("A".into()), "an act makes it last by both clocks");
        assert!(!all.is_idle(start + second, wall() + IDLE));
        assert!(all.is_idle(start + second, wall() + 2 * IDLE));
        assert_eq!(all.act(start + second, wall() + 2 * IDLE), Err(PinError::NoSession));
        // A clock that was set back makes no session last longer.
        assert_eq!(all.act(start + IDLE, wall() - IDLE), Err(PinError::NoSession));
    }

    #[test]
    fn a_changed_pin_ends_the_session_that_the_old_one_began_and_no_other() {
        let (mut all, start) = (Supervisors::default(), Instant::now());
        all.apply(&set("A", ""));
        all.apply(&set("B", "A"));
        all.begin("A", start, wall());
        all.apply(&set("B", "A"));
        assert_eq!(all.act(start, wall()), Ok("A".into()));
        all.apply(&set("A", "B"));
        assert_eq!(all.act(start, wall()), Err(PinError::NoSession));
        // The same, when the change was only found in the journal afterwards.
        all.begin("A", start, wall());
        let mut read = Supervisors::default();
        read.apply(&set("A", ""));
        all.reread(read);
        assert_eq!(all.act(start, wall()), Ok("A".into()));
        let mut read = Supervisors::default();
        read.apply(&Event::PinSet { name: "A".into(), hash: "other".into(), by: "B".into() });
        all.reread(read);
        assert_eq!(all.act(start, wall()), Err(PinError::NoSession));
    }

    #[test]
    fn a_pin_fits_its_own_name_key_and_salt_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let options = journal::Options::new(wall());
        let key = |name: &str| {
            let dir = folder.path().join(name);
            std::fs::create_dir(&dir).expect("a folder");
            let opened = journal::Journal::open(&dir, journal::Stem::Journal, &options).expect("a journal");
            opened.found.secret.expect("a key")
        };
        let (own, other) = (key("own"), key("other"));
        let kept = hash(&own, "A", "583920", [7; 16]).expect("a hash");
        assert!(!kept.contains("583920") && kept.len() == "argon2id$$".len() + 32 + 64);
        assert!(fits(&own, "A", "583920", Some(&kept)));
        for (key, name, pin) in [(&own, "A", "583921"), (&own, "B", "583920"), (&other, "A", "583920"), (&own, "A", "")]
        {
            assert!(!fits(key, name, pin, Some(&kept)), "{name} {pin}");
        }
        assert_ne!(hash(&own, "A", "583920", [8; 16]).expect("a hash"), kept);
        for damaged in ["", "argon2id$", "argon2id$$", "argon2id$zz$00", "plain", &kept[..kept.len() - 2]] {
            assert!(!fits(&own, "A", "583920", Some(damaged)), "{damaged}");
        }
        assert!(!fits(&own, "A", "583920", None));
    }
}
