//! Every kind of answer, good and bad, and what becomes of it.

mod support;

use checkout::{Answer, Body, Envelope, Loss, PayStatus};
use support::*;

async fn charged(raw: Vec<u8>) -> Answer {
    let server = Server::always(Act::AnswerAndClose(raw)).await;
    let answer = server.gateway().charge(charge_request()).await;
    assert_eq!(server.charges(), 1);
    answer
}

async fn body_of(body: &str) -> Answer {
    charged(http("200 OK", body)).await
}

#[tokio::test]
async fn an_envelope_is_read_whole() {
    let expected = Envelope {
        errcode: 0,
        errmsg: String::new(),
        tag: Some(PayStatus {
            billnum: BILL.into(),
            autoid: "66|0|1".into(),
            billstatus: "3".into(),
            paystatus: "SUCCESS".into(),
            paystatusdesc: "支付成功".into(),
        }),
    };
    assert_eq!(envelope(body_of(&paid()).await), expected);
    let server = Server::always(Act::Answer(http("200 OK", &paid()))).await;
    let answer = server.gateway().query(query_request("66|0|1")).await;
    assert_eq!(envelope(answer), expected);
}

#[tokio::test]
async fn an_envelope_without_a_tag_has_none() {
    for body in [
        r#"{"errcode":0,"errmsg":"ok"}"#,
        r#"{"errcode":0,"errmsg":"ok","tag":null}"#,
        r#"{"errcode":0,"errmsg":"ok","tag":{}}"#,
        r#"{"errcode":0,"errmsg":"ok","tag":{"billnum":"","autoid":null,"paystatus":" "}}"#,
    ] {
        let read = envelope(body_of(body).await);
        assert_eq!((read.errcode, read.tag), (0, None), "{body}");
    }
}

