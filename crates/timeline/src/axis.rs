//! By what a history counts knowledge: by when things were known, or by their places in the ledger.
//! By place, a view `known_by(cut(K))` is exactly what a replay of the events up to `K` would show; it says nothing about instants.

use domain::{Envelope, KnownAt, Recorded, Seq};

/// The axis of a history's knowledge.
#[derive(Debug, Default)]
pub(crate) enum Axis {
    /// Instants at which facts were known; claims from their submission.
    #[default]
    Known,
    /// Places in the ledger. Kept beside them: when each event was known, for rules that look at it.
    Place(Vec<KnownAt>),
}

/// The cut after the event at a place, for views of a history by place.
pub fn cut(seq: Seq) -> KnownAt {
    KnownAt::from_micros(i64::try_from(seq.0).unwrap_or(i64::MAX - 1))
}

/// The event at which an answer of a view by place changed; `None` for the beginning.
pub fn place(at: KnownAt) -> Option<Seq> {
    u64::try_from(at.micros()).ok().map(Seq)
}

impl Axis {
    /// Whether knowledge counts by place.
    pub(crate) fn is_by_place(&self) -> bool {
        matches!(self, Axis::Place(_))
    }

    /// When the event at a place was known, if knowledge counts by place.
    pub(crate) fn known(&self, seq: Seq) -> Option<KnownAt> {
        let Axis::Place(known) = self else { return None };
        known.get(usize::try_from(seq.0).ok()?).copied()
    }

    /// An event read again, with its place for a time if knowledge counts by place.
    pub(crate) fn replaced(&mut self, recorded: Recorded) -> Recorded {
        self.placed(&recorded).unwrap_or(recorded)
    }

    /// The event with its place for a time, if knowledge counts by place.
    pub(crate) fn placed(&mut self, recorded: &Recorded) -> Option<Recorded> {
        let Axis::Place(known) = self else { return None };
        let index = usize::try_from(recorded.seq.0).unwrap_or(usize::MAX);
        if index >= known.len() {
            known.resize(index + 1, KnownAt::BEGINNING);
        }
        known[index] = recorded.known_at();
        Some(Recorded {
            seq: recorded.seq,
            recorded_at: cut(recorded.seq),
            envelope: Envelope::default(),
            target: recorded.target,
            event: recorded.event.clone(),
        })
    }
}
