//! Comparing a ledger with checkpoints that somebody else kept: signed notes, proof files, or the three lines of a print typed in again.
//! Refuses to take a checkpoint's word for anything but size and root; that they continue to today's head is shown from the ledger's own tree.

use std::path::Path;

use ledger::Ledger;
use transparency::{Checkpoint, Note, ProofError, TlogProof, consistency_proof, verify_consistency};

use crate::error::AuditError;

/// The longest file that is read.
const LIMIT: u64 = 2 << 20;

/// A comparison with a checkpoint from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared {
    /// File.
    pub file: String,
    /// Size of the checkpoint; 0 when it could not be read.
    pub size: u64,
    /// Whether the file carries the log's signature; the lines of a print do not, and are compared all the same.
    pub signed: bool,
    /// What is the matter, if something is.
    pub failure: Option<String>,
}

/// Compares the ledger with the checkpoint in a file.
///
/// # Errors
/// A file that cannot be read, a ledger whose tree cannot be read.
pub fn compare(ledger: &Ledger, path: &Path) -> Result<Compared, AuditError> {
    let file = path.display().to_string();
    let failed = AuditError::at(path);
    if std::fs::metadata(path).map_err(&failed)?.len() > LIMIT {
        return Ok(Compared { file, size: 0, signed: false, failure: Some("it is far too long for a checkpoint".to_owned()) });
    }
    let bytes = std::fs::read(path).map_err(failed)?;
    let (checkpoint, signed) = match read(ledger, &bytes) {
        Ok(read) => read,
        Err(failure) => return Ok(Compared { file, size: 0, signed: false, failure: Some(failure) }),
    };
    let failure = against_head(ledger, &checkpoint)?;
    Ok(Compared { file, size: checkpoint.size(), signed, failure })
}

fn read(ledger: &Ledger, bytes: &[u8]) -> Result<(Checkpoint, bool), String> {
    if let Ok(proof) = TlogProof::parse(bytes) {
        return read(ledger, proof.checkpoint.to_string().as_bytes());
    }
    if Note::parse(bytes).is_ok() {
        let (checkpoint, _) = ledger.log_keys().open(bytes).map_err(|error| error.to_string())?;
        return Ok((checkpoint, true));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "it is not text".to_owned())?;
    // What is typed from paper may end in blanks, or in no newline, or go on with the key.
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(3).collect();
    let checkpoint = Checkpoint::parse(&(lines.join("\n") + "\n")).map_err(|_| {
        "it is neither a signed checkpoint nor a proof file nor the three lines of a print: origin, number of events, root".to_owned()
    })?;
    let origin = ledger.genesis().origin();
    if checkpoint.origin() != origin {
        return Err(format!("it is a checkpoint of {}, not of {origin}", checkpoint.origin()));
    }
    Ok((checkpoint, false))
}

fn against_head(ledger: &Ledger, checkpoint: &Checkpoint) -> Result<Option<String>, AuditError> {
    let (size, root) = (checkpoint.size(), checkpoint.root());
    let head = ledger.head()?;
    if size > head.size {
        return Ok(Some(format!(
            "it covers {size} events with root {root}, and the ledger has {} with root {}: events were removed, or an old copy was restored",
            head.size, head.root
        )));
    }
    let mut tree = ledger.tree()?;
    let found = transparency::root(size, |level, index| tree.hash(level, index))?;
    if found != root {
        return Ok(Some(format!(
            "the first {size} events are not the ones it was made over: history was changed. Its root is {root}; theirs is {found}"
        )));
    }
    let proof = consistency_proof(size, head.size, |level, index| tree.hash(level, index)).map_err(|error| match error {
        ProofError::Read(error) => AuditError::from(error),
        ProofError::OutOfRange => AuditError::asked("the checkpoint lies outside the tree", "`countersign verify` says what is the matter"),
    })?;
    let continues = verify_consistency(size, &root, head.size, &head.root, &proof).is_ok();
    Ok((!continues).then(|| format!("the ledger's {} events with root {} do not continue its {size}", head.size, head.root)))
}
