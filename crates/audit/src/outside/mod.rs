//! What leaves the house so that outsiders can check it, and what comes back from them: tiles, proofs, keys, cosignatures, timestamps.
//! Refuses to hand out what is not under a signed checkpoint, and knows no network: whoever calls carries bytes to and fro.

pub mod against;
pub mod anchor;
pub mod keys;
pub mod proof;
pub mod submit;
pub mod tiles;
pub mod timestamp;

use ledger::{Cosigned, Ledger};
use transparency::{Checkpoint, Note};

use crate::error::AuditError;

/// A checkpoint of the ledger, with every cosignature of it that is kept.
pub(crate) struct Vouched {
    pub(crate) checkpoint: Checkpoint,
    pub(crate) note: Note,
    pub(crate) cosigned: Vec<Cosigned>,
}

/// The latest signed checkpoint with its cosignatures.
pub(crate) fn latest(ledger: &Ledger) -> Result<Vouched, AuditError> {
    let text = ledger.checkpoint()?.ok_or_else(|| AuditError::asked("no checkpoint was signed yet", "`countersign checkpoint sign` signs one"))?;
    vouched(ledger, &text)
}

/// The checkpoint that others vouch for most recently and that covers `events`; without one, the latest signed one.
pub(crate) fn best_over(ledger: &Ledger, events: u64) -> Result<Vouched, AuditError> {
    let cosigned = ledger.cosigned()?;
    let covering = cosigned.iter().filter(|cosigned| cosigned.checkpoint.size() >= events).max_by_key(|cosigned| cosigned.checkpoint.size());
    match covering {
        Some(best) => vouched(ledger, &best.note.to_string()),
        None => latest(ledger),
    }
}

fn vouched(ledger: &Ledger, text: &str) -> Result<Vouched, AuditError> {
    let (checkpoint, mut note) = ledger.log_keys().open(text.as_bytes()).map_err(|error| unreadable(&error))?;
    let mut cosigned = ledger.cosigned()?;
    cosigned.retain(|cosigned| cosigned.note.text() == note.text());
    for cosigned in &cosigned {
        for line in cosigned.note.signatures().iter().filter(|line| cosigned.witness.made(line)) {
            note = note.with_signature(line.clone()).map_err(|error| unreadable(&error))?;
        }
    }
    Ok(Vouched { checkpoint, note, cosigned })
}

fn unreadable(error: &dyn std::fmt::Display) -> AuditError {
    AuditError::asked(format!("the ledger's own checkpoint cannot be used: {error}"), "`countersign verify` says what is the matter")
}

/// Writes a file whole: through a neighbour that is then renamed, so that nobody ever reads half of it.
pub(crate) fn write_whole(path: &std::path::Path, bytes: &[u8]) -> Result<(), AuditError> {
    let failed = AuditError::at(path);
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        std::fs::create_dir_all(parent).map_err(&failed)?;
    }
    let mut staging = path.as_os_str().to_owned();
    staging.push(".new");
    std::fs::write(&staging, bytes).and_then(|()| std::fs::rename(&staging, path)).map_err(failed)
}
