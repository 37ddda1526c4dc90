//! The back office of the window: its settings on the screen, its scanners, and its first set-up.

use std::sync::Arc;

use checkout::event::Event;
use checkout::{Gate, PinError, Refusal};
use gateway::{Finding, Gateway, GatewaySettings};
use scanner::{Scanner, ScannerState};
use serde::Serialize;
use specta::Type;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::config::{self, Config, ConfigError, NewValue, SettingProblem, SettingView};
use crate::handle::Till;
use crate::home::Home;
use crate::inbox::Message;
use crate::keys::Codes;
use crate::look::Look;
use crate::pairing;
use crate::pairing_desk::{Heard, Pairing};
use crate::source::Typed;
use crate::start::window_view;
use crate::trace::{ScanTrace, Traces};
use crate::view::GatewayHealth;
use crate::work::{Reply, Work};

/// Everything the back office needs beside the rest of the till.
pub(crate) struct BackOffice {
    pub home: Home,
    /// The settings in force.
    pub config: Config,
    /// Whether the first set-up is due: nobody can sign in before it is finished.
    pub set_up: bool,
    pub traces: Traces,
    pub pairing: Option<Pairing>,
}

/// Why settings were not shown or not changed.
#[derive(Clone, Debug, PartialEq, thiserror::Error, Serialize, Type)]
#[serde(tag = "trouble", rename_all = "kebab-case")]
pub enum SettingsTrouble {
    /// A supervisor has to sign in, the till is busy, or the journal did not take the record.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
    },
    /// Values that are not allowed; nothing was changed.
    #[error("{} settings are not allowed", problems.len())]
    Bad {
        /// All of them.
        problems: Vec<SettingProblem>,
    },
    /// In training anybody may set the first PIN, so the venue's settings are not changed there.
    #[error("settings are not changed in training")]
    Training,
    /// The file could not be read or written; it is as it was.
    #[error("{what}")]
    File {
        /// In English.
        what: String,
    },
    /// The serial scanner could not be listened to.
    #[error("{what}")]
    Scanner {
        /// In English.
        what: String,
    },
}

impl From<Refusal> for SettingsTrouble {
    fn from(refusal: Refusal) -> Self {
        Self::Refused { refusal }
    }
}

impl From<ConfigError> for SettingsTrouble {
    fn from(error: ConfigError) -> Self {
        Self::File { what: error.to_string() }
    }
}

type Asked<T> = oneshot::Sender<Result<T, SettingsTrouble>>;

/// What is asked of the back office.
pub(crate) enum Request {
    Settings(Asked<Vec<SettingView>>),
    Save(Vec<NewValue>, Asked<()>),
    Check(Vec<NewValue>, Asked<GatewaySettings>),
    BeginPairing(Vec<NewValue>, Asked<()>),
    TypePairing(String, Vec<u32>, Asked<bool>),
    EndPairing(Asked<()>),
    Heard(Heard),
    Traces(Asked<Vec<ScanTrace>>),
    BeginSetUp(Asked<()>),
}

impl Till {
    /// The settings of the screen, as the file has them now.
    ///
    /// # Errors
    /// The file cannot be read, or somebody broke it since the start.
    pub async fn settings(&self) -> Result<Vec<SettingView>, SettingsTrouble> {
        self.office(Request::Settings).await
    }

    /// Changes settings: checked by the rules of the start, journalled, saved whole or not at all, and in force at once.
    ///
    /// # Errors
    /// [`SettingsTrouble`]; nothing was changed.
    pub async fn save_settings(&self, values: Vec<NewValue>) -> Result<(), SettingsTrouble> {
        self.office(|reply| Request::Save(values, reply)).await
    }

