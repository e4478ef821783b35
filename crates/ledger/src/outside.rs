//! What others said of this ledger, in `outside/` beside the database: checkpoints that witnesses cosigned, and timestamps.
//! It refuses to keep a cosignature that does not verify, one over another history, and one that says less than what is kept already.
//!
//! ```text
//! outside/witness-<key ID>    the witness's key (a line `witness <vkey>`), an empty line, the checkpoint with its signatures
//! outside/timestamp-<size>.note   a signed checkpoint for which a timestamp was asked
//! outside/timestamp-<size>.tsr    the RFC 3161 answer of a time stamping authority over these bytes
//! ```
//!
//! Trust: the files are copies of what somebody else signed. Who can write the directory can remove them or bring back older ones; what counts
//! against an insider is the witness's own copy.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use transparency::{Checkpoint, CosignatureVerifier, KeyChain, Note};

use crate::anchor::continues;
use crate::core::{log_keys, read_head};
use crate::directory::{self, Directory};
use crate::error::{LedgerError, at, damaged};
use crate::ledger::Ledger;
use crate::store::guarded;

/// The latest checkpoint that one witness cosigned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// The witness's key.
    pub witness: CosignatureVerifier,
    /// When it saw the checkpoint: POSIX seconds, by its clock.
    pub time: u64,
    /// What the checkpoint says.
    pub checkpoint: Checkpoint,
    /// The checkpoint with the log's signature and cosignatures.
    pub note: Note,
}

/// A checkpoint that carries a timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timestamped {
    /// Number of events under it.
    pub size: u64,
    /// The signed checkpoint: the bytes that were stamped.
    pub note: PathBuf,
    /// The authority's answer, DER.
    pub answer: PathBuf,
}

/// All checkpoints that witnesses cosigned, by the name of their files.
pub(crate) fn cosigned(directory: &Directory, keys: &KeyChain) -> Result<Vec<Cosigned>, LedgerError> {
    let files = names(&directory.outside())?;
    let ours = files.iter().filter(|name| name.starts_with("witness-") && !name.contains('.'));
    ours.map(|name| read(&directory.outside().join(name), keys)).collect()
}

pub(crate) fn names(dir: &Path) -> Result<Vec<String>, LedgerError> {
    let entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(at(dir)(error)),
    };
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(at(dir))?.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

fn read(path: &Path, keys: &KeyChain) -> Result<Cosigned, LedgerError> {
    let bad = |what: String| damaged(format!("{} is not what was kept: {what}", path.display()));
    let text = fs::read_to_string(path).map_err(at(path))?;
    let parts = text.strip_prefix("witness ").and_then(|text| text.split_once("\n\n"));
    let (vkey, note) = parts.ok_or_else(|| bad("it does not begin with a witness's key".into()))?;
    let witness = CosignatureVerifier::parse(vkey).map_err(|error| bad(error.to_string()))?;
    let (checkpoint, note) = keys.open(note.as_bytes()).map_err(|error| bad(error.to_string()))?;
    let time = witness.cosigned(&note).map_err(|error| bad(error.to_string()))?;
    let time = time.ok_or_else(|| bad("the witness's cosignature is missing".into()))?;
    Ok(Cosigned { witness, time, checkpoint, note })
}

impl Ledger {
    /// The latest checkpoint of each witness that cosigned one, in the order of their key IDs.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when one of them does not verify; [`LedgerError::Io`].
    pub fn cosigned(&self) -> Result<Vec<Cosigned>, LedgerError> {
        let txn = self.core.store.read()?;
        let keys = guarded(|| log_keys(&self.core.genesis, &txn))?;
        cosigned(&self.core.directory, &keys)
    }

