//! Hawk from the platform's side, written from gateway-api.md §3.1 over the raw request and other cryptography than the crate's.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway::{Gateway, GatewaySettings, HawkSettings};
use ring::{digest, hmac};
use tempfile::NamedTempFile;

use super::{Seen, settings_at};

pub const ID: &str = "window 7@venue";
/// No log line, error or debug text may hold it.
pub const KEY: &str = "K7F3Q9ZT2M5XW8RBE10ADC3949BA59ABBE56E057F20F883E";

/// What a good signature carried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub ts: i64,
    pub nonce: String,
    pub hashed: bool,
}

/// Recomputes hash and mac from what arrived; says what is wrong otherwise.
pub fn verified(seen: &Seen) -> Result<Stamp, String> {
    let header = seen.header("authorization").ok_or("no Authorization")?;
    let members = header.strip_prefix("Hawk ").ok_or("another scheme")?;
    let member = |name: &str| {
        let begin = format!("{name}=\"");
        members.split(", ").find_map(|part| part.strip_prefix(begin.as_str())?.strip_suffix('"'))
    };
    let part = |name: &str| member(name).ok_or(format!("no {name}"));
    if part("id")? != ID {
        return Err("another id".into());
    }
    let hash = member("hash").unwrap_or_default();
    if !hash.is_empty() || !seen.body.is_empty() {
        let media = seen.header("content-type").and_then(|text| text.split(';').next()).ok_or("no media type")?;
        let payload = [b"hawk.1.payload\n", media.as_bytes(), b"\n", seen.body.as_slice(), b"\n"].concat();
        if STANDARD.encode(digest::digest(&digest::SHA256, &payload)) != hash {
            return Err("bad payload hash".into());
        }
    }
    let mut line = seen.line().split(' ');
    let (method, path) = (line.next().ok_or("no method")?, line.next().ok_or("no path")?);
    let (host, port) = seen.header("host").and_then(|host| host.rsplit_once(':')).ok_or("no port")?;
    let (ts, nonce, mac) = (part("ts")?, part("nonce")?, part("mac")?);
    let text = ["hawk.1.header", ts, nonce, method, path, &host.to_lowercase(), port, hash, "", ""].join("\n");
    let mac = STANDARD.decode(mac).map_err(|_| "mac is no base64")?;
    hmac::verify(&key(), text.as_bytes(), &mac).map_err(|_| "bad mac")?;
    let ts = ts.parse().map_err(|_| "ts is no number")?;
    Ok(Stamp { ts, nonce: nonce.into(), hashed: !hash.is_empty() })
}

/// The platform's signature of a time.
pub fn tsm(ts: i64) -> String {
    STANDARD.encode(hmac::sign(&key(), format!("hawk.1.ts\n{ts}\n").as_bytes()))
}

fn key() -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, KEY.as_bytes())
}

/// A key file that is its owner's alone, as temporary files are.
pub fn key_file(content: impl AsRef<[u8]>) -> NamedTempFile {
    let file = NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), content).expect("written");
    file
}

pub fn signing_settings(url: &str, file: &NamedTempFile) -> GatewaySettings {
    let hawk = HawkSettings { id: ID.into(), key_file: file.path().display().to_string() };
    GatewaySettings { hawk: Some(hawk), payment_type: "66".into(), ..settings_at(url) }
}

/// A gateway that signs; its key file is gone already, since it is read once.
pub fn signing(url: &str) -> Gateway {
    Gateway::new(&signing_settings(url, &key_file(format!("\u{feff}  {KEY}\r\n\n")))).expect("usable settings")
}
