//! The few scenarios that training offers, and fresh payment codes that select them.

use crate::scenes::tail_of;

/// The scenarios a trainee can choose from, in the order to show them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Training {
    /// The customer pays at once.
    Paid,
    /// The customer types a password; paid at the second query.
    Password,
    /// Not enough money: refused.
    Refused,
    /// The answer takes six seconds.
    Slow,
    /// Paid, but the answer is lost on the way.
    LostAnswer,
    /// Paid, but the answer is an error 500.
    Error,
    /// The customer never finishes.
    Never,
    /// Closed, and paid after all a minute later.
    Late,
}

impl Training {
    /// All of them, in the order to show them.
    pub const ALL: [Training; 8] = [
        Training::Paid,
        Training::Password,
        Training::Refused,
        Training::Slow,
        Training::LostAnswer,
        Training::Error,
        Training::Never,
        Training::Late,
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Training::Paid => "paid",
            Training::Password => "password",
            Training::Refused => "refused",
            Training::Slow => "slow",
            Training::LostAnswer => "lost",
            Training::Error => "error",
            Training::Never => "never",
            Training::Late => "late",
        }
    }

    /// The name of its scenario in scripts and ledger.
    pub fn scenario(self) -> &'static str {
        match self {
            Training::Slow => "slow-answer",
            Training::LostAnswer => "lost-answer",
            Training::Error => "broken-paid",
            Training::Late => "late-minute",
            Training::Paid | Training::Password | Training::Refused | Training::Never => self.id(),
        }
    }

    /// The training scenario with this id.
    pub fn from_id(id: &str) -> Option<Training> {
        Training::ALL.into_iter().find(|training| training.id() == id)
    }

    /// A fresh payment code that looks like WeChat's (18 digits, `13…`) and selects this scenario.
    /// `random` is any random number; its low digits fill the fourteen places in the middle.
    pub fn mint_code(self, random: u64) -> String {
        let tail = tail_of(self.scenario()).unwrap_or("50");
        format!("13{:014}{tail}", random % 100_000_000_000_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenes::by_tail;

    #[test]
    fn a_training_code_is_a_valid_wechat_code_that_selects_its_scenario() {
        for training in Training::ALL {
            for random in [0, 7, u64::MAX] {
                let code = training.mint_code(random);
                assert_eq!((code.len(), code.starts_with("13")), (18, true));
                assert!(code.bytes().all(|byte| byte.is_ascii_digit()));
                assert_eq!(by_tail(&code).id, training.scenario());
            }
        }
    }
}
