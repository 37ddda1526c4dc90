//! Bytes and keys into scans: framing, the choice of a port, pairing, a thin serial loop with hot-plug, and the detector for
//! scanners that type.
//!
//! Start reading at [`Scanner::start`]. [`decoder`], [`wedge`], [`choice`] and [`settings`] are pure; what touches hardware is behind
//! [`Ports`]. A scan may be a payment code, so its text travels only as [`ScanText`], which never shows itself.

pub mod choice;
pub mod decoder;
pub mod hid;
mod pace;
pub mod pairing;
pub mod ports;
mod reader;
pub mod serial;
pub mod settings;
pub mod state;
pub mod text;
pub mod wedge;

pub use choice::{Choice, DeviceIdentity, PortInfo, PortKind, choose};
pub use decoder::{DamageReason, Decoded, Decoder};
pub use pairing::{PairedDevices, PairingEvent, PairingSession};
pub use ports::{PortFault, Ports, SystemPorts};
pub use serial::{Scanner, StillRunning};
pub use settings::{ScannerSettings, SettingsError, Source};
pub use state::{Ending, Origin, Pace, ScannerEvent, ScannerState};
pub use text::ScanText;
