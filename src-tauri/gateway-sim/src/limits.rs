//! What each operation demands of its members: required, longest, and in range.

use rust_decimal::Decimal;

use crate::fields::Fields;

/// The complaints about one request, by member, in the order they were found.
pub(crate) struct Checked<'a> {
    fields: &'a Fields,
    pub complaints: Vec<(&'static str, String)>,
}

/// A readable charge request (gateway-api.md §4.1, SEED).
pub(crate) struct ChargeAsked {
    pub business: u8,
    pub operator: String,
    pub bill: String,
    pub amount: Decimal,
    pub amount_text: String,
    pub card: Option<String>,
    pub code: String,
}

/// A readable query (gateway-api.md §4.2, INFERRED: either reconstruction, or both at once).
pub(crate) struct QueryAsked {
    pub bill: String,
    pub autoid: Option<String>,
    pub business: Option<u8>,
}

/// A readable Begin (gateway-api.md §7.1, FAMILY).
pub(crate) struct BeginAsked {
    pub bill: String,
    pub card: String,
    pub amount: Decimal,
    pub cash: bool,
    pub with_code: bool,
}

/// A readable End (gateway-api.md §7.2, SEED).
pub(crate) struct EndAsked {
    pub bill: String,
    pub amount: Decimal,
    pub amount_text: String,
}

