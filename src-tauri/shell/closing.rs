//! Closing the screen: with something pending it says so and asks once; closing again within a minute closes.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tauri::{Emitter, Manager, WindowEvent};
use till::Till;
use till::ending::Ending;

use crate::customer;
use crate::screen::{CASHIER, title};

/// The event that tells the page that closing was asked for; carries how many entries are pending.
const CLOSING_EVENT: &str = "closing";
/// For so long a second close counts as the answer.
const ANSWER: Duration = Duration::from_secs(60);

/// When closing was asked for last.
#[derive(Default)]
pub struct Closing {
    asked: Arc<Mutex<Option<Instant>>>,
}

impl Closing {
    /// Lets the cashier's screen close, or holds it and asks; the till ends with it. The customer's just closes.
    pub fn on_event(&self, window: &tauri::Window, event: &WindowEvent, till: &Till) {
        if window.label() != CASHIER {
            return;
        }
        if let WindowEvent::Destroyed = event
            && let Err(error) = customer::close(window.app_handle())
        {
            tracing::warn!(%error, "the customer's screen stayed open");
        }
        let WindowEvent::CloseRequested { api, .. } = event else { return };
        let pending = till.view().pending.len();
        if pending == 0 || self.was_asked() {
            return;
        }
        api.prevent_close();
        tracing::info!(pending, "closing was asked for; it is asked about once");
        if let Err(error) = window.emit_to(window.label(), CLOSING_EVENT, pending) {
            tracing::warn!(%error, "the page could not ask about closing");
        }
        // Seen even if the page is dead; once it is no answer any more, a second close only asks again.
        self.restore_later(window, till);
        let asking = format!("{pending} 笔待处理，再关一次即退出 · {pending} pending, close again to leave");
        if let Err(error) = window.set_title(&asking) {
            tracing::warn!(%error, "the title could not ask about closing");
        }
    }

    fn was_asked(&self) -> bool {
        let now = Instant::now();
        let Ok(mut asked) = self.asked.lock() else { return true };
        let before = asked.replace(now);
        before.is_some_and(|before| now.duration_since(before) < ANSWER)
    }

    /// Puts the title back that the window is to have then, unless closing was asked for anew.
    fn restore_later(&self, window: &tauri::Window, till: &Till) {
        let (window, till, asked) = (window.clone(), till.clone(), self.asked.clone());
        tauri::async_runtime::spawn(async move {
            tokio::time::sleep(ANSWER).await;
            let anew = asked.lock().is_ok_and(|asked| asked.is_some_and(|asked| asked.elapsed() < ANSWER));
            if anew {
                return;
            }
            if let Err(error) = window.set_title(&title(&till)) {
                tracing::warn!(%error, "the title stays changed");
            }
        });
    }
}

/// Ends the program when the system tells it to, at log-out or shutdown: there is nobody to ask then.
pub async fn end_when_told(app: tauri::AppHandle, mut ending: Ending) {
    ending.told().await;
    app.exit(0);
}
