//! Sums: at any time nothing taken is called not taken; at the end everything is closed and every fen is accounted for.

use checkout::State;

use crate::oracle::{Oracle, undecided};
use crate::platform::Platform;

impl Oracle {
    /// The bank's sum, after each step: recorded paid ≤ taken ≤ paid + undecided + settled.
    pub fn sums(&mut self, time: u64, truth: &Platform) {
        for receipt in truth.receipts.iter().filter(|r| !r.charge.is_empty() && !r.broke_word && r.took(time)) {
            let state = self.lives.get(&receipt.charge).map(|life| life.state);
            let known = !matches!(state, None | Some(State::Declined | State::NeverSent | State::Beginning));
            if !known {
                let charge = receipt.charge.clone();
                self.say("unknown-is-not-failed", || format!("{charge} took money and is {state:?}"));
            }
        }
        for (bill, card) in &truth.cards {
            let of_bill = || self.lives.values().filter(|life| life.bill == *bill);
            let asked: u32 = of_bill().map(|life| life.credit_now).sum();
            let paid = of_bill().filter(|life| life.proved_paid).count();
            if !truth.credits && card.credited > asked + u32::try_from(paid).unwrap_or(u32::MAX) {
                let (bill, credited) = (bill.clone(), card.credited);
                return self
                    .say("recharge-exactly-once", || format!("the card of {bill} was credited {credited} times"));
            }
        }
    }

    /// Faults off, everybody has done their work and the after-watch is over.
    pub fn ends(&mut self, time: u64, truth: &Platform) {
        let open = self.lives.iter().find(|(_, life)| life.pending() || life.notice);
        if let Some((id, life)) = open.map(|(id, life)| (id.clone(), life.clone())) {
            self.say("always-closed", || format!("{id} is still {} (notice: {})", life.state, life.notice));
        }
        let watched = self.lives.iter().find(|(_, life)| {
            matches!(life.state, State::Declined | State::SettledNotPaid | State::SettledPaid) && !life.watch_over
        });
        if let Some((id, state)) = watched.map(|(id, life)| (id.clone(), life.state)) {
            self.say("always-closed", || format!("the after-watch of {id}, which is {state}, never ends"));
        }
        for receipt in truth.receipts.iter().filter(|r| !r.charge.is_empty() && r.took(time)) {
            let Some(life) = self.lives.get(&receipt.charge) else { continue };
            let denied = matches!(life.state, State::Declined | State::NeverSent | State::SettledNotPaid);
            let listed = |l: &super::Life| l.serial.as_ref() == Some(&receipt.serial) && l.bill == receipt.bill;
            // What nobody can attribute is listed by itself, as an unmatched success.
            let elsewhere = self.lives.iter().any(|(id, l)| *id != receipt.charge && listed(l));
            // Without a serial the platform can only be asked by bill, and then shows the bill's other receipt.
            let hidden = life.serial.is_none()
                && self.lives.iter().any(|(id, l)| *id != receipt.charge && l.handed && l.bill == receipt.bill);
            if denied && !elsewhere && !hidden {
                let (charge, state) = (receipt.charge.clone(), life.state);
                self.say("late-truth-wins", || format!("{charge} took money and ends as {state}"));
            }
        }
        let paid: Vec<String> = self.lives.iter().filter(|(_, l)| l.proved_paid).map(|(id, _)| id.clone()).collect();
        for id in paid {
            // What another till collected for the bill may stand for it where the gateway never named its own receipt.
            let serial = self.lives.get(&id).and_then(|life| life.serial.clone());
            if truth.receipts.iter().any(|r| r.charge.is_empty() && Some(&r.serial) == serial.as_ref()) {
                continue;
            }
            let fen: i64 = truth.receipts.iter().filter(|r| r.charge == id && r.took(time)).map(|r| r.fen).sum();
            if self.lives.get(&id).is_some_and(|life| life.fen != fen) {
                self.say("paid-is-proved", || format!("{id} is recorded paid, and the platform took {fen} fen"));
            }
        }
        if self.lives.values().any(|life| undecided(life.state)) {
            self.say("always-closed", || "something is undecided for ever".into());
        }
    }
}
