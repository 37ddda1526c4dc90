//! Making the view: a function of the journal, the armed sale, and live counters that are labelled as such.

use checkout::{Charge, Checkout, Mono};

use crate::view::{ChargeView, HeldView, LiveView, SaleView};

/// The charge as people see it.
pub fn charge(charge: &Charge, checkout: Option<(&Checkout, Mono)>) -> ChargeView {
    let counters = checkout.and_then(|(checkout, now)| checkout.live(&charge.id, now));
    let small = |ms: u64| u32::try_from(ms).unwrap_or(u32::MAX);
    let time = |at: &checkout::Wall| at.to_rfc3339_opts(chrono::SecondsFormat::Millis, false);
    ChargeView {
        id: charge.id.clone(),
        bill: charge.intent.bill.to_string(),
        amount: charge.intent.amount.to_string(),
        business: charge.intent.business.number(),
        operator: charge.intent.operator.to_string(),
        card: charge.intent.card.as_ref().map(ToString::to_string),
        wallet: charge.intent.wallet.clone(),
        code: charge.intent.code.0.clone(),
        state: charge.state,
        why: charge.why.clone(),
        text: charge.text.clone(),
        sent_at: time(&charge.sent_at),
        moved_at: time(&charge.moved_at),
        phone: charge.phone,
        asks_phone: charge.asks_phone(),
        said: charge.said.clone(),
        autoid: charge.autoid.as_ref().map(|serial| serial.as_str().to_owned()),
        help: charge.help,
        begun: charge.begun,
        credits: charge.credits,
        left_to_platform: charge.left_to_platform,
        owes_credit: charge.owes_credit(),
        may_settle: checkout::settle::allowed(charge).to_vec(),
        live: counters.map(|c| LiveView {
            age_ms: small(c.age_ms),
            queries: c.queries,
            next_query_ms: small(c.next_query_ms),
        }),
    }
}

/// The armed sale as people see it.
pub fn sale(checkout: &Checkout) -> Option<SaleView> {
    checkout.armed().map(|sale| SaleView {
        bill: sale.bill.to_string(),
        amount: sale.amount.to_string(),
        business: sale.business.number(),
        card: sale.card.as_ref().map(ToString::to_string),
    })
}

/// The held code, masked.
pub fn held(checkout: &Checkout) -> Option<HeldView> {
    checkout.held().map(|tail| HeldView { code: tail.0 })
}

/// Charges that fulfil a condition, oldest first.
pub fn list(checkout: &Checkout, now: Mono, keep: impl Fn(&Charge) -> bool) -> Vec<ChargeView> {
    let mut kept: Vec<&Charge> = checkout.charges().filter(|c| keep(c)).collect();
    kept.sort_by(|a, b| (a.sent_at, &a.id).cmp(&(b.sent_at, &b.id)));
    kept.into_iter().map(|c| charge(c, Some((checkout, now)))).collect()
}
