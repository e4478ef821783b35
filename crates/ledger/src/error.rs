//! What can go wrong with a ledger as a whole, said with what, where and what to do about it.
//! It refuses to carry what is wrong with a single draft: that is a [`crate::Refusal`], and nothing is broken.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::outcome::Refused;

/// Why a ledger cannot be opened, read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A file operation failed.
    #[error("{}: {source}{}", path.display(), remedy(source))]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// There is no ledger in the directory.
    #[error("{} holds no ledger; `countersign init` makes one", .0.display())]
    NotALedger(PathBuf),
    /// A ledger was to be made where something is already.
    #[error("{} exists already and is not overwritten; choose another directory", .0.display())]
    Exists(PathBuf),
    /// Another process is writing.
    #[error("the ledger is being written by {by}; try again when it has finished")]
    Locked {
        /// Process and machine, as the lock file says.
        by: String,
    },
    /// The ledger was written by a later countersign.
    #[error("the ledger is of format {found}, this program reads up to format {supported}; use the countersign that wrote it or a later one")]
    NewerFormat {
        /// Format found.
        found: u32,
        /// Latest format this program reads.
        supported: u32,
    },
    /// The database is older or shorter than what was signed: its end was cut off, or an old copy was put back.
    #[error(
        "the database holds {database} events, but a checkpoint over {signed} events was signed ({witness}): its end was cut off or an old copy was restored. \
         Put back the newest copy of the whole directory, or recover the missing events from it; do not delete the checkpoint"
    )]
    RolledBack {
        /// Events in the database.
        database: u64,
        /// Events under the newest signed checkpoint.
        signed: u64,
        /// Where that checkpoint was found.
        witness: String,
    },
    /// The database does not continue what was signed.
    #[error(
        "the first {size} events of the database are not those that were signed ({witness}): history was changed. \
         Keep this copy as evidence and compare it with a backup"
    )]
    Rewritten {
        /// Size of the signed checkpoint.
        size: u64,
        /// Where that checkpoint was found.
        witness: String,
    },
    /// Stored bytes are not what they must be.
    #[error("the ledger is damaged: {0}. Run `countersign verify`, keep this copy, and restore a backup")]
    Damaged(String),
    /// The ledger's head is not where the caller expected it.
    #[error("the ledger's head is at {found}, not at {expected}: something was appended in between; read again and retry")]
    HeadMoved {
        /// The seq expected to be the last.
        expected: String,
        /// The seq that is the last.
        found: String,
    },
    /// Drafts were refused, and therefore nothing was appended.
    #[error("{} of the drafts cannot be appended; nothing was. First: {}", .0.len(), first(.0))]
    Refused(Vec<Refused>),
    /// An instant after the head was asked for.
    #[error("{asked} lies after the last event, {head}: what will be known then is not known yet")]
    AfterHead {
        /// The instant asked for.
        asked: String,
        /// When the last event was recorded.
        head: String,
    },
    /// An instant before the first event was asked for.
    #[error("{asked} lies before the ledger was opened: nothing was known then")]
    BeforeOpening {
        /// The instant asked for.
        asked: String,
    },
    /// Somebody to erase for whom nothing was ever sealed.
    #[error("nothing is sealed for {0:?} in this ledger, so there is nothing to erase; check the spelling of the id")]
    NothingSealed(String),
    /// A seq that the ledger does not have.
    #[error("there is no event at seq {asked}; the ledger has {size} events, from seq 0")]
    NoSuchEvent {
        /// The seq asked for.
        asked: u64,
        /// How many events there are.
        size: u64,
    },
    /// The ledger was opened for reading.
    #[error("the ledger was opened for reading only")]
    ReadOnly,
    /// A backup cannot be made or put back.
    #[error("{0}")]
    Backup(String),
    /// What was given for the creation of a ledger is not acceptable.
    #[error("a ledger cannot be made: {0}")]
    Creation(String),
    /// A write failed halfway; memory and disk may differ.
    #[error("an earlier write failed; close the ledger and open it again")]
    Poisoned,
    /// A key file or the vault.
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    /// The log key cannot be used.
    #[error("{}: {reason}", path.display())]
    LogKey {
        /// The key file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
}

fn remedy(source: &io::Error) -> &'static str {
    let kind = source.kind();
    if matches!(kind, io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        ". The disk is full; nothing was appended: make room and try again"
    } else if matches!(kind, io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem) {
        ". The directory must be writable by the user who runs countersign"
    } else {
        ""
    }
}

fn first(refused: &[Refused]) -> String {
    refused.first().map_or_else(String::new, |r| format!("draft {}: {}", r.index + 1, r.refusal))
}

/// Adds the path to a system error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> LedgerError {
    let path = path.to_owned();
    |source| LedgerError::Io { path, source }
}

/// Says which stored thing is not what it must be.
pub(crate) fn damaged(what: impl Into<String>) -> LedgerError {
    LedgerError::Damaged(what.into())
}
