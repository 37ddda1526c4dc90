//! The files of one journal in `WICKET_HOME`, and what must happen to them before SQLite sees them.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Copies of a left-over `-wal` that are kept.
const KEPT_WALS: usize = 3;

/// Which of the two journals of a folder (contract.md, "Where things live").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stem {
    /// `journal.db`: real money.
    Journal,
    /// `training.db`: training mode.
    Training,
}

impl Stem {
    fn name(self) -> &'static str {
        match self {
            Self::Journal => "journal",
            Self::Training => "training",
        }
    }
}

/// Where the files are.
#[derive(Clone, Debug)]
pub(crate) struct Files {
    pub dir: PathBuf,
    pub db: PathBuf,
    pub wal: PathBuf,
    pub witness: PathBuf,
    pub secret: PathBuf,
    pub ballast: PathBuf,
    stem: Stem,
}

impl Files {
    pub(crate) fn new(dir: &Path, stem: Stem) -> Self {
        let name = stem.name();
        Self {
            dir: dir.to_owned(),
            db: dir.join(format!("{name}.db")),
            wal: dir.join(format!("{name}.db-wal")),
            witness: dir.join(format!("{name}.witness")),
            secret: dir.join("secret"),
            ballast: dir.join("ballast"),
            stem,
        }
    }

    /// This journal has no database yet.
    pub(crate) fn is_first_start(&self) -> bool {
        !holds_something(&self.db)
    }

    /// A journal of either kind was begun in this folder, so its key must be here too.
    pub(crate) fn any_journal(&self) -> bool {
        [Stem::Journal, Stem::Training].iter().any(|&stem| holds_something(&Self::new(&self.dir, stem).db))
    }

    /// Copies a non-empty `-wal` left by a crash: recovery ignores what follows a bad frame and the next checkpoint erases it.
    /// Best effort: without room, or where it cannot be copied, the journal is opened all the same.
    pub(crate) fn keep_wal(&self) -> Option<PathBuf> {
        let size = fs::metadata(&self.wal).map_or(0, |meta| meta.len());
        if size == 0 {
            return None;
        }
        if fs4::available_space(&self.dir).is_ok_and(|free| free < size.saturating_mul(2)) {
            tracing::warn!(size, "no room to keep a copy of the write-ahead log");
            return None;
        }
        let number = self.kept_wals().last().map_or(1, |(number, _)| number + 1);
        let copy = self.dir.join(format!("{}.wal-kept.{number}", self.stem.name()));
        match fs::copy(&self.wal, &copy) {
            Ok(_) => Some(copy),
            Err(error) => {
                tracing::warn!(%error, "the write-ahead log was not copied");
                let _ = fs::remove_file(&copy);
                None
            }
        }
    }

    /// Drops all but the newest copies; only called when nothing is wrong, since a copy may be evidence.
    pub(crate) fn prune_wals(&self) {
        let kept = self.kept_wals();
        for (_, path) in kept.iter().take(kept.len().saturating_sub(KEPT_WALS)) {
            let _ = fs::remove_file(path);
        }
    }

    fn kept_wals(&self) -> Vec<(u64, PathBuf)> {
        let prefix = format!("{}.wal-kept.", self.stem.name());
        let mut kept: Vec<_> = fs::read_dir(&self.dir)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let number = name.to_str()?.strip_prefix(&prefix)?.parse().ok()?;
                Some((number, entry.path()))
            })
            .collect();
        kept.sort();
        kept
    }
}

fn holds_something(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.len() > 0)
}

/// Makes the entries of a folder durable.
#[cfg(unix)]
pub(crate) fn sync(dir: &Path) -> io::Result<()> {
    let dir = if dir.as_os_str().is_empty() { Path::new(".") } else { dir };
    File::open(dir)?.sync_all()
}

/// Windows keeps folder entries in its own log, and offers no flush of a folder.
#[cfg(not(unix))]
pub(crate) fn sync(_dir: &Path) -> io::Result<()> {
    Ok(())
}

/// Brings a file's content to the disk.
pub(crate) fn sync_file(path: &Path) -> io::Result<()> {
    // Windows flushes only through a handle that may write.
    File::options().write(true).open(path)?.sync_all()
}
