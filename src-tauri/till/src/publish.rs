//! Publishing: after every message one whole view of what is stored, and of the counters that are labelled as live.

use std::sync::Arc;

use checkout::Charge;
use tokio::time::Instant;

use crate::present;
use crate::view::{Health, SupervisorsView, View};
use crate::work::Work;

impl Work {
    /// Publishes the view of this moment.
    pub(crate) fn publish(&mut self) {
        let first = self.number == 0;
        self.number = self.number.wrapping_add(1);
        let shown = match self.teller.gates.down {
            // What could not be written down is not shown (`shown-is-stored`): the last truth stays on the screen.
            Some(_) if !first => View::clone(&self.views.borrow()),
            _ => self.stored(),
        };
        let view = View {
            number: self.number,
            locked: self.locked,
            look: self.looks.now(),
            hall: self.hall.now(),
            gate: self.teller.gates.now(),
            scan: self.teller.scan.clone(),
            supervisors: SupervisorsView {
                names: self.supervisors.names(),
                session: self.supervisors.session().map(str::to_owned),
                wait_s: self.supervisors.wait_s(Instant::now()),
            },
            health: Health {
                gateway: self.gateway.clone(),
                scanner: self.scanner_state.clone(),
                journal_ok: self.teller.gates.journal_ok(),
                clock: self.clock_health.clone(),
            },
            traced: self.back_office.traces.number(),
            pairing: self.back_office.pairing.as_ref().map(|pairing| pairing.view.clone()),
            set_up: self.back_office.set_up,
            ..shown
        };
        self.pending_file.update(&view);
        self.views.send_replace(Arc::new(view));
        self.tell_settled();
    }

    /// What the journal and the armed sale say.
    fn stored(&self) -> View {
        let now = self.clock.mono();
        let show = |charge: &Charge| present::charge(charge, Some((&self.teller.checkout, now)));
        View {
            operator: self.teller.operator.as_ref().map(ToString::to_string),
            armed: present::sale(&self.teller.checkout),
            held: present::held(&self.teller.checkout),
            front: self.teller.checkout.front().map(show),
            notices: present::list(&self.teller.checkout, now, |c| c.notice),
            pending: present::list(&self.teller.checkout, now, Charge::is_pending),
            recent: self.teller.recent.iter().map(show).collect(),
            ..View::blank(&self.window, self.hall.now(), self.training)
        }
    }
}
