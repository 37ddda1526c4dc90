//! The handle: watch the simulator, steer it, close and open it.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use tokio::sync::broadcast;

use crate::ledger::Ledger;
use crate::platform::Order;
use crate::scenario::{On, Reply, Scenario};
use crate::script::Script;
use crate::shared::Seen;
use crate::sim::House;
use crate::summary::summary;
use crate::switches::Switches;

/// Watches and steers a running simulator. Cheap to clone; does not keep the simulator running.
#[derive(Clone)]
pub struct Handle {
    house: Arc<House>,
}

impl Handle {
    pub(crate) fn new(house: Arc<House>) -> Handle {
        Handle { house }
    }

    /// The address it listens on.
    pub fn addr(&self) -> SocketAddr {
        self.house.addr
    }

    /// The base URL for a till, with the slash at its end.
    pub fn base_url(&self) -> String {
        format!("http://{}/", self.house.addr)
    }

    /// The next request of this kind meets this scenario; orders queue up, oldest first.
    pub fn order(&self, on: On, scenario: Scenario) {
        self.house.shared.change(|platform| platform.orders.push(Order { on, bill: None, scenario }));
    }

    /// The next request of this kind for this bill meets this scenario.
    pub fn order_for(&self, on: On, bill: &str, scenario: Scenario) {
        let order = Order { on, bill: Some(bill.to_owned()), scenario };
        self.house.shared.change(|platform| platform.orders.push(order));
    }

    /// Every request of this kind meets this scenario unless one is ordered; `None` ends that.
    pub fn always(&self, on: On, scenario: Option<Scenario>) {
        self.house.shared.change(|platform| match scenario {
            Some(scenario) => platform.always.insert(on, scenario),
            None => platform.always.remove(&on),
        });
    }

    /// Replaces the script.
    pub fn script(&self, script: Script) {
        self.house.shared.change(|platform| platform.script = script);
    }

    /// Changes standing habits.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        self.house.shared.change(|platform| change(&mut platform.switches));
    }

    /// From now on every query of the bill's last charge is answered so; false if there is no charge.
    pub fn tell(&self, bill: &str, reply: Reply) -> bool {
        self.house.shared.change(|platform| platform.tell(bill, reply))
    }

    /// The customer approves: the money moves and queries say `SUCCESS`; false if there is no charge.
    pub fn approve(&self, bill: &str) -> bool {
        self.house.shared.change(|platform| platform.pay(bill) && platform.tell(bill, Reply::success()))
    }

    /// Lets every answer go that a `Fault::Held` holds back now.
    pub fn release(&self) {
        self.house.shared.released.send_modify(|version| *version += 1);
    }

    /// The books as they stand.
    pub fn ledger(&self) -> Ledger {
        self.house.shared.platform().ledger.clone()
    }

    /// The books as a table for people.
    pub fn summary(&self) -> String {
        summary(&self.house.shared.platform().ledger)
    }

    /// Every request from now on, each as soon as the books show it.
    pub fn subscribe(&self) -> broadcast::Receiver<Seen> {
        self.house.shared.seen.subscribe()
    }

    /// Waits until the books look like this, and returns them. Bound it with a timeout of your own.
    pub async fn until(&self, mut there: impl FnMut(&Ledger) -> bool) -> Ledger {
        let mut changed = self.house.shared.changed.subscribe();
        loop {
            changed.borrow_and_update();
            let ledger = self.ledger();
            if there(&ledger) {
                return ledger;
            }
            // The sender lives in `self`, so there is always another change to wait for.
            let _ = changed.changed().await;
        }
    }

    /// Closes the listener and cuts every connection; the books stay. Connections are refused then.
    pub async fn halt(&self) {
        self.house.halt().await;
    }

    /// Listens again on the same address.
    ///
    /// # Errors
    /// Somebody else took the address in the meantime.
    pub async fn resume(&self) -> io::Result<()> {
        self.house.resume().await
    }
}
