//! WICKET_HOME: the one folder that holds everything the program reads and writes, and its lock.

use std::env;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Seek, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::config::{CODE_RULES_FILE, CONFIG_FILE};

/// The variable that names the folder.
pub const HOME_VARIABLE: &str = "WICKET_HOME";

/// The folder; a value of this type is proof that it is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    folder: PathBuf,
}

/// The right to this folder's journal, until it is dropped or the process ends in any way.
#[derive(Debug)]
pub struct Lock {
    /// The operating system gives the lock back when this is closed.
    _file: File,
}

/// Why there is no folder to work in.
#[derive(Debug, Error)]
pub enum HomeError {
    /// The platform names no folder for this account.
    #[error(
        "this account has no folder for the till's data; set {HOME_VARIABLE} to a folder that the till may write to"
    )]
    Nowhere,
    /// Something else than a folder has that name.
    #[error("{} is not a folder; move it away, or set {HOME_VARIABLE} to another folder", .0.display())]
    NotAFolder(PathBuf),
    /// It cannot be created.
    #[error(
        "the folder {} cannot be created ({why}); create it for the till's account, or set {HOME_VARIABLE} to another folder",
        folder.display()
    )]
    NotCreated {
        /// Which folder.
        folder: PathBuf,
        /// What the system says.
        why: io::Error,
    },
    /// Nothing can be written into it.
    #[error(
        "the folder {} cannot be written to ({why}); give the till's account the right to write there, or set {HOME_VARIABLE} to another folder",
        folder.display()
    )]
    ReadOnly {
        /// Which folder.
        folder: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

/// Why the journal of this folder is not ours.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another till, or this one, has it.
    #[error(
        "another till has this journal open (folder {}{}); close it first",
        folder.display(),
        holder.as_ref().map(|id| format!(", process {id}")).unwrap_or_default()
    )]
    Held {
        /// Which folder.
        folder: PathBuf,
        /// The holder's process id, where the system lets it be read.
        holder: Option<u32>,
    },
    /// The lock file cannot be opened or locked.
    #[error(
        "the lock file {} cannot be used ({why}); make it writable for the till's account and keep the folder on a local disk",
        file.display()
    )]
    Failed {
        /// Which file.
        file: PathBuf,
        /// What the system says.
        why: io::Error,
    },
}

impl Home {
    /// The folder that WICKET_HOME names, else the platform's usual one; created if missing.
    pub fn find() -> Result<Self, HomeError> {
        let named = env::var_os(HOME_VARIABLE).filter(|value| !value.is_empty());
        match named {
            Some(folder) => Self::at(folder),
            None => Self::at(usual().ok_or(HomeError::Nowhere)?),
        }
    }

    /// This folder, created if missing.
    pub fn at(folder: impl Into<PathBuf>) -> Result<Self, HomeError> {
        let folder = folder.into();
        // What the folder is must not change with the current directory.
        let folder = std::path::absolute(&folder).unwrap_or(folder);
        let home = Self { folder };
        for wanted in [home.folder.clone(), home.logs(), home.exports()] {
            create(&wanted)?;
        }
        home.prove_writable()?;
        Ok(home)
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The settings.
    pub fn config_file(&self) -> PathBuf {
        self.folder.join(CONFIG_FILE)
    }

    /// The optional table of wallets.
    pub fn code_rules_file(&self) -> PathBuf {
        self.folder.join(CODE_RULES_FILE)
    }

    /// The paired scanners.
    pub fn scanner_file(&self) -> PathBuf {
        self.folder.join("scanner.json")
    }

    /// How the screen wants to look.
    pub fn screen_file(&self) -> PathBuf {
        self.folder.join("screen.json")
    }

    /// The folder of the log files.
    pub fn logs(&self) -> PathBuf {
        self.folder.join("logs")
    }

    /// The folder of exports, backup copies and `pending.json`.
    pub fn exports(&self) -> PathBuf {
        self.folder.join("exports")
    }

    /// What the screen's web engine writes for itself: caches, nothing of a charge.
    pub fn web(&self) -> PathBuf {
        self.folder.join("web")
    }

    /// The lock file.
    pub fn lock_file(&self) -> PathBuf {
        self.folder.join("lock")
    }

    /// Takes the journals of this folder for this process alone, or says who has them. Does not wait.
    pub fn lock(&self) -> Result<Lock, LockError> {
        let path = self.lock_file();
        let failed = |why| LockError::Failed { file: path.clone(), why };
        // Never truncated before it is ours, never removed: a new file of the same name would be a second lock.
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let folder = self.folder.clone();
                let holder = holder(&path);
                return Err(LockError::Held { folder, holder });
            }
            Err(TryLockError::Error(why)) => return Err(failed(why)),
        }
        // For support only, so a full disk does not matter.
        let _ = sign(&mut file);
        Ok(Lock { _file: file })
    }

    /// A folder without the right to write is told now, in words; a full disk is for those to tell who write.
    fn prove_writable(&self) -> Result<(), HomeError> {
        let probe = self.folder.join(format!("probe-{}", std::process::id()));
        let tried = File::create(&probe);
        let _ = fs::remove_file(&probe);
        match tried {
            Err(why) if is_denied(&why) => Err(HomeError::ReadOnly { folder: self.folder.clone(), why }),
            _ => Ok(()),
        }
    }
}

fn usual() -> Option<PathBuf> {
    let name = if cfg!(any(windows, target_os = "macos")) { "Wicket" } else { "wicket" };
    dirs::data_dir().map(|data| data.join(name))
}

fn create(folder: &Path) -> Result<(), HomeError> {
    if folder.is_dir() {
        return Ok(());
    }
    if folder.exists() {
        return Err(HomeError::NotAFolder(folder.into()));
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    // Elsewhere the account's own folders are private by inheritance.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|why| HomeError::NotCreated { folder: folder.into(), why })
}

fn is_denied(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem)
}

fn sign(file: &mut File) -> io::Result<()> {
    file.set_len(0)?;
    file.rewind()?;
    writeln!(file, "{}", std::process::id())?;
    file.flush()
}

/// Windows lets nobody read a locked file; then the sentence goes without.
fn holder(path: &Path) -> Option<u32> {
    fs::read_to_string(path).ok()?.trim().parse().ok()
}
