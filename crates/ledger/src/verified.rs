//! What a verification says: verified, verified with erased parts, or failed and where; and what it did not check.
//! It refuses to be a single yes: the counts and what was left out stand beside it.

use std::fmt;

use domain::Seq;

use crate::core::Head;
use crate::error::{LedgerError, damaged};

/// The three answers of a verification.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Everything agrees.
    Verified,
    /// Everything agrees; some sealed values can no longer be opened because their subject was erased.
    VerifiedWithErasedParts,
    /// Something does not agree.
    Failed,
}

/// The first thing that does not agree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The first bad event; `None` when it is not about one event.
    pub seq: Option<Seq>,
    /// What does not agree.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.seq {
            Some(seq) => write!(f, "seq {seq}: {}", self.what),
            None => f.write_str(&self.what),
        }
    }
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifyReport {
    /// The head that was verified up to, as stored.
    pub head: Option<Head>,
    /// The first event verified.
    pub from: Seq,
    /// Events verified.
    pub events: u64,
    /// Sealed values whose subject was erased.
    pub erased_values: u64,
    /// Events whose tag or schema this program does not know; their bytes are verified like all others.
    pub not_interpreted: u64,
    /// Signed checkpoints the tree was compared with: whose, and their size.
    pub checkpoints: Vec<(&'static str, u64)>,
    /// What was not checked, in words.
    pub not_checked: Vec<String>,
    /// The first thing that does not agree.
    pub failure: Option<Failure>,
}

impl VerifyReport {
    /// The answer in one word.
    pub fn state(&self) -> State {
        match (&self.failure, self.erased_values) {
            (Some(_), _) => State::Failed,
            (None, 0) => State::Verified,
            (None, _) => State::VerifiedWithErasedParts,
        }
    }

    /// The report, or its failure as an error.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`].
    pub fn into_result(self) -> Result<Self, LedgerError> {
        match &self.failure {
            Some(failure) => Err(damaged(failure.to_string())),
            None => Ok(self),
        }
    }
}
