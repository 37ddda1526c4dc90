//! The sale (本单): what the cashier entered, checked as a whole.

use serde::{Deserialize, Serialize};

use crate::amount::{Amount, AmountError};
use crate::bill::{BillNumber, CardNumber, Operator, TextError};
use crate::business::Business;
use crate::recharge::RECHARGE_BILL_MAX;
use crate::settings::Settings;

/// The raw fields of a sale, as typed or given on a command line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, specta::Type)]
pub struct Entry {
    /// The operator signed in.
    pub operator: String,
    /// 1 to 7.
    pub business: u8,
    /// The bill number.
    pub bill: String,
    /// The amount in yuan.
    pub amount: String,
    /// The card, for business 7; empty otherwise.
    pub card: String,
}

/// A sale whose every part is valid. Equal sales are the same sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sale {
    /// Who collects.
    pub operator: Operator,
    /// What for.
    pub business: Business,
    /// Which bill.
    pub bill: BillNumber,
    /// How much.
    pub amount: Amount,
    /// Which card, for a recharge.
    pub card: Option<CardNumber>,
}

/// A field of the sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "kebab-case")]
pub enum Field {
    /// Operator number.
    Operator,
    /// Business type.
    Business,
    /// Bill number.
    Bill,
    /// Amount.
    Amount,
    /// Card number.
    Card,
}

/// Why an entry is not a sale, and in which field; the first field in the order of entry wins.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum EntryError {
    /// Operator, bill or card number.
    #[error("{field:?}: {why}")]
    Text {
        /// Where.
        field: Field,
        /// Why.
        why: TextError,
    },
    /// The amount.
    #[error("Amount: {why}")]
    Amount {
        /// Why.
        why: AmountError,
    },
    /// Above the window's limit.
    #[error("Amount: above this window's limit of ¥{max}")]
    AboveLimit {
        /// The limit, yuan.
        #[specta(type = String)]
        max: Amount,
    },
    /// Not one of this window's businesses.
    #[error("Business: {business} is not offered at this window")]
    NotOffered {
        /// As entered.
        business: u8,
    },
}

impl Sale {
    /// Checks an entry against the window's settings.
    pub fn parse(entry: &Entry, settings: &Settings) -> Result<Self, EntryError> {
        let text = |field| move |why| EntryError::Text { field, why };
        for (field, entered) in
            [(Field::Operator, &entry.operator), (Field::Bill, &entry.bill), (Field::Card, &entry.card)]
        {
            if settings.router.is_payment_code(entered.trim()) {
                return Err(text(field)(TextError::LooksLikePaymentCode));
            }
        }
        let operator = Operator::parse(&entry.operator).map_err(text(Field::Operator))?;
        let not_offered = EntryError::NotOffered { business: entry.business };
        let business = Business::try_from(entry.business).map_err(|_| not_offered.clone())?;
        if !settings.businesses.contains(&business) {
            return Err(not_offered);
        }
        let recharge = business == Business::Recharge;
        let bill_max = if recharge { settings.bill_max().min(RECHARGE_BILL_MAX) } else { settings.bill_max() };
        let bill = BillNumber::parse(&entry.bill, bill_max).map_err(text(Field::Bill))?;
        let amount = Amount::parse(&entry.amount).map_err(|why| EntryError::Amount { why })?;
        if amount > settings.amount_max {
            return Err(EntryError::AboveLimit { max: settings.amount_max });
        }
        let card = match recharge {
            true => Some(CardNumber::parse(&entry.card).map_err(text(Field::Card))?),
            false => None,
        };
        Ok(Self { operator, business, bill, amount, card })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            operator: "S0107".into(),
            business: 1,
            bill: "T2026112200017".into(),
            amount: "260.00".into(),
            card: String::new(),
        }
    }

    #[test]
    fn the_story_of_the_day_is_a_sale() {
        let sale = Sale::parse(&entry(), &Settings::default()).expect("a sale");
        assert_eq!((sale.bill.as_str(), sale.amount.fen(), sale.business.number()), ("T2026112200017", 26000, 1));
    }

    #[test]
    fn every_bad_field_is_named() {
        let refuse = |change: fn(&mut Entry)| {
            let mut entry = entry();
            change(&mut entry);
            Sale::parse(&entry, &Settings::default()).expect_err("refused")
        };
        assert!(matches!(
            refuse(|e| e.operator.clear()),
            EntryError::Text { field: Field::Operator, why: TextError::Empty }
        ));
        assert!(matches!(
            refuse(|e| e.bill = "T 1".into()),
            EntryError::Text { field: Field::Bill, why: TextError::Characters }
        ));
        assert!(matches!(refuse(|e| e.amount = "1.234".into()), EntryError::Amount { why: AmountError::TooFine }));
        assert!(matches!(refuse(|e| e.amount = "50000.01".into()), EntryError::AboveLimit { .. }));
        assert!(matches!(refuse(|e| e.business = 8), EntryError::NotOffered { business: 8 }));
        assert!(matches!(
            refuse(|e| e.bill = "134567890123456789".into()),
            EntryError::Text { field: Field::Bill, why: TextError::LooksLikePaymentCode }
        ));
    }

    #[test]
    fn a_recharge_needs_a_card_and_a_short_bill() {
        let recharge = Entry { business: 7, card: "80001234".into(), ..entry() };
        let parse = |entry: &Entry| Sale::parse(entry, &Settings { bill_length_max: 32, ..Settings::default() });
        assert_eq!(parse(&recharge).map(|sale| sale.card.map(String::from)), Ok(Some("80001234".into())));
        let refused = |change: fn(&mut Entry)| {
            let mut entry = recharge.clone();
            change(&mut entry);
            parse(&entry).expect_err("refused")
        };
        let card = |why| EntryError::Text { field: Field::Card, why };
        assert_eq!(refused(|e| e.card.clear()), card(TextError::Empty));
        assert_eq!(refused(|e| e.card = "8".repeat(21)), card(TextError::TooLong { max: 20 }));
        assert_eq!(refused(|e| e.card = "134567890123456789".into()), card(TextError::LooksLikePaymentCode));
        let long = refused(|e| e.bill = "C".repeat(21));
        assert_eq!(long, EntryError::Text { field: Field::Bill, why: TextError::TooLong { max: 20 } });
    }
}
