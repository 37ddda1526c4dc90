//! Exit codes of contract.md.

use std::process::ExitCode;

use checkout::State;

/// How a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Done; for a charge: paid.
    Done,
    /// The program could not do its work.
    Failed,
    /// Refused before anything was sent.
    Refused,
    /// Declined or never sent.
    NotCharged,
    /// Still pending.
    Pending,
}

impl Outcome {
    /// The end of a charge, if its state is one that a program or only a person can change. One that is paid and still
    /// waits for its card is pending.
    pub fn of(state: State, pending: bool) -> Option<Self> {
        match state {
            State::Paid | State::SettledPaid | State::SettledApplied if pending => Some(Self::Pending),
            State::Paid | State::Recharged | State::SettledPaid | State::SettledApplied | State::SettledCredited => {
                Some(Self::Done)
            }
            State::Declined | State::NeverSent | State::SettledNotPaid => Some(Self::NotCharged),
            State::LateSuccess
            | State::UnmatchedSuccess
            | State::Returned
            | State::RechargeUndecided
            | State::RechargeRefused
            | State::SettledNotCredited
            | State::SettledRefund
            | State::Released => Some(Self::Pending),
            State::Beginning
            | State::Sending
            | State::Confirming
            | State::Checking
            | State::Parked
            | State::Recharging => None,
        }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => 0,
            Outcome::Failed => 1,
            Outcome::Refused => 2,
            Outcome::NotCharged => 3,
            Outcome::Pending => 4,
        }
        .into()
    }
}
