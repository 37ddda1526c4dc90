//! Large screens, and systems that scale: 4K, twice as many pixels, larger texts; nothing is cut off, small, covered or lost.

use std::ffi::OsString;

use serde_json::json;

use crate::exam;
use crate::gallery::{CUT_OFF, Gallery, LANGUAGES, STATES};
use crate::place::{Place, journey_within};
use crate::settings::Settings;
use crate::sheets::{Depth, every_scene};

const SCREEN: &str = "3840x2160";

/// A system's scaling. GTK knows whole factors for everything (`GDK_SCALE`) and any factor for texts (`GDK_DPI_SCALE`), which the web
/// engine takes as a zoom of the whole page, as that of Windows does with 125, 150 and 175 %.
struct Scale {
    name: &'static str,
    pixels: &'static str,
    texts: &'static str,
    /// In pixels of the toolkit: those of the glass divided by `pixels`.
    windows: &'static [(u32, u32)],
}

/// Both ends of what the till may stand on, and the usual ones between.
const SCALES: [Scale; 5] = [
    Scale { name: "100", pixels: "1", texts: "1", windows: &[(3840, 2160)] },
    Scale { name: "200-pixels", pixels: "2", texts: "1", windows: &[(1920, 1080)] },
    Scale { name: "125", pixels: "1", texts: "1.25", windows: &[(1024, 768), (1366, 768), (2560, 1440)] },
    Scale { name: "175", pixels: "1", texts: "1.75", windows: &[(1024, 768), (1920, 1080)] },
    Scale { name: "200", pixels: "1", texts: "2", windows: &[(1024, 700), (3840, 2160)] },
];
/// What `make test` has the time for: the ends.
const SHORT: [&str; 3] = ["100", "200-pixels", "200"];
/// The states whose words need the most and the least room, and those of every sale.
const EXTREMES: [&str; 9] = [
    "entering",
    "armed",
    "scanner-missing",
    "confirming",
    "paid",
    "declined",
    "recharge-undecided",
    "settled-not-credited",
    "unmatched-success",
];

impl Place {
    /// The program ends and is started again on a system that scales so.
    async fn start_scaled(&mut self, scale: &Scale) {
        let set = [("GDK_SCALE", scale.pixels), ("GDK_DPI_SCALE", scale.texts)];
        self.window.environment = set.map(|(name, value)| (name, OsString::from(value))).into();
        if self.window.is_open() {
            self.kill_and_start().await;
            self.sign_in().await;
        } else {
            self.window.start().await;
        }
    }
}

/// `SCALES=all` looks at every page and sheet in each language, on every screen.
#[test]
fn nothing_breaks_on_a_large_screen_or_where_the_system_scales() {
    let all = std::env::var("SCALES").is_ok_and(|word| word == "all");
    let limit = crate::place::JOURNEY * if all { 8 } else { 1 };
    let walk = async |place: &mut Place| {
        place.window.open_on_a_screen_of(SCREEN);
        let mut wrong = Vec::new();
        let mut paid = false;
        for scale in SCALES.iter().filter(|scale| all || SHORT.contains(&scale.name)) {
            place.start_scaled(scale).await;
            let gallery = if paid { Gallery::again(place).await } else { Gallery::open(place).await };
            paid = true;
            wrong.extend(look_around(place, gallery, scale, all).await);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    };
    journey_within(limit, Settings::default(), walk);
}

async fn look_around(place: &Place, mut gallery: Gallery, scale: &Scale, all: bool) -> Vec<String> {
    gallery.text = "系统繁忙，请稍后再试或联系平台";
    let mut wrong = Vec::new();
    for &(width, height) in scale.windows {
        place.resize((width, height)).await;
        let rooms = place.see("(() => { const rem = parseFloat(getComputedStyle(document.documentElement).fontSize); return innerWidth / rem >= 63.9 && innerHeight / rem >= 47.9 && Math.min(innerWidth / rem - 64, innerHeight / rem - 48) < 0.1; })()").await;
        assert_eq!(rooms, json!(true), "the layout has 64 × 48 units at {width}×{height}, {} %", scale.name);
        for language in LANGUAGES {
            gallery.exam.dress(place, language, "light").await;
            let scene = format!("{language} at {width}×{height}, {} %", scale.name);
            for state in STATES.into_iter().chain(CUT_OFF).filter(|state| all || EXTREMES.contains(state)) {
                gallery.show(place, state).await;
                wrong.extend(exam::look(place, false).await.wrong(&format!("{state}.{scene}")));
            }
            place.picture(&format!("scaled-{}-{width}x{height}", scale.name)).await;
            if all {
                gallery.exam.view["front"] = json!(null);
                let found = every_scene(place, &mut gallery.exam, Depth::Whole).await;
                wrong.extend(found.into_iter().map(|what| format!("{what} ({scene})")));
            }
        }
    }
    wrong
}
