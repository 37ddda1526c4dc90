//! What goes out: the bodies of the four operations, name for name and digit for digit.

use bytes::Bytes;
use checkout::{Amount, AutoId, BeginRequest, ChargeRequest, EndRequest, QueryRequest};
use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// Room for the largest body, so that the buffer is never moved and no copy of the code stays behind.
const BODY_ROOM: usize = 1024;
/// `BusiFrom`: the front desk (gateway-api.md §2.5, FAMILY).
const FRONT_DESK: &str = "1";
/// The most that `ThirdPartyBusiId` takes, counted as the platform counts (gateway-api.md §7.2, SEED).
const THIRD_PARTY_MAX: usize = 50;

/// The charge's body (gateway-api.md §4.1, SEED). The buffer is wiped when the transport lets go of it.
pub(crate) fn charge(request: &ChargeRequest) -> serde_json::Result<Bytes> {
    written(&ChargeBody {
        business: request.business.number(),
        operator: request.operator.as_str(),
        bill: request.bill.as_str(),
        amount: &number(request.amount)?,
        card: request.card.as_ref().map(|card| card.as_str()),
        code: request.code.expose(),
    })
}

/// The query's body: one superset of both reconstructions, each name once (gateway-api.md §4.2, INFERRED).
pub(crate) fn query(request: &QueryRequest, payment_type: &str) -> serde_json::Result<Bytes> {
    let autoid = request.autoid.as_ref().map_or("", AutoId::as_str);
    written(&QueryBody {
        bill: request.bill.as_str(),
        autoid,
        bill_type: &request.business.number().to_string(),
        payment_type: if payment_type.is_empty() { first_segment(autoid) } else { payment_type },
        business: request.business.number(),
        operator: request.operator.as_str(),
    })
}

/// The body of a recharge's Begin (gateway-api.md §7.1, FAMILY). No `paymentbarcode`: with one, the platform would collect
/// by itself (§7.3, flow B) what this till is about to collect.
pub(crate) fn begin(request: &BeginRequest, payment_type: &str) -> serde_json::Result<Bytes> {
    written(&BeginBody {
        bill: request.bill.as_str(),
        card: request.card.as_str(),
        from: FRONT_DESK,
        payment_type,
        amount: &number(request.amount)?,
    })
}

/// The body of a recharge's End (gateway-api.md §7.2, SEED).
pub(crate) fn end(request: &EndRequest) -> serde_json::Result<Bytes> {
    written(&EndBody {
        bill: request.bill.as_str(),
        amount: &number(request.amount)?,
        third_party: request.autoid.as_ref().and_then(third_party),
    })
}

/// The serial, where the platform has room for it. A longer one stays away: it would have the whole End refused, every
/// time, over a member that nothing depends on, and a cut one would name another receipt.
fn third_party(autoid: &AutoId) -> Option<&str> {
    let fits = autoid.as_str().encode_utf16().count() <= THIRD_PARTY_MAX;
    fits.then(|| autoid.as_str())
}

/// An amount as a bare number with its two decimals; a float would make other digits of it.
fn number(amount: Amount) -> serde_json::Result<Box<RawValue>> {
    RawValue::from_string(amount.to_string())
}

/// The payment type inside a ticket bill's serial `payment type|trade type|number` (gateway-api.md §4.4, INFERRED).
fn first_segment(autoid: &str) -> &str {
    let mut parts = autoid.split('|');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(first), Some(_), Some(_), None) => first.trim(),
        _ => "",
    }
}

fn written(body: &impl Serialize) -> serde_json::Result<Bytes> {
    let mut buffer = Zeroizing::new(Vec::with_capacity(BODY_ROOM));
    serde_json::to_writer(&mut *buffer, body)?;
    Ok(Bytes::from_owner(buffer))
}

#[derive(Serialize)]
struct ChargeBody<'a> {
    #[serde(rename = "BusinessType")]
    business: u8,
    #[serde(rename = "operatorNo")]
    operator: &'a str,
    #[serde(rename = "billNum")]
    bill: &'a str,
    #[serde(rename = "summary")]
    amount: &'a RawValue,
    #[serde(rename = "cardNo", skip_serializing_if = "Option::is_none")]
    card: Option<&'a str>,
    #[serde(rename = "barCode")]
    code: &'a str,
}

#[derive(Serialize)]
struct QueryBody<'a> {
    #[serde(rename = "billnum")]
    bill: &'a str,
    autoid: &'a str,
    #[serde(rename = "billtype")]
    bill_type: &'a str,
    #[serde(rename = "paytype")]
    payment_type: &'a str,
    #[serde(rename = "BusinessType")]
    business: u8,
    #[serde(rename = "operatorNo")]
    operator: &'a str,
}

#[derive(Serialize)]
struct BeginBody<'a> {
    #[serde(rename = "BillNum")]
    bill: &'a str,
    #[serde(rename = "CardNo")]
    card: &'a str,
    #[serde(rename = "BusiFrom")]
    from: &'a str,
    #[serde(rename = "PaymentTypeId")]
    payment_type: &'a str,
    #[serde(rename = "Amount")]
    amount: &'a RawValue,
}

#[derive(Serialize)]
struct EndBody<'a> {
    #[serde(rename = "BillNum")]
    bill: &'a str,
    #[serde(rename = "ConfirmAmount")]
    amount: &'a RawValue,
    #[serde(rename = "ThirdPartyBusiId", skip_serializing_if = "Option::is_none")]
    third_party: Option<&'a str>,
}
