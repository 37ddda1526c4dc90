//! The hash chain: each record carries SHA-256(previous hash ‖ canonical bytes), so nothing before the head can change unseen.

use std::fmt;

use rusqlite::Connection;
use sha2::{Digest, Sha256};

use crate::records;

/// A SHA-256 value; shown as 64 hex digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Hash(pub [u8; 32]);

/// The last record of a chain: its number (the first record is 1; 0 is an empty journal) and its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of the record.
    pub seq: i64,
    /// Its hash; all zeros for an empty journal.
    pub hash: Hash,
}

impl Head {
    /// Where every chain begins.
    pub const EMPTY: Self = Self { seq: 0, hash: Hash([0; 32]) };

    /// The head after one more record with these canonical bytes (design.md §7).
    pub fn then(self, body: &str) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(self.hash.0);
        hasher.update(body.as_bytes());
        Self { seq: self.seq + 1, hash: Hash(hasher.finalize().into()) }
    }
}

impl Hash {
    /// Reads 64 hex digits.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if bytes.len() != 64 {
            return None;
        }
        let mut hash = [0; 32];
        for (byte, pair) in hash.iter_mut().zip(bytes.chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
        }
        Some(Self(hash))
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// How far a walk along the chain came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Walked {
    /// The last good record.
    pub head: Head,
    /// The first bad one: changed, missing, moved, or unreadable on the disk.
    pub bad: Option<i64>,
}

/// Follows the chain from a known head over at most `limit` records.
pub(crate) fn walk(conn: &Connection, from: Head, limit: u64) -> Walked {
    let mut head = from;
    // A damaged page makes the read itself fail: then the record after the last good one is the bad one.
    let outcome = records::each_after(conn, from.seq, limit, |row| {
        let next = head.then(&row.body);
        if row.seq != next.seq || row.hash != next.hash {
            return Err(Broken);
        }
        head = next;
        Ok(())
    });
    let bad = match outcome {
        Ok(Ok(())) => None,
        Ok(Err(Broken)) => Some(head.seq + 1),
        Err(error) => {
            tracing::error!(%error, after = head.seq, "the chain cannot be read on");
            Some(head.seq + 1)
        }
    };
    Walked { head, bad }
}

struct Broken;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_links_are_what_they_always_were() {
        let first = Head::EMPTY.then("{}");
        assert_eq!(first.seq, 1);
        // sha256 of 32 zero bytes followed by "{}": changing the rule would orphan every journal there is.
        let mut plain = vec![0; 32];
        plain.extend(b"{}");
        assert_eq!(first.hash.to_string(), Hash(Sha256::digest(&plain).into()).to_string());
        assert_eq!(Hash::parse(&first.hash.to_string()), Some(first.hash));
        assert_eq!(Hash::parse("zz"), None);
    }
}
