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
/// Wrong PINs that cost no delay.
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
}

impl Supervisors {
    /// Rebuilds everything from the records about the till, oldest first. A delay that was running goes on running; a
    /// clock that was set back makes it no shorter.
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
            Event::PinSet { name, hash, .. } => {
                self.pins.insert(name.clone(), hash.clone());
            }
            Event::PinRemoved { name, .. } => {
                self.pins.remove(name);
                if self.session().is_some_and(|who| who == name) {
                    self.session = None;
                }
            }
            Event::PinRefused { .. } => self.failures = self.failures.saturating_add(1),
            Event::SupervisorIn { .. } => self.failures = 0,
            Event::Noted { what, .. } if what == "secret-replaced" => self.pins.clear(),
            _ => {}
        }
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
    pub fn begin(&mut self, name: &str, now: Instant) {
        self.blocked_until = None;
        self.session = Some(Session { name: name.to_owned(), until: now + IDLE });
    }

    /// The kept hashes, by name.
    pub fn hashes(&self) -> Vec<(String, String)> {
        self.pins.iter().map(|(name, hash)| (name.clone(), hash.clone())).collect()
    }

    /// Who is signed in, if the session is not over; every act makes it last longer.
    pub fn act(&mut self, now: Instant) -> Result<String, PinError> {
        let session = self.session.as_mut().filter(|session| session.until > now).ok_or(PinError::NoSession)?;
        session.until = now + IDLE;
        Ok(session.name.clone())
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
    let params = Params::new(MEMORY_KIB, PASSES, 1, Some(BYTES)).expect("OWASP's parameters are within argon2's limits");
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
