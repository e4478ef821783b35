//! Randomness from a seed and nothing else, in separate streams so that one more plant does not change anybody else's year.
//! Refuses the distributions of other crates: a range is reduced here, so the bytes of a fixture do not depend on their versions.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// One stream of throws.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// The stream of a purpose and a number under a seed; the same three always give the same throws.
    pub(crate) fn new(seed: u64, purpose: &str, number: u64) -> Self {
        // FNV-1a: only has to keep the purposes apart.
        let label = purpose.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&label.to_le_bytes());
        key[16..24].copy_from_slice(&number.to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// A number from 0 up to, not including, `n`; 0 when `n` is 0.
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        let product = u64::from(self.0.next_u32()) * u64::from(n);
        u32::try_from(product >> 32).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included; `low` when they are the wrong way round.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u32::try_from((high - low + 1).max(1)).unwrap_or(u32::MAX);
        low + i64::from(self.below(span))
    }

    /// True in `percent` of a hundred throws.
    pub(crate) fn chance(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the items, of which there is at least one.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(u32::try_from(items.len()).unwrap_or(u32::MAX)) as usize]
    }

    /// 64 hexadecimal digits, as a document digest has.
    pub(crate) fn hex(&mut self) -> String {
        (0..8).map(|_| format!("{:08x}", self.0.next_u32())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_repeatable_and_apart() {
        let throws = |purpose: &str, number| {
            let mut dice = Dice::new(7, purpose, number);
            (0..20).map(|_| dice.below(1000)).collect::<Vec<_>>()
        };
        assert_eq!(throws("individual", 3), throws("individual", 3));
        assert_ne!(throws("individual", 3), throws("individual", 4));
        assert_ne!(throws("individual", 3), throws("peer", 3));
    }

    #[test]
    fn ranges_reach_both_ends_and_nothing_beyond() {
        let mut dice = Dice::new(1, "ends", 0);
        let mut seen = [false; 4];
        for _ in 0..200 {
            seen[usize::try_from(dice.between(-1, 2) + 1).unwrap_or(99)] = true;
        }
        assert_eq!(seen, [true; 4]);
    }
}
