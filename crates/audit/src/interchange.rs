//! What files may contain, as JSON Schema and as a list of types, for people who write exports.
//! Needs no ledger.

use serde_json::Value;

use crate::error::AuditError;

/// A type of event that can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventType {
    /// Its name, as in `credential_granted`.
    pub name: &'static str,
    /// Its family.
    pub family: &'static str,
    /// What it says.
    pub doc: &'static str,
}

/// Every type that can be imported, in the order of the vocabulary.
pub fn types() -> Vec<EventType> {
    import::schema::types().map(|d| EventType { name: d.schema.name, family: d.schema.family, doc: d.schema.doc.trim() }).collect()
}

/// JSON Schema 2020-12 of one type, or of any line.
///
/// # Errors
/// A name that is not a type that can be imported, with the closest one.
pub fn schema(event_type: Option<&str>) -> Result<Value, AuditError> {
    let Some(name) = event_type else { return Ok(import::schema::of_any()) };
    import::schema::of_type(name).map_err(|p| {
        let what = format!("{} is not {}", p.mismatch.found, p.mismatch.wanted);
        AuditError::asked(what, p.mismatch.hint.unwrap_or_default())
    })
}
