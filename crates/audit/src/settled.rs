//! Events as they stand inside a cut: corrected by their corrections, without those retracted.
//! For what no rule looks at and the timeline therefore does not keep; it stores nothing and orders by the ledger.

use std::collections::BTreeMap;

use domain::event::{Event, EventCorrected, EventRetracted, EventTag, Findings};
use domain::{Recorded, Seq};
use ledger::{Ledger, Query};

use crate::error::AuditError;

/// Events that were entered, and what amends them, in ledger order.
#[derive(Debug, Default)]
pub(crate) struct Entered {
    events: BTreeMap<Seq, Recorded>,
    /// Target to amendments.
    on: BTreeMap<Seq, Vec<Seq>>,
}

impl Entered {
    /// Takes an event if it is `wanted`, or amends one that was taken; an amendment comes after what it amends.
    pub(crate) fn take(&mut self, recorded: &Recorded, wanted: impl FnOnce(&Event) -> bool) {
        if let Some(target) = recorded.target.filter(|target| self.events.contains_key(target)) {
            self.on.entry(target).or_default().push(recorded.seq);
        } else if !wanted(&recorded.event) {
            return;
        }
        self.events.insert(recorded.seq, recorded.clone());
    }

    /// Everything taken.
    pub(crate) fn seqs(&self) -> Vec<Seq> {
        self.events.keys().copied().collect()
    }

    /// The events themselves, each with what it says now; nothing for one that was retracted.
    pub(crate) fn standing(&self) -> impl Iterator<Item = (&Recorded, Option<Event>)> {
        let entered = self.events.values().filter(|recorded| recorded.target.is_none());
        entered.map(|recorded| (recorded, (!self.retracted(recorded.seq)).then(|| self.corrected(recorded))))
    }

    fn on(&self, target: Seq) -> impl Iterator<Item = &Recorded> {
        self.on.get(&target).into_iter().flatten().filter_map(|seq| self.events.get(seq))
    }

    fn retracted(&self, target: Seq) -> bool {
        // An amendment targets only earlier events, so this ends.
        self.on(target).any(|by| matches!(by.event, Event::Findings(Findings::EventRetracted(_))) && !self.retracted(by.seq))
    }

    fn corrected(&self, recorded: &Recorded) -> Event {
        let mut event = recorded.event.clone();
        for amendment in self.on(recorded.seq) {
            if let Event::Findings(Findings::EventCorrected(e)) = &amendment.event
                && !self.retracted(amendment.seq)
            {
                // A correction that no longer fits together with others changes nothing, as for every other event.
                event = event.corrected(&e.fields.0).unwrap_or(event);
            }
        }
        event
    }
}

/// Reads the events of these types among the first `size`, each with what it says now, in the order of the ledger.
///
/// # Errors
/// A ledger that cannot be read.
pub(crate) fn settled(ledger: &Ledger, types: &[EventTag], size: u64) -> Result<Vec<(Recorded, Event)>, AuditError> {
    let all = types.iter().copied().chain([EventCorrected::SCHEMA.tag, EventRetracted::SCHEMA.tag]).collect();
    let mut entered = Entered::default();
    ledger.find(&Query { types: all, subject: None }, |recorded| {
        if recorded.seq.0 < size {
            entered.take(&recorded, |event| types.contains(&event.schema().tag));
        }
    })?;
    Ok(entered.standing().filter_map(|(recorded, event)| Some((recorded.clone(), event?))).collect())
}
