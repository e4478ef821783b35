//! What people did here: logging in, acting, learning who somebody is, looking at somebody's record; one line each, at the end of a file.
//! What cannot be written down is not done; the file is beside the ledger, for its owner alone.

use std::path::{Path, PathBuf};

use audit::beside;
use audit::vocabulary::KnownAt;
use serde::{Deserialize, Serialize};

const FILE: &str = "activity.jsonl";

/// Something somebody did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deed {
    /// When, as an instant.
    pub(crate) at: String,
    /// Who.
    pub(crate) who: String,
    /// What, in a word.
    pub(crate) what: String,
    /// To what or whom.
    pub(crate) about: String,
}

/// The log.
#[derive(Debug)]
pub(crate) struct Activity {
    path: PathBuf,
}

impl Activity {
    /// Of the ledger in a directory.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self { path: ledger.join(FILE) }
    }

    /// Writes down what somebody did.
    pub(crate) fn note(&self, now: KnownAt, who: &str, what: &str, about: &str) -> std::io::Result<()> {
        let deed = Deed { at: now.to_string(), who: who.to_owned(), what: what.to_owned(), about: about.to_owned() };
        beside::add_line(&self.path, &serde_json::to_string(&deed)?)
    }

    /// The last deeds, the newest first, at most so many.
    pub(crate) fn last(&self, at_most: usize) -> std::io::Result<Vec<Deed>> {
        let text = beside::log(&self.path)?;
        Ok(text.lines().rev().filter_map(|line| serde_json::from_str(line).ok()).take(at_most).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_was_noted_is_read_again_and_a_line_break_stays_inside() {
        let folder = tempfile::tempdir().unwrap();
        let activity = Activity::of(folder.path());
        assert!(activity.last(9).unwrap().is_empty());
        activity.note(KnownAt::from_micros(0), "Ana", "logged in", "").unwrap();
        activity.note(KnownAt::from_micros(1), "Ana", "looked at", "I-3\n{\"who\":\"Ben\"}").unwrap();
        let last = activity.last(9).unwrap();
        assert_eq!(last.len(), 2);
        assert_eq!((last[0].who.as_str(), last[0].about.as_str()), ("Ana", "I-3\n{\"who\":\"Ben\"}"));
    }
}
