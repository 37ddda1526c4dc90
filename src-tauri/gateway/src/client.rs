//! The HTTP client: everything it could do by itself is off, since any repeat might charge twice.

use std::time::Duration;

use reqwest::{Certificate, Client, ClientBuilder, redirect, retry};

use crate::address::Addresses;
use crate::settings::{GatewaySettings, SetupError};

/// How long an unused connection is kept. A customer every three minutes must find it warm
/// (durability-latency-security.md §3); keepalive notices a line that died meanwhile.
const IDLE_KEPT: Duration = Duration::from_secs(600);
/// Between two signs of life on a silent line; short enough for a router that forgets silent lines.
const KEEPALIVE: Duration = Duration::from_secs(30);
/// How long an unanswered sign of life is waited for.
const KEEPALIVE_LIMIT: Duration = Duration::from_secs(10);
/// Unanswered signs of life before a line is given up.
const KEEPALIVE_TRIES: u32 = 3;
/// Idle connections kept: a charge and the queries that go on beside it.
const IDLE_MAX: usize = 8;

/// Builds the one client of a gateway.
pub(crate) fn build(settings: &GatewaySettings, addresses: &Addresses) -> Result<Client, SetupError> {
    // Fails only if the process has a provider already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let reply = Duration::from_millis(settings.reply_timeout_ms);
    let builder = Client::builder()
        .user_agent(concat!("wicket/", env!("CARGO_PKG_VERSION")))
        // `code-once`: the library's own answers to 3xx, REFUSED_STREAM and GOAWAY would send the charge again.
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(Duration::from_millis(settings.connect_timeout_ms))
        .timeout(reply)
        .tcp_nodelay(true)
        .tcp_keepalive(KEEPALIVE)
        .tcp_keepalive_interval(KEEPALIVE_LIMIT)
        .tcp_keepalive_retries(KEEPALIVE_TRIES)
        .http2_keep_alive_interval(KEEPALIVE)
        .http2_keep_alive_timeout(KEEPALIVE_LIMIT)
        .http2_keep_alive_while_idle(true)
        .pool_idle_timeout(IDLE_KEPT)
        .pool_max_idle_per_host(IDLE_MAX);
    trust(builder, settings, addresses)?
        .build()
        .map_err(|error| broken_setup(settings, &crate::exchange::in_words(&error)))
}

/// Whom to believe. The system's own store and verifier, because that is where a venue's administrator puts a company
/// authority and takes a bad one away; a list compiled in would know neither. A named `ca_file` replaces it: there is
/// only one host, and nobody else has to vouch for it.
fn trust(
    builder: ClientBuilder,
    settings: &GatewaySettings,
    addresses: &Addresses,
) -> Result<ClientBuilder, SetupError> {
    let ca_file = settings.ca_file.trim();
    if !ca_file.is_empty() {
        return Ok(builder.tls_certs_only(authorities(ca_file)?));
    }
    if !addresses.encrypted() {
        // A machine without any certificates must still be able to train against a local simulator.
        return Ok(builder.tls_certs_only([]));
    }
    Ok(builder.https_only(true))
}

fn authorities(path: &str) -> Result<Vec<Certificate>, SetupError> {
    let refused = |why: String| SetupError::CaFile { why };
    let pem = std::fs::read(path).map_err(|e| refused(format!("reading it failed: {e}")))?;
    let found = Certificate::from_pem_bundle(&pem)
        .map_err(|e| refused(format!("its content is not PEM: {}", crate::exchange::in_words(&e))))?;
    if found.is_empty() {
        return Err(refused("it holds none".into()));
    }
    Ok(found)
}

fn broken_setup(settings: &GatewaySettings, why: &str) -> SetupError {
    let why = why.to_owned();
    if settings.ca_file.trim().is_empty() { SetupError::Tls { why } } else { SetupError::CaFile { why } }
}
