//! Row numbers by key: compact arrays for what was there when the history was built, and lists of their own for keys that changed since.
//! The order of a key's rows depends on what the rows say, never on when they were put into the column.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::stored::{Numbers, Paged};

/// Row numbers by key, in ledger order or by start: one slice per key.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// Where each key's rows begin, and where the last's end. Shared by copies of a history: what is added to one goes into `changed`.
    starts: Paged,
    rows: Rows,
    /// Whole lists of the keys whose rows changed after `starts` and `rows` were made, empty ones included.
    changed: FxHashMap<u32, Vec<u32>>,
}

/// The rows of all keys, one key after another.
#[derive(Debug, Clone)]
enum Rows {
    Built(Arc<Vec<u32>>),
    /// In groups, which are read one by one.
    Lying(Arc<Lying>),
}

/// Groups of the rows of whole keys.
#[derive(Debug)]
struct Lying {
    /// Where each group begins among all rows.
    begins: Vec<u32>,
    groups: Vec<Numbers>,
    /// Of each group, once it was read, whether it names rows that are there.
    fits: Vec<OnceLock<bool>>,
    /// How many rows there are.
    below: OnceLock<usize>,
}

impl Default for Rows {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<u32>> for Rows {
    fn from(rows: Vec<u32>) -> Self {
        Self::Built(Arc::new(rows))
    }
}

impl Lying {
    /// The rows from one place to another, which are those of one key.
    fn between(&self, from: usize, to: usize) -> Option<&[u32]> {
        let group = self.begins.partition_point(|begin| *begin as usize <= from).checked_sub(1)?;
        let (begin, rows) = (*self.begins.get(group)? as usize, self.groups.get(group)?);
        let below = *self.below.get()?;
        let slice = rows.as_slice();
        if !self.fits.get(group)?.get_or_init(|| slice.iter().all(|row| (*row as usize) < below)) {
            rows.damaged();
            return None;
        }
        let between = slice.get(from - begin..to.checked_sub(begin)?);
        if between.is_none() {
            rows.damaged();
        }
        between
    }
}

impl Rows {
    fn between(&self, from: u32, to: u32) -> &[u32] {
        let (from, to) = (from as usize, to as usize);
        if from == to {
            return &[];
        }
        let between = match self {
            Self::Built(rows) => rows.get(from..to),
            Self::Lying(lying) => lying.between(from, to),
        };
        between.unwrap_or_default()
    }
}

/// Rows of a group, unless one key alone has more. In tests so few that stories have several.
const GROUP: usize = if cfg!(test) { 4 } else { 4096 };

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

    /// Puts the rows of each key of an index just built in order.
    pub(crate) fn order_by<K: Ord>(&mut self, order: impl Fn(u32) -> K) {
        self.order_keys((0..self.keys()).collect(), order);
    }

    /// Puts the rows of some keys of an index just built in order; the others are known to be.
    pub(crate) fn order_keys<K: Ord>(&mut self, mut keys: Vec<usize>, order: impl Fn(u32) -> K) {
        keys.sort_unstable();
        keys.dedup();
        let Rows::Built(rows) = &mut self.rows else { return };
        let rows = Arc::make_mut(rows);
        for key in keys {
            if let (Some(from), Some(to)) = (self.starts.get(key), self.starts.get(key + 1)) {
                rows[from as usize..to as usize].sort_by_key(|row| order(*row));
            }
        }
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
        match (self.starts.get(key), self.starts.get(key + 1)) {
            (Some(from), Some(to)) => self.rows.between(from, to),
            _ => &[],
        }
    }

    /// The same index in arrays alone: where each key's rows begin, and the rows.
    pub(crate) fn flat(&self) -> (Vec<u32>, Vec<u32>) {
        let last = self.changed.keys().max().map_or(0, |key| *key as usize + 1);
        let count = self.keys().max(last);
        let mut starts = Vec::with_capacity(count + 1);
        let mut rows = Vec::new();
        starts.push(0);
        for key in 0..count {
            rows.extend_from_slice(self.of(key));
            starts.push(u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        (starts, rows)
    }

    /// The slices of rows that are read together, each with where it begins, by where each key's rows begin.
    pub(crate) fn groups<'r>(starts: &[u32], rows: &'r [u32]) -> Vec<(u32, &'r [u32])> {
        let (mut groups, mut begin) = (Vec::new(), 0);
        let mut ends = starts.iter().copied().peekable();
        while let Some(end) = ends.next() {
            let is_last = ends.peek().is_none_or(|next| (next - begin) as usize > GROUP);
            if is_last && end > begin {
                groups.push((begin, &rows[begin as usize..end as usize]));
                begin = end;
            }
        }
        groups
    }

    /// From where each key's rows begin, and groups as [`Index::groups`] gives them. Nothing is found in it before it is measured.
    pub(crate) fn of_groups(starts: Paged, groups: Vec<(u32, Numbers)>) -> Option<Self> {
        let (begins, groups): (Vec<u32>, Vec<Numbers>) = groups.into_iter().unzip();
        let fits = groups.iter().map(|_| OnceLock::new()).collect();
        let lying = Lying { begins, groups, fits, below: OnceLock::new() };
        lying.begins.is_sorted().then(|| Self { starts, rows: Rows::Lying(Arc::new(lying)), changed: FxHashMap::default() })
    }

    /// Whether every row number in the arrays is below this one; of those that lie there this is seen when they are read.
    pub(crate) fn rows_below(&self, limit: usize) -> bool {
        match &self.rows {
            Rows::Built(rows) => rows.iter().all(|row| (*row as usize) < limit),
            Rows::Lying(lying) => *lying.below.get_or_init(|| limit) == limit,
        }
    }

    /// How many keys the arrays cover.
    pub(crate) fn keys(&self) -> usize {
        self.starts.len().saturating_sub(1)
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
        let again = |below| {
            let groups = Index::groups(&starts, &rows).into_iter().map(|(begin, rows)| (begin, rows.to_vec().into()));
            let index = Index::of_groups(starts.clone().into(), groups.collect()).unwrap();
            assert!(index.rows_below(below));
            index
        };
        let found = |index: &Index| (0..5).map(|key| index.of(key).to_vec()).collect::<Vec<_>>();
        assert_eq!((found(&again(6)), again(6).keys()), (found(&index), 4));
        assert_eq!(found(&again(5)), [&[][..], &[1, 3], &[], &[], &[]], "a group that names a row which is not there is none");
    }

    #[test]
    fn groups_are_of_whole_keys_and_all_together_of_every_row() {
        let lengths = [0, 1, 3, 0, 2, 9, 0, 0, 4, 1, 0];
        let starts: Vec<u32> = std::iter::once(0).chain(lengths.iter().scan(0, |end, len| { *end += len; Some(*end) })).collect();
        let rows: Vec<u32> = (0..*starts.last().unwrap()).rev().collect();
        let groups = Index::groups(&starts, &rows);
        assert_eq!(groups.iter().map(|(_, rows)| rows.len()).collect::<Vec<_>>(), [4, 2, 9, 4, 1]);
        let groups = groups.into_iter().map(|(begin, rows)| (begin, rows.to_vec().into())).collect();
        let index = Index::of_groups(starts.clone().into(), groups).unwrap();
        assert!(index.of(1).is_empty() && index.rows_below(rows.len()));
        for (key, bounds) in starts.windows(2).enumerate() {
            assert_eq!(index.of(key), &rows[bounds[0] as usize..bounds[1] as usize]);
        }
        assert_eq!(index.flat(), (starts, rows));
    }
}
