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
    let options = Options { script, on_line: Some(Box::new(speak::to_person)), ..Options::default() };
    let sim = Sim::start_with(listen, options).await.with_context(|| format!("cannot listen on {listen}"))?;
    speak::to_person(&format!("the simulated gateway listens on {}; end it with Ctrl+C", sim.base_url()));
    asked_to_end().await?;
    let summary = sim.summary();
    sim.stop().await;
    speak::plain(&summary)?;
    Ok(Outcome::Done)
}

#[cfg(unix)]
async fn asked_to_end() -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => Ok(pressed?),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn asked_to_end() -> anyhow::Result<()> {
    Ok(tokio::signal::ctrl_c().await?)
}
