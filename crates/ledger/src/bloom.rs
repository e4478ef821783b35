//! A Bloom filter over fingerprints: most keys that are looked for are new, and this says so without looking further.
//! It refuses to say that one is there; it says that one is surely not, or that it may be.

/// A line of the processor's cache, in which all bits of a fingerprint lie, so that asking for one waits for memory once.
type Line = [u64; 8];

/// Bits for each fingerprint there is room for; with four of them set, one in a hundred that are new looks as if it might not be.
const BITS: u64 = 12;

/// The filter. Without room it holds nothing and excludes nothing.
#[derive(Default)]
pub(crate) struct Bloom(Vec<Line>);

impl Bloom {
    pub(crate) fn with_room(fingerprints: u64) -> Self {
        let lines = fingerprints.saturating_mul(BITS).div_ceil(512).max(1);
        Self(vec![[0; 8]; usize::try_from(lines).unwrap_or(1)])
    }

    pub(crate) fn has_room(&self) -> bool {
        !self.0.is_empty()
    }

    /// The line of a fingerprint, and its bits there. Fingerprints are as good as random in all their bits.
    fn place(&self, fingerprint: u64) -> (usize, [(usize, u64); 4]) {
        let line = (u128::from(fingerprint) * self.0.len() as u128) >> 64;
        let bit = |i: u32| {
            let bit = (fingerprint >> (9 * i)) & 511;
            ((bit / 64) as usize, 1 << (bit % 64))
        };
        // Below the number of lines, which is a usize.
        (line as usize, [bit(0), bit(1), bit(2), bit(3)])
    }

    pub(crate) fn insert(&mut self, fingerprint: u64) {
        let (line, bits) = self.place(fingerprint);
        if let Some(line) = self.0.get_mut(line) {
            bits.iter().for_each(|(word, bit)| line[*word] |= bit);
        }
    }

    /// Whether the fingerprint was surely never inserted.
    pub(crate) fn excludes(&self, fingerprint: u64) -> bool {
        let (line, bits) = self.place(fingerprint);
        self.0.get(line).is_some_and(|line| bits.iter().any(|(word, bit)| line[*word] & bit == 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_never_excluded_and_most_of_what_is_not_is() {
        let random = |n: u64| crate::siphash::siphash(&[7; 16], &n.to_le_bytes(), &[]);
        let mut filter = Bloom::default();
        assert!(!filter.has_room() && !filter.excludes(1));
        filter = Bloom::with_room(10_000);
        (0..10_000).for_each(|n| filter.insert(random(n)));
        assert!((0..10_000).all(|n| !filter.excludes(random(n))));
        let mistaken = (10_000..110_000).filter(|n| !filter.excludes(random(*n))).count();
        assert!(mistaken < 2_000, "{mistaken} of 100,000");
    }
}
