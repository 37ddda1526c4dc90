//! The table of keys: what may stand in `wicket.toml`, in the order of the file.

use std::time::Duration;

use scanner::decoder::{QUIET_GAP_MS_MAX, QUIET_GAP_MS_MIN};
use scanner::{ScannerSettings, Source};
use toml_edit::Value;

use super::Config;
use super::kind::{Form, Kind, amount, choice, flag, number, pattern, text, words};
use super::sections::{
    Auth, AuthScheme, Customer, Gateway, Language, Limits, Polling, Recharge, RechargeBegin, RechargeEnd, Sound, Window,
};
use crate::hall::{VOLUME_MAX, Voice};

/// One key of the file.
pub struct Key {
    /// Its section, without brackets.
    pub section: &'static str,
    /// Its name in the section.
    pub name: &'static str,
    /// Its value when it is missing, as TOML.
    pub default: &'static str,
    /// What it may hold and where that goes.
    pub kind: Kind,
    /// What it is for, as the beginning of a sentence.
    pub comment: &'static str,
}

impl Key {
    /// Section and name: `gateway.base_url`.
    pub fn path(&self) -> String {
        format!("{}.{}", self.section, self.name)
    }
}

/// Longest `window.id`, in characters: it stands in every line of every export.
const ID_CHARS: usize = 20;
/// Longest `window.name`, in characters: it stands in the title of the screen.
const NAME_CHARS: usize = 60;
/// Longest `window.lock_after_minutes`: two hours.
const LOCK_AFTER_MINUTES_MAX: u32 = 120;
/// Longest text of any other key.
const TEXT_CHARS: usize = 1_024;
/// Longest name of a serial port.
const PORT_CHARS: usize = 255;