    /// Asks the gateway that these settings name harmless questions; see [`Gateway::check`].
    ///
    /// # Errors
    /// The settings are not allowed, or not without a supervisor.
    pub async fn check_gateway(&self, values: Vec<NewValue>) -> Result<Vec<Finding>, SettingsTrouble> {
        let settings = self.office(|reply| Request::Check(values, reply)).await?;
        // Beside the loop: no charge waits for a platform that does not answer.
        match Gateway::new(&settings) {
            Ok(gateway) => Ok(gateway.check().await),
            Err(error) => Err(bad("gateway.base_url", error.to_string())),
        }
    }

    /// Shows a code in the view and listens for the scanner that reads it, with these settings of the scanner.
    ///
    /// # Errors
    /// A charge is in front, or the settings are not allowed.
    pub async fn begin_pairing(&self, values: Vec<NewValue>) -> Result<(), SettingsTrouble> {
        self.office(|reply| Request::BeginPairing(values, reply)).await
    }

    /// Something was typed where the pairing code is expected; true if it is the code.
    ///
    /// # Errors
    /// The till is closing.
    pub async fn type_pairing(&self, text: String, gaps_ms: Vec<u32>) -> Result<bool, SettingsTrouble> {
        self.office(|reply| Request::TypePairing(text, gaps_ms, reply)).await
    }

    /// The pairing is over, answered or not; the scanner of the settings is listened to again.
    ///
    /// # Errors
    /// The till is closing.
    pub async fn end_pairing(&self) -> Result<(), SettingsTrouble> {
        self.office(Request::EndPairing).await
    }

    /// The last scans, newest first.
    ///
    /// # Errors
    /// The till is closing.
    pub async fn traces(&self) -> Result<Vec<ScanTrace>, SettingsTrouble> {
        self.office(Request::Traces).await
    }

    /// A screen begins its work: where nobody has set anything yet, the set-up comes before the first sale.
    ///
    /// # Errors
    /// The till is closing.
    pub async fn begin_set_up(&self) -> Result<(), SettingsTrouble> {
        self.office(Request::BeginSetUp).await
    }

    async fn office<T>(&self, request: impl FnOnce(Asked<T>) -> Request) -> Result<T, SettingsTrouble> {
        let closing = || SettingsTrouble::from(Refusal::Stopping);
        let (reply, answer) = oneshot::channel();
        self.inbox.send(Message::Office(request(reply))).await.map_err(|_| closing())?;
        answer.await.unwrap_or_else(|_| Err(closing()))
    }
}

