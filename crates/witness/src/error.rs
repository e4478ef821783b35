//! What can go wrong with a witness as a whole, said with which file and what to do.
//! Refuses to carry what is wrong with a request: that is a [`crate::Refusal`], and the witness goes on.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a witness cannot start or go on.
#[derive(Debug, Error)]
pub enum WitnessError {
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Another process keeps this state.
    #[error("another witness is using {}; a log is safe with one keeper only", .0.display())]
    InUse(PathBuf),
    /// What was remembered is not what was written.
    #[error("{}: {what}. A witness that forgot what it saw must not go on: restore the file, or retire the witness and its key", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// What is the matter.
        what: String,
    },
    /// A key cannot be used.
    #[error("{0}")]
    Key(String),
    /// The address cannot be listened on.
    #[error("{address}: {source}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        #[source]
        source: io::Error,
    },
}

/// Adds the path to a system error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> WitnessError {
    let path = path.to_owned();
    |source| WitnessError::Io { path, source }
}
