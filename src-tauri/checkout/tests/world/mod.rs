//! A till without a till: fake clocks, a journal in memory, and the rules; every step is held to its own records.
#![allow(dead_code, reason = "each test file uses its own part of the world")]

pub mod answers;
pub mod begin;

use std::collections::BTreeMap;

use checkout::event::{Event, PhoneAnswer, Record, Subject, Why};
use checkout::settle::{Settlement, Word};
use checkout::{
    Amount, Answer, BeginRequest, BillKey, Charge, ChargeId, Checkout, Decision, Dice, Effect, EndRequest, Entry, Fact,
    Fill, Fingerprint, Leg, Mono, Now, QueryRequest, Refusal, Sale, ScannedText, Settings, State, Wall,
};
use chrono::{DateTime, TimeDelta};

/// Payment codes of wallets in the shipped table, and one of a wallet that nobody listed.
pub const CODES: [&str; 4] = ["134567890123456789", "2812345678901234", "6221234567890123456", "101112131415161718"];
pub const UNKNOWN_CODE: &str = "9912345678901234";
pub const BILL: &str = "T2026112200017";

pub const SECOND: u64 = 1_000;
pub const MINUTE: u64 = 60 * SECOND;
pub const HOUR: u64 = 60 * MINUTE;
pub const DAY: u64 = 24 * HOUR;

pub struct World {
    pub settings: Settings,
    pub checkout: Checkout,
    pub journal: Vec<Record>,
    pub mono: u64,
    pub wall: Wall,
    pub seed: u64,
    pub ids: u32,
    /// Every charge request that ever left: id, bill, code, amount.
    pub charged: Vec<(ChargeId, String, String, Amount)>,
    /// Every Begin that ever left.
    pub begun: Vec<BeginRequest>,
    /// Every End that ever left.
    pub ended: Vec<EndRequest>,
    /// Every query that ever left, with the monotonic time.
    pub asked: Vec<(u64, QueryRequest)>,
}

/// What one step did, in short words.
#[derive(Debug)]
pub struct Done {
    pub records: Vec<String>,
    pub refusal: Option<Refusal>,
    pub fill: Option<Fill>,
    pub charge: Option<ChargeId>,
    pub asked: Vec<ChargeId>,
    pub warm: bool,
    pub settling: Option<ChargeId>,
    pub settled: Vec<(ChargeId, Option<Refusal>)>,
}

impl World {
    pub fn new() -> Self {
        Self::with(Settings::default())
    }

    pub fn with(settings: Settings) -> Self {
        let wall = DateTime::parse_from_rfc3339("2026-11-22T09:00:00+08:00").expect("a date");
        let now = Now { mono: Mono(5_000_000), wall };
        let resumed = Checkout::resume(settings.clone(), now, Dice(1), vec![], None, &[]);
        assert!(resumed.decision.records.is_empty(), "an empty journal starts in silence");
        Self {
            settings,
            checkout: resumed.checkout,
            journal: Vec::new(),
            mono: now.mono.0,
            wall,
            seed: 1,
            ids: 0,
            charged: Vec::new(),
            begun: Vec::new(),
            ended: Vec::new(),
            asked: Vec::new(),
        }
    }

    pub fn now(&self) -> Now {
        Now { mono: Mono(self.mono), wall: self.wall }
    }

    /// Time passes on both clocks; nobody ticks.
    pub fn pass(&mut self, ms: u64) -> &mut Self {
        self.mono += ms;
        self.jump(ms as i64)
    }

    /// The wall clock is set; no time passes.
    pub fn jump(&mut self, ms: i64) -> &mut Self {
        self.wall += TimeDelta::milliseconds(ms);
        self
    }

