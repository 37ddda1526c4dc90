//! Hawk, the public HTTP MAC scheme, from the side that signs (gateway-api.md §3.1, INFERRED).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::HeaderValue;
use reqwest::{Method, Url};
use sha2::{Digest as _, Sha256};

use crate::settings::{HawkSettings, SetupError};
use crate::{key_file, settings};

/// The media type of every body of ours, without parameters, as it goes into the payload hash.
const MEDIA_TYPE: &str = "application/json";
/// Random bytes of a nonce: none is ever repeated within the time that a server remembers it.
const NONCE_BYTES: usize = 12;

/// Who this till is to the platform. The key is kept only inside the keyed hash, which has no text form.
pub(crate) struct Credentials {
    id: String,
    keyed: Hmac<Sha256>,
}

/// What a signature covers; a request without a body has no payload hash.
pub(crate) struct Signed<'a> {
    pub method: &'a Method,
    pub url: &'a Url,
    pub body: Option<&'a [u8]>,
}

impl Credentials {
    /// Reads the key file, once.
    pub fn load(hawk: &HawkSettings) -> Result<Self, SetupError> {
        if !settings::is_hawk_id(&hawk.id) {
            return Err(SetupError::HawkId);
        }
        let key = key_file::read(&hawk.key_file)?;
        Self::new(&hawk.id, &key)
    }

    fn new(id: &str, key: &str) -> Result<Self, SetupError> {
        let keyed = Hmac::new_from_slice(key.as_bytes())
            .map_err(|_| SetupError::HawkKey { why: "what it holds cannot be used as a key".into() })?;
        Ok(Self { id: id.to_owned(), keyed })
    }

    /// The `Authorization` header for one request at one time (`ts`, Unix seconds of the platform's clock) with a fresh
    /// nonce; `None` if the machine has no randomness to give.
    pub fn authorization(&self, signed: &Signed<'_>, ts: i64) -> Option<HeaderValue> {
        let mut random = [0; NONCE_BYTES];
        getrandom::fill(&mut random).ok()?;
        let text = self.header(signed, ts, &URL_SAFE_NO_PAD.encode(random))?;
        let mut value = HeaderValue::from_str(&text).ok()?;
        // Whoever reads a library's log must not be able to repeat a signed request.
        value.set_sensitive(true);
        Some(value)
    }

    fn header(&self, signed: &Signed<'_>, ts: i64, nonce: &str) -> Option<String> {
        let Signed { method, url, body } = signed;
        let hash = body.map(payload_hash).unwrap_or_default();
        let host = url.host_str()?.to_ascii_lowercase();
        let port = url.port_or_known_default()?;
        let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
        let path = url.path();
        // The last two lines: the payload hash, and an `ext` that we never send.
        let text = format!("hawk.1.header\n{ts}\n{nonce}\n{method}\n{path}{query}\n{host}\n{port}\n{hash}\n\n");
        let mac = STANDARD.encode(self.keyed_with(&text).finalize().into_bytes());
        let id = &self.id;
        let hash = if hash.is_empty() { hash } else { format!(", hash=\"{hash}\"") };
        Some(format!("Hawk id=\"{id}\", ts=\"{ts}\", nonce=\"{nonce}\"{hash}, mac=\"{mac}\""))
    }

    /// Whether a time in a refusal was signed by somebody who has the key (`tsm`).
    pub fn vouches_for(&self, ts: &str, tsm: &str) -> bool {
        let keyed = self.keyed_with(&format!("hawk.1.ts\n{ts}\n"));
        STANDARD.decode(tsm).is_ok_and(|tsm| keyed.verify_slice(&tsm).is_ok())
    }

    fn keyed_with(&self, text: &str) -> Hmac<Sha256> {
        self.keyed.clone().chain_update(text.as_bytes())
    }
}

