//! What people do, as they should and at the wrong moment.

use checkout::event::PhoneAnswer;
use checkout::{Amount, ChargeId, Entry, ScannedText, Settings, Settlement, State, Word};
use till::Command;

use crate::fate::Fault;
use crate::scenario::{Act, code};
use crate::world::World;

/// A day, milliseconds.
const DAY: i64 = 86_400_000;

impl<'a> World<'a> {
    pub(super) fn act(&mut self, act: &'a Act) {
        match act {
            Act::Arm { bill, fen, business } => self.arm(bill.clone(), *fen, *business),
            Act::Scan(text) => self.scan(text.clone()),
            Act::Accept => drop(self.ask(Command::DecideHeld { accept: true })),
            Act::Until(ms) => self.waiting = Some((self.time() + ms, true)),
            Act::Pass(ms) => self.waiting = Some((self.time() + ms, false)),
            Act::Stop => self.stop(),
            Act::Next => self.next_customer(),
            Act::Phone(answer) => self.phone(*answer),
            Act::Settle(word) => self.settle_one(*word),
            Act::Nod => self.nod(),
            Act::Kill => self.die(),
        }
    }

    /// Asks the till for something; whether it was done. `None` if the program was killed meanwhile.
    pub(super) fn ask(&mut self, command: Command) -> Option<bool> {
        self.call(async |teller| teller.ask(command).await.is_ok())
    }

    pub(super) fn sign_in(&mut self) {
        if self.teller.is_some() {
            self.ask(Command::SignIn { operator: "S0107".into() });
        }
    }

    fn arm(&mut self, bill: String, fen: i64, business: u8) {
        self.sign_in();
        self.oracle.arms(&bill, fen);
        self.last_sale = Some((bill.clone(), fen, business));
        let card = if business == 7 { "80001234".to_owned() } else { String::new() };
        let amount = format!("{}.{:02}", fen / 100, fen % 100);
        let entry = Entry { operator: String::new(), business, bill, amount, card };
        if self.ask(Command::Arm { entry, large_confirmed: true }) == Some(true) {
            self.oracle.armed();
        }
    }

    fn scan(&mut self, text: String) {
        if self.unplugged {
            return;
        }
        self.last_code.clone_from(&text);
        let scanned = ScannedText::new(text.clone());
        let outcome = self.call(async |teller| teller.scanned(scanned).await);
        let Some(outcome) = outcome else { return };
        let said = format!("{outcome:?}");
        if text.len() > 12 && said.contains(&text) {
            self.oracle.say("code-is-secret", || format!("the outcome of a scan shows its code: {said}"));
        }
    }

    fn stop(&mut self) {
        if self.ask(Command::StopWaiting) == Some(true) {
            self.oracle.edited();
        }
    }

    pub(super) fn next_customer(&mut self) {
        if self.ask(Command::NextCustomer) == Some(true) {
            self.oracle.edited();
        }
    }

    fn disarm(&mut self) {
        if self.ask(Command::Disarm) == Some(true) {
            self.oracle.edited();
        }
    }

    fn phone(&mut self, answer: PhoneAnswer) {
        let asked = self.teller.as_ref().and_then(|teller| teller.checkout().charges().find(|c| c.asks_phone()));
        if let Some(charge) = asked.map(|charge| charge.id.clone()) {
            self.ask(Command::PhoneShows { charge, answer });
        }
    }

    pub(super) fn nod(&mut self) {
        let told: Vec<String> = self.oracle.lives.iter().filter(|(_, l)| l.notice).map(|(id, _)| id.clone()).collect();
        for id in told {
            self.ask(Command::TakeNotice { charge: ChargeId(id) });
        }
    }

