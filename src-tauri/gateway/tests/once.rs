//! `code-once` on the wire: a kept connection that dies under a charge never makes the charge arrive twice.

mod support;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use checkout::{Answer, Loss};
use gateway::Gateway;
use support::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// How the server ends a kept connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    /// Closes its sending half and goes on reading, so that it sees whatever is still written.
    HalfClose,
    /// Resets.
    Reset,
    /// Answers a request that nobody sent, then closes.
    StrayAnswer,
}

/// Counts the charges that arrive over all connections, even partly.
#[derive(Default)]
struct Arrivals(Mutex<Vec<Vec<u8>>>);

impl Arrivals {
    fn keep(&self, bytes: Vec<u8>) {
        self.0.lock().expect("lock").push(bytes);
    }

    fn charges(&self) -> usize {
        let all = self.0.lock().expect("lock");
        let count = |bytes: &Vec<u8>| bytes.windows(5).filter(|w| w == b"POST ").count();
        all.iter().map(count).sum()
    }
}

/// One warm connection that is ended on demand; later connections are answered as they should be.
async fn round(end: End, spin: usize) -> (Answer, usize) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let (arrivals, now) = (Arc::new(Arrivals::default()), Arc::new(Notify::new()));
    let (seen, strike) = (arrivals.clone(), now.clone());
    let server = tokio::spawn(async move {
        let (first, _) = listener.accept().await.expect("the warm connection");
        let dying = tokio::spawn(die(first, end, strike, seen.clone()));
        let fresh = async {
            let (mut second, _) = listener.accept().await.expect("a second connection");
            if let Some(request) = read_request(&mut second, 1).await {
                seen.keep([request.head.into_bytes(), request.body].concat());
                let _ = second.write_all(&http("200 OK", &paid())).await;
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = fresh => {}
            ended = async { dying.await.expect("the dying one"); std::future::pending::<()>().await } => ended,
        }
    });
    let gateway = gateway_at(&url);
    gateway.warm().await.expect("warm");
    let charge = {
        let gateway: Gateway = gateway.clone();
        tokio::spawn(async move { gateway.charge(charge_request()).await })
    };
    for _ in 0..spin {
        std::hint::spin_loop();
    }
    now.notify_one();
    let answer = tokio::time::timeout(FOREVER, charge).await;
    let answer = answer.expect("in time").expect("no panic");
    drop(gateway);
    tokio::task::yield_now().await;
    server.abort();
    let _ = server.await;
    (answer, arrivals.charges())
}

async fn die(mut stream: TcpStream, end: End, strike: Arc<Notify>, seen: Arc<Arrivals>) {
    read_request(&mut stream, 0).await.expect("the warming");
    let warm = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    stream.write_all(warm).await.expect("answered");
    strike.notified().await;
    match end {
        End::HalfClose => {
            let _ = stream.shutdown().await;
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            seen.keep(rest);
        }
        End::Reset => {
            let mut rest = vec![0; 4096];
            let n = stream.try_read(&mut rest).unwrap_or(0);
            rest.truncate(n);
            seen.keep(rest);
            reset(stream);
        }
        End::StrayAnswer => {
            let _ = stream.write_all(&http("408 Request Timeout", "")).await;
            let _ = stream.shutdown().await;
            let mut rest = Vec::new();
            let _ = stream.read_to_end(&mut rest).await;
            seen.keep(rest);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_connection_closed_under_the_charge_never_doubles_it() {
    let mut outcomes: BTreeMap<String, usize> = BTreeMap::new();
    for i in 0..900 {
        let end = [End::HalfClose, End::Reset, End::StrayAnswer][i % 3];
        let (answer, arrived) = round(end, (i / 3 * 97) % 12_000).await;
        let outcome = match &answer {
            Answer::Http { status, .. } => format!("{end:?} {status}"),
            other => format!("{end:?} {other:?}"),
        };
        *outcomes.entry(outcome).or_default() += 1;
        assert!(arrived <= 1, "{end:?}: {answer:?}, arrived {arrived} times");
        match answer {
            // An answer of the fresh connection is the charge's only arrival.
            Answer::Http { status: 200, .. } => assert_eq!(arrived, 1, "{end:?}"),
            Answer::Http { .. } | Answer::Lost(Loss::Broken) => {}
            other => panic!("{end:?}: {other:?}"),
        }
    }
    println!("{outcomes:#?}");
}

/// The charge is read whole on a kept connection, which then ends without an answer.
#[tokio::test]
async fn a_charge_that_arrived_on_a_kept_connection_is_not_sent_again() {
    for act in [Act::AnswerAndClose(Vec::new()), Act::Reset] {
        let server =
            Server::script(move |seen| if seen.is_charge() { act.clone() } else { Act::Answer(http("200 OK", "")) })
                .await;
        let gateway = server.gateway();
        for round in 1..=20 {
            gateway.warm().await.expect("warm");
            let answer = gateway.charge(charge_request()).await;
            assert_eq!(answer, Answer::Lost(Loss::Broken));
            assert_eq!(server.charges(), round);
        }
    }
}

/// The server has closed before the charge begins, and the client may know it or not.
#[tokio::test]
async fn a_kept_connection_that_is_already_closed_is_replaced_or_lost() {
    let server = Server::script(|seen| {
        if seen.is_charge() { Act::Answer(http("200 OK", &paid())) } else { Act::AnswerAndClose(http("200 OK", "")) }
    })
    .await;
    let gateway = server.gateway();
    let mut arrived = 0;
    for _ in 0..100 {
        gateway.warm().await.expect("warm");
        match gateway.charge(charge_request()).await {
            Answer::Http { status: 200, .. } => arrived += 1,
            Answer::Lost(Loss::Broken) => {}
            other => panic!("{other:?}"),
        }
        assert!(server.charges() <= 100);
    }
    assert_eq!(server.charges(), arrived);
}
