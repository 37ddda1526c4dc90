//! A settings file by anybody: refused with the file's name, or taken with every limit kept. Longer with `HOSTILE=<cases>`.

#[path = "hostile/asks.rs"]
mod asks;
mod window;

use gateway::Gateway;
use proptest::prelude::*;
use till::config::{Config, KEYS};

fn hostile(usual: u32) -> ProptestConfig {
    let cases = std::env::var("HOSTILE").ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

const VALUES: &[&str] = &[
    "\"\"",
    "''",
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "99999999999999999999",
    "0x10",
    "1e9",
    "nan",
    "inf",
    "true",
    "false",
    "[]",
    "[[]]",
    "[1, 2]",
    "[1, 1]",
    "[8]",
    "[\"PAYERROR\", 3]",
    "[\"SUCCESS\"]",
    "{}",
    "{ a = 1 }",
    "1979-05-27",
    "\"1.005\"",
    "\"0\"",
    "\"99999999999999.99\"",
    "\"1,000\"",
    "\"http://example.test/\"",
    "\"https://a@b/\"",
    "\"https://example.test/x?y#z\"",
    "\"file:///\"",
    "\"http://127.0.0.1:1/\"",
    "\"../../x\"",
    "\"/etc/hostname\"",
    "\"(\"",
    "\"(a{1000}){1000}\"",
    "\".*\"",
    "\"^[0-9]{16,24}$\"",
    "\"\\u0000\"",
    "\"\u{202e}\"",
    "\"auto\"",
    "\"window\"",
    "\"platform\"",
    "\"hawk\"",
    "\"none\"",
    "\"en\"",
    "\"66\"",
    "9600",
    "\"\"\"\nx\n\"\"\"",
    "=",
    "\"",
];

fn line() -> impl Strategy<Value = String> {
    let key = (0..KEYS.len()).prop_map(|at| (KEYS[at].section, KEYS[at].name));
    let value = prop_oneof![
        6 => prop::sample::select(VALUES).prop_map(str::to_owned),
        2 => any::<i64>().prop_map(|number| number.to_string()),
        2 => "\\PC{0,20}".prop_map(|text| format!("{text:?}")),
        1 => "\\PC{0,20}",
    ];
    prop_oneof![
        8 => (key, value).prop_map(|((section, name), value)| format!("{section}.{name} = {value}")),
        1 => "\\PC{0,40}",
        1 => prop::sample::select(&["[gateway]", "[[window]]", "[gateway.auth]", "[x]", "#", "[", "a.b.c.d = 1"][..]).prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(hostile(1_500))]

    #[test]
    fn hostile_settings_are_refused_in_words_or_kept_within_their_limits(lines in prop::collection::vec(line(), 0..5)) {
        match Config::parse(&lines.join("\n"), "wicket.toml") {
            Ok(config) => stays_within(&config)?,
            Err(error) => {
                prop_assert!(!error.problems.is_empty());
                prop_assert!(error.problems.iter().all(|problem| problem.file == "wicket.toml" && !problem.text.is_empty()));
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn hostile_edits_of_the_shipped_file_never_panic(at in any::<prop::sample::Index>(), gone in 0_usize..30, new in "\\PC{0,12}") {
        let mut letters: Vec<char> = Config::default_file().chars().collect();
        let at = at.index(letters.len());
        let end = (at + gone).min(letters.len());
        letters.splice(at..end, new.chars());
        if let Ok(config) = Config::parse(&letters.into_iter().collect::<String>(), "wicket.toml") {
            stays_within(&config)?;
        }
    }
}

/// What contract.md promises of every file that is taken.
fn stays_within(config: &Config) -> Result<(), TestCaseError> {
    let settings = config.checkout_settings();
    prop_assert!((100..=60_000).contains(&settings.min_gap_ms));
    prop_assert!((5_000..=600_000).contains(&settings.front_window_ms));
    prop_assert!((1..=32).contains(&settings.bill_length_max));
    prop_assert!(!settings.businesses.is_empty());
    prop_assert!(!settings.final_negative.iter().any(|word| word.eq_ignore_ascii_case("SUCCESS")));
    let gateway = config.gateway_settings();
    let plain = gateway.base_url.to_ascii_lowercase().starts_with("http:");
    let here = ["http://127.", "http://localhost", "http://[::1]"];
    let here = here.iter().any(|start| gateway.base_url.to_ascii_lowercase().starts_with(start));
    // An address may still be refused here, in words; it must not get this far in clear.
    let made = Gateway::new(&gateway).is_ok();
    prop_assert!(!made || !plain || here || gateway.allow_http, "{}", gateway.base_url);
    Ok(())
}
