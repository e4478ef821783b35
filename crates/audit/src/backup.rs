//! Backups as the front ends ask for them: made beside a writer, verified, and put back only where they continue what was signed.
//! Refuses to take derived state along, which is made again, and keys, unless they are asked for and go elsewhere.

use std::path::Path;

use ledger::{BackupOptions, Ledger};

pub use ledger::Backup;

use crate::drop_folder;
use crate::error::AuditError;

/// Settings and journals in the ledger's directory that are worth having in a backup. Not `x12.toml`, which may say who is behind a member
/// id, and not the accounts of the pages, which hold secrets: a backup without its keys tells nobody anything.
const BESIDE: &[&str] = &["unattended.toml", drop_folder::FILE, drop_folder::JOURNAL, fhir::mapping::FILE];

/// A backup that is on the disk, or one that was put back.
#[derive(Debug, Clone)]
pub struct Kept {
    /// Name of the ledger.
    pub origin: String,
    /// A simulated ledger.
    pub simulated: bool,
    /// Events under its latest signed checkpoint.
    pub signed: u64,
    /// What was copied, and what verifying the copy said.
    pub copy: Backup,
}

/// Makes a backup of a ledger that may be written meanwhile.
///
/// # Errors
/// A folder that is not empty, a disk that does not write, a copy that does not verify.
pub fn make(dir: &Path, to: &Path, keys_to: Option<&Path>, progress: &dyn Fn(u64, u64)) -> Result<Kept, AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let copy = ledger.backup(&BackupOptions { to, keys_to, beside: BESIDE, progress: Some(progress) })?;
    Ok(kept(ledger.genesis().origin(), ledger.genesis().simulated(), copy))
}

/// Verifies a backup and puts it where a ledger is to be; `dry_run` only verifies.
///
/// # Errors
/// Something in the way, keys that are missing or others, a backup that does not verify, or that is older than what was signed.
pub fn put_back(from: &Path, keys: Option<&Path>, to: &Path, dry_run: bool, progress: &dyn Fn(u64, u64)) -> Result<Kept, AuditError> {
    let (copy, genesis) = Ledger::restore(from, keys, to, dry_run, Some(progress))?;
    Ok(kept(genesis.origin(), genesis.simulated(), copy))
}

fn kept(origin: &str, simulated: bool, copy: Backup) -> Kept {
    let signed = copy.report.checkpoints.iter().map(|(_, size)| *size).max().unwrap_or(0);
    Kept { origin: origin.to_owned(), simulated, signed, copy }
}
