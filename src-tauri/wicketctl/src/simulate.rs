//! `wicketctl gateway-sim`: the simulated gateway until Ctrl+C, then its books.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use gateway_sim::{Options, Script, Sim};

use crate::outcome::Outcome;
use crate::speak;

pub async fn run(listen: SocketAddr, script: Option<&Path>) -> anyhow::Result<Outcome> {
    let script = match script {
        Some(path) => {
            let text = std::fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
            Script::parse(&text).with_context(|| path.display().to_string())?
        }
        None => Script::default(),
    };
    // Listened for before anybody is told that there is something to end.
    let asked = asked_to_end()?;
    let options = Options { script, on_line: Some(Box::new(speak::to_person)), ..Options::default() };
    let sim = Sim::start_with(listen, options).await.with_context(|| format!("cannot listen on {listen}"))?;
    speak::to_person(&format!("the simulated gateway listens on {}; end it with Ctrl+C", sim.base_url()));
    asked.await?;
    let summary = sim.summary();
    sim.stop().await;
    speak::plain(&summary)?;
    Ok(Outcome::Done)
}

/// Ctrl+C, or the request of whoever started the program. It listens from the call on.
#[cfg(unix)]
fn asked_to_end() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
        }
    })
}

/// Ctrl+C. It listens from the call on.
#[cfg(not(unix))]
fn asked_to_end() -> anyhow::Result<impl Future<Output = anyhow::Result<()>>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
        Ok(())
    })
}
