//! Why a workbook is not read, in the three parts every problem has: what was found, what was wanted, what to do.
//! Carries no place: whoever opened the file knows its name.

use std::fmt;

/// A workbook, or the rest of one, that is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What was there.
    pub found: String,
    /// What should have been there.
    pub wanted: String,
    /// What to do about it.
    pub hint: String,
}

impl Refusal {
    pub(crate) fn new(found: impl Into<String>, wanted: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { found: found.into(), wanted: wanted.into(), hint: hint.into() }
    }

    /// Something a library said about the bytes of the file.
    pub(crate) fn damaged(said: impl fmt::Display) -> Self {
        Self::new(format!("a workbook that cannot be read ({said})"), "a whole workbook", "open it in a spreadsheet program and save it again as XLSX")
    }

    pub(crate) fn too_large(found: impl Into<String>, wanted: impl Into<String>) -> Self {
        Self::new(found, wanted, "split the export by month, or export it as CSV, which may be of any size")
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "found {}, wanted {} ({})", self.found, self.wanted, self.hint)
    }
}

impl std::error::Error for Refusal {}
