//! The wicket.toml of a journey: what differs from the defaults, and what the journey adds.

use std::path::Path;

/// Sections with their lines; a later line for the same key wins.
#[derive(Clone, Default)]
pub struct Settings(Vec<(&'static str, &'static str, String)>);

impl Settings {
    /// With one more key, its value as TOML.
    pub fn with(mut self, section: &'static str, key: &'static str, value: &str) -> Self {
        self.0.retain(|(s, k, _)| (*s, *k) != (section, key));
        self.0.push((section, key, value.to_owned()));
        self
    }

    /// The same, unless the journey has set it.
    pub fn or(self, section: &'static str, key: &'static str, value: &str) -> Self {
        let set = self.0.iter().any(|(s, k, _)| (*s, *k) == (section, key));
        if set { self } else { self.with(section, key, value) }
    }

    pub fn write(&self, home: &Path) {
        let mut sections: Vec<&str> = self.0.iter().map(|(section, ..)| *section).collect();
        sections.sort_unstable();
        sections.dedup();
        let mut text = String::new();
        for section in sections {
            text += &format!("[{section}]\n");
            for (_, key, value) in self.0.iter().filter(|(s, ..)| *s == section) {
                text += &format!("{key} = {value}\n");
            }
        }
        std::fs::write(home.join("wicket.toml"), text).expect("the settings");
    }
}
