//! The sections of the file as types.

use std::time::Duration;

use checkout::{Amount, Business};
use gateway::GatewaySettings;
use regex::Regex;

use crate::hall::Voice;

/// `[window]`: this ticket window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Part of every export.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The screen's language at the start.
    pub language: Language,
    /// Offered at this window; never empty, the first is preselected.
    pub businesses: Vec<Business>,
    /// After so long without anybody the screen locks; `None`: never by itself.
    pub lock_after: Option<Duration>,
}

/// A language of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `zh-CN`.
    Chinese,
    /// `en`.
    English,
}

impl Language {
    /// The word in the file and on the screen's side.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Chinese => "zh-CN",
            Self::English => "en",
        }
    }
}

/// `[gateway]` and `[gateway.auth]`: the venue's payment platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Where it is and how it is asked; without the credentials, which [`super::Config::gateway_settings`] adds.
    pub settings: GatewaySettings,
    /// Its words for "no money moved, for good".
    pub final_negative: Vec<String>,
    /// Who this till is to it.
    pub auth: Auth,
}

/// `[gateway.auth]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Auth {
    /// How requests are signed.
    pub scheme: AuthScheme,
    /// The credentials' id.
    pub id: String,
    /// The file that holds the key; the key itself never stands in the settings.
    pub key_file: String,
}

/// How requests are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthScheme {
    /// Not at all.
    None,
    /// With a Hawk header (gateway-api.md §3).
    Hawk,
}

/// `[recharge]`: the second leg of a charge for business 7.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recharge {
    /// Who calls Begin.
    pub begin: RechargeBegin,
    /// Who calls End.
    pub end: RechargeEnd,
    /// Words or codes of an End refusal that mean "credited before"; never an empty one, which would fit every refusal.
    pub already_done: Vec<String>,
}

/// Who calls a recharge's Begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RechargeBegin {
    /// The selling system, before the bill is paid.
    Upstream,
    /// This program.
    Window,
}

/// Who calls a recharge's End.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RechargeEnd {
    /// This program.
    Window,
    /// The platform's own callback.
    Platform,
}

/// `[limits]`.
#[derive(Clone, Debug)]
pub struct Limits {
    /// No amount above this is taken.
    pub amount_max: Amount,
    /// Above this, arming asks once more.
    pub amount_ask: Amount,
    /// Longest bill number.
    pub bill_length_max: usize,
    /// A scan that fits whole goes to the bill field.
    pub bill_pattern: Option<Regex>,
    /// A scan that fits whole goes to the card field.
    pub card_pattern: Option<Regex>,
}

/// `[polling]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Polling {
    /// Least time between two queries for one charge, in milliseconds.
    pub min_gap_ms: u64,
    /// How long a charge stays in front, in milliseconds.
    pub front_window_ms: u64,
}

/// `[sound]`: what is heard at this window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sound {
    /// Loudness, 0 to 100.
    pub volume: u32,
    /// Nothing is heard.
    pub mute: bool,
    /// Who says a payment aloud.
    pub voice: Voice,
}

/// `[customer]`: the customer's screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Customer {
    /// There is one.
    pub screen: bool,
}
