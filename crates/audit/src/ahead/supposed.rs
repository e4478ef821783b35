//! Events of a file as the ledger would record them, without recording them.
//! Takes the place each would have from the import's own checks; a file with a problem supposes nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use domain::{Draft, KnownAt, Recorded, Seq, TargetRef};
use ledger::{Ledger, Outcome};

use crate::error::AuditError;
use crate::intake::{self, Intake, IntakeOptions};

/// A file's events, checked.
#[derive(Debug)]
pub struct Supposed {
    /// What the import's checks said.
    pub intake: Intake,
    /// Events that would be appended, as they would be recorded.
    pub(crate) further: Vec<Recorded>,
    /// Events of the file that are there already, by their place.
    pub(crate) there: Vec<(Seq, Draft)>,
}

impl Supposed {
    /// The last moment recorded, these events included.
    pub(crate) fn last_at(&self) -> Option<KnownAt> {
        self.further.iter().map(|r| r.recorded_at).max()
    }
}

/// Reads and checks files.
///
/// # Errors
/// A ledger that cannot be opened. Bad input is no error: the intake says what is wrong with it.
pub fn suppose(dir: &Path, paths: &[PathBuf], options: &IntakeOptions) -> Result<Supposed, AuditError> {
    let mut new = Vec::new();
    let mut there = Vec::new();
    let intake = intake::preview(dir, paths, options, &mut |outcome, draft| match outcome {
        Outcome::Appended(seq) => new.push((seq, draft.clone())),
        Outcome::AlreadyThere(seq) => there.push((seq, draft.clone())),
        Outcome::Refused(_) => {}
    })?;
    let ledger = Ledger::open_reader(dir)?;
    // The ledger's clock never stands still between commits.
    let clock = KnownAt::from_micros(options.now.micros().max(ledger.head()?.recorded_at.micros().saturating_add(1)));
    let mut sources = BTreeMap::new();
    let mut further = Vec::new();
    for (seq, draft) in new {
        let target = match draft.event.amends() {
            Some(target) => find(&ledger, &sources, target)?,
            None => None,
        };
        if let Some(source) = &draft.envelope.source_id {
            sources.insert(source.as_str().to_owned(), seq);
        }
        let recorded_at = draft.recorded_at.unwrap_or(clock);
        further.push(Recorded { seq, recorded_at, envelope: draft.envelope, target, event: draft.event });
    }
    Ok(Supposed { intake, further, there })
}

/// The event a reference points at: a source id first, of the file or the ledger, then `seq:<n>` (events.md).
fn find(ledger: &Ledger, sources: &BTreeMap<String, Seq>, target: &TargetRef) -> Result<Option<Seq>, AuditError> {
    if let Some(seq) = sources.get(target.as_str()) {
        return Ok(Some(*seq));
    }
    let there = match domain::SourceId::parse(target.as_str()) {
        Ok(source) => ledger.lookup_source(&source)?,
        Err(_) => None,
    };
    Ok(there.or_else(|| target.as_seq()))
}
