//! One line for every change of a charge, as `wicketctl` prints it (contract.md).

use checkout::event::Why;
use checkout::{Amount, BillNumber, Charge, ChargeId, State, Wall};
use serde::Serialize;

/// A change of a charge's state that is durable.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// When.
    #[serde(serialize_with = "rfc3339")]
    pub at: Wall,
    /// Which charge.
    pub charge: ChargeId,
    /// Its bill.
    pub bill: BillNumber,
    /// Its amount, yuan.
    pub amount: Amount,
    /// Its state now.
    pub state: State,
    /// For people.
    pub message: String,
    /// It still waits for something or somebody, whatever its state says; not part of the line.
    #[serde(skip)]
    pub pending: bool,
}

impl Change {
    /// The change that a charge has just gone through.
    pub fn of(charge: &Charge) -> Self {
        Self {
            at: charge.moved_at,
            charge: charge.id.clone(),
            bill: charge.intent.bill.clone(),
            amount: charge.intent.amount,
            state: charge.state,
            message: message(charge),
            pending: charge.is_pending(),
        }
    }
}

/// What a state means, in a sentence that never promises more than is proved; the gateway's own words follow.
pub fn message(charge: &Charge) -> String {
    let sentence = match charge.state {
        State::Beginning => "the recharge is being begun; nothing is charged yet",
        State::Sending => "sending; do not scan again",
        State::Confirming => "the customer must confirm on the phone",
        State::Checking => "the outcome is not known; it is being checked, do not charge again",
        State::Parked => "not certain yet; asked about in the background, do not charge this bill again",
        State::Paid => "paid",
        State::Declined => match charge.why {
            Some(Why::RefusedUnlooked { status: 401 }) => {
                "not charged: the gateway refuses this till (401); check its settings and key, not the customer"
            }
            Some(Why::RefusedUnlooked { status: 404 | 405 | 415 }) => {
                "not charged: the gateway does not know this request; check the settings, not the customer"
            }
            _ => "not charged",
        },
        State::NeverSent if matches!(charge.why, Some(Why::BeginRefused { .. })) => {
            "the platform refused to begin the recharge; nothing was charged"
        }
        State::NeverSent if charge.why == Some(Why::BegunNotCharged) => {
            "the recharge was begun, but no code was scanned; nothing was charged"
        }
        State::NeverSent => "not sent, nothing charged: check the network",
        State::Recharging => "paid; the card is being credited",
        State::Recharged => "paid and credited",
        State::RechargeUndecided => "paid; whether the card was credited is not known: call the supervisor",
        State::RechargeRefused => "paid, card not credited: call the supervisor",
        State::LateSuccess => "correction: this was paid after all; call the supervisor",
        State::UnmatchedSuccess => "a payment that belongs to no charge of this till; call the supervisor",
        State::Returned => "the gateway gave the money back; call the supervisor",
        State::SettledPaid => "settled as paid",
        State::SettledNotPaid => "settled as not paid",
        State::SettledCredited => "settled as credited",
        State::SettledNotCredited => "settled as not credited",
        State::SettledApplied => "settled: applied to the bill",
        State::SettledRefund => "settled: refunded by the selling system",
        State::Released => "the bill number was released",
    };
    if charge.text.is_empty() { sentence.to_owned() } else { format!("{sentence} ({})", charge.text) }
}

fn rfc3339<S: serde::Serializer>(at: &Wall, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false))
}
