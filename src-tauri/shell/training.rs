//! Training mode: a simulated gateway over real loopback HTTP, and codes that order each lesson.

use anyhow::Context;
use checkout::ScannedText;
use gateway_sim::{Sim, Training};

/// The simulated gateway behind a till in training.
pub struct Lessons {
    sim: Sim,
}

impl Lessons {
    /// Starts the simulated gateway on a free port of this machine.
    ///
    /// # Errors
    /// The machine has no loopback port to give.
    pub async fn begin() -> anyhow::Result<Self> {
        let sim = Sim::on_loopback().await.context("the simulated gateway could not be started")?;
        Ok(Self { sim })
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        self.sim.base_url()
    }

    /// A fresh payment code that orders a lesson, if there is such a lesson: `paid`, `password`, `refused`, `lost`, `never`.
    pub fn code(&self, scenario: &str) -> Option<ScannedText> {
        let id = if scenario == "lost" { "lost-answer" } else { scenario };
        Training::from_id(id).map(|lesson| ScannedText::new(lesson.mint_code(rand::random())))
    }
}
