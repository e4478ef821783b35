//! What is wrong with an interchange, said by the place where it is: the segment's number, segment id and element.
//! Knows no file name; whoever opened the file adds it.

use std::fmt;

use domain::field::Mismatch;

/// One problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Number of the segment in the file, from 1.
    pub segment: u64,
    /// Segment id and element as the guides write it: `SV203`, `CLM05-3`; the id alone for the segment as a whole; empty if there is none.
    pub field: String,
    /// What was found and what was wanted.
    pub mismatch: Mismatch,
}

impl Problem {
    /// A problem of a segment.
    pub fn new(segment: u64, field: impl Into<String>, mismatch: Mismatch) -> Self {
        Self { segment, field: field.into(), mismatch }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.segment)?;
        if !self.field.is_empty() {
            write!(f, ", {}", self.field)?;
        }
        write!(f, ": found {}, wanted {}", self.mismatch.found, self.mismatch.wanted)?;
        match &self.mismatch.hint {
            Some(hint) => write!(f, " ({hint})"),
            None => Ok(()),
        }
    }
}

/// Bytes in quotes, as a message shows them; those that are no text are escaped, and there are never many.
pub(crate) fn shown(bytes: &[u8]) -> String {
    const MOST: usize = 60;
    let text = format!("{:?}", String::from_utf8_lossy(&bytes[..bytes.len().min(MOST)]));
    if bytes.len() > MOST { format!("{text}...") } else { text }
}
