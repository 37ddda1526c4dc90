//! What the customer's screen shows: the amount and what to do with the phone. Nothing of the till's view but this crosses.

use checkout::State;
use checkout::event::Why;
use serde::Serialize;
use specta::Type;

use crate::view::{ChargeView, View};

/// Everything on the customer's screen. No bill, no operator, no list, no text of the gateway.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct CustomerView {
    /// That of the view it was made from; another number says that something else may be shown.
    pub number: u32,
    /// `window.name`.
    pub name: String,
    /// No money moves.
    pub training: bool,
    /// What is shown.
    pub shows: Shows,
}

/// One thing at a time. Amounts are yuan with two decimals.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Shows {
    /// Nobody is being served.
    Idle,
    /// The payment code is awaited.
    Code {
        /// To pay.
        amount: String,
    },
    /// The till is at work, or does not know yet; nothing is asked of the customer.
    Wait {
        /// To pay.
        amount: String,
    },
    /// The wallet asks for a password or a fingerprint.
    Confirm {
        /// To pay.
        amount: String,
    },
    /// Refused, and some wallets refuse after they have paid: the phone is looked at together.
    Phone {
        /// To pay.
        amount: String,
    },
    /// The money is in, proved.
    Paid {
        /// Paid.
        amount: String,
        /// What becomes of the card.
        card: Card,
    },
    /// Nothing was charged, proved.
    NotCharged {
        /// To pay.
        amount: String,
        /// A new code may be shown now; otherwise the cashier does something first.
        again: bool,
    },
    /// A person has to look at it.
    Ask {
        /// That it is about.
        amount: String,
    },
}

/// The card of a recharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Card {
    /// No card is involved.
    None,
    /// It is being credited.
    Working,
    /// It is credited.
    Done,
    /// It is not, or nobody knows; the cashier will say.
    Ask,
}

impl CustomerView {
    /// What of a view the customer sees.
    pub fn of(view: &View) -> Self {
        Self { number: view.number, name: view.window.name.clone(), training: view.training, shows: Shows::of(view) }
    }

    /// The same to look at.
    pub fn looks_like(&self, other: &Self) -> bool {
        Self { number: other.number, ..self.clone() } == *other
    }
}

impl Shows {
    fn of(view: &View) -> Self {
        let armed = view.armed.as_ref().map(|sale| sale.amount.clone());
        match (&view.front, armed) {
            (Some(front), armed) if armed.is_none() || outranks_armed(front) => Self::charge(front, armed.is_some()),
            (_, Some(amount)) => Self::Code { amount },
            _ => Self::Idle,
        }
    }

    fn charge(charge: &ChargeView, armed: bool) -> Self {
        let amount = charge.amount.clone();
        let paid = |card| Self::Paid { amount: amount.clone(), card };
        match charge.state {
            State::Beginning | State::Sending | State::Checking | State::Parked => Self::Wait { amount },
            State::Confirming => Self::Confirm { amount },
            State::Paid if charge.owes_credit => paid(Card::Ask),
            State::Paid if charge.left_to_platform => paid(Card::Working),
            State::Paid => paid(Card::None),
            State::Recharging => paid(Card::Working),
            State::Recharged => paid(Card::Done),
            State::RechargeUndecided | State::RechargeRefused => paid(Card::Ask),
            State::Declined if charge.asks_phone => Self::Phone { amount },
            State::Declined => {
                let unlooked = matches!(charge.why, Some(Why::RefusedUnlooked { .. }));
                Self::NotCharged { amount, again: armed && !unlooked }
            }
            State::NeverSent => Self::NotCharged { amount, again: armed },
            State::LateSuccess | State::UnmatchedSuccess | State::Returned => Self::Ask { amount },
            State::SettledPaid
            | State::SettledNotPaid
            | State::SettledCredited
            | State::SettledNotCredited
            | State::SettledApplied
            | State::SettledRefund
            | State::Released => Self::Idle,
        }
    }
}

/// A charge in front comes before the armed sale, unless the cashier armed anew by a key of their own; so does the till's
/// own screen (`shownOf` in ui/src/states.ts).
fn outranks_armed(front: &ChargeView) -> bool {
    let waits = matches!(front.state, State::Sending | State::Confirming | State::Checking);
    let begins = front.state == State::Beginning && front.said.is_none();
    let ended_unpaid = matches!(front.state, State::Declined | State::NeverSent) && front.phone.is_none();
    waits || begins || ended_unpaid
}
