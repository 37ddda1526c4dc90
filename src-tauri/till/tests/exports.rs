//! `exports/pending.json`: follows the window, and is whole at every moment.

mod window;

use std::path::Path;

use checkout::State;
use serde_json::Value;
use till::Command;
use window::{Window, bounded, code_for};

fn listing(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).expect("the file is there");
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text:?}"))
}

fn states(listing: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let entries = listing["pending"].as_array().expect("a list");
    entries.iter().map(|entry| (text(&entry["bill"]), text(&entry["state"]))).collect()
}

#[tokio::test]
async fn the_list_of_what_is_pending_follows_the_window() {
    let window = Window::open().await;
    let path = window.place.file("exports").join("pending.json");
    let first = listing(&path);
    assert!(states(&first).is_empty());
    assert_eq!((first["window"].as_str(), first["training"].as_bool()), (Some("W01"), Some(false)));

    let id = window.charge("T1", &code_for("never")).await;
    window.until_front(State::Confirming).await;
    let now = listing(&path);
    assert_eq!(states(&now), [("T1".to_owned(), "confirming".to_owned())]);
    let entry = &now["pending"][0];
    assert_eq!((entry["charge"].as_str(), entry["amount"].as_str()), (Some(id.0.as_str()), Some("260.00")));
    assert!(entry["sent_at"].as_str().is_some_and(|at| checkout::Wall::parse_from_rfc3339(at).is_ok()));
    window.ask(Command::StopWaiting).await.expect("parked");
    assert_eq!(states(&listing(&path)), [("T1".to_owned(), "parked".to_owned())]);

    let window = window.killed_and_started().await;
    assert_eq!(states(&listing(&path)), [("T1".to_owned(), "parked".to_owned())], "a start does not empty it");
    assert!(window.sim.approve("T1"));
    window.until("nothing pending", |view| view.pending.is_empty()).await;
    assert!(states(&listing(&path)).is_empty());
}

#[tokio::test]
#[cfg_attr(
    windows,
    ignore = "Wine takes no new file for one that is being read; Windows does, and the till tries again"
)]
async fn the_list_is_whole_whenever_it_is_read() {
    let window = Window::open().await;
    let path = window.place.file("exports").join("pending.json");
    let reading = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(true));
    let (go_on, file) = (reading.clone(), path.clone());
    let reader = std::thread::spawn(move || {
        let mut reads = 0_u32;
        while go_on.load(std::sync::atomic::Ordering::Relaxed) {
            assert!(listing(&file)["pending"].is_array());
            reads += 1;
        }
        reads
    });
    for n in 0..25 {
        window.charge(&format!("T{n}"), &code_for("never")).await;
        window.until_front(State::Confirming).await;
        window.ask(Command::StopWaiting).await.expect("parked");
    }
    reading.store(false, std::sync::atomic::Ordering::Relaxed);
    let reads = bounded("the reader", tokio::task::spawn_blocking(move || reader.join())).await.expect("joined");
    assert!(reads.expect("always whole") > 0);
    assert_eq!(states(&listing(&path)).len(), 25);
}

#[tokio::test]
async fn views_only_rise_and_every_one_is_whole() {
    let window = Window::open().await;
    let mut views = window.till.views();
    let watcher = tokio::spawn(async move {
        let mut last = 0;
        while views.changed().await.is_ok() {
            let view = views.borrow_and_update().clone();
            assert!(view.number > last, "{} after {last}", view.number);
            last = view.number;
            let undecided = view.front.as_ref().filter(|front| front.state.is_undecided());
            assert!(undecided.is_none_or(|front| view.pending.iter().any(|c| c.id == front.id)), "{view:#?}");
            assert!(view.pending.is_sorted_by_key(|c| c.sent_at.clone()), "oldest first");
            assert!(view.recent.len() <= 8 && view.recent.is_sorted_by(|a, b| a.sent_at >= b.sent_at), "newest first");
        }
        last
    });
    for n in 0..10 {
        let scenario = if n % 3 == 0 { "never" } else { "password" };
        window.charge(&format!("T{n}"), &code_for(scenario)).await;
        window.until_front(State::Confirming).await;
        window.ask(Command::StopWaiting).await.expect("parked");
    }
    let view = window.till.view();
    assert_eq!(view.recent.len(), 8);
    window.till.stop().await;
    assert!(bounded("the watcher", watcher).await.expect("no panic") >= view.number);
}
