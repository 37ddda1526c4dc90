//! Lines that fail: what proves that nothing left, and what proves nothing.

mod support;

use std::net::SocketAddr;
use std::time::Duration;

use checkout::{Answer, Loss};
use gateway::{Gateway, GatewaySettings};
use support::*;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

fn hasty(url: &str, connect_ms: u64, reply_ms: u64) -> Gateway {
    Gateway::new(&GatewaySettings {
        allow_http: true,
        connect_timeout_ms: connect_ms,
        reply_timeout_ms: reply_ms,
        ..settings_at(url)
    })
    .expect("usable settings")
}

fn assert_never_connected(answer: &Answer) {
    let Answer::NeverConnected { what } = answer else {
        panic!("{answer:?}");
    };
    assert!(!what.is_empty());
    assert!(!what.contains("4567890123"), "{what}");
    assert!(!what.contains("BarCode"), "{what}");
}

/// A limit that fails is a red test, not one that hangs.
async fn in_time(charge: impl Future<Output = Answer>) -> Answer {
    let answer = tokio::time::timeout(FOREVER, charge).await;
    answer.expect("an answer in time")
}

/// An address where nobody listens.
async fn nobody() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    listener.local_addr().expect("an address")
}

/// A listener whose queue is full: a connection to it is never made. The streams keep the queue full.
#[cfg(target_os = "linux")]
async fn full_queue() -> (TcpListener, Vec<TcpStream>) {
    let socket = TcpSocket::new_v4().expect("a socket");
    let any: SocketAddr = "127.0.0.1:0".parse().expect("an address");
    socket.bind(any).expect("a port");
    let listener = socket.listen(1).expect("a listener");
    let address = listener.local_addr().expect("an address");
    let mut waiting = Vec::new();
    loop {
        let attempt = TcpStream::connect(address);
        match tokio::time::timeout(Duration::from_millis(300), attempt).await {
            Ok(stream) => waiting.push(stream.expect("a place in the queue")),
            Err(_) => return (listener, waiting),
        }
    }
}

#[tokio::test]
async fn a_refused_connection_is_never_sent() {
    let gateway = gateway_at(&format!("http://{}/", nobody().await));
    assert_never_connected(&gateway.charge(charge_request()).await);
    assert_never_connected(&gateway.query(query_request("")).await);
}