fn payload_hash(body: &[u8]) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("hawk.1.payload\n{MEDIA_TYPE}\n"));
    hash.update(body);
    hash.update("\n");
    STANDARD.encode(hash.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    // The worked example of gateway-api.md §3.1.
    const KEY: &str = "K7F3Q9ZT2M5XW8RBE10ADC3949BA59ABBE56E057F20F883E";
    const BODY: &str =
        r#"{"billnum":"T2024060100123","autoid":"8c1f0c52-6d0e-4c39-9a55-0c6b1f5c7e21","billtype":"2","paytype":"66"}"#;
    const HASH: &str = "0j0UcOmtLktsHGPN0Wbjpapd9jsFoiwh9JbreC30B50=";
    const MAC: &str = "o1t8vtjwMxLr3zQa9t0Gn3E41xA9Vx9XmsgezYpwwyI=";

    fn header(method: &Method, url: &str, body: Option<&str>) -> String {
        let url = Url::parse(url).expect("an address");
        let signed = Signed { method, url: &url, body: body.map(str::as_bytes) };
        Credentials::new("till", KEY).expect("a key").header(&signed, 1_717_206_000, "f3Kq9Z").expect("a header")
    }

    #[test]
    fn the_worked_example_gives_its_hash_and_its_mac() {
        assert_eq!(payload_hash(BODY.as_bytes()), HASH);
        let whole = format!(r#"Hawk id="till", ts="1717206000", nonce="f3Kq9Z", hash="{HASH}", mac="{MAC}""#);
        for url in [
            "https://gateway.example/api/3Pay/KouDaiLQ/Query",
            "HTTPS://Gateway.EXAMPLE:443/api/3Pay/KouDaiLQ/Query",
            "http://gateway.example:443/api/3Pay/KouDaiLQ/Query",
        ] {
            assert_eq!(header(&Method::POST, url, Some(BODY)), whole, "{url}");
        }
    }

    #[test]
    fn every_part_of_a_request_changes_its_mac() {
        let example = header(&Method::POST, "https://gateway.example/api/3Pay/KouDaiLQ/Query", Some(BODY));
        for (method, url, body) in [
            (&Method::GET, "https://gateway.example/api/3Pay/KouDaiLQ/Query", BODY),
            (&Method::POST, "https://gateway.example/api/3pay/KouDaiLQ/Query", BODY),
            (&Method::POST, "https://gateway.example/api/3Pay/KouDaiLQ/Query?a", BODY),
            (&Method::POST, "https://gateway.example:8443/api/3Pay/KouDaiLQ/Query", BODY),
            (&Method::POST, "http://gateway.example/api/3Pay/KouDaiLQ/Query", BODY),
            (&Method::POST, "https://gateway2.example/api/3Pay/KouDaiLQ/Query", BODY),
            (&Method::POST, "https://gateway.example/api/3Pay/KouDaiLQ/Query", "{}"),
        ] {
            let mac = header(method, url, Some(body));
            assert_ne!(mac.split("mac=").nth(1), example.split("mac=").nth(1), "{method} {url}");
        }
    }

    #[test]
    fn without_a_body_there_is_no_hash() {
        let header = header(&Method::GET, "https://gateway.example/", None);
        assert!(!header.contains("hash="), "{header}");
    }

    #[test]
    fn a_nonce_is_never_the_same_and_the_value_is_not_for_logs() {
        let credentials = Credentials::new("till", KEY).expect("a key");
        let url = Url::parse("https://gateway.example/").expect("an address");
        let sign = || {
            let signed = Signed { method: &Method::POST, url: &url, body: Some(b"{}") };
            credentials.authorization(&signed, 1).expect("signed")
        };
        let (first, second) = (sign(), sign());
        assert_ne!(first, second);
        assert_eq!(format!("{first:?}"), "Sensitive");
    }

    #[test]
    fn a_time_is_vouched_for_by_the_key_alone() {
        let credentials = Credentials::new("till", KEY).expect("a key");
        let mut mac = Hmac::<Sha256>::new_from_slice(KEY.as_bytes()).expect("a key");
        mac.update(b"hawk.1.ts\n1717206000\n");
        let tsm = STANDARD.encode(mac.finalize().into_bytes());
        assert!(credentials.vouches_for("1717206000", &tsm));
        for (ts, tsm) in [("1717206001", tsm.as_str()), ("1717206000", "AAAA"), ("1717206000", ""), ("1717206000", "?")]
        {
            assert!(!credentials.vouches_for(ts, tsm), "{ts} {tsm}");
        }
    }
}
