//! A till reduced to its HTTP requests, for the tests of the simulator.

#![allow(dead_code, reason = "each test program uses its own part")]

use std::time::Duration;

use gateway_sim::{Handle, Options, Sim};
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::Value;

pub const CHARGE: &str = "api/3Pay/KouDaiLQ/BarCode";
pub const QUERY: &str = "api/3Pay/KouDaiLQ/Query";
pub const BEGIN: &str = "api/ValueCard/Busi/Recharge/WithBarCode/Begin";
pub const END: &str = "api/ValueCard/Busi/Recharge/WithBarCode/End";

/// Nothing here may take longer; a test that waits for ever fails instead.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Window {
    pub sim: Sim,
    pub handle: Handle,
    pub http: reqwest::Client,
}

impl Window {
    pub async fn open() -> Window {
        Window::open_with(Options::default()).await
    }

    pub async fn open_with(options: Options) -> Window {
        let sim = Sim::start_with(([127, 0, 0, 1], 0).into(), options).await.expect("listens");
        let handle = sim.handle();
        // A second installation in one test program is refused, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            // A connection that halting has cut must not be tried again.
            .pool_max_idle_per_host(0)
            .retry(reqwest::retry::never())
            .timeout(PATIENCE)
            .build()
            .expect("a client");
        Window { sim, handle, http }
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.sim.base_url())
    }

    pub async fn post(&self, path: &str, body: &str) -> reqwest::Result<reqwest::Response> {
        let request = self.http.post(self.url(path)).header(CONTENT_TYPE, "application/json; charset=utf-8");
        request.header(ACCEPT, "application/json").body(body.to_owned()).send().await
    }

    pub async fn json(&self, path: &str, body: &str) -> Value {
        let response = self.post(path, body).await.expect("an answer");
        assert_eq!(response.status(), 200);
        serde_json::from_str(&response.text().await.expect("a body")).expect("JSON")
    }

    /// A charge of 12.30 yuan for a ticket.
    pub async fn charge(&self, bill: &str, code: &str) -> Value {
        self.json(CHARGE, &charge(bill, code)).await
    }

    pub async fn query(&self, bill: &str, autoid: &str) -> Value {
        self.json(QUERY, &query(bill, autoid)).await
    }

    /// The words of this many queries, `errcode` where there is none.
    pub async fn words(&self, bill: &str, autoid: &str, count: usize) -> Vec<String> {
        let mut words = Vec::new();
        for _ in 0..count {
            words.push(word(&self.query(bill, autoid).await));
        }
        words
    }
}

pub fn charge(bill: &str, code: &str) -> String {
    format!(r#"{{"BusinessType":1,"operatorNo":"S0107","billNum":"{bill}","summary":12.30,"barCode":"{code}"}}"#)
}

pub fn query(bill: &str, autoid: &str) -> String {
    format!(
        r#"{{"billnum":"{bill}","autoid":"{autoid}","billtype":"1","paytype":"66","BusinessType":1,"operatorNo":"S0107"}}"#
    )
}

/// The `paystatus` of an answer, or its `errcode` where it has no tag.
pub fn word(answer: &Value) -> String {
    match answer["tag"]["paystatus"].as_str() {
        Some(word) if answer["errcode"] == 0 => word.to_owned(),
        Some(word) => format!("{}:{word}", answer["errcode"]),
        None => answer["errcode"].to_string(),
    }
}

/// A payment code whose last two digits are these.
pub fn code(tail: &str) -> String {
    format!("1312345678901234{tail}")
}
