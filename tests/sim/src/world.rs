//! The model world: one thread, one clock, one queue of what is on its way; the real rules and the real till in the middle.

mod acts;
mod epilogue;
mod sending;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use checkout::{Answer, ChargeId, Leg, Settings};
use till::Teller;

use crate::fate::{Fate, Fault, Place, Planned, Point};
use crate::ground::{Model, Shared};
use crate::oracle::{Breach, Oracle};
use crate::platform::Platform;
use crate::rng::Trace;
use crate::scenario::{Act, Scenario};

/// More steps than this and a run never ends.
const STEPS_MAX: u64 = 2_000_000;
/// A program that was killed is started again after so long, milliseconds.
const START_AFTER: u64 = 700;

/// A scenario at work.
pub struct World<'a> {
    scenario: &'a Scenario,
    shared: Shared,
    teller: Option<Teller<Shared>>,
    platform: Platform,
    oracle: Oracle,
    queue: BinaryHeap<Reverse<Delivery>>,
    script: VecDeque<&'a (u32, Act)>,
    /// The people wait: until then at the latest, and only while something in front is undecided if so.
    waiting: Option<(u64, bool)>,
    last_act: Option<&'a Act>,
    last_code: String,
    last_sale: Option<(String, i64, u8)>,
    process: u32,
    sent: u64,
    steps: u64,
    spare_codes: u64,
    /// Those of the next start, and of this process unless it refused them.
    settings: Settings,
    unplugged: bool,
    trace: Trace,
}

/// An answer on its way to the process that asked.
struct Delivery {
    at: u64,
    number: u64,
    process: u32,
    charge: ChargeId,
    leg: Leg,
    answer: Answer,
}

impl PartialEq for Delivery {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Delivery {}

impl PartialOrd for Delivery {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Delivery {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The property that did not hold, if one did not.
    pub breach: Option<Breach>,
    /// The points passed, in order.
    pub points: Vec<(Place, Point)>,
    /// The faults that struck.
    pub struck: Vec<Planned>,
    /// The hash of everything that happened.
    pub trace: u64,
    /// Charge requests that were handed over.
    pub charges: u64,
    /// Steps that the till took.
    pub steps: u64,
    /// States that charges were in.
    pub reached: Vec<checkout::State>,
}

/// Runs a scenario to its end under these faults: its script, and then everybody does their work until all is closed.
pub fn run(scenario: &Scenario, fate: Fate) -> Outcome {
    let mut world = World::new(scenario, fate);
    while world.oracle.breach.is_none() && !(world.script.is_empty() && world.waiting.is_none()) {
        world.advance(u64::MAX);
    }
    world.epilogue();
    world.outcome()
}

fn now_or_never<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => Some(outcome),
        // Only a program that was killed never goes on.
        Poll::Pending => None,
    }
}

impl<'a> World<'a> {
    fn new(scenario: &'a Scenario, fate: Fate) -> Self {
        let platform =
            Platform { credits: !scenario.settings.credits(), says_one: scenario.says_one, ..Platform::default() };
        Self {
            scenario,
            shared: Shared::new(Model::new(fate, scenario.seed)),
            teller: None,
            platform,
            oracle: Oracle::new(scenario.settings.min_gap_ms),
            queue: BinaryHeap::new(),
            script: scenario.script.iter().collect(),
            waiting: None,
            last_act: None,
            last_code: String::new(),
            last_sale: None,
            process: 0,
            sent: 0,
            steps: 0,
            spare_codes: 0,
            settings: scenario.settings.clone(),
            unplugged: false,
            trace: Trace::default(),
        }
    }

    fn outcome(self) -> Outcome {
        let mut model = self.shared.get();
        Outcome {
            breach: self.oracle.breach,
            points: std::mem::take(&mut model.fate.points),
            struck: std::mem::take(&mut model.fate.struck),
            trace: self.trace.value(),
            charges: self.oracle.lives.values().filter(|life| life.handed).count() as u64,
            steps: self.steps,
            reached: self.oracle.reached.into_iter().collect(),
        }
    }

    fn time(&self) -> u64 {
        self.shared.get().time
    }

