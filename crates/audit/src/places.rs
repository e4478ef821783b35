//! Where events stand in the ledger: by the ids they name, and by the instant from which they count. Read once, so that nothing is replayed for a page.
//! Holds numbers only; what an event says is read from the ledger when it is asked for, and a number that two ids share is sorted out then.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use domain::event::{Claims, Event};
use domain::ids::IdKind;
use domain::{KnownAt, Recorded, Seq};
use ledger::Ledger;
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHasher;

use crate::error::AuditError;
use crate::history::trail::{Ids, each_named, named};

/// What an event is found by.
#[derive(Hash)]
enum Mark<'i> {
    Id(IdKind, &'i str),
    CountsFrom(i64),
    Setting,
}

impl Mark<'_> {
    fn number(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// The marks of some events that stand one after the other in the ledger.
#[derive(Debug, Default)]
struct Stretch {
    /// Numbers of marks, ascending, and beside each the place of an event, ascending within one mark.
    marks: Vec<u64>,
    seqs: Vec<u32>,
}

impl Stretch {
    fn of(mut pairs: Vec<(u64, u32)>) -> Self {
        pairs.par_sort_unstable();
        pairs.dedup();
        let (marks, seqs) = pairs.into_iter().unzip();
        Self { marks, seqs }
    }

    fn pairs(&self) -> impl Iterator<Item = (u64, u32)> {
        self.marks.iter().copied().zip(self.seqs.iter().copied())
    }

    fn at(&self, mark: u64) -> &[u32] {
        let from = self.marks.partition_point(|m| *m < mark);
        let count = self.marks.get(from..).map_or(0, |rest| rest.partition_point(|m| *m == mark));
        self.seqs.get(from..from + count).unwrap_or(&[])
    }
}

/// Where the first events of a ledger stand.
#[derive(Debug, Clone, Default)]
pub(crate) struct Places {
    size: u64,
    /// In ledger order. A later state of the same ledger shares those of an earlier one.
    stretches: Vec<Arc<Stretch>>,
}

/// Short stretches kept side by side; more are put together.
const SIDE_BY_SIDE: usize = 12;

impl Places {
    /// Reads the first `size` events.
    pub(crate) fn of(ledger: &Ledger, size: u64) -> Result<Self, AuditError> {
        Self::default().grown(ledger, size)
    }

    /// The same with the events appended since, up to `size`: only those are read.
    pub(crate) fn grown(mut self, ledger: &Ledger, size: u64) -> Result<Self, AuditError> {
        let mut pairs = Vec::new();
        ledger.replay(self.size..size, |recorded| {
            let seq = u32::try_from(recorded.seq.0).unwrap_or(u32::MAX);
            each_named(&recorded, &mut |kind, id| pairs.push((Mark::Id(kind, id).number(), seq)));
            pairs.push((Mark::CountsFrom(counts_from(&recorded).micros()).number(), seq));
            if recorded.event.type_name() == "parameter_set" {
                pairs.push((Mark::Setting.number(), seq));
            }
        })?;
        self.size = self.size.max(size);
        if pairs.is_empty() {
            return Ok(self);
        }
        if self.stretches.len() > SIDE_BY_SIDE {
            let short = self.stretches.split_off(1);
            pairs.extend(short.iter().flat_map(|stretch| stretch.pairs()));
        }
        self.stretches.push(Arc::new(Stretch::of(pairs)));
        Ok(self)
    }

    fn at<'p>(&'p self, mark: &Mark<'_>) -> impl Iterator<Item = Seq> + use<'p> {
        let mark = mark.number();
        self.stretches.iter().flat_map(move |stretch| stretch.at(mark)).map(|seq| Seq(u64::from(*seq)))
    }

    /// Places of events that name an id, in ledger order; of another by a rare chance.
    pub(crate) fn naming<'p>(&'p self, kind: IdKind, id: &str) -> impl Iterator<Item = Seq> + use<'p> {
        self.at(&Mark::Id(kind, id))
    }

    /// Places of events in which the agency set a parameter.
    pub(crate) fn settings(&self) -> impl Iterator<Item = Seq> {
        self.at(&Mark::Setting)
    }

    /// Those of some places, which ascend, whose events count from an instant; of another by a rare chance.
    pub(crate) fn counting(&self, from: KnownAt, among: &[Seq]) -> Vec<Seq> {
        let mark = Mark::CountsFrom(from.micros()).number();
        let then: Vec<&[u32]> = self.stretches.iter().map(|stretch| stretch.at(mark)).collect();
        let wide = |seq: &u32| Seq(u64::from(*seq));
        // The import of a year counts from one instant, and a program is named by half a ledger: whichever is the shorter is walked.
        if then.iter().map(|seqs| seqs.len()).sum::<usize>() < among.len() {
            return then.into_iter().flatten().map(wide).filter(|seq| among.binary_search(seq).is_ok()).collect();
        }
        let counts = |seq: &&Seq| u32::try_from(seq.0).is_ok_and(|seq| then.iter().any(|seqs| seqs.binary_search(&seq).is_ok()));
        among.iter().filter(counts).copied().collect()
    }

    /// The events that name any of some ids, in ledger order.
    pub(crate) fn events(&self, ledger: &Ledger, ids: &Ids) -> Result<Vec<Recorded>, AuditError> {
        let mut seqs: Vec<Seq> = ids.iter().flat_map(|(kind, id)| self.naming(*kind, id)).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let mut events = read(ledger, &seqs)?;
        events.retain(|recorded| named(recorded).iter().any(|id| ids.contains(id)));
        Ok(events)
    }
}

/// The events at some places, which ascend.
pub(crate) fn read(ledger: &Ledger, seqs: &[Seq]) -> Result<Vec<Recorded>, AuditError> {
    let mut events = Vec::with_capacity(seqs.len());
    ledger.at(seqs, |recorded| events.push(recorded))?;
    Ok(events)
}

/// The instant from which an event counts: a claim from its submission.
pub(crate) fn counts_from(recorded: &Recorded) -> KnownAt {
    if let Event::Claims(Claims::ClaimSubmitted(e)) = &recorded.event { e.submitted_at.as_submission_known() } else { recorded.known_at() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_several_stretches_is_found_in_ledger_order() {
        let first = Stretch::of(vec![(7, 2), (9, 1), (7, 0), (7, 2)]);
        assert_eq!((first.at(7), first.at(9), first.at(8)), (&[0, 2][..], &[1][..], &[][..]));
        let mark = Mark::Setting.number();
        let places = Places { size: 9, stretches: vec![Arc::new(Stretch::of(vec![(mark, 3)])), Arc::new(Stretch::of(vec![(mark, 5), (mark, 4)]))] };
        assert_eq!(places.settings().collect::<Vec<_>>(), [Seq(3), Seq(4), Seq(5)]);
        assert_eq!(places.naming(IdKind::Person, "P-1").count(), 0);
        let at = KnownAt::from_micros(5);
        let then = Mark::CountsFrom(5).number();
        let places = Places { size: 9, stretches: vec![Arc::new(Stretch::of(vec![(then, 1), (then, 4), (then, 6)]))] };
        for among in [vec![Seq(4)], vec![Seq(0), Seq(3), Seq(4), Seq(5)], vec![]] {
            assert_eq!(places.counting(at, &among), among.iter().copied().filter(|seq| *seq == Seq(4)).collect::<Vec<_>>(), "{among:?}");
        }
    }
}
