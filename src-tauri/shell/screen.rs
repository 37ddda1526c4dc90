//! The cashier's screen: one window, and one event with each new view.

use std::path::PathBuf;

use tauri::{AppHandle, Emitter, LogicalSize, Manager, Monitor, PhysicalSize, WebviewUrl, WebviewWindowBuilder};
use till::Till;
use till::ending::Ending;

use crate::closing::{self, Closing};
use crate::looking::Exporting;
use crate::training::Lessons;
use crate::{bindings, customer, page};

/// The screen's label; its capability in tauri.conf.json names the same.
pub(crate) const CASHIER: &str = "cashier";
/// The event that carries each new view.
const VIEW_EVENT: &str = "view";

/// What the layout needs, in pixels of the glass: it is shares of the window, so that the system's scaling asks for no more.
const LEAST: PhysicalSize<u32> = PhysicalSize::new(1024, 700);
/// What a frame and a task bar take of a monitor's height, before scaling.
const AROUND: u32 = 72;

/// Shows the screen and returns when it is closed. What the web engine writes goes to the folder `web`.
pub fn show(
    runtime: &tokio::runtime::Handle,
    till: &Till,
    lessons: Option<Lessons>,
    web: PathBuf,
    ending: Ending,
) -> anyhow::Result<()> {
    let title = title(till);
    let till = till.clone();
    let runtime = runtime.clone();
    let builder = bindings::builder();
    let (closing, closing_till) = (Closing::default(), till.clone());
    tauri::async_runtime::set(runtime.clone());
    let app = tauri::Builder::default()
        .invoke_handler(builder.invoke_handler())
        .manage(till.clone())
        .manage(lessons)
        .manage(Exporting::default())
        .on_window_event(move |window, event| closing.on_event(window, event, &closing_till))
        .setup(move |app| {
            let window = WebviewWindowBuilder::new(app, CASHIER, WebviewUrl::default())
                .title(title)
                .data_directory(web.clone())
                .inner_size(1280.0, 860.0)
                .on_navigation(is_own_page)
                .build()?;
            window.set_min_size(Some(LEAST))?;
            // Not every system keeps a window on its monitor: the lower edge would be out of reach.
            if let Some(monitor) = window.current_monitor()?
                && !fits(size_of(window.inner_size()?, &monitor), size_of(*monitor.size(), &monitor))
            {
                window.maximize()?;
            }
            page::revive(&window)?;
            take_keys(&runtime, &till);
            runtime.spawn(publish(app.handle().clone(), till.clone()));
            runtime.spawn(closing::end_when_told(app.handle().clone(), ending));
            runtime.spawn(customer::tend(app.handle().clone(), till, web));
            Ok(())
        })
        .build(tauri::generate_context!())?;
    // `run` would end the process itself, and the till could not be stopped after it.
    let code = app.run_return(|_, _| {});
    anyhow::ensure!(code == 0, "the screen ended with code {code}");
    Ok(())
}

/// A size as it is before scaling.
fn size_of(size: PhysicalSize<u32>, monitor: &Monitor) -> LogicalSize<u32> {
    size.to_logical(monitor.scale_factor())
}

/// Whether a window has room on a monitor beside what else is there.
fn fits(window: LogicalSize<u32>, monitor: LogicalSize<u32>) -> bool {
    window.width <= monitor.width && window.height + AROUND <= monitor.height
}

/// Scanners that type are read below the page, and, where the display tells, with another program in front.
#[cfg(target_os = "linux")]
fn take_keys(runtime: &tokio::runtime::Handle, till: &Till) {
    let here = std::sync::Arc::<std::sync::atomic::AtomicBool>::default();
    crate::keys::take(runtime, till.clone(), till.codes(), here.clone());
    runtime.spawn(crate::elsewhere::tend(till.clone(), here));
}

/// The page's own guard keeps them out of the fields, and Raw Input sees what it cannot; see docs/scanners.md.
#[cfg(windows)]
fn take_keys(runtime: &tokio::runtime::Handle, till: &Till) {
    runtime.spawn(crate::raw::tend(till.clone()));
}

/// Elsewhere the page's own guard is alone.
#[cfg(not(any(target_os = "linux", windows)))]
fn take_keys(_runtime: &tokio::runtime::Handle, _till: &Till) {}

/// What stands in the frame while nothing is asked there.
pub(crate) fn title(till: &Till) -> String {
    let view = till.view();
    let training = if view.training { " · 培训模式 TRAINING" } else { "" };
    format!("{} · Wicket{training}", view.window.name)
}

/// No page but the program's own is ever shown.
pub fn is_own_page(url: &tauri::Url) -> bool {
    match (url.scheme(), url.host_str()) {
        ("tauri", Some("localhost")) | ("http", Some("tauri.localhost")) => true,
        // The development server; in a built program this would be any program of this machine.
        ("http", Some("localhost")) => tauri::is_dev(),
        _ => false,
    }
}

async fn publish(app: AppHandle, till: Till) {
    let mut views = till.views();
    let mut name = till.view().window.name.clone();
    while views.changed().await.is_ok() {
        let view = views.borrow_and_update().clone();
        let Some(window) = app.get_webview_window(CASHIER) else { continue };
        if view.window.name != name {
            name.clone_from(&view.window.name);
            if let Err(error) = window.set_title(&title(&till)) {
                tracing::warn!(%error, "the window's new name is not in its title");
            }
        }
        if let Err(error) = app.emit_to(CASHIER, VIEW_EVENT, view.as_ref()) {
            tracing::warn!(%error, "a view did not reach the screen; the next one will");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_has_no_room_on_its_monitor_fills_it() {
        let window = LogicalSize::new(1280, 860);
        for (width, height) in [(1920, 1080), (1280, 1024)] {
            assert!(fits(window, LogicalSize::new(width, height)), "{width}×{height}");
        }
        for (width, height) in [(1366, 768), (1024, 768), (1280, 900)] {
            assert!(!fits(window, LogicalSize::new(width, height)), "{width}×{height}");
        }
    }
}
