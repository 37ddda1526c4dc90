//! Who may know whom.

use std::collections::BTreeSet;

use crate::files::{self, Source};
use crate::rust;

/// A member, the members it may be built on, and those only its tests may use.
const KNOWS: [(&str, &[&str], &[&str]); 11] = [
    ("checkout", &[], &[]),
    ("journal", &["checkout"], &[]),
    ("gateway", &["checkout"], &[]),
    ("scanner", &["checkout"], &[]),
    ("gateway-sim", &[], &[]),
    ("till", &["checkout", "journal", "gateway", "scanner"], &["gateway-sim"]),
    // Support's questions (check, verify, pairing) go to the parts themselves, beside the till.
    ("wicketctl", &["till", "checkout", "journal", "gateway", "scanner", "gateway-sim"], &[]),
    // A disk that fails, for tests: no program knows it.
    ("power", &[], &["checkout", "journal"]),
    // Keys of a Windows machine: a door to the system, which its tests put before a whole till.
    ("rawkeys", &[], &["till", "checkout", "journal", "scanner", "gateway-sim"]),
    ("wicket", &["till", "checkout", "gateway-sim", "rawkeys"], &["journal", "scanner"]),
    // The model world stands around the till; nobody stands on it.
    ("sim", &["till", "checkout", "journal"], &[]),
];

#[test]
fn every_member_knows_only_whom_it_may() {
    let members: BTreeSet<&str> = KNOWS.iter().map(|(name, ..)| *name).collect();
    for manifest in files::manifests() {
        let name = package(manifest);
        let Some((_, may, tests_may)) = KNOWS.iter().find(|row| row.0 == name) else {
            panic!("{name} is a new member: write into this table whom it may know");
        };
        for (section, dependency) in dependencies(manifest) {
            let in_tests = section.contains("dev-dependencies") && tests_may.contains(&dependency);
            assert!(
                !members.contains(dependency) || may.contains(&dependency) || in_tests,
                "{} names {dependency} under [{section}]: data goes one way through the house, and \
                 what a part does not know it cannot break",
                manifest.path
            );
        }
    }
}

#[test]
fn only_the_shell_says_tauri() {
    let outside = files::rust().filter(|file| !file.under("src-tauri/shell/") && !file.under("tests/"));
    let code = outside.map(|file| Source { path: file.path.clone(), text: rust::code(&file.text) });
    let code: Vec<Source> = code.collect();
    files::none(
        files::breaches(code.iter(), |_, line| {
            line.contains("tauri::") || line.contains("tauri_") || rust::has_word(line, "tauri")
        }),
        "the till must run without a screen, and the next Tauri may only cost one folder",
    );
    let manifests = files::manifests().filter(|file| file.path != "Cargo.toml");
    files::none(
        files::breaches(manifests, |_, line| line.starts_with("tauri")),
        "only the desktop package itself is built on Tauri",
    );
}

#[test]
fn only_the_host_file_imports_tauri_in_the_screen() {
    let others = files::all().iter().filter(|file| {
        (file.under("ui/src/") || file.under("ui/tests/"))
            && file.is(&[".ts", ".svelte", ".js"])
            && file.path != "ui/src/host.ts"
            && !file.generated()
    });
    files::none(
        files::breaches(others, |_, line| line.contains("'@tauri-apps") || line.contains("\"@tauri-apps")),
        "the screen must open in a plain browser over another host: ui/src/host.ts is its only door",
    );
    let callers = files::screen().filter(|file| file.path != "ui/src/host.ts" && calls(&file.text));
    files::none(
        callers.map(|file| file.path.clone()).collect(),
        "from the generated bindings everybody may take types, but only ui/src/host.ts may call",
    );
}

/// Whether a file imports more than types from the generated bindings.
fn calls(text: &str) -> bool {
    text.match_indices("generated/bindings").any(|(at, _)| {
        let statement = text[..at].rsplit(';').next().unwrap_or_default();
        !statement.contains("import type") && !statement.contains("export type")
    })
}

#[test]
fn the_two_readings_of_the_gateway_share_no_code() {
    for (one, other) in [("gateway", "gateway_sim"), ("gateway-sim", "gateway")] {
        let folder = format!("src-tauri/{one}/");
        let path = format!("use {other}::");
        files::none(
            files::breaches(files::rust().filter(|file| file.under(&folder)), |_, line| line.contains(&path)),
            "the simulated gateway reads the reference by itself: shared code would share mistakes",
        );
    }
}

fn package(manifest: &Source) -> &str {
    let section = manifest.text.split("[package]").nth(1).unwrap_or_default();
    let line = section.lines().find_map(|line| line.strip_prefix("name = "));
    line.unwrap_or_else(|| panic!("{} has no name", manifest.path)).trim_matches('"')
}

/// Section and name of every dependency, the shared list of the workspace left out.
fn dependencies(manifest: &Source) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut section = "";
    for line in manifest.text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            section = header.trim_end_matches(']');
            if let Some((section, name)) = section.rsplit_once("dependencies.") {
                found.push((section, name));
            }
        } else if section.ends_with("dependencies") && !section.starts_with("workspace") {
            let name = line.split(['.', '=', ' ']).next().unwrap_or_default();
            if !name.is_empty() && !name.starts_with('#') {
                found.push((section, name));
            }
        }
    }
    found
}
