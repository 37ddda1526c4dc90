//! A tiny HTTP server over raw TCP, scripted by each test, and the requests that tests send.
#![allow(dead_code)]

pub mod verifier;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use checkout::{
    Amount, Answer, AutoId, BeginRequest, BillNumber, Body, Business, CardNumber, ChargeId, ChargeRequest, EndRequest,
    Envelope, Operator, PaymentCode, QueryRequest, ScannedText,
};
use gateway::{Gateway, GatewaySettings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The code of every test charge; no answer and no log line may hold it.
pub const CODE: &str = "134567890123456789";
pub const BILL: &str = "T20261122000170";
/// Longer than anything in a test takes; a test that needs it has failed.
pub const FOREVER: Duration = Duration::from_secs(20);

/// What a server does with one request, after reading it whole.
#[derive(Clone, Debug)]
pub enum Act {
    /// Answers with these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Answers with these bytes and closes.
    AnswerAndClose(Vec<u8>),
    /// Sends this byte after byte, for ever, with a pause between.
    Drip(Vec<u8>, Duration),
    /// Sends the first bytes, then the second again and again until the client gives up.
    Flood(Vec<u8>, Vec<u8>),
    /// Says nothing and stays.
    Silence,
    /// Resets the connection.
    Reset,
}

/// One request as it came in.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The connection, counted from 0.
    pub connection: usize,
    pub head: String,
    pub body: Vec<u8>,
}

impl Seen {
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    pub fn is_charge(&self) -> bool {
        self.head.starts_with("POST ") && self.head.contains("BarCode ")
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

/// A server that does what its script says with each request, and remembers everything.
pub struct Server {
    pub address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<Mutex<usize>>,
    sent: Arc<Mutex<usize>>,
}

impl Server {
    /// Answers every request alike.
    pub async fn always(act: Act) -> Self {
        Self::script(move |_| act.clone()).await
    }

    /// Answers as the script says.
    pub async fn script(script: impl Fn(&Seen) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let server = Self {
            address: listener.local_addr().expect("an address"),
            seen: Arc::default(),
            connections: Arc::default(),
            sent: Arc::default(),
        };
        let (seen, sent) = (server.seen.clone(), server.sent.clone());
        let (connections, script) = (server.connections.clone(), Arc::new(script));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let mut count = connections.lock().expect("lock");
                let connection = *count;
                *count += 1;
                let (seen, sent, script) = (seen.clone(), sent.clone(), script.clone());
                tokio::spawn(async move {
                    serve(stream, connection, &seen, &sent, &*script).await;
                });
            }
        });
        server
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub fn gateway(&self) -> Gateway {
        gateway_at(&self.url())
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().expect("lock").clone()
    }

    pub fn charges(&self) -> usize {
        self.seen().iter().filter(|seen| seen.is_charge()).count()
    }

    pub fn connections(&self) -> usize {
        *self.connections.lock().expect("lock")
    }

    /// Bytes handed to the network by floods.
    pub fn sent(&self) -> usize {
        *self.sent.lock().expect("lock")
    }
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    seen: &Mutex<Vec<Seen>>,
    sent: &Mutex<usize>,
    script: &(dyn Fn(&Seen) -> Act + Send + Sync),
) {
    while let Some(request) = read_request(&mut stream, connection).await {
        let act = script(&request);
        seen.lock().expect("lock").push(request);
        match act {
            Act::Answer(bytes) => {
                if stream.write_all(&bytes).await.is_err() {
                    return;
                }
            }
            Act::AnswerAndClose(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Act::Drip(bytes, pause) => {
                for byte in bytes.into_iter().cycle() {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            }
            Act::Flood(first, more) => {
                let _ = stream.write_all(&first).await;
                while stream.write_all(&more).await.is_ok() {
                    *sent.lock().expect("lock") += more.len();
                }
                return;
            }
            Act::Silence => {
                let _ = stream.read(&mut [0; 1]).await;
                return;
            }
            Act::Reset => {
                reset(stream);
                return;
            }
        }
    }
}

/// Closes so that the other side sees a reset instead of an end.
pub fn reset(stream: TcpStream) {
    let _ = stream.set_zero_linger();
}

/// Reads one request; `None` at the connection's end.
pub async fn read_request(stream: &mut TcpStream, connection: usize) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(at) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break at + 4;
        }
        more(stream, &mut bytes).await?;
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut seen = Seen { connection, head, body: Vec::new() };
    let length = seen.header("content-length").and_then(|n| n.parse().ok());
    let end = head_end + length.unwrap_or(0_usize);
    while bytes.len() < end {
        more(stream, &mut bytes).await?;
    }
    seen.body = bytes[head_end..].to_vec();
    Some(seen)
}

async fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut part = [0; 4096];
    match stream.read(&mut part).await {
        Ok(n) if n > 0 => bytes.extend_from_slice(&part[..n]),
        _ => return None,
    }
    Some(())
}

/// A whole HTTP answer.
pub fn http(status: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

pub fn paid() -> String {
    format!(
        r#"{{"errcode":0,"errmsg":"","tag":{{"billnum":"{BILL}","autoid":"66|0|1","billstatus":"3","paystatus":"SUCCESS","paystatusdesc":"支付成功"}}}}"#
    )
}

pub fn settings_at(url: &str) -> GatewaySettings {
    GatewaySettings { base_url: url.into(), ..GatewaySettings::default() }
}

pub fn gateway_at(url: &str) -> Gateway {
    Gateway::new(&settings_at(url)).expect("usable settings")
}

pub fn charge_request() -> ChargeRequest {
    charge_with(CODE, "260", None)
}

pub fn charge_with(code: &str, amount: &str, card: Option<&str>) -> ChargeRequest {
    ChargeRequest {
        charge: ChargeId("01TEST".into()),
        business: Business::Tickets,
        operator: Operator::parse("S0107").expect("an operator"),
        bill: BillNumber::parse(BILL, 20).expect("a bill"),
        amount: Amount::parse(amount).expect("an amount"),
        card: card.map(|card| CardNumber::parse(card).expect("a card")),
        code: PaymentCode::from_scan(ScannedText::new(code)).expect("a code"),
    }
}

pub fn query_request(autoid: &str) -> QueryRequest {
    QueryRequest {
        charge: ChargeId("01TEST".into()),
        business: Business::Tickets,
        operator: Operator::parse("S0107").expect("an operator"),
        bill: BillNumber::parse(BILL, 20).expect("a bill"),
        autoid: AutoId::new(autoid),
    }
}

pub fn begin_request(amount: &str) -> BeginRequest {
    BeginRequest {
        charge: ChargeId("01TEST".into()),
        bill: BillNumber::parse(BILL, 20).expect("a bill"),
        card: CardNumber::parse("80001234").expect("a card"),
        amount: Amount::parse(amount).expect("an amount"),
    }
}

pub fn end_request(amount: &str, autoid: &str) -> EndRequest {
    EndRequest {
        charge: ChargeId("01TEST".into()),
        bill: BillNumber::parse(BILL, 20).expect("a bill"),
        amount: Amount::parse(amount).expect("an amount"),
        autoid: AutoId::new(autoid),
    }
}

/// An HTTP answer with a body that says nothing.
pub fn unreadable(status: u16) -> Answer {
    Answer::Http { status, body: Body::Unreadable }
}

/// The envelope of an answer with status 200.
pub fn envelope(answer: Answer) -> Envelope {
    match answer {
        Answer::Http { status: 200, body: Body::Envelope(envelope) } => envelope,
        other => panic!("no envelope: {other:?}"),
    }
}
