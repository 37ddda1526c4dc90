//! One ticket window as a journey finds it: the program, a scanner on the counter, and the gateway behind it all.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::time::Duration;

use fantoccini::key::Key;
use gateway_sim::{Handle, Ledger, On, Sim};

use crate::desk::PIN;
use crate::marks::Marks;
use crate::page;
use crate::scanner::{Scanner, codes};
use crate::settings::Settings;
use crate::shots;
use crate::turns::Turn;
use crate::window::Window;

/// No journey takes longer; each of its waits has a limit of its own as well.
pub const JOURNEY: Duration = Duration::from_secs(100);

pub struct Place {
    pub window: Window,
    pub scanner: Scanner,
    pub gateway: Handle,
    _sim: Sim,
    /// The last acts, for the case that one of them is never answered.
    acts: Mutex<Vec<String>>,
    /// Given back last of all, or earlier by a journey that only waits.
    turn: Option<Turn>,
    /// A journey killed the page, and the driver's connection died with it: nobody can look at the page any more.
    pub page_killed: bool,
}

/// Walks a journey at a window with a scanner and a gateway; the program is running and nobody has signed in.
pub fn journey(walk: impl AsyncFnOnce(&mut Place)) {
    journey_with(Settings::default(), walk);
}

/// The same with settings of its own.
pub fn journey_with(settings: Settings, walk: impl AsyncFnOnce(&mut Place)) {
    let started = async |place: &mut Place| {
        place.window.start().await;
        walk(place).await;
    };
    journey_from_the_door(settings, started);
}

/// The same before the program is started.
pub fn journey_from_the_door(settings: Settings, walk: impl AsyncFnOnce(&mut Place)) {
    journey_within(JOURNEY, settings, walk);
}

/// The same for one that may be asked to take longer.
pub fn journey_within(limit: Duration, settings: Settings, walk: impl AsyncFnOnce(&mut Place)) {
    let turn = Turn::take();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let mut place = runtime.block_on(Place::open(settings, turn));
    let walked = catch_unwind(AssertUnwindSafe(|| {
        runtime.block_on(async {
            tokio::time::timeout(limit, walk(&mut place)).await.expect("the journey ends in time");
            place.nothing_shows_a_secret().await;
        });
        place.prove();
        place.nothing_panicked();
    }));
    if let Err(failure) = walked {
        runtime.block_on(place.say_what_happened());
        drop(place);
        resume_unwind(failure);
    }
}

impl Place {
    async fn open(settings: Settings, turn: Turn) -> Self {
        let sim = Sim::on_loopback().await.expect("a gateway");
        let gateway = sim.handle();
        let window = Window::new();
        let scanner = Scanner::plugged_as(&window.port());
        settings
            .with("gateway", "base_url", &format!("{:?}", sim.base_url()))
            .or("scanner", "source", "\"serial\"")
            .with("scanner", "port", &format!("{:?}", window.port().display().to_string()))
            .write(&window.home());
        Self { window, scanner, gateway, _sim: sim, acts: Mutex::default(), turn: Some(turn), page_killed: false }
    }

    /// Signs in with the keyboard and waits for an empty bill.
    pub async fn sign_in(&self) {
        self.await_focus("operator").await;
        self.keys("S0107").await;
        self.press(Key::Enter).await;
        self.await_focus("bill").await;
        self.until("by('health-scanner')?.dataset.good === 'true'").await;
    }

    /// Types a sale with the keyboard alone, from wherever the focus is, and confirms it.
    pub async fn enter_sale(&self, bill: &str, amount: &str) {
        self.press(Key::F3).await;
        self.await_focus("bill").await;
        self.keys(bill).await;
        self.press(Key::Enter).await;
        self.await_focus("amount").await;
        self.keys(amount).await;
        self.press(Key::Enter).await;
    }

    /// The same, until the sale is armed.
    pub async fn arm(&self, bill: &str, amount: &str) {
        self.enter_sale(bill, amount).await;
        self.await_state("armed").await;
    }

    /// The program ends with SIGKILL and is started again, and the scanner is a new device, as when its computer starts.
    pub async fn kill_and_start(&mut self) {
        self.window.kill();
        self.scanner.unplug();
        self.scanner.plug();
        self.window.start().await;
    }

