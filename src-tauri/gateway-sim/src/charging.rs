//! Charges and their queries: what the platform records, and what it answers.

use tokio::time::Instant;

use crate::envelope::{Envelope, PayStatus};
use crate::ledger::{Charge, masked, same_bill};
use crate::limits::{ChargeAsked, QueryAsked};
use crate::platform::{BY_RULE, Life, Platform};
use crate::scenario::{Echo, Reply, Scenario};
use crate::scenes;
use crate::switches::Again;

impl Platform {
    /// Notes a charge request; `known` says whether the platform recorded it or it was lost before.
    fn note_charge(&mut self, asked: &ChargeAsked, scenario: &Scenario, known: bool) -> usize {
        let before = self.ledger.charges_of(&asked.bill).count();
        let autoid = known.then(|| self.new_autoid(asked.business, &asked.bill));
        let charge = Charge {
            at: self.now(),
            bill: asked.bill.clone(),
            amount: asked.amount,
            amount_text: asked.amount_text.clone(),
            business: asked.business,
            operator: asked.operator.clone(),
            card: asked.card.clone(),
            code: masked(&asked.code),
            nth_for_bill: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1),
            nth_for_code: self.count_code(&asked.code),
            known,
            autoid,
            scenario: scenario.id.clone(),
            taken: None,
            booked: false,
            returned: false,
            queries: 0,
        };
        let story = scenario.story.clone().unwrap_or_else(scenes::paid);
        self.ledger.charges.push(charge);
        self.lives.push(Life { story, asked: 0, born: Instant::now(), code: asked.code.clone() });
        self.lives.len() - 1
    }

    /// A charge that the platform never gets to see.
    pub fn lose_charge(&mut self, asked: &ChargeAsked, scenario: &Scenario) {
        self.note_charge(asked, scenario, false);
    }

    /// Records a charge, moves the money if its story says so, and answers (gateway-api.md §4.1).
    pub fn charge(&mut self, asked: &ChargeAsked, scenario: &Scenario) -> Envelope {
        let mut recorded = self.lives.iter().zip(&self.ledger.charges);
        let used = recorded.any(|(life, charge)| charge.known && life.code == asked.code);
        if used && self.switches.reused_code == Again::Refuse {
            self.lose_charge(asked, scenario);
            return Envelope::bare(40005, "付款码已使用");
        }
        if self.last_charge(&asked.bill).is_some() && self.switches.duplicate_bill == Again::Refuse {
            self.lose_charge(asked, scenario);
            return Envelope::bare(40006, "单据重复");
        }
        let at = self.note_charge(asked, scenario, true);
        let story = &self.lives[at].story;
        let reply = story.answer.clone();
        if story.paid {
            self.take_money(at);
        }
        self.answer(at, &reply, &asked.bill)
    }

    /// Answers a query and books the receipt if the answer is a success (gateway-api.md §4.2).
    pub fn query(&mut self, asked: &QueryAsked, scenario: &Scenario) -> Envelope {
        let found = self.find(asked);
        if let Some(at) = found {
            self.ledger.charges[at].queries += 1;
        }
        let ordered = scenario.story.as_ref().map(|story| story.answer.clone());
        let Some(at) = found else {
            let reply = ordered.unwrap_or_else(Reply::no_such_bill);
            return tagged(&reply, &asked.bill, asked.autoid.as_deref(), "1");
        };
        let reply = ordered.unwrap_or_else(|| {
            let life = &mut self.lives[at];
            let reply = life.story.reply(life.asked, life.born.elapsed()).clone();
            life.asked += 1;
            reply
        });
        self.answer(at, &reply, &asked.bill)
    }

    /// From now on every query of the bill's last charge is answered so; false if there is no charge.
    pub fn tell(&mut self, bill: &str, reply: Reply) -> bool {
        let Some(at) = self.last_charge(bill) else {
            return false;
        };
        let life = &mut self.lives[at];
        life.asked = 0;
        life.story.queries = vec![reply];
        life.story.ready_after = None;
        true
    }

    /// The customer pays now, whatever the queries go on saying; false if there is no charge.
    pub fn pay(&mut self, bill: &str) -> bool {
        let Some(at) = self.last_charge(bill) else {
            return false;
        };
        self.take_money(at);
        true
    }

    fn answer(&mut self, at: usize, reply: &Reply, bill: &str) -> Envelope {
        let of_this_charge = reply.bill == Echo::Own && reply.autoid != Echo::Other;
        let refunded = reply.errcode == 0 && reply.word.as_deref() == Some("REFUND");
        if reply.is_success() || refunded {
            self.take_money(at);
        }
        let charge = &mut self.ledger.charges[at];
        charge.booked |= reply.is_success() && of_this_charge;
        charge.returned |= refunded;
        let billstatus = if charge.booked { "3" } else { "1" };
        tagged(reply, bill, charge.autoid.as_deref(), billstatus)
    }

    /// By bill and autoid together; without an autoid the bill's last charge. Another business looks
    /// into another table (gateway-api.md §2.2) and finds nothing.
    fn find(&self, asked: &QueryAsked) -> Option<usize> {
        let fits = |charge: &Charge| {
            let autoid = charge.autoid.as_deref().unwrap_or_default();
            charge.known
                && same_bill(&charge.bill, &asked.bill)
                && asked.business.is_none_or(|business| business == charge.business)
                && asked.autoid.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(autoid))
        };
        self.ledger.charges.iter().rposition(fits)
    }

    /// `pp|0|n` for tickets, a GUID for everything else (gateway-api.md §4.4, FAMILY).
    fn new_autoid(&self, business: u8, bill: &str) -> String {
        if business == 1 {
            let serial = self.ledger.charges_of(bill).filter(|charge| charge.known).count() + 1;
            return format!("{}|0|{serial}", self.switches.payment_type);
        }
        guid()
    }
}

/// The refusal of a request that breaks a limit, where refusals are answers and not HTTP errors.
pub(crate) fn refused_by_rule(complaints: &[(&'static str, String)]) -> Envelope {
    let texts: Vec<&str> = complaints.iter().map(|(_, text)| text.as_str()).collect();
    Envelope::bare(BY_RULE, &texts.join(" "))
}

fn tagged(reply: &Reply, bill: &str, autoid: Option<&str>, billstatus: &'static str) -> Envelope {
    let tag = reply.word.as_ref().map(|word| PayStatus {
        billnum: match reply.bill {
            Echo::Own => Some(bill.to_owned()),
            Echo::Other => Some("999999000000000001".to_owned()),
            Echo::Missing => None,
        },
        autoid: match reply.autoid {
            Echo::Own => autoid.map(str::to_owned),
            Echo::Other => Some(other_autoid(autoid)),
            Echo::Missing => None,
        },
        billstatus,
        paystatus: word.clone(),
    });
    Envelope { errcode: reply.errcode, errmsg: reply.errmsg.clone(), tag }
}

fn other_autoid(autoid: Option<&str>) -> String {
    match autoid {
        Some(ticket) if ticket.contains('|') => format!("{ticket}9"),
        _ => guid(),
    }
}

fn guid() -> String {
    let hex = format!("{:032x}", u128::from(ulid::Ulid::new()));
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
