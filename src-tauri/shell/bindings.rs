//! The typed bindings of the UI: made from the commands and the view, and kept in `ui/src/generated`.

use tauri_specta::{Builder, collect_commands};

use crate::{commands, customer, looking, office};

/// Where the bindings stand, from the top of the project.
pub const BINDINGS: &str = "ui/src/generated/bindings.ts";

/// The commands, listed once for the program and for the bindings.
pub(crate) fn builder() -> Builder<tauri::Wry> {
    // What crosses to the screen has one shape; only the entry of a sale crosses the other way.
    Builder::new().disable_serde_phases().typ::<till::ExportProgress>().commands(collect_commands![
        commands::snapshot,
        commands::sign_in,
        commands::sign_out,
        commands::lock,
        commands::unlock,
        commands::still_here,
        commands::set_look,
        commands::arm,
        commands::disarm,
        commands::stop_waiting,
        commands::next_customer,
        commands::query_now,
        commands::phone_shows,
        commands::take_notice,
        commands::decide_held,
        commands::training_scan,
        commands::typed_scan,
        commands::has_sound,
        commands::set_hall,
        commands::set_pin,
        commands::remove_pin,
        commands::supervisor_in,
        commands::supervisor_out,
        commands::settle,
        commands::want_evidence,
        commands::ask_help,
        looking::timeline,
        looking::history,
        looking::day_sums,
        looking::export_charges,
        looking::stop_export,
        office::settings,
        office::save_settings,
        office::check_gateway,
        office::begin_pairing,
        office::type_pairing,
        office::end_pairing,
        office::traces,
        customer::customer_view,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// With `WICKET_BINDINGS=write` the file is written anew; otherwise a stale one fails.
    #[test]
    fn the_bindings_in_the_ui_are_those_of_the_program() {
        let folder = tempfile::tempdir().expect("a folder");
        let fresh = folder.path().join("bindings.ts");
        builder().export(specta_typescript::Typescript::default(), &fresh).expect("bindings");
        let made = std::fs::read_to_string(&fresh).expect("made");
        let kept = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(BINDINGS);
        if std::env::var("WICKET_BINDINGS").is_ok_and(|what| what == "write") {
            std::fs::write(&kept, &made).expect("written");
        }
        let found = std::fs::read_to_string(&kept).unwrap_or_default();
        assert!(found == made, "{BINDINGS} is stale: run `make bindings`");
    }
}
