//! Keeping what a recorded scan worked out, for the next one to go on from.
//! A scan that cannot keep it is recorded all the same, and says what the disk said; the next one derives everything again.

use std::collections::BTreeSet;

use compact_str::CompactString;
use ledger::{KeptSection, Ledger, Origin};
use rules::Engine;
use timeline::stored::{Damage, Laid};

use super::state::{self, ACTS, Cleared, FINDINGS, FOUND, HEAD, HISTORY, Head, IDS, READS, SCANS};
use super::Standing;
use crate::error::AuditError;
use crate::scans::past_scan;

/// Events after which the history is written anew: replaying fewer costs less than writing it.
const MANY: u64 = 5_000;
/// Or so much of it: one part in so many.
const PART: u64 = 50;
/// Or so many steps.
const STEPS: usize = 31;

/// Findings, and what they were read from, as bytes.
pub(crate) struct Spelled {
    /// In the parts of [`FOUND`].
    found: Vec<Laid>,
    reads: Laid,
}

/// What is to be kept of a scan, before it is recorded: nothing of it depends on that.
pub(crate) fn spell(engine: &Engine, standing: &Standing) -> Spelled {
    let (kept, history) = (&standing.kept, &standing.loaded.history);
    let (found, reads) = rayon::join(|| kept.store_findings(engine, history, FOUND.len()), || kept.store_reads(history));
    Spelled { found, reads }
}

/// Keeps the state of a scan that was just recorded. `first` says that no scan was recorded before it; where something of what it went on from turns
/// out to be damaged, nothing is kept any more, and the next scan derives everything from the ledger.
///
/// # Errors
/// A directory that cannot be written.
pub(crate) fn keep(ledger: &mut Ledger, engine: &Engine, standing: &Standing, spelled: Spelled, first: bool, damage: &Damage) -> Result<(), AuditError> {
    let Standing { loaded, report, before, line, .. } = standing;
    let size = loaded.frame.size;
    let version = state::version(engine);
    let root = |size| transparency::root(size, |level, index| ledger.tree_hash(level, index));
    let origin = Origin { size, root: root(size)?.0, version };
    // A history that was replayed in full is written whatever was kept.
    let line = line.as_ref().filter(|line| size.saturating_sub(line.base) <= MANY.max(line.base / PART) && line.steps.len() <= STEPS);
    if line.is_none() {
        let Some(sections) = loaded.history.store() else { return Ok(()) };
        if damage.happened() {
            return Ok(ledger.forget_derived(HISTORY)?);
        }
        let sections = sections.into_iter().map(|s| section(s.name, s.laid)).collect();
        ledger.keep_derived(HISTORY, origin.clone(), sections)?;
    }
    let now = state::ids(report);
    let cleared = match before {
        Some(before) => before.cleared.then(state::ids(&before.report), &now),
        None if first => Cleared { complete: true, ids: BTreeSet::new() },
        None => last(ledger, engine, standing)?.map(|(cleared, stood)| cleared.then(stood, &now)).unwrap_or_default(),
    };
    let head = Head::new(line, standing, cleared);
    let (acts, scans) = (ledger.excerpt(loaded.acts.seqs())?, ledger.excerpt(&standing.scans)?);
    let short = |name, front| section(name, Laid { front, pieces: Vec::new() });
    let mut sections = vec![
        short(HEAD, serde_json::to_vec(&head)?),
        short(IDS, serde_json::to_vec(&now)?),
        section(READS, spelled.reads),
        short(ACTS, acts),
        short(SCANS, scans),
    ];
    sections.extend(FOUND.iter().zip(spelled.found).map(|(name, found)| section(name, found)));
    ledger.keep_derived(FINDINGS, origin, sections)?;
    Ok(())
}

fn section(name: &'static str, laid: Laid) -> KeptSection<'static> {
    KeptSection { name, front: laid.front, pieces: laid.pieces }
}

/// What the scan before had cleared and what stood, if everything was judged anew although that was there.
fn last(ledger: &Ledger, engine: &Engine, standing: &Standing) -> Result<Option<(Cleared, BTreeSet<CompactString>)>, AuditError> {
    let Some(file) = ledger.derived(FINDINGS, &state::version(engine)) else { return Ok(None) };
    let Some(seq) = standing.scans.last() else { return Ok(None) };
    let last = ledger.get(*seq)?.as_ref().and_then(past_scan);
    let head = state::head(&file).filter(|head| last.is_some_and(|last| head.frame.is_of(&last)));
    Ok(head.map(|head| head.cleared).zip(state::stood(&file)))
}
