//! A till that is left alone locks by itself, after as long as the venue says (`window.lock_after_minutes`).

use std::time::Duration;

use checkout::State;
use tokio::time::Instant;

use crate::inbox::Message;
use crate::work::Work;

/// When somebody was last at the screen, by a clock that nobody sets.
pub(crate) struct Idle {
    after: Option<Duration>,
    since: Instant,
}

impl Idle {
    /// `after` is `None` where the till never locks by itself.
    pub fn new(after: Option<Duration>, now: Instant) -> Self {
        Self { after, since: now }
    }

    /// Somebody is there.
    pub fn touch(&mut self, now: Instant) {
        self.since = now;
    }

    /// Another setting is in force; changing it is being there.
    pub fn lock_after(&mut self, after: Option<Duration>, now: Instant) {
        *self = Self::new(after, now);
    }

    /// When the screen locks if nothing happens.
    pub fn until(&self) -> Option<Instant> {
        self.after.map(|after| self.since + after)
    }
}

impl Work {
    /// When the screen locks by itself. Never while a charge in front is undecided: a customer stands there, and the
    /// cashier looks at it without touching anything.
    pub(crate) fn locks_at(&self) -> Option<Instant> {
        let lockable = self.teller.operator.is_some() && !self.locked && !self.waits_in_front();
        self.idle.until().filter(|_| lockable)
    }

    /// A person's doing, a scan, and waiting for a charge in front are being there. Called before the message is worked on,
    /// so that the answer which ends the wait counts as well.
    pub(crate) fn notice_somebody(&mut self, message: &Message) {
        if message.is_somebodys() || self.waits_in_front() {
            self.idle.touch(Instant::now());
        }
    }

    pub(crate) async fn lock_if_left_alone(&mut self, now: Instant) {
        if self.locks_at().is_some_and(|at| at <= now) {
            tracing::info!("nobody was at the screen; it locks");
            // Refused only where nobody is signed in.
            let _ = self.lock().await;
        }
    }

    fn waits_in_front(&self) -> bool {
        let front = self.teller.checkout.front();
        front.is_some_and(|charge| charge.state.is_undecided() || charge.state == State::Beginning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_counts_from_the_last_sign_of_somebody() {
        let (start, minute) = (Instant::now(), Duration::from_secs(60));
        let mut idle = Idle::new(Some(3 * minute), start);
        assert_eq!(idle.until(), Some(start + 3 * minute));
        idle.touch(start + 2 * minute);
        assert_eq!(idle.until(), Some(start + 5 * minute));
        idle.lock_after(None, start);
        assert_eq!(idle.until(), None, "a venue that wants none gets none");
    }
}
