//! Where events stand in the ledger, by the ids they name. Read once, so that nothing is replayed for a page.
//! Holds numbers only; what an event says is read from the ledger when it is asked for, and a number that two ids share is sorted out then.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use domain::ids::IdKind;
use domain::{Recorded, Seq};
use ledger::Ledger;
use rayon::slice::ParallelSliceMut;
use rustc_hash::FxHasher;

use crate::error::AuditError;
use crate::history::trail::{Ids, each_named, named};

/// The number that an id is found by.
fn mark(kind: IdKind, id: &str) -> u64 {
    let mut hasher = FxHasher::default();
    (kind, id).hash(&mut hasher);
    hasher.finish()
}

/// The ids of some events that stand one after the other in the ledger.
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
    /// The same with the events appended since, up to `size`: only those are read.
    pub(crate) fn grown(mut self, ledger: &Ledger, size: u64) -> Result<Self, AuditError> {
        let mut pairs = Vec::new();
        ledger.replay(self.size..size, |recorded| {
            let seq = u32::try_from(recorded.seq.0).unwrap_or(u32::MAX);
            each_named(&recorded, &mut |kind, id| pairs.push((mark(kind, id), seq)));
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

    /// Places of events that name an id, in ledger order; of another by a rare chance.
    fn naming<'p>(&'p self, kind: IdKind, id: &str) -> impl Iterator<Item = Seq> + use<'p> {
        let mark = mark(kind, id);
        self.stretches.iter().flat_map(move |stretch| stretch.at(mark)).map(|seq| Seq(u64::from(*seq)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_several_stretches_is_found_in_ledger_order() {
        let first = Stretch::of(vec![(7, 2), (9, 1), (7, 0), (7, 2)]);
        assert_eq!((first.at(7), first.at(9), first.at(8)), (&[0, 2][..], &[1][..], &[][..]));
        let mark = mark(IdKind::Person, "P-1");
        let places = Places { size: 9, stretches: vec![Arc::new(Stretch::of(vec![(mark, 3)])), Arc::new(Stretch::of(vec![(mark, 5), (mark, 4)]))] };
        assert_eq!(places.naming(IdKind::Person, "P-1").collect::<Vec<_>>(), [Seq(3), Seq(4), Seq(5)]);
        assert_eq!(places.naming(IdKind::Individual, "P-1").count(), 0);
    }
}