impl Work {
    /// Does what is asked for and hands back how to reply.
    pub(crate) async fn office(&mut self, request: Request) -> Reply {
        fn told<T: Send + 'static>(reply: Asked<T>, outcome: Result<T, SettingsTrouble>) -> Reply {
            // Whoever asked may have gone; what was done is done.
            Box::new(move || drop(reply.send(outcome)))
        }
        match request {
            Request::Settings(reply) => told(reply, self.settings()),
            Request::Save(values, reply) => {
                let saved = self.save(&values).await;
                told(reply, saved)
            }
            Request::Check(values, reply) => told(reply, self.gateway_to_check(&values)),
            Request::BeginPairing(values, reply) => {
                let begun = self.begin_pairing(&values).await;
                told(reply, begun)
            }
            Request::TypePairing(text, gaps_ms, reply) => {
                let fits = self.type_pairing(&text, gaps_ms);
                told(reply, Ok(fits))
            }
            Request::EndPairing(reply) => {
                self.end_pairing().await;
                told(reply, Ok(()))
            }
            Request::Heard(heard) => {
                self.heard(heard).await;
                Box::new(|| {})
            }
            Request::Traces(reply) => told(reply, Ok(self.back_office.traces.all())),
            Request::BeginSetUp(reply) => {
                let file = self.back_office.home.config_file();
                self.back_office.set_up = !self.training && Config::is_untouched(&file);
                told(reply, Ok(()))
            }
        }
    }

    fn settings(&self) -> Result<Vec<SettingView>, SettingsTrouble> {
        let (file, text) = self.settings_file()?;
        Ok(config::shown(&text, &file)?)
    }

    fn settings_file(&self) -> Result<(String, String), SettingsTrouble> {
        let path = self.back_office.home.config_file();
        let file = path.display().to_string();
        match std::fs::read_to_string(&path) {
            Ok(text) => Ok((file, text)),
            Err(error) => Err(SettingsTrouble::File { what: format!("{file}: {error}") }),
        }
    }

    async fn save(&mut self, values: &[NewValue]) -> Result<(), SettingsTrouble> {
        if self.locked {
            return Err(Refusal::Locked.into());
        }
        let guarded = self.back_office.set_up || config::needs_supervisor(values);
        let by = if guarded { self.leave_to_change()? } else { self.somebody() };
        let (file, text) = self.settings_file()?;
        let edited = self.edited(&file, &text, values)?;
        let gateway = self.gateway_of(&edited)?;
        if self.training {
            return Err(SettingsTrouble::Training);
        }
        if !edited.changes.is_empty() {
            self.note(Event::SettingsChanged { by, changes: edited.changes.clone() }).await?;
        }
        let path = self.back_office.home.config_file();
        if let Err(error) = config::replace(&path, &edited.text) {
            let what = format!("{file} was not changed: {error}");
            tracing::error!(%what, "settings were not saved");
            self.note(Event::Noted { what: "settings-not-saved".into(), text: what.clone() }).await?;
            return Err(SettingsTrouble::File { what });
        }
        tracing::info!(changes = ?edited.changes, "settings were saved");
        self.back_office.set_up = false;
        self.put_in_force(edited, gateway, guarded).await
    }

    /// A supervisor who is signed in, and nothing under way that began by the old settings.
    fn leave_to_change(&mut self) -> Result<String, Refusal> {
        let by = self.supervisors.act(Instant::now(), self.clock.now().wall).map_err(|error| Refusal::Pin { error })?;
        self.nothing_in_front()?;
        Ok(by)
    }

    /// Nothing in front of the customer is undecided, and no request is out.
    pub(crate) fn nothing_in_front(&self) -> Result<(), Refusal> {
        let in_front =
            self.teller.checkout.front().filter(|charge| charge.state.is_undecided()).map(|charge| &charge.id);
        match in_front.or_else(|| self.teller.out.first()) {
            Some(charge) => Err(Refusal::FrontBusy { charge: charge.clone() }),
            None => Ok(()),
        }
    }

    /// Before there is any supervisor, whoever sets the till up may try things out; saving needs the first one.
    pub(crate) fn leave_to_try(&mut self) -> Result<(), Refusal> {
        if self.back_office.set_up && !self.supervisors.any() {
            return Ok(());
        }
        self.supervisors
            .act(Instant::now(), self.clock.now().wall)
            .map(drop)
            .map_err(|error: PinError| Refusal::Pin { error })
    }

    fn somebody(&self) -> String {
        let supervisor = self.supervisors.session().map(str::to_owned);
        supervisor.or_else(|| self.teller.operator.as_ref().map(ToString::to_string)).unwrap_or_default()
    }

    pub(crate) fn edited(
        &self,
        file: &str,
        text: &str,
        values: &[NewValue],
    ) -> Result<config::Edited, SettingsTrouble> {
        let edited = config::edited(text, file, values, &self.back_office.config);
        edited.map_err(|problems| SettingsTrouble::Bad { problems })
    }

    fn gateway_to_check(&mut self, values: &[NewValue]) -> Result<GatewaySettings, SettingsTrouble> {
        if self.training && !values.is_empty() {
            return Err(SettingsTrouble::Training);
        }
        self.leave_to_try()?;
        let (file, text) = self.settings_file()?;
        let config = self.edited(&file, &text, values)?.config.at(self.back_office.home.folder());
        Ok(config.gateway_settings())
    }

    /// The gateway of the new settings, where they change it; a file it cannot use would stop the next start.
    fn gateway_of(&self, edited: &config::Edited) -> Result<Option<Option<Arc<Gateway>>>, SettingsTrouble> {
        if !edited.changes.iter().any(|change| change.key.starts_with("gateway.")) {
            return Ok(None);
        }
        let settings = edited.config.clone().at(self.back_office.home.folder()).gateway_settings();
        if settings.base_url.is_empty() {
            return Ok(Some(None));
        }
        let key = if settings.ca_file.is_empty() { "gateway.base_url" } else { "gateway.ca_file" };
        let made = Gateway::new(&settings).map_err(|error| bad(key, error.to_string()))?;
        Ok(Some(Some(Arc::new(made))))
    }

    async fn put_in_force(
        &mut self,
        edited: config::Edited,
        gateway: Option<Option<Arc<Gateway>>>,
        guarded: bool,
    ) -> Result<(), SettingsTrouble> {
        let scanner = edited.changes.iter().any(|change| change.key.starts_with("scanner."));
        let config = edited.config.clone().at(self.back_office.home.folder());
        if guarded {
            self.change_rules(config.checkout_settings()).await?;
        }
        self.window = window_view(&config, self.teller.checkout.settings());
        self.codes.send_replace(Codes::of(&config));
        self.idle.lock_after(config.window.lock_after, Instant::now());
        self.back_office.config = config;
        if let Some(gateway) = gateway {
            self.teller.gates.settings = gateway.is_none().then_some(Gate::NoGateway);
            self.errands.gateway = gateway;
            self.gateway = GatewayHealth::Unknown;
            self.pass_gate().await;
        }
        // While a pairing holds the lines, its end opens that of the settings.
        self.typed = Typed::new(self.back_office.config.scanner.source);
        if edited.changes.iter().any(|change| change.key == "window.language") {
            self.looks.choose(Look { language: self.window.language.clone(), ..self.looks.now() });
        }
        if scanner && (self.scanner.is_some() || self.back_office.pairing.is_none()) {
            self.listen_again().await;
        }
        Ok(())
    }

    /// Closes the serial line, if there is one, and opens that of the settings in force.
    pub(crate) async fn listen_again(&mut self) {
        let before = self.scanner.take();
        let settings = self.back_office.config.scanner_settings();
        let file = self.back_office.home.scanner_file();
        let inbox = self.errands.inbox.clone();
        let started = tokio::task::spawn_blocking(move || {
            stop(before);
            let paired = pairing::load(&file)?;
            Ok::<_, anyhow::Error>(Scanner::start(settings, paired.devices, to_inbox(inbox))?)
        });
        match started.await {
            Ok(Ok(scanner)) => self.scanner = Some(scanner),
            Ok(Err(error)) => self.no_scanner(error.to_string()),
            Err(error) => self.no_scanner(error.to_string()),
        }
    }

    fn no_scanner(&mut self, reason: String) {
        tracing::error!(reason, "the scanner could not be started");
        self.scanner_state = ScannerState::Lost { port: self.back_office.config.scanner.port.clone(), reason };
    }
}

/// Ends a scanner; one whose line hangs is left behind and tells nothing any more.
pub(crate) fn stop(scanner: Option<Scanner>) {
    if let Some(scanner) = scanner
        && let Err(still) = scanner.stop()
    {
        tracing::warn!(%still, "the scanner's thread hangs");
    }
}

/// Where a scanner's events go.
pub(crate) fn to_inbox(inbox: mpsc::Sender<Message>) -> impl Fn(scanner::ScannerEvent) + Send + 'static {
    move |event| {
        // A till that has stopped takes no more scans.
        let _ = inbox.blocking_send(Message::Scanner(event));
    }
}

fn bad(key: &str, text: String) -> SettingsTrouble {
    SettingsTrouble::Bad { problems: vec![SettingProblem { key: key.into(), together: true, text }] }
}