/// Every key, in the order of the file.
pub static KEYS: &[Key] = &[
    key(
        "window",
        "id",
        r#""W01""#,
        text(1, ID_CHARS, Form::Free, |c, v| c.window.id = v),
        "The window's short name, part of every export",
    ),
    key(
        "window",
        "name",
        r#""1号窗口""#,
        text(1, NAME_CHARS, Form::Free, |c, v| c.window.name = v),
        "What people call this window",
    ),
    key(
        "window",
        "language",
        r#""zh-CN""#,
        choice(&[
            ("zh-CN", |c| c.window.language = Language::Chinese),
            ("en", |c| c.window.language = Language::English),
        ]),
        "The screen's language at the start",
    ),
    key(
        "window",
        "businesses",
        "[1, 2, 3, 4, 5, 6, 7]",
        Kind::Businesses { store: |c, v| c.window.businesses = v },
        "Business types offered at this window, the first preselected: 1 tickets, 2 retail, 3 charter, 4 shuttle, 5 rental, 6 joint retail, 7 card recharge",
    ),
    key(
        "window",
        "lock_after_minutes",
        "0",
        number(0, LOCK_AFTER_MINUTES_MAX, |c, v| {
            c.window.lock_after = (v > 0).then(|| Duration::from_secs(60 * u64::from(v)));
        }),
        "Minutes without a key, a touch or a scan after which the screen locks by itself, 0 for never; an undecided charge in front keeps it open",
    ),
    key(
        "gateway",
        "base_url",
        r#""""#,
        text(0, TEXT_CHARS, Form::Address, |c, v| {
            c.gateway.settings.base_url = v;
        }),
        "Address of the payment platform; while it is empty the till refuses to charge",
    ),
    key(
        "gateway",
        "allow_http",
        "false",
        flag(|c, v| c.gateway.settings.allow_http = v),
        "Whether plain http may be spoken to another machine, which shows payment codes to the network",
    ),
    key(
        "gateway",
        "ca_file",
        r#""""#,
        text(0, TEXT_CHARS, Form::File, |c, v| {
            c.gateway.settings.ca_file = v;
        }),
        "File with a private certificate authority (PEM), which alone is trusted then; empty for the system's",
    ),
    key(
        "gateway",
        "payment_type",
        r#""""#,
        text(0, 2, Form::PaymentType, |c, v| {
            c.gateway.settings.payment_type = v;
        }),
        "The platform's id of this payment provider; empty to take it from its answers, but recharge.begin = \"window\" needs it",
    ),
    key(
        "gateway",
        "charge_path",
        r#""api/3Pay/KouDaiLQ/BarCode""#,
        text(1, TEXT_CHARS, Form::RelativePath, |c, v| {
            c.gateway.settings.charge_path = v;
        }),
        "Path of the charge",
    ),
    key(
        "gateway",
        "query_path",
        r#""api/3Pay/KouDaiLQ/Query""#,
        text(1, TEXT_CHARS, Form::RelativePath, |c, v| {
            c.gateway.settings.query_path = v;
        }),
        "Path of the query",
    ),
    key(
        "gateway",
        "recharge_begin_path",
        r#""api/ValueCard/Busi/Recharge/WithBarCode/Begin""#,
        text(1, TEXT_CHARS, Form::RelativePath, |c, v| {
            c.gateway.settings.recharge_begin_path = v;
        }),
        "Path of a card recharge's Begin",
    ),
    key(
        "gateway",
        "recharge_end_path",
        r#""api/ValueCard/Busi/Recharge/WithBarCode/End""#,
        text(1, TEXT_CHARS, Form::RelativePath, |c, v| {
            c.gateway.settings.recharge_end_path = v;
        }),
        "Path of a card recharge's End",
    ),
    key(
        "gateway",
        "final_negative",
        r#"["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"]"#,
        // Either of these words as a negative would write off money that came in.
        words(&["SUCCESS", "REFUND"], |c, v| c.gateway.final_negative = v),
        "The platform's words for a payment that has failed for good",
    ),
    key(
        "gateway",
        "connect_timeout_ms",
        "5000",
        number(100, 60_000, |c, v| {
            c.gateway.settings.connect_timeout_ms = v.into();
        }),
        "Limit for making a connection, in milliseconds",
    ),
    key(
        "gateway",
        "reply_timeout_ms",
        "15000",
        number(1_000, 120_000, |c, v| {
            c.gateway.settings.reply_timeout_ms = v.into();
        }),
        "Limit for a whole request and its answer, in milliseconds",
    ),
    key(
        "gateway.auth",
        "scheme",
        r#""none""#,
        choice(&[
            ("none", |c| c.gateway.auth.scheme = AuthScheme::None),
            ("hawk", |c| c.gateway.auth.scheme = AuthScheme::Hawk),
        ]),
        "How requests are signed; hawk needs id and key_file",
    ),
    key(
        "gateway.auth",
        "id",
        r#""""#,
        text(0, TEXT_CHARS, Form::HawkId, |c, v| c.gateway.auth.id = v),
        "Id of the Hawk credentials",
    ),
    key(
        "gateway.auth",
        "key_file",
        r#""""#,
        text(0, TEXT_CHARS, Form::File, |c, v| {
            c.gateway.auth.key_file = v;
        }),
        "File with the Hawk key and nothing else, readable by its owner alone; the key itself never stands here",
    ),
    key(
        "recharge",
        "begin",
        r#""upstream""#,
        choice(&[
            ("upstream", |c| c.recharge.begin = RechargeBegin::Upstream),
            ("window", |c| c.recharge.begin = RechargeBegin::Window),
        ]),
        "Who calls a recharge's Begin, the selling system (upstream) or this program (window)",
    ),
    key(
        "recharge",
        "end",
        r#""window""#,
        choice(&[
            ("window", |c| c.recharge.end = RechargeEnd::Window),
            ("platform", |c| c.recharge.end = RechargeEnd::Platform),
        ]),
        "Who calls a recharge's End: this program (window) or the platform's own callback (platform)",
    ),
    key(
        "recharge",
        "already_done",
        "[]",
        words(&[], |c, v| c.recharge.already_done = v),
        "Words or codes of a refused End that mean \"credited before\"",
    ),
    key(
        "limits",
        "amount_max",
        r#""50000.00""#,
        amount(|c, v| c.limits.amount_max = v),
        "The largest amount that is taken, in yuan",
    ),
    key(
        "limits",
        "amount_ask",
        r#""2000.00""#,
        amount(|c, v| c.limits.amount_ask = v),
        "Above this amount the cashier is asked once more, in yuan",
    ),
    key(
        "limits",
        "bill_length_max",
        "20",
        number(1, checkout::bill::BILL_WIRE_MAX as u32, |c, v| {
            c.limits.bill_length_max = v as usize;
        }),
        "Longest bill number; above 20 only where the platform's Query and End take it, and recharges stay at 20",
    ),
    key(
        "limits",
        "bill_pattern",
        r#""""#,
        pattern(|c, v| c.limits.bill_pattern = v),
        "A scan that fits this whole goes to the bill field; tested before payment codes",
    ),
    key(
        "limits",
        "card_pattern",
        r#""""#,
        pattern(|c, v| c.limits.card_pattern = v),
        "A scan that fits this whole goes to the card field; tested before payment codes",
    ),
    key(
        "polling",
        "min_gap_ms",
        "1000",
        number(100, 60_000, |c, v| c.polling.min_gap_ms = v.into()),
        "Least time between two queries for one charge, in milliseconds",
    ),
    key(
        "polling",
        "front_window_ms",
        "60000",
        number(5_000, 600_000, |c, v| c.polling.front_window_ms = v.into()),
        "How long a charge stays in front of the customer before it is parked, in milliseconds",
    ),
    key(
        "scanner",
        "source",
        r#""auto""#,
        choice(&[
            ("serial", |c| c.scanner.source = Source::Serial),
            ("keyboard", |c| c.scanner.source = Source::Keyboard),
            ("auto", |c| c.scanner.source = Source::Auto),
        ]),
        "Where scans come from: a serial line, a scanner that types, or both (auto)",
    ),
    key(
        "scanner",
        "port",
        r#""auto""#,
        text(1, PORT_CHARS, Form::Port, |c, v| c.scanner.port = v),
        "The scanner's serial port; auto for the paired USB serial device",
    ),
    key("scanner", "baud", "9600", number(300, 921_600, |c, v| c.scanner.baud = v), "Speed of the serial line"),
    key(
        "scanner",
        "key_gap_ms",
        "50",
        number(20, 200, |c, v| c.scanner.key_gap_ms = v),
        "Longest pause between two keys of one code of a scanner that types, in milliseconds; a person's keys wait as long",
    ),
    key(
        "scanner",
        "quiet_gap_ms",
        "120",
        number(QUIET_GAP_MS_MIN, QUIET_GAP_MS_MAX, |c, v| c.scanner.quiet_gap_ms = v),
        "Silence that ends a code of a scanner that sends nothing after it, in milliseconds",
    ),
    key(
        "sound",
        "volume",
        "70",
        number(0, VOLUME_MAX, |c, v| c.sound.volume = v),
        "Loudness of tones and voice; the till changes it here when it is changed on the screen",
    ),
    key("sound", "mute", "false", flag(|c, v| c.sound.mute = v), "Whether nothing is heard at all"),
    key(
        "sound",
        "voice",
        r#""screen""#,
        choice(&[
            ("screen", |c| c.sound.voice = Voice::Screen),
            ("zh-CN", |c| c.sound.voice = Voice::Chinese),
            ("en", |c| c.sound.voice = Voice::English),
            ("both", |c| c.sound.voice = Voice::Both),
            ("off", |c| c.sound.voice = Voice::Off),
        ]),
        "The language in which a payment is said aloud once it is proved: that of the screen, a fixed one, both, or off",
    ),
    key(
        "customer",
        "screen",
        r#""off""#,
        choice(&[("off", |c| c.customer.screen = false), ("on", |c| c.customer.screen = true)]),
        "A screen for the customer, on the second monitor where there is one",
    ),
];

