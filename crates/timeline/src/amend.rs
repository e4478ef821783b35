//! Corrections and retractions: what an amended event said at each stretch of knowledge time.
//! Decides nothing about belief beyond events.md: the latest correction of a field wins, a retracted event never counts
//! again unless its retraction is retracted.

use std::collections::{BTreeMap, BTreeSet};

use domain::event::{Event, Findings};
use domain::field::Raw;
use domain::{KnownAt, Recorded, Seq};

use crate::row::Span;

/// What an amendment does to its target.
#[derive(Debug)]
enum Effect {
    Correct(Vec<(String, Raw<'static>)>),
    Retract,
}

#[derive(Debug)]
struct Amendment {
    known: KnownAt,
    effect: Effect,
}

/// Events set aside because something amends them, and the amendments themselves.
#[derive(Debug, Default)]
pub(crate) struct Amendments {
    /// Originals of amended events that are facts; amendments that are themselves amended need no original.
    originals: BTreeMap<Seq, Recorded>,
    amendments: BTreeMap<Seq, Amendment>,
    /// Target to amendments in ledger order.
    on: BTreeMap<Seq, BTreeSet<Seq>>,
}

/// What an event said during one stretch of knowledge time, and the corrections that made it say so.
#[derive(Debug)]
pub(crate) struct Version {
    pub(crate) span: Span,
    pub(crate) event: Event,
}

impl Amendments {
    /// Sets an event aside until everything that amends it is known.
    pub(crate) fn hold(&mut self, recorded: &Recorded) {
        self.originals.insert(recorded.seq, recorded.clone());
    }

    /// Takes a correction or retraction; other events are not amendments and are left alone.
    pub(crate) fn take(&mut self, recorded: &Recorded) {
        let Event::Findings(event) = &recorded.event else { return };
        let effect = if let Findings::EventCorrected(e) = event {
            Effect::Correct(e.fields.0.clone())
        } else if let Findings::EventRetracted(_) = event {
            Effect::Retract
        } else {
            return;
        };
        // An amendment of something later, or of itself, could not be followed to an end. The ledger has none.
        let Some(target) = recorded.target.filter(|target| *target < recorded.seq) else { return };
        self.amendments.insert(recorded.seq, Amendment { known: recorded.known_at(), effect });
        self.on.entry(target).or_default().insert(recorded.seq);
    }

    /// Everything that amendments taken so far point at.
    pub(crate) fn targets(&self) -> Vec<Seq> {
        self.on.keys().copied().collect()
    }

    /// Whether this amendment was taken.
    pub(crate) fn has(&self, amendment: Seq) -> bool {
        self.amendments.contains_key(&amendment)
    }

    /// The original set aside, if it was.
    pub(crate) fn held(&self, seq: Seq) -> Option<&Recorded> {
        self.originals.get(&seq)
    }

    /// The originals set aside, in ledger order.
    pub(crate) fn originals(&self) -> impl Iterator<Item = &Recorded> {
        self.originals.values()
    }

    /// Amendments of an event, including those of its retractions, in ledger order.
    pub(crate) fn all_on(&self, target: Seq) -> Vec<Seq> {
        let mut found = Vec::new();
        let mut open = vec![target];
        while let Some(seq) = open.pop() {
            for amendment in self.on.get(&seq).into_iter().flatten() {
                found.push(*amendment);
                open.push(*amendment);
            }
        }
        found.sort_unstable();
        found
    }

    fn direct(&self, target: Seq) -> impl Iterator<Item = (Seq, &Amendment)> {
        self.on.get(&target).into_iter().flatten().filter_map(|s| self.amendments.get(s).map(|a| (*s, a)))
    }

    /// Whether an amendment is in force when everything known up to `at` is known. An amendment targets only earlier events,
    /// so this ends.
    fn in_force(&self, seq: Seq, amendment: &Amendment, at: KnownAt) -> bool {
        amendment.known <= at && !self.retracted(seq, at)
    }

    fn retracted(&self, target: Seq, at: KnownAt) -> bool {
        self.direct(target).any(|(seq, a)| matches!(a.effect, Effect::Retract) && self.in_force(seq, a, at))
    }

    fn corrected(&self, original: &Recorded, at: KnownAt) -> Event {
        let mut event = original.event.clone();
        for (seq, amendment) in self.direct(original.seq) {
            if let Effect::Correct(changes) = &amendment.effect
                && self.in_force(seq, amendment, at)
            {
                // The ledger accepted this correction against the original; together with others it may no longer
                // fit (an end moved before a moved start). History is not refused: it then changes nothing.
                event = event.corrected(changes).unwrap_or(event);
            }
        }
        event
    }

    /// What the event said over knowledge time: versions with adjoining spans, gaps where it was retracted.
    /// `base` is when the original counts as known (a claim: its submission).
    pub(crate) fn versions(&self, original: &Recorded, base: impl Fn(&Event) -> KnownAt) -> Vec<Version> {
        let settled = self.corrected(original, KnownAt::END);
        let known = base(&settled);
        let mut times: Vec<KnownAt> = self.all_on(original.seq).iter().filter_map(|s| self.amendments.get(s)).map(|a| a.known).collect();
        times.push(known);
        times.retain(|t| *t >= known);
        times.sort_unstable();
        times.dedup();
        let mut versions: Vec<Version> = Vec::new();
        for (i, from) in times.iter().enumerate() {
            if self.retracted(original.seq, *from) {
                continue;
            }
            let until = times.get(i + 1).copied().unwrap_or(KnownAt::END);
            let event = self.corrected(original, *from);
            match versions.last_mut() {
                Some(last) if last.span.until == *from && last.event == event => last.span.until = until,
                Some(_) | None => versions.push(Version { span: Span { from: *from, until }, event }),
            }
        }
        versions
    }

    /// Corrections and un-retracted history that shape an event when everything is known: for evidence.
    pub(crate) fn shaping(&self, target: Seq) -> Vec<Seq> {
        self.direct(target).filter(|(s, a)| self.in_force(*s, a, KnownAt::END)).map(|(s, _)| s).collect()
    }
}
