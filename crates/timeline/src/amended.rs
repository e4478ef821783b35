//! Which events were amended, when each was known first, and by what: in stretches of the ledger, of which a question reads those it asks about.
//! What an amendment makes of an event is not known here.

use domain::{KnownAt, Seq};
use rustc_hash::FxHashMap;

use crate::stored::{Input, Later, Output, Stored};

/// Events of a stretch. In tests so few that stories have several.
const STRETCH: u64 = if cfg!(test) { 4 } else { 1 << 16 };

/// Amendments of one event.
#[derive(Debug, Clone)]
pub(crate) struct Amended {
    /// When the event itself was known.
    pub(crate) known: KnownAt,
    /// Every correction and retraction that ever touched it, including retractions of those.
    pub(crate) all: Vec<Seq>,
    /// Those in force when everything is known.
    pub(crate) shaping: Vec<Seq>,
}

/// Amended events by their places.
#[derive(Debug, Clone, Default)]
pub(crate) struct AmendedEvents {
    stretches: Vec<Later<FxHashMap<Seq, Amended>>>,
}

fn stretch(seq: Seq) -> usize {
    usize::try_from(seq.0 / STRETCH).unwrap_or(usize::MAX)
}

impl AmendedEvents {
    pub(crate) fn get(&self, seq: Seq) -> Option<&Amended> {
        self.stretches.get(stretch(seq))?.get().get(&seq)
    }

    /// What an event's amendments are now. The event is one of the ledger, so that stretches are no more than its events.
    pub(crate) fn insert(&mut self, seq: Seq, amended: Amended) {
        let at = stretch(seq);
        if at >= self.stretches.len() {
            self.stretches.resize_with(at.saturating_add(1), Later::default);
        }
        self.stretches[at].change(|events| events.insert(seq, amended));
    }

    pub(crate) fn remove(&mut self, seq: Seq) {
        if let Some(events) = self.stretches.get_mut(stretch(seq)) {
            events.change(|events| events.remove(&seq));
        }
    }
}

/// Each stretch by itself.
impl Stored for AmendedEvents {
    fn put(&self, out: &mut Output<'_>) {
        self.stretches.put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Some(Self { stretches: Stored::take(input)? })
    }
}

/// Amendments by what they amend, sorted.
impl Stored for FxHashMap<Seq, Amended> {
    fn put(&self, out: &mut Output<'_>) {
        let mut entries: Vec<_> = self.iter().collect();
        entries.sort_unstable_by_key(|(seq, _)| **seq);
        out.number(entries.len() as u64);
        for (seq, amended) in entries {
            seq.put(out);
            amended.put(out);
        }
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        (0..input.count(1 + Amended::LEAST)?).map(|_| Stored::take(input)).collect()
    }
}
