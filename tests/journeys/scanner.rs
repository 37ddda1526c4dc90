//! A scanner made of a pseudo-terminal, under a name that stays the same as a udev rule would give it.

use std::cell::RefCell;
use std::fs::{File, remove_file, rename};
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A fresh payment code that looks like WeChat's and orders what its last two digits mean to the simulated gateway.
pub fn code(tail: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(45_678_901_234);
    let code = format!("13{:014}{tail}", NEXT.fetch_add(7_919, Ordering::Relaxed));
    MADE.with_borrow_mut(|made| made.push(code.clone()));
    code
}

/// Every code of this journey, in whatever way it was used.
pub fn codes() -> Vec<String> {
    MADE.with_borrow(Clone::clone)
}

thread_local! {
    /// A journey is a thread.
    static MADE: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

pub struct Scanner {
    link: PathBuf,
    line: Option<File>,
    /// Everything that was sent, so that a journey can look for it where it must not be.
    sent: Vec<String>,
}

impl Scanner {
    pub fn plugged_as(link: &Path) -> Self {
        let mut scanner = Self { link: link.to_owned(), line: None, sent: Vec::new() };
        scanner.plug();
        scanner
    }

    pub fn plug(&mut self) {
        // Not inherited by the programs that other journeys start: they would keep an unplugged line alive.
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
        let line = openpt(flags).expect("a pseudo-terminal");
        grantpt(&line).expect("its right");
        unlockpt(&line).expect("its lock");
        let name = ptsname(&line, Vec::new()).expect("its name");
        let fresh = self.link.with_extension("new");
        symlink(name.to_str().expect("a plain name"), &fresh).expect("a link");
        rename(&fresh, &self.link).expect("the link in place");
        self.line = Some(File::from(line));
    }

    pub fn unplug(&mut self) {
        self.line = None;
        remove_file(&self.link).expect("the link");
    }

    /// A code and its terminator, as fast as the line goes; back comes the moment the last byte was written.
    pub fn scan(&mut self, code: &str) -> SystemTime {
        self.sent.push(code.to_owned());
        self.send(&format!("{code}\r"));
        SystemTime::now()
    }

    /// Bytes as they are.
    pub fn send(&mut self, bytes: &str) {
        let line = self.line.as_mut().expect("plugged in");
        line.write_all(bytes.as_bytes()).expect("written");
    }

    /// A code that was scanned in another way.
    pub fn remember(&mut self, code: &str) {
        self.sent.push(code.to_owned());
    }

    pub fn sent(&self) -> &[String] {
        &self.sent
    }
}
