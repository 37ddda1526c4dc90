//! `wicket.toml`: its defaults are the contract's, and what it says arrives where it belongs.

#[path = "config/refusals.rs"]
mod refusals;

use std::fs;

use checkout::{Amount, Business, CodeRules, Router, Settings};
use gateway::{Gateway, GatewaySettings, HawkSettings};
use scanner::{ScannerSettings, Source};
use till::config::{AuthScheme, Config, ConfigError, KEYS, Language, RechargeBegin, RechargeEnd, Window};

/// Sections, keys and defaults as contract.md writes them.
const CONTRACT: &[(&str, &str, &str)] = &[
    ("window", "id", r#""W01""#),
    ("window", "name", r#""1号窗口""#),
    ("window", "language", r#""zh-CN""#),
    ("window", "businesses", "[1, 2, 3, 4, 5, 6, 7]"),
    ("window", "lock_after_minutes", "0"),
    ("gateway", "base_url", r#""""#),
    ("gateway", "allow_http", "false"),
    ("gateway", "ca_file", r#""""#),
    ("gateway", "payment_type", r#""""#),
    ("gateway", "charge_path", r#""api/3Pay/KouDaiLQ/BarCode""#),
    ("gateway", "query_path", r#""api/3Pay/KouDaiLQ/Query""#),
    ("gateway", "recharge_begin_path", r#""api/ValueCard/Busi/Recharge/WithBarCode/Begin""#),
    ("gateway", "recharge_end_path", r#""api/ValueCard/Busi/Recharge/WithBarCode/End""#),
    ("gateway", "final_negative", r#"["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"]"#),
    ("gateway", "connect_timeout_ms", "5000"),
    ("gateway", "reply_timeout_ms", "15000"),
    ("gateway.auth", "scheme", r#""none""#),
    ("gateway.auth", "id", r#""""#),
    ("gateway.auth", "key_file", r#""""#),
    ("recharge", "begin", r#""upstream""#),
    ("recharge", "end", r#""window""#),
    ("recharge", "already_done", "[]"),
    ("limits", "amount_max", r#""50000.00""#),
    ("limits", "amount_ask", r#""2000.00""#),
    ("limits", "bill_length_max", "20"),
    ("limits", "bill_pattern", r#""""#),
    ("limits", "card_pattern", r#""""#),
    ("polling", "min_gap_ms", "1000"),
    ("polling", "front_window_ms", "60000"),
    ("scanner", "source", r#""auto""#),
    ("scanner", "port", r#""auto""#),
    ("scanner", "baud", "9600"),
    ("scanner", "key_gap_ms", "50"),
    ("scanner", "quiet_gap_ms", "120"),
    ("sound", "volume", "70"),
    ("sound", "mute", "false"),
    ("sound", "voice", r#""screen""#),
    ("customer", "screen", r#""off""#),
];

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, "wicket.toml")
}

#[test]
fn the_table_is_the_contract() {
    let table: Vec<_> = KEYS.iter().map(|key| (key.section, key.name, key.default)).collect();
    assert_eq!(table, CONTRACT);
}

#[test]
fn the_default_file_holds_every_key_with_a_comment_and_reads_as_the_defaults() {
    let text = Config::default_file();
    let lines: Vec<_> = text.lines().collect();
    for (_, name, default) in CONTRACT {
        let at = lines
            .iter()
            .position(|line| *line == format!("{name} = {default}"))
            .unwrap_or_else(|| panic!("{name} is missing"));
        assert!(lines[at - 1].starts_with("# "), "{name} has no comment");
    }
    let read = parse(&text).expect("the default file");
    assert_eq!(format!("{read:?}"), format!("{:?}", Config::default()));
    let empty = parse("").expect("an empty file");
    assert_eq!(format!("{empty:?}"), format!("{read:?}"));
}

#[test]
fn the_defaults_are_those_of_the_other_crates() {
    let config = Config::default();
    assert_eq!(format!("{:?}", config.checkout_settings()), format!("{:?}", Settings::default()));
    assert_eq!(config.gateway_settings(), GatewaySettings::default());
    assert_eq!(config.scanner_settings(), ScannerSettings::default());
    let Router { rules, .. } = config.checkout_settings().router;
    assert_eq!(rules.version, CodeRules::shipped().version);
}

#[test]
fn values_arrive_where_they_belong() {
    let config = parse(
        r#"
        [window]
        id = "北门 2"
        language = "en"
        businesses = [7, 1]
        [gateway]
        base_url = "http://10.0.0.5:8080/pay"
        allow_http = true
        payment_type = "0a"
        charge_path = "/pay/charge"
        final_negative = []
        connect_timeout_ms = 100
        reply_timeout_ms = 120_000
        [gateway.auth]
        id = "w01"
        [recharge]
        begin = "window"
        end = "platform"
        already_done = ["DONE", "-7"]
        [limits]
        amount_max = "99999999.99"
        bill_length_max = 32
        bill_pattern = 'T\d{8}|T\d{10}'
        [polling]
        min_gap_ms = 60000
        front_window_ms = 600000
        [scanner]
        source = "serial"
        port = "COM3"
        baud = 115200
        "#,
    )
    .expect("allowed values");
    let expected = Window {
        id: "北门 2".into(),
        name: "1号窗口".into(),
        language: Language::English,
        businesses: vec![Business::Recharge, Business::Tickets],
        lock_after: None,
    };
    assert_eq!(config.window, expected);
    assert_eq!(config.window.language.tag(), "en");
    assert_eq!(config.gateway.auth.scheme, AuthScheme::None);
    assert_eq!(config.gateway.auth.id, "w01");
    assert_eq!(config.recharge.begin, RechargeBegin::Window);
    assert_eq!(config.recharge.end, RechargeEnd::Platform);
    assert_eq!(config.recharge.already_done, ["DONE", "-7"]);

    let settings = config.checkout_settings();
    assert_eq!(settings.amount_max, Amount::parse("99999999.99").expect("an amount"));
    assert_eq!((settings.bill_length_max, settings.min_gap_ms), (32, 60_000));
    assert_eq!(settings.front_window_ms, 600_000);
    assert!(settings.final_negative.is_empty());
    let gateway = config.gateway_settings();
    assert_eq!(gateway.base_url, "http://10.0.0.5:8080/pay");
    assert!(gateway.allow_http);
    assert_eq!(gateway.payment_type, "0a");
    assert_eq!(gateway.charge_path, "/pay/charge");
    assert_eq!((gateway.connect_timeout_ms, gateway.reply_timeout_ms), (100, 120_000));
    let scanner = config.scanner_settings();
    assert_eq!((scanner.source, scanner.baud), (Source::Serial, 115_200));
    assert_eq!(scanner.check(), Ok(()));
}

#[test]
fn a_pattern_is_tried_whole_in_every_branch() {
    let config = parse("[limits]\nbill_pattern = '13\\d{14}|13\\d{16}'\n").expect("a pattern");
    let router = config.checkout_settings().router;
    for (scan, route) in [
        ("134567890123456789", checkout::Route::Bill),
        ("1345678901234567", checkout::Route::Bill),
        ("144567890123456789", checkout::Route::Code("wechat".into())),
    ] {
        assert_eq!(router.route(scan, None), route, "{scan}");
    }
}

#[test]
fn other_ways_to_write_the_same_are_read() {
    let written = "\u{feff}scanner = { baud = 300 }\r\ngateway.auth.id = \"x\"\r\n[window]\r\nid = \"a\"\r\n";
    let config = parse(written).expect("TOML in other words");
    assert_eq!(config.scanner.baud, 300);
    assert_eq!((config.gateway.auth.id.as_str(), config.window.id.as_str()), ("x", "a"));
    assert!(refusals::refused("\u{feff}scanner = { baud = 299 }\n").contains("line 1, scanner.baud"));
}

#[test]
fn a_missing_file_is_created_and_one_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    Config::load(&path).expect("a new till");
    assert_eq!(fs::read_to_string(&path).expect("a file"), Config::default_file());
    let names = fs::read_dir(folder.path()).expect("a file").count();
    assert_eq!(names, 1, "no draft is left");

    fs::write(&path, "[window]\nid = \"W7\"\n").expect("a file");
    assert_eq!(Config::load(&path).expect("settings").window.id, "W7");
    fs::write(&path, "").expect("a file");
    Config::load(&path).expect("an empty file is all defaults");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "");
}

#[test]
fn a_table_of_wallets_beside_the_settings_replaces_the_shipped_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    let rules = folder.path().join("code-rules.json");
    fs::write(&rules, r#"{"version": "mine", "rules": [], "unknown_lengths": [16, 24]}"#).expect("a file");
    assert_eq!(Config::load(&path).expect("settings").code_rules.version, "mine");

    fs::write(&rules, "{\n\"version\": 5\n}").expect("a file");
    fs::write(&path, "[scanner]\nbaud = 1\n").expect("a file");
    let said = Config::load(&path).expect_err("two bad files").to_string();
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("wicket.toml, line 2, scanner.baud"), "{said}");
    assert!(said.contains("code-rules.json, line 2: must be a table"), "{said}");
}

#[test]
fn relative_files_are_relative_to_the_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    let elsewhere = folder.path().join("keys").join("hawk");
    fs::write(
        &path,
        format!("[gateway]\nca_file = \"ca.pem\"\n[gateway.auth]\nkey_file = '{}'\n", elsewhere.display()),
    )
    .expect("a file");
    let config = Config::load(&path).expect("settings");
    let ca = folder.path().join("ca.pem").display().to_string();
    assert_eq!(config.gateway_settings().ca_file, ca);
    assert_eq!(config.gateway.auth.key_file, elsewhere.display().to_string());
    fs::write(&path, "").expect("a file");
    assert_eq!(Config::load(&path).expect("settings").gateway.settings.ca_file, "");
}

#[test]
fn training_keeps_the_window_and_leaves_the_platform() {
    let venue = "[window]\nid = \"W9\"\n[gateway]\nbase_url = \"https://real.example/\"\nca_file = \"ca.pem\"\n\
                 charge_path = \"x/y\"\nfinal_negative = [\"NO\"]\nreply_timeout_ms = 2000\npayment_type = \"66\"\n\
                 [gateway.auth]\nscheme = \"hawk\"\nid = \"w9\"\nkey_file = \"no-such-key\"\n[recharge]\nbegin = \"window\"\n";
    let config = parse(venue).expect("a venue's settings").for_training("http://127.0.0.1:4711/".into());
    let expected = GatewaySettings {
        base_url: "http://127.0.0.1:4711/".into(),
        payment_type: "66".into(),
        reply_timeout_ms: 2_000,
        ..GatewaySettings::default()
    };
    assert_eq!(config.gateway_settings(), expected);
    assert_eq!(config.recharge.begin, RechargeBegin::Window);
    assert_eq!(config.gateway.final_negative, Config::default().gateway.final_negative);
    assert_eq!(config.window.id, "W9");
}

#[test]
fn hawk_reaches_the_gateway_with_its_key_beside_the_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    let hawk = "[gateway]\nbase_url = \"https://gateway.example/\"\n[gateway.auth]\nscheme = \"hawk\"\nid = \" w01 \"\nkey_file = \"hawk.key\"\n";
    fs::write(&path, hawk).expect("a file");
    // Whoever only looks at the journal needs no key, so its absence is the gateway's to tell.
    let config = Config::load(&path).expect("settings");
    let key_file = folder.path().join("hawk.key");
    let expected = HawkSettings { id: "w01".into(), key_file: key_file.display().to_string() };
    assert_eq!(config.gateway_settings().hawk, Some(expected));
    let error = Gateway::new(&config.gateway_settings()).err().expect("no key").to_string();
    assert!(error.contains("[gateway.auth] key_file") && error.contains("hawk.key"), "{error}");

    tempfile::Builder::new().tempfile_in(folder.path()).expect("a file").persist(&key_file).expect("the key's file");
    fs::write(&key_file, "K7F3Q9\n").expect("a key");
    assert!(Gateway::new(&config.gateway_settings()).is_ok());
    assert!(!format!("{config:?}").contains("K7F3Q9"));

    fs::write(&path, hawk.replace("\"hawk\"", "\"none\"")).expect("a file");
    assert_eq!(Config::load(&path).expect("settings").gateway_settings().hawk, None);
}
