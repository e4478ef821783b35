//! Events of a few types as they stand inside a cut: corrected by their corrections, without those retracted.
//! For what no rule looks at and the timeline therefore does not keep; it stores nothing and orders by the ledger.

use std::collections::BTreeMap;

use domain::event::{Event, EventCorrected, EventRetracted, EventTag, Findings};
use domain::{Recorded, Seq};
use ledger::{Ledger, Query};

use crate::error::AuditError;

/// Reads the events of these types among the first `size`, each with what it says now, in the order of the ledger.
///
/// # Errors
/// A ledger that cannot be read.
pub(crate) fn settled(ledger: &Ledger, types: &[EventTag], size: u64) -> Result<Vec<(Recorded, Event)>, AuditError> {
    let all = types.iter().copied().chain([EventCorrected::SCHEMA.tag, EventRetracted::SCHEMA.tag]).collect();
    let mut events: BTreeMap<Seq, Recorded> = BTreeMap::new();
    ledger.find(&Query { types: all, subject: None }, |recorded| {
        let amends = recorded.target.is_some_and(|target| events.contains_key(&target));
        if recorded.seq.0 < size && (amends || types.contains(&recorded.event.schema().tag)) {
            events.insert(recorded.seq, recorded);
        }
    })?;
    let mut amendments: BTreeMap<Seq, Vec<Seq>> = BTreeMap::new();
    for recorded in events.values() {
        if let Some(target) = recorded.target {
            amendments.entry(target).or_default().push(recorded.seq);
        }
    }
    let standing = |recorded: &&Recorded| types.contains(&recorded.event.schema().tag) && !retracted(&events, &amendments, recorded.seq);
    Ok(events.values().filter(standing).map(|recorded| (recorded.clone(), corrected(&events, &amendments, recorded))).collect())
}

fn on<'e>(events: &'e BTreeMap<Seq, Recorded>, amendments: &'e BTreeMap<Seq, Vec<Seq>>, target: Seq) -> impl Iterator<Item = &'e Recorded> {
    amendments.get(&target).into_iter().flatten().filter_map(|seq| events.get(seq))
}

fn retracted(events: &BTreeMap<Seq, Recorded>, amendments: &BTreeMap<Seq, Vec<Seq>>, target: Seq) -> bool {
    // A retraction lies after what it retracts, so this ends.
    on(events, amendments, target)
        .any(|by| matches!(by.event, Event::Findings(Findings::EventRetracted(_))) && !retracted(events, amendments, by.seq))
}

fn corrected(events: &BTreeMap<Seq, Recorded>, amendments: &BTreeMap<Seq, Vec<Seq>>, recorded: &Recorded) -> Event {
    let mut event = recorded.event.clone();
    for amendment in on(events, amendments, recorded.seq) {
        if let Event::Findings(Findings::EventCorrected(e)) = &amendment.event
            && !retracted(events, amendments, amendment.seq)
        {
            // A correction that no longer fits together with others changes nothing, as for every other event.
            event = event.corrected(&e.fields.0).unwrap_or(event);
        }
    }
    event
}
