//! Replays the drafts of a case as a simulated ledger would hold them, without a ledger.
//! Refuses nothing: what a ledger refuses is tested on a real one.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::ids::TargetRef;
use domain::{Draft, KnownAt, Recorded, Seq, ValidDay};
use rules::{Engine, Report};
use timeline::{History, Timeline};

/// Gives each draft its place (from 1; 0 is the opening) and resolves what corrections point at.
///
/// # Errors
/// A correction of something that was not told before.
pub fn record(drafts: Vec<Draft>) -> Result<Vec<Recorded>> {
    let mut by_source: BTreeMap<String, Seq> = BTreeMap::new();
    let mut recorded = Vec::new();
    for (place, draft) in (1..).zip(drafts) {
        let seq = Seq(place);
        let resolve = |target: &TargetRef| -> Result<Seq> {
            by_source.get(target.as_str()).copied().or_else(|| target.as_seq()).with_context(|| format!("nothing is called {target}"))
        };
        let target = draft.event.amends().map(resolve).transpose()?;
        if let Some(source) = &draft.envelope.source_id {
            by_source.insert(source.as_str().to_owned(), seq);
        }
        let recorded_at = draft.recorded_at.context("a case says when each line was recorded")?;
        recorded.push(Recorded { seq, recorded_at, envelope: draft.envelope, target, event: draft.event });
    }
    Ok(recorded)
}

/// The history as recorded by an instant.
pub fn history(recorded: &[Recorded], cut: KnownAt) -> History {
    let inside = || recorded.iter().filter(|r| r.recorded_at <= cut);
    let mut timeline = Timeline::new(inside().filter_map(|r| r.target));
    for event in inside() {
        timeline.apply(event);
    }
    timeline.settle()
}

/// The findings of a rule set at a cut, on a day.
pub fn judge(engine: &Engine, recorded: &[Recorded], cut: KnownAt, today: ValidDay) -> Report {
    engine.run(&history(recorded, cut), today)
}
