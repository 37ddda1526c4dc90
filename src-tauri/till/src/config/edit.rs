//! Changing single keys of `wicket.toml`: comments and everything else stay, and the file is replaced whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, Value};

use super::Config;

/// Sets these keys (section, name, value). A file that would not be read at the next start is not written.
///
/// # Errors
/// The file cannot be read, understood or replaced; it is as it was.
pub fn set(path: &Path, entries: &[(&str, &str, Value)]) -> io::Result<()> {
    let text = fs::read_to_string(path)?;
    let changed = changed(&text, entries)?;
    if changed == text {
        return Ok(());
    }
    super::replace(path, &changed)
}

fn changed(text: &str, entries: &[(&str, &str, Value)]) -> io::Result<String> {
    // A mark at the beginning, as some editors leave it, is no part of TOML.
    let mut document: DocumentMut = text.trim_start_matches('\u{feff}').parse().map_err(io::Error::other)?;
    for (section, name, value) in entries {
        let table = document.entry(section).or_insert_with(|| Item::Table(Table::new()));
        let table = table.as_table_like_mut().ok_or_else(|| io::Error::other(format!("{section} is no section")))?;
        match table.get_mut(name).and_then(Item::as_value_mut) {
            Some(standing) => {
                let decor = standing.decor().clone();
                *standing = value.clone();
                *standing.decor_mut() = decor;
            }
            None => {
                table.insert(name, Item::Value(value.clone()));
            }
        }
    }
    let text = document.to_string();
    Config::parse(&text, "wicket.toml").map_err(io::Error::other)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_volume(text: &str, volume: i64) -> io::Result<String> {
        changed(text, &[("sound", "volume", Value::from(volume))])
    }

    #[test]
    fn a_key_is_changed_and_every_comment_stays() {
        let text =
            "# ours\n[window]\nid = \"W7\" # seventh\n\n[sound]\n# loud hall\nvolume = 70   # was 40\nmute = false\n";
        let changed = set_volume(text, 85).expect("changed");
        assert_eq!(changed, text.replace("= 70   #", "= 85   #"));
    }

    #[test]
    fn a_missing_section_is_added_and_the_rest_is_not_touched() {
        let text = "[window]\nid = \"W7\"\n";
        let changed = set_volume(text, 20).expect("changed");
        assert!(changed.starts_with(text), "{changed}");
        assert_eq!(Config::parse(&changed, "f").expect("settings").sound.volume, 20);
    }

    #[test]
    fn what_the_next_start_would_refuse_is_not_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("wicket.toml");
        fs::write(&path, "[sound]\nvolume = 70\n").expect("a file");
        assert!(set(&path, &[("sound", "volume", Value::from(700))]).is_err());
        assert_eq!(fs::read_to_string(&path).expect("a file"), "[sound]\nvolume = 70\n");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "no draft is left");
    }
}
