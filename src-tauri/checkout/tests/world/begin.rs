//! Recharges whose Begin this window calls.

use checkout::{ChargeId, Leg, RechargeBy, Refusal, Settings, State};

use super::answers::bare;
use super::{BILL, World};

/// This program calls Begin by itself.
pub fn window() -> World {
    World::with(Settings { recharge_begin: RechargeBy::Window, ..Settings::default() })
}

/// A recharge is entered and confirmed: its charge, if one began, and the refusal.
pub fn begin(w: &mut World, yuan: &str) -> (ChargeId, Option<Refusal>) {
    let sale = w.recharge(BILL, yuan);
    let refusal = w.arm_sale(sale, false).refusal;
    (w.begun.last().map_or(ChargeId(String::new()), |b| b.charge.clone()), refusal)
}

/// A Begin is accepted and the sale armed.
pub fn begun(w: &mut World, yuan: &str) -> ChargeId {
    let (id, refusal) = begin(w, yuan);
    assert_eq!(refusal, None);
    assert_eq!(w.answer(&id, Leg::Begin, bare(0)).records, ["begun"]);
    assert!(w.checkout.armed().is_some());
    id
}

/// Refused because a charge of this bill has begun.
pub fn blocked(refusal: Option<Refusal>) -> bool {
    matches!(refusal, Some(Refusal::BillBlocked { state: State::Beginning, .. }))
}
