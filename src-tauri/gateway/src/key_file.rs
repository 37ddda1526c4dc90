//! The file that holds the Hawk key: read once at the start, refused where others could read it too.

use std::fs::{self, File};
use std::io::{self, Read as _};

use zeroize::Zeroizing;

use crate::settings::SetupError;

/// The largest file that is taken for a key; real keys have a few dozen characters.
const BYTES_MAX: usize = 4096;

/// The key: the file's text without the blanks around it.
pub(crate) fn read(path: &str) -> Result<Zeroizing<String>, SetupError> {
    let refused = |why: &str| SetupError::HawkKey { why: why.to_owned() };
    if path.trim().is_empty() {
        return Err(refused("none is named"));
    }
    let unreadable = |error: io::Error| refused(&format!("reading {path} failed: {error}"));
    // Asked before opening: a pipe would be waited for, and a device may never end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(refused(&format!("{path} is no file")));
    }
    let file = File::open(path).map_err(unreadable)?;
    ours_alone(path, &file).map_err(unreadable)??;
    let mut bytes = Zeroizing::new(Vec::with_capacity(BYTES_MAX + 1));
    file.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > BYTES_MAX {
        return Err(refused(&format!("{path} is too large for a key")));
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| refused(&format!("{path} is not UTF-8 text")))?;
    let key = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
    if key.is_empty() {
        return Err(refused(&format!("{path} is empty")));
    }
    if key.chars().any(char::is_control) {
        return Err(refused(&format!("{path} holds more than one line")));
    }
    Ok(Zeroizing::new(key.to_owned()))
}

/// Whether nobody but the file's owner may read or change it. Other systems than Unix have no such bits to look at.
#[cfg(unix)]
fn ours_alone(path: &str, file: &File) -> io::Result<Result<(), SetupError>> {
    use std::os::unix::fs::PermissionsExt as _;
    const GROUP_AND_OTHERS: u32 = 0o077;
    let mode = file.metadata()?.permissions().mode();
    Ok(if mode & GROUP_AND_OTHERS == 0 { Ok(()) } else { Err(SetupError::HawkKeyOpen { path: path.to_owned() }) })
}

#[cfg(not(unix))]
fn ours_alone(_path: &str, _file: &File) -> io::Result<Result<(), SetupError>> {
    Ok(Ok(()))
}
