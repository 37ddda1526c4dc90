//! The venue's payment platform over HTTP: one request out, one [`checkout::Answer`] back.
//!
//! Start reading at [`Gateway`]. What goes out is in `wire`, how it goes and what proves that it never went in
//! `exchange`, how an answer is read in `reading` (over `json` or `xml`), what may be shown of it in `text`.
//! Nothing here judges an answer: that is `checkout::verdict`.

mod address;
mod check;
mod client;
mod exchange;
mod gateway;
mod json;
mod node;
mod reading;
mod settings;
mod text;
mod warm;
mod wire;
mod xml;

pub use check::{Finding, Grade};
pub use gateway::Gateway;
pub use settings::{GatewaySettings, SetupError};
pub use warm::{Cold, Warmth};
