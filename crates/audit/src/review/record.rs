//! What a reviewer keeps of an agency: its key, and the newest checkpoint shown to continue all those before.
//! It refuses to write over a checkpoint once kept, and leaves a record whole or as it was: each file gets its name when it is complete.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use domain::KnownAt;
use serde::{Deserialize, Serialize};

use crate::beside::if_there;
use crate::error::AuditError;

const SCHEMA: &str = "countersign.review_record.v1";

/// The record of one agency's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    pub(crate) schema: String,
    /// Origin of the ledger.
    pub origin: String,
    /// The key that signed last.
    pub vkey: String,
    /// The key was given by the reviewer at some visit; otherwise it is that of the first pack, believed unseen.
    pub key_given: bool,
    /// Instant of the first visit.
    pub first_visit: String,
    /// Instant of the last visit whose pack continued all before.
    pub last_visit: String,
    /// Events at that visit.
    pub size: u64,
    /// Root over them, base64.
    pub root: String,
    /// The signed checkpoint.
    pub checkpoint: String,
}

impl Record {
    pub(crate) fn new(origin: &str, vkey: String, key_given: bool, now: KnownAt, (size, root): (u64, String), checkpoint: &str) -> Self {
        let at = now.to_string();
        Self { schema: SCHEMA.into(), origin: origin.into(), vkey, key_given, first_visit: at.clone(), last_visit: at, size, root, checkpoint: checkpoint.into() }
    }

    /// The day of the last visit, for people.
    pub fn last_day(&self) -> String {
        KnownAt::parse(&self.last_visit).map_or_else(|| self.last_visit.clone(), |at| at.local_day().to_string())
    }
}

/// The files of one agency.
pub(crate) struct Folder {
    path: PathBuf,
    /// Held while it is compared and written, so that two reviews at once leave the newer checkpoint.
    _lock: File,
}

/// The folder of an origin: its name as far as it makes a file name, and a digest of all of it.
fn folder(dir: &Path, origin: &str) -> PathBuf {
    let plain: String = origin.chars().take(60).map(|c| if c.is_ascii_alphanumeric() || c == '-' || c == '.' { c } else { '_' }).collect();
    let digest = blake3::hash(origin.as_bytes()).to_hex();
    dir.join(format!("{}-{}", plain.trim_start_matches('.'), digest.get(..8).unwrap_or_default()))
}

/// What is on record about an origin.
///
/// # Errors
/// A record that cannot be read: it is never taken for a first visit.
pub fn recorded(dir: &Path, origin: &str) -> Result<Option<Record>, AuditError> {
    let path = folder(dir, origin).join("record.json");
    let Some(bytes) = if_there(fs::read(&path)).map_err(AuditError::at(&path))? else { return Ok(None) };
    let broken = |why: String| AuditError::asked(format!("{}: your record of {origin} cannot be read ({why})", path.display()), "put back a copy of it, or move it away to begin anew");
    let record: Record = serde_json::from_slice(&bytes).map_err(|error| broken(error.to_string()))?;
    if record.schema != SCHEMA || record.origin != origin {
        return Err(broken("it is of another kind or another ledger".into()));
    }
    Ok(Some(record))
}

impl Folder {
    pub(crate) fn open(dir: &Path, origin: &str) -> Result<Self, AuditError> {
        let path = folder(dir, origin);
        fs::create_dir_all(&path).map_err(AuditError::at(&path))?;
        let lock_path = path.join("lock");
        let lock = File::create(&lock_path).map_err(AuditError::at(&lock_path))?;
        lock.lock().map_err(AuditError::at(&lock_path))?;
        Ok(Self { path, _lock: lock })
    }

    /// Where the checkpoint over so many events is kept: what an agency is given for `pack create --since`.
    pub(crate) fn checkpoint(&self, size: u64) -> PathBuf {
        self.path.join(format!("checkpoint-{size}.txt"))
    }

    /// The checkpoint kept at that size, if one was.
    pub(crate) fn kept(&self, size: u64) -> Option<String> {
        fs::read_to_string(self.checkpoint(size)).ok()
    }

    /// Keeps a checkpoint and makes it the newest.
    pub(crate) fn write(&self, record: &Record) -> Result<(), AuditError> {
        if self.kept(record.size).is_none() {
            self.put(&self.checkpoint(record.size), record.checkpoint.as_bytes())?;
        }
        self.put(&self.path.join("record.json"), &serde_json::to_vec_pretty(record)?)
    }

    /// Keeps two checkpoints that do not go together, under names that hold nothing else.
    pub(crate) fn evidence(&self, recorded: &str, met: &str) -> Result<Vec<PathBuf>, AuditError> {
        let dir = self.path.join("evidence");
        fs::create_dir_all(&dir).map_err(AuditError::at(&dir))?;
        let mut paths = Vec::new();
        for (which, text) in [("recorded", recorded), ("met", met)] {
            let digest = blake3::hash(text.as_bytes()).to_hex();
            let path = dir.join(format!("{which}-{}.txt", digest.get(..16).unwrap_or_default()));
            self.put(&path, text.as_bytes())?;
            paths.push(path);
        }
        Ok(paths)
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> Result<(), AuditError> {
        let unfinished = self.path.join("unfinished");
        let failed = AuditError::at(&unfinished);
        let mut file = File::create(&unfinished).map_err(&failed)?;
        file.write_all(bytes).map_err(&failed)?;
        file.sync_all().map_err(&failed)?;
        fs::rename(&unfinished, path).map_err(AuditError::at(path))
    }
}
