//! `wicketctl pair-scanner`: shows a code, and remembers the USB scanner that reads it.

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use scanner::pairing::{PairingEvent, PairingSession, pairing_code};
use till::config::Config;
use till::home::Home;
use tokio::sync::mpsc;

use crate::outcome::Outcome;
use crate::speak;

/// How long the code is shown.
const LIMIT: Duration = Duration::from_secs(120);

pub async fn run() -> anyhow::Result<Outcome> {
    let home = Home::find()?;
    let _lock = home.lock()?;
    let settings = Config::load(&home.config_file())?.scanner_settings();
    let mut paired = till::pairing::load(&home.scanner_file())?;
    let code = pairing_code(rand::random());
    let picture = QrCode::new(&code).context("the code cannot be drawn")?.render::<Dense1x2>().build();
    speak::to_person(&format!("{picture}\nScan this code ({code}) with the scanner of this window."));
    let (sender, mut events) = mpsc::unbounded_channel();
    let sink = move |event| {
        // Nobody listens any more once a scanner was found.
        let _ = sender.send(event);
    };
    let ports = Arc::new(scanner::SystemPorts);
    let session = PairingSession::start(ports, &settings, &paired.devices, code, LIMIT, sink)?;
    let outcome = loop {
        match events.recv().await.context("the search for a scanner ended")? {
            PairingEvent::Answered { device, port, label } => {
                paired.remember(device);
                till::pairing::save(&home.scanner_file(), &paired)?;
                speak::to_person(&format!("{label} on {port} is this window's scanner from now on"));
                break Outcome::Done;
            }
            PairingEvent::OtherCode { port, label } => {
                speak::to_person(&format!("{label} on {port} read something else: scan the code shown here"));
            }
            PairingEvent::Unheard { port, reason } => speak::to_person(&format!("{port}: {reason}")),
            PairingEvent::NobodyAnswered => {
                speak::to_person("no scanner read the code; plug it in over USB (serial mode) and try again");
                break Outcome::Failed;
            }
        }
    };
    if session.stop().is_err() {
        tracing::warn!("a scanner port hangs");
    }
    Ok(outcome)
}
