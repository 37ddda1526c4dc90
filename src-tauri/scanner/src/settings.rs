//! The `[scanner]` part of the settings.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::decoder::{QUIET_GAP_MS, QUIET_GAP_MS_MAX, QUIET_GAP_MS_MIN};
use crate::wedge::{KEY_GAP_MS, KEY_GAP_MS_MAX, KEY_GAP_MS_MIN};

/// The word in `port` that leaves the choice to pairing.
pub const PORT_AUTO: &str = "auto";
/// Slowest line speed taken, in baud.
pub const BAUD_MIN: u32 = 300;
/// Fastest line speed taken, in baud.
pub const BAUD_MAX: u32 = 4_000_000;

/// Where scans come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The serial line alone.
    Serial,
    /// Keyboard emulation alone: no port is opened.
    Keyboard,
    /// Both.
    #[default]
    Auto,
}

/// The scanner's settings; contract `[scanner]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(default, deny_unknown_fields)]
pub struct ScannerSettings {
    /// Where scans come from.
    pub source: Source,
    /// `auto` for a paired USB serial device, or a port by name: `/dev/ttyACM0`, `COM3`.
    pub port: String,
    /// Line speed, 8N1; USB CDC devices ignore it.
    pub baud: u32,
    /// Silence that ends a scan of a device that sends no terminator, in milliseconds.
    pub quiet_gap_ms: u32,
    /// The longest gap between two keys of one code of a scanner that types, in milliseconds.
    pub key_gap_ms: u32,
}

impl Default for ScannerSettings {
    fn default() -> Self {
        Self {
            source: Source::Auto,
            port: PORT_AUTO.into(),
            baud: 9600,
            quiet_gap_ms: QUIET_GAP_MS,
            key_gap_ms: KEY_GAP_MS,
        }
    }
}

/// What is wrong with the settings, in words for the person who wrote them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// No port is named.
    #[error("scanner.port is empty: write \"auto\", or a port such as \"/dev/ttyACM0\" or \"COM3\"")]
    NoPort,
    /// A line speed that no device has.
    #[error("scanner.baud is {0}, and must be {BAUD_MIN} to {BAUD_MAX}")]
    Baud(u32),
    /// A quiet gap that would cut codes apart, or never end them.
    #[error("scanner.quiet_gap_ms is {0}, and must be {QUIET_GAP_MS_MIN} to {QUIET_GAP_MS_MAX}")]
    QuietGap(u32),
    /// A gap that tears codes apart, or takes a person for a scanner.
    #[error("scanner.key_gap_ms is {0}, and must be {KEY_GAP_MS_MIN} to {KEY_GAP_MS_MAX}")]
    KeyGap(u32),
}

impl ScannerSettings {
    /// Refuses values outside their named limits.
    pub fn check(&self) -> Result<(), SettingsError> {
        if self.port.trim().is_empty() {
            return Err(SettingsError::NoPort);
        }
        if !(BAUD_MIN..=BAUD_MAX).contains(&self.baud) {
            return Err(SettingsError::Baud(self.baud));
        }
        if !(QUIET_GAP_MS_MIN..=QUIET_GAP_MS_MAX).contains(&self.quiet_gap_ms) {
            return Err(SettingsError::QuietGap(self.quiet_gap_ms));
        }
        if !(KEY_GAP_MS_MIN..=KEY_GAP_MS_MAX).contains(&self.key_gap_ms) {
            return Err(SettingsError::KeyGap(self.key_gap_ms));
        }
        Ok(())
    }

    /// Whether a serial port is to be opened at all.
    pub fn uses_serial(&self) -> bool {
        self.source != Source::Keyboard
    }

    /// The port that is named, or `None` where pairing chooses.
    pub fn named_port(&self) -> Option<&str> {
        let port = self.port.trim();
        (!port.eq_ignore_ascii_case(PORT_AUTO)).then_some(port)
    }

    /// The quiet gap as a span of time.
    pub fn quiet_gap(&self) -> Duration {
        Duration::from_millis(u64::from(self.quiet_gap_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_the_contract() {
        let settings = ScannerSettings::default();
        assert_eq!((settings.source, settings.port.as_str(), settings.baud), (Source::Auto, "auto", 9600));
        assert_eq!(settings.quiet_gap_ms, 120);
        assert_eq!(settings.check(), Ok(()));
        let read: ScannerSettings = serde_json::from_str(r#"{"source":"keyboard","port":"COM3"}"#).expect("valid");
        assert_eq!((read.source, read.named_port(), read.baud), (Source::Keyboard, Some("COM3"), 9600));
        assert!(!read.uses_serial());
    }

    #[test]
    fn limits_are_named() {
        let with = |change: fn(&mut ScannerSettings)| {
            let mut settings = ScannerSettings::default();
            change(&mut settings);
            settings.check()
        };
        assert_eq!(with(|s| s.port = " ".into()), Err(SettingsError::NoPort));
        assert_eq!(with(|s| s.baud = 0), Err(SettingsError::Baud(0)));
        assert_eq!(with(|s| s.quiet_gap_ms = 5), Err(SettingsError::QuietGap(5)));
        assert_eq!(with(|s| s.key_gap_ms = 300), Err(SettingsError::KeyGap(300)));
    }
}