    /// Lets another window open for the rest of this journey, which is long to wait for and light to do.
    pub fn give_turn_back(&mut self) {
        self.turn = None;
    }

    /// Waits until the gateway's books look so.
    pub async fn books(&self, there: impl FnMut(&Ledger) -> bool) -> Ledger {
        self.books_within(Duration::from_secs(25), there).await
    }

    /// The same for what takes its time on purpose.
    pub async fn books_within(&self, limit: Duration, there: impl FnMut(&Ledger) -> bool) -> Ledger {
        match tokio::time::timeout(limit, self.gateway.until(there)).await {
            Ok(ledger) => ledger,
            Err(_) => panic!("the gateway's books do not get there:\n{}", self.gateway.summary()),
        }
    }

    /// How many charge requests for a bill were on the wire, ever.
    pub fn requests(&self, bill: &str) -> u32 {
        self.gateway.ledger().count(On::Charge, bill)
    }

    pub fn doing(&self, act: &str) {
        self.acts.lock().expect("the acts").push(act.to_owned());
    }

    /// What holds at the end of every journey, whatever happened in it.
    fn prove(&mut self) {
        let ledger = self.gateway.ledger();
        assert!(ledger.most_requests_for_a_code() <= 1, "a code was sent twice:\n{}", self.gateway.summary());
        assert!(ledger.taken_twice().is_empty(), "money was taken twice:\n{}", self.gateway.summary());
        if self.window.is_open() {
            self.window.kill();
        }
        self.no_file_holds_a_secret();
    }

    /// Payment codes, the supervisor's PIN and the venue's key, each in every form.
    pub fn secrets(&self) -> Marks {
        let key = std::fs::read_to_string(self.window.home().join("secret")).unwrap_or_default();
        let bytes: Vec<u8> = (0..key.trim().len() / 2)
            .filter_map(|at| u8::from_str_radix(key.get(at * 2..at * 2 + 2)?, 16).ok())
            .collect();
        let made = codes();
        let codes = self.scanner.sent().iter().chain(&made).map(|code| ("a payment code", code.as_bytes()));
        let key = Some(("the venue's key", &bytes[..])).filter(|(_, key)| !key.is_empty());
        Marks::of(codes.chain([("the PIN", PIN.as_bytes())]).chain(key))
    }

    /// Neither the program nor the thread of a command.
    fn nothing_panicked(&self) {
        let said = [self.window.logged(), self.window.said()].concat();
        let panic = said
            .lines()
            .find(|line| line.contains("panic: ") || line.contains("panicked at") || line.contains("panic at "));
        assert_eq!(panic, None, "the program panicked");
    }

    /// `code-is-secret`: not in the journal, not in a log, nowhere below the folder of this journey.
    fn no_file_holds_a_secret(&self) {
        // The ballast is what the program fills it with; the key has this one file.
        let found = self.secrets().in_folder(self.window.folder(), &["ballast", "secret"]);
        assert!(found.is_empty(), "{found:?}");
    }

    /// Nor on the screen: what stands in it, is typed into it, or is hidden in it.
    async fn nothing_shows_a_secret(&self) {
        if !self.window.is_open() || self.page_killed {
            return;
        }
        let page = "document.documentElement.outerHTML + [...document.querySelectorAll('input, textarea, select')].map((f) => f.value)\
                    .join('\\n') + JSON.stringify({ ...localStorage }) + document.cookie + document.title";
        let page = self.see_text(page).await;
        assert_eq!(self.secrets().find(page.as_bytes()), None, "on the page");
    }

    #[allow(clippy::print_stderr, reason = "a failed journey tells how far it came")]
    async fn say_what_happened(&mut self) {
        let test = std::thread::current().name().unwrap_or("journey").replace("::", ".");
        if self.window.is_open() {
            let seeing = tokio::time::timeout(Duration::from_secs(5), page::shot(self.window.client()));
            if let Ok(Ok(png)) = seeing.await {
                eprintln!("{test}: the window looked like {}", shots::keep(&format!("failed.{test}"), &png).display());
            }
        }
        let acts = self.acts.lock().expect("the acts").clone();
        eprintln!("{test}: the last acts\n{}", acts[acts.len().saturating_sub(12)..].join("\n"));
        eprintln!("{test}: the gateway's books\n{}", self.gateway.summary());
        eprintln!("{test}: last words\n{}", self.window.last_words());
    }
}
