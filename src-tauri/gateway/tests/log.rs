//! `code-is-secret`: no line of any library, at any level, holds the code, a body, the Hawk key or a signature.

mod support;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use support::verifier::{KEY, signing};
use support::*;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;
    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Alone in this file: the subscriber is the whole process's.
#[tokio::test]
async fn no_line_holds_the_code_a_body_the_key_or_a_signature() {
    let lines = Lines::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
        .with_writer(lines.clone())
        .with_ansi(false)
        .init();
    let echo = format!(r#"{{"errcode":5,"errmsg":"echo {CODE}"}}"#);
    for act in [
        Act::Answer(http("200 OK", &echo)),
        Act::Answer(http("500 Oops", &echo)),
        Act::Answer(format!("HTTP/1.1 {CODE}\r\n\r\n").into_bytes()),
        Act::AnswerAndClose(Vec::new()),
        Act::Reset,
    ] {
        let server = Server::always(act).await;
        server.gateway().charge(charge_request()).await;
    }
    gateway_at("http://127.0.0.1:1/").charge(charge_request()).await;
    let refusing = Server::always(Act::Answer(http("401 No", &echo))).await;
    signing(&refusing.url()).charge(charge_request()).await;
    assert!(refusing.seen()[0].header("authorization").is_some());

    let log = String::from_utf8_lossy(&lines.0.lock().expect("lock")).into_owned();
    let ours: Vec<_> = log.lines().filter(|l| l.contains("charge=01TEST")).collect();
    assert_eq!(ours.len(), 7, "{ours:#?}");
    for said in ["200 errcode 5", "401 errcode 5", "500 errcode 5", "lost (broken off)", "never connected"] {
        assert!(ours.iter().any(|l| l.contains(said)), "{said}: {ours:#?}");
    }
    assert!(ours.iter().all(|l| l.contains("leg=\"charge\"") && l.contains("ms=")));
    assert!(log.contains("hyper"), "the libraries were not listened to");
    assert!(log.contains("look at [gateway.auth]"));
    for secret in [CODE, "4567890123", "operatorNo", "echo", KEY, "mac=", "nonce="] {
        assert!(!log.contains(secret), "{secret} was logged");
    }
}
