//! What can be wrong with the settings, the secrets and the outbox of unattended runs.
//! A delivery that fails is not an error: it is an outcome, kept in the outbox and told.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why nothing can be sent or kept.
#[derive(Debug, Error)]
pub enum NotifyError {
    /// A file operation failed.
    #[error("{}: {source}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The settings are not what they must be.
    #[error("{}{}: {what}", path.display(), line.map_or_else(String::new, |n| format!(":{n}")))]
    Settings {
        /// The file.
        path: PathBuf,
        /// The line, where one is to blame.
        line: Option<usize>,
        /// What is the matter.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A secret cannot be used.
    #[error("{}: {what}", path.display())]
    Secret {
        /// The file.
        path: PathBuf,
        /// What is the matter.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A message in the outbox cannot be read.
    #[error("{}: {what}", path.display())]
    Outbox {
        /// The file.
        path: PathBuf,
        /// What is the matter.
        what: String,
    },
}

impl NotifyError {
    /// What to do about it, when the message does not say so itself.
    pub fn hint(&self) -> Option<&str> {
        match self {
            NotifyError::Settings { hint, .. } | NotifyError::Secret { hint, .. } => Some(hint),
            NotifyError::Io { .. } => None,
            NotifyError::Outbox { .. } => Some("move the file away; the run after that makes the message again if it was the last scan's"),
        }
    }
}

/// Adds the path to a system error.
pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> NotifyError {
    let path = path.to_owned();
    |source| NotifyError::Io { path, source }
}
