//! The settings: `wicket.toml` read whole, or refused with every problem in it.
//!
//! Start reading at [`Config::load`]. Every key is one row of [`KEYS`]; the default file, the validation and the
//! documentation come from there.

mod creating;
pub(crate) mod edit;
mod kind;
mod nearest;
mod problem;
mod reading;
mod saving;
mod sections;
mod table;
mod venue;

use std::path::{Path, PathBuf};

use checkout::{CodeRules, RechargeBy, Router, Settings};
use gateway::{GatewaySettings, HawkSettings};
use scanner::ScannerSettings;

pub(crate) use kind::pattern_text;
pub use kind::{Form, Kind, Word};
pub use problem::{ConfigError, Problem};
pub(crate) use saving::replace;
pub use sections::{
    Auth, AuthScheme, Customer, Gateway, Language, Limits, Polling, Recharge, RechargeBegin, RechargeEnd, Sound, Window,
};
pub use table::{KEYS, Key};
pub use venue::{Allowed, Leave, NewValue, ON_THE_SCREEN, SettingProblem, SettingView};
pub(crate) use venue::{Edited, edited, needs_supervisor, shown};

/// The settings' file in WICKET_HOME.
pub const CONFIG_FILE: &str = "wicket.toml";
/// The optional table of wallets beside it, in place of the shipped one.
pub const CODE_RULES_FILE: &str = "code-rules.json";

/// All settings, one field for each section of the file.
#[derive(Clone, Debug)]
pub struct Config {
    /// `[window]`.
    pub window: Window,
    /// `[gateway]` and `[gateway.auth]`.
    pub gateway: Gateway,
    /// `[recharge]`.
    pub recharge: Recharge,
    /// `[limits]`.
    pub limits: Limits,
    /// `[polling]`.
    pub polling: Polling,
    /// `[scanner]`.
    pub scanner: ScannerSettings,
    /// `[sound]`.
    pub sound: Sound,
    /// `[customer]`.
    pub customer: Customer,
    /// The wallets' table: shipped, or `code-rules.json`.
    pub code_rules: CodeRules,
}

impl Config {
    /// Reads the file at `path`, and `code-rules.json` beside it if there is one. A missing file is created with every
    /// default. Relative paths in it are relative to its folder, which is WICKET_HOME.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let shown = path.display().to_string();
        creating::create_if_missing(path).map_err(|error| ConfigError::file(&shown, problem::uncreatable(&error)))?;
        let text = reading::text_of(path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        let rules = code_rules_in(folder);
        match (Self::parse(&text, &shown), rules) {
            (Ok(config), Ok(rules)) => Ok(config.within(folder, rules)),
            (config, rules) => Err(ConfigError::joined([config.err(), rules.err()])),
        }
    }

    /// Reads a file's text; `file_name` is what errors call it. Paths stay as written, the wallets' table is the shipped one.
    pub fn parse(text: &str, file_name: &str) -> Result<Self, ConfigError> {
        reading::read(text, file_name)
    }

    /// Whether the program made the file at `path` and nobody has set anything in it since; false where it cannot be read.
    pub fn is_untouched(path: &Path) -> bool {
        std::fs::read_to_string(path).is_ok_and(|text| creating::is_untouched(&text))
    }

    /// The text of a new file: every key with its comment and default.
    pub fn default_file() -> String {
        creating::default_file()
    }

    /// The same settings against the embedded simulator. It speaks as the platform is documented, so what a venue
    /// set about its platform's address, paths, words and signatures does not hold; its time limits do, and its
    /// payment type, which a recharge's Begin names.
    pub fn for_training(mut self, base_url: String) -> Self {
        let venue = self.gateway;
        let shipped = Self::default().gateway;
        self.gateway = Gateway {
            settings: GatewaySettings {
                base_url,
                payment_type: venue.settings.payment_type,
                connect_timeout_ms: venue.settings.connect_timeout_ms,
                reply_timeout_ms: venue.settings.reply_timeout_ms,
                ..shipped.settings
            },
            ..shipped
        };
        self
    }

    /// What the rules of charging depend on.
    pub fn checkout_settings(&self) -> Settings {
        Settings {
            businesses: self.window.businesses.clone(),
            amount_max: self.limits.amount_max,
            amount_ask: self.limits.amount_ask,
            bill_length_max: self.limits.bill_length_max,
            router: Router {
                bill: self.limits.bill_pattern.clone(),
                card: self.limits.card_pattern.clone(),
                rules: self.code_rules.clone(),
            },
            final_negative: self.gateway.final_negative.clone(),
            recharge_begin: match self.recharge.begin {
                RechargeBegin::Upstream => RechargeBy::Others,
                RechargeBegin::Window => RechargeBy::Window,
            },
            recharge_end: match self.recharge.end {
                RechargeEnd::Window => RechargeBy::Window,
                RechargeEnd::Platform => RechargeBy::Others,
            },
            already_done: self.recharge.already_done.clone(),
            min_gap_ms: self.polling.min_gap_ms,
            front_window_ms: self.polling.front_window_ms,
        }
    }

    /// Where the platform is, how it is asked, and how requests are signed.
    pub fn gateway_settings(&self) -> GatewaySettings {
        let Auth { scheme, id, key_file } = &self.gateway.auth;
        let hawk = match scheme {
            AuthScheme::None => None,
            AuthScheme::Hawk => Some(HawkSettings { id: id.clone(), key_file: key_file.clone() }),
        };
        GatewaySettings { hawk, ..self.gateway.settings.clone() }
    }

    /// Where scans come from.
    pub fn scanner_settings(&self) -> ScannerSettings {
        self.scanner.clone()
    }

    fn within(mut self, folder: &Path, rules: CodeRules) -> Self {
        self.code_rules = rules;
        self.at(folder)
    }

    /// The same with relative paths below this folder; absolute ones stay.
    pub(crate) fn at(mut self, folder: &Path) -> Self {
        for file in [&mut self.gateway.settings.ca_file, &mut self.gateway.auth.key_file] {
            if !file.is_empty() {
                *file = folder.join(PathBuf::from(&*file)).display().to_string();
            }
        }
        self
    }
}

/// The settings of a file with nothing in it.
impl Default for Config {
    fn default() -> Self {
        table::defaults()
    }
}

fn code_rules_in(folder: &Path) -> Result<CodeRules, ConfigError> {
    let path = folder.join(CODE_RULES_FILE);
    if !path.exists() {
        return Ok(CodeRules::shipped());
    }
    let shown = path.display().to_string();
    let text = reading::text_of(&path)?;
    CodeRules::parse(&text).map_err(|error| {
        let line = (error.line() > 0).then(|| error.line());
        ConfigError::from(Problem::in_file(
            &shown,
            line,
            format!("must be a table of payment codes as shipped with Wicket, found: {error}"),
        ))
    })
}
