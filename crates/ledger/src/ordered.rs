//! Work on many blocks at once, delivered in order: what replay and verify share.
//! It refuses to let threads show: results come one after another, as if there were one thread.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::sync_channel;

/// Ranges of fewer blocks are done by the calling thread.
const WORTH_THREADS: u64 = 4;

/// Runs `work` over every index, each worker with a state of its own from `start`, and gives the results to `deliver` in order until it
/// answers `false`.
pub(crate) fn ordered<S, T: Send>(
    indexes: Range<u64>,
    start: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, u64) -> T + Sync,
    mut deliver: impl FnMut(u64, T) -> bool,
) {
    let few = indexes.end.saturating_sub(indexes.start) < WORTH_THREADS;
    // Counting cores reads files: an event got by itself would wait longer for that than for its block.
    let threads = if few { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
    if threads == 1 {
        let mut state = start();
        for index in indexes {
            let result = work(&mut state, index);
            if !deliver(index, result) {
                return;
            }
        }
        return;
    }
    let next = AtomicU64::new(indexes.start);
    let (sender, receiver) = sync_channel(2 * threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let sender = sender.clone();
            let (next, start, work) = (&next, &start, &work);
            scope.spawn(move || {
                let mut state = start();
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= indexes.end || sender.send((index, work(&mut state, index))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut expected = indexes.start;
        let mut early = BTreeMap::new();
        // Dropping the receiver is what stops the workers when `deliver` has had enough.
        for (index, result) in receiver {
            early.insert(index, result);
            while let Some(result) = early.remove(&expected) {
                if !deliver(expected, result) {
                    return;
                }
                expected += 1;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_can_be_stopped() {
        for end in [0, 3, 1000] {
            let mut seen = Vec::new();
            ordered(0..end, || (), |(), index| index * 2, |index, twice| {
                assert_eq!(twice, index * 2);
                seen.push(index);
                true
            });
            assert!(seen.into_iter().eq(0..end));
        }
        let mut seen = 0;
        ordered(0..1000, || (), |(), index| index, |index, _| {
            seen += 1;
            index < 10
        });
        assert_eq!(seen, 11);
    }
}
