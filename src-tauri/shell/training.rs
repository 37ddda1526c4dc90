//! Training mode: a simulated gateway over real loopback HTTP, and codes that order each lesson.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use anyhow::Context;
use checkout::{Refusal, ScannedText};
use gateway_sim::{Handle, Sim, Training};
use till::Till;
use till::view::ScanOutcome;

/// For so long the scanner is unplugged, or the gateway gone, before it is back by itself.
const OUTAGE: Duration = Duration::from_secs(15);

/// The simulated gateway behind a till in training.
pub struct Lessons {
    sim: Sim,
    /// How often each outage was ordered; a later order outlives an earlier one.
    scanner: Arc<AtomicU32>,
    gateway: Arc<AtomicU32>,
}

impl Lessons {
    /// Starts the simulated gateway on a free port of this machine.
    ///
    /// # Errors
    /// The machine has no loopback port to give.
    pub async fn begin() -> anyhow::Result<Self> {
        let sim = Sim::on_loopback().await.context("the simulated gateway could not be started")?;
        Ok(Self { sim, scanner: Arc::default(), gateway: Arc::default() })
    }

    /// Where it listens.
    pub fn base_url(&self) -> String {
        self.sim.base_url()
    }

    /// Plays a lesson: one of [`Training`]'s by its id, `double`, `scanner` or `gateway`.
    ///
    /// # Errors
    /// There is no such lesson, or the scan was refused.
    pub async fn play(&self, till: &Till, lesson: &str) -> Result<(), Refusal> {
        match lesson {
            "scanner" => self.unplug_scanner(till).await,
            "gateway" => self.cut_gateway().await,
            "double" => {
                let code = mint(Training::Password);
                scan(till, &code).await?;
                scan(till, &code).await?;
            }
            other => scan(till, &mint(Training::from_id(other).ok_or(Refusal::Gone)?)).await?,
        }
        Ok(())
    }

    async fn unplug_scanner(&self, till: &Till) {
        let turn = self.scanner.fetch_add(1, Ordering::SeqCst) + 1;
        till.pretend_unplugged(true).await;
        let (till, turns) = (till.clone(), self.scanner.clone());
        tokio::spawn(async move {
            tokio::time::sleep(OUTAGE).await;
            if turns.load(Ordering::SeqCst) == turn {
                till.pretend_unplugged(false).await;
            }
        });
    }

    async fn cut_gateway(&self) {
        let turn = self.gateway.fetch_add(1, Ordering::SeqCst) + 1;
        let gateway = self.sim.handle();
        gateway.halt().await;
        tokio::spawn(bring_back(gateway, self.gateway.clone(), turn));
    }
}

async fn bring_back(gateway: Handle, turns: Arc<AtomicU32>, turn: u32) {
    loop {
        tokio::time::sleep(OUTAGE).await;
        if turns.load(Ordering::SeqCst) != turn {
            return;
        }
        match gateway.resume().await {
            Ok(()) => return,
            Err(error) => tracing::warn!(%error, "the simulated gateway's port is taken; it is tried again"),
        }
    }
}

fn mint(training: Training) -> String {
    training.mint_code(rand::random())
}

async fn scan(till: &Till, code: &str) -> Result<(), Refusal> {
    match till.scan(ScannedText::new(code)).await {
        ScanOutcome::Refused { refusal } => Err(refusal),
        _ => Ok(()),
    }
}
