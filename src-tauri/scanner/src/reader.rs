//! The reading loop: find the port, open it, read until it is gone, and again.

use std::io::{ErrorKind, Read};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use zeroize::Zeroizing;

use crate::choice::{Choice, DeviceIdentity, choose};
use crate::decoder::{Decoded, Decoder};
use crate::pace::PaceMeter;
use crate::ports::{Line, PortFault, Ports};
use crate::settings::ScannerSettings;
use crate::state::{Pace, ScannerEvent, ScannerState};

/// How often a missing port is looked for, and an open one is checked to be still there.
pub(crate) const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Longest time without a sign of life from this loop.
const BEAT: Duration = Duration::from_millis(100);

/// What the loop is told when it starts.
#[derive(Clone)]
pub(crate) struct Task {
    pub(crate) ports: Arc<dyn Ports>,
    pub(crate) settings: ScannerSettings,
    pub(crate) paired: Vec<DeviceIdentity>,
    pub(crate) look_every: Duration,
}

/// A sign of life, with or without something to tell.
pub(crate) enum Sign {
    Alive,
    Event(ScannerEvent),
}

/// The leash was let go: end.
struct Ended;

struct Target {
    port: String,
    label: String,
}

/// Runs until the other end of `leash` is dropped.
pub(crate) fn run(task: &Task, leash: &Receiver<()>, tell: &dyn Fn(Sign)) {
    let mut shown_lost = false;
    loop {
        let state = match find(task) {
            Ok(target) => match task.ports.open(&target.port, task.settings.baud) {
                Ok(line) => match listen(task, &target, line, leash, tell) {
                    Ok(reason) => ScannerState::Lost { port: target.port, reason },
                    Err(Ended) => return,
                },
                Err(fault) => refused(target.port, &fault),
            },
            Err(state) => state,
        };
        // What was lost stays on the screen as lost until it is back; "searching" would hide what happened.
        let hidden = shown_lost && matches!(state, ScannerState::Searching | ScannerState::NotPaired);
        if !hidden {
            shown_lost = matches!(state, ScannerState::Lost { .. });
            tell(Sign::Event(ScannerEvent::State(state)));
        }
        if pause(task.look_every, leash, tell).is_err() {
            return;
        }
    }
}

/// What one read brought.
pub(crate) enum Heard {
    Bytes(usize),
    Silence,
    Gone(String),
}

/// One read with the line's own short timeout.
pub(crate) fn hear(line: &mut Line, buffer: &mut [u8]) -> Heard {
    match line.read(buffer) {
        Ok(0) => Heard::Gone("the device was unplugged".into()),
        Ok(count) => Heard::Bytes(count),
        Err(error) => match error.kind() {
            ErrorKind::TimedOut | ErrorKind::WouldBlock | ErrorKind::Interrupted => Heard::Silence,
            ErrorKind::BrokenPipe => Heard::Gone("the device was unplugged".into()),
            _ => Heard::Gone(format!("reading failed: {error}")),
        },
    }
}

fn find(task: &Task) -> Result<Target, ScannerState> {
    if let Some(port) = task.settings.named_port() {
        let name = task.ports.locate(port).unwrap_or_else(|| port.to_owned());
        let label = task.ports.list().iter().find(|info| info.name == name).map(|info| info.label().to_owned());
        return Ok(Target { port: port.to_owned(), label: label.unwrap_or_else(|| port.to_owned()) });
    }
    match choose(&task.ports.list(), &task.paired) {
        Choice::Use(info) => Ok(Target { label: info.label().to_owned(), port: info.name }),
        Choice::NeedsPairing(_) => Err(ScannerState::NotPaired),
        Choice::None => Err(ScannerState::Searching),
    }
}

fn refused(port: String, fault: &PortFault) -> ScannerState {
    match fault {
        PortFault::Absent => ScannerState::Searching,
        PortFault::NoRight => ScannerState::NoRight { hint: PortFault::hint(&port).into(), port },
        PortFault::InUse | PortFault::Unusable(_) => ScannerState::Lost { port, reason: fault.to_string() },
    }
}

/// Reads until the device is gone, and says why; no byte of a half code outlives this.
fn listen(
    task: &Task,
    target: &Target,
    mut line: Line,
    leash: &Receiver<()>,
    tell: &dyn Fn(Sign),
) -> Result<String, Ended> {
    let there = task.ports.locate(&target.port);
    let begun = Instant::now();
    let mut looked = begun;
    let mut decoder = Decoder::new(task.settings.quiet_gap());
    let mut buffer = Zeroizing::new([0_u8; 512]);
    let mut meter = PaceMeter::new(&target.port, &target.label);
    let mut cut = Vec::new();
    let ready = ScannerState::Ready { port: target.port.clone(), label: target.label.clone() };
    tell(Sign::Event(ScannerEvent::State(ready)));
    let reason = loop {
        match hear(&mut line, &mut buffer[..]) {
            Heard::Bytes(count) => {
                meter.heard(begun.elapsed(), count);
                decoder.feed(begun.elapsed(), &buffer[..count], &mut |decoded| cut.push(decoded));
            }
            Heard::Silence => decoder.tick(begun.elapsed(), &mut |decoded| cut.push(decoded)),
            Heard::Gone(reason) => break reason,
        }
        for decoded in cut.drain(..) {
            tell(Sign::Event(event(decoded, meter.take(&decoder))));
        }
        meter.rest(&decoder);
        tell(Sign::Alive);
        if leash.try_recv() == Err(TryRecvError::Disconnected) {
            return Err(Ended);
        }
        // Errors on unplugging do not always come, so the port is looked at as well.
        if looked.elapsed() >= task.look_every {
            looked = Instant::now();
            if task.ports.locate(&target.port) != there {
                break "the device was unplugged".into();
            }
        }
    };
    decoder.unplugged(&mut |decoded| cut.push(decoded));
    for decoded in cut {
        tell(Sign::Event(event(decoded, meter.take(&decoder))));
    }
    Ok(reason)
}

fn event(decoded: Decoded, pace: Pace) -> ScannerEvent {
    match decoded {
        Decoded::Scan(text) => ScannerEvent::Scan { text, at: Instant::now(), pace },
        Decoded::Damaged(reason, length) => ScannerEvent::Damaged { reason, length, pace },
    }
}

fn pause(span: Duration, leash: &Receiver<()>, tell: &dyn Fn(Sign)) -> Result<(), Ended> {
    let begun = Instant::now();
    while let Some(left) = span.checked_sub(begun.elapsed()).filter(|left| !left.is_zero()) {
        tell(Sign::Alive);
        if leash.recv_timeout(left.min(BEAT)) == Err(RecvTimeoutError::Disconnected) {
            return Err(Ended);
        }
    }
    Ok(())
}
