//! What can go wrong between a command and its answer, and what kind of trouble it is.
//! A violation is never an error: findings are values.

use std::path::Path;

use ledger::LedgerError;
use thiserror::Error;

/// The kind of trouble, by which a front end chooses an exit code or a status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// What was asked for cannot be: a wrong option, an unknown id, an unreadable path.
    Usage,
    /// Input data were refused.
    Data,
    /// Another process is writing, the head moved, or the key of an event stands for another fact.
    Busy,
    /// The evidence is bad: something does not agree with what was signed.
    Evidence,
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The ledger.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The rules or their parameters.
    #[error(transparent)]
    Rules(#[from] rules::ParamError),
    /// Something asked for is not there or not possible.
    #[error("{what}")]
    Asked {
        /// What was asked, and what is the matter.
        what: String,
        /// What to do.
        hint: String,
    },
    /// A file operation outside the ledger failed.
    #[error("{path}: {source}")]
    Io {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// Input was refused; the problems say why.
    #[error("{0}")]
    Refused(String),
    /// The same key stands for another fact already.
    #[error("{0}")]
    Conflict(String),
    /// What somebody else said does not agree with what is signed.
    #[error("{0}")]
    Evidence(String),
    /// Something could not be written as JSON.
    #[error("the answer cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl AuditError {
    /// A failure of the system at a file or folder.
    pub fn at(path: &Path) -> impl Fn(std::io::Error) -> AuditError + '_ {
        move |source| AuditError::Io { path: path.display().to_string(), source }
    }

    /// Something asked for is not there or not possible.
    pub fn asked(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Asked { what: what.into(), hint: hint.into() }
    }

    /// The kind of trouble.
    pub fn fault(&self) -> Fault {
        match self {
            AuditError::Refused(_) => Fault::Data,
            AuditError::Conflict(_) => Fault::Busy,
            AuditError::Evidence(_) => Fault::Evidence,
            AuditError::Rules(_) | AuditError::Asked { .. } | AuditError::Io { .. } | AuditError::Json(_) => Fault::Usage,
            AuditError::Ledger(error) => ledger_fault(error),
        }
    }

    /// What to do about it, when the message does not say so itself.
    pub fn hint(&self) -> Option<&str> {
        match self {
            AuditError::Asked { hint, .. } => Some(hint),
            AuditError::Ledger(error) => way_out(error),
            AuditError::Rules(_) | AuditError::Io { .. } | AuditError::Refused(_) | AuditError::Conflict(_) | AuditError::Evidence(_) | AuditError::Json(_) => None,
        }
    }
}

/// What to do where a ledger cannot go on by itself.
pub(crate) fn way_out(error: &LedgerError) -> Option<&'static str> {
    if matches!(error, LedgerError::RolledBack { .. }) {
        Some("move this database away and put a newer backup in its place with `countersign restore`; docs/operations.md says what to do when there is none")
    } else if matches!(error, LedgerError::Rewritten { .. } | LedgerError::Damaged(_)) {
        Some("keep this copy, and put a backup beside it with `countersign restore` (docs/operations.md)")
    } else if matches!(error, LedgerError::NotALedger(_)) {
        Some("one that lies elsewhere is named with --ledger DIR or in COUNTERSIGN_LEDGER; that of the demo is countersign-demo/ledger")
    } else {
        None
    }
}

/// A ledger's error where drafts were appended: refusals are said in their own words.
pub(crate) fn appending(error: LedgerError) -> AuditError {
    if let LedgerError::Refused(refused) = &error {
        let said = refused.iter().map(|r| r.refusal.to_string()).collect::<Vec<_>>().join("\n");
        let conflict = refused.iter().all(|r| matches!(r.refusal, ledger::Refusal::Conflict { .. }));
        return if conflict { AuditError::Conflict(said) } else { AuditError::Refused(said) };
    }
    error.into()
}

fn ledger_fault(error: &LedgerError) -> Fault {
    if matches!(error, LedgerError::Locked { .. } | LedgerError::HeadMoved { .. }) {
        Fault::Busy
    } else if matches!(error, LedgerError::RolledBack { .. } | LedgerError::Rewritten { .. } | LedgerError::Damaged(_)) {
        Fault::Evidence
    } else if matches!(error, LedgerError::Refused(_)) {
        Fault::Data
    } else {
        Fault::Usage
    }
}
