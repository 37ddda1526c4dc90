//! Being told to end by the system: at log-out, at shutdown, by Ctrl+C. Unheard, it would be an end like any crash.

use std::time::Duration;

use tokio::sync::watch;

/// For so long at most requests that are out are awaited then: whoever shuts a system down kills what has not ended soon.
pub const HURRIED: Duration = Duration::from_secs(5);

/// Listens for being told to end, from the moment it was made.
#[derive(Clone)]
pub struct Ending(watch::Receiver<bool>);

impl Ending {
    /// Begins to listen; call it within a runtime.
    ///
    /// # Errors
    /// The system does not tell.
    pub fn listen() -> std::io::Result<Self> {
        let (sender, receiver) = watch::channel(false);
        let told = told()?;
        tokio::spawn(async move {
            told.await;
            tracing::info!("told to end");
            // Nobody may be listening any more.
            let _ = sender.send(true);
        });
        Ok(Self(receiver))
    }

    /// Waits until the program is told to end; at once if it has been.
    pub async fn told(&mut self) {
        if self.0.wait_for(|told| *told).await.is_err() {
            // Only a runtime that ends drops the sender.
            std::future::pending::<()>().await;
        }
    }

    /// Whether the program has been told to end.
    pub fn was_told(&self) -> bool {
        *self.0.borrow()
    }
}

#[cfg(unix)]
fn told() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
            _ = hang_up.recv() => {}
        }
    })
}

#[cfg(windows)]
fn told() -> std::io::Result<impl Future<Output = ()> + Send> {
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_logoff, ctrl_shutdown};
    let (mut c, mut interrupt, mut close) = (ctrl_c()?, ctrl_break()?, ctrl_close()?);
    let (mut log_off, mut shutdown) = (ctrl_logoff()?, ctrl_shutdown()?);
    Ok(async move {
        tokio::select! {
            _ = c.recv() => {}
            _ = interrupt.recv() => {}
            _ = close.recv() => {}
            _ = log_off.recv() => {}
            _ = shutdown.recv() => {}
        }
    })
}
