//! The processes of one till: found by the folder in their environment, so that none is missed and none is anyone else's.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

/// How long a process that was killed or closed may take to be gone.
const GOING: Duration = Duration::from_secs(20);

/// Every process that was started with this folder as its WICKET_HOME.
pub fn of(home: &Path) -> Vec<i32> {
    let mark = format!("WICKET_HOME={}", home.display()).into_bytes();
    let started_with = |pid: &i32| {
        let environment = std::fs::read(proc(*pid).join("environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == mark)
    };
    let all = std::fs::read_dir("/proc").expect("the list of processes");
    let pids = all.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter(started_with).collect()
}

/// SIGKILL, and back only when it is gone.
pub fn kill(pid: i32) {
    if let Some(pid) = Pid::from_raw(pid) {
        // It may have ended by itself in the meantime.
        let _ = kill_process(pid, Signal::KILL);
    }
    let until = Instant::now() + GOING;
    while is_alive(pid) {
        assert!(Instant::now() < until, "process {pid} outlives SIGKILL");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Stops a process where it stands, as sleep does.
pub fn halt(pid: i32) {
    signal(pid, Signal::STOP);
}

/// Tells a process to end, as the system does at log-out and shutdown.
pub fn tell_to_end(pid: i32) {
    signal(pid, Signal::TERM);
}

/// Lets a halted process go on.
pub fn go_on(pid: i32) {
    signal(pid, Signal::CONT);
}

fn signal(pid: i32, signal: Signal) {
    let pid = Pid::from_raw(pid).expect("a process");
    kill_process(pid, signal).expect("a process that is there");
}

/// Waits for a process that was asked to end.
pub async fn await_end(pid: i32) {
    let until = Instant::now() + GOING;
    while is_alive(pid) {
        assert!(Instant::now() < until, "process {pid} does not end");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Kills until there is none left: one may just be starting another.
pub fn end_all(home: &Path) {
    let until = Instant::now() + GOING;
    loop {
        let left = of(home);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "processes {left:?} stay");
        left.into_iter().for_each(kill);
    }
}

/// Memory of all processes of a till in kilobytes, shared pages counted in parts.
pub fn memory_kb(home: &Path) -> u64 {
    let pss = |pid: i32| {
        let rollup = std::fs::read_to_string(proc(pid).join("smaps_rollup")).ok()?;
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    of(home).into_iter().filter(|pid| !is_driver(*pid)).filter_map(pss).sum()
}

/// Memory of one process in kilobytes, shared pages counted whole.
pub fn resident_kb(pid: i32) -> u64 {
    let status = std::fs::read_to_string(proc(pid).join("status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.split_whitespace().next().and_then(|number| number.parse().ok()).expect("a number")
}

/// Every process that draws a page of the till.
pub fn of_the_pages(home: &Path) -> Vec<i32> {
    of(home).into_iter().filter(|pid| is_called(*pid, "WebKitWebProces") && is_alive(*pid)).collect()
}

/// The program and the processes of its page.
pub fn of_the_till(home: &Path) -> Vec<i32> {
    of(home).into_iter().filter(|pid| !is_driver(*pid) && is_alive(*pid)).collect()
}

/// The driver is of the test, not of the till.
fn is_driver(pid: i32) -> bool {
    is_called(pid, "WebKitWebDriver")
}

/// The system keeps 15 letters of a process's name.
fn is_called(pid: i32, start: &str) -> bool {
    std::fs::read_to_string(proc(pid).join("comm")).is_ok_and(|name| name.starts_with(start))
}

/// A process that has ended but was not asked for by its parent yet is not alive.
fn is_alive(pid: i32) -> bool {
    let stat = std::fs::read_to_string(proc(pid).join("stat")).unwrap_or_default();
    let state = stat.rsplit_once(')').map(|(_, rest)| rest.trim_start());
    state.is_some_and(|state| !state.starts_with(['Z', 'X']))
}

fn proc(pid: i32) -> PathBuf {
    Path::new("/proc").join(pid.to_string())
}
