//! What the hall hears and sees of this window: tones, voice, and the customer's screen; remembered in `wicket.toml`.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use specta::Type;
use toml_edit::{Value, value};

use crate::config::{Config, edit};

/// The settings `[sound]` and `[customer]`. Nothing of it concerns money, so nobody's leave is needed to change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct HallView {
    /// Loudness of everything that is heard, 0 to 100.
    pub volume: u32,
    /// Nothing is heard.
    pub mute: bool,
    /// Who says a payment aloud.
    pub voice: Voice,
    /// The customer has a screen.
    pub customer_screen: bool,
}

/// In which language a proved payment is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub enum Voice {
    /// That of the screen, as it is chosen at the moment.
    #[serde(rename = "screen")]
    Screen,
    /// Chinese.
    #[serde(rename = "zh-CN")]
    Chinese,
    /// English.
    #[serde(rename = "en")]
    English,
    /// Chinese, then English.
    #[serde(rename = "both")]
    Both,
    /// None: only the tone is heard.
    #[serde(rename = "off")]
    Off,
}

impl Voice {
    /// The word in the file and on the screen's side.
    pub fn word(self) -> &'static str {
        match self {
            Self::Screen => "screen",
            Self::Chinese => "zh-CN",
            Self::English => "en",
            Self::Both => "both",
            Self::Off => "off",
        }
    }
}

/// The loudest.
pub const VOLUME_MAX: u32 = 100;

impl HallView {
    /// As the settings have it.
    pub fn of(config: &Config) -> Self {
        Self {
            volume: config.sound.volume,
            mute: config.sound.mute,
            voice: config.sound.voice,
            customer_screen: config.customer.screen,
        }
    }

    fn entries(&self) -> [(&'static str, &'static str, Value); 4] {
        let plain = |item: toml_edit::Item| item.into_value().unwrap_or_else(|_| Value::from(false));
        let screen = if self.customer_screen { "on" } else { "off" };
        [
            ("sound", "volume", plain(value(i64::from(self.volume)))),
            ("sound", "mute", plain(value(self.mute))),
            ("sound", "voice", plain(value(self.voice.word()))),
            ("customer", "screen", plain(value(screen))),
        ]
    }
}

/// The choices of this moment, and the file that remembers them.
pub(crate) struct Hall {
    path: PathBuf,
    now: HallView,
    /// What the file is to say; whoever writes takes the newest.
    wanted: Arc<Mutex<Option<HallView>>>,
}

impl Hall {
    pub fn new(path: PathBuf, config: &Config) -> Self {
        Self { path, now: HallView::of(config), wanted: Arc::default() }
    }

    pub fn now(&self) -> HallView {
        self.now.clone()
    }

    /// Takes a choice over at once and remembers it beside the loop, since a disk may be slow; one that refuses costs a
    /// warning and the choice at the next start.
    pub fn choose(&mut self, hall: HallView) {
        let hall = HallView { volume: hall.volume.min(VOLUME_MAX), ..hall };
        if hall == self.now {
            return;
        }
        self.now = hall.clone();
        *self.wanted.lock().unwrap_or_else(PoisonError::into_inner) = Some(hall);
        let (path, wanted) = (self.path.clone(), self.wanted.clone());
        tokio::task::spawn_blocking(move || keep(&path, &wanted));
    }
}

fn keep(path: &Path, wanted: &Mutex<Option<HallView>>) {
    // Held while it is written: two writers at once could leave the older choice.
    let mut wanted = wanted.lock().unwrap_or_else(PoisonError::into_inner);
    let Some(hall) = wanted.take() else { return };
    if let Err(error) = edit::set(path, &hall.entries()) {
        tracing::warn!(path = %path.display(), %error, "sound and customer screen are not remembered");
    }
}
