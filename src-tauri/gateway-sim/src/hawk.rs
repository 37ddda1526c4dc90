//! Hawk, the public HTTP MAC scheme, from the side that verifies (gateway-api.md §3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::switches::HawkKey;

/// How far a client's clock may be off, in seconds; the usual tolerance of servers.
pub(crate) const TOLERANCE: i64 = 60;

/// What the header signs, besides its own members.
pub(crate) struct Signed<'a> {
    pub method: &'a str,
    pub path_and_query: &'a str,
    pub host: &'a str,
    pub port: u16,
    pub content_type: &'a str,
    pub body: &'a [u8],
}

/// Why a request is not let in: the `WWW-Authenticate` header that says so.
#[derive(Debug)]
pub(crate) struct NotAllowed(pub String);

/// Checks the `Authorization` header; `now` is the platform's clock in Unix seconds.
pub(crate) fn verify(header: Option<&str>, key: &HawkKey, signed: &Signed<'_>, now: i64) -> Result<(), NotAllowed> {
    let refuse = |why: &str| Err(NotAllowed(format!("Hawk error=\"{why}\"")));
    let Some(members) = header.and_then(|header| header.strip_prefix("Hawk ")) else {
        return Err(NotAllowed("Hawk".to_owned()));
    };
    let member = |name: &str| {
        members.split(',').find_map(|part| {
            let (key, value) = part.trim().split_once('=')?;
            (key == name).then(|| value.trim_matches('"').to_owned())
        })
    };
    let (Some(id), Some(ts), Some(nonce), Some(sent)) = (member("id"), member("ts"), member("nonce"), member("mac"))
    else {
        return refuse("Missing attributes");
    };
    if id != key.id {
        return refuse("Unknown credentials");
    }
    let hash = member("hash").unwrap_or_default();
    let ext = member("ext").unwrap_or_default();
    if mac(&key.key, &ts, &nonce, signed, &hash, &ext) != sent {
        return refuse("Bad mac");
    }
    if !hash.is_empty() && payload_hash(signed.content_type, signed.body) != hash {
        return refuse("Bad payload hash");
    }
    match ts.parse::<i64>() {
        Ok(ts) if ts.abs_diff(now) <= TOLERANCE.unsigned_abs() => Ok(()),
        _ => Err(NotAllowed(stale(key, now))),
    }
}

/// The challenge that tells a client the platform's time, signed so that it can be believed.
pub(crate) fn stale(key: &HawkKey, now: i64) -> String {
    let tsm = keyed(&key.key, &format!("hawk.1.ts\n{now}\n"));
    format!("Hawk ts=\"{now}\", tsm=\"{tsm}\", error=\"Stale timestamp\"")
}

fn payload_hash(content_type: &str, body: &[u8]) -> String {
    let media = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let mut hash = Sha256::new();
    hash.update(format!("hawk.1.payload\n{media}\n"));
    hash.update(body);
    hash.update("\n");
    STANDARD.encode(hash.finalize())
}

fn mac(key: &str, ts: &str, nonce: &str, signed: &Signed<'_>, hash: &str, ext: &str) -> String {
    let Signed { method, path_and_query, host, port, .. } = signed;
    let (method, host) = (method.to_ascii_uppercase(), host.to_ascii_lowercase());
    keyed(key, &format!("hawk.1.header\n{ts}\n{nonce}\n{method}\n{path_and_query}\n{host}\n{port}\n{hash}\n{ext}\n"))
}

fn keyed(key: &str, text: &str) -> String {
    // HMAC takes keys of any length, so the error cannot happen; an empty text then matches nothing.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
        return String::new();
    };
    mac.update(text.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str =
        r#"{"billnum":"T2024060100123","autoid":"8c1f0c52-6d0e-4c39-9a55-0c6b1f5c7e21","billtype":"2","paytype":"66"}"#;
    const HASH: &str = "0j0UcOmtLktsHGPN0Wbjpapd9jsFoiwh9JbreC30B50=";
    const MAC: &str = "o1t8vtjwMxLr3zQa9t0Gn3E41xA9Vx9XmsgezYpwwyI=";
    const NOW: i64 = 1_717_206_000;

    fn key() -> HawkKey {
        HawkKey { id: "till".to_owned(), key: "K7F3Q9ZT2M5XW8RBE10ADC3949BA59ABBE56E057F20F883E".to_owned() }
    }

    fn signed(body: &str) -> Signed<'_> {
        Signed {
            method: "POST",
            path_and_query: "/api/3Pay/KouDaiLQ/Query",
            host: "gateway.example",
            port: 443,
            content_type: "application/json; charset=utf-8",
            body: body.as_bytes(),
        }
    }

    fn asks(body: &str, now: i64) -> Result<(), NotAllowed> {
        let header = format!("Hawk id=\"till\", ts=\"{NOW}\", nonce=\"f3Kq9Z\", hash=\"{HASH}\", mac=\"{MAC}\"");
        verify(Some(&header), &key(), &signed(body), now)
    }

    #[test]
    fn the_worked_example_of_the_reference_is_let_in() {
        assert_eq!(payload_hash("application/json", BODY.as_bytes()), HASH);
        asks(BODY, NOW).expect("let in");
    }

    #[test]
    fn a_clock_within_sixty_seconds_is_let_in_and_one_beyond_is_told_the_time() {
        asks(BODY, NOW + 60).expect("let in");
        asks(BODY, NOW - 60).expect("let in");
        let NotAllowed(challenge) = asks(BODY, NOW + 61).expect_err("stale");
        assert!(challenge.starts_with(&format!("Hawk ts=\"{}\", tsm=\"", NOW + 61)), "{challenge}");
    }

    #[test]
    fn a_changed_body_a_missing_header_and_another_key_are_kept_out() {
        assert!(asks(&BODY.replace("66", "67"), NOW).is_err());
        assert!(verify(None, &key(), &signed(BODY), NOW).is_err());
        let other = HawkKey { key: "another".to_owned(), ..key() };
        let header = format!("Hawk id=\"till\", ts=\"{NOW}\", nonce=\"f3Kq9Z\", hash=\"{HASH}\", mac=\"{MAC}\"");
        assert!(verify(Some(&header), &other, &signed(BODY), NOW).is_err());
    }
}
