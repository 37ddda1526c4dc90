//! What leaves the house, byte for byte.

mod support;

use gateway::{Gateway, GatewaySettings};
use support::*;

async fn paid_server() -> Server {
    Server::always(Act::Answer(http("200 OK", &paid()))).await
}

#[tokio::test]
async fn a_charge_is_the_seed_s_body_digit_for_digit() {
    for (typed, card, body) in [
        (
            "260",
            None,
            r#"{"BusinessType":1,"operatorNo":"S0107","billNum":"T20261122000170","summary":260.00,"barCode":"134567890123456789"}"#,
        ),
        (
            "0.1",
            Some("80001234"),
            r#"{"BusinessType":1,"operatorNo":"S0107","billNum":"T20261122000170","summary":0.10,"cardNo":"80001234","barCode":"134567890123456789"}"#,
        ),
        (
            "99999999.99",
            None,
            r#"{"BusinessType":1,"operatorNo":"S0107","billNum":"T20261122000170","summary":99999999.99,"barCode":"134567890123456789"}"#,
        ),
    ] {
        let server = paid_server().await;
        let answer = server.gateway().charge(charge_with(CODE, typed, card)).await;
        assert_eq!(envelope(answer).errcode, 0);
        let seen = server.seen();
        assert_eq!(String::from_utf8_lossy(&seen[0].body), body);
    }
}

#[tokio::test]
async fn a_query_is_the_superset_with_each_name_once() {
    for (setting, autoid, body) in [
        (
            "",
            "66|0|1",
            r#"{"billnum":"T20261122000170","autoid":"66|0|1","billtype":"1","paytype":"66","BusinessType":1,"operatorNo":"S0107"}"#,
        ),
        (
            "77",
            "66|0|1",
            r#"{"billnum":"T20261122000170","autoid":"66|0|1","billtype":"1","paytype":"77","BusinessType":1,"operatorNo":"S0107"}"#,
        ),
        (
            "",
            "8c1f0c52-6d0e-4c39-9a55-0c6b1f5c7e21",
            r#"{"billnum":"T20261122000170","autoid":"8c1f0c52-6d0e-4c39-9a55-0c6b1f5c7e21","billtype":"1","paytype":"","BusinessType":1,"operatorNo":"S0107"}"#,
        ),
        (
            "",
            "",
            r#"{"billnum":"T20261122000170","autoid":"","billtype":"1","paytype":"","BusinessType":1,"operatorNo":"S0107"}"#,
        ),
    ] {
        let server = paid_server().await;
        let gateway = Gateway::new(&GatewaySettings { payment_type: setting.into(), ..settings_at(&server.url()) })
            .expect("usable settings");
        envelope(gateway.query(query_request(autoid)).await);
        assert_eq!(String::from_utf8_lossy(&server.seen()[0].body), body);
    }
}

#[tokio::test]
async fn requests_name_their_form_and_go_to_their_paths() {
    let server = paid_server().await;
    let gateway = gateway_at(&format!("{}venue/7", server.url()));
    gateway.charge(charge_request()).await;
    gateway.query(query_request("")).await;
    gateway.warm().await.expect("reachable");
    let seen = server.seen();
    assert_eq!(
        seen.iter().map(Seen::line).collect::<Vec<_>>(),
        [
            "POST /venue/7/api/3Pay/KouDaiLQ/BarCode HTTP/1.1",
            "POST /venue/7/api/3Pay/KouDaiLQ/Query HTTP/1.1",
            "GET /venue/7/ HTTP/1.1",
        ]
    );
    for request in &seen[..2] {
        let type_and_accept = (request.header("content-type"), request.header("accept"));
        let expected = (Some("application/json; charset=utf-8"), Some("application/json"));
        assert_eq!(type_and_accept, expected);
        assert_eq!(request.header("accept-encoding"), None);
        assert_eq!(request.header("cookie"), None);
        assert_eq!(request.header("transfer-encoding"), None);
    }
}
