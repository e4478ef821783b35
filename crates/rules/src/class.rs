//! How much a finding weighs, and whether the gap behind it was closed too late.
//! What people decide about a finding is not here: a disposition changes neither class nor status.

use std::fmt;

/// Weight of a finding, heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    /// A claim is or would be at risk.
    Violation,
    /// A curable gap in the record.
    Documentation,
    /// A recommendation or a sign worth a look; never touches a claim.
    Advisory,
}

impl Class {
    /// The word used in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Violation => "violation",
            Class::Documentation => "documentation",
            Class::Advisory => "advisory",
        }
    }

    /// The class of a word.
    pub fn parse(text: &str) -> Option<Self> {
        [Class::Violation, Class::Documentation, Class::Advisory].into_iter().find(|c| c.as_str() == text)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Whether the gap is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Still there.
    Open,
    /// Closed, but only after the first claim was submitted.
    CuredLate,
}

impl Status {
    /// The word used in findings.
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Open => "open",
            Status::CuredLate => "cured_late",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
