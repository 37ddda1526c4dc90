//! Starting a till: lock, journal, the truth of the last run, gateway, scanner, and then the loop.

use std::sync::Arc;
use std::time::Duration;

use checkout::{Gate, Settings};
use gateway::Gateway;
use journal::{JournalThread, ReadError, Stem};
use scanner::{Scanner, ScannerState};
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::Instant;

use crate::back_office::{BackOffice, to_inbox};
use crate::clock::Clock;
use crate::config::Config;
use crate::errands::Errands;
use crate::ground::Machine;
use crate::hall::Hall;
use crate::handle::Till;
use crate::home::{Home, Lock};
use crate::idle::Idle;
use crate::inbox::Message;
use crate::keys::{Codes, typing_view};
use crate::look::Looks;
use crate::pairing;
use crate::pending_file::PendingFile;
use crate::source::{SameKeys, Typed};
use crate::supervisors::Supervisors;
use crate::teller::Teller;
use crate::trace::Traces;
use crate::view::{ClockHealth, GatewayHealth, View, WindowView};
use crate::work::Work;

/// Messages that may wait for the till before a sender has to.
const INBOX: usize = 256;
/// Changes that a slow listener may lag behind.
const CHANGES: usize = 1024;

/// What a till is started with.
pub struct Options {
    /// Its folder.
    pub home: Home,
    /// Its settings.
    pub config: Config,
    /// A journal of its own and an unmistakable mark; the settings already point to the simulated gateway.
    pub training: bool,
}

/// Why a till did not start; in words for people, nothing was charged.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another till has the folder.
    #[error(transparent)]
    Lock(#[from] crate::home::LockError),
    /// The settings.
    #[error(transparent)]
    Config(#[from] crate::config::ConfigError),
    /// The gateway's settings.
    #[error(transparent)]
    Gateway(#[from] gateway::SetupError),
    /// The journal cannot be opened.
    #[error(transparent)]
    Journal(#[from] journal::OpenError),
    /// The journal cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The journal took no record.
    #[error(transparent)]
    Append(#[from] journal::AppendError),
    /// Its thread is gone.
    #[error(transparent)]
    Gone(#[from] journal::Gone),
    /// The remembered scanner.
    #[error(transparent)]
    Pairing(#[from] pairing::PairingFileError),
    /// The scanner's thread.
    #[error("the scanner could not be started: {0}. Nothing was charged; start the program again")]
    Scanner(std::io::Error),
}

impl Till {
    /// Starts a till and returns when it is ready for commands: what is in flight is loaded, and its questions are on
    /// their way.
    ///
    /// # Errors
    /// A sentence for people; see [`StartError`].
    pub async fn start(options: Options) -> Result<Self, StartError> {
        Self::start_on(options, journal::Options::new(crate::clock::wall())).await
    }

    /// As [`Till::start`], with a journal that is opened in this way the first time.
    pub(crate) async fn start_on(options: Options, opening: journal::Options) -> Result<Self, StartError> {
        let (till, work) = Self::at_rest(options, opening).await?;
        tokio::spawn(work.run());
        Ok(till)
    }

    /// The same with its work not begun.
    pub(crate) async fn at_rest(options: Options, opening: journal::Options) -> Result<(Self, Work), StartError> {
        let Options { home, config, training } = options;
        let lock = home.lock()?;
        let stem = if training { Stem::Training } else { Stem::Journal };
        let (journal, found) = {
            let dir = home.folder().to_owned();
            let open = move || JournalThread::open(&dir, stem, &opening);
            tokio::task::spawn_blocking(open).await.map_err(|_| journal::Gone)??
        };
        let gateway = match config.gateway_settings().base_url.is_empty() {
            true => None,
            false => Some(Arc::new(Gateway::new(&config.gateway_settings())?)),
        };
        let (inbox, messages) = mpsc::channel(INBOX);
        let scanner = start_scanner(&home, &config, inbox.clone())?;
        let errands = Errands { gateway, inbox: inbox.clone() };
        let work = prepare(home, config, training, lock, journal.clone(), errands, messages, scanner, found).await?;
        let till = Self {
            inbox,
            views: work.views.subscribe(),
            changes: work.changes.clone(),
            codes: work.codes.subscribe(),
            journal,
            exports: work.exports.clone(),
        };
        Ok((till, work))
    }
}

fn start_scanner(home: &Home, config: &Config, inbox: mpsc::Sender<Message>) -> Result<Scanner, StartError> {
    let paired = pairing::load(&home.scanner_file())?;
    Scanner::start(config.scanner_settings(), paired.devices, to_inbox(inbox)).map_err(StartError::Scanner)
}

#[allow(clippy::too_many_arguments, reason = "every part of a till meets here, once")]
async fn prepare(
    home: Home,
    config: Config,
    training: bool,
    lock: Lock,
    journal: JournalThread,
    errands: Errands,
    inbox: mpsc::Receiver<Message>,
    scanner: Scanner,
    found: journal::Found,
) -> Result<Work, StartError> {
    let clock = Clock::start();
    let no_gateway = errands.gateway.is_none().then_some(Gate::NoGateway);
    let mut machine = Machine { clock, journal: journal.clone(), secret: None };
    let gate = machine.found(found);
    let teller = Teller::start(machine, config.checkout_settings(), no_gateway, gate).await?;
    let window = window_view(&config, teller.checkout.settings());
    let looks = Looks::load(home.screen_file(), &window.language);
    let hall = Hall::new(home.config_file(), &config);
    let (views, _) = watch::channel(Arc::new(View::blank(&window, hall.now(), training)));
    let (changes, _) = broadcast::channel(CHANGES);
    let name = if training { "training-pending.json" } else { "pending.json" };
    let mut work = Work {
        clock,
        teller,
        journal,
        errands,
        inbox,
        views,
        changes,
        codes: watch::channel(Codes::of(&config)).0,
        window,
        training,
        locked: false,
        idle: Idle::new(config.window.lock_after, Instant::now()),
        looks,
        hall,
        scanner_state: ScannerState::Off,
        scanner: Some(scanner),
        typed: Typed::new(config.scanner.source),
        same_keys: SameKeys::default(),
        supervisors: Supervisors::default(),
        evidence: None,
        settling: Default::default(),
        told: Vec::new(),
        _lock: lock,
        gateway: GatewayHealth::Unknown,
        clock_health: ClockHealth::Unknown,
        number: 0,
        pending_file: PendingFile::at(home.exports().join(name)),
        tidy_at: None,
        room_at: Instant::now() + Duration::from_secs(1),
        audit_at: Instant::now() + Duration::from_secs(5),
        exports: home.exports(),
        stopping: None,
        back_office: BackOffice { home, config, set_up: false, traces: Traces::default(), pairing: None },
    };
    work.carry_out();
    work.publish();
    tracing::info!(pending = work.views.borrow().pending.len(), "started");
    Ok(work)
}

/// The window's settings that a screen needs.
pub(crate) fn window_view(config: &Config, settings: &Settings) -> WindowView {
    WindowView {
        id: config.window.id.clone(),
        name: config.window.name.clone(),
        language: config.window.language.tag().to_owned(),
        businesses: config.window.businesses.iter().map(|business| business.number()).collect(),
        bill_length_max: u32::try_from(settings.bill_max()).unwrap_or(u32::MAX),
        typing: typing_view(config),
    }
}
