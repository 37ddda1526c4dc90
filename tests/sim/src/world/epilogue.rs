//! The end of every run: nothing goes wrong any more, everybody does their work, and everything must close.

use checkout::{State, Word};

use crate::oracle::Life;
use crate::world::World;

const MINUTE: u64 = 60_000;
const HOUR: u64 = 60 * MINUTE;

/// How long is waited before the supervisor looks (again).
const ROUNDS: [u64; 6] = [205_000, 12 * MINUTE, 2 * HOUR, 26 * HOUR, 26 * HOUR, 26 * HOUR];

impl World<'_> {
    pub(super) fn epilogue(&mut self) {
        {
            let mut model = self.shared.get();
            model.fate.calm();
            model.no_room = false;
        }
        self.unplugged = false;
        self.script.clear();
        self.waiting = None;
        for wait in ROUNDS {
            if self.oracle.breach.is_some() || self.closed() {
                break;
            }
            self.wait_for(wait);
            self.everybody_works();
            // A decision may wait for one more answer.
            self.wait_for(20_000);
        }
        let time = self.time();
        self.oracle.ends(time, &self.platform);
    }

    /// Nothing is open and nothing is watched any more. A till that was killed at the last moment must come back first.
    fn closed(&self) -> bool {
        self.teller.is_some() && self.oracle.lives.values().all(|life| !life.open)
    }

    fn wait_for(&mut self, ms: u64) {
        let end = self.time() + ms;
        while self.time() < end && self.oracle.breach.is_none() && !(self.closed() && self.queue.is_empty()) {
            self.advance(end);
        }
    }

    fn everybody_works(&mut self) {
        self.call(async |teller| teller.look_at_room().await);
        self.nod();
        // A Begin whose answer was lost is closed by the next start.
        if self.oracle.lives.values().any(|life| life.state == State::Beginning) {
            self.die();
            self.wait_for(2_000);
        }
        let pending: Vec<(String, Life)> =
            self.oracle.lives.iter().filter(|(_, l)| l.pending()).map(|(id, l)| (id.clone(), l.clone())).collect();
        for (id, life) in pending {
            if let Some(word) = self.truly(&id, &life) {
                self.settle(id, word);
                self.look();
            }
        }
        self.nod();
        self.next_customer();
        self.look();
    }

    /// What a supervisor who knows the truth decides.
    fn truly(&self, id: &str, life: &Life) -> Option<Word> {
        let time = self.time();
        let took = self.platform.receipts.iter().any(|r| r.charge == id && r.took(time));
        let credited = self.platform.cards.get(&life.bill).is_some_and(|card| card.credited > 0);
        Some(match life.state {
            state if crate::oracle::undecided(state) => {
                if took {
                    Word::Paid
                } else {
                    Word::NotPaid
                }
            }
            State::RechargeUndecided | State::RechargeRefused => {
                if credited {
                    Word::Credited
                } else {
                    Word::CreditNow
                }
            }
            State::LateSuccess => Word::Applied,
            State::UnmatchedSuccess | State::Returned => Word::Refund,
            _ if life.owes_credit() => {
                if credited {
                    Word::Credited
                } else {
                    Word::NotCredited
                }
            }
            _ => return None,
        })
    }
}