/// All defaults of the table.
pub(super) fn defaults() -> Config {
    let mut config = blank();
    for key in KEYS {
        let taken = key.default.parse::<Value>().is_ok_and(|value| key.kind.take(&value, &mut config).is_ok());
        assert!(taken, "the default of {} is not allowed", key.path());
    }
    config
}

/// A place for values; the table overwrites every field.
fn blank() -> Config {
    let checkout::Settings { amount_max, amount_ask, router, .. } = checkout::Settings::default();
    Config {
        window: Window {
            id: String::new(),
            name: String::new(),
            language: Language::Chinese,
            businesses: Vec::new(),
            lock_after: None,
        },
        gateway: Gateway {
            settings: gateway::GatewaySettings::default(),
            final_negative: Vec::new(),
            auth: Auth { scheme: AuthScheme::None, id: String::new(), key_file: String::new() },
        },
        recharge: Recharge { begin: RechargeBegin::Upstream, end: RechargeEnd::Window, already_done: Vec::new() },
        limits: Limits { amount_max, amount_ask, bill_length_max: 0, bill_pattern: None, card_pattern: None },
        polling: Polling { min_gap_ms: 0, front_window_ms: 0 },
        scanner: ScannerSettings::default(),
        sound: Sound { volume: 0, mute: false, voice: Voice::Screen },
        customer: Customer { screen: false },
        code_rules: router.rules,
    }
}

const fn key(
    section: &'static str,
    name: &'static str,
    default: &'static str,
    kind: Kind,
    comment: &'static str,
) -> Key {
    Key { section, name, default, kind, comment }
}