    fn dice(&mut self) -> Dice {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695);
        Dice(self.seed)
    }

    pub fn fresh(&mut self) -> ChargeId {
        self.ids += 1;
        ChargeId(format!("C{:04}", self.ids))
    }

    pub fn on(&mut self, fact: Fact) -> Done {
        let (now, dice) = (self.now(), self.dice());
        let decision = self.checkout.on(now, dice, fact);
        let wake = self.checkout.next_wake();
        assert!(wake.is_none_or(|wake| wake > now.mono), "what was due is done");
        self.carry_out(decision)
    }

    /// Commits the records, carries the effects out, and holds what is shown to what is stored.
    fn carry_out(&mut self, decision: Decision) -> Done {
        let mut done = Done {
            records: decision.records.iter().map(|r| kind(&r.event)).collect(),
            refusal: decision.refusal,
            fill: decision.fill,
            charge: None,
            asked: Vec::new(),
            warm: false,
            settling: decision.settling,
            settled: decision.settled,
        };
        let written = decision.records.clone();
        self.journal.extend(decision.records);
        for effect in decision.effects {
            match effect {
                Effect::Charge(request) => {
                    let intent = written.iter().find_map(|r| match &r.event {
                        Event::Intent(i) if r.subject == Subject::Charge(request.charge.clone()) => Some(i),
                        _ => None,
                    });
                    let intent = intent.expect("journal-first: the intent stands in the same decision");
                    assert_eq!((&intent.bill, intent.amount), (&request.bill, request.amount));
                    self.charged.push((
                        request.charge.clone(),
                        request.bill.to_string(),
                        request.code.expose().to_owned(),
                        request.amount,
                    ));
                    done.charge = Some(request.charge);
                }
                Effect::Query(request) => {
                    done.asked.push(request.charge.clone());
                    self.asked.push((self.mono, request));
                }
                Effect::Begin(request) => {
                    let intent = written.iter().any(|r| {
                        r.subject == Subject::Charge(request.charge.clone())
                            && matches!(&r.event, Event::Beginning(i) if i.fingerprint.0.is_empty() && i.code.0.is_empty())
                    });
                    assert!(intent, "journal-first: the intent of a Begin stands in the same decision, without a code");
                    self.begun.push(request);
                }
                Effect::End(request) => {
                    let intent = written.iter().any(|r| {
                        r.subject == Subject::Charge(request.charge.clone())
                            && matches!(r.event, Event::Crediting { .. })
                    });
                    assert!(intent, "journal-first: the intent of an End stands in the same decision");
                    self.ended.push(request);
                }
                Effect::Warm => done.warm = true,
            }
        }
        self.shown_is_stored();
        done
    }

    /// `shown-is-stored`: every charge in memory is the fold of its records, and everything open is in memory.
    pub fn shown_is_stored(&self) {
        let stored = self.all();
        for charge in self.checkout.charges() {
            let fold = stored.iter().find(|c| c.id == charge.id);
            assert_eq!(fold, Some(charge), "memory and journal differ");
        }
        for charge in stored.iter().filter(|c| c.is_open()) {
            let known = self.checkout.charge(&charge.id);
            assert!(known.is_some(), "{} is open and forgotten", charge.id);
        }
    }

    pub fn stored(&self, id: &ChargeId) -> Option<Charge> {
        Charge::replay(self.journal.iter().filter(|r| r.subject == Subject::Charge(id.clone())))
    }

    pub fn all(&self) -> Vec<Charge> {
        let mut order: Vec<&ChargeId> = Vec::new();
        let mut lines: BTreeMap<&ChargeId, Vec<&Record>> = BTreeMap::new();
        for record in &self.journal {
            if let Subject::Charge(id) = &record.subject {
                let of_this = lines.entry(id).or_default();
                if of_this.is_empty() {
                    order.push(id);
                }
                of_this.push(record);
            }
        }
        order.into_iter().filter_map(|id| Charge::replay(lines[id].iter().copied())).collect()
    }

    pub fn past(&self, bill: &BillKey) -> Vec<Charge> {
        self.all().into_iter().filter(|c| c.intent.bill.key() == *bill).collect()
    }

    pub fn used_by(&self, print: &Fingerprint) -> Option<ChargeId> {
        self.all().into_iter().find(|c| c.intent.fingerprint == *print).map(|c| c.id)
    }

    pub fn state(&self, id: &ChargeId) -> State {
        self.stored(id).expect("a charge of the journal").state
    }

    pub fn front(&self) -> Option<ChargeId> {
        self.checkout.front().map(|c| c.id.clone())
    }

    /// The program ends and starts again: nothing is known but the journal and the clocks.
    pub fn restart(&mut self) -> Vec<String> {
        self.mono = 1_000_000 + self.mono % 1_000;
        self.reopen(&[])
    }

    /// The journal is read anew; these requests are still out.
    pub fn reopen(&mut self, out: &[ChargeId]) -> Vec<String> {
        let open = self.all().into_iter().filter(Charge::is_open).collect();
        let newest = self.all().pop();
        let (now, dice) = (self.now(), self.dice());
        let resumed = Checkout::resume(self.settings.clone(), now, dice, open, newest, out);
        self.checkout = resumed.checkout;
        self.carry_out(resumed.decision).records
    }

    pub fn sale(&self, bill: &str, yuan: &str) -> Sale {
        let entry = Entry {
            operator: "S0107".into(),
            business: 1,
            bill: bill.into(),
            amount: yuan.into(),
            card: String::new(),
        };
        Sale::parse(&entry, &self.settings).expect("a sale")
    }

    /// A recharge of a card.
    pub fn recharge(&self, bill: &str, yuan: &str) -> Sale {
        let entry = Entry {
            operator: "S0107".into(),
            business: 7,
            bill: bill.into(),
            amount: yuan.into(),
            card: "80001234".into(),
        };
        Sale::parse(&entry, &self.settings).expect("a recharge")
    }

    /// A recharge begun elsewhere is armed and scanned.
    pub fn begin_recharge(&mut self, bill: &str, code: &str) -> ChargeId {
        let sale = self.recharge(bill, "200.00");
        assert_eq!(self.arm_sale(sale, false).refusal, None, "the bill can be armed");
        self.scan(code).charge.expect("a charge begins")
    }

    pub fn arm_sale(&mut self, sale: Sale, large_confirmed: bool) -> Done {
        let past = self.past(&sale.bill.key());
        let fresh = self.fresh();
        self.on(Fact::Arm { sale, past, large_confirmed, fresh })
    }

    pub fn arm(&mut self, bill: &str) -> Done {
        let sale = self.sale(bill, "260.00");
        self.arm_sale(sale, false)
    }

    fn armed_past(&self) -> Vec<Charge> {
        self.checkout.armed().map(|s| self.past(&s.bill.key())).unwrap_or_default()
    }

    pub fn scan(&mut self, text: &str) -> Done {
        let fingerprint = print(text);
        let fact = Fact::Scan {
            text: ScannedText::new(text),
            used_by: self.used_by(&fingerprint),
            fingerprint,
            past: self.armed_past(),
            fresh: self.fresh(),
        };
        self.on(fact)
    }

    pub fn accept_held(&mut self) -> Done {
        let fact = Fact::AcceptHeld {
            used_by: self.checkout.held_fingerprint().and_then(|print| self.used_by(print)),
            past: self.armed_past(),
            fresh: self.fresh(),
        };
        self.on(fact)
    }

    /// A sale is armed and its code scanned: the charge that is now out.
    pub fn begin(&mut self, bill: &str, code: &str) -> ChargeId {
        let armed = self.arm(bill);
        assert_eq!(armed.refusal, None, "the bill can be armed");
        self.scan(code).charge.expect("a charge begins")
    }

    pub fn answer(&mut self, id: &ChargeId, leg: Leg, answer: Answer) -> Done {
        let past = self.stored(id).map(|c| self.past(&c.intent.bill.key())).unwrap_or_default();
        let fresh = self.fresh();
        self.on(Fact::Answer { charge: id.clone(), leg, answer, past, fresh })
    }

    /// The charge's own answer.
    pub fn own(&mut self, id: &ChargeId, answer: Answer) -> Done {
        self.answer(id, Leg::Charge, answer)
    }

    /// The answer to a query.
    pub fn query(&mut self, id: &ChargeId, answer: Answer) -> Done {
        self.answer(id, Leg::Query, answer)
    }

    pub fn tick(&mut self) -> Done {
        self.on(Fact::Tick)
    }

    pub fn query_now(&mut self, id: &ChargeId) -> Done {
        self.on(Fact::QueryNow { charge: id.clone() })
    }

    pub fn phone(&mut self, id: &ChargeId, answer: PhoneAnswer) -> Done {
        let known = self.stored(id);
        self.on(Fact::PhoneShows { charge: id.clone(), answer, known })
    }

    /// A supervisor decides.
    pub fn decide(&mut self, id: &ChargeId, word: Word) -> Done {
        self.decide_with(id, word, "Li", "seen at the desk", "")
    }

    pub fn decide_with(&mut self, id: &ChargeId, word: Word, by: &str, reason: &str, evidence: &str) -> Done {
        let settlement = Settlement { word, by: by.into(), reason: reason.into(), evidence: evidence.into() };
        let known = self.stored(id);
        self.on(Fact::Settle { charge: id.clone(), settlement, known })
    }

    /// A supervisor's decision, as the journal will hold it.
    pub fn settle(&mut self, id: &ChargeId, to: State) {
        let event = Event::Moved { to, why: Why::StoppedByCashier, text: String::new() };
        self.journal.push(Record { at: self.wall, subject: Subject::Charge(id.clone()), event });
        self.restart();
    }

    /// Sleeps to the next wake and ticks, until this charge is asked about; says how long that took.
    pub fn until_asked(&mut self, id: &ChargeId) -> u64 {
        let start = self.mono;
        for _ in 0..10_000 {
            let wake = self.checkout.next_wake().expect("somebody waits for time").0;
            assert!(wake >= self.mono, "a wake in the past");
            self.pass(wake - self.mono);
            if self.tick().asked.contains(id) {
                return self.mono - start;
            }
        }
        panic!("{id} is never asked about");
    }

    /// Lets time run, answering every query with what `reply` says.
    pub fn run(&mut self, ms: u64, reply: impl Fn(&QueryRequest) -> Option<Answer>) {
        let end = self.mono + ms;
        while let Some(wake) = self.checkout.next_wake().filter(|wake| wake.0 <= end) {
            self.pass(wake.0 - self.mono);
            for id in self.tick().asked {
                let request = self.asked.iter().rev().find(|(_, q)| q.charge == id);
                if let Some(answer) = request.and_then(|(_, q)| reply(q)) {
                    self.query(&id, answer);
                }
            }
        }
        self.pass(end - self.mono);
    }

    /// When this charge was asked about.
    pub fn times(&self, id: &ChargeId) -> Vec<u64> {
        self.asked.iter().filter(|(_, q)| q.charge == *id).map(|(at, _)| *at).collect()
    }
}

