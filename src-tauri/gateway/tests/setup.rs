//! Settings that are refused, each with the sentence that an installer reads.

mod support;

use gateway::{Gateway, GatewaySettings};
use support::settings_at;

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
