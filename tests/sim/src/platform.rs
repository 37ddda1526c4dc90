//! The model gateway and what it truly did: receipts, money, credited cards. Its own books, never asked through the till.

use std::collections::BTreeMap;

use checkout::{Answer, BeginRequest, Body, ChargeRequest, EndRequest, Envelope, Loss, PayStatus, QueryRequest};

use crate::fate::Fault;

/// How a customer's wallet behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pays {
    /// At once.
    AtOnce,
    /// After a password, so many milliseconds later.
    Password(u64),
    /// The customer never confirms; the platform closes the payment after so many milliseconds.
    Closes(u64),
    /// The customer fails to confirm, so many milliseconds later.
    Fails(u64),
    /// Never, and nothing ever says so.
    Hangs,
    /// The platform refuses the charge.
    Refused,
    /// The platform says closed after the first time, and is paid all the same after the second: it breaks its word.
    ClosesThenPaid(u64, u64),
    /// Paid at once, and given back by the platform so many milliseconds later.
    GivenBack(u64),
}

/// One receipt of the platform.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// The charge request that made it; empty for one that some other till made.
    pub charge: String,
    /// Its bill, letter case folded.
    pub bill: String,
    /// Its serial.
    pub serial: String,
    /// Fen.
    pub fen: i64,
    /// When the money is in, if ever.
    pub paid_at: Option<u64>,
    /// When the platform closes it, and its word for that.
    closed_at: Option<(u64, &'static str)>,
    /// When the money is given back.
    given_back_at: Option<u64>,
    /// Not found before that.
    seen_from: u64,
    /// The platform has said something final that is not true.
    pub broke_word: bool,
    /// How often it said a final word that was not true; once is a slip that the till must stand.
    lies: u32,
}

impl Receipt {
    /// The platform has the money, or had it.
    pub fn took(&self, time: u64) -> bool {
        self.paid_at.is_some_and(|at| at <= time)
    }

    /// The platform, keeping its word, may still take the money.
    pub fn may_take(&self, time: u64) -> bool {
        !self.took(time) && self.paid_at.is_some() && !self.broke_word
    }

    fn word(&self, time: u64) -> &'static str {
        if self.given_back_at.is_some_and(|at| at <= time) {
            "REFUND"
        } else if self.took(time) {
            "SUCCESS"
        } else if let Some((_, word)) = self.closed_at.filter(|(at, _)| *at <= time) {
            word
        } else {
            "USERPAYING"
        }
    }
}

/// What one bill's recharge came to on the platform.
#[derive(Clone, Debug, Default)]
pub struct Card {
    /// Begin was accepted for this amount.
    pub begun: Option<i64>,
    /// How often the card was credited.
    pub credited: u32,
}

/// The platform.
#[derive(Clone, Debug, Default)]
pub struct Platform {
    /// Every receipt, oldest first.
    pub receipts: Vec<Receipt>,
    /// Recharges by bill.
    pub cards: BTreeMap<String, Card>,
    /// The platform credits cards by itself.
    pub credits: bool,
    /// "Still open" comes as `errcode` 1 rather than as a word with `errcode` 0.
    pub says_one: bool,
}

fn http(errcode: i64, errmsg: &str, tag: Option<PayStatus>) -> Answer {
    Answer::Http { status: 200, body: Body::Envelope(Envelope { errcode, errmsg: errmsg.into(), tag }) }
}

fn status(status: u16) -> Answer {
    Answer::Http { status, body: Body::Unreadable }
}

/// What a request brings although something went wrong on the way, and whether the platform did its part; `None` where the
/// fault is none of the way's.
pub fn on_the_way(fault: Option<Fault>) -> Option<(bool, Answer)> {
    Some(match fault? {
        Fault::NeverConnected => (false, Answer::NeverConnected { what: "refused".into() }),
        Fault::RequestLost => (false, Answer::Lost(Loss::Timeout)),
        Fault::RequestBroken => (false, Answer::Lost(Loss::Broken)),
        Fault::ReplyLost => (true, Answer::Lost(Loss::Timeout)),
        Fault::ReplyBroken => (true, Answer::Lost(Loss::Broken)),
        Fault::Truncated => (true, status(200)),
        Fault::TooMany => (false, status(429)),
        Fault::Unavailable => (false, status(503)),
        Fault::DoneUnavailable => (true, status(503)),
        Fault::Redirect => (false, status(302)),
        Fault::NotThere => (false, status(404)),
        Fault::Invalid => (false, Answer::Http { status: 400, body: Body::ModelState("billNum".into()) }),
        _ => return None,
    })
}

