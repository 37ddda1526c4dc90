//! Answers that are lost, cut, late, or not the platform's own.

mod window;

use gateway_sim::{Fault, On, Scenario, Tuning, scenario, tuned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use window::{CHARGE, PATIENCE, Window, charge, code, word};

fn order(window: &Window, id: &str) {
    window.handle.order(On::Charge, scenario(id).expect("known"));
}

async fn status(window: &Window, bill: &str, tail: &str) -> reqwest::Response {
    window.post(CHARGE, &charge(bill, &code(tail))).await.expect("an answer")
}

#[tokio::test]
async fn a_lost_answer_has_taken_the_money_and_a_lost_request_has_not() {
    let window = Window::open().await;
    assert!(window.post(CHARGE, &charge("T1", &code("59"))).await.is_err());
    assert_eq!(window.words("T1", "", 1).await, ["SUCCESS"]);
    assert!(window.post(CHARGE, &charge("T2", &code("60"))).await.is_err());
    assert_eq!(window.words("T2", "", 1).await, ["40001"]);
    let ledger = window.handle.ledger();
    assert_eq!((ledger.times_taken("T1"), ledger.times_taken("T2")), (1, 0));
    assert_eq!(ledger.count(On::Charge, "T2"), 1, "a lost request is in the books of the simulator");
}

#[tokio::test]
async fn after_a_lost_answer_the_payment_may_fail_or_be_unknown_for_a_while() {
    let window = Window::open().await;
    assert!(window.post(CHARGE, &charge("T1", &code("61"))).await.is_err());
    assert_eq!(window.words("T1", "", 3).await, ["USERPAYING", "PAYERROR", "PAYERROR"]);
    assert!(window.post(CHARGE, &charge("T2", &code("88"))).await.is_err());
    assert_eq!(window.words("T2", "", 3).await, ["40001", "40001", "SUCCESS"]);
    assert_eq!(window.handle.ledger().times_taken("T2"), 1);
}

#[tokio::test]
async fn statuses_out_of_the_blue_take_nothing_and_bring_their_headers() {
    let window = Window::open().await;
    let table = [
        ("62", 400),
        ("63", 401),
        ("64", 403),
        ("65", 404),
        ("66", 405),
        ("67", 415),
        ("68", 429),
        ("69", 301),
        ("70", 500),
        ("71", 503),
    ];
    for (tail, expected) in table {
        assert_eq!(status(&window, "T1", tail).await.status().as_u16(), expected);
    }
    assert_eq!(window.handle.ledger().times_taken("T1"), 0);
    let challenge = status(&window, "T1", "63").await;
    assert!(challenge.headers()["www-authenticate"].to_str().is_ok_and(|text| text.starts_with("Hawk ts=")));
    assert_eq!(status(&window, "T1", "69").await.headers()["location"], "/login");
    let invalid = status(&window, "T1", "62").await.text().await.expect("a body");
    assert!(invalid.starts_with(r#"{"Message":"The request is invalid.","ModelState":{"parm.billNum":["#), "{invalid}");
}

#[tokio::test]
async fn a_server_error_may_hide_a_payment() {
    let window = Window::open().await;
    assert_eq!(status(&window, "T1", "72").await.status(), 500);
    assert_eq!(window.words("T1", "", 1).await, ["SUCCESS"]);
}

#[tokio::test]
async fn unreadable_answers_hide_payments_too() {
    let window = Window::open().await;
    assert_eq!(status(&window, "T1", "73").await.text().await.expect("a body"), "");
    let page = status(&window, "T2", "74").await;
    assert_eq!(page.headers()["content-type"], "text/html; charset=utf-8");
    let half = status(&window, "T3", "75").await;
    assert!(half.content_length().is_some_and(|length| length > 50));
    assert!(half.text().await.is_err(), "the connection breaks in the middle");
    assert_eq!(window.handle.ledger().taken().to_string(), "36.90");
}

#[tokio::test]
async fn a_flood_is_as_large_as_ordered_and_still_the_right_answer() {
    let window = Window::open().await;
    let tuning = Tuning { bytes: Some(1_000_000), ..Tuning::default() };
    window.handle.order(On::Charge, tuned("huge", &tuning).expect("known"));
    let text = status(&window, "T1", "89").await.text().await.expect("a body");
    assert!(text.len() > 1_000_000);
    assert_eq!(word(&serde_json::from_str(&text).expect("JSON")), "SUCCESS");
}

#[tokio::test]
async fn a_drip_comes_a_byte_at_a_time() {
    let window = Window::open().await;
    let tuning = Tuning { delay_ms: Some(50), ..Tuning::default() };
    window.handle.order(On::Charge, tuned("drip", &tuning).expect("known"));
    let mut response = status(&window, "T1", "89").await;
    let whole = response.content_length().expect("a length");
    let first = response.chunk().await.expect("a piece").expect("a byte");
    assert!((first.len() as u64) < whole);
}

#[tokio::test]
async fn a_held_answer_waits_although_the_money_is_taken() {
    let window = Window::open().await;
    order(&window, "held");
    let body = charge("T1", &code("89"));
    let asking = window.post(CHARGE, &body);
    let watching = async {
        let taken = window.handle.until(|ledger| ledger.times_taken("T1") == 1);
        tokio::time::timeout(PATIENCE, taken).await.expect("taken while the answer waits");
        window.handle.release();
    };
    let (answer, ()) = tokio::join!(asking, watching);
    assert_eq!(answer.expect("an answer").status(), 200);
}

#[tokio::test]
async fn a_till_that_gives_up_waiting_has_paid_all_the_same() {
    let window = Window::open().await;
    order(&window, "slow");
    let body = charge("T1", &code("89"));
    tokio::select! {
        _ = window.post(CHARGE, &body) => panic!("twenty seconds are not over"),
        _ = window.handle.until(|ledger| ledger.count(On::Charge, "T1") == 1) => {}
    }
    assert_eq!(window.words("T1", "", 1).await, ["SUCCESS"]);
}

#[tokio::test]
async fn a_customer_who_needs_time_pays_when_the_time_is_over() {
    let window = Window::open().await;
    let after =
        |delay_ms| tuned("password-delay", &Tuning { delay_ms: Some(delay_ms), ..Tuning::default() }).expect("known");
    window.handle.order(On::Charge, after(3_600_000));
    window.handle.order(On::Charge, after(0));
    window.charge("T1", &code("89")).await;
    window.charge("T2", &code("89")).await;
    assert_eq!(window.words("T1", "66|0|1", 2).await, ["USERPAYING"; 2]);
    assert_eq!(window.words("T2", "66|0|1", 1).await, ["SUCCESS"]);
}

#[tokio::test]
async fn a_kept_alive_connection_breaks_as_the_next_request_arrives() {
    let window = Window::open().await;
    window.handle.order(On::Warm, Scenario::spoilt("stale", Fault::Stale));
    let mut wire = TcpStream::connect(window.sim.addr()).await.expect("connects");
    let mut hello = Vec::new();
    wire.write_all(b"GET / HTTP/1.1\r\nHost: till\r\n\r\n").await.expect("sent");
    while !hello.ends_with(b"}") {
        assert_ne!(wire.read_buf(&mut hello).await.expect("an answer"), 0);
    }
    let hello = String::from_utf8_lossy(&hello).to_ascii_lowercase();
    assert!(hello.contains("date: ") && !hello.contains("connection: close"), "{hello}");
    let body = charge("T1", &code("89"));
    let head = format!("POST /{CHARGE} HTTP/1.1\r\nHost: till\r\nContent-Length: {}\r\n\r\n", body.len());
    wire.write_all(format!("{head}{body}").as_bytes()).await.expect("sent");
    assert!(matches!(wire.read(&mut [0; 64]).await, Ok(0) | Err(_)), "no answer");
    let ledger = window.handle.ledger();
    assert_eq!((ledger.stale_closes, ledger.charges.len()), (1, 0));
}

#[tokio::test]
async fn a_halted_simulator_refuses_connections_and_keeps_its_books() {
    let window = Window::open().await;
    window.charge("T1", &code("53")).await;
    window.handle.halt().await;
    let refused = window.post(CHARGE, &charge("T2", &code("89"))).await.expect_err("nobody listens");
    assert!(refused.is_connect(), "{refused:?}");
    window.handle.resume().await.expect("listens again");
    assert_eq!(window.words("T1", "66|0|1", 1).await, ["USERPAYING"]);
    assert_eq!(window.handle.ledger().charges.len(), 1);
}

#[tokio::test]
async fn halting_cuts_an_answer_that_is_on_its_way() {
    let window = Window::open().await;
    order(&window, "held");
    let body = charge("T1", &code("89"));
    let asking = window.post(CHARGE, &body);
    let cutting = async {
        window.handle.until(|ledger| ledger.times_taken("T1") == 1).await;
        tokio::time::timeout(PATIENCE, window.handle.halt()).await.expect("ends at once");
    };
    let (answer, ()) = tokio::join!(asking, cutting);
    assert!(answer.is_err());
}

#[tokio::test]
async fn a_dropped_simulator_listens_no_more() {
    let window = Window::open().await;
    let Window { sim, handle, http } = window;
    let url = sim.base_url();
    drop(sim);
    tokio::time::timeout(PATIENCE, handle.halt()).await.expect("its tasks end");
    assert!(http.get(url).send().await.is_err_and(|error| error.is_connect()));
}
