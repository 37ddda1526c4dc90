//! What a refusal of a signature says: `WWW-Authenticate: Hawk ts="…", tsm="…", error="…"`.

use reqwest::header::{HeaderMap, WWW_AUTHENTICATE};

use crate::hawk::Credentials;

/// A 401's own words.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Challenge {
    /// The platform's time in Unix seconds.
    pub ts: Option<i64>,
    /// Why, as the platform wrote it.
    pub error: Option<String>,
}

impl Challenge {
    /// Reads the Hawk challenge among an answer's headers. A time with a signature (`tsm`) that is not the key's is left
    /// out; one without any is believed as much as `Date` is.
    pub fn of(headers: &HeaderMap, credentials: Option<&Credentials>) -> Option<Self> {
        let values = headers.get_all(WWW_AUTHENTICATE).iter().filter_map(|value| value.to_str().ok());
        let members = values.filter_map(after_scheme).next()?;
        let mut challenge = Self::default();
        let ts = member(members, "ts");
        let forged = |ts: &str| {
            let tsm = member(members, "tsm");
            tsm.is_some_and(|tsm| !credentials.is_some_and(|ours| ours.vouches_for(ts, tsm)))
        };
        challenge.ts = ts.filter(|ts| !forged(ts)).and_then(|ts| ts.parse().ok());
        challenge.error = member(members, "error").map(str::to_owned);
        Some(challenge)
    }
}

fn after_scheme(value: &str) -> Option<&str> {
    let (scheme, rest) = value.trim().split_once(' ').unwrap_or((value.trim(), ""));
    scheme.eq_ignore_ascii_case("Hawk").then_some(rest)
}

/// A member's text. Between the quotes commas may stand, but never a quote.
fn member<'a>(members: &'a str, name: &str) -> Option<&'a str> {
    let mut parts = members.split('"');
    while let (Some(key), Some(text)) = (parts.next(), parts.next()) {
        let key = key.trim_matches([' ', ',', '\t']).trim_end_matches('=').trim_end();
        if key.eq_ignore_ascii_case(name) {
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(WWW_AUTHENTICATE, value.parse().expect("a value"));
        }
        Challenge::of(&headers, None)
    }

    #[test]
    fn a_challenge_is_found_in_any_dress() {
        let said = |ts, error: &str| Some(Challenge { ts, error: Some(error.into()) });
        for value in [
            r#"Hawk ts="1717206000", error="Stale, by far""#,
            r#"hawk error="Stale, by far",ts="1717206000""#,
            r#"Hawk  ts = "1717206000" ,  Error="Stale, by far", x"#,
        ] {
            assert_eq!(read(&["Basic realm=\"x\"", value]), said(Some(1_717_206_000), "Stale, by far"), "{value}");
        }
        assert_eq!(read(&["Hawk"]), Some(Challenge::default()));
        assert_eq!(read(&[r#"Hawk error="Bad mac""#]), said(None, "Bad mac"));
        for value in [r#"Hawk ts="soon""#, r#"Hawk ts="99999999999999999999""#, "Hawk ts=1717206000", r#"Hawk ts=""#] {
            assert_eq!(read(&[value]), Some(Challenge::default()), "{value}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Basic realm=\"Hawk\"", "Hawkish ts=\"1\""]), None);
    }

    #[test]
    fn a_time_with_a_signature_nobody_can_check_is_left_out() {
        let read = read(&[r#"Hawk ts="1717206000", tsm="AAAA", error="Stale""#]);
        assert_eq!(read, Some(Challenge { ts: None, error: Some("Stale".into()) }));
    }
}
