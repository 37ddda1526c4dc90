//! A desk for the tests of `wicketctl`: a folder, a simulated gateway over real HTTP, and the program as a real process.

#![allow(dead_code, reason = "each test program uses its own part")]

#[path = "../../../../tests/secrets/marks.rs"]
pub mod marks;

use std::cell::RefCell;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use gateway_sim::{Handle, Ledger, Sim};
use serde_json::Value;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use marks::Marks;

/// Nothing here may take longer; a test that waits for ever fails instead.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A shorter line of standard input may stand somewhere by chance, a longer one is no secret.
const SECRET: std::ops::RangeInclusive<usize> = 10..=80;

thread_local! {
    /// Every payment code and PIN that this test has given to a program: all that ever goes to standard input.
    static GIVEN: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn given() -> Marks {
    let given = GIVEN.with_borrow(Clone::clone);
    Marks::of(given.iter().map(|line| ("a line of standard input", line.as_bytes())))
}

pub struct Desk {
    pub folder: TempDir,
    pub sim: Handle,
    runtime: Runtime,
    _sim: Sim,
}

/// What a program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    /// Standard output as one JSON object a line.
    pub fn lines(&self) -> Vec<Value> {
        let value = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{self:?}"));
        self.out.lines().map(value).collect()
    }

    /// The lines that were written to their end: a program may be killed within one.
    pub fn lines_whole(&self) -> impl Iterator<Item = &str> {
        self.out.split_inclusive('\n').filter(|line| line.ends_with('\n'))
    }

    pub fn states(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["state"].as_str().expect("a state").to_owned()).collect()
    }

    /// Checks the exit code.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}\n{}", self.out, self.err);
        self
    }
}

impl Desk {
    pub fn new() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let sim = runtime.block_on(Sim::on_loopback()).expect("a simulator");
        let desk = Self { folder: tempfile::tempdir().expect("a folder"), sim: sim.handle(), runtime, _sim: sim };
        desk.settings("");
        // Not written out: what is looked at is its size, 32 MB.
        let ballast = File::create(desk.file("ballast")).expect("a ballast");
        ballast.set_len(32 << 20).expect("its size");
        desk
    }

    /// Writes wicket.toml: against the simulator, in a hurry, and with these lines.
    pub fn settings(&self, more: &str) {
        let url = self.sim.base_url();
        let text =
            format!("polling.min_gap_ms = 150\npolling.front_window_ms = 5000\ngateway.base_url = \"{url}\"\n{more}\n");
        std::fs::write(self.file("wicket.toml"), text).expect("settings");
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts the program; nobody has said anything on its standard input yet.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.folder.path(), arguments)
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str], input: &str) -> Said {
        let mut running = self.start(arguments);
        running.say(input);
        running.end()
    }

    /// One charge of a bill with this code on standard input.
    pub fn charge(&self, bill: &str, code: &str, more: &[&str]) -> Said {
        self.run(&order(bill, "260.00", more), &format!("{code}\n"))
    }

    pub fn until_books(&self, there: impl FnMut(&Ledger) -> bool) -> Ledger {
        let waiting = async { tokio::time::timeout(PATIENCE, self.sim.until(there)).await };
        self.runtime.block_on(waiting).unwrap_or_else(|_| panic!("{}", self.sim.summary()))
    }

    /// The simulator goes away, or comes back.
    pub fn gateway(&self, there: bool) {
        match there {
            true => self.runtime.block_on(self.sim.resume()).expect("listens again"),
            false => self.runtime.block_on(self.sim.halt()),
        }
    }

    /// `code-is-secret`, and so are PINs and the venue's key: in no file, however the test went through its story.
    pub fn no_file_holds_a_secret(&self) {
        let found = given().in_folder(self.folder.path(), &["ballast"]);
        assert!(found.is_empty(), "{found:?}");
        let key = std::fs::read_to_string(self.file("secret")).unwrap_or_default();
        if let Some(key) = Some(key.trim()).filter(|key| !key.is_empty()) {
            let found =
                Marks::of([("the venue's key", key.as_bytes())]).in_folder(self.folder.path(), &["ballast", "secret"]);
            assert!(found.is_empty(), "{found:?}");
        }
    }

    pub fn nothing_twice(&self) {
        let summary = self.sim.summary();
        assert!(!summary.contains("!!"), "{summary}");
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // A test that has failed says why by itself.
        if !std::thread::panicking() {
            self.no_file_holds_a_secret();
        }
    }
}

/// The command line of a charge by operator S0107, business 1.
pub fn order<'a>(bill: &'a str, amount: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let mut line = vec!["charge", "--operator", "S0107", "--business", "1", "--bill", bill, "--amount", amount];
    line.extend(more);
    line
}

/// A fresh payment code that selects the simulator's scenario of this name.
pub fn code(scenario: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mixed = NEXT.fetch_add(1, Ordering::Relaxed) * 61_803_398_874_989 % 100_000_000_000_000;
    let tail = gateway_sim::tail_of(scenario).unwrap_or_else(|| panic!("no tail for {scenario}"));
    format!("13{mixed:014}{tail}")
}

/// The program at work.
pub struct Running {
    child: Child,
    out: Option<JoinHandle<String>>,
    lines: Receiver<String>,
    err: String,
}

impl Running {
    pub fn start(home: &Path, arguments: &[&str]) -> Self {
        Self::start_under(home, arguments, &[("WICKET_LOG", OsString::from("trace"))])
    }

    /// The same with an environment of its own.
    pub fn start_under(home: &Path, arguments: &[&str], environment: &[(&str, OsString)]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_wicketctl"))
            .args(arguments)
            .env("WICKET_HOME", home)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let stdout = child.stdout.take().expect("its output");
        let stderr = child.stderr.take().expect("its words");
        let out = std::thread::spawn(move || std::io::read_to_string(stdout).expect("text"));
        let (sender, lines) = channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stderr).lines().map_while(Result::ok) {
                // Nobody may be listening any more.
                let _ = sender.send(line);
            }
        });
        Self { child, out: Some(out), lines, err: String::new() }
    }

    /// Writes to its standard input and closes it; a program that has ended needs nothing.
    pub fn say(&mut self, input: &str) {
        let secrets = input.lines().filter(|line| SECRET.contains(&line.len())).map(str::to_owned);
        GIVEN.with_borrow_mut(|given| given.extend(secrets));
        if let Some(mut stdin) = self.child.stdin.take() {
            let _ = stdin.write_all(input.as_bytes());
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for a line for people that holds this.
    pub fn until_said(&mut self, words: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else { panic!("{words:?} was not said:\n{}", self.err) };
            self.err.push_str(&line);
            self.err.push('\n');
            if line.contains(words) {
                return line;
            }
        }
    }

    /// SIGKILL, wherever it stands.
    pub fn kill(mut self) -> Said {
        let _ = self.child.kill();
        self.end()
    }

    /// Waits for its end.
    pub fn end(&mut self) -> Said {
        let until = Instant::now() + PATIENCE;
        let status: ExitStatus = loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                break status;
            }
            if Instant::now() > until {
                let _ = self.child.kill();
                panic!("it does not end: {}", self.err);
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        let out = self.out.take().expect("ended once").join().expect("its output");
        for line in self.lines.iter() {
            self.err.push_str(&line);
            self.err.push('\n');
        }
        for said in [&out, &self.err] {
            assert_eq!(given().find(said.as_bytes()), None, "a secret was said");
        }
        Said { code: status.code(), out, err: std::mem::take(&mut self.err) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
