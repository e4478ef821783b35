//! A mapping proposed from the names of columns and their first values, written so that a person can finish it.
//! Everything unsure is marked with `?`; what is proposed loads, but what lacks a required field reads nothing until it is said.

mod propose;
mod sample;
mod synonyms;
mod write;

use std::path::Path;

use crate::problem::Problems;

/// Proposes a mapping file for a workbook or CSV file.
///
/// # Errors
/// A file that cannot be read or has no table.
pub fn guess(path: &Path) -> Result<String, Problems> {
    let samples = sample::samples(path)?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(write::toml(&name, &samples))
}
