//! What the till does while nobody waits: checkpoint, the slow check of the whole journal, the day's backup copy.

use std::path::{Path, PathBuf};
use std::time::Duration;

use checkout::Gate;
use journal::{AppendError, Audit};
use tokio::time::Instant;

use crate::clock;
use crate::steps::trouble;
use crate::work::Work;

/// Records looked at in one slice of the slow check; a slice takes about a millisecond.
const SLICE: u64 = 1_000;
/// Pause between two slices.
const SLICE_EVERY: Duration = Duration::from_millis(200);
/// Pause between two whole checks.
const AUDIT_EVERY: Duration = Duration::from_secs(6 * 3600);
/// Backup copies kept in `exports/`.
const COPIES: usize = 7;

impl Work {
    /// Checkpoint and witness, while nobody waits. A flush error here counts as a commit error.
    pub(crate) async fn tidy(&mut self) {
        if let Some(trouble) = trouble(self.journal.call(|journal| journal.idle()).await) {
            tracing::error!(error = %trouble.what, "the journal could not be tidied");
            self.reopen().await;
        } else {
            self.back_up().await;
        }
    }

    /// One slice of the slow check of the whole chain and of the caches.
    pub(crate) async fn audit(&mut self) {
        let at = clock::wall();
        let next = match self.journal.call(move |journal| journal.audit(at, SLICE)).await {
            Ok(Ok(Audit::More { .. })) => SLICE_EVERY,
            Ok(Ok(Audit::Clean)) => AUDIT_EVERY,
            Ok(Ok(Audit::Repaired)) => {
                tracing::warn!("the journal's caches disagreed with its records and were made again");
                AUDIT_EVERY
            }
            Ok(Ok(Audit::Broken(gate))) => {
                self.broken(gate).await;
                AUDIT_EVERY
            }
            Ok(Err(AppendError::Full)) => AUDIT_EVERY,
            Ok(Err(error)) => {
                tracing::error!(%error, "the slow check of the journal stopped");
                self.reopen().await;
                AUDIT_EVERY
            }
            Err(_) => AUDIT_EVERY,
        };
        self.audit_at = Instant::now() + next;
    }

    async fn broken(&mut self, gate: Gate) {
        tracing::error!(?gate, "the journal was changed or damaged");
        self.teller.gates.journal = Some(gate);
        self.pass_gate().await;
    }

    /// One copy a day, taken while nobody waits; a failure costs a warning, and the next idle moment tries again.
    async fn back_up(&mut self) {
        let name = if self.training { "training" } else { "journal" };
        let today = clock::wall().format("%Y%m%d").to_string();
        let to = self.exports.join(format!("{name}-{today}.db"));
        // A copy of a large journal takes its time, and a customer in front would wait for it.
        let busy = self.teller.checkout.front().is_some_and(|charge| charge.state.is_undecided());
        if busy || to.exists() || self.teller.gates.journal.is_some() {
            return;
        }
        let target = to.clone();
        match self.journal.call(move |journal| journal.backup(&target)).await {
            Ok(Ok(())) => forget_old(&self.exports, name),
            Ok(Err(error)) => tracing::warn!(path = %to.display(), %error, "no backup copy was made"),
            Err(gone) => tracing::warn!(%gone, "no backup copy was made"),
        }
    }
}

/// Removes the oldest copies of this journal, with their witnesses.
fn forget_old(exports: &Path, name: &str) {
    let mut copies: Vec<PathBuf> = std::fs::read_dir(exports)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| is_copy(path, name))
        .collect();
    copies.sort();
    let old = copies.len().saturating_sub(COPIES);
    for copy in &copies[..old] {
        for file in [copy.clone(), copy.with_extension("witness")] {
            if let Err(error) = std::fs::remove_file(&file)
                && error.kind() != std::io::ErrorKind::NotFound
            {
                tracing::warn!(path = %file.display(), %error, "an old backup copy stays");
            }
        }
    }
}

fn is_copy(path: &Path, name: &str) -> bool {
    let Some(file) = path.file_name().and_then(|file| file.to_str()) else { return false };
    let day = file.strip_prefix(name).and_then(|rest| rest.strip_prefix('-')).and_then(|rest| rest.strip_suffix(".db"));
    day.is_some_and(|day| day.len() == 8 && day.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_newest_copies_stay_and_nothing_else_is_touched() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = |name: &str| folder.path().join(name);
        for day in 10..20 {
            std::fs::write(file(&format!("journal-202611{day}.db")), "").expect("a copy");
            std::fs::write(file(&format!("journal-202611{day}.witness")), "").expect("its witness");
        }
        for other in ["journal-mine.db", "training-20261101.db", "pending.json"] {
            std::fs::write(file(other), "").expect("another file");
        }
        forget_old(folder.path(), "journal");
        let mut left: Vec<String> = std::fs::read_dir(folder.path())
            .expect("a folder")
            .map(|entry| entry.expect("a file").file_name().into_string().expect("a name"))
            .collect();
        left.sort();
        assert_eq!(left.iter().filter(|name| name.ends_with(".witness")).count(), COPIES);
        assert!(left.contains(&"journal-20261113.db".to_owned()) && !left.contains(&"journal-20261112.db".to_owned()));
        assert!(
            ["journal-mine.db", "training-20261101.db", "pending.json"]
                .iter()
                .all(|name| left.contains(&(*name).to_owned()))
        );
    }
}
