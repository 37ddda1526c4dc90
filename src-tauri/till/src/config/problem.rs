//! What is wrong with a file, in sentences for the person who edits it.

use std::fmt;
use std::io;

/// One thing that is wrong: file, line, key, and what is allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file's name, as far as the reader knows it.
    pub file: String,
    /// Counted from 1; none where the whole file is meant.
    pub line: Option<usize>,
    /// Section and name; none where no key is meant.
    pub key: Option<String>,
    /// What is allowed and what was found.
    pub text: String,
}

impl Problem {
    pub(super) fn in_file(file: &str, line: Option<usize>, text: impl Into<String>) -> Self {
        Self { file: file.into(), line, key: None, text: text.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(key) = &self.key {
            write!(f, ", {key}")?;
        }
        write!(f, ": {}", self.text)
    }
}

/// Why the settings are refused: everything that was found, in the order of the file. Shown one problem a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Never empty.
    pub problems: Vec<Problem>,
}

impl ConfigError {
    pub(super) fn file(file: &str, text: impl Into<String>) -> Self {
        Problem::in_file(file, None, text).into()
    }

    pub(super) fn joined(errors: impl IntoIterator<Item = Option<Self>>) -> Self {
        let problems = errors.into_iter().flatten().flat_map(|e| e.problems);
        Self { problems: problems.collect() }
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self { problems: vec![problem] }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            problem.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}

pub(super) fn uncreatable(error: &io::Error) -> String {
    format!(
        "the file is missing and cannot be created with the defaults ({error}); make its folder writable, or put the file there"
    )
}

pub(super) fn unreadable(error: &io::Error) -> String {
    format!("the file cannot be read ({error}); give the till's account the right to read it")
}
