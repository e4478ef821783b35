//! Which events name which id: read once from the ledger, so that a trail is found without reading everything again.
//! Holds places only; what an event says is read from the ledger when it is asked for.

use std::collections::BTreeSet;

use domain::ids::IdKind;
use domain::{Recorded, Seq};
use ledger::Ledger;
use rustc_hash::FxHashMap;

use crate::error::AuditError;
use crate::history::trail::{Ids, named};

/// Places of events by the ids they name.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: FxHashMap<(IdKind, String), Vec<Seq>>,
}

impl Index {
    /// Reads the first `size` events.
    pub(super) fn of(ledger: &Ledger, size: u64) -> Result<Self, AuditError> {
        let mut index = Self::default();
        ledger.replay(0..size, |recorded| {
            for id in named(&recorded) {
                let places = index.places.entry(id).or_default();
                if places.last() != Some(&recorded.seq) {
                    places.push(recorded.seq);
                }
            }
        })?;
        Ok(index)
    }

    /// The events that name any of some ids, in ledger order.
    pub(super) fn events(&self, ledger: &Ledger, ids: &Ids) -> Result<Vec<Recorded>, AuditError> {
        let places: BTreeSet<Seq> = ids.iter().filter_map(|id| self.places.get(id)).flatten().copied().collect();
        let mut events = Vec::with_capacity(places.len());
        for seq in places {
            events.extend(ledger.get(seq)?);
        }
        Ok(events)
    }
}
