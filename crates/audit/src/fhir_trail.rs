//! The ledger's trail as FHIR R4 resources, for a record system that shows what was recorded about its own.
//! Gives places, times and types; no payload, and nobody who is served.

use std::path::Path;

use domain::Recorded;
use ledger::{Ledger, Query};
use serde_json::Value;

use crate::error::AuditError;

/// Hands on an AuditEvent for every event about a subject, or for all, and a Provenance for those that are about a resource; in ledger order.
///
/// # Errors
/// A ledger that cannot be read.
pub fn fhir_trail(dir: &Path, subject: Option<&str>, mut take: impl FnMut(Value)) -> Result<(), AuditError> {
    let ledger = Ledger::open_reader(dir)?;
    let origin = ledger.genesis().origin().to_owned();
    ledger.find(&Query { types: Vec::new(), subject: subject.map(str::to_owned) }, |recorded: Recorded| {
        take(fhir::audit_event(&origin, &recorded));
        if let Some(provenance) = fhir::provenance(&recorded) {
            take(provenance);
        }
    })?;
    Ok(())
}
