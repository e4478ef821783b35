//! What can go wrong with keys, said with the file concerned and what to do about it.
//! It refuses to carry secrets: no message holds more than a path, a position or a mode.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// The subject's key was destroyed: what was sealed under it can never be opened again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the subject's key was destroyed; what was sealed under it cannot be opened again")]
pub struct Erased;

/// Why a subject's key cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoKey {
    /// It was destroyed.
    #[error(transparent)]
    Erased(#[from] Erased),
    /// Its slot was not wrapped for this subject under this vault's master key: it was put there by somebody else.
    #[error("the slot at byte {offset} holds no key of this vault")]
    Foreign {
        /// Where in the file the slot begins.
        offset: u64,
    },
}

/// A sealed field does not open: another key, field or header, or altered bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the sealed field does not open under this key, field and header")]
pub struct SealBroken;

/// Why the vault or the master key cannot be used.
#[derive(Debug, Error)]
pub enum VaultError {
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system gave no random bytes.
    #[error("the system gives no random bytes ({0}); no key was made")]
    NoRandomness(String),
    /// A new file was to be made where one is already.
    #[error("{} exists already and is not overwritten", .0.display())]
    Exists(PathBuf),
    /// Others than the owner may use the file.
    #[error("{path} has mode {mode:04o}, but nobody except its owner may read or write it: run `chmod 600 {path}`", path = path.display())]
    Permissions {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The file does not hold a master key.
    #[error("{} is not a countersign master key file", .0.display())]
    NotAMasterKey(PathBuf),
    /// The file does not begin as a vault of this format version does.
    #[error("{} is not a countersign vault this program can read", .0.display())]
    NotAVault(PathBuf),
    /// The vault was made under another master key.
    #[error("{} does not open under this master key; it was made under another one", .0.display())]
    WrongMasterKey(PathBuf),
    /// A part of the file that had been written durably was changed since.
    #[error("{path} is damaged at byte {offset}; restore it from its own backup and keep this copy", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Where the first damaged slot begins.
        offset: u64,
    },
    /// Another process has the vault open.
    #[error("{} is in use by another process", .0.display())]
    Locked(PathBuf),
    /// A write failed earlier, so what the file holds is not known.
    #[error("an earlier write to {} failed; close and open the vault again", .0.display())]
    Poisoned(PathBuf),
    /// The vault was opened for reading.
    #[error("{} was opened for reading only", .0.display())]
    ReadOnly(PathBuf),
    /// The subject was erased.
    #[error(transparent)]
    Erased(#[from] Erased),
}

/// Adds the path to a system error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> VaultError {
    let path = path.to_owned();
    |source| VaultError::Io { path, source }
}

/// Fills `bytes` from the system's generator.
pub(crate) fn fill_random(bytes: &mut [u8]) -> Result<(), VaultError> {
    getrandom::fill(bytes).map_err(|error| VaultError::NoRandomness(error.to_string()))
}
