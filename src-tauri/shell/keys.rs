//! Keys, taken below the page: a scanner that types is told from a person before the web engine or an input method sees a key.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use gtk::gdk::{self, EventType, ModifierType};
use gtk::glib;
use till::keys::{Codes, EventClock, Key, KeyWatch, Step};
use till::{ScanSource, Till};
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

/// The timer gives way to keys that have arrived already, so that a busy moment does not tear a code apart.
const AFTER_KEYS: glib::Priority = glib::Priority::HIGH_IDLE;
/// Key codes of X11 and Wayland are the kernel's and 8 more.
pub(crate) const CODES_FROM: u16 = 8;

/// Takes every key of this program's windows from now on. `here` says whether one of them has the focus.
///
/// Call it on the main thread, once.
pub fn take(runtime: &Handle, till: Till, codes: watch::Receiver<Codes>, here: Arc<AtomicBool>) {
    let (caught, mut scans) = mpsc::unbounded_channel::<Step<()>>();
    runtime.spawn(async move {
        while let Some(scan) = scans.recv().await {
            till.caught(scan, ScanSource::Keys).await;
        }
    });
    let taker = Rc::new(RefCell::new(Taker {
        watch: KeyWatch::new(codes),
        clock: EventClock::default(),
        devices: Vec::new(),
        timer: None,
        caught,
        here,
    }));
    gdk::Event::set_handler(Some(move |event: &mut gdk::Event| on_event(&taker, event)));
}

struct Taker {
    watch: KeyWatch<gdk::Event>,
    clock: EventClock,
    /// Keyboards in the order in which they were first used.
    devices: Vec<gdk::Device>,
    timer: Option<glib::SourceId>,
    caught: mpsc::UnboundedSender<Step<()>>,
    here: Arc<AtomicBool>,
}

type Shared = Rc<RefCell<Taker>>;

fn on_event(taker: &Shared, event: &mut gdk::Event) {
    match event.event_type() {
        EventType::KeyPress | EventType::KeyRelease => {
            let steps = taker.borrow_mut().judge(event);
            match steps {
                Some(steps) => carry_out(taker, steps),
                None => gtk::main_do_event(event),
            }
        }
        EventType::FocusChange => {
            let inside = event.downcast_ref::<gdk::EventFocus>().is_some_and(gdk::EventFocus::is_in);
            taker.borrow().here.store(inside, Ordering::Relaxed);
            if !inside {
                let steps = taker.borrow_mut().watch.let_go();
                carry_out(taker, steps);
            }
            gtk::main_do_event(event);
        }
        _ => gtk::main_do_event(event),
    }
}

/// Nothing is borrowed while an event is delivered: what it sets off may bring the next one.
fn carry_out(taker: &Shared, steps: Vec<Step<gdk::Event>>) {
    for step in steps {
        let caught = match step {
            Step::Deliver(mut event) => {
                gtk::main_do_event(&mut event);
                continue;
            }
            Step::Scan(text, rhythm) => Step::Scan(text, rhythm),
            Step::Damaged(reason, length) => Step::Damaged(reason, length),
        };
        if taker.borrow().caught.send(caught).is_err() {
            tracing::error!("a typed scan came after the end");
        }
    }
    wait(taker);
}

/// Sets the timer to the next moment when silence means something.
fn wait(taker: &Shared) {
    let mut this = taker.borrow_mut();
    if let Some(timer) = this.timer.take() {
        timer.remove();
    }
    let Some(due) = this.watch.deadline() else { return };
    let after = due.saturating_sub(this.clock.now(Instant::now())) + Duration::from_millis(1);
    let again = taker.clone();
    this.timer = Some(glib::timeout_add_local_full(after, AFTER_KEYS, move || {
        let steps = {
            let mut this = again.borrow_mut();
            this.timer = None;
            let now = this.clock.now(Instant::now());
            this.watch.tick(now)
        };
        carry_out(&again, steps);
        glib::ControlFlow::Break
    }));
}

impl Taker {
    /// What to do with a key, or nothing if it is none of ours to judge.
    fn judge(&mut self, event: &gdk::Event) -> Option<Vec<Step<gdk::Event>>> {
        let key = event.downcast_ref::<gdk::EventKey>()?;
        // A display without a window manager tells nobody about the focus; a key that is here does.
        self.here.store(true, Ordering::Relaxed);
        let state = key.state();
        // An input method that has seen the key already hands it back with one of these set.
        if state.intersects(ModifierType::MODIFIER_RESERVED_24_MASK | ModifierType::MODIFIER_RESERVED_25_MASK) {
            return None;
        }
        let key = Key {
            device: self.device(event),
            at: self.clock.at(key.time(), Instant::now()),
            code: key.hardware_keycode().checked_sub(CODES_FROM)?,
            down: event.event_type() == EventType::KeyPress,
            typed: key.keyval().to_unicode(),
            ctrl: state.contains(ModifierType::CONTROL_MASK),
            alt: state.intersects(ModifierType::MOD1_MASK | ModifierType::SUPER_MASK | ModifierType::MOD4_MASK),
        };
        Some(self.watch.key(key, event.clone()))
    }

    fn device(&mut self, event: &gdk::Event) -> u32 {
        let Some(device) = event.source_device() else { return 0 };
        let at = self.devices.iter().position(|known| *known == device).unwrap_or_else(|| {
            self.devices.push(device);
            self.devices.len() - 1
        });
        u32::try_from(at + 1).unwrap_or(0)
    }
}
