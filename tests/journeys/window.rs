//! One ticket window's program: its folder, its starts, its ends.

use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::Client;
use tempfile::TempDir;

use crate::display::Display;
use crate::driver::{Driver, PROGRAM, Start};
use crate::page;
use crate::processes;

/// How long it may take until the end of a program is written down.
const NOTED: Duration = Duration::from_secs(10);

/// Dropping it ends whatever it started.
pub struct Window {
    folder: TempDir,
    display: Display,
    open: Option<(Driver, Client)>,
    /// What is started in place of the program: something that starts it.
    starter: Option<PathBuf>,
    /// What else the program finds in its environment.
    pub environment: Vec<(&'static str, OsString)>,
}

impl Window {
    /// A folder with nothing in it; nothing runs yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let window = Self { folder, display: Display::open(), open: None, starter: None, environment: vec![] };
        std::fs::create_dir(window.home()).expect("a home");
        std::fs::create_dir(window.data()).expect("a folder for the web engine");
        window
    }

    /// Moves to a display of its own before the first start; back comes the folder with what is to be seen there.
    pub fn open_on_its_own_display(&mut self) -> PathBuf {
        let folder = self.folder.path().join("display");
        std::fs::create_dir(&folder).expect("a folder for the display");
        self.display = Display::kept_in(&folder);
        folder
    }

    /// Moves to a display of its own with a screen as large as this, before the next start.
    pub fn open_on_a_screen_of(&mut self, size: &str) {
        self.display = Display::sized(size);
    }

    /// From the next start on it is written down how the program ended.
    pub fn notes_how_it_ends(&mut self) {
        let starter = self.folder.path().join("starter");
        let script = format!("#!/bin/sh\n{PROGRAM:?} \"$@\"\necho $? > {:?}\n", self.note());
        std::fs::write(&starter, script).expect("a script");
        std::fs::set_permissions(&starter, std::fs::Permissions::from_mode(0o755)).expect("its right");
        self.starter = Some(starter);
    }

    /// Waits until the program has ended by itself, and says with which code.
    pub async fn ended(&mut self) -> String {
        let pid = self.pid();
        processes::await_end(pid).await;
        let note = self.note();
        let until = Instant::now() + NOTED;
        while std::fs::metadata(&note).map_or(0, |meta| meta.len()) == 0 {
            assert!(Instant::now() < until, "nobody wrote down how it ended");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let code = std::fs::read_to_string(&note).expect("a code");
        std::fs::remove_file(&note).expect("read once");
        self.open = None;
        processes::end_all(&self.home());
        code.trim().to_owned()
    }

    fn note(&self) -> PathBuf {
        self.folder.path().join("ended")
    }

    /// The display that the window is on.
    pub fn display(&self) -> &str {
        self.display.name()
    }

    /// Everything of this journey: the program's folder, the web engine's, and what was said on the way.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// WICKET_HOME.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// Where the web engine would put what the program does not send to its home.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Where the scanner is plugged in.
    pub fn port(&self) -> PathBuf {
        self.folder.path().join("scanner")
    }

    pub async fn start(&mut self) {
        self.start_with(&[]).await;
    }

    /// Starts the program and waits until it shows the screen.
    pub async fn start_with(&mut self, arguments: &[&str]) {
        assert!(self.open.is_none(), "the program runs already");
        let (home, data, log) = (self.home(), self.data(), self.log());
        let program = self.starter.clone().unwrap_or_else(|| PROGRAM.into());
        let start = Start {
            program: &program,
            home: &home,
            data: &data,
            display: self.display.name(),
            log: &log,
            arguments,
            environment: &self.environment,
        };
        self.open = Some(Driver::start(&start).await);
        page::watch(self.client()).await;
    }

    pub fn client(&self) -> &Client {
        &self.open.as_ref().expect("the program runs").1
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Closes the window as its cross does, and waits until the program has ended by itself.
    pub async fn close(&mut self) {
        let (driver, client) = self.open.take().expect("the program runs");
        let pid = self.pid();
        client.close_window().await.expect("the window closes");
        processes::await_end(pid).await;
        drop((client, driver));
        processes::end_all(&self.home());
    }

    /// SIGKILL to the program, at this moment.
    pub fn kill(&mut self) {
        let (driver, client) = self.open.take().expect("the program runs");
        self.end();
        drop((client, driver));
        processes::end_all(&self.home());
    }

    /// Waits until the program, which somebody stops, is gone.
    pub async fn await_its_end(&mut self, limit: Duration) -> bool {
        let (driver, client) = self.open.take().expect("the program runs");
        let ended = tokio::time::timeout(limit, processes::await_end(self.pid())).await.is_ok();
        self.end();
        drop((client, driver));
        processes::end_all(&self.home());
        ended
    }

    fn end(&self) {
        if self.home().join("lock").exists() {
            processes::kill(self.pid());
        }
    }

    /// The program's own process; it signs its lock file.
    pub fn pid(&self) -> i32 {
        let lock = std::fs::read_to_string(self.home().join("lock")).expect("the lock");
        lock.trim().parse().expect("a process")
    }

    /// Everything the program has logged since its folder was made.
    pub fn logged(&self) -> String {
        let logs = std::fs::read_dir(self.home().join("logs")).into_iter().flatten().filter_map(Result::ok);
        logs.map(|entry| std::fs::read_to_string(entry.path()).unwrap_or_default()).collect()
    }

    /// Everything that the program and its driver have said.
    pub fn said(&self) -> String {
        std::fs::read(self.log()).map(|text| String::from_utf8_lossy(&text).into_owned()).unwrap_or_default()
    }

    /// The last lines of everything that was written down.
    pub fn last_words(&mut self) -> String {
        let ended = self.open.as_mut().and_then(|(driver, _)| driver.end());
        let logs = std::fs::read_dir(self.home().join("logs")).into_iter().flatten();
        let mut files: Vec<PathBuf> = logs.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.push(self.log());
        let tail = |file: &PathBuf| {
            let text = std::fs::read_to_string(file).unwrap_or_default();
            let lines: Vec<&str> = text.lines().collect();
            format!("--- {}\n{}\n", file.display(), lines[lines.len().saturating_sub(40)..].join("\n"))
        };
        let ended = ended.map(|status| format!("--- the driver had ended: {status}\n"));
        files.iter().map(tail).chain(ended).collect()
    }

    fn log(&self) -> PathBuf {
        self.folder.path().join("driver.log")
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        if let Some((driver, client)) = self.open.take() {
            // The driver lives until the program is gone, for nobody else waits for it.
            self.end();
            drop((client, driver));
        }
        processes::end_all(&self.home());
    }
}
