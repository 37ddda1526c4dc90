//! A start: the same truth as before, and the questions go on.

use std::collections::BTreeMap;

use crate::charge::Charge;
use crate::checkout::Step;
use crate::checkout::{Checkout, Front, Live, Tracked};
use crate::event::Why;
use crate::fact::{Decision, Dice};
use crate::id::ChargeId;
use crate::schedule::WATCH;
use crate::settings::Settings;
use crate::state::State;
use crate::time::{Mono, Now, elapsed};

/// Within this time after a start every undecided charge is asked about, spread by jitter, milliseconds.
const FIRST_QUERY_MS: u64 = 600;
/// The same for charges on the after-watch, which are not urgent.
const FIRST_WATCH_MS: u64 = 30_000;

/// A checkout rebuilt from the journal, and the records that its start adds.
pub struct Resumed {
    /// Ready for facts.
    pub checkout: Checkout,
    /// To be committed before anything else.
    pub decision: Decision,
}

/// A query that this process has handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// When.
    pub at: Mono,
    /// Its answer has come, or its loss.
    pub answered: bool,
}

impl Checkout {
    /// Rebuilds the state from the open charges and the newest one.
    ///
    /// `still_out` names charges whose request this very process has handed over and not yet had answered (a journal
    /// reopened while running); after a start it is empty, and then nobody can prove whether a request left.
    pub fn resume(
        settings: Settings,
        now: Now,
        dice: Dice,
        open: Vec<Charge>,
        newest: Option<Charge>,
        still_out: &[ChargeId],
    ) -> Resumed {
        let mut step = Step { now, dice, out: Decision::default() };
        let mut charges: BTreeMap<ChargeId, Tracked> = BTreeMap::new();
        for charge in open.into_iter().chain(newest) {
            let mut live = Live::found(now, &charge);
            let out = still_out.contains(&charge.id);
            live.sending = out && charge.state.is_undecided();
            live.recharging = out && matches!(charge.state, State::Beginning | State::Recharging);
            live.negative_since = charge.negative.as_ref().map(|_| now.mono);
            charges.insert(charge.id.clone(), Tracked { charge, live });
        }
        let front = front_again(&settings, now, &charges);
        for tracked in charges.values_mut() {
            let in_front = front.as_ref().is_some_and(|front| front.charge == tracked.charge.id);
            resume_one(&mut step, tracked, in_front);
        }
        let mut checkout = Checkout {
            settings,
            charges,
            armed: None,
            held: None,
            begun_as: None,
            front,
            gate: None,
            last_scan: None,
            last_query: None,
        };
        checkout.charges.retain(|id, t| t.charge.is_open() || checkout.front.as_ref().is_some_and(|f| f.charge == *id));
        Resumed { checkout, decision: step.out }
    }

    /// Keeps the questions that are out, and the gaps between them, after the journal was read anew in the middle of a run: the
    /// gateway does not know that it is asked by a state that was just rebuilt. What `before` knew of a charge is not enough,
    /// for it may have forgotten one whose end did not come into the journal.
    pub fn keep_asking(&mut self, before: &Self, asked: &BTreeMap<ChargeId, Asked>) {
        self.last_query = before.last_query;
        for (id, Asked { at, answered }) in asked {
            let Some(tracked) = self.charges.get_mut(id) else { continue };
            tracked.live.asking = !answered;
            tracked.live.last_query = Some(*at);
        }
    }
}

fn resume_one(step: &mut Step, tracked: &mut Tracked, in_front: bool) {
    let Tracked { charge, live } = tracked;
    if charge.state.is_undecided() {
        live.due = Some(step.now.mono.plus(step.dice.up_to(FIRST_QUERY_MS)));
        if charge.state == State::Sending && !live.sending {
            step.move_to(charge, State::Checking, Why::Interrupted, "");
        }
        if !in_front && charge.state != State::Parked {
            step.move_to(charge, State::Parked, Why::FoundAtStart, "");
        }
    } else if charge.state == State::Beginning && !live.recharging {
        step.move_to(charge, State::NeverSent, Why::BegunNotCharged, "");
    } else if charge.end_never_left() && !live.recharging {
        live.due = Some(step.now.mono.plus(step.dice.up_to(FIRST_QUERY_MS)));
    } else if charge.state == State::Recharging && !live.recharging {
        step.move_to(charge, State::RechargeUndecided, Why::Interrupted, "");
    } else if charge.is_watched() {
        let age = elapsed(charge.sent_at.max(charge.moved_at), step.now.wall);
        // Recorded time alone ends no watch: a wall clock that was set ahead would cut it short.
        live.watch_base_age = age.min(WATCH[4] - WATCH[3]);
        live.due = Some(step.now.mono.plus(step.dice.up_to(FIRST_WATCH_MS)));
    }
}

/// The youngest charge still inside the front window is in front again, unless the cashier had stopped waiting for it.
fn front_again(settings: &Settings, now: Now, charges: &BTreeMap<ChargeId, Tracked>) -> Option<Front> {
    let own = charges.values().filter(|t| t.charge.state != State::UnmatchedSuccess);
    let parked = |t: &Tracked| t.charge.state == State::Parked;
    // Only the charge in front is ever undecided and not parked: a sure sign, whatever the wall clock did meanwhile.
    let was_in_front = own.clone().find(|t| t.charge.state.is_undecided() && !parked(t));
    let last = || own.max_by_key(|t| (t.charge.sent_at, t.charge.id.clone()));
    let youngest = was_in_front.or_else(last).filter(|t| !parked(t))?;
    let left = settings.front_window_ms.checked_sub(youngest.live.base_age).filter(|left| *left > 0)?;
    Some(Front { charge: youngest.charge.id.clone(), until: now.mono.plus(left), sale: None })
}
