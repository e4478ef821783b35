//! Finding events by key: fingerprints of source ids, of contents and of introduced ids, in sorted runs that are merged as they grow.
//! It refuses to decide anything: a fingerprint that matches names a seq, and the event there is asked.
//!
//! Derived state, in the database of the events so that one commit covers both. Whoever can write it can make a key look new or point it at
//! the wrong event, which the confirmation notices; `verify` compares each run with its keyed sum.

use redb::WriteTransaction;

use crate::bloom::Bloom;
use crate::error::{LedgerError, damaged};
use crate::siphash::siphash;
use crate::store::{KEYS, META, Rows, failed};

/// Entries in one row: with eight and four bytes each, one page of the database.
const ROW_ENTRIES: usize = 339;
const RUN_LEN: usize = 4 + 8 + 8 + 8;
/// Entries of a commit that are worth a thread.
const MANY: usize = 20_000;
/// Lookups after which a filter over all runs pays for the reading of them.
const FILTER_AFTER: u64 = 5_000;

/// What kind of key is fingerprinted.
#[derive(Clone, Copy)]
pub(crate) enum KeyKind {
    Source = 1,
    Content = 2,
    Introduced = 3,
}

/// Makes fingerprints.
#[derive(Clone, Copy)]
pub(crate) struct Fingerprints(pub(crate) [u8; 16]);

impl Fingerprints {
    pub(crate) fn of(&self, kind: KeyKind, parts: &[&[u8]]) -> u64 {
        siphash(&self.0, &[kind as u8], parts)
    }

    fn sum(&self, fingerprint: u64, seq: u64) -> u64 {
        siphash(&self.0, &[0], &[&fingerprint.to_le_bytes(), &seq.to_le_bytes()])
    }
}

/// One sorted run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Run {
    id: u32,
    /// The seq its entries count from.
    base: u64,
    entries: u64,
    /// Wrapping sum of a keyed hash of every entry.
    sum: u64,
}

/// All runs of a ledger, the oldest and largest first.
#[derive(Clone)]
pub(crate) struct Keys {
    fingerprints: Fingerprints,
    runs: Vec<Run>,
}

/// A Bloom filter over every stored fingerprint: most keys of an import are new, and this says so without reading a row. Built only when enough
/// is looked up, and kept from then on.
#[derive(Default)]
pub(crate) struct Filter {
    bloom: Bloom,
    /// Fingerprints it holds, and how many it was built for.
    entries: u64,
    room: u64,
    lookups: u64,
}

impl Filter {
    fn build(&mut self, keys: &Keys, rows: &dyn Rows) -> Result<(), LedgerError> {
        let entries: u64 = keys.runs.iter().map(|run| run.entries).sum();
        // With room for half as many more.
        self.room = entries + entries / 2 + 10_000;
        self.entries = entries;
        self.bloom = Bloom::with_room(self.room);
        for run in &keys.runs {
            let mut whole = Ok(());
            rows.each_key_row(run.id, &mut |_, row| match Row::read(row) {
                Ok(row) => row.fingerprints().for_each(|fingerprint| self.bloom.insert(fingerprint)),
                Err(error) => whole = Err(error),
            })?;
            whole?;
        }
        Ok(())
    }

    /// Takes in what a commit added.
    fn add(&mut self, entries: &[(u64, u64)]) {
        if self.bloom.has_room() {
            entries.iter().for_each(|(fingerprint, _)| self.bloom.insert(*fingerprint));
            self.entries += entries.len() as u64;
        }
    }

    fn excludes(&mut self, fingerprint: u64, keys: &Keys, rows: &dyn Rows) -> Result<bool, LedgerError> {
        self.lookups += 1;
        if self.lookups < FILTER_AFTER || keys.runs.is_empty() {
            return Ok(false);
        }
        if !self.bloom.has_room() || self.entries > self.room {
            self.build(keys, rows)?;
        }
        Ok(self.bloom.excludes(fingerprint))
    }
}

/// One row of a run: all its fingerprints in order, then for each the distance of its seq from the run's base.
struct Row<'a> {
    fingerprints: &'a [[u8; 8]],
    seqs: &'a [[u8; 4]],
}

impl<'a> Row<'a> {
    fn read(row: &'a [u8]) -> Result<Self, LedgerError> {
        let n = row.len() / 12;
        let (fingerprints, seqs) = row.split_at(n * 8);
        if n == 0 || row.len() != n * 12 {
            return Err(damaged("a row of the key index is not whole"));
        }
        Ok(Self { fingerprints: fingerprints.as_chunks().0, seqs: seqs.as_chunks().0 })
    }

    fn fingerprints(&self) -> impl Iterator<Item = u64> {
        self.fingerprints.iter().map(|bytes| u64::from_le_bytes(*bytes))
    }

    fn entries(&self, base: u64) -> impl Iterator<Item = (u64, u64)> {
        self.fingerprints().zip(self.seqs.iter().map(move |bytes| base.saturating_add(u64::from(u32::from_le_bytes(*bytes)))))
    }
}

impl Keys {
    pub(crate) fn empty(fingerprints: Fingerprints) -> Self {
        Self { fingerprints, runs: Vec::new() }
    }

    pub(crate) fn load(fingerprints: Fingerprints, rows: &dyn Rows) -> Result<Self, LedgerError> {
        let row = rows.meta("runs")?.unwrap_or_default();
        let (rows, rest) = row.as_chunks::<RUN_LEN>();
        if !rest.is_empty() {
            return Err(damaged("the list of runs is not whole"));
        }
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
        let runs = rows.iter().map(|row| Run {
            id: number(&row[..4]) as u32,
            base: number(&row[4..12]),
            entries: number(&row[12..20]),
            sum: number(&row[20..28]),
        });
        Ok(Self { fingerprints, runs: runs.collect() })
    }

