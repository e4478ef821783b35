//! `prove`: one event's place in the ledger as a `.tlog-proof` (C2SP), and the leaf data beside it.
//! Refuses an event that is not under a signed checkpoint: there is nothing yet that a proof could lead to.

use std::path::{Path, PathBuf};

use ledger::{Ledger, LedgerError};
use transparency::{ProofError, TlogProof, inclusion_proof, leaf_hash, verify_inclusion};

use super::{best_over, write_whole};
use crate::error::AuditError;

/// A proof that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proved {
    /// The event.
    pub seq: u64,
    /// Size of the checkpoint the proof leads to.
    pub size: u64,
    /// Hash of the leaf, base64.
    pub leaf: String,
    /// Names of the witnesses that cosigned the checkpoint.
    pub witnesses: Vec<String>,
    /// The file with the leaf data.
    pub leaf_file: PathBuf,
    /// The key that checks the checkpoint; it must reach the reader some other way.
    pub vkey: String,
}

/// Writes the proof for the event at `seq` to `to`, and its frame header to `to` with `.leaf` added.
///
/// # Errors
/// No such event, one that is under no signed checkpoint yet, a ledger that cannot be read, files that cannot be written.
pub fn prove(dir: &Path, seq: u64, to: &Path) -> Result<Proved, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let events = ledger.head()?.size;
    if seq >= events {
        return Err(LedgerError::NoSuchEvent { asked: seq, size: events }.into());
    }
    let vouched = best_over(&ledger, seq.saturating_add(1))?;
    let (size, root) = (vouched.checkpoint.size(), vouched.checkpoint.root());
    if seq >= size {
        let what = format!("seq {seq} is not under a signed checkpoint yet: the latest one covers {size} events");
        return Err(AuditError::asked(what, "`countersign checkpoint sign` signs one"));
    }
    let mut tree = ledger.tree()?;
    let path = inclusion_proof(seq, size, |level, index| tree.hash(level, index)).map_err(|error| match error {
        ProofError::Read(error) => AuditError::from(error),
        ProofError::OutOfRange => LedgerError::NoSuchEvent { asked: seq, size }.into(),
    })?;
    let mut leaf = Vec::new();
    ledger.headers(seq..seq.saturating_add(1), |header| {
        leaf.extend_from_slice(header);
        Ok(())
    })?;
    let hash = leaf_hash(&leaf);
    if verify_inclusion(&hash, seq, size, &path, &root).is_err() {
        return Err(LedgerError::Damaged(format!("the event at seq {seq} is not the one in the tree")).into());
    }
    let proof = TlogProof { extra: None, index: seq, path, checkpoint: vouched.note };
    let mut leaf_file = to.as_os_str().to_owned();
    leaf_file.push(".leaf");
    let leaf_file = PathBuf::from(leaf_file);
    write_whole(&leaf_file, &leaf)?;
    write_whole(to, proof.to_string().as_bytes())?;
    let witnesses = vouched.cosigned.iter().map(|cosigned| cosigned.witness.name().to_owned()).collect();
    Ok(Proved { seq, size, leaf: hash.to_string(), witnesses, leaf_file, vkey: ledger.vkey() })
}
