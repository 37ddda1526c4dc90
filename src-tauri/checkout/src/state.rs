//! The states of a charge: the words of contract.md, which scripts and screens rely on.

use serde::{Deserialize, Serialize};

/// Where a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// A recharge is being begun; no payment code is involved yet.
    Beginning,
    /// The intent is durable and the request is out, or about to be.
    Sending,
    /// The customer must act.
    Confirming,
    /// The outcome is not known.
    Checking,
    /// Undecided and no longer in front of the customer.
    Parked,
    /// The money is in, proved.
    Paid,
    /// Not charged, proved; on the after-watch.
    Declined,
    /// The request never left.
    NeverSent,
    /// Paid; the card is being credited.
    Recharging,
    /// Paid and credited.
    Recharged,
    /// Paid; whether the card was credited is not known.
    RechargeUndecided,
    /// Paid, not credited.
    RechargeRefused,
    /// A declined or settled charge that was paid after all.
    LateSuccess,
    /// A success that belongs to no charge.
    UnmatchedSuccess,
    /// The gateway gave the money back.
    Returned,
    /// A supervisor settled it as paid.
    SettledPaid,
    /// A supervisor settled it as not paid; on the after-watch.
    SettledNotPaid,
    /// A supervisor settled the recharge as credited.
    SettledCredited,
    /// A supervisor settled the recharge as not credited.
    SettledNotCredited,
    /// A supervisor applied a late success to the bill.
    SettledApplied,
    /// A supervisor handed the money back through the selling system.
    SettledRefund,
    /// Paid, and a supervisor freed the bill number.
    Released,
}

impl State {
    /// Every state, in the order of contract.md.
    pub const ALL: [Self; 22] = [
        Self::Beginning,
        Self::Sending,
        Self::Confirming,
        Self::Checking,
        Self::Parked,
        Self::Paid,
        Self::Declined,
        Self::NeverSent,
        Self::Recharging,
        Self::Recharged,
        Self::RechargeUndecided,
        Self::RechargeRefused,
        Self::LateSuccess,
        Self::UnmatchedSuccess,
        Self::Returned,
        Self::SettledPaid,
        Self::SettledNotPaid,
        Self::SettledCredited,
        Self::SettledNotCredited,
        Self::SettledApplied,
        Self::SettledRefund,
        Self::Released,
    ];

    /// May have taken money and is not certain yet (待定).
    pub fn is_undecided(self) -> bool {
        matches!(self, Self::Sending | Self::Confirming | Self::Checking | Self::Parked)
    }

    /// A supervisor still has to see it through (待处理).
    pub fn is_pending(self) -> bool {
        self.is_undecided()
            || matches!(
                self,
                Self::Beginning
                    | Self::Recharging
                    | Self::RechargeUndecided
                    | Self::RechargeRefused
                    | Self::LateSuccess
                    | Self::UnmatchedSuccess
                    | Self::Returned
            )
    }

    /// Keeps the bill from being charged again (`one-open-charge`): it may have taken money, or has.
    pub fn blocks_bill(self) -> bool {
        !matches!(
            self,
            Self::Declined
                | Self::NeverSent
                | Self::SettledNotPaid
                | Self::SettledRefund
                | Self::Released
                | Self::Beginning
        )
    }

    /// A success found later is news: ended without money as far as was known, or settled by a person without proof.
    pub fn takes_late_success(self) -> bool {
        self.is_watched() || matches!(self, Self::NeverSent | Self::Beginning)
    }

    /// Asked about again after its end, since a late truth wins.
    pub fn is_watched(self) -> bool {
        matches!(self, Self::Declined | Self::SettledPaid | Self::SettledNotPaid)
    }

    /// The word of contract.md.
    pub fn word(self) -> &'static str {
        match self {
            Self::Beginning => "beginning",
            Self::Sending => "sending",
            Self::Confirming => "confirming",
            Self::Checking => "checking",
            Self::Parked => "parked",
            Self::Paid => "paid",
            Self::Declined => "declined",
            Self::NeverSent => "never-sent",
            Self::Recharging => "recharging",
            Self::Recharged => "recharged",
            Self::RechargeUndecided => "recharge-undecided",
            Self::RechargeRefused => "recharge-refused",
            Self::LateSuccess => "late-success",
            Self::UnmatchedSuccess => "unmatched-success",
            Self::Returned => "returned",
            Self::SettledPaid => "settled-paid",
            Self::SettledNotPaid => "settled-not-paid",
            Self::SettledCredited => "settled-credited",
            Self::SettledNotCredited => "settled-not-credited",
            Self::SettledApplied => "settled-applied",
            Self::SettledRefund => "settled-refund",
            Self::Released => "released",
        }
    }
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_shown_is_the_word_stored() {
        for state in State::ALL {
            assert_eq!(serde_json::to_value(state).ok(), Some(state.word().into()));
        }
    }
}