    pub(crate) fn fingerprints(&self) -> Fingerprints {
        self.fingerprints
    }

    /// Seqs under a fingerprint, ascending.
    pub(crate) fn find(&self, rows: &dyn Rows, filter: &mut Filter, fingerprint: u64) -> Result<Vec<u64>, LedgerError> {
        let mut found = Vec::new();
        if filter.excludes(fingerprint, self, rows)? {
            return Ok(found);
        }
        for run in &self.runs {
            let mut whole = Ok(());
            rows.keys(run.id, fingerprint, &mut |row| match Row::read(row) {
                Ok(row) => {
                    let from = row.fingerprints.partition_point(|bytes| u64::from_le_bytes(*bytes) < fingerprint);
                    let entries = row.entries(run.base).skip(from).take_while(|(key, _)| *key == fingerprint);
                    found.extend(entries.map(|(_, seq)| seq));
                }
                Err(error) => whole = Err(error),
            })?;
            whole?;
        }
        found.sort_unstable();
        Ok(found)
    }

    /// Adds the keys of one commit as a new run, and merges runs of similar size so that there are few.
    pub(crate) fn add(&mut self, txn: &WriteTransaction, filter: &mut Filter, mut entries: Vec<(u64, u64)>) -> Result<(), LedgerError> {
        if entries.is_empty() {
            return Ok(());
        }
        // A fingerprint that a failed commit leaves in the filter costs a lookup, no more.
        filter.add(&entries);
        let mut sum = self.in_order(&mut entries);
        let new = entries.len();
        while let Some(last) = self.runs.last().copied().filter(|run| run.entries <= 2 * entries.len() as u64) {
            txn.each_key_row(last.id, &mut |_, row| {
                if let Ok(row) = Row::read(row) {
                    entries.extend(row.entries(last.base));
                }
            })?;
            let mut table = txn.open_table(KEYS).map_err(failed)?;
            table.retain_in((last.id, 0)..=(last.id, u64::MAX), |_, _| false).map_err(failed)?;
            sum = sum.wrapping_add(last.sum);
            self.runs.pop();
        }
        if entries.len() > new {
            // Runs that are in order by themselves: this one merges them, the other would begin from nothing.
            entries.sort();
        }
        let base = entries.iter().map(|(_, seq)| *seq).min().unwrap_or(0);
        let run = Run { id: self.runs.last().map_or(1, |run| run.id.wrapping_add(1)), base, entries: entries.len() as u64, sum };
        let mut table = txn.open_table(KEYS).map_err(failed)?;
        let mut rest = entries.as_slice();
        let mut row = Vec::with_capacity(ROW_ENTRIES * 12);
        while !rest.is_empty() {
            let mut len = rest.len().min(ROW_ENTRIES);
            // Equal fingerprints stay in one row, so that one row answers for each.
            while len < rest.len() && rest[len].0 == rest[len - 1].0 {
                len += 1;
            }
            let (piece, after) = rest.split_at(len);
            row.clear();
            piece.iter().for_each(|(key, _)| row.extend_from_slice(&key.to_le_bytes()));
            for (_, seq) in piece {
                let distance = u32::try_from(seq - base).map_err(|_| damaged("a run of keys spans more than 2^32 events"))?;
                row.extend_from_slice(&distance.to_le_bytes());
            }
            table.insert((run.id, piece[0].0), row.as_slice()).map_err(failed)?;
            rest = after;
        }
        drop(table);
        self.runs.push(run);
        let mut list = Vec::with_capacity(self.runs.len() * RUN_LEN);
        for run in &self.runs {
            list.extend_from_slice(&run.id.to_le_bytes());
            list.extend_from_slice(&run.base.to_le_bytes());
            list.extend_from_slice(&run.entries.to_le_bytes());
            list.extend_from_slice(&run.sum.to_le_bytes());
        }
        txn.open_table(META).map_err(failed)?.insert("runs", list.as_slice()).map_err(failed)?;
        Ok(())
    }

    /// Puts entries in order, on two cores where they are many, and gives their sum.
    fn in_order(&self, entries: &mut [(u64, u64)]) -> u64 {
        let half = |entries: &mut [(u64, u64)]| {
            entries.sort();
            entries.iter().fold(0u64, |sum, (key, seq)| sum.wrapping_add(self.fingerprints.sum(*key, *seq)))
        };
        if entries.len() < MANY {
            return half(entries);
        }
        let (one, other) = entries.split_at_mut(entries.len() / 2);
        let sum = std::thread::scope(|scope| {
            let other = scope.spawn(|| half(other));
            half(one).wrapping_add(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        });
        entries.sort();
        sum
    }

    /// Compares every run with its sum, and the order of its rows with their keys.
    pub(crate) fn check(&self, rows: &dyn Rows) -> Result<(), LedgerError> {
        for run in &self.runs {
            let (mut entries, mut sum, mut before, mut whole) = (0u64, 0u64, 0u64, true);
            rows.each_key_row(run.id, &mut |first, row| {
                let Ok(row) = Row::read(row) else {
                    whole = false;
                    return;
                };
                whole &= row.fingerprints().next() == Some(first);
                for (key, seq) in row.entries(run.base) {
                    whole &= key >= before;
                    before = key;
                    entries += 1;
                    sum = sum.wrapping_add(self.fingerprints.sum(key, seq));
                }
            })?;
            if !whole || entries != run.entries || sum != run.sum {
                return Err(damaged(format!("run {} of the key index is not what was written", run.id)));
            }
        }
        Ok(())
    }
}
