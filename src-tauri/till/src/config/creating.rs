//! The file that a new till gets: every key, its default and a comment.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use toml_edit::DocumentMut;

use super::table::KEYS;

/// Stands in a file that the program made, until it is changed: the memory of a set-up that is due.
const UNTOUCHED: &str =
    "# Nothing was set here yet: while this line and all defaults stand, the screen opens with its set-up.\n";

/// The text of a new file.
pub(super) fn default_file() -> String {
    let mut text = String::from(
        "# Wicket's settings. A missing key has the default that is written here.\n\
         # They are read when the till starts; paths are relative to this file's folder.\n",
    );
    text += UNTOUCHED;
    let mut section = "";
    for key in KEYS {
        if key.section != section {
            section = key.section;
            text += &format!("\n[{section}]\n");
        }
        text += &format!("# {}.\n# Allowed: {}.\n{} = {}\n", key.comment, key.kind.allowed(), key.name, key.default);
    }
    text
}

/// Whether the program made this file and nobody has set anything in it since.
pub(super) fn is_untouched(text: &str) -> bool {
    let Ok(document) = text.parse::<DocumentMut>() else { return false };
    let defaults_stand = KEYS.iter().all(|key| {
        let table = document.get(key.section).and_then(|section| section.as_table_like());
        let value = table.and_then(|table| table.get(key.name)).and_then(|item| item.as_value());
        value.is_none_or(|value| value.to_string().trim() == key.default)
    });
    text.contains(UNTOUCHED.trim_end()) && defaults_stand
}

/// The same file, with somebody's settings in it.
pub(super) fn touched(text: &str) -> String {
    text.replacen(UNTOUCHED, "", 1)
}

/// Creates the file whole or not at all; one that is there stays as it is.
pub(super) fn create_if_missing(path: &Path) -> io::Result<()> {
    if path.try_exists()? {
        return Ok(());
    }
    let draft = path.with_extension(format!("toml.new-{}", std::process::id()));
    let written = write_whole(&draft).and_then(|()| publish(&draft, path));
    // After a rename there is no draft any more, and one that is left does no harm.
    let _ = fs::remove_file(&draft);
    written
}

fn write_whole(draft: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    let mut file = options.write(true).create(true).truncate(true).open(draft)?;
    file.write_all(default_file().as_bytes())?;
    file.sync_all()
}

/// A link cannot replace what another till has put there meanwhile, a rename can; some file systems have only the rename.
fn publish(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(_) if !path.try_exists()? => fs::rename(draft, path),
        Err(_) => Ok(()),
    }
}
