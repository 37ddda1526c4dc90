//! The rules of charging: facts and time in, records and effects out. No I/O, no clock, no randomness.
//!
//! Start reading at [`Checkout::on`]. What the gateway's answers prove is in [`verdict`], when to ask again in
//! [`schedule`], and what a charge *is* (a fold over its records) in [`charge`].

pub mod amount;
pub mod answer;
pub mod bill;
pub mod business;
pub mod charge;
mod checkout;
pub mod code;
pub mod code_rules;
pub mod event;
pub mod fact;
pub mod id;
mod inquiry;
pub mod order;
mod progress;
mod recharge;
pub mod refusal;
mod resume;
pub mod route;
pub mod sale;
mod scan;
pub mod schedule;
pub mod settings;
pub mod settle;
pub mod state;
pub mod time;
pub mod verdict;

pub use amount::{Amount, AmountError};
pub use answer::{Answer, AutoId, Body, Envelope, Loss, PayStatus};
pub use bill::{BillKey, BillNumber, CardNumber, Operator, TextError};
pub use business::Business;
pub use charge::Charge;
pub use checkout::{Checkout, LiveCounters};
pub use code::{CodeTail, Fingerprint, PaymentCode, ScannedText};
pub use code_rules::{CodeRules, TypedCode};
pub use event::{Event, Intent, PhoneAnswer, Record, Subject, Why};
pub use fact::{BeginRequest, ChargeRequest, Decision, Dice, Effect, EndRequest, Fact, Fill, Leg, QueryRequest};
pub use id::ChargeId;
pub use refusal::{Gate, PinError, Refusal};
pub use resume::{Asked, Resumed};
pub use route::{Foreign, Route, Router};
pub use sale::{Entry, EntryError, Field, Sale};
pub use settings::{RechargeBy, Settings};
pub use settle::{Settlement, Word};
pub use state::State;
pub use time::{Mono, Now, Wall};
pub use verdict::Verdict;
