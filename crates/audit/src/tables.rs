//! Foreign tables looked at before anything is imported: what a mapping makes of the first rows, and a mapping proposed from a header.
//! Needs no ledger and appends nothing.

use std::path::{Path, PathBuf};

use import::Problems;
pub use import::{Preview, PreviewRow, PreviewTable};

use crate::intake::mappings;

/// The first `rows` rows of every table of a file as events.
///
/// # Errors
/// Problems of the mapping files themselves; required fields that they lack are in the preview.
pub fn preview(file: &Path, maps: &[PathBuf], rows: usize) -> Result<Preview, Problems> {
    let mut gaps = Problems::new(1_000);
    let loaded = mappings(maps, &mut gaps, false);
    if gaps.is_empty() { Ok(import::preview(file, &loaded, rows)) } else { Err(gaps) }
}

/// An event as a line of the interchange.
pub fn line(draft: &domain::Draft) -> String {
    import::write_jsonl(draft)
}

/// A mapping file proposed for a foreign table.
///
/// # Errors
/// A file that cannot be read or has no table.
pub fn guess(file: &Path) -> Result<String, Problems> {
    import::guess(file)
}
