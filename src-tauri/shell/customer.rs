//! The customer's screen: a second window that only looks, on a monitor of its own where there is one.

use std::path::PathBuf;
use std::time::Duration;

use tauri::{
    AppHandle, Manager, Monitor, PhysicalPosition, PhysicalSize, State, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
};
use till::Till;
use till::customer::CustomerView;

use crate::page;
use crate::screen::{CASHIER, is_own_page};

/// The window's label; its capability in tauri.conf.json names the same.
pub const CUSTOMER: &str = "customer";
/// How often the monitors are looked at: one that is plugged in or out is no event.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// What the customer sees, once it is another view than `seen`. The one command of that window: it may not even listen,
/// since a page that listens to events may listen to those of another screen.
#[tauri::command]
#[specta::specta]
pub async fn customer_view(till: State<'_, Till>, seen: Option<u32>) -> Result<CustomerView, ()> {
    let mut views = till.views();
    loop {
        let view = CustomerView::of(&views.borrow_and_update());
        if seen != Some(view.number) {
            return Ok(view);
        }
        if views.changed().await.is_err() {
            // The till has stopped and the program is about to; what is shown stays until then.
            std::future::pending::<()>().await;
        }
    }
}

/// Opens and closes the window as the setting says, and keeps it on its monitor.
pub async fn tend(app: AppHandle, till: Till, web: PathBuf) {
    let mut views = till.views();
    let mut place = Place::Nowhere;
    let mut wanted = false;
    loop {
        let wish = views.borrow_and_update().hall.customer_screen;
        let name = title(&till);
        if wish != wanted {
            wanted = wish;
            place = Place::Nowhere;
            if let Err(error) = if wish { open(&app, &name, &web) } else { close(&app) } {
                tracing::warn!(%error, wish, "the customer's screen could not be opened or closed");
            }
        }
        match app.get_webview_window(CUSTOMER) {
            Some(window) if wanted => match put(&app, &window, &place) {
                Ok(now) => place = now,
                Err(error) => tracing::warn!(%error, "the customer's screen could not be placed"),
            },
            _ => {}
        }
        tokio::select! {
            changed = views.changed() => if changed.is_err() { return },
            () = tokio::time::sleep(LOOK_EVERY), if wanted => {}
        }
    }
}

fn title(till: &Till) -> String {
    format!("{} · 顾客屏 Customer", till.view().window.name)
}

fn open(app: &AppHandle, title: &str, web: &std::path::Path) -> tauri::Result<()> {
    if app.get_webview_window(CUSTOMER).is_some() {
        return Ok(());
    }
    let window = WebviewWindowBuilder::new(app, CUSTOMER, WebviewUrl::App("customer.html".into()))
        .title(title)
        .data_directory(web.to_owned())
        .inner_size(800.0, 600.0)
        .min_inner_size(320.0, 240.0)
        // Keys, and so a scanner that types, stay with the cashier's screen.
        .focused(false)
        .focusable(false)
        .on_navigation(is_own_page)
        .build()?;
    page::revive(&window)
}

/// Also when the cashier's screen is closed: the till ends with that one.
pub fn close(app: &AppHandle) -> tauri::Result<()> {
    app.get_webview_window(CUSTOMER).map_or(Ok(()), |window| window.destroy())
}

/// Where the window was put last.
#[derive(Clone, Debug, PartialEq)]
enum Place {
    /// It was just opened.
    Nowhere,
    /// There has been one monitor all along.
    Window,
    /// The whole of a monitor that the cashier does not use.
    Whole(PhysicalPosition<i32>, PhysicalSize<u32>),
    /// That monitor is gone; on the cashier's one it would hide the till.
    Hidden,
}

impl Place {
    fn next(&self, free: Option<(PhysicalPosition<i32>, PhysicalSize<u32>)>) -> Self {
        match (free, self) {
            (Some((position, size)), _) => Self::Whole(position, size),
            (None, Self::Whole(..) | Self::Hidden) => Self::Hidden,
            (None, _) => Self::Window,
        }
    }
}

fn put(app: &AppHandle, window: &WebviewWindow, place: &Place) -> tauri::Result<Place> {
    let next = place.next(free_monitor(app)?);
    if next == *place {
        return Ok(next);
    }
    tracing::info!(?next, "the customer's screen is placed");
    match &next {
        Place::Whole(position, size) => {
            window.set_fullscreen(false)?;
            window.set_decorations(false)?;
            window.show()?;
            window.set_position(*position)?;
            window.set_size(*size)?;
            window.set_fullscreen(true)?;
        }
        Place::Hidden => {
            window.set_fullscreen(false)?;
            window.hide()?;
        }
        Place::Window | Place::Nowhere => {}
    }
    Ok(next)
}

/// A monitor that does not show the cashier's screen.
fn free_monitor(app: &AppHandle) -> tauri::Result<Option<(PhysicalPosition<i32>, PhysicalSize<u32>)>> {
    let Some(cashier) = app.get_webview_window(CASHIER) else { return Ok(None) };
    let used = cashier.current_monitor()?;
    let place = |monitor: &Monitor| (*monitor.position(), *monitor.size());
    let taken = used.as_ref().map(place);
    Ok(app.available_monitors()?.iter().map(place).find(|found| taken.is_some_and(|taken| taken.0 != found.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Option<(PhysicalPosition<i32>, PhysicalSize<u32>)> =
        Some((PhysicalPosition { x: 1920, y: 0 }, PhysicalSize { width: 1280, height: 800 }));

    #[test]
    fn a_second_monitor_is_filled_and_one_that_goes_never_leaves_the_screen_over_the_till() {
        let whole = Place::Nowhere.next(SECOND);
        assert!(matches!(whole, Place::Whole(..)));
        let gone = whole.next(None);
        assert_eq!(gone, Place::Hidden);
        assert_eq!(gone.next(None), Place::Hidden);
        assert_eq!(gone.next(SECOND), whole);
    }

    #[test]
    fn with_one_monitor_it_is_a_window_until_there_are_two() {
        let window = Place::Nowhere.next(None);
        assert_eq!(window, Place::Window);
        assert_eq!(window.next(None), Place::Window);
        assert!(matches!(window.next(SECOND), Place::Whole(..)));
    }
}
