//! `wicketctl settle` and `set-pin`: what a supervisor does. PINs come on standard input, never as arguments.

use std::io::{BufRead, BufReader};
use std::time::Duration;

use anyhow::Context;
use checkout::{ChargeId, Refusal, State, Word};
use till::config::Config;
use till::home::Home;
use till::{Change, Command, Options, Pin, Till};
use tokio::sync::broadcast;
use tokio::time::{Instant, timeout_at};

use crate::arguments::Decision;
use crate::outcome::Outcome;
use crate::speak;

/// How long the End of *credit now* is waited for.
const CREDIT_LIMIT: Duration = Duration::from_secs(75);

pub async fn run(decision: Decision) -> anyhow::Result<Outcome> {
    let Some(word) = Word::parse(&decision.word) else {
        let words = Word::ALL.map(Word::word).join(", ");
        speak::to_person(&format!("--as {}: it is one of {words}. Nothing was changed", decision.word));
        return Ok(Outcome::Refused);
    };
    let pin = lines(1).await?.remove(0);
    with_till(async |till| settle(&till, decision, word, pin).await).await
}

pub async fn set_pin(name: String, remove: bool) -> anyhow::Result<Outcome> {
    with_till(async |till| {
        let first = till.view().supervisors.names.is_empty();
        let mut pins = lines(if remove || first { 1 } else { 2 }).await?;
        let command = if remove {
            Command::RemovePin { name, leave: Some(pins.remove(0)) }
        } else if first && pins.len() > 1 {
            // Whoever wrote two lines believes that there is a supervisor, and takes the second for the new PIN.
            speak::to_person(
                "nobody has a PIN yet, so that one line is enough, the new PIN; two lines came and it is not clear which \
                 is meant. Nothing was changed",
            );
            return Ok(Outcome::Refused);
        } else if first {
            Command::SetPin { name, pin: pins.remove(0), leave: None }
        } else {
            let pin = pins.remove(1);
            Command::SetPin { name, pin, leave: Some(pins.remove(0)) }
        };
        Ok(match till.ask(command).await {
            Ok(()) => {
                speak::to_person(&format!("supervisors: {}", till.view().supervisors.names.join(", ")));
                Outcome::Done
            }
            Err(refusal) => refused(&refusal),
        })
    })
    .await
}

async fn with_till(task: impl AsyncFnOnce(Till) -> anyhow::Result<Outcome>) -> anyhow::Result<Outcome> {
    let home = Home::find()?;
    let _logs = till::logs::start(&home, false)?;
    let mut config = Config::load(&home.config_file())?;
    config.scanner.source = scanner::Source::Keyboard;
    let till = Till::start(Options { home, config, training: false }).await?;
    let outcome = task(till.clone()).await;
    till.stop().await;
    outcome
}

async fn settle(till: &Till, decision: Decision, word: Word, pin: Pin) -> anyhow::Result<Outcome> {
    let charge = ChargeId(decision.charge);
    if let Err(refusal) = till.ask(Command::SupervisorIn { name: decision.by, pin }).await {
        return Ok(refused(&refusal));
    }
    let mut changes = till.changes();
    let (reason, evidence) = (decision.reason, decision.evidence);
    if let Err(refusal) = till.ask(Command::Settle { charge: charge.clone(), word, reason, evidence }).await {
        return Ok(refused(&refusal));
    }
    print_changes(&mut changes, &charge, word == Word::CreditNow).await
}

/// Prints what the decision changed; after *credit now* until the card is credited, or nobody knows.
async fn print_changes(
    changes: &mut broadcast::Receiver<Change>,
    charge: &ChargeId,
    crediting: bool,
) -> anyhow::Result<Outcome> {
    let until = Instant::now() + if crediting { CREDIT_LIMIT } else { Duration::from_secs(5) };
    loop {
        let change = match timeout_at(until, changes.recv()).await {
            Err(_) => return Ok(if crediting { Outcome::Pending } else { Outcome::Done }),
            Ok(change) => change.context("the till stopped")?,
        };
        if change.charge != *charge {
            continue;
        }
        speak::to_program(&change)?;
        match change.state {
            // What an answer that was under way brought; the decision is not in it yet.
            state if state.is_undecided() => {}
            State::Recharging => {}
            State::RechargeUndecided | State::RechargeRefused => return Ok(Outcome::Pending),
            // Decided, and the card still waits for its credit.
            _ if change.pending => return Ok(Outcome::Pending),
            _ => return Ok(Outcome::Done),
        }
    }
}

fn refused(refusal: &Refusal) -> Outcome {
    speak::to_person(&refusal.to_string());
    Outcome::Refused
}

/// PINs, one a line: so many, and whatever came along with them.
async fn lines(count: usize) -> anyhow::Result<Vec<Pin>> {
    let read = move || {
        let mut input = BufReader::new(std::io::stdin().lock());
        let mut pins = Vec::new();
        // More is taken only where it is there already: at a terminal nobody writes another line.
        while pins.len() < count || !input.buffer().trim_ascii().is_empty() {
            let mut line = String::new();
            if input.read_line(&mut line)? == 0 && pins.len() >= count {
                break;
            }
            pins.push(Pin::new(line.trim()));
        }
        Ok::<_, std::io::Error>(pins)
    };
    tokio::task::spawn_blocking(read).await?.context("no PIN could be read from standard input")
}
