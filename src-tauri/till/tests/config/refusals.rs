//! What is wrong in `wicket.toml` is told with file, line, key and what is allowed.

use std::fs;

use till::config::Config;

use super::parse;

/// What is said about a text that must be refused.
pub fn refused(text: &str) -> String {
    match parse(text) {
        Ok(_) => panic!("this was taken: {text}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_wrong_value_is_refused_with_its_place_and_what_is_allowed() {
    for (section, line, must_be) in [
        ("gateway", "base_url = 5", r#"must be text such as "https://gateway.example/", found a number"#),
        ("window", r#"id = """#, "must be text of 1 to 20 characters, found empty text"),
        ("window", r#"id = "123456789012345678901""#, "must be text of 1 to 20 characters, found 21 characters"),
        ("window", r#"language = "de""#, r#"must be "zh-CN" or "en", found "de""#),
        ("window", "businesses = []", "at least one and none twice, found an empty list"),
        ("window", "businesses = [1, 8]", "none twice, found 8"),
        ("window", "businesses = [1, 2, 1]", "none twice, found 1 twice"),
        ("window", r#"businesses = ["1"]"#, "none twice, found text"),
        ("window", "businesses = 1", "none twice, found a number"),
        ("gateway", r#"base_url = "gateway.example""#, "found text that is no web address"),
        ("gateway", r#"base_url = "https://""#, "found text that is no web address"),
        ("gateway", r#"base_url = "https://a.example/?x=1""#, "found one with ? or #"),
        (
            "gateway",
            r#"base_url = "http://10.0.0.5/""#,
            "must be an https address, found plain http to another machine",
        ),
        ("gateway", r#"allow_http = "yes""#, "must be true or false, without quotes, found text"),
        ("gateway", r#"payment_type = "abc""#, r#"must be exactly two letters or digits, or "", found "abc""#),
        ("gateway", r#"charge_path = """#, "must be a path below base_url"),
        ("gateway", r#"query_path = "a/../b""#, r#"found "a/../b""#),
        ("gateway", r#"charge_path = "https://x.example/y""#, "must be a path below base_url"),
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
        ("gateway", r#"final_negative = ["refund"]"#, r#"found "refund""#),
        ("gateway", r#"final_negative = [""]"#, "found an empty word"),
        ("gateway", r#"final_negative = "CLOSED""#, "must be a list of words"),
        ("gateway", "connect_timeout_ms = 99", "must be a whole number from 100 to 60000, without quotes, found 99"),
        ("gateway", "reply_timeout_ms = 999", "must be a whole number from 1000 to 120000, without quotes, found 999"),
        (
            "gateway",
            r#"reply_timeout_ms = "5000""#,
            "must be a whole number from 1000 to 120000, without quotes, found text",
        ),
        ("gateway", "reply_timeout_ms = 5000.0", "found a number with a decimal point"),
        ("gateway.auth", r#"scheme = "basic""#, r#"must be "none" or "hawk", found "basic""#),
        (
            "gateway.auth",
            r#"id = "窗口""#,
            r#"must be ASCII letters, digits and signs without " and \, or "", found "窗口""#,
        ),
        ("gateway.auth", r#"id = 'a"b'"#, r#"found "a\"b""#),
        (
            "recharge",
            r#"begin = "window""#,
            r#"must be "upstream" while gateway.payment_type is empty, found "window""#,
        ),
        ("recharge", r#"begin = "platform""#, r#"must be "upstream" or "window", found "platform""#),
        ("recharge", "end = true", r#"must be "window" or "platform", found true or false"#),
        ("recharge", r#"already_done = [" "]"#, "found an empty word"),
        ("limits", "amount_max = 50000", "must be an amount of yuan in quotes"),
        ("limits", r#"amount_ask = "0.00""#, "the amount is zero"),
        ("limits", r#"amount_ask = "1.005""#, "at most two decimals"),
        ("limits", "bill_length_max = 33", "must be a whole number from 1 to 32, without quotes, found 33"),
        ("limits", "bill_length_max = -1", "found -1"),
        ("limits", r#"bill_pattern = "(""#, "unclosed group"),
        ("limits", r#"card_pattern = ".*""#, "must be a regular expression that fits no empty text"),
        ("polling", "min_gap_ms = 99", "must be a whole number from 100 to 60000"),
        ("polling", "front_window_ms = 600001", "must be a whole number from 5000 to 600000"),
        ("scanner", r#"source = "usb""#, r#"must be "serial" or "keyboard" or "auto", found "usb""#),
        ("scanner", r#"port = """#, r#"must be "auto", or a port such as "/dev/ttyACM0" or "COM3", found empty text"#),
        ("scanner", "baud = 299", "must be a whole number from 300 to 921600"),
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
fn hawk_needs_an_id_and_a_key_file() {
    let hawk = "\n[gateway.auth]\nscheme = \"hawk\"\n";
    for (more, told) in [
        ("", ["line 3, gateway.auth.id: must be", "line 3, gateway.auth.key_file: must be"].as_slice()),
        ("id = \"w01\"\n", &["line 3, gateway.auth.key_file: must be the path of the file"]),
        ("id = \"w01\"\nkey_file = \" \"\n", &["line 5, gateway.auth.key_file: must be"]),
        (
            "key_file = \"k\"\n",
            &[
                "line 3, gateway.auth.id: must be the platform's name for this till while gateway.auth.scheme is \"hawk\"",
            ],
        ),
    ] {
        let said = refused(&format!("{hawk}{more}"));
        assert_eq!(said.lines().count(), told.len(), "{said}");
        for (line, told) in said.lines().zip(told) {
            assert!(line.contains(told), "{said}");
        }
    }
    assert!(parse(&format!("{hawk}id = \"w01\"\nkey_file = \"k\"\n")).is_ok());
    assert!(parse("[gateway.auth]\nid = \"w01\"\n").is_ok());
}

#[test]
fn begin_from_the_window_needs_the_payment_type_wherever_it_stands() {
    let begin = "[recharge]\nbegin = \"window\"\n";
    assert!(parse(&format!("{begin}[gateway]\npayment_type = \"66\"\n")).is_ok());
    let said = refused(&format!("{begin}[gateway]\npayment_type = \"\"\n"));
    assert!(said.starts_with("wicket.toml, line 2, recharge.begin: must be \"upstream\""), "{said}");
    assert!(said.contains("set gateway.payment_type"), "{said}");
}

#[test]
fn a_password_in_the_address_is_not_repeated() {
    let said = refused("[gateway]\nbase_url = \"https://till:hunter2@gateway.example/\"\n");
    assert!(said.contains("line 2, gateway.base_url") && said.contains("user name or password"));
    assert!(!said.contains("hunter2"), "{said}");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    for address in ["http://localhost:8/", "http://127.0.0.9/x", "http://[::1]:99/", "HTTP://LOCALHOST"] {
        let text = format!("[gateway]\nbase_url = \"{address}\"\n");
        assert!(parse(&text).is_ok(), "{address}");
    }
    for address in ["http://localhost.example/", "http://[2001:db8::1]/", "http://127.0.0.1.example"] {
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
        ("id = \"W01\"", "wicket.toml, line 1, id: there is no such key; did you mean id in [window]?"),
        (
            "[polling]\nspeed = 1",
            "wicket.toml, line 2, polling.speed: there is no such key; [polling] has min_gap_ms, front_window_ms",
        ),
        ("\n[scaner]\nbaud = 5", "wicket.toml, line 2, scaner: there is no such section; did you mean [scanner]?"),
        (
            "[printer]",
            "wicket.toml, line 1, printer: there is no such section; the sections are window, gateway, gateway.auth, recharge, limits, polling, scanner, sound, customer",
        ),
        (
            "[gateway.oauth]",
            "wicket.toml, line 1, gateway.oauth: there is no such section; did you mean [gateway.auth]?",
        ),
        ("window = 3", "wicket.toml, line 1, window: must be a section, written [window] on a line of its own"),
        ("[[scanner]]", "wicket.toml, line 1, scanner: must be a section, written [scanner] on a line of its own"),
        ("[window.id]", "wicket.toml, line 1, window.id: must be text of 1 to 20 characters, found a section"),
    ] {
        assert_eq!(refused(text), said);
    }
}

#[test]
fn everything_wrong_is_told_at_once_in_the_order_of_the_file() {
    let said = refused(
        "[scanner]\r\nbaud = 1\r\nspeed = 2\r\n\r\n[window]\r\nbusinesses = [\r\n  1,\r\n  9,\r\n]\r\n[gateway.auth]\r\nscheme = \"hawk\"\r\nid = \"\"\r\n[recharge]\r\nbegin = \"window\"\r\n",
    );
    let places: Vec<_> = said.lines().filter_map(|line| line.split(": ").next()).collect();
    assert_eq!(
        places,
        [
            "wicket.toml, line 2, scanner.baud",
            "wicket.toml, line 3, scanner.speed",
            "wicket.toml, line 8, window.businesses",
            "wicket.toml, line 11, gateway.auth.key_file",
            "wicket.toml, line 12, gateway.auth.id",
            "wicket.toml, line 14, recharge.begin",
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
        assert!(said.starts_with(&format!("wicket.toml, line {line}: this cannot be read as TOML (")), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("wicket.toml");
    // "1号窗口" as an editor saves it in the code page of Chinese Windows.
    fs::write(&path, b"[window]\nname = \"1\xBA\xC5\xB4\xB0\xBF\xDA\"\n").expect("a file");
    let said = Config::load(&path).expect_err("not UTF-8").to_string();
    assert!(said.contains("wicket.toml, line 2: the text is not UTF-8"), "{said}");

    let nowhere = folder.path().join("missing").join("wicket.toml");
    let said = Config::load(&nowhere).expect_err("no folder").to_string();
    assert!(said.contains("cannot be created"), "{said}");
}
