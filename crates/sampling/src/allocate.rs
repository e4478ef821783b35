//! How many units each stratum gives to a sample: in proportion to its size, or as somebody says.
//! It refuses a stratum that gives fewer than two units though it has them: from one unit no spread can be told.

use std::collections::BTreeMap;
use std::fmt;

use crate::universe::Universe;

/// What one stratum of a universe has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stratum {
    /// Its name.
    pub name: String,
    /// Units in it.
    pub units: u64,
    /// What was paid for them, in cents.
    pub paid: u64,
}

/// How many units each stratum gives.
pub type Allocation = BTreeMap<String, u64>;

/// Why a sample cannot be divided so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Oversized {
    /// More units are asked for than there are: name of the stratum (empty for the whole), asked, there.
    TooMany(String, u64, u64),
    /// Fewer than the least that tells a spread: name of the stratum (empty for the whole), asked, least.
    TooFew(String, u64, u64),
    /// A stratum that the universe does not have.
    Unknown(String),
    /// A stratum of the universe for which nothing was said.
    Missing(String),
}

impl fmt::Display for Oversized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |name: &str| if name.is_empty() { "the universe".to_owned() } else { format!("stratum {name}") };
        match self {
            Oversized::TooMany(name, asked, there) => write!(f, "{asked} units are asked for and {} has {there}", of(name)),
            Oversized::TooFew(name, asked, least) => {
                write!(f, "{asked} units are asked for and {} needs at least {least}: two of each stratum, or all it has", of(name))
            }
            Oversized::Unknown(name) => write!(f, "the universe has no stratum {name}"),
            Oversized::Missing(name) => write!(f, "nothing is said of stratum {name}"),
        }
    }
}

impl std::error::Error for Oversized {}

impl Universe {
    /// Its strata, by name.
    pub fn strata(&self) -> Vec<Stratum> {
        let mut strata: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for unit in self.units() {
            let (units, paid) = strata.entry(&unit.stratum).or_default();
            *units += 1;
            *paid = paid.saturating_add(unit.paid);
        }
        strata.into_iter().map(|(name, (units, paid))| Stratum { name: name.to_owned(), units, paid }).collect()
    }
}

fn least(stratum: &Stratum) -> u64 {
    stratum.units.min(2)
}

/// Divides `size` in proportion to the strata's sizes: each gives two units or all it has, then one unit after the other goes to the stratum
/// with the largest `units / (2 * given + 1)` that has one left, the first by name among equals (Sainte-Laguë). A larger size never takes a
/// unit away from a stratum.
///
/// # Errors
/// [`Oversized::TooMany`], [`Oversized::TooFew`].
pub fn proportional(strata: &[Stratum], size: u64) -> Result<Allocation, Oversized> {
    let (there, floor) = strata.iter().fold((0, 0), |(there, floor), s| (there + s.units, floor + least(s)));
    if size > there {
        return Err(Oversized::TooMany(String::new(), size, there));
    }
    if size < floor || size == 0 {
        return Err(Oversized::TooFew(String::new(), size, floor.max(1)));
    }
    let mut sizes: Vec<u64> = strata.iter().map(least).collect();
    for _ in floor..size {
        let mut best: Option<usize> = None;
        for (at, stratum) in strata.iter().enumerate().filter(|(at, s)| sizes[*at] < s.units) {
            let ahead = |than: usize| {
                u128::from(stratum.units) * u128::from(2 * sizes[than] + 1) > u128::from(strata[than].units) * u128::from(2 * sizes[at] + 1)
            };
            if best.is_none_or(ahead) {
                best = Some(at);
            }
        }
        if let Some(best) = best {
            sizes[best] += 1;
        }
    }
    Ok(strata.iter().zip(sizes).map(|(s, n)| (s.name.clone(), n)).collect())
}

/// Takes the sizes somebody gives, one for each stratum.
///
/// # Errors
/// [`Oversized`].
pub fn given(strata: &[Stratum], sizes: &Allocation) -> Result<Allocation, Oversized> {
    if let Some(unknown) = sizes.keys().find(|name| strata.iter().all(|s| s.name != **name)) {
        return Err(Oversized::Unknown(unknown.clone()));
    }
    for stratum in strata {
        match sizes.get(&stratum.name) {
            None => return Err(Oversized::Missing(stratum.name.clone())),
            Some(n) if *n > stratum.units => return Err(Oversized::TooMany(stratum.name.clone(), *n, stratum.units)),
            Some(n) if *n < least(stratum) => return Err(Oversized::TooFew(stratum.name.clone(), *n, least(stratum))),
            Some(_) => {}
        }
    }
    Ok(sizes.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn strata(units: &[u64]) -> Vec<Stratum> {
        units.iter().enumerate().map(|(n, units)| Stratum { name: format!("s{n:02}"), units: *units, paid: 0 }).collect()
    }

    fn sizes(units: &[u64], size: u64) -> Vec<u64> {
        proportional(&strata(units), size).unwrap().into_values().collect()
    }

    #[test]
    fn shares_are_the_nearest_whole_ones() {
        assert_eq!(sizes(&[600, 300, 100], 100), [60, 30, 10]);
        assert_eq!(sizes(&[1000], 30), [30]);
        assert_eq!(sizes(&[990, 5, 5], 10), [6, 2, 2]);
        assert_eq!(sizes(&[990, 1, 5], 10), [7, 1, 2]);
        assert_eq!(sizes(&[3, 3], 5), [3, 2]);
        assert_eq!(proportional(&strata(&[9, 9]), 3), Err(Oversized::TooFew(String::new(), 3, 4)));
        assert_eq!(proportional(&strata(&[9, 9]), 19), Err(Oversized::TooMany(String::new(), 19, 18)));
        assert_eq!(proportional(&[], 1), Err(Oversized::TooMany(String::new(), 1, 0)));
    }

    #[test]
    fn given_sizes_are_for_exactly_the_strata_there_are() {
        let strata = strata(&[5, 1]);
        let sizes = |pairs: &[(&str, u64)]| pairs.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Allocation>();
        assert!(given(&strata, &sizes(&[("s00", 2), ("s01", 1)])).is_ok());
        for (pairs, error) in [
            (&[("s00", 2)][..], Oversized::Missing("s01".to_owned())),
            (&[("s00", 2), ("s01", 1), ("x", 2)], Oversized::Unknown("x".to_owned())),
            (&[("s00", 6), ("s01", 1)], Oversized::TooMany("s00".to_owned(), 6, 5)),
            (&[("s00", 1), ("s01", 1)], Oversized::TooFew("s00".to_owned(), 1, 2)),
            (&[("s00", 2), ("s01", 0)], Oversized::TooFew("s01".to_owned(), 0, 1)),
        ] {
            assert_eq!(given(&strata, &sizes(pairs)), Err(error));
        }
    }

    proptest! {
        #[test]
        fn every_size_is_met_and_a_larger_one_takes_nothing_away(units in prop::collection::vec(1u64..60, 1..8), more in 0u64..40) {
            let floor: u64 = units.iter().map(|n| (*n).min(2)).sum();
            let there: u64 = units.iter().sum();
            let size = (floor + more).min(there);
            let now = sizes(&units, size);
            prop_assert_eq!(now.iter().sum::<u64>(), size);
            prop_assert!(now.iter().zip(&units).all(|(n, units)| n <= units && *n >= (*units).min(2)));
            if size < there {
                prop_assert!(sizes(&units, size + 1).iter().zip(&now).all(|(later, now)| later >= now));
            }
        }
    }
}
