//! Pairing on the screen: a code is shown, every possible device is listened to, and the one that reads it is the scanner.

use std::sync::Arc;
use std::time::Duration;

use checkout::Refusal;
use qrcode::{Color, QrCode};
use scanner::pairing::{PairingEvent, PairingSession, pairing_code};
use scanner::{DeviceIdentity, Ending, Origin, Pace, Scanner, ScannerEvent, ScannerState, SystemPorts};
use serde::Serialize;
use specta::Type;
use tokio::sync::mpsc;

use crate::back_office::{Request, SettingsTrouble, stop};
use crate::config::NewValue;
use crate::inbox::Message;
use crate::pairing;
use crate::trace::TraceOutcome;
use crate::work::Work;

/// How long the code is shown.
const LIMIT: Duration = Duration::from_secs(120);

/// A pairing under way, or just over.
pub(crate) struct Pairing {
    pub view: PairingView,
    /// Tells a pairing from the one before, whose last words may still be on their way.
    number: u64,
    usb: Option<PairingSession>,
    named: Option<Scanner>,
}

/// A pairing as the screen shows it.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct PairingView {
    /// What the code says.
    pub code: String,
    /// Modules along each side of its picture.
    pub size: u32,
    /// Its dark modules, as the path of an SVG picture with one unit for each module.
    pub path: String,
    /// What has happened so far, newest last.
    pub heard: Vec<PairingNews>,
    /// How it ended; nothing while it goes on.
    pub ended: Option<PairingEnd>,
}

/// Something that happened while the code is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PairingNews {
    /// A device read something else.
    OtherCode {
        /// Which.
        device: String,
    },
    /// A device may not be listened to.
    NoRight {
        /// Its port.
        port: String,
    },
    /// A device cannot be listened to.
    Unheard {
        /// Its port.
        port: String,
        /// Why, in English.
        reason: String,
    },
}

/// How a pairing ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PairingEnd {
    /// This device is the window's scanner.
    Answered {
        /// Which way it reads.
        source: Origin,
        /// Its name.
        device: String,
        /// Its port; empty for a scanner that types.
        port: String,
    },
    /// Nobody read the code in time.
    Nobody,
    /// The answer could not be remembered.
    Forgotten {
        /// Why, in English.
        reason: String,
    },
}

/// What a device told the pairing with this number.
pub(crate) struct Heard {
    number: u64,
    what: What,
}

enum What {
    News(PairingNews),
    Usb { device: DeviceIdentity, port: String, label: String },
    Named { port: String, pace: Pace },
    Over,
}

impl Work {
    pub(crate) async fn begin_pairing(&mut self, values: &[NewValue]) -> Result<(), SettingsTrouble> {
        if self.locked {
            return Err(Refusal::Locked.into());
        }
        self.nothing_in_front()?;
        if !values.is_empty() {
            self.leave_to_try()?;
        }
        let path = self.back_office.home.config_file();
        let text = std::fs::read_to_string(&path).map_err(|error| SettingsTrouble::File { what: error.to_string() })?;
        let settings = self.edited(&path.display().to_string(), &text, values)?.config.scanner_settings();
        self.close_lines_of_pairing().await;
        let before = self.scanner.take();
        let number = rand::random();
        let code = pairing_code(rand::random());
        let (size, picture) = drawn(&code)?;
        if tokio::task::spawn_blocking(move || stop(before)).await.is_err() {
            tracing::error!("the scanner's line was not closed");
        }
        let view = PairingView { code: code.clone(), size, path: picture, heard: Vec::new(), ended: None };
        let mut pairing = Pairing { view, number, usb: None, named: None };
        let inbox = self.errands.inbox.clone();
        let failed = |error: std::io::Error| SettingsTrouble::Scanner { what: error.to_string() };
        if settings.uses_serial() {
            match settings.named_port().map(str::to_owned) {
                Some(port) => {
                    let named = Scanner::start(settings, Vec::new(), on_named(number, port, code, inbox));
                    pairing.named = Some(named.map_err(failed)?);
                }
                None => {
                    let sink = on_usb(number, inbox);
                    // Paired ones are listened to as well: their lines were closed for it.
                    let usb = PairingSession::start(Arc::new(SystemPorts), &settings, &[], code, LIMIT, sink);
                    pairing.usb = Some(usb.map_err(failed)?);
                }
            }
        }
        self.back_office.pairing = Some(pairing);
        // A page that has died ends no pairing, and the till would stay without its scanner.
        let inbox = self.errands.inbox.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LIMIT).await;
            let over = Request::Heard(Heard { number, what: What::Over });
            // A till that has stopped pairs nothing.
            let _ = inbox.send(Message::Office(over)).await;
        });
        Ok(())
    }

    /// Ends the pairing and listens to the scanner of the settings again.
    pub(crate) async fn end_pairing(&mut self) {
        if self.back_office.pairing.is_none() {
            return;
        }
        let lines_are_held = self.scanner.is_none();
        self.close_lines_of_pairing().await;
        if lines_are_held {
            self.listen_again().await;
        }
    }

    async fn close_lines_of_pairing(&mut self) {
        let Some(pairing) = self.back_office.pairing.take() else { return };
        if tokio::task::spawn_blocking(move || close(pairing)).await.is_err() {
            tracing::error!("the lines of a pairing were not closed");
        }
    }

    /// Whether this is the code that is shown, by whatever way it came.
    pub(crate) fn pairing_waits_for(&self, text: &str) -> bool {
        let running = self.back_office.pairing.as_ref().filter(|pairing| pairing.view.ended.is_none());
        running.is_some_and(|pairing| text.trim().eq_ignore_ascii_case(&pairing.view.code))
    }

    /// What was typed where the code is expected; its Enter is the page's.
    pub(crate) fn type_pairing(&mut self, text: &str, gaps_ms: Vec<u32>) -> bool {
        let at = self.clock.now().wall;
        let Some(pairing) = self.back_office.pairing.as_mut().filter(|pairing| pairing.view.ended.is_none()) else {
            return false;
        };
        // Caps Lock turns the letters of a scanner that types around.
        let fits = text.trim().eq_ignore_ascii_case(&pairing.view.code);
        let device = String::new();
        if fits {
            let (source, port) = (Origin::Keyboard, String::new());
            pairing.view.ended = Some(PairingEnd::Answered { source, device: device.clone(), port });
        }
        let pace = Pace { origin: Origin::Keyboard, device, gaps_ms, ending: Ending::Terminator };
        let outcome = if fits { TraceOutcome::Pairing } else { TraceOutcome::OtherCode };
        self.back_office.traces.scan(at, pace, text.trim(), outcome);
        fits
    }

    /// A device told something.
    pub(crate) async fn heard(&mut self, heard: Heard) {
        let at = self.clock.now().wall;
        let Some(pairing) = self.back_office.pairing.as_mut() else { return };
        if pairing.number != heard.number || pairing.view.ended.is_some() {
            return;
        }
        let end = match heard.what {
            What::News(news) => {
                if !pairing.view.heard.contains(&news) {
                    pairing.view.heard.push(news);
                }
                return;
            }
            What::Over => PairingEnd::Nobody,
            What::Named { port, pace } => {
                let device = pace.device.clone();
                let code = pairing.view.code.clone();
                self.back_office.traces.scan(at, pace, &code, TraceOutcome::Pairing);
                PairingEnd::Answered { source: Origin::Serial, device, port }
            }
            What::Usb { device, port, label } => match self.remember(device) {
                Ok(()) => PairingEnd::Answered { source: Origin::Serial, device: label, port },
                Err(error) => PairingEnd::Forgotten { reason: error.to_string() },
            },
        };
        tracing::info!(?end, "a pairing is over");
        self.over(end).await;
    }

    async fn over(&mut self, end: PairingEnd) {
        let Some(mut pairing) = self.back_office.pairing.take() else { return };
        pairing.view.ended = Some(end);
        let closed = tokio::task::spawn_blocking(move || close(pairing)).await;
        self.listen_again().await;
        self.back_office.pairing = closed.ok();
    }

    fn remember(&self, device: DeviceIdentity) -> Result<(), pairing::PairingFileError> {
        let file = self.back_office.home.scanner_file();
        let mut paired = pairing::load(&file)?;
        paired.remember(device);
        pairing::save(&file, &paired)
    }
}

