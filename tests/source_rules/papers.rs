//! The papers keep up with the code: states, settings, commands and links.

use std::path::Path;

use crate::files;

/// The kebab-case words of the states, as the code spells them.
fn states() -> Vec<String> {
    let text = &files::named("src-tauri/checkout/src/state.rs").text;
    let body = text.split("pub enum State {").nth(1).and_then(|rest| rest.split('}').next());
    let variants = body.expect("the enum of states").lines().map(str::trim);
    let names = variants.filter(|line| !line.starts_with("//")).filter_map(|line| line.strip_suffix(','));
    names.map(kebab).collect()
}

fn kebab(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push('-');
        }
        word.extend(c.to_lowercase());
    }
    word
}

#[test]
fn every_state_is_explained() {
    let states = states();
    assert!(states.len() > 20, "the states were not found in their file: {states:?}");
    for paper in ["docs/contract.md", "docs/operating.md"] {
        let text = &files::named(paper).text;
        let missing = states.iter().filter(|state| !text.contains(&format!("`{state}`")));
        files::none(
            missing.cloned().collect(),
            &format!("{paper}: scripts rely on each word, and a venue must know what to do"),
        );
    }
}

#[test]
fn every_setting_is_in_the_contract() {
    let text = &files::named("docs/contract.md").text;
    let example = text.split("```toml").nth(1).and_then(|rest| rest.split("```").next());
    let example = example.expect("the settings' example");
    let mut section = "";
    let mut written: Vec<(String, &str)> = Vec::new();
    for line in example.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = name;
        } else if let Some((name, default)) = line.split_once(" = ") {
            written.push((format!("{section}.{name}"), default));
        }
    }
    let known: Vec<(String, &str)> = till::config::KEYS.iter().map(|key| (key.path(), key.default)).collect();
    assert_eq!(written, known, "docs/contract.md shows every key, in order, with its default");
}

/// `docs/operating.md` says of each when to touch it, and where: on the screen or in the file.
#[test]
fn every_setting_is_explained_to_those_who_run_the_till() {
    let text = &files::named("docs/operating.md").text;
    let rows = text.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let told: Vec<(&str, &str)> = rows
        .filter_map(|(name, rest)| Some((name, rest.split_once(" | ")?.0)))
        .filter(|(_, place)| ["F5", "F9", "file"].contains(place))
        .collect();
    let known: Vec<(String, &str)> = till::config::KEYS.iter().map(|key| (key.path(), place_of(key))).collect();
    let known: Vec<(&str, &str)> = known.iter().map(|(name, place)| (name.as_str(), *place)).collect();
    assert_eq!(told, known, "docs/operating.md: one line for each setting, in order, with the place to change it");
}

fn place_of(key: &till::config::Key) -> &'static str {
    let heard_and_shown = ["sound", "customer"].contains(&key.section);
    let on_the_screen = till::config::ON_THE_SCREEN.iter().any(|(name, _)| *name == key.path());
    if heard_and_shown {
        "F5"
    } else if on_the_screen {
        "F9"
    } else {
        "file"
    }
}

#[test]
fn every_link_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut broken = Vec::new();
    for paper in files::all().iter().filter(|file| file.is(&[".md"])) {
        let folder = root.join(&paper.path).parent().map(Path::to_owned).unwrap_or_default();
        for link in paper.text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = link.split('#').next().unwrap_or_default();
            if !target.is_empty() && !link.contains("://") && !folder.join(target).exists() {
                broken.push(format!("{}: {link}", paper.path));
            }
        }
    }
    files::none(broken, "a paper that leads nowhere is out of date");
}

#[test]
fn the_map_shows_every_part() {
    let map = &files::named("docs/architecture.md").text;
    for manifest in files::manifests() {
        let folder = manifest.path.trim_end_matches("/Cargo.toml");
        let folder = if folder == "Cargo.toml" { "src-tauri/shell" } else { folder };
        assert!(map.contains(&format!("`{folder}`")), "docs/architecture.md does not show {folder} to a newcomer");
    }
}
