//! What can happen, and what shall be done about it: the two sides of [`crate::Checkout::on`].

use crate::amount::Amount;
use crate::answer::{Answer, AutoId};
use crate::bill::{BillNumber, CardNumber, Operator};
use crate::business::Business;
use crate::charge::Charge;
use crate::code::{Fingerprint, PaymentCode, ScannedText};
use crate::event::{PhoneAnswer, Record};
use crate::id::ChargeId;
use crate::refusal::{Gate, Refusal};
use crate::sale::Sale;
use crate::settings::Settings;
use crate::settle::Settlement;

/// Randomness of one step, brought in from outside: one seed, as many numbers as needed, the same ones for the same seed.
#[derive(Clone, Copy, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// A number from 0 up to and including `most` (splitmix64).
    pub fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        if most == u64::MAX { z } else { z % (most + 1) }
    }
}

/// Something that happened outside. The past of the bill and of the code, and fresh ids, come in with it.
#[derive(Debug)]
pub enum Fact {
    /// The cashier confirmed a sale.
    Arm {
        /// What was confirmed.
        sale: Sale,
        /// Every charge of this bill in the journal, never-sent ones included.
        past: Vec<Charge>,
        /// The cashier answered the question about a large amount with yes.
        large_confirmed: bool,
        /// The id of the recharge that this may begin.
        fresh: ChargeId,
    },
    /// The sale was edited or given up.
    Disarm,
    /// A scanner delivered something.
    Scan {
        /// What it read.
        text: ScannedText,
        /// Its keyed fingerprint.
        fingerprint: Fingerprint,
        /// The charge that used this code before, if one did.
        used_by: Option<ChargeId>,
        /// Every charge of the armed sale's bill; empty if nothing is armed.
        past: Vec<Charge>,
        /// The id of the charge that this scan may begin.
        fresh: ChargeId,
    },
    /// The cashier decided to try a code of an unknown wallet.
    AcceptHeld {
        /// The charge that used this code before, if one did.
        used_by: Option<ChargeId>,
        /// Every charge of the armed sale's bill.
        past: Vec<Charge>,
        /// The id of the charge that this may begin.
        fresh: ChargeId,
    },
    /// The cashier threw a held code away.
    DropHeld,
    /// The gateway answered, or certainly will not.
    Answer {
        /// For this charge.
        charge: ChargeId,
        /// To this request.
        leg: Leg,
        /// What came.
        answer: Answer,
        /// Every charge of this bill in the journal.
        past: Vec<Charge>,
        /// The id of an unmatched success, should one show itself.
        fresh: ChargeId,
    },
    /// The till knows that it never handed this request over, in this very process.
    NeverHandedOver {
        /// Of this charge.
        charge: ChargeId,
        /// This one of its requests; a query promises nothing, so that nothing follows from one that was not sent.
        leg: Leg,
    },
    /// New charges are accepted no more, or again.
    Gate(Option<Gate>),
    /// The venue changed its settings. A sale that is armed was armed by the old ones.
    Settings(Box<Settings>),
    /// Time passed; due at [`crate::Checkout::next_wake`].
    Tick,
    /// The cashier stops waiting for the charge in front.
    StopWaiting,
    /// Somebody wants to know now.
    QueryNow {
        /// Which charge.
        charge: ChargeId,
    },
    /// The cashier answered the question after a refusal.
    PhoneShows {
        /// The refused charge.
        charge: ChargeId,
        /// What the phone shows.
        answer: PhoneAnswer,
        /// The charge as the journal has it, since its after-watch may be over long ago.
        known: Option<Charge>,
    },
    /// A supervisor decides; the name is that of a session that the till has checked.
    Settle {
        /// The charge.
        charge: ChargeId,
        /// The decision.
        settlement: Settlement,
        /// The charge as the journal has it, since it may be closed.
        known: Option<Charge>,
    },
    /// The cashier asks the supervisor for help.
    AskHelp {
        /// With this charge.
        charge: ChargeId,
    },
    /// The cashier is done with the ended charge in front.
    NextCustomer,
    /// The cashier took note of a charge that ended in the back.
    TakeNotice {
        /// Which charge.
        charge: ChargeId,
    },
}

/// Which request an answer belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leg {
    /// The charge itself, sent once.
    Charge,
    /// A query.
    Query,
    /// The Begin of a recharge.
    Begin,
    /// The End of a recharge.
    End,
}

/// What the till must do after the records are durable, in this order.
#[derive(Debug)]
pub enum Effect {
    /// Send the charge, once.
    Charge(ChargeRequest),
    /// Ask about a charge.
    Query(QueryRequest),
    /// Begin a recharge.
    Begin(BeginRequest),
    /// Credit a card.
    End(EndRequest),
    /// Have the connection ready: a scan is expected.
    Warm,
}

/// All that the charge request holds. Not `Clone`: the code leaves once.
#[derive(Debug)]
pub struct ChargeRequest {
    /// The charge.
    pub charge: ChargeId,
    /// `BusinessType`.
    pub business: Business,
    /// `operatorNo`.
    pub operator: Operator,
    /// `billNum`.
    pub bill: BillNumber,
    /// `summary`.
    pub amount: Amount,
    /// `cardNo`.
    pub card: Option<CardNumber>,
    /// `barCode`.
    pub code: PaymentCode,
}

/// All that a query holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryRequest {
    /// The charge asked about.
    pub charge: ChargeId,
    /// `BusinessType`, and `billtype` as its digit.
    pub business: Business,
    /// `operatorNo`.
    pub operator: Operator,
    /// `billnum`.
    pub bill: BillNumber,
    /// `autoid`; empty where the charge's answer was lost.
    pub autoid: Option<AutoId>,
}

/// All that the first leg of a recharge holds (gateway-api.md §7.1, FAMILY). No payment code is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BeginRequest {
    /// The charge it belongs to.
    pub charge: ChargeId,
    /// `BillNum`.
    pub bill: BillNumber,
    /// `CardNo`.
    pub card: CardNumber,
    /// `Amount`.
    pub amount: Amount,
}

/// All that the last leg of a recharge holds (gateway-api.md §7.2, SEED).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndRequest {
    /// The charge it belongs to.
    pub charge: ChargeId,
    /// `BillNum`.
    pub bill: BillNumber,
    /// `ConfirmAmount`: exactly what was collected.
    pub amount: Amount,
    /// `ThirdPartyBusiId`, where the gateway gave a serial.
    pub autoid: Option<AutoId>,
}

/// What follows from a fact.
#[derive(Debug, Default)]
pub struct Decision {
    /// To be committed together, before any effect.
    pub records: Vec<Record>,
    /// To be carried out after the commit.
    pub effects: Vec<Effect>,
    /// Why nothing was begun, where something was asked for.
    pub refusal: Option<Refusal>,
    /// A settlement that waits for one more answer of the gateway; its outcome comes in `settled` of a later decision.
    pub settling: Option<ChargeId>,
    /// Settlements that waited and are through, or were refused because the truth came first.
    pub settled: Vec<(ChargeId, Option<Refusal>)>,
    /// A scan that belongs into the bill or card field of the screen.
    pub fill: Option<Fill>,
}

/// A field to be filled by a scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fill {
    /// The bill field.
    Bill(String),
    /// The card field.
    Card(String),
}

impl Decision {
    /// Nothing but a refusal.
    pub fn refused(refusal: Refusal) -> Self {
        Self { refusal: Some(refusal), ..Self::default() }
    }
}
