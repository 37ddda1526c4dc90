//! Standard output is for programs, one JSON object a line; standard error is for people.

use std::io::Write;

use serde::Serialize;

/// One line for a program.
///
/// # Errors
/// Standard output is closed.
pub fn to_program(line: &impl Serialize) -> anyhow::Result<()> {
    let text = serde_json::to_string(line)?;
    plain(&text)
}

/// One line of plain text on standard output.
///
/// # Errors
/// Standard output is closed.
pub fn plain(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{text}")?;
    Ok(out.flush()?)
}

/// A message for a person.
pub fn to_person(text: &str) {
    // There is nowhere left to report a failure of this.
    let _ = writeln!(std::io::stderr(), "{text}");
}
