//! `wicketctl gateway-sim`: the simulated gateway until Ctrl+C, then its books.

use std::net::SocketAddr;
use std::path::Path;

use anyhow::Context;
use gateway_sim::{Options, Script, Sim};
use till::ending::Ending;

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
    let mut ending = Ending::listen()?;
    let options = Options { script, on_line: Some(Box::new(speak::to_person)), ..Options::default() };
    let sim = Sim::start_with(listen, options).await.with_context(|| format!("cannot listen on {listen}"))?;
    speak::to_person(&format!("the simulated gateway listens on {}; end it with Ctrl+C", sim.base_url()));
    ending.told().await;
    let summary = sim.summary();
    sim.stop().await;
    speak::plain(&summary)?;
    Ok(Outcome::Done)
}
