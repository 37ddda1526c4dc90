//! Signed requests, verified from what arrived: who, what, and at the platform's time.

mod support;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use checkout::{Answer, Loss};
use chrono::{TimeDelta, Utc};
use gateway::{Finding, Gateway, Grade};
use support::verifier::*;
use support::*;

const DONE: &str = r#"{"errcode":0,"errmsg":"","tag":null}"#;
const HOUR: i64 = 3_600;

/// An HTTP answer from a platform whose clock is ahead by so many seconds.
fn dated(status: &str, more: &str, body: &str, ahead: i64) -> Vec<u8> {
    let date = (Utc::now() + TimeDelta::seconds(ahead)).format("%a, %d %b %Y %H:%M:%S GMT");
    format!("HTTP/1.1 {status}\r\nDate: {date}\r\n{more}Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

async fn ask(gateway: &Gateway) -> Answer {
    gateway.query(query_request("66|0|1")).await
}

/// How far the times of the signed requests were ahead of this machine's clock.
fn offsets(server: &Server) -> Vec<i64> {
    let now = Utc::now().timestamp();
    server.seen().iter().map(|seen| verified(seen).expect("a good signature").ts - now).collect()
}

fn assert_close(found: &[i64], expected: &[i64]) {
    let close = found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| a.abs_diff(*b) <= 3);
    assert!(close, "{found:?} instead of {expected:?}");
}

#[tokio::test]
async fn all_four_requests_are_signed_and_the_warming_is_not() {
    let server = Server::always(Act::Answer(http("200 OK", DONE))).await;
    let gateway = signing(&format!("{}venue/7", server.url()));
    gateway.warm().await.expect("reachable");
    gateway.charge(charge_request()).await;
    ask(&gateway).await;
    gateway.begin(begin_request("200")).await;
    gateway.end(end_request("200", "66|0|1")).await;
    let seen = server.seen();
    assert_eq!(seen[0].header("authorization"), None);
    let stamps: Vec<Stamp> = seen[1..].iter().map(|seen| verified(seen).expect("a good signature")).collect();
    assert_eq!(stamps.len(), 4);
    assert!(stamps.iter().all(|stamp| stamp.hashed && stamp.nonce.len() >= 16));
    for (i, stamp) in stamps.iter().enumerate() {
        assert!(stamps[i + 1..].iter().all(|other| other.nonce != stamp.nonce), "{stamps:?}");
    }
    assert_close(&offsets_of(&stamps), &[0; 4]);
}

fn offsets_of(stamps: &[Stamp]) -> Vec<i64> {
    stamps.iter().map(|stamp| stamp.ts - Utc::now().timestamp()).collect()
}

#[tokio::test]
async fn without_credentials_nothing_is_signed() {
    let server = Server::always(Act::Answer(http("200 OK", DONE))).await;
    server.gateway().charge(charge_request()).await;
    server.gateway().end(end_request("1", "")).await;
    assert!(server.seen().iter().all(|seen| seen.header("authorization").is_none()));
}

#[tokio::test]
async fn the_platform_s_time_is_learnt_from_every_answer() {
    let ahead = Mutex::new([2, -3, 90, 0].into_iter().map(|hours| hours * HOUR));
    let server = Server::script(move |_| {
        let next = ahead.lock().expect("lock").next().unwrap_or_default();
        Act::Answer(dated("503 Busy", "", "", next))
    })
    .await;
    let gateway = signing(&server.url());
    gateway.charge(charge_request()).await;
    gateway.clone().end(end_request("1", "")).await;
    gateway.begin(begin_request("1")).await;
    ask(&gateway).await;
    ask(&gateway).await;
    assert_close(&offsets(&server), &[0, 2 * HOUR, -3 * HOUR, 90 * HOUR, 0]);
}

#[tokio::test]
async fn the_warming_tells_the_time_before_the_first_signature() {
    let server = Server::script(|seen| {
        let body = if seen.line().starts_with("GET") { "hello" } else { DONE };
        Act::Answer(dated("200 OK", "", body, -HOUR))
    })
    .await;
    let gateway = signing(&server.url());
    let warmth = gateway.warm().await.expect("reachable");
    assert!(warmth.clock_ahead_s.is_some_and(|s| s.abs_diff(-HOUR) <= 1), "{warmth:?}");
    gateway.charge(charge_request()).await;
    let stamp = verified(&server.seen()[1]).expect("a good signature");
    assert_close(&offsets_of(&[stamp]), &[-HOUR]);
}

#[tokio::test]
async fn an_answer_whose_body_is_lost_has_told_the_time() {
    let server = Server::script(|_| {
        let mut cut = dated("200 OK", "", DONE, HOUR);
        cut.truncate(cut.len() - 5);
        Act::AnswerAndClose(cut)
    })
    .await;
    let gateway = signing(&server.url());
    assert_eq!(ask(&gateway).await, Answer::Lost(Loss::Broken));
    ask(&gateway).await;
    assert_close(&offsets(&server), &[0, HOUR]);
}

#[tokio::test]
async fn an_absurd_time_is_not_learnt() {
    let server = Server::always(Act::Answer(dated("200 OK", "", DONE, -11 * 366 * 24 * HOUR))).await;
    let gateway = signing(&server.url());
    ask(&gateway).await;
    ask(&gateway).await;
    assert_close(&offsets(&server), &[0, 0]);
}

#[tokio::test]
async fn a_refusal_s_own_time_is_learnt_where_the_key_vouches_for_it() {
    let theirs = Utc::now().timestamp() + HOUR;
    let signed = format!("ts=\"{theirs}\", tsm=\"{}\", error=\"Stale timestamp\"", tsm(theirs));
    let forged = format!("ts=\"{theirs}\", tsm=\"{}\"", tsm(theirs + 1));
    let bare = format!("ts=\"{theirs}\"");
    for (challenge, learnt) in [(signed, HOUR), (forged, 0), (bare, HOUR)] {
        let more = format!("WWW-Authenticate: Hawk {challenge}\r\n");
        // The time of a proxy in front, which checks no signature, is another one.
        let server = Server::always(Act::Answer(dated("401 Unauthorized", &more, "", 10))).await;
        let gateway = signing(&server.url());
        assert_eq!(gateway.charge(charge_request()).await, unreadable(401));
        ask(&gateway).await;
        let expected = if learnt == 0 { [0, 10] } else { [0, learnt] };
        assert_close(&offsets(&server), &expected);
        let only_a_401_counts = Server::always(Act::Answer(dated("403 Forbidden", &more, "", 0))).await;
        let gateway = signing(&only_a_401_counts.url());
        ask(&gateway).await;
        ask(&gateway).await;
        assert_close(&offsets(&only_a_401_counts), &[0, 0]);
    }
}

#[tokio::test]
async fn a_refused_signature_is_an_answer_and_no_reason_to_send_again() {
    let server = Server::always(Act::Answer(http("401 Unauthorized", ""))).await;
    let gateway = signing(&server.url());
    assert_eq!(gateway.charge(charge_request()).await, unreadable(401));
    assert_eq!(gateway.end(end_request("1", "")).await, unreadable(401));
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn a_signed_request_to_nobody_is_never_sent() {
    for answer in [
        signing("http://127.0.0.1:1/").charge(charge_request()).await,
        signing("http://127.0.0.1:1/").end(end_request("1", "")).await,
    ] {
        assert!(matches!(answer, Answer::NeverConnected { .. }), "{answer:?}");
    }
}

/// A platform with a wrong clock that lets in good signatures within a minute of its own time, or everybody.
async fn platform(ahead: i64, strict: bool, tells_date: bool) -> Server {
    Server::script(move |seen| {
        let no_date = |bytes| String::from_utf8(bytes).expect("text").replace("Date:", "X-Date:").into_bytes();
        let theirs = Utc::now().timestamp() + ahead;
        let stamp = verified(seen);
        let stale = stamp.as_ref().is_ok_and(|stamp| stamp.ts.abs_diff(theirs) > 60);
        let answer = if seen.line().starts_with("GET / ") {
            dated("200 OK", "", "hello", ahead)
        } else if strict && (stamp.is_err() || stale) {
            let why = if stale { "Stale timestamp" } else { "Bad mac" };
            let challenge = format!("Hawk ts=\"{theirs}\", tsm=\"{}\", error=\"{why}\"", tsm(theirs));
            dated("401 Unauthorized", &format!("WWW-Authenticate: {challenge}\r\n"), "", ahead)
        } else if seen.line().starts_with("GET ") {
            dated("405 Method Not Allowed", "", "", ahead)
        } else {
            dated("200 OK", "", r#"{"errcode":-1,"errmsg":"no such bill"}"#, ahead)
        };
        Act::Answer(if tells_date { answer } else { no_date(answer) })
    })
    .await
}

fn grades(found: &[Finding]) -> Vec<Grade> {
    assert!(found.iter().all(|finding| finding.text.ends_with('.')), "{found:#?}");
    found.iter().map(|finding| finding.grade).collect()
}

#[tokio::test]
async fn a_check_says_that_the_signature_is_taken_and_wanted() {
    let server = platform(0, true, true).await;
    let found = signing(&server.url()).check().await;
    assert_eq!(grades(&found), [Grade::Ok; 5], "{found:#?}");
    assert!(found[4].text.contains("refuses requests without one"), "{found:#?}");
    assert_eq!(server.charges(), 0);
}

#[tokio::test]
async fn a_check_says_that_nobody_looks_at_signatures() {
    let server = platform(0, false, true).await;
    let found = signing(&server.url()).check().await;
    assert_eq!(grades(&found)[4], Grade::Warn, "{found:#?}");
    let found = server.gateway().check().await;
    assert!(found[4].grade == Grade::Ok && found[4].text.contains("not signed"), "{found:#?}");
}

#[tokio::test]
async fn a_check_tells_a_missing_signature_from_a_refused_one() {
    let server = platform(0, true, true).await;
    let found = server.gateway().check().await;
    assert!(found[4].grade == Grade::Bad && found[4].text.contains("scheme = \"hawk\""), "{found:#?}");

    let file = key_file("another key");
    let found = Gateway::new(&signing_settings(&server.url(), &file)).expect("usable settings").check().await;
    assert_eq!(grades(&found)[2..], [Grade::Bad; 3], "{found:#?}");
    assert!(found[4].text.contains("saying “Bad mac”") && found[4].text.contains("key_file"), "{found:#?}");
}

#[tokio::test]
async fn a_check_with_a_wrong_clock_still_tells_the_signature() {
    let two_hours = platform(2 * HOUR, true, true).await;
    let found = signing(&two_hours.url()).check().await;
    assert_eq!(grades(&found), [Grade::Ok, Grade::Bad, Grade::Ok, Grade::Ok, Grade::Ok], "{found:#?}");
    assert!(found[1].text.contains("Signatures carry the platform's time"), "{found:#?}");

    let no_date = platform(2 * HOUR, true, false).await;
    let found = signing(&no_date.url()).check().await;
    assert_eq!(grades(&found), [Grade::Ok, Grade::Warn, Grade::Ok, Grade::Ok, Grade::Ok], "{found:#?}");
}

/// Requests that run at the same time are each signed for themselves.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signatures_of_one_moment_differ() {
    let count = std::sync::Arc::new(AtomicUsize::new(0));
    let good = count.clone();
    let server = Server::script(move |seen| {
        good.fetch_add(usize::from(verified(seen).is_ok()), Ordering::Relaxed);
        Act::Answer(http("200 OK", DONE))
    })
    .await;
    let gateway = signing(&server.url());
    let all: Vec<_> = (0..20)
        .map(|_| {
            let gateway = gateway.clone();
            tokio::spawn(async move { ask(&gateway).await })
        })
        .collect();
    for one in all {
        assert_eq!(envelope(one.await.expect("no panic")).errcode, 0);
    }
    assert_eq!(count.load(Ordering::Relaxed), 20);
    let nonces: std::collections::BTreeSet<_> =
        server.seen().iter().map(|seen| verified(seen).expect("a good signature").nonce).collect();
    assert_eq!(nonces.len(), 20);
}
