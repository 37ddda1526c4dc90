//! Asking again: which charges are due, and how closely one may ask.

use crate::checkout::{Checkout, Live, Step, Tracked};
use crate::fact::{Effect, QueryRequest};
use crate::id::ChargeId;
use crate::refusal::Refusal;
use crate::schedule::{self, WATCH, WINDOW_GAP_MS};
use crate::time::Mono;

impl Checkout {
    /// Asks about everything that is due: the charge in front first, then the longest due, never too many at once.
    pub(crate) fn ask_due(&mut self, step: &mut Step) {
        let now = step.now.mono;
        let min_gap = self.settings.min_gap_ms;
        let mut due: Vec<(bool, Mono, ChargeId)> = self
            .charges
            .iter()
            .filter_map(|(id, tracked)| Some((!self.is_front(id), tracked.due(min_gap)?, id.clone())))
            .filter(|(_, due, _)| *due <= now)
            .collect();
        due.sort();
        for (_, _, id) in due {
            // Whoever must wait keeps its place: the longest due is next.
            if self.window_free().is_some_and(|free| free > now) {
                break;
            }
            let Some(tracked) = self.charges.get_mut(&id) else {
                continue;
            };
            self.last_query = Some(now);
            tracked.live.asked(now);
            step.out.effects.push(Effect::Query(tracked.request()));
        }
    }

    pub(crate) fn next_query(&self) -> Option<Mono> {
        let min_gap = self.settings.min_gap_ms;
        let due = self.charges.values().filter_map(|t| t.due(min_gap)).min()?;
        Some(self.window_free().map_or(due, |free| due.max(free)))
    }

    /// When the window as a whole may ask again.
    fn window_free(&self) -> Option<Mono> {
        self.last_query.map(|last| last.plus(WINDOW_GAP_MS))
    }

    pub(crate) fn query_now(&mut self, now: Mono, id: &ChargeId) -> Result<(), Refusal> {
        let tracked = self.charges.get_mut(id).filter(|tracked| tracked.is_asked()).ok_or(Refusal::Gone)?;
        tracked.live.due = Some(tracked.live.due.map_or(now, |due| due.min(now)));
        Ok(())
    }

    /// Plans the next query of a charge after an answer, or after the lack of one.
    pub(crate) fn plan(&mut self, step: &mut Step, id: &ChargeId, answered: bool) {
        let Some(tracked) = self.charges.get_mut(id) else {
            return;
        };
        let now = step.now.mono;
        let Tracked { charge, live } = tracked;
        live.errors = if answered { 0 } else { live.errors.saturating_add(1) };
        let age = live.age(now);
        live.due = if charge.state.is_undecided() {
            let pause = match answered {
                true => schedule::gap(&self.settings, age, &mut step.dice),
                false => schedule::error_gap(&self.settings, age, live.errors, &mut step.dice),
            };
            Some(now.plus(pause))
        } else if charge.is_watched() && !answered {
            Some(now.plus(schedule::error_gap(
                &self.settings,
                age.max(self.settings.front_window_ms),
                live.errors,
                &mut step.dice,
            )))
        } else {
            live.due
        };
    }
}

impl Tracked {
    /// Whether queries are sent about it.
    pub(crate) fn is_asked(&self) -> bool {
        self.charge.state.is_undecided() || self.charge.is_watched()
    }

    /// When the next query is due, if one may be sent at all; never closer to the one before than the least gap.
    pub(crate) fn due(&self, min_gap: u64) -> Option<Mono> {
        let earliest = self.live.last_query.map(|last| last.plus(min_gap));
        self.live
            .due
            .filter(|_| self.is_asked() && !self.live.asking && !self.live.sending)
            .map(|due| due.max(earliest.unwrap_or_default()))
    }

    fn request(&self) -> QueryRequest {
        QueryRequest {
            charge: self.charge.id.clone(),
            business: self.charge.intent.business,
            operator: self.charge.intent.operator.clone(),
            bill: self.charge.intent.bill.clone(),
            autoid: self.charge.autoid.clone(),
        }
    }
}

impl Live {
    fn asked(&mut self, now: Mono) {
        self.asking = true;
        if let Some(settling) = &mut self.settling {
            settling.asked = true;
        }
        self.due = None;
        self.last_query = Some(now);
        self.queries = self.queries.saturating_add(1);
    }

    /// Starts the after-watch at its first point.
    pub(crate) fn watch(&mut self, now: Mono) {
        self.watch_base = now;
        self.watch_base_age = 0;
        self.due = Some(now.plus(WATCH[0]));
    }

    /// Goes on to the next point of the after-watch; `false` when the last one has passed. Only time leads on: questions
    /// asked by hand in between use no point up, and points missed while the gateway was away are not made up for.
    pub(crate) fn watch_on(&mut self, now: Mono) -> bool {
        let reached = self.watch_base_age.saturating_add(now.since(self.watch_base));
        self.due = schedule::watch_point(reached).map(|next| now.plus(WATCH[next] - reached));
        self.due.is_some()
    }
}
