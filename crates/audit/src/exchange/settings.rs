//! `x12.toml` in the ledger's directory, and the members' file it may name.
//! Refuses what it does not understand, with the file's name; nothing of it enters the ledger.

use std::path::Path;

use x12::Mapping;

use crate::beside::if_there;
use crate::error::AuditError;

/// Its name.
const FILE: &str = "x12.toml";

/// Reads the settings; none if there is no file.
///
/// # Errors
/// A file that is there and cannot be read or meant.
pub(super) fn load(ledger: &Path) -> Result<Option<Mapping>, AuditError> {
    let path = ledger.join(FILE);
    let Some(text) = if_there(std::fs::read_to_string(&path)).map_err(AuditError::at(&path))? else { return Ok(None) };
    let wrong = |file: &Path, what: String| AuditError::asked(format!("{}: {what}", file.display()), "docs/x12.md describes the settings");
    let mut mapping = Mapping::parse(&text).map_err(|what| wrong(&path, what.trim_end().to_owned()))?;
    if let Some(name) = mapping.members_file().map(str::to_owned) {
        let members = ledger.join(&name);
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(&members).map_err(|error| wrong(&members, error.to_string()))?;
        let header = reader.headers().map_err(|error| wrong(&members, error.to_string()))?;
        if header != ["member", "individual"].as_slice() {
            let found = header.iter().collect::<Vec<_>>().join(",");
            return Err(wrong(&members, format!("found the columns {found:?}, wanted member,individual")));
        }
        for row in reader.records() {
            let row = row.map_err(|error| wrong(&members, error.to_string()))?;
            let line = row.position().map_or(0, csv::Position::line);
            let (member, individual) = (row.get(0).unwrap_or_default(), row.get(1).unwrap_or_default());
            mapping.add_member(member, individual).map_err(|what| wrong(&members, format!("line {line}: {what}")))?;
        }
    }
    Ok(Some(mapping))
}
