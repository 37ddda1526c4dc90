//! `wicket.toml`: its defaults are the contract's, and what is wrong in it is told with file, line, key and what is allowed.

use std::fs;

use checkout::{Amount, Business, CodeRules, Router, Settings};
use gateway::GatewaySettings;
use scanner::{ScannerSettings, Source};
use till::config::{
    AuthScheme, Config, ConfigError, KEYS, Language, RechargeBegin, RechargeEnd, Window,
};

/// Sections, keys and defaults as contract.md writes them.
const CONTRACT: &[(&str, &str, &str)] = &[
    ("window", "id", r#""W01""#),
    ("window", "name", r#""1号窗口""#),
    ("window", "language", r#""zh-CN""#),
    ("window", "businesses", "[1, 2, 3, 4, 5, 6, 7]"),
    ("gateway", "base_url", r#""""#),
    ("gateway", "allow_http", "false"),
    ("gateway", "ca_file", r#""""#),
    ("gateway", "payment_type", r#""""#),
    ("gateway", "charge_path", r#""api/3Pay/KouDaiLQ/BarCode""#),
    ("gateway", "query_path", r#""api/3Pay/KouDaiLQ/Query""#),
    (
        "gateway",
        "recharge_begin_path",
        r#""api/ValueCard/Busi/Recharge/WithBarCode/Begin""#,
    ),
    (
        "gateway",
        "recharge_end_path",
        r#""api/ValueCard/Busi/Recharge/WithBarCode/End""#,
    ),
    (
        "gateway",
        "final_negative",
        r#"["PAYERROR", "CLOSED", "REVOKED", "TRADE_CLOSED"]"#,
    ),
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
];

fn parse(text: &str) -> Result<Config, ConfigError> {
    Config::parse(text, "wicket.toml")
}

/// What is said about a text that must be refused.
fn refused(text: &str) -> String {
    match parse(text) {
        Ok(_) => panic!("this was taken: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn the_table_is_the_contract() {
    let table: Vec<_> = KEYS
        .iter()
        .map(|key| (key.section, key.name, key.default))
        .collect();
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
    assert_eq!(
        format!("{:?}", config.checkout_settings()),
        format!("{:?}", Settings::default())
    );
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
    };
    assert_eq!(config.window, expected);
    assert_eq!(config.window.language.tag(), "en");
    assert_eq!(config.gateway.auth.scheme, AuthScheme::None);
    assert_eq!(config.gateway.auth.id, "w01");
    assert_eq!(config.recharge.begin, RechargeBegin::Window);
    assert_eq!(config.recharge.end, RechargeEnd::Platform);
    assert_eq!(config.recharge.already_done, ["DONE", "-7"]);

    let settings = config.checkout_settings();
    assert_eq!(settings.amount_max, Amount::parse("99999999.99").unwrap());
    assert_eq!(
        (settings.bill_length_max, settings.min_gap_ms),
        (32, 60_000)
    );
    assert_eq!(settings.front_window_ms, 600_000);
    assert!(settings.final_negative.is_empty());
    let gateway = config.gateway_settings();
    assert_eq!(gateway.base_url, "http://10.0.0.5:8080/pay");
    assert!(gateway.allow_http);
    assert_eq!(gateway.payment_type, "0a");
    assert_eq!(gateway.charge_path, "/pay/charge");
    assert_eq!(
        (gateway.connect_timeout_ms, gateway.reply_timeout_ms),
        (100, 120_000)
    );
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
fn a_wrong_value_is_refused_with_its_place_and_what_is_allowed() {
    for (section, line, must_be) in [
        (
            "gateway",
            "base_url = 5",
            r#"must be text such as "https://gateway.example/", found a number"#,
        ),
        (
            "window",
            r#"id = """#,
            "must be text of 1 to 20 characters, found empty text",
        ),
        (
            "window",
            r#"id = "123456789012345678901""#,
            "must be text of 1 to 20 characters, found 21 characters",
        ),
        (
            "window",
            r#"language = "de""#,
            r#"must be "zh-CN" or "en", found "de""#,
        ),
        (
            "window",
            "businesses = []",
            "at least one and none twice, found an empty list",
        ),
        ("window", "businesses = [1, 8]", "none twice, found 8"),
        (
            "window",
            "businesses = [1, 2, 1]",
            "none twice, found 1 twice",
        ),
        ("window", r#"businesses = ["1"]"#, "none twice, found text"),
        ("window", "businesses = 1", "none twice, found a number"),
        (
            "gateway",
            r#"base_url = "gateway.example""#,
            "found text that is no web address",
        ),
        (
            "gateway",
            r#"base_url = "https://""#,
            "found text that is no web address",
        ),
        (
            "gateway",
            r#"base_url = "https://a.example/?x=1""#,
            "found one with ? or #",
        ),
        (
            "gateway",
            r#"base_url = "http://10.0.0.5/""#,
            "must be an https address, found plain http to another machine",
        ),
        (
            "gateway",
            r#"allow_http = "yes""#,
            "must be true or false, without quotes, found text",
        ),
        (
            "gateway",
            r#"payment_type = "abc""#,
            r#"must be exactly two letters or digits, or "", found "abc""#,
        ),
        (
            "gateway",
            r#"charge_path = """#,
            "must be a path below base_url",
        ),
        ("gateway", r#"query_path = "a/../b""#, r#"found "a/../b""#),
        (
            "gateway",
            r#"charge_path = "https://x.example/y""#,
            "must be a path below base_url",
        ),
        (
            "gateway",
            r#"query_path = "API/3pay/koudailq/barcode""#,
            "must be another path: gateway.charge_path and gateway.query_path are the same",
        ),
        (
            "gateway",
            r#"final_negative = ["CLOSED", " success "]"#,
            r#"without SUCCESS and REFUND; it may be empty, found "success""#,
        ),
        (
            "gateway",
            r#"final_negative = ["refund"]"#,
            r#"found "refund""#,
        ),
        ("gateway", r#"final_negative = [""]"#, "found an empty word"),
        (
            "gateway",
            r#"final_negative = "CLOSED""#,
            "must be a list of words",
        ),
        (
            "gateway",
            "connect_timeout_ms = 99",
            "must be a whole number from 100 to 60000, without quotes, found 99",
        ),
        (
            "gateway",
            "reply_timeout_ms = 999",
            "must be a whole number from 1000 to 120000, without quotes, found 999",
        ),
        (
            "gateway",
            r#"reply_timeout_ms = "5000""#,
            "must be a whole number from 1000 to 120000, without quotes, found text",
        ),
        (
            "gateway",
            "reply_timeout_ms = 5000.0",
            "found a number with a decimal point",
        ),
        (
            "gateway.auth",
            r#"scheme = "basic""#,
            r#"must be "none" or "hawk", found "basic""#,
        ),
        (
            "gateway.auth",
            r#"scheme = "hawk""#,
            "this version of Wicket cannot sign requests with Hawk yet",
        ),
        (
            "recharge",
            r#"begin = "platform""#,
            r#"must be "upstream" or "window", found "platform""#,
        ),
        (
            "recharge",
            "end = true",
            r#"must be "window" or "platform", found true or false"#,
        ),
        ("recharge", r#"already_done = [" "]"#, "found an empty word"),
        (
            "limits",
            "amount_max = 50000",
            "must be an amount of yuan in quotes",
        ),
        ("limits", r#"amount_ask = "0.00""#, "the amount is zero"),
        ("limits", r#"amount_ask = "1.005""#, "at most two decimals"),
        (
            "limits",
            "bill_length_max = 33",
            "must be a whole number from 1 to 32, without quotes, found 33",
        ),
        ("limits", "bill_length_max = -1", "found -1"),
        ("limits", r#"bill_pattern = "(""#, "unclosed group"),
        (
            "limits",
            r#"card_pattern = ".*""#,
            "must be a regular expression that fits no empty text",
        ),
        (
            "polling",
            "min_gap_ms = 99",
            "must be a whole number from 100 to 60000",
        ),
        (
            "polling",
            "front_window_ms = 600001",
            "must be a whole number from 5000 to 600000",
        ),
        (
            "scanner",
            r#"source = "usb""#,
            r#"must be "serial" or "keyboard" or "auto", found "usb""#,
        ),
        (
            "scanner",
            r#"port = """#,
            r#"must be "auto", or a port such as "/dev/ttyACM0" or "COM3", found empty text"#,
        ),
        (
            "scanner",
            "baud = 299",
            "must be a whole number from 300 to 921600",
        ),
    ] {
        let said = refused(&format!("# a till\n\n[{section}]\n{line}\n"));
        let key = line.split(' ').next().unwrap_or_default();
        let place = format!("wicket.toml, line 4, {section}.{key}: must be ");
        assert!(said.starts_with(&place), "{line}\n{said}");
        assert!(said.contains(must_be), "{line}\n{said}");
        assert_eq!(said.lines().count(), 1, "{line}\n{said}");
    }
}

#[test]
fn a_password_in_the_address_is_not_repeated() {
    let said = refused("[gateway]\nbase_url = \"https://till:hunter2@gateway.example/\"\n");
    assert!(said.contains("line 2, gateway.base_url") && said.contains("user name or password"));
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for address in [
        "http://localhost:8/",
        "http://127.0.0.9/x",
        "http://[::1]:99/",
        "HTTP://LOCALHOST",
    ] {
        let text = format!("[gateway]\nbase_url = \"{address}\"\n");
        assert!(parse(&text).is_ok(), "{address}");
    }
    for address in [
        "http://localhost.example/",
        "http://[2001:db8::1]/",
        "http://127.0.0.1.example",
    ] {
        let text = format!("[gateway]\nbase_url = \"{address}\"\n");
        assert!(refused(&text).contains("plain http"), "{address}");
    }
}

#[test]
fn unknown_names_are_refused_with_the_nearest_known() {
    for (text, said) in [
        (
            "[gateway]\nbase_ulr = \"\"",
            "wicket.toml, line 2, gateway.base_ulr: there is no such key; did you mean gateway.base_url?",
        ),
        (
            "[window]\nbaud = 9600",
            "wicket.toml, line 2, window.baud: there is no such key; did you mean baud in [scanner]?",
        ),
        (
            "id = \"W01\"",
            "wicket.toml, line 1, id: there is no such key; did you mean id in [window]?",
        ),
        (
            "[polling]\nspeed = 1",
            "wicket.toml, line 2, polling.speed: there is no such key; [polling] has min_gap_ms, front_window_ms",
        ),
        (
            "\n[scaner]\nbaud = 5",
            "wicket.toml, line 2, scaner: there is no such section; did you mean [scanner]?",
        ),
        (
            "[printer]",
            "wicket.toml, line 1, printer: there is no such section; the sections are window, gateway, gateway.auth, recharge, limits, polling, scanner",
        ),
        (
            "[gateway.oauth]",
            "wicket.toml, line 1, gateway.oauth: there is no such section; did you mean [gateway.auth]?",
        ),
        (
            "window = 3",
            "wicket.toml, line 1, window: must be a section, written [window] on a line of its own",
        ),
        (
            "[[scanner]]",
            "wicket.toml, line 1, scanner: must be a section, written [scanner] on a line of its own",
        ),
        (
            "[window.id]",
            "wicket.toml, line 1, window.id: must be text of 1 to 20 characters, found a section",
        ),
    ] {
        assert_eq!(refused(text), said);
    }
}

#[test]
fn everything_wrong_is_told_at_once_in_the_order_of_the_file() {
    let said = refused(
        "[scanner]\r\nbaud = 1\r\nspeed = 2\r\n\r\n[window]\r\nbusinesses = [\r\n  1,\r\n  9,\r\n]\r\n[gateway.auth]\r\nscheme = \"hawk\"\r\n",
    );
    let places: Vec<_> = said
        .lines()
        .filter_map(|line| line.split(": ").next())
        .collect();
    assert_eq!(
        places,
        [
            "wicket.toml, line 2, scanner.baud",
            "wicket.toml, line 3, scanner.speed",
            "wicket.toml, line 8, window.businesses",
            "wicket.toml, line 11, gateway.auth.scheme",
        ],
        "{said}"
    );
}

#[test]
fn what_is_no_toml_is_refused_with_its_line() {
    for (text, line) in [
        ("[window]\nid = W01\n", 2),
        ("[window]\n\nid \"W01\"\n", 3),
        ("[window]\nid = \"W01\"\nid = \"W02\"\n", 3),
        ("[window\n", 1),
        ("[scanner]\nport = \"C:\\Users\"\n", 2),
    ] {
        let said = refused(text);
        assert!(
            said.starts_with(&format!(
                "wicket.toml, line {line}: this cannot be read as TOML ("
            )),
            "{said}"
        );
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn other_ways_to_write_the_same_are_read() {
    let written =
        "\u{feff}scanner = { baud = 300 }\r\ngateway.auth.id = \"x\"\r\n[window]\r\nid = \"a\"\r\n";
    let config = parse(written).expect("TOML in other words");
    assert_eq!(config.scanner.baud, 300);
    assert_eq!(
        (config.gateway.auth.id.as_str(), config.window.id.as_str()),
        ("x", "a")
    );
    assert!(refused("\u{feff}scanner = { baud = 299 }\n").contains("line 1, scanner.baud"));
}

#[test]
fn a_missing_file_is_created_and_one_that_is_there_is_left_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    Config::load(&path).expect("a new till");
    assert_eq!(fs::read_to_string(&path).unwrap(), Config::default_file());
    let names = fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, 1, "no draft is left");

    fs::write(&path, "[window]\nid = \"W7\"\n").unwrap();
    assert_eq!(Config::load(&path).expect("settings").window.id, "W7");
    fs::write(&path, "").unwrap();
    Config::load(&path).expect("an empty file is all defaults");
    assert_eq!(fs::read_to_string(&path).unwrap(), "");
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    // "1号窗口" as an editor saves it in the code page of Chinese Windows.
    fs::write(&path, b"[window]\nname = \"1\xBA\xC5\xB4\xB0\xBF\xDA\"\n").unwrap();
    let said = Config::load(&path).expect_err("not UTF-8").to_string();
    assert!(
        said.contains("wicket.toml, line 2: the text is not UTF-8"),
        "{said}"
    );

    let nowhere = folder.path().join("missing").join("wicket.toml");
    let said = Config::load(&nowhere).expect_err("no folder").to_string();
    assert!(said.contains("cannot be created"), "{said}");
}

#[test]
fn a_table_of_wallets_beside_the_settings_replaces_the_shipped_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    let rules = folder.path().join("code-rules.json");
    fs::write(
        &rules,
        r#"{"version": "mine", "rules": [], "unknown_lengths": [16, 24]}"#,
    )
    .unwrap();
    assert_eq!(
        Config::load(&path).expect("settings").code_rules.version,
        "mine"
    );

    fs::write(&rules, "{\n\"version\": 5\n}").unwrap();
    fs::write(&path, "[scanner]\nbaud = 1\n").unwrap();
    let said = Config::load(&path).expect_err("two bad files").to_string();
    assert_eq!(said.lines().count(), 2, "{said}");
    assert!(said.contains("wicket.toml, line 2, scanner.baud"), "{said}");
    assert!(
        said.contains("code-rules.json, line 2: must be a table"),
        "{said}"
    );
}

#[test]
fn relative_files_are_relative_to_the_settings() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    let elsewhere = folder.path().join("keys").join("hawk");
    fs::write(
        &path,
        format!(
            "[gateway]\nca_file = \"ca.pem\"\n[gateway.auth]\nkey_file = '{}'\n",
            elsewhere.display()
        ),
    )
    .unwrap();
    let config = Config::load(&path).expect("settings");
    let ca = folder.path().join("ca.pem").display().to_string();
    assert_eq!(config.gateway_settings().ca_file, ca);
    assert_eq!(
        config.gateway.auth.key_file,
        elsewhere.display().to_string()
    );
    fs::write(&path, "").unwrap();
    assert_eq!(
        Config::load(&path)
            .expect("settings")
            .gateway
            .settings
            .ca_file,
        ""
    );
}

#[test]
fn training_keeps_the_window_and_leaves_the_platform() {
    let venue = "[window]\nid = \"W9\"\n[gateway]\nbase_url = \"https://real.example/\"\nca_file = \"ca.pem\"\n\
                 charge_path = \"x/y\"\nfinal_negative = [\"NO\"]\nreply_timeout_ms = 2000\n";
    let config = parse(venue)
        .expect("a venue's settings")
        .for_training("http://127.0.0.1:4711/".into());
    let expected = GatewaySettings {
        base_url: "http://127.0.0.1:4711/".into(),
        reply_timeout_ms: 2_000,
        ..GatewaySettings::default()
    };
    assert_eq!(config.gateway_settings(), expected);
    assert_eq!(
        config.gateway.final_negative,
        Config::default().gateway.final_negative
    );
    assert_eq!(config.window.id, "W9");
}
