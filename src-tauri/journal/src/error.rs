//! What can go wrong, in sentences: what happened, whether the records are safe, what to do next.

use std::path::PathBuf;

use checkout::ChargeId;

/// The journal was not opened; nothing in it was changed and nothing was charged.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or a file in it cannot be made or opened.
    #[error(
        "cannot open {path}: {why}. Nothing was changed. Check that the folder exists and that this user may write there, then start again",
        path = path.display()
    )]
    CannotOpen {
        /// Which file.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// The file may only be read.
    #[error(
        "{path} can only be read, so no payment could be recorded. Nothing was changed. Give this user the right to write to it and to its folder, then start again",
        path = path.display()
    )]
    ReadOnly {
        /// Which file.
        path: PathBuf,
    },
    /// Another program has it open.
    #[error(
        "{path} is in use by another program. Nothing was changed. Close the other till or tool, then start again",
        path = path.display()
    )]
    Locked {
        /// Which file.
        path: PathBuf,
    },
    /// It is something else.
    #[error(
        "{path} is not a journal of this till. Nothing was changed. Put the right file back, or move this one away to begin a new journal",
        path = path.display()
    )]
    NotAJournal {
        /// Which file.
        path: PathBuf,
    },
    /// It is damaged beyond opening.
    #[error(
        "{path} is damaged and cannot be read ({why}). Keep the whole folder as it is, copy it, and call support; the newest backup copy can be put in its place",
        path = path.display()
    )]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// What the database said.
        why: String,
    },
    /// A newer program wrote it.
    #[error(
        "{path} was written by a newer version of this program (form {found}, this program knows {known}). Nothing was changed. Install the newer version",
        path = path.display()
    )]
    Newer {
        /// Which file.
        path: PathBuf,
        /// Its form.
        found: i64,
        /// The newest form this program knows.
        known: i64,
    },
    /// The safe way of writing could not be set.
    #[error(
        "the safe way of writing ({what}) cannot be used for {path} (it answered {answer:?}). Nothing was changed. Move the folder to a local disk",
        path = path.display()
    )]
    NotSafe {
        /// Which file.
        path: PathBuf,
        /// Which setting.
        what: &'static str,
        /// What came back.
        answer: String,
    },
    /// The disk is full even without the ballast.
    #[error(
        "the disk is full, so {path} cannot be opened safely. The records in it are safe. Free some space, then start again",
        path = path.display()
    )]
    Full {
        /// Which file.
        path: PathBuf,
    },
    /// A read found something.
    #[error(transparent)]
    Read(#[from] ReadError),
}

/// Records were not written, or nobody knows whether they were.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    /// Proved: nothing was written.
    #[error("the disk is full: nothing of this was written. Earlier records are safe. Free some space")]
    Full,
    /// Nobody knows whether it was written. The journal must be dropped and opened again (design.md §7).
    #[error(
        "the journal did not confirm the record ({why}): it may or may not be there. The till must open the journal again before it goes on"
    )]
    Unknown {
        /// What the database said.
        why: String,
    },
    /// Last line of `code-once`: this charge or this payment code is in the journal already. Nothing was written.
    #[error("charge {charge} already has this id or this payment code. Nothing was written")]
    Duplicate {
        /// The charge that is there.
        charge: ChargeId,
    },
    /// The record could not be read back, or might hold a payment code. Nothing was written.
    #[error("a record was refused by the journal ({why}). Nothing was written; call support")]
    Refused {
        /// Why.
        why: &'static str,
    },
}

/// Something could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The database failed.
    #[error(
        "the journal cannot be read ({0}). Keep the folder as it is; start the program again, and if that does not help call support"
    )]
    Database(#[from] rusqlite::Error),
    /// After [`AppendError::Unknown`] nothing is read any more.
    #[error("the journal must be opened again first: a record before was not confirmed")]
    Unsure,
    /// A sound record of a kind that this program does not know.
    #[error(
        "record {record} was written by a newer version of this program. Nothing was changed. Install the newer version"
    )]
    NewerRecord {
        /// Its number.
        record: i64,
    },
    /// A file failed.
    #[error("{path}: {why}. The journal itself was not changed", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A copy that is not a journal, or newer.
    #[error(transparent)]
    Open(Box<OpenError>),
}

impl ReadError {
    /// A file error with its path.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::File { path: path.to_owned(), why: error.to_string() }
    }
}

impl OpenError {
    /// A file error with its path.
    pub(crate) fn file(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        move |error| Self::CannotOpen { path: path.to_owned(), why: error.to_string() }
    }

    /// The same refusal about another path: a copy is read in the place of the file that a person named.
    pub(crate) fn about(mut self, file: &std::path::Path) -> Box<Self> {
        match &mut self {
            Self::CannotOpen { path, .. }
            | Self::ReadOnly { path }
            | Self::Locked { path }
            | Self::NotAJournal { path }
            | Self::Damaged { path, .. }
            | Self::Newer { path, .. }
            | Self::NotSafe { path, .. }
            | Self::Full { path } => *path = file.to_owned(),
            Self::Read(_) => {}
        }
        Box::new(self)
    }

    /// What a database error while opening means for people.
    pub(crate) fn database(path: &std::path::Path) -> impl Fn(rusqlite::Error) -> Self + '_ {
        move |error| {
            use rusqlite::ErrorCode as Code;
            let path = path.to_owned();
            match error.sqlite_error_code() {
                Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Locked { path },
                Some(Code::ReadOnly | Code::PermissionDenied) => Self::ReadOnly { path },
                Some(Code::NotADatabase) => Self::NotAJournal { path },
                Some(Code::DiskFull) => Self::Full { path },
                Some(Code::CannotOpen) => Self::CannotOpen { path, why: error.to_string() },
                _ => Self::Damaged { path, why: error.to_string() },
            }
        }
    }
}

/// SQLite's "the disk is full".
pub(crate) fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull)
}
