//! `drop.journal`: one line of JSON for every file that was taken, kept for ever, synced before the file is moved.
//! Only says what was done with files; what is in the ledger is the ledger's alone.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::beside;
use crate::error::AuditError;

/// Its name in the ledger's directory.
pub(crate) const FILE: &str = "drop.journal";

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Became {
    /// All of it is in the ledger.
    Done,
    /// Nothing of it was appended.
    Refused,
    /// The same bytes were taken before.
    Again,
}

/// A file that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    /// When, UTC.
    pub(super) at: String,
    /// blake3 of the file.
    pub(super) digest: String,
    /// Its name in the folder.
    pub(super) name: String,
    /// Its length.
    pub(super) bytes: u64,
    /// What became of it.
    pub(super) became: Became,
    /// Events in it.
    pub(super) read: u64,
    /// Events appended.
    pub(super) appended: u64,
}

/// The journal of a ledger.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    entries: Vec<Entry>,
}

impl Journal {
    /// Reads it; a line that a crash cut off stands for a file that was not moved yet, and is read as nothing.
    pub(super) fn read(ledger: &Path) -> Result<Self, AuditError> {
        let path = ledger.join(FILE);
        let text = beside::log(&path).map_err(AuditError::at(&path))?;
        let entries = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Ok(Self { path, entries })
    }

    /// What was taken, the oldest first.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Whether all of a file of this digest is in the ledger.
    pub(super) fn is_done(&self, digest: &str) -> bool {
        self.entries.iter().any(|e| e.became == Became::Done && e.digest == digest)
    }

    /// Adds a line and syncs it.
    pub(super) fn add(&mut self, entry: Entry) -> Result<(), AuditError> {
        beside::add_line(&self.path, &serde_json::to_string(&entry)?).map_err(AuditError::at(&self.path))?;
        self.entries.push(entry);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::fs;

    use super::*;

    #[test]
    fn a_line_that_was_cut_off_takes_nothing_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let entry = |name: &str| Entry {
            at: "2025-03-04T07:30:00Z".into(),
            digest: format!("blake3:{name}"),
            name: name.into(),
            bytes: 1,
            became: Became::Done,
            read: 1,
            appended: 1,
        };
        let mut journal = Journal::read(folder.path()).unwrap();
        journal.add(entry("a")).unwrap();
        journal.add(entry("b")).unwrap();
        let path = folder.path().join("drop.journal");
        let whole = fs::read(&path).unwrap();
        for cut in 0..whole.len() {
            fs::write(&path, &whole[..cut]).unwrap();
            let mut journal = Journal::read(folder.path()).unwrap();
            let before = journal.entries().len();
            journal.add(entry("c")).unwrap();
            let again = Journal::read(folder.path()).unwrap();
            assert_eq!(again.entries().len(), before + 1, "cut at {cut}");
            assert!(again.is_done("blake3:c") && !again.is_done("blake3:d"));
        }
    }
}
