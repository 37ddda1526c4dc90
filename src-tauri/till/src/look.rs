//! How the screen wants to look, remembered in `screen.json`; nothing of it concerns money.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use specta::Type;

/// What the cashier chose about the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Look {
    /// Light, dark, or as the system says.
    pub theme: Theme,
    /// `zh-CN` or `en`. Not remembered: every start begins in the window's own language.
    pub language: String,
    /// The number pad is shown.
    pub pad: bool,
}

/// A theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Look {
    /// Before anybody chose anything.
    pub fn of(language: &str) -> Self {
        Self { theme: Theme::System, language: language.to_owned(), pad: false }
    }
}

/// The languages that the screen has.
const LANGUAGES: [&str; 2] = ["zh-CN", "en"];

/// The look of this moment, and the file that remembers it.
pub(crate) struct Looks {
    path: PathBuf,
    now: Look,
}

/// What is worth remembering over a start.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    theme: Theme,
    pad: bool,
}

impl Looks {
    /// Reads the file. One that cannot be read costs the choices in it and nothing else.
    pub fn load(path: PathBuf, language: &str) -> Self {
        let kept = match std::fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).unwrap_or_else(|error| {
                tracing::warn!(path = %path.display(), %error, "the screen's look was not read");
                Kept::default()
            }),
            // Nobody chose anything yet.
            Err(_) => Kept::default(),
        };
        Self { path, now: Look { theme: kept.theme, pad: kept.pad, ..Look::of(language) } }
    }

    pub fn now(&self) -> Look {
        self.now.clone()
    }

    /// Takes a choice over and remembers it; a disk that refuses costs a warning. A language that there is none of leaves the
    /// one there is: every view carries it, so it must not be any text.
    pub fn choose(&mut self, mut look: Look) {
        if !LANGUAGES.contains(&look.language.as_str()) {
            look.language.clone_from(&self.now.language);
        }
        let Look { theme, pad, .. } = look;
        let changed = (theme, pad) != (self.now.theme, self.now.pad);
        self.now = look;
        if changed && let Err(error) = self.keep(&Kept { theme, pad }) {
            tracing::warn!(path = %self.path.display(), %error, "the screen's look is not remembered");
        }
    }

    fn keep(&self, kept: &Kept) -> std::io::Result<()> {
        let fresh = self.path.with_extension("json.new");
        std::fs::write(&fresh, serde_json::to_string_pretty(kept)?)?;
        std::fs::rename(&fresh, &self.path)
    }
}