/// Closes the lines of a pairing; what it found stays.
fn close(mut pairing: Pairing) -> Pairing {
    stop(pairing.named.take());
    if pairing.usb.take().is_some_and(|usb| usb.stop().is_err()) {
        tracing::warn!("a scanner's port hangs");
    }
    pairing
}

fn tell(inbox: &mpsc::Sender<Message>, number: u64, what: What) {
    // A till that has stopped pairs nothing.
    let _ = inbox.blocking_send(Message::Office(Request::Heard(Heard { number, what })));
}

fn on_usb(number: u64, inbox: mpsc::Sender<Message>) -> impl Fn(PairingEvent) + Send + 'static {
    move |event| {
        let what = match event {
            PairingEvent::Answered { device, port, label } => What::Usb { device, port, label },
            PairingEvent::OtherCode { label, .. } => What::News(PairingNews::OtherCode { device: label }),
            PairingEvent::Unheard { port, reason } if reason == scanner::PortFault::hint(&port) => {
                What::News(PairingNews::NoRight { port })
            }
            PairingEvent::Unheard { port, reason } => What::News(PairingNews::Unheard { port, reason }),
            PairingEvent::NobodyAnswered => What::Over,
        };
        tell(&inbox, number, what);
    }
}

fn on_named(
    number: u64,
    port: String,
    code: String,
    inbox: mpsc::Sender<Message>,
) -> impl Fn(ScannerEvent) + Send + 'static {
    move |event| {
        let what = match event {
            ScannerEvent::Scan { text, pace, .. } if text.expose().trim() == code => {
                What::Named { port: port.clone(), pace }
            }
            ScannerEvent::Scan { pace, .. } | ScannerEvent::Damaged { pace, .. } => {
                What::News(PairingNews::OtherCode { device: pace.device })
            }
            ScannerEvent::State(ScannerState::NoRight { port, .. }) => What::News(PairingNews::NoRight { port }),
            ScannerEvent::State(ScannerState::Lost { port, reason }) => {
                What::News(PairingNews::Unheard { port, reason })
            }
            ScannerEvent::State(ScannerState::Searching) => {
                What::News(PairingNews::Unheard { port: port.clone(), reason: "the port is not there".into() })
            }
            ScannerEvent::State(_) => return,
        };
        tell(&inbox, number, what);
    }
}

/// The picture of a code: modules along a side, and the path of the dark ones.
fn drawn(code: &str) -> Result<(u32, String), SettingsTrouble> {
    let picture = QrCode::new(code).map_err(|error| SettingsTrouble::Scanner { what: error.to_string() })?;
    let width = picture.width();
    let mut path = String::new();
    for (y, row) in picture.to_colors().chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|module| **module == Color::Dark).count();
            if run > 0 {
                path += &format!("M{x} {y}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    Ok((u32::try_from(width).unwrap_or(u32::MAX), path))
}

#[cfg(test)]
mod tests;
