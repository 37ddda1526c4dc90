//! Carrying out what the till orders: requests on their way to the platform, with everything that can become of them.

use std::cmp::Reverse;

use checkout::{
    Amount, Answer, BeginRequest, BillNumber, ChargeId, ChargeRequest, Effect, EndRequest, Leg, Loss, QueryRequest,
};

use crate::fate::{Fault, Point};
use crate::oracle::Wire;
use crate::platform::{Pays, Platform, on_the_way};
use crate::scenario::Deaf;
use crate::world::{Delivery, World};

/// How long answers take, milliseconds.
const USUAL: u64 = 120;
const REFUSED: u64 = 300;
const LATE: u64 = 14_000;
const LIMIT: u64 = 15_000;
const TWICE: u64 = 700;

impl World<'_> {
    /// What the till has ordered, in its order, each after what led to it is durable.
    pub(super) fn carry_out(&mut self) {
        self.read();
        let Some(teller) = self.teller.as_mut() else { return };
        for effect in teller.orders().effects {
            match effect {
                Effect::Charge(request) => self.charge(request),
                Effect::Query(request) => self.query(request),
                Effect::Begin(request) => self.begin(request),
                Effect::End(request) => self.end(request),
                Effect::Warm => {}
            }
            if self.teller.is_none() {
                return;
            }
        }
    }

    fn charge(&mut self, request: ChargeRequest) {
        let fault = match (self.scenario.deaf, self.shared.get().fate.at(Point::Charge)) {
            (Deaf::Request, None) => Some(Fault::RequestLost),
            (Deaf::Reply, None) => Some(Fault::ReplyLost),
            (_, fault) => fault,
        };
        if fault == Some(Fault::KilledBefore) {
            return self.die();
        }
        self.sent += 1;
        let wire = Wire {
            leg: Leg::Charge,
            charge: &request.charge.0,
            bill: request.bill.as_str(),
            fen: request.amount.fen(),
            code: request.code.expose(),
        };
        let time = self.time();
        self.oracle.leaves(time, &wire, fault != Some(Fault::NeverConnected), &self.platform);
        let pays = self.scenario.wallets.get(request.code.expose()).copied().unwrap_or(Pays::AtOnce);
        let way = on_the_way(fault);
        let done = way.as_ref().is_none_or(|(done, _)| *done);
        let said = done.then(|| self.platform.charge(time, &request, pays, fault));
        self.answer(request.charge, Leg::Charge, fault, way.map(|(_, answer)| answer).or(said));
    }

    fn query(&mut self, request: QueryRequest) {
        let fault = self.shared.get().fate.at(Point::Query);
        if fault == Some(Fault::KilledBefore) {
            return self.die();
        }
        let wire = Wire { leg: Leg::Query, charge: &request.charge.0, bill: request.bill.as_str(), fen: 0, code: "" };
        let time = self.time();
        self.oracle.leaves(time, &wire, true, &self.platform);
        let said = match on_the_way(fault) {
            Some((_, answer)) => answer,
            None => self.platform.query(time, &request, fault),
        };
        self.answer(request.charge, Leg::Query, fault, Some(said));
    }

    fn begin(&mut self, request: BeginRequest) {
        let about = (request.charge.clone(), request.bill.clone(), request.amount);
        self.card(Point::Begin, Leg::Begin, about, |platform, fault| platform.begin(&request, fault));
    }

    fn end(&mut self, request: EndRequest) {
        let about = (request.charge.clone(), request.bill.clone(), request.amount);
        self.card(Point::End, Leg::End, about, |platform, fault| platform.end(&request, fault));
    }

    /// A request about a card.
    fn card(
        &mut self,
        point: Point,
        leg: Leg,
        (charge, bill, amount): (ChargeId, BillNumber, Amount),
        ask: impl FnOnce(&mut Platform, Option<Fault>) -> Answer,
    ) {
        let fault = self.shared.get().fate.at(point);
        if fault == Some(Fault::KilledBefore) {
            return self.die();
        }
        let wire = Wire { leg, charge: &charge.0, bill: bill.as_str(), fen: amount.fen(), code: "" };
        self.oracle.leaves(self.time(), &wire, true, &self.platform);
        let way = on_the_way(fault);
        let done = way.as_ref().is_none_or(|(done, _)| *done);
        let said = done.then(|| ask(&mut self.platform, fault));
        self.answer(charge, leg, fault, way.map(|(_, answer)| answer).or(said));
    }

    /// The answer sets out for the process that asked.
    fn answer(&mut self, charge: ChargeId, leg: Leg, fault: Option<Fault>, answer: Option<Answer>) {
        if fault == Some(Fault::KilledAfter) {
            return self.die();
        }
        let Some(answer) = answer else { return };
        let takes = match (&answer, fault) {
            (Answer::Lost(Loss::Timeout), _) => LIMIT,
            (_, Some(Fault::Late)) => LATE,
            (Answer::NeverConnected { .. }, _) => REFUSED,
            _ => USUAL,
        };
        let at = self.time() + takes;
        self.trace.add(takes);
        if fault == Some(Fault::Twice) {
            self.put(at + TWICE, charge.clone(), leg, answer.clone());
        }
        self.put(at, charge, leg, answer);
    }

    fn put(&mut self, at: u64, charge: ChargeId, leg: Leg, answer: Answer) {
        self.sent += 1;
        let (number, process) = (self.sent, self.process);
        self.queue.push(Reverse(Delivery { at, number, process, charge, leg, answer }));
    }
}
