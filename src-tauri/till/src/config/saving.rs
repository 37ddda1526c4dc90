//! Saving the settings: the old file or the new one, whole, whatever happens meanwhile.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// Replaces the file by one with this text. A file that is write-protected stays as it is: somebody wanted that.
///
/// # Errors
/// The file is as it was.
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    // The name may be a link to where the venue keeps its settings; the link stays.
    let file = fs::canonicalize(path)?;
    let rights = fs::metadata(&file)?.permissions();
    if rights.readonly() {
        return Err(io::Error::new(ErrorKind::PermissionDenied, "the file is write-protected"));
    }
    let draft = write_draft(&file, text)?;
    let placed = fs::set_permissions(&draft, rights).and_then(|()| fs::rename(&draft, &file));
    if placed.is_err() {
        // One that is left does no harm: the next save writes it anew, and nobody reads it.
        let _ = fs::remove_file(&draft);
        return placed;
    }
    sync_folder(&file)
}

/// The whole new text beside the file, on the disk before it gets the file's name.
fn write_draft(file: &Path, text: &str) -> io::Result<PathBuf> {
    let draft = file.with_extension("toml.draft");
    let mut written = File::create(&draft)?;
    written.write_all(text.as_bytes())?;
    written.sync_all()?;
    Ok(draft)
}

/// A name is only as durable as its folder. Windows has no such flush; its rename is written through with the next one.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    file.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_file: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("wicket.toml");
        fs::write(&path, text).expect("a file");
        (folder, path)
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("a folder");
        entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name")).collect()
    }

    #[test]
    fn a_save_that_was_cut_off_before_the_rename_changed_nothing_and_the_next_one_works() {
        let (folder, path) = with_file("old");
        write_draft(&path, "half of the n").expect("a draft");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old");
        replace(&path, "new").expect("saved");
        assert_eq!(fs::read_to_string(&path).expect("the file"), "new");
        assert_eq!(names(folder.path()), ["wicket.toml"]);
    }

    #[test]
    #[cfg_attr(windows, ignore = "Wine takes no new file for one that is being read; Windows does")]
    fn the_old_file_is_never_written_into_and_a_save_that_fails_leaves_no_draft() {
        let (folder, path) = with_file("old");
        let mut before = File::open(&path).expect("the old file");
        replace(&path, "new").expect("saved");
        let mut read = String::new();
        io::Read::read_to_string(&mut before, &mut read).expect("readable");
        assert_eq!(read, "old", "whoever had it open still has all of it");
        // Nothing takes the name of a folder.
        let odd = folder.path().join("odd.toml");
        fs::create_dir(&odd).expect("a folder");
        replace(&odd, "new").expect_err("not saved");
        let mut names = names(folder.path());
        names.sort();
        assert_eq!(names, ["odd.toml", "wicket.toml"]);
    }

    #[test]
    fn a_write_protected_file_stays_as_it_is() {
        let (folder, path) = with_file("old");
        let mut rights = fs::metadata(&path).expect("rights").permissions();
        rights.set_readonly(true);
        fs::set_permissions(&path, rights).expect("protected");
        assert_eq!(replace(&path, "new").expect_err("refused").kind(), ErrorKind::PermissionDenied);
        assert_eq!(fs::read_to_string(&path).expect("the file"), "old");
        assert_eq!(names(folder.path()), ["wicket.toml"]);
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_links_stay() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let (folder, path) = with_file("old");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("rights");
        let elsewhere = tempfile::tempdir().expect("a folder");
        let link = elsewhere.path().join("wicket.toml");
        symlink(&path, &link).expect("a link");
        replace(&link, "new").expect("saved");
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(folder.path().join("wicket.toml")).expect("the file"), "new");
        assert_eq!(fs::metadata(&path).expect("rights").permissions().mode() & 0o777, 0o640);
    }
}
