//! The venue's payment platform over HTTP: one request out, one [`checkout::Answer`] back.
//!
//! Start reading at [`Gateway`]. What goes out is in `wire`, how it goes and what proves that it never went in
//! `exchange` under `line`, how it is signed in `hawk`, how an answer is read in `reading` (over `json` or `xml`), what may be shown of it in `text`.
//! Nothing here judges an answer: that is `checkout::verdict`.

mod address;
mod challenge;
mod check;
mod client;
mod clock;
mod exchange;
mod gateway;
mod hawk;
mod json;
mod key_file;
mod line;
mod node;
mod reading;
mod settings;
mod text;
mod warm;
mod wire;
mod xml;

pub use check::{Finding, Grade, Learnt};
pub use gateway::Gateway;
pub use settings::{GatewaySettings, HawkSettings, SetupError, is_hawk_id};
pub use warm::{Cold, Warmth};