pub(crate) type Complaints = Vec<(&'static str, String)>;

/// Reads a charge or says what is wrong with it.
pub(crate) fn charge(fields: &Fields) -> Result<ChargeAsked, Complaints> {
    let mut check = Checked::new(fields);
    let business = check.business("BusinessType", true);
    let operator = check.required("operatorNo", 32);
    let bill = check.required("billNum", 32);
    let amount = check.money("summary");
    if amount.as_ref().is_some_and(|(amount, _)| *amount <= Decimal::ZERO) {
        check.complain("summary", "The field summary must be greater than 0.".to_owned());
    }
    let card = check.optional("cardNo", 20);
    let code = check.required("barCode", 40);
    check.done()?;
    let (amount, amount_text) = amount.unwrap_or_default();
    Ok(ChargeAsked { business: business.unwrap_or_default(), operator, bill, amount, amount_text, card, code })
}

/// Reads a query or says what is wrong with it; `bill_max` is 20 or 32 by deployment.
pub(crate) fn query(fields: &Fields, bill_max: usize, autoid_required: bool) -> Result<QueryAsked, Complaints> {
    let mut check = Checked::new(fields);
    let bill = check.required("billnum", bill_max);
    let autoid = check.optional("autoid", 36);
    if autoid.is_none() && autoid_required {
        check.missing("autoid");
    }
    check.optional("paytype", 2);
    let by_type = check.optional("billtype", 1);
    let named = check.business("BusinessType", by_type.is_none());
    let business = match by_type.as_deref().map(str::parse::<u8>) {
        Some(Ok(digit)) if (1..=7).contains(&digit) => Some(digit),
        Some(_) => {
            check.complain("billtype", "The field billtype must be between 1 and 7.".to_owned());
            None
        }
        None => named,
    };
    check.done()?;
    Ok(QueryAsked { bill, autoid, business })
}

/// Reads a Begin or says what is wrong with it.
pub(crate) fn begin(fields: &Fields) -> Result<BeginAsked, Complaints> {
    let mut check = Checked::new(fields);
    let bill = check.required("BillNum", 20);
    let with_code = check.optional("paymentbarcode", 200).is_some();
    let card = check.required("CardNo", 20);
    check.required("BusiFrom", 1);
    let kind = check.required("PaymentTypeId", 2);
    let amount = check.money("Amount");
    if amount.as_ref().is_some_and(|(amount, _)| amount.is_zero()) {
        check.complain("Amount", "The field Amount must not be 0.".to_owned());
    }
    for name in ["Memory", "Reserve1", "Reserve2"] {
        check.optional(name, 50);
    }
    check.done()?;
    Ok(BeginAsked { bill, card, amount: amount.unwrap_or_default().0, cash: kind == "00", with_code })
}

/// Reads an End or says what is wrong with it.
pub(crate) fn end(fields: &Fields) -> Result<EndAsked, Complaints> {
    let mut check = Checked::new(fields);
    let bill = check.required("BillNum", 20);
    let amount = check.money("ConfirmAmount");
    for name in ["CustomerAccount", "OwnerAccount", "ThirdPartyBusiId", "Openid", "Memory", "Reserve1", "Reserve2"] {
        check.optional(name, 50);
    }
    check.done()?;
    let (amount, amount_text) = amount.unwrap_or_default();
    Ok(EndAsked { bill, amount, amount_text })
}

impl<'a> Checked<'a> {
    fn new(fields: &'a Fields) -> Checked<'a> {
        Checked { fields, complaints: Vec::new() }
    }

    fn complain(&mut self, name: &'static str, text: String) {
        self.complaints.push((name, text));
    }

    fn missing(&mut self, name: &'static str) {
        self.complain(name, format!("The {name} field is required."));
    }

    fn optional(&mut self, name: &'static str, max: usize) -> Option<String> {
        let text = self.fields.text(name)?.to_owned();
        // .NET counts UTF-16 units.
        if text.encode_utf16().count() > max {
            let rule = "must be a string or array type with a maximum length of";
            self.complain(name, format!("The field {name} {rule} '{max}'."));
        }
        Some(text)
    }

    fn required(&mut self, name: &'static str, max: usize) -> String {
        let text = self.optional(name, max);
        if text.is_none() {
            self.missing(name);
        }
        text.unwrap_or_default()
    }

    /// An amount in yuan from the exact text of a number; text in quotes is not a number.
    fn money(&mut self, name: &'static str) -> Option<(Decimal, String)> {
        let Some(value) = self.fields.value(name).filter(|value| !value.text.is_empty()) else {
            self.missing(name);
            return None;
        };
        let plain = value.text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-');
        match Decimal::from_str_exact(&value.text) {
            Ok(amount) if plain && !value.quoted => Some((amount, value.text.clone())),
            _ => {
                self.complain(name, format!("The value given is not valid for {name}."));
                None
            }
        }
    }

    /// A number in JSON; in XML the one published name (gateway-api.md §2.1).
    fn business(&mut self, name: &'static str, required: bool) -> Option<u8> {
        let Some(value) = self.fields.value(name).filter(|value| !value.text.is_empty()) else {
            if required {
                self.missing(name);
            }
            return None;
        };
        let digit = match value.text.as_str() {
            "ToursimOrTheatreTicketBusiness" => Some(1),
            text => text.parse::<u8>().ok().filter(|digit| (1..=7).contains(digit)),
        };
        if digit.is_none() {
            self.complain(name, format!("The value given is not valid for {name}."));
        }
        digit
    }

    fn done(self) -> Result<(), Complaints> {
        if self.complaints.is_empty() { Ok(()) } else { Err(self.complaints) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"BusinessType":1,"operatorNo":"S","billNum":"T1","summary":12.30,"barCode":"130000000000000001"}"#;

    fn complaints(from: &str, to: &str) -> Vec<&'static str> {
        let body = GOOD.replace(from, to);
        let fields = Fields::from_json(body.as_bytes()).expect("reads");
        charge(&fields).err().unwrap_or_default().into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn the_seed_limits_of_a_charge_hold() {
        assert!(complaints("", "").is_empty());
        assert!(complaints("\"T1\"", &format!("\"{}\"", "T".repeat(32))).is_empty());
        assert_eq!(complaints("\"T1\"", &format!("\"{}\"", "T".repeat(33))), ["billNum"]);
        assert_eq!(complaints("\"S\"", "\"\""), ["operatorNo"]);
        assert_eq!(complaints("\"S\"", &format!("\"{}\"", "S".repeat(33))), ["operatorNo"]);
        assert_eq!(complaints(r#""summary""#, r#""cardNo":"123456789012345678901","summary""#), ["cardNo"]);
        assert_eq!(complaints("130000000000000001", &"1".repeat(41)), ["barCode"]);
        assert_eq!(complaints("12.30", "0"), ["summary"]);
        assert_eq!(complaints("12.30", "-1.00"), ["summary"]);
        assert_eq!(complaints("12.30", "\"12.30\""), ["summary"]);
        assert_eq!(complaints("12.30", "1.23e1"), ["summary"]);
        assert_eq!(complaints(":1,", ":0,"), ["BusinessType"]);
        assert_eq!(complaints(":1,", ":8,"), ["BusinessType"]);
    }

    #[test]
    fn a_query_takes_either_reconstruction_and_the_strict_length() {
        let asks = |body: &str| query(&Fields::from_json(body.as_bytes()).expect("reads"), 20, false);
        assert_eq!(
            asks(r#"{"billnum":"T1","autoid":"","billtype":"2","paytype":"66"}"#).ok().and_then(|q| q.business),
            Some(2)
        );
        assert_eq!(
            asks(r#"{"billNum":"T1","BusinessType":7,"operatorNo":"S"}"#).ok().and_then(|q| q.business),
            Some(7)
        );
        assert!(asks(r#"{"billNum":"123456789012345678901","BusinessType":7}"#).is_err());
        assert!(asks(r#"{"billNum":"T1"}"#).is_err());
    }
}
