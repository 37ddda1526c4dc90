//! The window at work: one task owns the state and runs the rules of `checkout` over journal, gateway, scanner and time.
//!
//! Start reading at [`Till::start`]; the loop is in `work.rs`. A screen or a script holds a [`Till`], sends it
//! [`Command`]s and scans, and looks at its [`view::View`]s; nothing else reaches the state.

mod back_office;
mod change;
mod clock;
pub mod config;
pub mod customer;
mod desk;
mod echo;
pub mod ending;
mod errands;
mod evidence;
mod exporting;
#[cfg(test)]
mod full_disk;
mod ground;
pub mod hall;
mod handle;
mod health;
pub mod home;
mod idle;
mod inbox;
pub mod keys;
mod ledger;
mod locking;
pub mod logs;
pub mod look;
pub mod onlooker;
pub mod pairing;
mod pairing_desk;
mod pending_file;
mod present;
mod publish;
mod source;
mod start;
mod steps;
mod supervisors;
mod teller;
mod trace;
mod upkeep;
pub mod view;
mod work;

pub use back_office::SettingsTrouble;
pub use change::Change;
pub use exporting::{ExportOrder, ExportProgress};
pub use gateway::Finding;
pub use ground::{CodePast, Ground, Past, Read, Written};
pub use handle::Till;
pub use inbox::{Command, Pin};
pub use ledger::LookError;
pub use source::ScanSource;
pub use start::{Options, StartError};
pub use teller::{Orders, Settled, Teller};
