//! Warming, and the questions of `wicketctl check`.

mod support;

use gateway::{Finding, Gateway, GatewaySettings, Grade};
use support::*;

fn page(status: &str, head: &str) -> Act {
    Act::Answer(format!("HTTP/1.1 {status}\r\n{head}Content-Length: 5\r\n\r\nhello").into_bytes())
}

#[tokio::test]
async fn a_warmed_connection_serves_the_charge() {
    let server = Server::script(|seen| {
        if seen.is_charge() {
            Act::Answer(http("200 OK", &paid()))
        } else {
            // Long enough that it does not come in with the head: unread, it would cost the connection.
            Act::Answer(http("404 Not Found", &" ".repeat(600_000)))
        }
    })
    .await;
    let gateway = server.gateway();
    let warmth = gateway.warm().await.expect("reachable");
    assert_eq!((warmth.status, warmth.kept), (404, true));
    envelope(gateway.charge(charge_request()).await);
    gateway.warm().await.expect("reachable");
    assert_eq!(server.connections(), 1);
    let lines: Vec<_> = server.seen().iter().map(|s| s.line().to_owned()).collect();
    assert_eq!(lines[0], "GET / HTTP/1.1");
    assert_eq!(server.charges(), 1);
}

#[tokio::test]
async fn a_dead_kept_connection_is_found_by_the_warming() {
    let server = Server::script(|seen| match seen.connection {
        0 if seen.is_charge() => Act::Answer(http("200 OK", &paid())),
        0 => Act::Reset,
        _ => page("200 OK", ""),
    })
    .await;
    let gateway = server.gateway();
    envelope(gateway.charge(charge_request()).await);
    gateway.warm().await.expect("a second connection");
    assert_eq!(server.connections(), 2);
    assert_eq!(server.charges(), 1);
}

#[tokio::test]
async fn a_silent_kept_connection_is_replaced_within_the_connect_limit() {
    let server = Server::script(|seen| match seen.connection {
        0 => Act::Silence,
        _ => page("200 OK", ""),
    })
    .await;
    let gateway = Gateway::new(&GatewaySettings { connect_timeout_ms: 200, ..settings_at(&server.url()) })
        .expect("usable settings");
    gateway.warm().await.expect("a second connection");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn warming_tells_the_clock_and_what_cannot_be_kept() {
    let date = |text: &str| page("200 OK", &format!("Date: {text}\r\n"));
    let server = Server::always(date("Tue, 15 Nov 1994 08:12:31 GMT")).await;
    let warmth = server.gateway().warm().await.expect("reachable");
    assert!(warmth.clock_ahead_s.is_some_and(|s| s < -900_000_000));
    let server = Server::always(date("yesterday")).await;
    let warmth = server.gateway().warm().await.expect("reachable");
    assert_eq!(warmth.clock_ahead_s, None);
    let server = Server::always(page("200 OK", "Connection: close\r\n")).await;
    assert!(!server.gateway().warm().await.expect("reachable").kept);
}

#[tokio::test]
async fn nobody_there_is_cold() {
    let cold = gateway_at("http://127.0.0.1:1/").warm().await;
    let cold = cold.expect_err("nobody listens on port 1");
    assert!(cold.to_string().starts_with("the payment platform does not answer: "));
}

async fn findings(server: &Server) -> Vec<Finding> {
    let found = server.gateway().check().await;
    for finding in &found {
        assert!(finding.text.ends_with('.'), "{}", finding.text);
    }
    found
}

fn grades(found: &[Finding]) -> Vec<Grade> {
    found.iter().map(|finding| finding.grade).collect()
}

/// A platform that is as it should be, but for one path.
async fn platform(charge: &'static str, query: (&'static str, &'static str)) -> Server {
    Server::script(move |seen| {
        let now = chrono::Utc::now().to_rfc2822().replace("+0000", "GMT");
        if seen.line().contains("Query ") {
            Act::Answer(http(query.0, query.1))
        } else if seen.line().contains("BarCode ") {
            Act::Answer(http(charge, ""))
        } else {
            page("200 OK", &format!("Date: {now}\r\n"))
        }
    })
    .await
}

const NO_SUCH_BILL: (&str, &str) = ("200 OK", r#"{"errcode":-1,"errmsg":"no such bill","tag":null}"#);

#[tokio::test]
async fn a_check_asks_only_what_cannot_charge() {
    let server = platform("405 Method Not Allowed", NO_SUCH_BILL).await;
    let found = findings(&server).await;
    assert_eq!(grades(&found), [Grade::Ok; 5], "{found:#?}");
    assert!(found[3].text.contains("no such bill"));
    assert_eq!(server.charges(), 0);
    for seen in server.seen() {
        assert!(seen.line().starts_with("GET ") || seen.line().contains("/Query "));
        assert!(!String::from_utf8_lossy(&seen.body).contains("barCode"));
    }
}

#[tokio::test]
async fn a_check_says_which_path_is_wrong() {
    for (charge, query, expected) in [
        ("404 Not Found", NO_SUCH_BILL, [Grade::Bad, Grade::Ok]),
        ("401 Unauthorized", NO_SUCH_BILL, [Grade::Bad, Grade::Ok]),
        ("302 Found", NO_SUCH_BILL, [Grade::Bad, Grade::Ok]),
        ("200 OK", NO_SUCH_BILL, [Grade::Warn, Grade::Ok]),
        ("405 No", ("404 Not Found", ""), [Grade::Ok, Grade::Bad]),
        ("405 No", ("401 No", ""), [Grade::Ok, Grade::Bad]),
        ("405 No", ("500 Oops", ""), [Grade::Ok, Grade::Bad]),
        ("405 No", ("200 OK", "<html>"), [Grade::Ok, Grade::Bad]),
        ("405 No", ("400 Bad", r#"{"ModelState":{"parm.autoid":["required"]}}"#), [Grade::Ok, Grade::Warn]),
        ("405 No", ("200 OK", r#"{"errcode":0,"tag":{"paystatus":"success"}}"#), [Grade::Ok, Grade::Bad]),
    ] {
        let server = platform(charge, query).await;
        let found = findings(&server).await;
        assert_eq!(grades(&found)[2..4], expected, "{found:#?}");
        assert_eq!(server.charges(), 0);
    }
}

#[tokio::test]
async fn a_check_of_nobody_is_one_bad_finding() {
    let found = gateway_at("http://127.0.0.1:1/").check().await;
    assert_eq!(grades(&found), [Grade::Bad]);
}
