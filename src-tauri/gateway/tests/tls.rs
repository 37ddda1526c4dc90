//! Encrypted lines: whom to believe, what a failed handshake proves, and HTTP/2 without repeats.

mod support;

use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use checkout::{Answer, Loss};
use gateway::{Gateway, GatewaySettings};
use support::*;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

/// A certificate for `name` that vouches for itself.
struct Identity {
    pem: String,
    acceptor: TlsAcceptor,
}

fn identity(name: &str, alpn: &[&str]) -> Identity {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(made.signing_key.serialize_der()));
    let mut config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a configuration");
    config.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    Identity { pem: made.cert.pem(), acceptor: TlsAcceptor::from(Arc::new(config)) }
}

fn trusting(address: SocketAddr, pem: &str) -> Gateway {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    file.write_all(pem.as_bytes()).expect("written");
    Gateway::new(&GatewaySettings {
        ca_file: file.path().display().to_string(),
        ..settings_at(&format!("https://{address}/"))
    })
    .expect("usable settings")
}

async fn listener() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    (listener, address)
}

/// Accepts handshakes and counts those that succeed; answers each with one HTTP/1 answer.
async fn https(identity: &Identity) -> (SocketAddr, Arc<AtomicUsize>) {
    let (listener, address) = listener().await;
    let (acceptor, made) = (identity.acceptor.clone(), Arc::new(AtomicUsize::new(0)));
    let count = made.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else {
                continue;
            };
            count.fetch_add(1, Ordering::SeqCst);
            let _ = stream.write_all(&http("200 OK", &paid())).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, made)
}

fn assert_never_connected(answer: Answer) {
    assert!(matches!(answer, Answer::NeverConnected { .. }), "{answer:?}");
}

#[tokio::test]
async fn a_private_authority_is_believed_and_nobody_else() {
    let ours = identity("127.0.0.1", &["http/1.1"]);
    let (address, _) = https(&ours).await;
    let answer = trusting(address, &ours.pem).charge(charge_request()).await;
    assert_eq!(envelope(answer).errcode, 0);

    let stranger = identity("127.0.0.1", &[]);
    assert_never_connected(trusting(address, &stranger.pem).charge(charge_request()).await);
    let system_only = gateway_at(&format!("https://{address}/"));
    assert_never_connected(system_only.charge(charge_request()).await);
}

#[tokio::test]
async fn a_certificate_for_another_host_is_never_sent() {
    let other = identity("other.example", &[]);
    let (address, made) = https(&other).await;
    assert_never_connected(trusting(address, &other.pem).charge(charge_request()).await);
    assert_eq!(made.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_handshake_that_fails_is_never_sent() {
    let ours = identity("127.0.0.1", &[]);
    for speech in [b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(), vec![21, 3, 3, 0, 2, 2, 40], Vec::new()] {
        let (listener, address) = listener().await;
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.write_all(&speech).await;
            }
        });
        assert_never_connected(trusting(address, &ours.pem).charge(charge_request()).await);
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_never_sent() {
    let (listener, address) = listener().await;
    let gateway =
        Gateway::new(&GatewaySettings { connect_timeout_ms: 200, ..settings_at(&format!("https://{address}/")) })
            .expect("usable settings");
    assert_never_connected(gateway.charge(charge_request()).await);
    drop(listener);
}

/// What an HTTP/2 server does with a charge; both tell a client that it may try again.
#[derive(Clone, Copy, Debug)]
enum Refusal {
    Stream,
    GoAway,
}

async fn http2(identity: &Identity, refusal: Refusal) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let (listener, address) = listener().await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let (acceptor, log) = (identity.acceptor.clone(), seen.clone());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak_http2(acceptor.clone(), stream, refusal, log.clone()));
        }
    });
    (address, seen)
}

async fn speak_http2(acceptor: TlsAcceptor, stream: TcpStream, refusal: Refusal, log: Arc<Mutex<Vec<String>>>) {
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let mut connection = h2::server::handshake(stream).await.expect("HTTP/2");
    while let Some(Ok((request, mut reply))) = connection.accept().await {
        log.lock().expect("lock").push(request.method().to_string());
        if request.method() == http::Method::POST {
            match refusal {
                Refusal::Stream => reply.send_reset(h2::Reason::REFUSED_STREAM),
                Refusal::GoAway => connection.abrupt_shutdown(h2::Reason::NO_ERROR),
            }
        } else {
            let _ = reply.send_response(http::Response::new(()), true);
        }
    }
}

#[tokio::test]
async fn an_http2_server_that_asks_for_a_repeat_gets_none() {
    for refusal in [Refusal::Stream, Refusal::GoAway] {
        let ours = identity("127.0.0.1", &["h2"]);
        let (address, seen) = http2(&ours, refusal).await;
        let gateway = trusting(address, &ours.pem);
        gateway.warm().await.expect("warm");
        let answer = gateway.charge(charge_request()).await;
        assert_eq!(answer, Answer::Lost(Loss::Broken), "{refusal:?}");
        // Another request on the same client: had the charge been repeated, it would have come before this one.
        gateway.warm().await.expect("warm");
        let methods = seen.lock().expect("lock").clone();
        assert_eq!(methods, ["GET", "POST", "GET"], "{refusal:?}");
    }
}
