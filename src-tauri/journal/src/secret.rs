//! The key file `secret`: it keys the fingerprints of payment codes and the supervisors' PINs, and lies outside the database.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use checkout::Fingerprint;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::chain::Hash;
use crate::folder;

const BYTES: usize = 32;

/// The venue's key. It has no text form and says nothing about itself.
#[derive(Clone)]
pub struct Secret(Zeroizing<[u8; BYTES]>);

impl Secret {
    /// The keyed fingerprint of a payment code: says "the same code again" and nothing else (`code-once`).
    pub fn fingerprint(&self, code: &str) -> Fingerprint {
        Fingerprint(Hash(self.keyed("payment-code", code.as_bytes())).to_string())
    }

    /// HMAC-SHA256 over some bytes, for one named purpose; values of different purposes never meet.
    pub fn keyed(&self, purpose: &str, bytes: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.0.as_slice()).expect("an HMAC key may have any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(bytes);
        mac.finalize().into_bytes().into()
    }

    /// What the journal keeps to know its own key again.
    pub(crate) fn check(&self) -> String {
        Hash(self.keyed("journal-check", b"")).to_string()
    }

    /// Reads the key file. `None` if there is none, or if it holds no key.
    pub(crate) fn load(path: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read(path) {
            Ok(bytes) => Zeroizing::new(bytes),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let key = std::str::from_utf8(&text).ok().and_then(|t| Hash::parse(t.trim()));
        if key.is_none() {
            tracing::error!(path = %path.display(), "the key file holds no key");
        }
        Ok(key.map(|hash| Self(Zeroizing::new(hash.0))))
    }

    /// Makes a new key and its file, durable before it is used; an existing file is never written over.
    pub(crate) fn create(path: &Path) -> io::Result<Self> {
        let mut key = Zeroizing::new([0; BYTES]);
        getrandom::fill(key.as_mut_slice()).map_err(io::Error::other)?;
        let text = Zeroizing::new(format!("{}\n", Hash(*key)));
        // Written under another name first, so that a cut never leaves half a key under the right one.
        let fresh = path.with_extension("new");
        let _ = fs::remove_file(&fresh);
        let mut file = private().open(&fresh)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        drop(file);
        if path.exists() {
            fs::remove_file(&fresh)?;
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        fs::rename(&fresh, path)?;
        folder::sync(path.parent().unwrap_or(Path::new(".")))?;
        Ok(Self(key))
    }
}

/// A new file that only this user may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // On Windows the file takes over the rights of the till's own folder, which belongs to this user.
    options
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_kept_private_and_read_again() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("secret");
        assert!(Secret::load(&path).expect("load").is_none());
        let made = Secret::create(&path).expect("create");
        assert!(Secret::create(&path).is_err(), "never written over");
        let read = Secret::load(&path).expect("load").expect("there");
        assert_eq!(made.fingerprint("134567890123456789"), read.fingerprint("134567890123456789"));
        assert_ne!(made.fingerprint("134567890123456789"), made.fingerprint("134567890123456780"));
        assert_ne!(made.keyed("a", b"x"), made.keyed("b", b"x"));
        assert_eq!(made.fingerprint("1").0.len(), 64);
        assert_eq!(format!("{made:?}"), "Secret");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("file").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "half a ke").expect("write");
        assert!(Secret::load(&path).expect("load").is_none());
    }
}
