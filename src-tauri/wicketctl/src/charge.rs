//! `wicketctl charge`: one charge from its code to its end.

use std::io::{BufRead, Read};
use std::time::Duration;

use anyhow::Context;
use checkout::event::PhoneAnswer;
use checkout::{ChargeId, Entry, Refusal, ScannedText, State};
use till::config::Config;
use till::ending::{Ending, HURRIED};
use till::home::Home;
use till::view::{GatewayHealth, ScanOutcome};
use till::{Change, Command, Options, Till};
use tokio::sync::{broadcast, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

use crate::arguments::Order;
use crate::outcome::Outcome;
use crate::speak;

/// The most that is read of standard input: no payment code is nearly as long.
const LINE_MAX: usize = 4_096;
/// How long the gateway's greeting is waited for before a charge: the usual limit for a connection.
const GREETING_MAX: Duration = Duration::from_secs(5);

pub async fn run(order: Order) -> anyhow::Result<Outcome> {
    let home = Home::find()?;
    let _logs = till::logs::start(&home, false)?;
    let mut config = Config::load(&home.config_file())?;
    config.scanner.source = scanner::Source::Keyboard;
    let baud = config.scanner.baud;
    let till = Till::start(Options { home, config, training: false }).await?;
    let mut ending = Ending::listen()?;
    let outcome = charge(&till, &order, baud, &mut ending).await;
    till.stop().await;
    outcome
}

async fn charge(till: &Till, order: &Order, baud: u32, ending: &mut Ending) -> anyhow::Result<Outcome> {
    let entry = Entry {
        operator: order.operator.clone(),
        business: order.business,
        bill: order.bill.clone(),
        amount: order.amount.clone(),
        card: order.card.clone(),
    };
    let mut changes = till.changes();
    if let Err(refusal) = arm(till, entry, order.phone_shows_no_payment).await {
        speak::to_person(&refusal.to_string());
        return Ok(Outcome::Refused);
    }
    let wait = Duration::from_secs(order.wait);
    if let Some(begun) = begin(till, &mut changes, Instant::now() + wait, ending).await? {
        return Ok(begun);
    }
    let text = tokio::select! {
        text = next_code(order, baud) => text?,
        () = ending.told() => {
            speak::to_person("told to end before a payment code came; nothing was charged");
            return Ok(Outcome::Failed);
        }
    };
    if text.expose().is_empty() {
        speak::to_person("no payment code came on standard input; nothing was sent");
        return Ok(Outcome::Refused);
    }
    greeted(till).await;
    let id = match scan(till, text).await {
        Ok(id) => id,
        Err(refusal) => {
            speak::to_person(&refusal.to_string());
            return Ok(Outcome::Refused);
        }
    };
    // From the code on: a customer may have needed long to find it.
    follow(till, &mut changes, &id, Instant::now() + wait, ending).await
}

async fn next_code(order: &Order, baud: u32) -> anyhow::Result<ScannedText> {
    match &order.scanner {
        Some(port) => next_scan(port, baud).await,
        None => line().await,
    }
}

/// A code on standard input is there at once. The greeting that arming sends is waited for, so that the charge finds an open line,
/// and is signed by the platform's clock.
async fn greeted(till: &Till) {
    let mut views = till.views();
    let greeting = async { views.wait_for(|view| view.health.gateway != GatewayHealth::Unknown).await.is_ok() };
    if !timeout(GREETING_MAX, greeting).await.is_ok_and(|known| known) {
        tracing::info!("the gateway has not greeted; the charge will tell");
    }
}

/// Waits until a recharge that this window begins is armed; anything but `None` is the end of it.
async fn begin(
    till: &Till,
    changes: &mut broadcast::Receiver<Change>,
    until: Instant,
    ending: &mut Ending,
) -> anyhow::Result<Option<Outcome>> {
    let mut views = till.views();
    loop {
        let view = views.borrow_and_update().clone();
        let front = view.front.as_ref();
        while let Ok(change) = changes.try_recv() {
            // Others go on in the back, or have just been parked: this command is for its own charge alone.
            if front.is_some_and(|front| front.id == change.charge) {
                speak::to_program(&change)?;
            }
        }
        match front.map(|front| front.state) {
            _ if view.armed.is_some() => return Ok(None),
            Some(State::NeverSent) => return Ok(Some(Outcome::NotCharged)),
            Some(State::Beginning) if front.is_some_and(|front| front.said.is_some()) => {
                speak::to_person(
                    "whether the recharge was begun is not known; nothing was charged, no money is at risk",
                );
                return Ok(Some(Outcome::Pending));
            }
            _ => {}
        }
        let waited = tokio::select! {
            waited = timeout_at(until, views.changed()) => waited.is_ok(),
            () = ending.told() => false,
        };
        if !waited {
            speak::to_person("the platform has not answered the beginning of the recharge; nothing was charged");
            return Ok(Some(Outcome::Pending));
        }
    }
}

async fn scan(till: &Till, text: ScannedText) -> Result<ChargeId, Refusal> {
    match till.scan(text).await {
        ScanOutcome::Charging { charge } => Ok(charge),
        // A line given on purpose is the key press that a code of an unknown wallet waits for.
        ScanOutcome::Held => {
            till.ask(Command::DecideHeld { accept: true }).await?;
            till.view().front.as_ref().map(|front| front.id.clone()).ok_or(Refusal::Gone)
        }
        ScanOutcome::Bill { .. } | ScanOutcome::Card { .. } | ScanOutcome::Evidence { .. } => {
            Err(Refusal::NotACode { seems: checkout::Foreign::Other })
        }
        ScanOutcome::Refused { refusal } => Err(refusal),
    }
}

async fn arm(till: &Till, entry: Entry, phone_shows_no_payment: bool) -> Result<(), Refusal> {
    // What an earlier run left in front is parked: this command is for its own charge alone.
    match till.ask(Command::StopWaiting).await {
        Ok(()) | Err(Refusal::Gone) => {}
        Err(refusal) => return Err(refusal),
    }
    till.ask(Command::SignIn { operator: entry.operator.clone() }).await?;
    // The amount was given in full on the command line: there is nobody to ask once more.
    let arm = || Command::Arm { entry: entry.clone(), large_confirmed: true };
    match till.ask(arm()).await {
        Err(Refusal::AskPhone { charge, .. }) if phone_shows_no_payment => {
            till.ask(Command::PhoneShows { charge, answer: PhoneAnswer::No }).await?;
            till.ask(arm()).await
        }
        outcome => outcome,
    }
}

/// Prints every change of this charge until it ends, or the time is over.
async fn follow(
    till: &Till,
    changes: &mut broadcast::Receiver<Change>,
    id: &ChargeId,
    until: Instant,
    ending: &mut Ending,
) -> anyhow::Result<Outcome> {
    let mut last: Option<State> = None;
    let (mut stopped, mut until) = (false, until);
    loop {
        let change = tokio::select! {
            // What is known is said first.
            biased;
            change = timeout_at(until, changes.recv()) => match change {
                Err(_) => return Ok(give_up(till, id)),
                Ok(Ok(change)) => change,
                Ok(Err(broadcast::error::RecvError::Lagged(_))) => continue,
                Ok(Err(broadcast::error::RecvError::Closed)) => return Ok(give_up(till, id)),
            },
            () = ending.told(), if !stopped => {
                // An answer that comes in the meantime is taken in, and said by the next turn of the loop.
                till.stop_within(HURRIED).await;
                (stopped, until) = (true, Instant::now());
                continue;
            }
        };
        if change.charge != *id || last == Some(change.state) {
            continue;
        }
        last = Some(change.state);
        speak::to_program(&change)?;
        if let Some(outcome) = Outcome::of(change.state, change.pending) {
            return Ok(outcome);
        }
    }
}

/// The time is over; what ended in the very last moment has ended.
fn give_up(till: &Till, id: &ChargeId) -> Outcome {
    let view = till.view();
    let known = view.recent.iter().chain(&view.pending).find(|charge| charge.id == *id);
    let state = known.map_or(State::Checking, |charge| charge.state);
    if let Some(outcome) = Outcome::of(state, view.pending.iter().any(|charge| charge.id == *id)) {
        return outcome;
    }
    speak::to_person(&format!(
        "charge {id} is not certain yet ({state}); nothing is lost: it is recorded, and `wicketctl resume` or the till \
         goes on asking. Do not charge this bill again"
    ));
    Outcome::Pending
}

/// The first line of standard input; empty where there is none, or none that is text.
async fn line() -> anyhow::Result<ScannedText> {
    let read = || {
        // Room at once: a text that grows leaves copies of the code behind.
        let mut line = String::with_capacity(LINE_MAX);
        match std::io::stdin().lock().take(LINE_MAX as u64).read_line(&mut line) {
            Err(error) if error.kind() != std::io::ErrorKind::InvalidData => Err(error),
            _ => Ok(ScannedText::new(line)),
        }
    };
    tokio::task::spawn_blocking(read).await?.context("standard input cannot be read")
}

/// The next scan on a port; damaged ones are said and waited past.
async fn next_scan(port: &str, baud: u32) -> anyhow::Result<ScannedText> {
    let settings = scanner::ScannerSettings {
        source: scanner::Source::Serial,
        port: port.to_owned(),
        baud,
        ..scanner::ScannerSettings::default()
    };
    let (sender, mut events) = mpsc::unbounded_channel();
    let sink = move |event| {
        // Nobody listens any more once the scan was taken.
        let _ = sender.send(event);
    };
    let line = scanner::Scanner::start(settings, Vec::new(), sink).context("the scanner could not be started")?;
    loop {
        match events.recv().await.context("the scanner's thread ended")? {
            scanner::ScannerEvent::Scan { text, .. } => {
                if line.stop().is_err() {
                    tracing::warn!("the scanner's thread hangs");
                }
                return Ok(ScannedText::new(text.expose()));
            }
            scanner::ScannerEvent::Damaged { reason, .. } => {
                speak::to_person(&format!("damaged scan: {reason}; scan again"))
            }
            scanner::ScannerEvent::State(state) => speak::to_person(&format!("scanner: {state:?}")),
        }
    }
}
