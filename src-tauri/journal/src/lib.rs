//! The journal (流水): append-only and hash-chained, in SQLite; it outlives crashes, and tells when it was damaged or changed.
//!
//! Start reading at [`Journal`]; opening is [`open`](Journal::open), the order of which is in design.md §7. A till
//! reaches it through [`JournalThread`]. What can be asked is in [`Books`].

mod audit;
mod backup;
mod books;
mod chain;
mod connect;
mod error;
mod export;
mod folder;
mod journal;
mod meta;
mod models;
mod open;
mod reader;
mod records;
mod room;
mod schema;
mod secret;
mod thread;
mod verify;
mod witness;

pub use audit::Audit;
pub use books::{Books, DaySum, HistoryFilter, Timeline};
pub use chain::{Hash, Head};
pub use error::{AppendError, OpenError, ReadError};
pub use export::{COLUMNS, Export, ExportError, Exporter, Format};
pub use folder::Stem;
pub use journal::{Journal, ReplaceError};
pub use open::{Found, Opened, Options};
pub use reader::Reader;
pub use room::{BALLAST, Room};
pub use secret::Secret;
pub use thread::{Gone, JournalThread, ReopenError};
pub use verify::{VerifyReport, WitnessReport, verify};
