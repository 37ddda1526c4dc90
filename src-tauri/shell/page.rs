//! The page may die; charges go on without it, and it is loaded anew and rebuilt from the snapshot.

#[cfg(target_os = "linux")]
use std::time::Duration;

use tauri::WebviewWindow;

/// Loads the page again whenever its process ends, a moment later, so that a page that dies at once does not spin.
#[cfg(target_os = "linux")]
pub fn revive(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::WebViewExt;

    window.with_webview(|webview| {
        let own = webview.inner().uri();
        webview.inner().connect_web_process_terminated(move |page, reason| {
            tracing::error!(?reason, "the page's process ended; charges go on, the screen is loaded again");
            let (page, own) = (page.clone(), own.clone());
            gtk::glib::timeout_add_local_once(PAUSE, move || match &own {
                // A page that died while it was loaded for the first time is nothing yet that could be loaded again.
                Some(own) => page.load_uri(own),
                None => page.reload(),
            });
        });
    })
}

/// Before the page is loaded again.
#[cfg(target_os = "linux")]
const PAUSE: Duration = Duration::from_millis(200);

/// Elsewhere the web engine's own recovery is relied on; see docs/operating.md.
#[cfg(not(target_os = "linux"))]
pub fn revive(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}