#[tokio::test]
async fn a_name_that_nobody_knows_is_never_sent() {
    let gateway = hasty("http://no-such-host.invalid/", 2_000, 20_000);
    assert_never_connected(&gateway.charge(charge_request()).await);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_connection_that_is_not_made_in_time_is_never_sent() {
    let (listener, _queue) = full_queue().await;
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let answer = in_time(hasty(&url, 200, 60_000).charge(charge_request())).await;
    assert_never_connected(&answer);
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_reply_limit_proves_nothing_even_while_connecting() {
    let (listener, _queue) = full_queue().await;
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let answer = hasty(&url, 20_000, 200).charge(charge_request()).await;
    assert_eq!(answer, Answer::Lost(Loss::Timeout));
}

#[tokio::test]
async fn silence_ends_at_the_reply_limit() {
    let server = Server::always(Act::Silence).await;
    let gateway = hasty(&server.url(), 1_000, 300);
    let answer = in_time(gateway.charge(charge_request())).await;
    assert_eq!(answer, Answer::Lost(Loss::Timeout));
    assert_eq!(server.charges(), 1);
}

#[tokio::test]
async fn dripping_does_not_outlast_the_reply_limit() {
    let pause = Duration::from_millis(20);
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".to_vec();
    let slow_head = Server::always(Act::Drip(head.clone(), pause)).await;
    let slow_body = Server::script(move |_| {
        let mut bytes = head.clone();
        bytes.extend(std::iter::repeat_n(b' ', 60_000));
        Act::Drip(bytes, Duration::from_millis(1))
    })
    .await;
    for server in [slow_head, slow_body] {
        let gateway = hasty(&server.url(), 1_000, 400);
        let answer = in_time(gateway.charge(charge_request())).await;
        assert_eq!(answer, Answer::Lost(Loss::Timeout));
        assert_eq!(server.charges(), 1);
    }
}

#[tokio::test]
async fn a_hundred_megabytes_are_not_read() {
    let named = b"HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n".to_vec();
    let chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(std::iter::repeat_n(b' ', 0x10000));
    chunk.extend(b"\r\n");
    for (head, more) in [(named, vec![b' '; 0x10000]), (chunked, chunk), (endless, vec![b' '; 0x10000])] {
        let server = Server::always(Act::Flood(head, more)).await;
        let gateway = server.gateway();
        let answer = gateway.charge(charge_request()).await;
        assert_eq!(answer, unreadable(200));
        // What fits into the buffers of both ends, and no more: the connection is gone.
        assert!(server.sent() < 20 << 20, "{} bytes went out", server.sent());
        assert_eq!(server.charges(), 1);
    }
}

#[tokio::test]
async fn a_body_at_the_limit_is_read_and_one_above_is_not() {
    let bare = r#"{"errcode":0,"errmsg":""}"#;
    let filled = |size: usize| format!("{bare}{}", " ".repeat(size - bare.len()));
    // Its length may be said beforehand, or not.
    let chunked = |body: &str| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        format!("{head}{:x}\r\n{body}\r\n0\r\n\r\n", body.len()).into_bytes()
    };
    for (size, readable) in [(64 << 10, true), ((64 << 10) + 1, false)] {
        for bytes in [http("200 OK", &filled(size)), chunked(&filled(size))] {
            let server = Server::always(Act::Answer(bytes)).await;
            let answer = server.gateway().charge(charge_request()).await;
            assert_eq!(answer != unreadable(200), readable, "{size}");
        }
    }
}

#[tokio::test]
async fn a_connection_closed_without_an_answer_is_lost() {
    for act in [Act::AnswerAndClose(Vec::new()), Act::Reset] {
        let server = Server::always(act).await;
        let answer = server.gateway().charge(charge_request()).await;
        assert_eq!(answer, Answer::Lost(Loss::Broken));
        assert_eq!(server.charges(), 1);
    }
}

#[tokio::test]
async fn a_connection_closed_before_the_request_was_read_is_lost() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let accepted = tokio::spawn(async move {
        let mut count = 0;
        while let Ok((stream, _)) = listener.accept().await {
            count += 1;
            reset(stream);
            if count == 3 {
                break;
            }
        }
    });
    for _ in 0..3 {
        let answer = gateway_at(&url).charge(charge_request()).await;
        assert_eq!(answer, Answer::Lost(Loss::Broken));
    }
    // Three charges, three connections: none was tried a second time.
    accepted.await.expect("three connections");
}

#[tokio::test]
async fn a_connection_closed_after_the_answer_changes_nothing() {
    let answer = http("200 OK", &paid());
    let server = Server::always(Act::AnswerAndClose(answer)).await;
    let gateway = server.gateway();
    for round in 1..=5 {
        assert_eq!(envelope(gateway.charge(charge_request()).await).errcode, 0);
        assert_eq!(server.charges(), round);
    }
}

/// The child of the test below: charges the address in the environment.
#[tokio::test]
#[ignore = "run by the_environment_s_proxies_are_not_asked"]
async fn child_that_charges() {
    let url = std::env::var("WICKET_TEST_TARGET").expect("run by its parent");
    let answer = hasty(&url, 5_000, 15_000).charge(charge_request()).await;
    assert_eq!(envelope(answer).errcode, 0);
}

#[tokio::test]
async fn the_environment_s_proxies_are_not_asked() {
    let target = Server::always(Act::Answer(http("200 OK", &paid()))).await;
    let proxy = Server::always(Act::Answer(http("200 OK", &paid()))).await;
    let program = std::env::current_exe().expect("this program");
    let mut child = tokio::process::Command::new(program);
    child.args(["--exact", "child_that_charges", "--ignored"]);
    child.env("WICKET_TEST_TARGET", target.url());
    for name in ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        child.env(name, proxy.url());
        child.env(name.to_lowercase(), proxy.url());
    }
    for name in ["NO_PROXY", "no_proxy", "REQUEST_METHOD"] {
        child.env_remove(name);
    }
    let ended = child.output().await.expect("the child");
    assert!(ended.status.success(), "{ended:?}");
    assert_eq!(proxy.connections(), 0);
    assert_eq!(target.charges(), 1);
}
