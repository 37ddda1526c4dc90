//! Sound, voice and the customer's screen: taken over at once, remembered in `wicket.toml`, never in the way of a sale.

mod window;

use std::time::Duration;

use till::Command;
use till::config::Config;
use till::hall::{HallView, Voice};
use window::{Window, bounded};

fn loud() -> HallView {
    HallView { volume: 90, mute: false, voice: Voice::Both, customer_screen: true }
}

#[tokio::test]
async fn a_choice_is_seen_at_once_and_found_again_at_the_next_start() {
    let window = Window::open().await;
    let file = window.place.file("wicket.toml");
    std::fs::write(&file, "# ours\n[sound]\nvolume = 40 # quiet hall\n").expect("the settings");
    window.ask(Command::SetHall { hall: loud() }).await.expect("taken");
    assert_eq!(window.till.view().hall, loud());
    let remembered = async {
        while HallView::of(&Config::load(&file).expect("settings that a start would take")) != loud() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    bounded("the file", remembered).await;
    let text = std::fs::read_to_string(&file).expect("the settings");
    assert!(text.starts_with("# ours\n[sound]\nvolume = 90 # quiet hall\n"), "{text}");
}

#[tokio::test]
async fn a_file_that_takes_nothing_costs_only_the_memory_of_it() {
    let window = Window::open().await;
    // There is no file at all.
    window.ask(Command::SetHall { hall: HallView { volume: 500, ..loud() } }).await.expect("taken");
    assert_eq!(window.till.view().hall.volume, 100, "no more than all of it");
    window.arm("T1").await.expect("armed");
}