    /// Goes on to the next thing that happens, not beyond `end`.
    fn advance(&mut self, end: u64) {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return self.oracle.say("always-closed", || "the run never ends".into());
        }
        if self.teller.is_none() {
            self.shared.get().time += START_AFTER;
            return self.start();
        }
        if self.people_are_ready() {
            if self.step_point() {
                self.next_act();
                self.look();
            }
            return;
        }
        if end == u64::MAX && self.waiting.is_none() {
            // The script is over.
            return;
        }
        let now = self.time();
        let wake = self.teller.as_ref().and_then(Teller::wake).map(|mono| self.shared.get().true_time(mono).max(now));
        let answer = self.queue.peek().map(|Reverse(delivery)| delivery.at);
        let until = self.waiting.map(|(until, _)| until);
        let next = [wake, answer, until, Some(end)].into_iter().flatten().min().unwrap_or(end);
        self.shared.get().time = next.max(now);
        if answer == Some(next) {
            if self.step_point() {
                self.deliver();
            }
        } else if wake == Some(next) && self.step_point() {
            self.call(async |teller| teller.on_time().await);
        }
        self.look();
    }

    /// The people do their next act now.
    fn people_are_ready(&mut self) -> bool {
        if let Some((until, front)) = self.waiting {
            let busy = front && self.teller.as_ref().is_some_and(|teller| in_front(teller).is_some());
            if self.time() < until && (busy || !front) {
                return false;
            }
            self.waiting = None;
        }
        !self.script.is_empty()
    }

    fn next_act(&mut self) {
        let Some((number, act)) = self.script.pop_front() else { return };
        self.shared.get().fate.act(*number);
        self.trace.add(u64::from(*number));
        self.act(act);
        self.last_act = Some(act);
    }

    fn deliver(&mut self) {
        let Some(Reverse(delivery)) = self.queue.pop() else { return };
        let Delivery { process, charge, leg, answer, at, .. } = delivery;
        // The task that waited for it died with its process.
        if process != self.process {
            return;
        }
        self.trace.add(at);
        self.trace.add(leg as u64);
        self.oracle.hears(at, &charge.0, leg, &answer);
        let (id, before, down) = (charge.0.clone(), self.shared.get().fate.struck.len(), self.is_down());
        self.call(async |teller| teller.answered(charge, leg, answer).await);
        let lost =
            |fault: &Fault| matches!(fault, Fault::KilledBefore | Fault::UnsureLost | Fault::Unreadable | Fault::Full);
        let struck = self.shared.get().fate.struck[before..].iter().any(|(_, fault)| lost(fault));
        if down || struck {
            self.oracle.drops(&id);
        }
    }

    fn is_down(&self) -> bool {
        let gate = self.teller.as_ref().and_then(|teller| teller.checkout().gate());
        matches!(gate, Some(checkout::Gate::JournalDown { .. }))
    }

    /// Something may go wrong before the next thing is taken in; `false` if the program was killed.
    fn step_point(&mut self) -> bool {
        let fault = self.shared.get().fate.at(Point::Step);
        match fault {
            None => return true,
            Some(Fault::KilledBefore) => self.die(),
            Some(fault) => self.meddle(fault),
        }
        self.look();
        self.teller.is_some()
    }

    /// Lets the till do something, and then carries out what it orders.
    fn call<T>(&mut self, act: impl AsyncFnOnce(&mut Teller<Shared>) -> T) -> Option<T> {
        let teller = self.teller.as_mut()?;
        let outcome = now_or_never(act(teller));
        match outcome {
            Some(outcome) => {
                self.carry_out();
                Some(outcome)
            }
            None => {
                self.die();
                None
            }
        }
    }

    fn start(&mut self) {
        self.process += 1;
        self.shared.get().boot();
        let time = self.time();
        self.oracle.started(time);
        let settings = self.settings.clone();
        self.teller = match now_or_never(Teller::start(self.shared.clone(), settings, None, None)) {
            Some(Ok(teller)) => Some(teller),
            // Killed in recovery, or it says that it cannot start: somebody starts it again.
            Some(Err(_)) | None => None,
        };
        match self.teller {
            Some(_) => self.carry_out(),
            None => self.read(),
        }
        self.sign_in();
        self.look();
    }

    fn die(&mut self) {
        self.teller = None;
        self.waiting = None;
        self.read();
    }

    /// The oracle reads what has become durable.
    fn read(&mut self) {
        let model = self.shared.get();
        self.oracle.reads(model.time, &model.records, &self.platform);
        self.trace.add(model.records.len() as u64);
    }

    /// The oracle looks at everything, after each step.
    fn look(&mut self) {
        let time = self.time();
        self.read();
        if let Some(teller) = &self.teller {
            self.oracle.shown(teller.checkout(), teller.wake().is_some());
            for charge in teller.checkout().charges() {
                self.trace.add(charge.state as u64);
            }
        }
        self.oracle.sums(time, &self.platform);
        self.oracle.step_over();
        self.trace.add(time);
    }
}

/// The undecided charge in front of the customer, a recharge that is being begun included.
fn in_front(teller: &Teller<Shared>) -> Option<ChargeId> {
    let front = teller.checkout().front()?;
    let busy = crate::oracle::undecided(front.state) || front.state == checkout::State::Beginning && !front.begun;
    busy.then(|| front.id.clone())
}
