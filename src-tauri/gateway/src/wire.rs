//! What goes out: the bodies of charge and query, name for name and digit for digit.

use bytes::Bytes;
use checkout::{AutoId, ChargeRequest, QueryRequest};
use serde::Serialize;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

/// Room for the largest body, so that the buffer is never moved and no copy of the code stays behind.
const BODY_ROOM: usize = 1024;

/// The charge's body (gateway-api.md §4.1, SEED). The buffer is wiped when the transport lets go of it.
pub(crate) fn charge(request: &ChargeRequest) -> serde_json::Result<Bytes> {
    let amount = RawValue::from_string(request.amount.to_string())?;
    written(&ChargeBody {
        business: request.business.number(),
        operator: request.operator.as_str(),
        bill: request.bill.as_str(),
        amount: &amount,
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
