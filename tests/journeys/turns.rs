//! Turns: a window with its engine is heavy, so only so many are open at once, whatever the number of test threads.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Windows open at the same time.
const AT_ONCE: usize = 2;

static OPEN: Mutex<usize> = Mutex::new(0);
static ENDED: Condvar = Condvar::new();

/// The right to have a window open; dropping it passes it on.
pub struct Turn(());

impl Turn {
    pub fn take() -> Self {
        let mut open = ENDED.wait_while(count(), |open| *open >= AT_ONCE).unwrap_or_else(PoisonError::into_inner);
        *open += 1;
        Self(())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *count() -= 1;
        ENDED.notify_one();
    }
}

fn count() -> MutexGuard<'static, usize> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}
