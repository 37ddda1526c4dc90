//! The simulated payment gateway: real HTTP, its own books, every misbehaviour on a switch.

mod charging;
mod desk;
mod entry;
mod envelope;
mod fields;
mod handle;
mod hawk;
mod ledger;
mod limits;
mod platform;
mod recharging;
mod scenario;
mod scenes;
mod script;
mod shared;
mod sim;
mod spoil;
mod summary;
mod switches;
mod training;
mod wire;
mod xml;

pub use handle::Handle;
pub use ledger::{Charge, Ledger, Recharge, Request};
pub use scenario::{Echo, Fault, NO_SUCH_BILL, On, Reply, Scenario, Story};
pub use scenes::{TAILS, Tuning, by_tail, scenario, tail_of, tuned};
pub use script::Script;
pub use shared::{Line, Seen};
pub use sim::{Options, Sim};
pub use switches::{Again, Case, Complaint, HawkKey, Switches};
pub use training::Training;
