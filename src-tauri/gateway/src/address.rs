//! Settings into addresses: where the platform is, checked once, before anything is sent.

use std::net::IpAddr;

use reqwest::Url;

use crate::settings::{CONNECT_MS, GatewaySettings, REPLY_MS, SetupError};

/// The addresses that this crate speaks to; a value of this type is proof that they are allowed.
#[derive(Clone, Debug)]
pub(crate) struct Addresses {
    /// The platform itself, for warming.
    pub base: Url,
    /// The charge's.
    pub charge: Url,
    /// The query's.
    pub query: Url,
    /// That of a recharge's Begin.
    pub begin: Url,
    /// That of a recharge's End.
    pub end: Url,
}

impl Addresses {
    pub fn of(settings: &GatewaySettings) -> Result<Self, SetupError> {
        within("connect_timeout_ms", settings.connect_timeout_ms, CONNECT_MS)?;
        within("reply_timeout_ms", settings.reply_timeout_ms, REPLY_MS)?;
        payment_type(&settings.payment_type)?;
        let base = base(settings)?;
        let mut joined: Vec<(&'static str, Url)> = Vec::new();
        for (setting, path) in settings.paths() {
            let url = below(&base, path).ok_or(SetupError::BadPath { setting })?;
            // The platform's routing ignores letter case (gateway-api.md §1.1) and a last slash, so this comparison does too.
            let place = |url: &Url| url.path().trim_end_matches('/').to_ascii_lowercase();
            let twin = |(_, other): &&(_, Url)| place(other) == place(&url);
            if let Some((first, _)) = joined.iter().find(twin) {
                return Err(SetupError::SamePath { first, second: setting });
            }
            joined.push((setting, url));
        }
        let urls: Vec<Url> = joined.into_iter().map(|(_, url)| url).collect();
        let [charge, query, begin, end] = urls.try_into().map_err(|_| SetupError::BadAddress)?;
        Ok(Self { base, charge, query, begin, end })
    }

    /// Whether the line is encrypted.
    pub fn encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Whether the platform is this machine (training mode, a local tunnel).
    pub fn is_loopback(&self) -> bool {
        loopback(&self.base)
    }
}

fn base(settings: &GatewaySettings) -> Result<Url, SetupError> {
    let text = settings.base_url.trim();
    if text.is_empty() {
        return Err(SetupError::NoAddress);
    }
    let mut url = Url::parse(text).map_err(|_| SetupError::BadAddress)?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(SetupError::BadAddress);
    }
    // The library would turn user information into a header, and an address ends up in logs.
    if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
        return Err(SetupError::Credentials);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(SetupError::QueryInAddress);
    }
    if url.scheme() == "http" && !settings.allow_http && !loopback(&url) {
        return Err(SetupError::PlainHttp);
    }
    if !url.path().ends_with('/') {
        // Without it, joining would drop the last part of a path prefix.
        let with_slash = format!("{}/", url.path());
        url.set_path(&with_slash);
    }
    Ok(url)
}

fn below(base: &Url, path: &str) -> Option<Url> {
    let path = path.trim().trim_start_matches('/');
    let plain = |c: char| c.is_ascii_graphic() && !"?#%\\@:".contains(c);
    let odd_part = |part: &str| matches!(part, "" | "." | "..");
    if !path.chars().all(plain) || path.trim_end_matches('/').split('/').any(odd_part) {
        return None;
    }
    base.join(path).ok()
}

fn loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    host.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn payment_type(text: &str) -> Result<(), SetupError> {
    let fits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_alphanumeric());
    if text.is_empty() || fits { Ok(()) } else { Err(SetupError::PaymentType) }
}

fn within(setting: &'static str, value: u64, range: std::ops::RangeInclusive<u64>) -> Result<(), SetupError> {
    if range.contains(&value) {
        return Ok(());
    }
    Err(SetupError::Limit { setting, least: *range.start(), most: *range.end() })
}