impl Platform {
    /// Takes a charge request in and answers it.
    pub fn charge(&mut self, time: u64, request: &ChargeRequest, pays: Pays, fault: Option<Fault>) -> Answer {
        if pays == Pays::Refused && fault != Some(Fault::PaidNotSaved) {
            return http(-3, "余额不足", None);
        }
        let number = self.receipts.len() + 1;
        let (paid, closed) = match pays {
            Pays::AtOnce | Pays::GivenBack(_) => (Some(0), None),
            Pays::Password(ms) => (Some(ms), None),
            Pays::Closes(ms) => (None, Some((ms, "CLOSED"))),
            Pays::Fails(ms) => (None, Some((ms, "PAYERROR"))),
            Pays::Hangs => (None, None),
            Pays::Refused => (Some(0), None),
            Pays::ClosesThenPaid(closed, paid) => (Some(paid), Some((closed, "CLOSED"))),
        };
        let receipt = Receipt {
            charge: request.charge.to_string(),
            bill: request.bill.as_str().to_ascii_uppercase(),
            serial: format!("66|0|{number}"),
            fen: request.amount.fen(),
            paid_at: paid.map(|ms| time + ms),
            closed_at: closed.map(|(ms, word)| (time + ms, word)),
            given_back_at: if let Pays::GivenBack(ms) = pays { Some(time + ms) } else { None },
            seen_from: time + if fault == Some(Fault::PaidNotSaved) { 30_000 } else { 0 },
            // An error for a charge that took money, or may: the one thing that a refusal must not mean.
            broke_word: matches!(pays, Pays::ClosesThenPaid(..)) || fault == Some(Fault::PaidNotSaved),
            lies: 0,
        };
        self.receipts.push(receipt.clone());
        if self.credits && request.business == checkout::Business::Recharge {
            self.cards.entry(receipt.bill.clone()).or_default().credited += u32::from(receipt.took(time));
        }
        match fault {
            Some(Fault::PaidNotSaved) => http(-1, "保存失败", None),
            Some(Fault::StillOpen) => http(1, "", None),
            Some(Fault::NoWord) => http(0, "", None),
            fault => self.say(&receipt, request.bill.as_str(), time, fault),
        }
    }

    /// Answers a query.
    pub fn query(&mut self, time: u64, request: &QueryRequest, fault: Option<Fault>) -> Answer {
        let bill = request.bill.as_str().to_ascii_uppercase();
        if fault == Some(Fault::Stranger) {
            return self.stranger(time, &bill, request.bill.as_str());
        }
        let seen = self.receipts.iter_mut().filter(|receipt| receipt.seen_from <= time && receipt.bill == bill);
        let found = match &request.autoid {
            Some(serial) => seen.filter(|receipt| receipt.serial == serial.as_str()).last(),
            // By the bill alone the platform shows the receipt with the money, else the newest.
            None => seen.max_by_key(|receipt| (receipt.took(time), receipt.serial.len(), receipt.serial.clone())),
        };
        let found = found.map(|receipt| {
            receipt.lies += u32::from(fault == Some(Fault::FalseNegative) && receipt.word(time) != "PAYERROR");
            receipt.broke_word |= receipt.lies > 1;
            receipt.clone()
        });
        match (found, fault) {
            (_, Some(Fault::StillOpen)) => http(1, "", None),
            (_, Some(Fault::NoWord)) => http(0, "", None),
            (None, _) | (_, Some(Fault::NotFound)) => http(-1, "单据不存在", None),
            (Some(receipt), fault) => self.say(&receipt, request.bill.as_str(), time, fault),
        }
    }

    /// Begins a recharge.
    pub fn begin(&mut self, request: &BeginRequest, fault: Option<Fault>) -> Answer {
        let card = self.cards.entry(request.bill.as_str().to_ascii_uppercase()).or_default();
        card.begun = Some(request.amount.fen());
        answer_leg(request.bill.as_str(), fault)
    }

    /// Credits a card. Nothing keeps the platform from crediting it twice.
    pub fn end(&mut self, request: &EndRequest, fault: Option<Fault>) -> Answer {
        if fault == Some(Fault::StillOpen) {
            return http(1, "", None);
        }
        self.cards.entry(request.bill.as_str().to_ascii_uppercase()).or_default().credited += 1;
        answer_leg(request.bill.as_str(), fault)
    }

    fn say(&self, receipt: &Receipt, bill: &str, time: u64, fault: Option<Fault>) -> Answer {
        let word = match fault {
            Some(Fault::Stale) => "USERPAYING",
            Some(Fault::FalseNegative) => "PAYERROR",
            _ => receipt.word(time),
        };
        let wrong = fault == Some(Fault::WrongBill);
        let tag = PayStatus {
            billnum: if wrong { "T99999".into() } else { bill.to_owned() },
            autoid: match fault {
                Some(Fault::NoSerial) => String::new(),
                Some(Fault::WrongBill) => "66|0|wrong".into(),
                _ => receipt.serial.clone(),
            },
            billstatus: String::new(),
            paystatus: if wrong { "SUCCESS".into() } else { word.to_owned() },
            paystatusdesc: String::new(),
        };
        http(i64::from(word == "USERPAYING" && self.says_one && !wrong), "", Some(tag))
    }

    /// Somebody else's till has collected this bill too.
    fn stranger(&mut self, time: u64, bill: &str, as_sent: &str) -> Answer {
        let serial = format!("66|9|{bill}");
        if !self.receipts.iter().any(|receipt| receipt.serial == serial) {
            self.receipts.push(Receipt {
                charge: String::new(),
                bill: bill.to_owned(),
                serial: serial.clone(),
                fen: 1,
                paid_at: Some(time),
                closed_at: None,
                given_back_at: None,
                // Shown this once, so that the till's own receipt is found again.
                seen_from: u64::MAX,
                broke_word: false,
                lies: 0,
            });
        }
        let (billnum, paystatus) = (as_sent.to_owned(), "SUCCESS".to_owned());
        http(0, "", Some(PayStatus { billnum, autoid: serial, paystatus, ..PayStatus::default() }))
    }
}

fn answer_leg(bill: &str, fault: Option<Fault>) -> Answer {
    match fault {
        Some(Fault::StillOpen) => http(1, "", None),
        Some(Fault::WrongBill) => http(0, "", Some(PayStatus { billnum: "T99999".into(), ..PayStatus::default() })),
        _ => http(0, "", Some(PayStatus { billnum: bill.to_owned(), ..PayStatus::default() })),
    }
}
