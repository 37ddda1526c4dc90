//! The two legs of a recharge: what leaves, once, and how their plainer result is read.

mod support;

use std::time::Duration;

use checkout::{Answer, Body, Envelope, Loss};
use gateway::{Gateway, GatewaySettings};
use support::*;

const SERIAL: &str = "8c1f0c52-6d0e-4c39-9a55-0c6b1f5c7e21";

fn with_payment_type(url: &str) -> Gateway {
    Gateway::new(&GatewaySettings { payment_type: "66".into(), ..settings_at(url) }).expect("usable settings")
}

async fn done_server() -> Server {
    Server::always(Act::Answer(http("200 OK", r#"{"errcode":0,"errmsg":"","tag":null}"#))).await
}

#[tokio::test]
async fn a_begin_has_no_code_and_its_amount_digit_for_digit() {
    for (typed, body) in [
        (
            "200",
            r#"{"BillNum":"T20261122000170","CardNo":"80001234","BusiFrom":"1","PaymentTypeId":"66","Amount":200.00}"#,
        ),
        (
            "0.1",
            r#"{"BillNum":"T20261122000170","CardNo":"80001234","BusiFrom":"1","PaymentTypeId":"66","Amount":0.10}"#,
        ),
        (
            "99999999.99",
            r#"{"BillNum":"T20261122000170","CardNo":"80001234","BusiFrom":"1","PaymentTypeId":"66","Amount":99999999.99}"#,
        ),
    ] {
        let server = done_server().await;
        assert_eq!(envelope(with_payment_type(&server.url()).begin(begin_request(typed)).await), Envelope::default());
        let seen = server.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!(String::from_utf8_lossy(&seen[0].body), body);
        assert_eq!(seen[0].line(), "POST /api/ValueCard/Busi/Recharge/WithBarCode/Begin HTTP/1.1");
        assert_eq!(seen[0].header("content-type"), Some("application/json; charset=utf-8"));
    }
}

#[tokio::test]
async fn a_begin_without_a_payment_type_is_never_sent() {
    let server = done_server().await;
    let Answer::NeverConnected { what } = server.gateway().begin(begin_request("1")).await else {
        panic!("sent");
    };
    assert!(what.contains("payment_type"), "{what}");
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn an_end_confirms_exactly_the_amount_and_names_the_receipt_where_there_is_room() {
    let (fits, too_long) = ("5".repeat(50), "5".repeat(51));
    let named = |serial: &str| {
        format!(r#"{{"BillNum":"T20261122000170","ConfirmAmount":1234.50,"ThirdPartyBusiId":"{serial}"}}"#)
    };
    let bare = r#"{"BillNum":"T20261122000170","ConfirmAmount":1234.50}"#.to_owned();
    for (serial, body) in [
        (SERIAL, named(SERIAL)),
        ("66|0|1", named("66|0|1")),
        (&fits, named(&fits)),
        (&too_long, bare.clone()),
        ("", bare),
    ] {
        let server = done_server().await;
        assert_eq!(envelope(server.gateway().end(end_request("1234.5", serial)).await), Envelope::default());
        let seen = server.seen();
        assert_eq!(seen.len(), 1);
        assert_eq!(String::from_utf8_lossy(&seen[0].body), body);
        assert_eq!(seen[0].line(), "POST /api/ValueCard/Busi/Recharge/WithBarCode/End HTTP/1.1");
    }
}

#[tokio::test]
async fn a_tag_of_a_recharge_says_nothing_whatever_text_it_is() {
    for tag in [r#""C202406010045""#, r#""SUCCESS""#, r#""""#, "null", "5", "{}", r#"{"other":[1]}"#] {
        for (errcode, errmsg) in [(0, ""), (-1, "金额不符")] {
            let body = format!(r#"{{"errcode":{errcode},"errmsg":"{errmsg}","tag":{tag}}}"#);
            let server = Server::always(Act::Answer(http("200 OK", &body))).await;
            let expected = Envelope { errcode, errmsg: errmsg.into(), tag: None };
            assert_eq!(envelope(server.gateway().end(end_request("1", SERIAL)).await), expected, "{body}");
            let begun = with_payment_type(&server.url()).begin(begin_request("1")).await;
            assert_eq!(envelope(begun), expected, "{body}");
        }
    }
    let xml =
        r#"<CommonOperationResult xmlns:i="x"><errcode>0</errcode><errmsg/><tag>C1</tag></CommonOperationResult>"#;
    let server = Server::always(Act::Answer(http("200 OK", xml))).await;
    assert_eq!(envelope(server.gateway().end(end_request("1", "")).await), Envelope::default());
}

#[tokio::test]
async fn another_bill_in_the_tag_of_a_recharge_stays_visible() {
    let server = Server::always(Act::Answer(http("200 OK", r#"{"errcode":0,"tag":{"billnum":"T9"}}"#))).await;
    let tag = envelope(server.gateway().end(end_request("1", SERIAL)).await).tag;
    assert_eq!(tag.map(|tag| tag.billnum), Some("T9".into()));
}

/// Every bad answer of a server, and what End makes of it; none brings a second request.
#[tokio::test]
async fn a_bad_answer_to_an_end_is_what_it_is_and_is_not_asked_for_twice() {
    let refused = r#"{"ModelState":{"parm.ConfirmAmount":["required"]}}"#;
    let model_state = Answer::Http { status: 400, body: Body::ModelState("required".into()) };
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"errcode\":0}".to_vec();
    let large = http("200 OK", &format!("{{\"errcode\":0}}{}", " ".repeat(64 << 10)));
    let moved = b"HTTP/1.1 307 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n".to_vec();
    for (act, expected) in [
        (Act::AnswerAndClose(http("200 OK", "")), unreadable(200)),
        (Act::AnswerAndClose(http("200 OK", "<html></html>")), unreadable(200)),
        (Act::AnswerAndClose(http("200 OK", r#"{"errcode":0,"tag":[1]}"#)), unreadable(200)),
        (Act::AnswerAndClose(http("200 OK", r#"{"errcode":0,"tag":true}"#)), unreadable(200)),
        (Act::AnswerAndClose(http("200 OK", r#"{"errcode":0,"tag":"a","Tag":"b"}"#)), unreadable(200)),
        (Act::AnswerAndClose(http("200 OK", r#"{"errcode":"00"}"#)), unreadable(200)),
        (Act::AnswerAndClose(large), unreadable(200)),
        (Act::AnswerAndClose(moved), unreadable(307)),
        (Act::AnswerAndClose(http("400 Bad Request", refused)), model_state),
        (Act::AnswerAndClose(http("401 Unauthorized", "")), unreadable(401)),
        (Act::AnswerAndClose(http("404 Not Found", "")), unreadable(404)),
        (Act::AnswerAndClose(http("500 Oops", "oops")), unreadable(500)),
        (Act::AnswerAndClose(http("503 Busy", "")), unreadable(503)),
        (Act::AnswerAndClose(cut), Answer::Lost(Loss::Broken)),
        (Act::AnswerAndClose(Vec::new()), Answer::Lost(Loss::Broken)),
        (Act::Reset, Answer::Lost(Loss::Broken)),
        (Act::Silence, Answer::Lost(Loss::Timeout)),
        (Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), Duration::from_millis(5)), Answer::Lost(Loss::Timeout)),
    ] {
        let what = format!("{act:?}");
        let server = Server::always(act).await;
        let hasty = GatewaySettings { reply_timeout_ms: 400, ..settings_at(&server.url()) };
        let gateway = Gateway::new(&hasty).expect("usable settings");
        let answer = tokio::time::timeout(FOREVER, gateway.end(end_request("1", SERIAL))).await.expect("in time");
        assert_eq!(answer, expected, "{what:.200}");
        assert_eq!(server.seen().len(), 1, "{what:.200}");
    }
}

#[tokio::test]
async fn an_end_to_nobody_is_never_sent() {
    let answer = gateway_at("http://127.0.0.1:1/").end(end_request("1", SERIAL)).await;
    assert!(matches!(answer, Answer::NeverConnected { .. }), "{answer:?}");
}
