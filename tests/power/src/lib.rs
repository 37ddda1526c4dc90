//! A disk whose power fails: everything SQLite does to its files is taped, and what a cut leaves behind is made from the tape.
//!
//! Below the tape is SQLite's own layer for this system, so that what runs here is what ships. What reaches the disk only
//! by a flush may be lost, torn or kept, in any order, until that flush has worked ([`Tape::cut`]).

mod tape;
mod vfs;

pub use tape::{Disk, Fault, File, Image, Luck, Op, Tape, record};
pub use vfs::install;
