//! Row numbers by key: compact arrays for what was there when the history was built, and lists of their own for keys that changed since.
//! The order of a key's rows depends on what the rows say, never on when they were put into the column.

use rustc_hash::FxHashMap;

use crate::stored::Numbers;

/// Row numbers by key, in ledger order or by start: one slice per key.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Shared by copies of a history: what is added to one goes into `changed`.
    starts: Numbers,
    rows: Numbers,
    /// Whole lists of the keys whose rows changed after `starts` and `rows` were made, empty ones included.
    changed: FxHashMap<u32, Vec<u32>>,
}

impl Index {
    /// Builds the index of `rows` rows, each under one key or none, over `count` keys.
    pub(crate) fn build(count: usize, rows: usize, key: impl Fn(u32) -> Option<usize>) -> Self {
        let rows = u32::try_from(rows).unwrap_or(u32::MAX);
        let mut starts = vec![0u32; count + 1];
        for key in (0..rows).filter_map(&key) {
            starts[key + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        let mut places = vec![0u32; starts.last().map_or(0, |n| *n as usize)];
        for row in 0..rows {
            if let Some(key) = key(row) {
                places[next[key] as usize] = row;
                next[key] += 1;
            }
        }
        Self { starts: starts.into(), rows: places.into(), changed: FxHashMap::default() }
    }

    /// Puts the rows of each key in order.
    pub(crate) fn order_by<K: Ord>(&mut self, order: impl Fn(u32) -> K) {
        let mut rows = std::mem::take(&mut self.rows).into_vec();
        for bounds in self.starts.as_slice().windows(2) {
            if let [from, to] = bounds {
                rows[*from as usize..*to as usize].sort_by_key(|row| order(*row));
            }
        }
        self.rows = rows.into();
    }

    /// Puts the rows of some keys in order; the others are known to be.
    pub(crate) fn order_keys<K: Ord>(&mut self, mut keys: Vec<usize>, order: impl Fn(u32) -> K) {
        keys.sort_unstable();
        keys.dedup();
        let mut rows = std::mem::take(&mut self.rows).into_vec();
        let starts = self.starts.as_slice();
        for key in keys {
            if let (Some(from), Some(to)) = (starts.get(key), starts.get(key + 1)) {
                rows[*from as usize..*to as usize].sort_by_key(|row| order(*row));
            }
        }
        self.rows = rows.into();
    }

    /// Takes rows out of their keys' lists and puts others in. Pairs are key and row; `gone` holds only rows that are there.
    pub(crate) fn change<K: Ord>(&mut self, mut gone: Vec<(u32, u32)>, mut new: Vec<(u32, u32)>, order: impl Fn(u32) -> K) {
        gone.sort_unstable();
        new.sort_by_key(|(key, row)| (*key, order(*row)));
        let mut keys: Vec<u32> = gone.iter().chain(&new).map(|(key, _)| *key).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let of_key = |pairs: &[(u32, u32)]| {
                let from = pairs.partition_point(|(k, _)| *k < key);
                from..pairs.partition_point(|(k, _)| *k <= key)
            };
            let gone = &gone[of_key(&gone)];
            let mut kept = self.of(key as usize).to_vec();
            if !gone.is_empty() {
                kept.retain(|row| gone.binary_search(&(key, *row)).is_err());
            }
            let list = merged(&kept, &new[of_key(&new)], &order);
            self.changed.insert(key, list);
        }
    }

    /// The rows of a key.
    pub fn of(&self, key: usize) -> &[u32] {
        if !self.changed.is_empty()
            && let Some(list) = u32::try_from(key).ok().and_then(|key| self.changed.get(&key))
        {
            return list;
        }
        match self.starts.as_slice().get(key..=key + 1) {
            Some([from, to]) => self.rows.as_slice().get(*from as usize..*to as usize).unwrap_or_default(),
            _ => &[],
        }
    }

    /// The same index in arrays alone: where each key's rows begin, and the rows.
    pub(crate) fn flat(&self) -> (Vec<u32>, Vec<u32>) {
        if self.changed.is_empty() {
            return (self.starts.as_slice().to_vec(), self.rows.as_slice().to_vec());
        }
        let last = self.changed.keys().max().map_or(0, |key| *key as usize + 1);
        let count = self.keys().max(last);
        let mut starts = Vec::with_capacity(count + 1);
        let mut rows = Vec::with_capacity(self.rows.as_slice().len());
        starts.push(0);
        for key in 0..count {
            rows.extend_from_slice(self.of(key));
            starts.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        (starts, rows)
    }

    /// From arrays as [`Index::flat`] gives them; `None` unless every slice lies in `rows`.
    pub(crate) fn from_flat(starts: Numbers, rows: Numbers) -> Option<Self> {
        let all = starts.as_slice();
        let fits = all.is_sorted() && all.last().is_some_and(|last| *last as usize == rows.as_slice().len());
        fits.then(|| Self { starts, rows, changed: FxHashMap::default() })
    }

    /// Whether every row number in the arrays is below this one.
    pub(crate) fn rows_below(&self, limit: usize) -> bool {
        self.rows.as_slice().iter().fold(0, |most: u32, row| most.max(row.saturating_add(1))) as usize <= limit
    }

    /// How many keys the arrays cover.
    pub(crate) fn keys(&self) -> usize {
        self.starts.as_slice().len().saturating_sub(1)
    }
}

/// A list in order with others put where they belong; few comparisons, because the list may be long and `new` is short.
fn merged<K: Ord>(kept: &[u32], new: &[(u32, u32)], order: &impl Fn(u32) -> K) -> Vec<u32> {
    let mut list = Vec::with_capacity(kept.len() + new.len());
    let mut rest = kept;
    for (_, row) in new {
        let at = order(*row);
        // Nearly always at the end: the rows in the middle are asked nothing then.
        let is_last = rest.last().is_none_or(|other| order(*other) <= at);
        let place = if is_last { rest.len() } else { rest.partition_point(|other| order(*other) <= at) };
        let (before, after) = rest.split_at(place);
        list.extend_from_slice(before);
        list.push(*row);
        rest = after;
    }
    list.extend_from_slice(rest);
    list
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn each_keys_rows_are_put_in_order() {
        let keys = [1, 0, 1, 1, 0];
        let starts = [30, 9, 10, 10, 8];
        let mut index = Index::build(3, keys.len(), |row| Some(keys[row as usize]));
        index.order_by(|row| (starts[row as usize], row));
        assert_eq!(index.of(0), [4, 1]);
        assert_eq!(index.of(1), [2, 3, 0]);
        assert!(index.of(2).is_empty() && index.of(3).is_empty());
    }

    #[test]
    fn a_changed_key_has_its_new_list_and_flat_arrays_say_the_same() {
        let keys = [0, 1, 0, 1];
        let order = [5, 1, 7, 2, 6, 0, 9];
        let mut index = Index::build(2, keys.len(), |row| Some(keys[row as usize]));
        index.change(vec![(1, 1)], vec![(0, 4), (0, 5), (3, 6)], |row| order[row as usize]);
        assert_eq!([index.of(0), index.of(1), index.of(2), index.of(3)], [&[5, 0, 4, 2][..], &[3], &[], &[6]]);
        index.change(vec![(3, 6), (0, 0)], vec![(1, 1)], |row| order[row as usize]);
        assert_eq!([index.of(0), index.of(1), index.of(3)], [&[5, 4, 2][..], &[1, 3], &[]]);
        let (starts, rows) = index.flat();
        assert_eq!((&starts[..], &rows[..]), (&[0, 3, 5, 5, 5][..], &[5, 4, 2, 1, 3][..]));
        assert!(Index::from_flat(starts.clone().into(), rows[1..].to_vec().into()).is_none(), "the last slice lies outside");
        let again = Index::from_flat(starts.into(), rows.into()).unwrap();
        assert_eq!((again.of(1), again.keys()), (&[1, 3][..], 4));
        assert!(again.rows_below(6) && !again.rows_below(5));
    }
}
