//! Room on the disk, and the ballast: a file given up so that charges in flight can still be written to their end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use checkout::refusal::Gate;

use crate::folder::{self, Files};

/// Size of the ballast, bytes (design.md §7).
pub const BALLAST: u64 = 32 * 1024 * 1024;

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Free bytes on the disk of the journal.
    pub free: u64,
    /// Size of the ballast, bytes.
    pub ballast: u64,
    /// The ballast lies there, ready to be given up.
    pub held: bool,
}

impl Room {
    /// New charges need the ballast in place and as much room again (design.md §7).
    pub fn gate(self) -> Option<Gate> {
        (self.free < self.ballast || !self.held).then_some(Gate::DiskFull)
    }
}

/// Looks; and lays the ballast (again) if it is not there and there is room for twice its size.
pub(crate) fn look(files: &Files, ballast: u64) -> io::Result<Room> {
    let mut room = measure(files, ballast)?;
    if !room.held && room.free >= ballast.saturating_mul(2) {
        match lay(&files.ballast, ballast) {
            Ok(()) => room = measure(files, ballast)?,
            Err(error) => tracing::warn!(%error, "the ballast could not be laid"),
        }
    }
    Ok(room)
}

/// Gives the ballast up. False if there was none.
pub(crate) fn give_up(files: &Files) -> bool {
    match fs::remove_file(&files.ballast) {
        Ok(()) => {
            tracing::warn!("the disk is full: the ballast was given up for charges in flight");
            true
        }
        Err(_) => false,
    }
}

fn measure(files: &Files, ballast: u64) -> io::Result<Room> {
    let held = fs::metadata(&files.ballast).map_or(0, |meta| meta.len()) >= ballast;
    let free = fs4::available_space(&files.dir)?;
    Ok(Room { free, ballast, held })
}

/// Written out byte by byte: a file with holes would hold no room.
fn lay(path: &Path, size: u64) -> io::Result<()> {
    let part = path.with_extension("part");
    let filled = fill(&part, size).and_then(|()| fs::rename(&part, path));
    if filled.is_err() {
        let _ = fs::remove_file(&part);
    }
    filled?;
    folder::sync(path.parent().unwrap_or(Path::new(".")))
}

fn fill(path: &Path, size: u64) -> io::Result<()> {
    // Not zeros, which some file systems do not store.
    let block: Vec<u8> = (0..64 * 1024_u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut file = File::create(path)?;
    let mut left = size;
    while left > 0 {
        let now = left.min(block.len() as u64);
        file.write_all(&block[..now as usize])?;
        left -= now;
    }
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::Stem;

    #[test]
    fn the_ballast_is_laid_given_up_and_laid_again() {
        let dir = tempfile::tempdir().expect("folder");
        let files = Files::new(dir.path(), Stem::Journal);
        assert!(!give_up(&files));
        for _ in 0..2 {
            let room = look(&files, 100_000).expect("room");
            assert!(room.held);
            assert_eq!(fs::metadata(&files.ballast).expect("file").len(), 100_000);
            assert!(give_up(&files));
        }
        assert!(!measure(&files, 100_000).expect("room").held);
    }
}
