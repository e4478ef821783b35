//! The draw: every unit gets a ticket that is a hash of the universe, the seed and its own name; the lowest tickets of each stratum win.
//! It refuses to draw from its own chance: whoever has the universe and the seed draws the same sample, in any language.
//!
//! A ticket is SHA-256 over `countersign sample v1`, the universe's digest, the seed and the unit's name, each followed by a newline. To
//! whoever chose the seed before they knew the digest, tickets are as good as random numbers, without repetition; so the lowest n of a
//! stratum are a simple random sample of it without replacement. A larger sample with the same seed contains the smaller one.

use sha2::{Digest as _, Sha256};

use crate::allocate::Allocation;
use crate::universe::{Unit, Universe, hex};

/// Names the algorithm, first line of every ticket.
pub const ALGORITHM: &str = "countersign sample v1";

/// What decides which sample is drawn: 1 to 64 visible ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seed(String);

impl Seed {
    /// Takes a seed; `None` for anything else than 1 to 64 visible ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        fits.then(|| Self(text.to_owned()))
    }

    /// The seed as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A unit's ticket, 64 hexadecimal digits.
fn ticket(digest: &str, seed: &Seed, unit: &Unit) -> String {
    let lines = format!("{ALGORITHM}\n{digest}\n{}\n{}\n", seed.0, unit.id);
    hex(&Sha256::digest(lines.as_bytes()))
}

/// Draws, and gives the units in the order of their tickets: the order of drawing.
pub fn draw<'u>(universe: &'u Universe, sizes: &Allocation, seed: &Seed) -> Vec<&'u Unit> {
    let digest = universe.digest();
    let mut tickets: Vec<(String, &Unit)> = universe.units().iter().map(|unit| (ticket(&digest, seed, unit), unit)).collect();
    tickets.sort_unstable();
    let mut left = sizes.clone();
    let drawn = tickets.into_iter().filter(|(_, unit)| match left.get_mut(&unit.stratum) {
        Some(n) if *n > 0 => {
            *n -= 1;
            true
        }
        Some(_) | None => false,
    });
    drawn.map(|(_, unit)| unit).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::allocate::proportional;

    fn universe(n: u64) -> Universe {
        let unit = |n| Unit { id: format!("CL-{n}"), stratum: if n % 3 == 0 { "a" } else { "b" }.to_owned(), paid: 100 + n };
        Universe::new((0..n).map(unit).collect()).unwrap()
    }

    fn names(universe: &Universe, size: u64, seed: &str) -> Vec<String> {
        let sizes = proportional(&universe.strata(), size).unwrap();
        draw(universe, &sizes, &Seed::parse(seed).unwrap()).iter().map(|unit| unit.id.clone()).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_and_a_larger_sample_contains_the_smaller() {
        let universe = universe(90);
        let small = names(&universe, 12, "2025-06-18/ortiz");
        assert_eq!(small, names(&universe, 12, "2025-06-18/ortiz"));
        assert_ne!(small, names(&universe, 12, "2025-06-19/ortiz"));
        let large = names(&universe, 40, "2025-06-18/ortiz");
        assert!(small.iter().all(|id| large.contains(id)) && large.len() == 40);
        assert!(names(&universe, 90, "x").len() == 90);
    }

    #[test]
    fn every_unit_is_drawn_about_as_often_as_every_other() {
        let universe = universe(30);
        let mut counts = std::collections::BTreeMap::new();
        for seed in 0..3_000 {
            for id in names(&universe, 6, &format!("seed-{seed}")) {
                *counts.entry(id).or_insert(0u32) += 1;
            }
        }
        // 600 expected of each, 22 the standard deviation; the seeds are fixed, so this fails always or never.
        assert!(counts.len() == 30 && counts.values().all(|n| (500..700).contains(n)), "{counts:?}");
    }

    #[test]
    fn a_seed_is_visible_and_short() {
        assert!(Seed::parse("7").is_some() && Seed::parse(&"x".repeat(64)).is_some());
        for wrong in ["", "a b", "a\nb", "ü", &"x".repeat(65)] {
            assert!(Seed::parse(wrong).is_none(), "{wrong:?}");
        }
    }
}