    /// The oldest charge that this word could be about.
    fn settle_one(&mut self, word: Word) {
        let fits = |state: State| match word {
            Word::Paid | Word::NotPaid => crate::oracle::undecided(state),
            Word::Release => state == State::Paid,
            Word::Applied | Word::Refund => {
                matches!(state, State::LateSuccess | State::UnmatchedSuccess | State::Returned)
            }
            Word::CreditNow | Word::Credited | Word::NotCredited => {
                matches!(state, State::RechargeUndecided | State::RechargeRefused | State::SettledPaid)
            }
        };
        let found = self.oracle.lives.iter().find(|(_, life)| fits(life.state)).map(|(id, _)| id.clone());
        if let Some(id) = found {
            self.settle(id, word);
        }
    }

    pub(super) fn settle(&mut self, id: String, word: Word) {
        self.oracle.decides(&id);
        let settlement = Settlement { word, by: "Li".into(), reason: "seen".into(), evidence: String::new() };
        self.call(async |teller| teller.settle(ChargeId(id), settlement).await.is_ok());
    }

    /// Somebody does something at the wrong moment, or a clock jumps.
    pub(super) fn meddle(&mut self, fault: Fault) {
        self.trace.add(fault as u64);
        match fault {
            Fault::ClockAhead => self.shared.get().skew += DAY,
            Fault::ClockBack => self.shared.get().skew -= DAY,
            Fault::Again => {
                if let Some(act) = self.last_act.filter(|act| !matches!(act, Act::Until(_) | Act::Pass(_) | Act::Kill))
                {
                    self.act(act);
                }
            }
            Fault::Stop => self.stop(),
            Fault::Ask => {
                let newest = self.oracle.lives.iter().rev().find(|(_, life)| life.open).map(|(id, _)| id.clone());
                if let Some(id) = newest {
                    self.ask(Command::QueryNow { charge: ChargeId(id) });
                }
            }
            Fault::Next => self.next_customer(),
            Fault::Edit => {
                if let Some((bill, fen, business)) = self.last_sale.clone() {
                    self.arm(bill, fen + 1, business);
                }
            }
            Fault::Disarm => self.disarm(),
            Fault::SignOut => {
                if self.ask(Command::SignOut) == Some(true) {
                    self.oracle.edited();
                }
                self.sign_in();
            }
            Fault::ScanAgain if self.last_code.is_empty() => {}
            Fault::ScanAgain => self.scan(self.last_code.clone()),
            Fault::ScanOther => {
                self.spare_codes += 1;
                self.scan(code(900_000_000 + self.spare_codes));
            }
            Fault::ScanHalf => self.scan("134567890".into()),
            Fault::ScanGlued => self.scan(format!("{0}{0}", code(7))),
            Fault::SettlePaid => self.settle_one(Word::Paid),
            Fault::SettleNotPaid => self.settle_one(Word::NotPaid),
            Fault::SettleBegin => {
                let begun = self.oracle.lives.iter().rev().find(|(_, life)| life.state == State::Beginning);
                if let Some(id) = begun.map(|(id, _)| id.clone()) {
                    self.settle(id, Word::NotPaid);
                }
            }
            Fault::Release => self.settle_one(Word::Release),
            Fault::CreditNow => self.settle_one(Word::CreditNow),
            Fault::Room => {
                let mut model = self.shared.get();
                model.no_room = !model.no_room;
                drop(model);
                self.call(async |teller| teller.look_at_room().await);
            }
            Fault::Settings => self.other_settings(),
            Fault::Unplug => self.unplugged = !self.unplugged,
            _ => {}
        }
    }

    /// What a supervisor may save on the screen, and what only the file can say, which counts from the next start on.
    fn other_settings(&mut self) {
        let changed = self.settings.bill_length_max != self.scenario.settings.bill_length_max;
        let ours = self.scenario.settings.clone();
        self.settings = match changed {
            true => ours,
            false => Settings {
                amount_max: Amount::parse("100.00").expect("an amount"),
                bill_length_max: 12,
                front_window_ms: 3_000,
                min_gap_ms: 2_000,
                ..ours
            },
        };
        let settings = self.settings.clone();
        if self.call(async |teller| teller.change_rules(settings).await.is_ok()) == Some(true) {
            self.oracle.edited();
        }
    }
}
