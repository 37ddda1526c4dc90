//! How the parts around the till are, as far as answers tell.

use checkout::{Answer, Leg};

use crate::view::{ClockHealth, GatewayHealth};
use crate::work::Work;

/// What an answer of the platform tells about the platform.
pub(crate) fn seen(leg: Leg, answer: &Answer) -> GatewayHealth {
    match answer {
        Answer::NeverConnected { .. } | Answer::Lost(_) => GatewayHealth::Silent,
        Answer::Http { status: status @ (401 | 404 | 405), .. } => GatewayHealth::Misconfigured { status: *status },
        Answer::Http { status: 415, .. } if leg == Leg::Charge => GatewayHealth::Misconfigured { status: 415 },
        Answer::Http { status: 500.., .. } => GatewayHealth::Silent,
        Answer::Http { .. } => GatewayHealth::Answering,
    }
}

/// A misconfiguration is known from charges and queries only; a mere greeting does not take the alarm away.
pub(crate) fn warmed(before: &GatewayHealth, warmth: Result<gateway::Warmth, gateway::Cold>) -> GatewayHealth {
    match (before, warmth) {
        (GatewayHealth::Misconfigured { status }, _) => GatewayHealth::Misconfigured { status: *status },
        (_, Ok(_)) => GatewayHealth::Answering,
        (GatewayHealth::Silent, Err(_)) => GatewayHealth::Silent,
        (_, Err(cold)) => {
            tracing::warn!(what = cold.what, "the gateway does not answer");
            GatewayHealth::Silent
        }
    }
}

impl Work {
    /// Greets a gateway that was silent, so that the word about it is not an old one. While something is pending, queries tell.
    pub(crate) fn greet_the_silent(&self) {
        let asked = || self.teller.checkout.charges().any(checkout::Charge::is_pending);
        if self.gateway == GatewayHealth::Silent && self.stopping.is_none() && !asked() {
            self.errands.warm();
        }
    }
}

/// Further apart than this the two clocks do not agree, in seconds.
const CLOCKS_APART_S: i64 = 60;

/// An answer without a usable time tells nothing about the clock.
pub(crate) fn clock_health(before: &ClockHealth, warmth: &Result<gateway::Warmth, gateway::Cold>) -> ClockHealth {
    match warmth.as_ref().ok().and_then(|warmth| warmth.clock_ahead_s) {
        None => before.clone(),
        Some(theirs) if theirs.abs() <= CLOCKS_APART_S => ClockHealth::Right,
        Some(theirs) => ClockHealth::Off { ahead_s: i32::try_from(-theirs).unwrap_or(i32::MAX) },
    }
}