/// Stands in for the keyed fingerprint: the same for the same code, and not the code.
pub fn print(code: &str) -> Fingerprint {
    let mix = |sum: u64, b: u8| (sum ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3);
    Fingerprint(format!("{:016x}", code.trim().bytes().fold(0xcbf2_9ce4_8422_2325, mix)))
}

/// The word of an event; a change of state is told by the state.
pub fn kind(event: &Event) -> String {
    match event {
        Event::Intent(_) => "intent",
        Event::Moved { to, .. } => to.word(),
        Event::Receipt { .. } => "receipt",
        Event::Answered { .. } => "answered",
        Event::NegativeSeen { .. } => "negative",
        Event::NegativeDropped => "dropped",
        Event::Refused { .. } => "refused",
        Event::RefusalContradicted => "contradicted",
        Event::PhoneShows { .. } => "phone",
        Event::NoticeRaised => "notice",
        Event::NoticeTaken => "noted",
        Event::WatchEnded => "watch-ended",
        Event::Unmatched(_) => "unmatched",
        Event::Beginning(_) => "begin",
        Event::Begun => "begun",
        Event::Crediting { .. } => "credit",
        Event::LeftToPlatform => "platform",
        Event::HelpAsked => "help",
        Event::Settled(_) => "settled",
        Event::SettleOvertaken(_) => "overtaken",
        other => panic!("the rules never write {other:?}"),
    }
    .to_owned()
}
