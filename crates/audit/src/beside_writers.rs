//! Judging beside those who append: the writer's lock is taken only to write down what came of it.
//! It never writes down what was judged before somebody was erased, or before another scan: that is judged again.

use std::path::Path;
use std::time::Duration;

use domain::Event;
use domain::event::Ledger as OwnActs;
use ledger::Ledger;

use crate::error::AuditError;

/// How long a command that has something to write down waits for whoever is writing.
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);

/// Judges a ledger as a reader, which keeps nobody from appending, and opens it for writing down what was found. `judge` says how many
/// events it looked at; `stands` says of each event appended meanwhile whether the judgement stands beside it. If one does not, it is
/// judged again, and nobody appends until it is written.
///
/// # Errors
/// Those of `judge`; a ledger that another process is writing for longer than anybody would wait.
pub(crate) fn judged<T>(
    dir: &Path,
    mut judge: impl FnMut(&Ledger) -> Result<(u64, T), AuditError>,
    stands: impl Fn(&Event) -> bool,
) -> Result<(Ledger, T), AuditError> {
    let (size, judgement) = judge(&Ledger::open_reader(dir)?)?;
    let ledger = Ledger::open_within(dir, PATIENCE)?;
    let judgement = if stands_beside(&ledger, size, stands)? { judgement } else { judge(&ledger)?.1 };
    Ok((ledger, judgement))
}

/// Whether every event from `size` on fits; one that cannot be read does not.
pub(crate) fn stands_beside(ledger: &Ledger, size: u64, stands: impl Fn(&Event) -> bool) -> Result<bool, AuditError> {
    let mut all = true;
    let replayed = ledger.replay(size..u64::MAX, |recorded| all &= stands(&recorded.event))?;
    Ok(all && replayed.not_interpreted.is_empty())
}

/// Whether an event is no erasure: what was read before one must not be written after it.
pub(crate) fn is_no_erasure(event: &Event) -> bool {
    !matches!(event, Event::Ledger(OwnActs::SubjectErased(_)))
}

/// Whether an event is what a scan leaves.
pub(crate) fn is_of_a_scan(event: &Event) -> bool {
    matches!(event, Event::Ledger(OwnActs::ScanCompleted(_) | OwnActs::RulePackActivated(_)))
}
