//! Paths, limits, XML, letter case and credentials, over real HTTP.

mod window;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use gateway_sim::{Case, Complaint, HawkKey, Training};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use sha2::Sha256;
use window::{CHARGE, QUERY, Window, charge, query, word};

const CODE: &str = "130000000000000001";
const TYPES: &str = "http://schemas.datacontract.org/2004/07/DigitalScience.DataTransfer";

#[tokio::test]
async fn paths_ignore_letter_case_and_others_are_not_found() {
    let window = Window::open().await;
    assert_eq!(word(&window.json("API/3pay/KOUDAILQ/barcode", &charge("T1", CODE)).await), "SUCCESS");
    assert_eq!(window.post("api/3Pay/KouDaiLQ/BarCodes", "{}").await.expect("an answer").status(), 404);
    let get = window.http.get(window.url(CHARGE)).send().await.expect("an answer");
    assert_eq!((get.status().as_u16(), get.headers()["allow"].as_bytes()), (405, b"POST".as_slice()));
}

#[tokio::test]
async fn a_body_in_another_format_is_not_read() {
    let window = Window::open().await;
    let post = window.http.post(window.url(CHARGE)).header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(post.body("a=b").send().await.expect("an answer").status(), 415);
    assert_eq!(window.post(CHARGE, "{\"billNum\":").await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn broken_limits_are_model_state_or_errcode_by_switch_and_take_nothing() {
    let window = Window::open().await;
    let long = charge(&"T".repeat(33), CODE);
    let response = window.post(CHARGE, &long).await.expect("an answer");
    assert_eq!(response.status(), 400);
    let text = response.text().await.expect("a body");
    assert!(text.contains(r#""ModelState":{"parm.billNum":["#), "{text}");
    window.handle.switch(|switches| switches.complaint = Complaint::Errcode);
    assert_eq!(word(&window.json(CHARGE, &long).await), "40000");
    assert_eq!(window.handle.ledger().taken().to_string(), "0");
}

#[tokio::test]
async fn a_code_that_was_sent_in_a_refused_request_counts_as_sent() {
    let window = Window::open().await;
    let long = charge(&"T".repeat(33), CODE);
    window.post(CHARGE, &long).await.expect("an answer");
    window.handle.switch(|switches| switches.complaint = Complaint::Errcode);
    window.post(CHARGE, &long).await.expect("an answer");
    window.charge("T1", CODE).await;
    assert_eq!(window.handle.ledger().most_requests_for_a_code(), 3);
}

#[tokio::test]
async fn a_strict_query_takes_bill_numbers_of_twenty_characters_only() {
    let window = Window::open().await;
    let bill = "T".repeat(21);
    window.charge(&bill, CODE).await;
    assert_eq!(word(&window.query(&bill, "66|0|1").await), "SUCCESS");
    window.handle.switch(|switches| switches.query_bill_max = 20);
    assert_eq!(window.post(QUERY, &query(&bill, "66|0|1")).await.expect("an answer").status(), 400);
}

#[tokio::test]
async fn members_may_be_written_in_pascal_case() {
    let window = Window::open().await;
    window.handle.switch(|switches| switches.case = Case::Pascal);
    let answer = window.charge("T1", CODE).await;
    assert_eq!((&answer["ErrCode"], &answer["Tag"]["PayStatus"]), (&0.into(), &"SUCCESS".into()));
    assert!(answer.get("errcode").is_none());
}

#[tokio::test]
async fn xml_is_taken_and_answered() {
    let window = Window::open().await;
    let body = format!(
        "<KouDaiLQBarCodeParm xmlns=\"{TYPES}.Tour.V5.Parm.Pay.KouDaiLQ\">\
         <BusinessType>ToursimOrTheatreTicketBusiness</BusinessType><barCode>{CODE}</barCode>\
         <billNum>T1</billNum><operatorNo>S0107</operatorNo><summary>260.00</summary></KouDaiLQBarCodeParm>"
    );
    let post = window.http.post(window.url(CHARGE)).header(CONTENT_TYPE, "application/xml").header(ACCEPT, "text/xml");
    let response = post.body(body).send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "application/xml; charset=utf-8");
    let text = response.text().await.expect("a body");
    assert!(text.starts_with("<CommonOperationResultWithTagOfPayStatusResultKp9g8rEY "), "{text}");
    assert!(text.contains("<d2p1:paystatus>SUCCESS</d2p1:paystatus>"), "{text}");
    assert_eq!(window.handle.ledger().charges[0].amount_text, "260.00");
}

#[tokio::test]
async fn hawk_lets_the_right_key_in_and_tells_the_others_the_time() {
    let window = Window::open().await;
    let key = HawkKey { id: "till".to_owned(), key: "K7F3Q9ZT2M5XW8RB".to_owned() };
    window.handle.switch(|switches| switches.hawk = Some(key));
    let body = charge("T1", CODE);
    assert_eq!(window.post(CHARGE, &body).await.expect("an answer").status(), 401);
    let now = chrono::Utc::now().timestamp();
    assert_eq!(signed(&window, &body, now).await.status(), 200);
    window.handle.switch(|switches| switches.clock_ahead = 3600);
    let refused = signed(&window, &body, now).await;
    let challenge = refused.headers()["www-authenticate"].to_str().expect("text").to_owned();
    let ahead = challenge.strip_prefix("Hawk ts=\"").and_then(|rest| rest.split('"').next()?.parse::<i64>().ok());
    assert!((3590..3700).contains(&(ahead.expect("a time") - now)), "{challenge}");
    assert_eq!(signed(&window, &body, now + 3600).await.status(), 200);
    assert_eq!(window.http.get(window.sim.base_url()).send().await.expect("an answer").status(), 200);
}

async fn signed(window: &Window, body: &str, ts: i64) -> reqwest::Response {
    let port = window.sim.addr().port();
    let text = format!("hawk.1.header\n{ts}\nn0\nPOST\n/{CHARGE}\n127.0.0.1\n{port}\n\n\n");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"K7F3Q9ZT2M5XW8RB").expect("any length");
    mac.update(text.as_bytes());
    let mac = STANDARD.encode(mac.finalize().into_bytes());
    let header = format!("Hawk id=\"till\", ts=\"{ts}\", nonce=\"n0\", mac=\"{mac}\"");
    let post = window.http.post(window.url(CHARGE)).header(CONTENT_TYPE, "application/json");
    post.header(AUTHORIZATION, header).body(body.to_owned()).send().await.expect("an answer")
}

#[tokio::test]
async fn each_training_scenario_behaves_as_its_name_says() {
    let window = Window::open().await;
    let mut answers = Vec::new();
    // The slow one says what the first says, six seconds later; nobody waits for it here.
    for (at, training) in Training::ALL.into_iter().filter(|training| *training != Training::Slow).enumerate() {
        let code = training.mint_code(at as u64);
        let answer = window.post(CHARGE, &charge(training.id(), &code)).await;
        answers.push(match answer {
            Ok(answer) if !answer.status().is_success() => answer.status().as_str().to_owned(),
            Ok(answer) => word(&serde_json::from_str(&answer.text().await.expect("a body")).expect("JSON")),
            Err(_) => "lost".to_owned(),
        });
    }
    assert_eq!(answers, ["SUCCESS", "USERPAYING", "40004", "lost", "500", "USERPAYING", "USERPAYING"]);
}