    /// Keeps a checkpoint that a witness cosigned, durably. Needs no writer: an append is not held up by it.
    ///
    /// If we stop here: the earlier one is kept, or this one.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when the note is not this ledger's, or not cosigned; [`LedgerError::RolledBack`] and [`LedgerError::Rewritten`]
    /// when it is about another history; [`LedgerError::Io`].
    pub fn keep_cosigned(&self, witness: &CosignatureVerifier, note: &Note) -> Result<Cosigned, LedgerError> {
        let txn = self.core.store.read()?;
        let keys = guarded(|| log_keys(&self.core.genesis, &txn))?;
        let bad = |what: String| damaged(format!("the cosigned checkpoint cannot be kept: {what}"));
        let (checkpoint, note) = keys.open(note.to_string().as_bytes()).map_err(|error| bad(error.to_string()))?;
        let time = witness.cosigned(&note).map_err(|error| bad(error.to_string()))?;
        let time = time.ok_or_else(|| bad("the witness did not cosign it".into()))?;
        guarded(|| continues(&txn, &read_head(&txn)?, &checkpoint, "a witnessed"))?;
        let _lock = self.lock_outside()?;
        let id: String = witness.key_id().iter().map(|byte| format!("{byte:02x}")).collect();
        let path = self.core.directory.outside().join(format!("witness-{id}"));
        let known = if path.exists() { Some(read(&path, &keys)?) } else { None };
        if let Some(known) = known.filter(|known| known.checkpoint.size() > checkpoint.size()) {
            return Ok(known);
        }
        directory::replace(&path, format!("witness {witness}\n\n{note}").as_bytes())?;
        Ok(Cosigned { witness: witness.clone(), time, checkpoint, note })
    }

    /// Keeps a signed checkpoint for which a timestamp is asked, durably: its answer may come days later, on a data carrier.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when the note is not a checkpoint of this ledger; [`LedgerError::RolledBack`], [`LedgerError::Rewritten`];
    /// [`LedgerError::Io`].
    pub fn await_timestamp(&self, note: &[u8]) -> Result<Timestamped, LedgerError> {
        let txn = self.core.store.read()?;
        let keys = guarded(|| log_keys(&self.core.genesis, &txn))?;
        let (checkpoint, _) = keys.open(note).map_err(|error| damaged(format!("the checkpoint to stamp: {error}")))?;
        guarded(|| continues(&txn, &read_head(&txn)?, &checkpoint, "the stamped"))?;
        let _lock = self.lock_outside()?;
        let stamped = timestamped(&self.core.directory, checkpoint.size());
        directory::replace(&stamped.note, note)?;
        Ok(stamped)
    }

    /// Checkpoints for which a timestamp was asked, answered or not, the smallest first.
    ///
    /// # Errors
    /// [`LedgerError::Io`].
    pub fn awaiting_timestamps(&self) -> Result<Vec<Timestamped>, LedgerError> {
        self.timestamps("note")
    }

    /// Keeps an authority's answer, durably. Whoever calls has compared it with the note.
    ///
    /// # Errors
    /// [`LedgerError::Io`].
    pub fn keep_timestamp(&self, stamped: &Timestamped, answer: &[u8]) -> Result<(), LedgerError> {
        let _lock = self.lock_outside()?;
        directory::replace(&stamped.answer, answer)
    }

    /// The checkpoints that carry a timestamp, the smallest first.
    ///
    /// # Errors
    /// [`LedgerError::Io`].
    pub fn timestamped(&self) -> Result<Vec<Timestamped>, LedgerError> {
        let mut answered = self.timestamps("tsr")?;
        answered.retain(|stamped| stamped.note.exists());
        Ok(answered)
    }

    fn timestamps(&self, end: &str) -> Result<Vec<Timestamped>, LedgerError> {
        let names = names(&self.core.directory.outside())?;
        let size = |name: &String| name.strip_prefix("timestamp-")?.strip_suffix(end)?.strip_suffix('.')?.parse().ok();
        let mut sizes: Vec<u64> = names.iter().filter_map(size).collect();
        sizes.sort_unstable();
        Ok(sizes.into_iter().map(|size| timestamped(&self.core.directory, size)).collect())
    }

    /// One process at a time changes `outside/`; it is a matter of milliseconds.
    fn lock_outside(&self) -> Result<File, LedgerError> {
        let dir = self.core.directory.outside();
        fs::create_dir_all(&dir).map_err(at(&dir))?;
        directory::restrict_dir(&dir)?;
        directory::sync_dir(self.core.directory.path())?;
        let path = dir.join("lock");
        let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
        file.lock().map_err(at(&path))?;
        Ok(file)
    }
}

fn timestamped(directory: &Directory, size: u64) -> Timestamped {
    let file = |end: &str| directory.outside().join(format!("timestamp-{size}.{end}"));
    Timestamped { size, note: file("note"), answer: file("tsr") }
}
