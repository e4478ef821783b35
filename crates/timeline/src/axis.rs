//! By what a history counts knowledge: by when things were known, or by their places in the ledger.
//! By place, a view `known_by(cut(K))` is exactly what a replay of the events up to `K` would show; it says nothing about instants.

use domain::{Envelope, KnownAt, Recorded, Seq};
use rustc_hash::FxHashMap;

/// The axis of a history's knowledge.
#[derive(Debug, Clone, Default)]
pub(crate) enum Axis {
    /// Instants at which facts were known; claims from their submission.
    #[default]
    Known,
    /// Places in the ledger, from `from` on; everything before is known at every place. Kept beside them: when each event was known, for
    /// rules that look at it.
    Place {
        from: u64,
        known: Vec<KnownAt>,
        /// The same of the few events before `from` that were told anew.
        before: FxHashMap<Seq, KnownAt>,
    },
}

/// Places lie after every instant, so that what was known before places began to count is known at all of them.
const FIRST: i64 = 1 << 62;

/// The cut after the event at a place, for views of a history by place.
pub fn cut(seq: Seq) -> KnownAt {
    KnownAt::from_micros(i64::try_from(seq.0).map_or(i64::MAX - 1, |seq| FIRST.saturating_add(seq)))
}

/// The event at which an answer of a view by place changed; `None` for what was known before places began to count.
pub fn place(at: KnownAt) -> Option<Seq> {
    at.micros().checked_sub(FIRST).and_then(|place| u64::try_from(place).ok()).map(Seq)
}

impl Axis {
    /// By place from a place on.
    pub(crate) fn by_place(from: u64) -> Self {
        Axis::Place { from, known: Vec::new(), before: FxHashMap::default() }
    }

    /// Whether knowledge counts by place.
    pub(crate) fn is_by_place(&self) -> bool {
        matches!(self, Axis::Place { .. })
    }

    /// When the event at a place was known, if knowledge counts by place.
    pub(crate) fn known(&self, seq: Seq) -> Option<KnownAt> {
        let Axis::Place { from, known, before } = self else { return None };
        match seq.0.checked_sub(*from) {
            Some(place) => known.get(usize::try_from(place).ok()?).copied(),
            None => before.get(&seq).copied(),
        }
    }

    /// An event read again, with its place for a time if knowledge counts by place.
    pub(crate) fn replaced(&mut self, recorded: Recorded) -> Recorded {
        self.placed(&recorded).unwrap_or(recorded)
    }

    /// The event with its place for a time, if knowledge counts by place.
    pub(crate) fn placed(&mut self, recorded: &Recorded) -> Option<Recorded> {
        let Axis::Place { from, known, before } = self else { return None };
        if let Some(place) = recorded.seq.0.checked_sub(*from) {
            let index = usize::try_from(place).unwrap_or(usize::MAX);
            if index >= known.len() {
                known.resize(index + 1, KnownAt::BEGINNING);
            }
            known[index] = recorded.known_at();
        } else {
            before.insert(recorded.seq, recorded.known_at());
        }
        Some(Recorded {
            seq: recorded.seq,
            recorded_at: cut(recorded.seq),
            envelope: Envelope::default(),
            target: recorded.target,
            event: recorded.event.clone(),
        })
    }
}
