//! The log's keys over time: changing the key, and telling outsiders which key signed when.
//! Refuses to print a secret: what is shown here are keys that verify, and statements that are signed.

use std::path::Path;

use domain::KnownAt;
use ledger::Ledger;

use crate::error::AuditError;

/// One change of key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The key that was retired: its vkey.
    pub old: String,
    /// The key that took over.
    pub new: String,
    /// Number of events when it did; the old key vouches for no more than these.
    pub from: u64,
    /// The statement, signed by both.
    pub statement: String,
}

/// Whether the key that signs now is the first one, and how it came to be otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The key that signs now.
    pub vkey: String,
    /// Every change, in order.
    pub changes: Vec<Change>,
}

/// The keys of the ledger's log.
///
/// # Errors
/// A ledger that cannot be read.
pub fn keys(dir: &Path) -> Result<Keys, AuditError> {
    Ok(told(&Ledger::open_reader(dir)?))
}

/// Changes the log key. The last of the changes is the one made.
///
/// # Errors
/// A ledger that cannot be written, or that does not continue what was signed.
pub fn rotate(dir: &Path, now: KnownAt) -> Result<Keys, AuditError> {
    let mut ledger = Ledger::open(dir)?;
    ledger.rotate_log_key(now)?;
    Ok(told(&ledger))
}

fn told(ledger: &Ledger) -> Keys {
    let changes = ledger.log_keys().rotations().iter().map(|(rotation, note)| Change {
        old: rotation.old.to_string(),
        new: rotation.new.to_string(),
        from: rotation.from,
        statement: note.to_string(),
    });
    Keys { vkey: ledger.vkey(), changes: changes.collect() }
}
