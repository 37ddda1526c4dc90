//! Money is exact everywhere: no float holds it, in Rust, on the wire or on the screen.

use crate::files::{self, Source};
use crate::rust;

const MONEY: [&str; 5] = ["checkout", "journal", "gateway", "till", "wicketctl"];

#[test]
fn no_float_where_money_is() {
    let code: Vec<Source> = files::rust()
        .filter(|file| MONEY.iter().any(|part| file.under(&format!("src-tauri/{part}/"))))
        .map(|file| Source { path: file.path.clone(), text: rust::code(&file.text) })
        .collect();
    files::none(
        files::breaches(code.iter(), |_, line| {
            let floats = rust::has_word(line, "f32") || rust::has_word(line, "f64");
            floats && !line.contains("#[specta(type = f64)]")
        }),
        "0.1 + 0.2 is not 0.3 in a float: an amount is an `Amount`, a time whole milliseconds",
    );
}

#[test]
fn no_manifest_turns_numbers_into_floats() {
    let banned = ["arbitrary_precision", "serde-float", "serde-with-float", "serde-arbitrary-precision"];
    files::none(
        files::breaches(files::manifests(), |_, line| {
            !line.trim_start().starts_with('#') && banned.iter().any(|name| line.contains(name))
        }),
        "features reach the whole build: these change how every number in it is read and written",
    );
}

#[test]
fn no_dependency_turns_it_on_either() -> Result<(), serde_json::Error> {
    let number: serde_json::Value = serde_json::from_str("12.30")?;
    assert_eq!(
        number.to_string(),
        "12.3",
        "some dependency turned on serde_json's arbitrary_precision for the whole build"
    );
    Ok(())
}

#[test]
fn the_screen_computes_no_amount() {
    let ours = || files::screen().filter(|file| !file.generated());
    files::none(
        files::breaches(ours(), |_, line| line.contains("parseFloat") || line.contains(".toFixed(")),
        "the screen shows amounts as the texts it was given; a float would round them",
    );
    let about_money = ["amount", "yuan", "fen", "money", "price"];
    files::none(
        files::breaches(ours(), |_, line| {
            let line = line.to_lowercase();
            let turns = line.contains("number(") || line.contains("parseint(");
            turns && about_money.iter().any(|word| rust::has_word(&line, word))
        }),
        "an amount stays a text on the screen: only the till understands it",
    );
}
