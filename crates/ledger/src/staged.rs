//! Keys of events that are staged but not committed: written down as they come, put in order when one is asked for that may be there.
//! It refuses to decide anything, like the keys that are committed: it names seqs.

use crate::bloom::Bloom;

/// Entries beyond which a filter is asked first.
const FEW: usize = 64;
/// Fresh entries that are looked through one by one: putting fewer in order each time would take longer.
const FRESH: usize = 512;

/// Fingerprints and seqs. A table of an import's keys is larger than the processor's cache, and nearly all that are looked for are new.
#[derive(Default)]
pub(crate) struct StagedKeys {
    /// As they came.
    fresh: Vec<(u64, u64)>,
    /// In order, each run more than twice as long as the one after it.
    runs: Vec<Vec<(u64, u64)>>,
    /// Over all of them, once they are not few.
    seen: Bloom,
    len: usize,
    /// How many the filter has room for.
    room: usize,
}

impl StagedKeys {
    pub(crate) fn insert(&mut self, fingerprint: u64, seq: u64) {
        self.fresh.push((fingerprint, seq));
        self.len += 1;
        if self.len > self.room.max(FEW) {
            self.room = self.len.saturating_mul(2).max(1_024);
            let mut seen = Bloom::with_room(self.room as u64);
            self.fresh.iter().chain(self.runs.iter().flatten()).for_each(|(key, _)| seen.insert(*key));
            self.seen = seen;
        } else {
            self.seen.insert(fingerprint);
        }
    }

    /// Adds the seqs under a fingerprint, ascending.
    pub(crate) fn find(&mut self, fingerprint: u64, found: &mut Vec<u64>) {
        if self.seen.excludes(fingerprint) {
            return;
        }
        if self.fresh.len() > FRESH {
            self.settle();
        }
        let before = found.len();
        for run in &self.runs {
            let from = run.partition_point(|(key, _)| *key < fingerprint);
            found.extend(run.iter().skip(from).take_while(|(key, _)| *key == fingerprint).map(|(_, seq)| *seq));
        }
        found.extend(self.fresh.iter().filter(|(key, _)| *key == fingerprint).map(|(_, seq)| *seq));
        if let Some(new) = found.get_mut(before..) {
            new.sort_unstable();
        }
    }

    /// Puts what is fresh in order, and merges runs of similar length so that there are few.
    fn settle(&mut self) {
        let mut run = std::mem::take(&mut self.fresh);
        run.sort_unstable();
        while let Some(mut longer) = self.runs.pop_if(|longer| longer.len() <= 2 * run.len()) {
            longer.append(&mut run);
            // Two runs in order: this sort merges them.
            longer.sort();
            run = longer;
        }
        self.runs.push(run);
    }

    /// Forgets everything from `seq` on.
    pub(crate) fn truncate(&mut self, seq: u64) {
        self.fresh.retain(|(_, at)| *at < seq);
        self.runs.iter_mut().for_each(|run| run.retain(|(_, at)| *at < seq));
        self.len = self.fresh.len() + self.runs.iter().map(Vec::len).sum::<usize>();
    }

    /// All of them: what is in order first, run after run.
    pub(crate) fn into_entries(self) -> Vec<(u64, u64)> {
        let mut runs = self.runs.into_iter();
        let mut entries = runs.next().unwrap_or_default();
        entries.reserve(self.len.saturating_sub(entries.len()));
        runs.for_each(|run| entries.extend(run));
        entries.extend(self.fresh);
        entries
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn every_key_is_found_under_its_fingerprint_in_order_whenever_it_is_asked_for() {
        let random = |n: u64| crate::siphash::siphash(&[7; 16], &n.to_le_bytes(), &[]);
        let (mut keys, mut expected) = (StagedKeys::default(), BTreeMap::<u64, Vec<u64>>::new());
        let compare = |keys: &mut StagedKeys, expected: &BTreeMap<u64, Vec<u64>>, n: u64| {
            let mut found = vec![9];
            keys.find(random(n), &mut found);
            assert_eq!(found[1..], *expected.get(&random(n)).cloned().unwrap_or_default(), "{n}");
        };
        for seq in 0..6_000u64 {
            // Every fifth key comes a second time or more.
            let n = if seq % 5 == 0 { seq / 7 } else { seq };
            keys.insert(random(n), seq);
            expected.entry(random(n)).or_default().push(seq);
            if seq % 3 == 0 {
                compare(&mut keys, &expected, n);
                compare(&mut keys, &expected, seq / 2);
                compare(&mut keys, &expected, 1_000_000 + seq);
            }
            if seq % 1_000 == 999 {
                keys.truncate(seq - 20);
                expected.values_mut().for_each(|seqs| seqs.retain(|at| *at < seq - 20));
            }
        }
        (0..6_000).for_each(|n| compare(&mut keys, &expected, n));
        let mut entries = keys.into_entries();
        entries.sort_unstable();
        assert!(entries.into_iter().eq(expected.iter().flat_map(|(key, seqs)| seqs.iter().map(|seq| (*key, *seq)))));
    }
}
