//! Every class of answer of design.md §5, by name.

use checkout::{Answer, Body, Envelope, Loss, PayStatus};

/// `errcode`, bill, serial, word; an empty text is a missing member.
pub fn full(errcode: i64, bill: &str, serial: &str, word: &str) -> Answer {
    let tag = PayStatus {
        billnum: bill.into(),
        autoid: serial.into(),
        billstatus: "3".into(),
        paystatus: word.into(),
        paystatusdesc: String::new(),
    };
    envelope(errcode, Some(tag))
}

fn envelope(errcode: i64, tag: Option<PayStatus>) -> Answer {
    let errmsg = if errcode == 0 { "" } else { "the platform's text" };
    Answer::Http { status: 200, body: Body::Envelope(Envelope { errcode, errmsg: errmsg.into(), tag }) }
}

pub fn paid(bill: &str, serial: &str) -> Answer {
    full(0, bill, serial, "SUCCESS")
}

pub fn open(bill: &str, serial: &str) -> Answer {
    full(0, bill, serial, "USERPAYING")
}

pub fn closed(bill: &str, serial: &str) -> Answer {
    full(0, bill, serial, "CLOSED")
}

pub fn refund(bill: &str, serial: &str) -> Answer {
    full(0, bill, serial, "REFUND")
}

/// Only a number and a text.
pub fn bare(errcode: i64) -> Answer {
    envelope(errcode, None)
}

pub fn status(status: u16) -> Answer {
    Answer::Http { status, body: Body::Unreadable }
}

pub fn model_state() -> Answer {
    Answer::Http { status: 400, body: Body::ModelState("the field billNum is too long".into()) }
}

pub fn lost() -> Answer {
    Answer::Lost(Loss::Timeout)
}

pub fn broken() -> Answer {
    Answer::Lost(Loss::Broken)
}

pub fn unreachable() -> Answer {
    Answer::NeverConnected { what: "connection refused".into() }
}
