//! A ticket window for the tests of the loop: a folder, a simulated gateway over real HTTP, and a till that can be killed.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use checkout::{ChargeId, Entry, Refusal, ScannedText, State};
use gateway_sim::{Handle, Ledger, Sim};
use tempfile::TempDir;
use till::config::Config;
use till::home::Home;
use till::view::{ChargeView, ScanOutcome, View};
use till::{Command, Options, StartError, Till};
use tokio::runtime::Runtime;

/// Nothing here may take longer; a test that waits for ever fails instead.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// One window with everything around it.
pub struct Window {
    pub sim: Handle,
    pub till: Till,
    pub place: Place,
    at_work: AtWork,
    _sim: Sim,
}

/// A folder and settings; a till may be started in it, killed, and started again.
pub struct Place {
    pub folder: TempDir,
    pub config: Config,
}

/// A till with a runtime of its own, so that it can be killed in the middle of anything.
pub struct AtWork {
    runtime: Option<Runtime>,
}

impl Place {
    /// A folder of its own and settings that hurry: queries of one charge 150 ms apart (the window as a whole asks every
    /// 112 ms at most, and the charge in front goes first).
    pub fn new(base_url: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Without holes it would be 32 MB to write for each test; what is looked at is its size.
        let ballast = File::create(folder.path().join("ballast")).expect("a ballast");
        ballast.set_len(journal::BALLAST).expect("its size");
        let mut config = Config::default();
        config.gateway.settings.base_url = base_url.to_owned();
        config.polling.min_gap_ms = 150;
        config.scanner.source = scanner::Source::Keyboard;
        Self { folder, config }
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn options(&self) -> Options {
        let home = Home::at(self.folder.path()).expect("a home");
        Options { home, config: self.config.clone(), training: false }
    }

    /// Starts a till here.
    pub async fn start(&self) -> Result<(Till, AtWork), StartError> {
        let mut threads = tokio::runtime::Builder::new_multi_thread();
        let runtime = threads.worker_threads(1).enable_all().build().expect("a runtime");
        let started = runtime.spawn(Till::start(self.options())).await.expect("no panic");
        let at_work = AtWork { runtime: Some(runtime) };
        Ok((started?, at_work))
    }

    /// What a start refuses with.
    pub async fn refused(&self) -> String {
        match self.start().await {
            Ok(_) => panic!("the till started"),
            Err(error) => error.to_string(),
        }
    }
}

impl AtWork {
    /// Ends every task of the till where it stands, as the end of its process would.
    pub async fn kill(mut self) {
        let runtime = self.runtime.take();
        tokio::task::spawn_blocking(move || drop(runtime)).await.expect("killed");
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Window {
    /// A window with an operator signed in.
    pub async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    /// The same, with other settings.
    pub async fn open_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::open_on(Sim::on_loopback().await.expect("a simulator"), change).await
    }

    /// The same, on this simulator.
    pub async fn open_on(sim: Sim, change: impl FnOnce(&mut Config)) -> Self {
        let mut place = Place::new(&sim.base_url());
        change(&mut place.config);
        let (till, at_work) = place.start().await.expect("a till");
        let window = Self { sim: sim.handle(), till, place, at_work, _sim: sim };
        window.sign_in().await;
        window
    }

    pub async fn sign_in(&self) {
        self.ask(Command::SignIn { operator: "S0107".into() }).await.expect("signed in");
    }

    /// The process dies and is started again, nobody signed in.
    pub async fn killed_and_started(self) -> Self {
        let Self { sim, till, place, at_work, _sim } = self;
        drop(till);
        at_work.kill().await;
        let (till, at_work) = place.start().await.expect("a till again");
        Self { sim, till, place, at_work, _sim }
    }

    /// Stopped in an orderly way and started again, nobody signed in.
    pub async fn stopped_and_started(self) -> Self {
        self.till.stop().await;
        let Self { sim, till, place, at_work, _sim } = self;
        drop(till);
        drop(at_work);
        let (till, at_work) = place.start().await.expect("a till again");
        Self { sim, till, place, at_work, _sim }
    }

    pub async fn ask(&self, command: Command) -> Result<(), Refusal> {
        bounded("an answer to a command", self.till.ask(command)).await
    }

    pub async fn arm(&self, bill: &str) -> Result<(), Refusal> {
        self.arm_amount(bill, "260.00").await
    }

    pub async fn arm_amount(&self, bill: &str, amount: &str) -> Result<(), Refusal> {
        self.ask(Command::Arm { entry: entry(bill, amount), large_confirmed: false }).await
    }

    pub async fn scan(&self, code: &str) -> ScanOutcome {
        bounded("the outcome of a scan", self.till.scan(ScannedText::new(code))).await
    }

    /// Arms a bill and scans a code for it.
    pub async fn charge(&self, bill: &str, code: &str) -> ChargeId {
        self.arm(bill).await.expect("armed");
        match self.scan(code).await {
            ScanOutcome::Charging { charge } => charge,
            other => panic!("{other:?}"),
        }
    }

    /// Waits until the view looks like this.
    pub async fn until(&self, what: &str, mut there: impl FnMut(&View) -> bool) -> Arc<View> {
        let mut views = self.till.views();
        match tokio::time::timeout(PATIENCE, views.wait_for(|view| there(view))).await {
            Ok(view) => view.expect("a till at work").clone(),
            Err(_) => panic!("{what}: still {:#?}", self.till.view()),
        }
    }

    /// Waits until the charge in front is in this state.
    pub async fn until_front(&self, state: State) -> ChargeView {
        let view = self.until(state.word(), |view| front_state(view) == Some(state)).await;
        view.front.clone().expect("a charge in front")
    }

    /// Waits until the books of the gateway look like this.
    pub async fn until_books(&self, what: &str, there: impl FnMut(&Ledger) -> bool) -> Ledger {
        match tokio::time::timeout(PATIENCE, self.sim.until(there)).await {
            Ok(ledger) => ledger,
            Err(_) => panic!("{what}:\n{}", self.sim.summary()),
        }
    }

    /// The state of a bill's newest charge, from the journal.
    pub async fn journalled(&self, bill: &str) -> Option<State> {
        let bill = checkout::BillNumber::parse(bill, 32).expect("a bill").key();
        let past = self.till.journal().call(move |journal| journal.books()?.bill_past(&bill)).await;
        let past = past.expect("a journal").expect("read");
        past.iter().max_by_key(|charge| charge.id.clone()).map(|charge| charge.state)
    }

    /// What the journal of a stopped till says of a bill's newest charge.
    pub fn journal_closed_with(&self, bill: &str) -> State {
        let reader = journal::Reader::open(&self.place.file("journal.db")).expect("a closed journal");
        let bill = checkout::BillNumber::parse(bill, 32).expect("a bill").key();
        let past = reader.books().bill_past(&bill).expect("read");
        past.last().expect("a charge").state
    }

    /// Lets go of every handle, without a stop; what is left must keep running until the folder goes.
    pub fn let_go(self) -> (Place, AtWork, Sim) {
        let Self { till, place, at_work, _sim, .. } = self;
        drop(till);
        (place, at_work, _sim)
    }

    /// The gateway saw no rule broken.
    pub fn nothing_twice(&self) {
        let summary = self.sim.summary();
        assert!(!summary.contains("!!"), "{summary}");
    }
}

pub fn entry(bill: &str, amount: &str) -> Entry {
    Entry { operator: String::new(), business: 1, bill: bill.into(), amount: amount.into(), card: String::new() }
}

/// A fresh payment code that selects the simulator's scenario of these last two digits. No two are alike in any place.
pub fn code(tail: &str) -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    let mixed = NEXT.fetch_add(1, Ordering::Relaxed) * 61_803_398_874_989 % 100_000_000_000_000;
    format!("13{mixed:014}{tail}")
}

/// A fresh payment code that selects this scenario.
pub fn code_for(scenario: &str) -> String {
    code(gateway_sim::tail_of(scenario).unwrap_or_else(|| panic!("no tail for {scenario}")))
}

pub fn front_state(view: &View) -> Option<State> {
    view.front.as_ref().map(|front| front.state)
}

pub fn refusal(outcome: ScanOutcome) -> Refusal {
    match outcome {
        ScanOutcome::Refused { refusal } => refusal,
        other => panic!("{other:?}"),
    }
}

pub async fn bounded<T>(what: &str, wait: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{what} took too long"))
}
