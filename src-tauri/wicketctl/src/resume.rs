//! `wicketctl resume`: goes on asking about everything undecided.

use std::time::Duration;

use checkout::State;
use till::config::Config;
use till::ending::{Ending, HURRIED};
use till::home::Home;
use till::{Options, Till};
use tokio::sync::broadcast;
use tokio::time::{Instant, sleep_until};

use crate::outcome::Outcome;
use crate::speak;

pub async fn run(wait: Option<u64>) -> anyhow::Result<Outcome> {
    let home = Home::find()?;
    let _logs = till::logs::start(&home, false)?;
    let mut config = Config::load(&home.config_file())?;
    config.scanner.source = scanner::Source::Keyboard;
    let till = Till::start(Options { home, config, training: false }).await?;
    let mut ending = Ending::listen()?;
    let outcome = follow(&till, wait.map(Duration::from_secs), &mut ending).await;
    till.stop().await;
    outcome
}

async fn follow(till: &Till, wait: Option<Duration>, ending: &mut Ending) -> anyhow::Result<Outcome> {
    let mut changes = till.changes();
    let mut views = till.views();
    let far = Duration::from_secs(366 * 24 * 3600);
    let until = Instant::now() + wait.unwrap_or(far).min(far);
    loop {
        let view = till.view();
        // Paid and being credited is no person's business yet: the End is out, or is sent again by itself.
        let goes_on = |state: State| state.is_undecided() || state == State::Recharging;
        if !view.pending.iter().any(|charge| goes_on(charge.state)) {
            drain(&mut changes)?;
            return Ok(if view.pending.is_empty() { Outcome::Done } else { Outcome::Pending });
        }
        tokio::select! {
            change = changes.recv() => match change {
                Ok(change) => speak::to_program(&change)?,
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => anyhow::bail!("the till stopped"),
            },
            changed = views.changed() => changed?,
            () = ending.told() => {
                till.stop_within(HURRIED).await;
                drain(&mut changes)?;
                speak::to_person("told to end; what is pending is recorded and is asked about again by the next run");
                return Ok(if till.view().pending.is_empty() { Outcome::Done } else { Outcome::Pending });
            }
            () = sleep_until(until) => {
                speak::to_person("the time is over; what is pending is recorded and is asked about again by the next run");
                return Ok(Outcome::Pending);
            }
        }
    }
}

fn drain(changes: &mut broadcast::Receiver<till::Change>) -> anyhow::Result<()> {
    while let Ok(change) = changes.try_recv() {
        speak::to_program(&change)?;
    }
    Ok(())
}
