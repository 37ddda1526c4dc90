//! The log files: one a day in `logs/`, a fortnight of them, written beside the work and never in its way.

use std::fmt;
use std::panic;
use std::sync::Once;

use chrono::{Local, SecondsFormat};
use thiserror::Error;
use tracing::Level;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_appender::rolling::{InitError, RollingFileAppender, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};
use tracing_subscriber::{Layer, Registry};

use crate::home::Home;

/// The variable that names the level: `error`, `warn`, `info`, `debug` or `trace`.
pub const LEVEL_VARIABLE: &str = "WICKET_LOG";
/// With this variable, which developers set, a panic says everything on standard error, as Rust's own programs do.
const WHOLE_PANICS: &str = "RUST_BACKTRACE";
/// Log files that are kept; the oldest goes when a new day begins.
pub const FILES_KEPT: usize = 14;
/// Begin of a log file's name; the day follows.
const PREFIX: &str = "wicket";
/// End of a log file's name.
const SUFFIX: &str = "log";
/// The programs of this house. Everybody else's words are kept from [`Level::WARN`] on only: a library's finer words
/// can hold what it sends, and that can be a payment code.
const OURS: [&str; 8] = ["wicket", "wicketctl", "till", "checkout", "journal", "gateway", "gateway_sim", "scanner"];

/// Writes what is still in memory when it is dropped; held for the life of the program.
#[must_use = "the log ends when this is dropped"]
pub struct LogGuard {
    _writer: WorkerGuard,
}

/// Why there is no log.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file of the day cannot be opened.
    #[error("the log in {folder} cannot be written ({why}); give the till's account the right to write there")]
    Folder {
        /// The folder of the logs.
        folder: String,
        /// What the system says.
        why: InitError,
    },
    /// Two logs in one process.
    #[error("the log of this process was started before ({0})")]
    Started(#[from] TryInitError),
}

/// Starts the log of this process, on standard error too if asked, and notes panics in it.
pub fn start(home: &Home, to_stderr: bool) -> Result<LogGuard, LogError> {
    let files = rolling(home).map_err(|why| LogError::Folder { folder: home.logs().display().to_string(), why })?;
    // Lossy: when the disk is full or slow, lines are lost and the till goes on.
    let (writer, guard) = NonBlockingBuilder::default().lossy(true).finish(files);
    let wanted = std::env::var(LEVEL_VARIABLE).ok();
    let level = level(wanted.as_deref());
    let to_file = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_timer(LocalTime)
        .with_ansi(false)
        .with_filter(filter(level.unwrap_or(Level::INFO)));
    let to_stderr = to_stderr.then(|| {
        tracing_subscriber::fmt::layer()
            .with_writer(std::io::stderr)
            .with_timer(LocalTime)
            .with_ansi(false)
            .log_internal_errors(false)
            .with_filter(filter(level.unwrap_or(Level::INFO)))
    });
    Registry::default().with(to_file).with(to_stderr).try_init()?;
    if level.is_none() {
        tracing::warn!("{LEVEL_VARIABLE} must be error, warn, info, debug or trace; info is used");
    }
    note_panics();
    Ok(LogGuard { _writer: guard })
}

/// The days are those of UTC, the crate knows no other: in China a file begins at eight in the morning.
fn rolling(home: &Home) -> Result<RollingFileAppender, InitError> {
    RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(PREFIX)
        .filename_suffix(SUFFIX)
        .max_log_files(FILES_KEPT)
        .build(home.logs())
}

/// Info when nothing is set; nothing when the word is unknown.
fn level(wanted: Option<&str>) -> Option<Level> {
    match wanted.map(str::trim) {
        None | Some("") => Some(Level::INFO),
        Some(word) => [
            ("error", Level::ERROR),
            ("warn", Level::WARN),
            ("info", Level::INFO),
            ("debug", Level::DEBUG),
            ("trace", Level::TRACE),
        ]
        .into_iter()
        .find_map(|(name, level)| name.eq_ignore_ascii_case(word).then_some(level)),
    }
}

fn filter(level: Level) -> Targets {
    Targets::new().with_default(level.min(Level::WARN)).with_targets(OURS.map(|ours| (ours, level)))
}

/// Notes each panic in the log and on standard error, which a desktop keeps in a file as well. Once for the process, so that it
/// is noted once.
fn note_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        let whole = std::env::var_os(WHOLE_PANICS).is_some();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(ToString::to_string);
            let thread = std::thread::current();
            tracing::error!(
                place = place.as_deref().unwrap_or("unknown"),
                thread = thread.name().unwrap_or("unnamed"),
                "panic: {}",
                safe_words(info.payload())
            );
            match whole {
                true => before(info),
                false => to_stderr(place.as_deref().unwrap_or("unknown"), safe_words(info.payload())),
            }
        }));
    });
}

fn to_stderr(place: &str, words: &str) {
    use std::io::Write;
    // There is nowhere left to report a failure of this.
    let _ = writeln!(std::io::stderr(), "panic at {place}: {words}");
}

/// A message that was put together at run time can hold anything, a payment code too; one from the source cannot.
fn safe_words(payload: &(dyn std::any::Any + Send)) -> &'static str {
    payload
        .downcast_ref::<&'static str>()
        .copied()
        .unwrap_or("its message is not written down, since it was put together from values")
}

/// The time on the wall, with its offset: what people at the window remember.
struct LocalTime;

impl FormatTime for LocalTime {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        let now = Local::now();
        write!(writer, "{}", now.to_rfc3339_opts(SecondsFormat::Millis, false))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_peoples_words_are_capped() {
        let all = filter(Level::TRACE);
        assert!(all.would_enable("till::work", &Level::TRACE));
        assert!(all.would_enable("gateway", &Level::DEBUG));
        assert!(all.would_enable("hyper::proto", &Level::WARN));
        for chatty in ["hyper::proto", "reqwest::connect", "rustls", "log"] {
            assert!(!all.would_enable(chatty, &Level::INFO), "{chatty}");
        }
        let few = filter(Level::ERROR);
        assert!(!few.would_enable("till", &Level::WARN));
        assert!(!few.would_enable("hyper", &Level::WARN));
    }

    #[test]
    fn levels_are_words() {
        assert_eq!(level(None), Some(Level::INFO));
        assert_eq!(level(Some("")), Some(Level::INFO));
        assert_eq!(level(Some(" Debug ")), Some(Level::DEBUG));
        assert_eq!(level(Some("hyper=trace")), None);
    }

    #[test]
    fn a_panics_message_is_kept_only_from_the_source() {
        let code = String::from("134567890123456789");
        assert_eq!(safe_words(&"the inbox is closed"), "the inbox is closed");
        assert!(!safe_words(&code).contains(&code));
        assert!(!safe_words(&7_u8).is_empty());
    }

    #[test]
    fn a_fortnight_is_kept() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::at(folder.path()).expect("a home");
        for day in 1..=30 {
            let old = home.logs().join(format!("{PREFIX}.2020-01-{day:02}.{SUFFIX}"));
            std::fs::write(old, "old").expect("an old file");
        }
        let other = home.logs().join("notes.txt");
        std::fs::write(&other, "mine").expect("another file");
        let files = rolling(&home).expect("a log");
        drop(files);
        let kept = std::fs::read_dir(home.logs()).expect("the folder");
        let kept = kept.filter_map(Result::ok).filter(|e| e.path() != other);
        assert!(kept.count() <= FILES_KEPT, "no more than a fortnight");
        assert!(other.exists(), "what is not a log stays");
    }
}
