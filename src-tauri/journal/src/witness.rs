//! The witness: a small file beside the journal with the number and hash of its last record, since a chain cannot see a cut tail.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::chain::{Hash, Head};

const NAME: &str = "wicket-witness 1";

/// What the witness file said at the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Testimony {
    /// The journal reached at least this head.
    Saw(Head),
    /// There is no file.
    Missing,
    /// The file is there and cannot be believed.
    Torn,
}

/// The open witness file. Written after each commit, never before; flushed when idle (design.md §7).
pub(crate) struct Witness {
    file: File,
}

impl Witness {
    /// Opens the file for writing, making it if it is not there; what it says is left alone.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        Ok(Self { file })
    }

    /// Writes the head in place: always the same length, so an old line never shows through behind a new one.
    pub(crate) fn write(&mut self, head: Head) -> io::Result<()> {
        let line = line(head);
        self.file.seek(SeekFrom::Start(0))?;
        self.file.write_all(line.as_bytes())?;
        self.file.set_len(line.len() as u64)
    }

    /// Brings it to the disk.
    pub(crate) fn flush(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

/// Reads a witness file.
pub(crate) fn read(path: &Path) -> io::Result<Testimony> {
    let mut bytes = Vec::new();
    match File::open(path) {
        Ok(file) => file.take(1024).read_to_end(&mut bytes)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Testimony::Missing),
        Err(error) => return Err(error),
    };
    Ok(parse(&bytes).map_or(Testimony::Torn, Testimony::Saw))
}

fn line(head: Head) -> String {
    let said = format!("{NAME} {:020} {}", head.seq, head.hash);
    format!("{said} {}\n", sum(&said))
}

fn parse(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (seq, rest) = text.strip_prefix(NAME)?.strip_prefix(' ')?.split_once(' ')?;
    let head = Head { seq: seq.parse().ok()?, hash: Hash::parse(rest.get(..64)?)? };
    // Writing it again and comparing covers the checksum, the length and every blank at once.
    (line(head) == text).then_some(head)
}

fn sum(text: &str) -> String {
    let mut hex = Hash(Sha256::digest(text).into()).to_string();
    hex.truncate(16);
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_changed_byte_and_every_cut_is_torn() {
        let head = Head::EMPTY.then("a").then("b");
        let good = line(head).into_bytes();
        assert_eq!(parse(&good), Some(head));
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad[at] ^= 1 << bit;
                assert_eq!(parse(&bad), None, "byte {at} bit {bit}");
            }
            assert_eq!(parse(&good[..at]), None, "cut at {at}");
        }
    }

    #[test]
    fn what_is_written_is_read() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("journal.witness");
        assert_eq!(read(&path).expect("read"), Testimony::Missing);
        let mut witness = Witness::open(&path).expect("open");
        assert_eq!(read(&path).expect("read"), Testimony::Torn);
        for body in ["a", "b"] {
            witness.write(Head::EMPTY.then(body)).expect("write");
            witness.flush().expect("flush");
            assert_eq!(read(&path).expect("read"), Testimony::Saw(Head::EMPTY.then(body)));
        }
    }
}
