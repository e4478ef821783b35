//! Keeping what a recorded scan worked out, for the next one to go on from.
//! A failure to keep it is no failure of the scan: the next one derives everything again.

use std::collections::BTreeSet;

use ledger::{Ledger, Origin};
use rules::Engine;

use super::state::{self, ACTS, Cleared, FINDINGS, HEAD, HISTORY, Head, KEPT, SCANS};
use super::Standing;
use crate::error::AuditError;

/// Events after which the history is written anew: replaying fewer costs less than writing it.
const MANY: u64 = 5_000;
/// Or so much of it: one part in so many.
const PART: u64 = 50;

/// Keeps the state of a scan that was just recorded. `first` says that no scan was recorded before it.
///
/// # Errors
/// A directory that cannot be written.
pub(crate) fn keep(ledger: &mut Ledger, engine: &Engine, standing: &Standing, first: bool) -> Result<(), AuditError> {
    let Standing { loaded, report, kept, before, base, .. } = standing;
    let size = loaded.frame.size;
    let version = state::version(engine);
    let root = |size| transparency::root(size, |level, index| ledger.tree_hash(level, index));
    let origin = Origin { size, root: root(size)?.0, version };
    // A history that was replayed in full is written whatever was kept.
    let base = base.filter(|base| size.saturating_sub(*base) <= MANY.max(base / PART));
    if base.is_none() {
        let Some(sections) = loaded.history.store() else { return Ok(()) };
        let sections: Vec<(&str, &[u8])> = sections.iter().map(|s| (s.name, s.bytes.as_slice())).collect();
        ledger.keep_derived(HISTORY, origin.clone(), &sections)?;
    }
    let cleared = match before {
        None => Cleared { complete: first, ids: BTreeSet::new() },
        Some(before) => {
            let mut ids = before.cleared.ids.clone();
            ids.extend(before.report.findings.iter().map(|f| f.id.clone()));
            report.findings.iter().for_each(|f| {
                ids.remove(&f.id);
            });
            Cleared { complete: before.cleared.complete, ids }
        }
    };
    let head = Head::new(base.unwrap_or(size), standing, cleared);
    let (acts, scans) = (ledger.excerpt(loaded.acts.seqs())?, ledger.excerpt(&standing.scans)?);
    let sections: [(&str, &[u8]); 4] =
        [(HEAD, &serde_json::to_vec(&head)?), (KEPT, &kept.store(engine, &loaded.history)), (ACTS, &acts), (SCANS, &scans)];
    ledger.keep_derived(FINDINGS, origin, &sections)?;
    Ok(())
}