#[tokio::test]
async fn what_is_no_result_of_the_platform_is_unreadable() {
    for body in [
        "",
        "   ",
        "<html><head><title>502</title></head><body>nginx</body></html>",
        "<!DOCTYPE html><html></html>",
        r#"{"errcode":0,"errmsg":"","tag":{"billnum":"T2"#,
        r#"{"errcode":0}{"errcode":0}"#,
        r#"{"errmsg":"fine"}"#,
        r#"{"errcode":null}"#,
        r#"{"errcode":true}"#,
        r#"{"errcode":"zero"}"#,
        r#"{"errcode":0.0}"#,
        r#"{"errcode":[0]}"#,
        r#"{"errcode":0,"errmsg":{}}"#,
        r#"{"errcode":0,"tag":"SUCCESS"}"#,
        r#"{"errcode":0,"tag":[1]}"#,
        r#"{"errcode":0,"tag":{"paystatus":true}}"#,
        "[]",
        "0",
        "null",
        "\"SUCCESS\"",
        "SUCCESS",
    ] {
        assert_eq!(body_of(body).await, unreadable(200), "{body}");
    }
    let mut not_utf8 = http("200 OK", r#"{"errcode":0,"errmsg":"12"}"#);
    let at = not_utf8.len() - 4;
    not_utf8[at] = 0xff;
    assert_eq!(charged(not_utf8).await, unreadable(200));
}

#[tokio::test]
async fn a_status_comes_through_as_it_is() {
    for (line, status) in [
        ("301 Moved Permanently", 301),
        ("401 Unauthorized", 401),
        ("403 Forbidden", 403),
        ("404 Not Found", 404),
        ("405 Method Not Allowed", 405),
        ("408 Request Timeout", 408),
        ("415 Unsupported Media Type", 415),
        ("421 Misdirected Request", 421),
        ("425 Too Early", 425),
        ("429 Too Many Requests", 429),
        ("500 Internal Server Error", 500),
        ("503 Service Unavailable", 503),
    ] {
        assert_eq!(charged(http(line, "oops")).await, unreadable(status));
    }
    let empty = b"HTTP/1.1 204 No Content\r\n\r\n".to_vec();
    assert_eq!(charged(empty).await, unreadable(204));
}

#[tokio::test]
async fn a_validation_failure_is_told_apart_from_a_bad_request() {
    for body in [
        r#"{"Message":"The request is invalid.","ModelState":{"parm.billNum":["too long"],"parm.summary":["required","bad"]}}"#,
        r#"{"message":"The request is invalid.","modelState":{"parm.billNum":"too long","parm.summary":["required","bad",null]}}"#,
        r#"<Error><Message>The request is invalid.</Message><ModelState><parm.billNum>too long</parm.billNum><parm.summary>required bad</parm.summary></ModelState></Error>"#,
    ] {
        let expected = Answer::Http { status: 400, body: Body::ModelState("too long required bad".into()) };
        assert_eq!(charged(http("400 Bad Request", body)).await, expected);
    }
    let only_message = r#"{"Message":"The request is invalid.","ModelState":{}}"#;
    assert_eq!(
        charged(http("400 Bad Request", only_message)).await,
        Answer::Http { status: 400, body: Body::ModelState("The request is invalid.".into()) }
    );
    for body in [
        r#"{"Message":"The request is invalid."}"#,
        r#"{"ModelState":null}"#,
        r#"{"ModelState":"x"}"#,
        r#"{"ModelState":{},"modelstate":{}}"#,
        "Bad Request",
        "",
    ] {
        let answer = charged(http("400 Bad Request", body)).await;
        assert_eq!(answer, unreadable(400), "{body}");
    }
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_its_target_hears_nothing() {
    let target = Server::always(Act::Answer(http("200 OK", &paid()))).await;
    for code in [301, 302, 303, 307, 308] {
        let url = target.url();
        let raw =
            format!("HTTP/1.1 {code} Moved\r\nLocation: {url}api/3Pay/KouDaiLQ/BarCode\r\nContent-Length: 0\r\n\r\n");
        assert_eq!(charged(raw.into_bytes()).await, unreadable(code));
    }
    assert_eq!(target.connections(), 0);
}

#[tokio::test]
async fn the_code_is_masked_wherever_it_is_echoed() {
    let body = format!(
        r#"{{"errcode":5,"errmsg":"code {CODE} used","tag":{{"billnum":"{BILL}","autoid":"x{CODE}","billstatus":"{CODE}","paystatus":"{CODE}","paystatusdesc":"１３４５ 6789-0123 4567 89!"}}}}"#
    );
    let answer = body_of(&body).await;
    assert!(!format!("{answer:?}").contains("4567890123"), "{answer:?}");
    let read = envelope(answer);
    assert_eq!(read.errmsg, "code 13…6789 used");
    let tag = read.tag.expect("a tag");
    assert_eq!(tag.autoid, "x13…6789");
    assert_eq!(tag.paystatusdesc, "13…6789!");

    let state = format!(r#"{{"ModelState":{{"parm.barCode":["'{CODE}' is bad"]}}}}"#);
    let answer = charged(http("400 Bad Request", &state)).await;
    assert!(!format!("{answer:?}").contains("4567890123"), "{answer:?}");
}

#[tokio::test]
async fn a_body_cut_short_is_lost_however_whole_it_looks() {
    let cut = |head: &str, body: &str| format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n{body}").into_bytes();
    let size = paid().len();
    for raw in [
        cut(&format!("Content-Length: {}", size + 1), &paid()),
        cut("Content-Length: 10", ""),
        cut("Transfer-Encoding: chunked", &format!("{size:x}\r\n{}\r\n", paid())),
        cut("Transfer-Encoding: chunked", "zz\r\n"),
        b"HTTP/1.1 200 OK\r\nContent-Le".to_vec(),
        b"SSH-2.0-OpenSSH_9.6\r\n".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(charged(raw).await, Answer::Lost(Loss::Broken));
    }
}

#[tokio::test]
async fn a_whole_body_counts_however_it_was_framed() {
    let size = paid().len();
    let chunked = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{size:x}\r\n{}\r\n0\r\n\r\n", paid());
    let closed = format!("HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n{}", paid());
    let hundred = format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n{}", paid());
    for raw in [chunked, closed, hundred] {
        assert_eq!(envelope(charged(raw.into_bytes()).await).errcode, 0);
    }
}
