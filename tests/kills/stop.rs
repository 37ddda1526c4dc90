//! Stops a program at its n-th write or flush, by a small library that is loaded before libc (`stop.c`).
#![allow(dead_code, reason = "each test program uses its own part")]

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

const SOURCE: &str = include_str!("stop.c");

/// Where a program is stopped.
#[derive(Clone, Copy, Debug)]
pub enum Order {
    /// Nowhere: what it does is written down.
    List,
    /// Before its n-th write or flush.
    Before(usize),
    /// With half of the n-th done.
    Half(usize),
    /// When the n-th is done.
    After(usize),
}

/// The library that stops a program, and the file in which the order stands.
pub struct Stop {
    library: PathBuf,
    order: PathBuf,
}

impl Stop {
    /// Builds the library into a folder; a C compiler is there wherever Rust links.
    pub fn build(folder: &Path) -> Self {
        let (source, library) = (folder.join("stop.c"), folder.join("stop.so"));
        std::fs::write(&source, SOURCE).expect("the source");
        let mut compiler = Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-o"]).arg(&library).arg(source).arg("-ldl");
        assert!(compiler.status().expect("a C compiler").success(), "stop.c is not built");
        Self { library, order: folder.join("stop-order") }
    }

    /// What a program of this name is started with; it is stopped once there is an order.
    pub fn environment(&self, program: &str) -> Vec<(&'static str, OsString)> {
        vec![
            ("LD_PRELOAD", self.library.clone().into()),
            ("STOP_PROGRAM", program.into()),
            ("STOP_ORDER", self.order.clone().into()),
        ]
    }

    /// Counts from here on.
    pub fn order(&self, order: Order) {
        let text = match order {
            Order::List => "0 l\n".to_owned(),
            Order::Before(at) => format!("{at} b\n"),
            Order::Half(at) => format!("{at} h\n"),
            Order::After(at) => format!("{at} a\n"),
        };
        // In one piece, for a program that looks at it meanwhile.
        let fresh = self.order.with_extension("new");
        std::fs::write(&fresh, text).and_then(|()| std::fs::rename(&fresh, &self.order)).expect("an order");
    }

    /// No order: nothing is counted.
    pub fn clear(&self) {
        if let Err(error) = std::fs::remove_file(&self.order) {
            assert_eq!(error.kind(), std::io::ErrorKind::NotFound, "{error}");
        }
    }

    /// What was done since the order to list it.
    pub fn listed(&self) -> Vec<String> {
        let text = std::fs::read_to_string(&self.order).expect("the order");
        text.lines().skip(1).map(str::to_owned).collect()
    }
}

/// Every way to stop at one of these points.
pub fn ways(points: &[String]) -> Vec<Order> {
    let mut ways = Vec::new();
    for (at, point) in (1..).zip(points) {
        ways.push(Order::Before(at));
        if point.starts_with("write") || point.starts_with("send") {
            ways.push(Order::Half(at));
        }
        if point.starts_with("flush") || point.starts_with("send") {
            ways.push(Order::After(at));
        }
    }
    ways
}
