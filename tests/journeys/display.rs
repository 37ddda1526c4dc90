//! The display a window opens on: the session's own, or one made for the occasion.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Dropping it ends a display that was made.
pub struct Display {
    name: String,
    made: Option<Child>,
}

impl Display {
    pub fn open() -> Self {
        match std::env::var("DISPLAY") {
            Ok(name) if !name.is_empty() => Self { name, made: None },
            _ => Self::make("1280x1024", &[]),
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// A display of its own that keeps what it shows in a file of this folder; see `picture`.
    pub fn kept_in(folder: &Path) -> Self {
        Self::make("1280x1024", &["-fbdir", folder.to_str().expect("a plain name")])
    }

    /// A display of its own with a screen of this size, as `1280x1024`.
    pub fn sized(size: &str) -> Self {
        Self::make(size, &[])
    }

    /// The server picks a free number and says it once it is ready.
    fn make(size: &str, more: &[&str]) -> Self {
        // Before everything else of the machine, where that is allowed: a display that is late types like no scanner does.
        let mut server = Command::new("nice")
            .args(["-n", "-15", "Xvfb", "-displayfd", "1", "-screen", "0", &format!("{size}x24"), "-nolisten", "tcp"])
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Xvfb is installed");
        let mut number = String::new();
        let said = server.stdout.take().expect("its words");
        BufReader::new(said).read_line(&mut number).expect("a number");
        assert!(!number.trim().is_empty(), "Xvfb found no free display");
        Self { name: format!(":{}", number.trim()), made: Some(server) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.made {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
