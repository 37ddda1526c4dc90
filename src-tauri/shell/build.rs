//! Build script of the desktop package: Tauri's code generation, with the list of commands a screen may be allowed.

use std::path::Path;

/// Every command of `commands.rs`; without this list each would be callable from every screen.
const COMMANDS: &[&str] = &[
    "snapshot",
    "sign_in",
    "sign_out",
    "lock",
    "unlock",
    "still_here",
    "set_look",
    "arm",
    "disarm",
    "stop_waiting",
    "next_customer",
    "query_now",
    "phone_shows",
    "take_notice",
    "decide_held",
    "training_scan",
    "typed_scan",
    "has_sound",
    "set_hall",
    "set_pin",
    "remove_pin",
    "supervisor_in",
    "supervisor_out",
    "settle",
    "want_evidence",
    "ask_help",
    "timeline",
    "history",
    "day_sums",
    "export_charges",
    "stop_export",
    "settings",
    "save_settings",
    "check_gateway",
    "begin_pairing",
    "type_pairing",
    "end_pairing",
    "traces",
    "customer_view",
];

fn main() {
    // The UI's bundle must exist when the program is compiled; `make` builds it first, this only serves bare `cargo`.
    let page = Path::new("ui/dist/index.html");
    if !page.exists() {
        std::fs::create_dir_all("ui/dist").expect("the UI's output folder can be made");
        std::fs::write(page, "<!doctype html><title>Wicket</title><p>The UI was not built: run make build.</p>\n")
            .expect("a placeholder page can be written");
    }
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest)).expect("tauri.conf.json is valid");
}
