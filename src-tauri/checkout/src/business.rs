//! The seven business types of the platform.

use serde::{Deserialize, Serialize};

/// `ESysBusinessType` (gateway-api.md §2.1, SEED): what kind of bill is being paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub enum Business {
    /// 1, scenic-area or show tickets.
    Tickets = 1,
    /// 2, own retail.
    Retail = 2,
    /// 3, coach charter.
    Charter = 3,
    /// 4, hop-on hop-off eco shuttle.
    Shuttle = 4,
    /// 5, equipment rental.
    Rental = 5,
    /// 6, joint-operation retail.
    JointRetail = 6,
    /// 7, stored-value-card recharge.
    Recharge = 7,
}

impl Business {
    /// All of them, in the platform's order.
    pub const ALL: [Self; 7] =
        [Self::Tickets, Self::Retail, Self::Charter, Self::Shuttle, Self::Rental, Self::JointRetail, Self::Recharge];

    /// The number on the wire.
    pub fn number(self) -> u8 {
        self as u8
    }
}

impl TryFrom<u8> for Business {
    type Error = String;
    fn try_from(number: u8) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|b| b.number() == number)
            .ok_or_else(|| format!("business {number} does not exist; it is 1 to 7"))
    }
}

impl From<Business> for u8 {
    fn from(business: Business) -> u8 {
        business.number()
    }
}
