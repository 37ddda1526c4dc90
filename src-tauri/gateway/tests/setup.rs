//! Settings that are refused, each with the sentence that an installer reads.

mod support;

use gateway::{Gateway, GatewaySettings, HawkSettings};
use support::settings_at;
use support::verifier::{KEY, key_file, signing_settings};

fn refused(settings: &GatewaySettings) -> String {
    match Gateway::new(settings) {
        Ok(_) => panic!("accepted: {settings:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn an_address_is_http_here_and_https_elsewhere() {
    for good in [
        "https://gateway.example",
        "https://gateway.example:8443/venue/7",
        "http://127.0.0.1:8080/",
        "http://127.9.9.9/",
        "http://[::1]:9/",
        "http://localhost/",
        "http://LocalHost/",
    ] {
        assert!(Gateway::new(&settings_at(good)).is_ok(), "{good}");
    }
    for (bad, says) in [
        ("", "base_url is empty"),
        ("gateway.example", "not a web address"),
        ("ftp://gateway.example/", "not a web address"),
        ("file:///tmp/x", "not a web address"),
        ("https://", "not a web address"),
        ("http://gateway.example/", "allow_http = true"),
        ("http://localhost.example/", "allow_http = true"),
        ("http://10.0.0.1/", "allow_http = true"),
        ("http://128.0.0.1/", "allow_http = true"),
        ("https://till:hunter2@gateway.example/", "user name or a password"),
        ("https://till@gateway.example/", "user name or a password"),
        ("https://@gateway.example/", "user name or a password"),
        ("https://gateway.example/?a=1", "end with its path"),
        ("https://gateway.example/#a", "end with its path"),
    ] {
        let sentence = refused(&settings_at(bad));
        assert!(sentence.contains(says), "{bad}: {sentence}");
        assert!(sentence.contains("base_url"), "{sentence}");
        assert!(!sentence.contains("hunter2"), "{sentence}");
    }
    let allowed = GatewaySettings { allow_http: true, ..settings_at("http://10.0.0.1/") };
    assert!(Gateway::new(&allowed).is_ok());
}

#[test]
fn a_path_is_below_the_address_and_nobody_else_s() {
    let with = |path: &str| GatewaySettings { query_path: path.into(), ..settings_at("https://gateway.example/x/") };
    for good in ["api/UnPos/3Pay/KouDaiLQ/Query", "/q", "q/"] {
        assert!(Gateway::new(&with(good)).is_ok(), "{good}");
    }
    for bad in [
        "",
        " ",
        "/",
        "../q",
        "a/../b",
        "a//b",
        "a b",
        "q?x=1",
        "q#x",
        "q%2f",
        "a\\b",
        "单据",
        "https://elsewhere.example/q",
        "//elsewhere.example/q/..",
    ] {
        assert!(refused(&with(bad)).contains("query_path must be a path below base_url"), "{bad:?}");
    }
    // A query that goes to the charge's path could charge.
    for twin in ["api/3Pay/KouDaiLQ/BarCode", "/API/3pay/koudailq/barcode/"] {
        let sentence = refused(&with(twin));
        assert!(sentence.contains("charge_path and query_path are the same path"), "{sentence}");
    }
}

#[test]
fn limits_and_ids_stay_in_their_ranges() {
    let base = || settings_at("https://gateway.example/");
    for (connect, reply, says) in [
        (0, 15_000, "connect_timeout_ms must be from 50 to 60000 milliseconds"),
        (60_001, 15_000, "connect_timeout_ms"),
        (5_000, 0, "reply_timeout_ms must be from 50 to 120000 milliseconds"),
        (5_000, u64::MAX, "reply_timeout_ms"),
    ] {
        let settings = GatewaySettings { connect_timeout_ms: connect, reply_timeout_ms: reply, ..base() };
        assert!(refused(&settings).contains(says));
    }
    for (id, fine) in [("", true), ("66", true), ("6", false), ("666", false), ("六", false), ("6\"", false)] {
        let settings = GatewaySettings { payment_type: id.into(), ..base() };
        assert_eq!(Gateway::new(&settings).is_ok(), fine, "{id}");
    }
}

#[test]
fn an_authority_s_file_must_hold_a_certificate() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("ca.pem");
    let settings = GatewaySettings { ca_file: path.display().to_string(), ..settings_at("https://gateway.example/") };
    assert!(refused(&settings).contains("ca_file must name a readable file"));
    for content in [
        "",
        "not PEM",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n",
    ] {
        std::fs::write(&path, content).expect("written");
        assert!(refused(&settings).contains("ca_file"), "{content}");
    }
}

const VENUE: &str = "https://gateway.example/";

#[test]
fn a_key_file_holds_one_key_and_nothing_else() {
    let keyed = |content: &[u8]| signing_settings(VENUE, &key_file(content));
    let gone = refused(&keyed(b"x"));
    assert!(gone.contains("[gateway.auth] key_file must name a file") && gone.contains("reading"), "{gone}");
    let two_lines = format!("{KEY}\n{KEY}\n");
    let too_large = KEY.repeat(100);
    for (content, says) in [
        ("".as_bytes(), "is empty"),
        ("\u{feff} \r\n".as_bytes(), "is empty"),
        (two_lines.as_bytes(), "more than one line"),
        (b"K7F3\xFF", "not UTF-8"),
        (too_large.as_bytes(), "too large"),
    ] {
        let file = key_file(content);
        let sentence = refused(&signing_settings(VENUE, &file));
        assert!(sentence.contains(says) && sentence.contains("[gateway.auth] key_file"), "{sentence}");
        assert!(!sentence.contains("K7F3"), "{sentence}");
    }
    for (path, says) in [("", "none is named"), ("/", "is no file"), ("no/such/file", "reading no/such/file failed")] {
        let hawk = HawkSettings { id: "w01".into(), key_file: path.into() };
        let sentence = refused(&GatewaySettings { hawk: Some(hawk), ..settings_at(VENUE) });
        assert!(sentence.contains(says), "{sentence}");
    }
    let good = key_file(format!(" {KEY}\r\n"));
    let settings = signing_settings(VENUE, &good);
    assert!(Gateway::new(&settings).is_ok());
    assert!(!format!("{settings:?}").contains(KEY));
}

#[cfg(unix)]
#[test]
fn a_key_file_is_its_owner_s_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let file = key_file(KEY);
    let settings = signing_settings(VENUE, &file);
    for (mode, fine) in
        [(0o600, true), (0o400, true), (0o700, true), (0o640, false), (0o604, false), (0o602, false), (0o777, false)]
    {
        let mut permissions = file.as_file().metadata().expect("a file").permissions();
        permissions.set_mode(mode);
        file.as_file().set_permissions(permissions).expect("set");
        assert_eq!(Gateway::new(&settings).is_ok(), fine, "{mode:o}");
        if !fine {
            let sentence = refused(&settings);
            let advice = format!("chmod 600 '{}'", file.path().display());
            assert!(sentence.contains(&advice) && !sentence.contains(KEY), "{sentence}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_key_file_s_place_is_not_waited_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().expect("mkfifo");
    assert!(made.success());
    let hawk = HawkSettings { id: "w01".into(), key_file: pipe.display().to_string() };
    assert!(refused(&GatewaySettings { hawk: Some(hawk), ..settings_at(VENUE) }).contains("is no file"));
}

#[test]
fn an_id_stands_between_quotes_as_it_is() {
    let file = key_file(KEY);
    for (id, fine) in [
        ("w01", true),
        ("till 7@venue", true),
        ("", false),
        (" ", false),
        ("a\"b", false),
        ("a\\", false),
        ("窗口", false),
    ] {
        let mut settings = signing_settings(VENUE, &file);
        settings.hawk = settings.hawk.map(|hawk| HawkSettings { id: id.into(), ..hawk });
        match Gateway::new(&settings) {
            Ok(_) => assert!(fine, "{id}"),
            Err(error) => assert!(!fine && error.to_string().contains("[gateway.auth] id"), "{id}: {error}"),
        }
    }
}
