//! Counts that must not be mixed up: sequence numbers, minutes, billing units, money.
//! Refuses conversion between them; the one bridge from minutes to units is the rule that says how many minutes a unit has.

use std::fmt;
use std::iter::Sum;
use std::ops::Add;

use crate::field::{FieldType, Kind, Mismatch, Raw};

/// Position of an event in the ledger, from 0. Not a count: a ledger of n events ends at seq n - 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Seq(pub u64);

impl fmt::Display for Seq {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Whole minutes of elapsed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Minutes(pub u32);

/// Billing units on a claim line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Units(pub u32);

/// US cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Cents(pub i64);

/// `1 unit`, `2 units`.
impl fmt::Display for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} unit{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

/// `1 minute`, `2 minutes`.
impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} minute{}", self.0, if self.0 == 1 { "" } else { "s" })
    }
}

impl Add for Units {
    type Output = Units;
    fn add(self, other: Units) -> Units {
        Units(self.0.saturating_add(other.0))
    }
}

impl Sum for Units {
    fn sum<I: Iterator<Item = Units>>(iter: I) -> Units {
        iter.fold(Units(0), Add::add)
    }
}

impl Add for Cents {
    type Output = Cents;
    fn add(self, other: Cents) -> Cents {
        Cents(self.0.saturating_add(other.0))
    }
}

impl Sum for Cents {
    fn sum<I: Iterator<Item = Cents>>(iter: I) -> Cents {
        iter.fold(Cents(0), Add::add)
    }
}

impl Cents {
    /// `self * part / whole`, rounded half to even (evaluation.md, "Times on a finding"). Zero when `whole` is zero.
    pub fn share(self, part: Cents, whole: Cents) -> Cents {
        if whole.0 == 0 {
            return Cents(0);
        }
        let product = i128::from(self.0) * i128::from(part.0);
        let divisor = i128::from(whole.0);
        let quotient = product.div_euclid(divisor);
        let twice = product.rem_euclid(divisor) * 2;
        let up = match twice.cmp(&divisor.abs()) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal => quotient.rem_euclid(2) == 1,
            std::cmp::Ordering::Less => false,
        };
        let rounded = quotient + i128::from(up);
        Cents(i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX }))
    }
}

/// Reads a whole number within bounds, saying the bounds when it is outside them.
fn whole_number(raw: &Raw<'_>, min: i64, max: i64, what: &str) -> Result<i64, Mismatch> {
    let wanted = || {
        if max == i64::MAX { format!("{what}, a whole number of at least {min}") } else { format!("{what}, a whole number from {min} to {max}") }
    };
    match raw.as_int() {
        Some(n) if (min..=max).contains(&n) => Ok(n),
        _ => Err(Mismatch::new(raw.describe(), wanted())),
    }
}

macro_rules! quantity_field {
    ($name:ident, $inner:ty, $min:expr, $max:expr, $what:literal) => {
        impl FieldType for $name {
            const KIND: Kind = Kind::Int { min: $min, max: $max };
            fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
                let n = whole_number(raw, $min, $max, $what)?;
                <$inner>::try_from(n).map($name).map_err(|_| Mismatch::new(raw.describe(), $what))
            }
            fn write(&self) -> Raw<'_> {
                // A value inside the bounds checked by `read` always fits.
                Raw::Int(i64::try_from(self.0).unwrap_or(i64::MAX))
            }
        }
    };
}

quantity_field!(Minutes, u32, 0, 100_000, "minutes");
quantity_field!(Units, u32, 0, 100_000, "units");
quantity_field!(Cents, i64, 0, 1_000_000_000_000, "an amount in cents");
quantity_field!(Seq, u64, 0, i64::MAX, "a sequence number");

impl FieldType for u32 {
    const KIND: Kind = Kind::Int { min: 0, max: 1_000_000_000 };
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        let n = whole_number(raw, 0, 1_000_000_000, "a number")?;
        u32::try_from(n).map_err(|_| Mismatch::new(raw.describe(), "a number"))
    }
    fn write(&self) -> Raw<'_> {
        Raw::Int(i64::from(*self))
    }
}

impl FieldType for u64 {
    const KIND: Kind = Kind::Int { min: 0, max: i64::MAX };
    fn read(raw: &Raw<'_>) -> Result<Self, Mismatch> {
        let n = whole_number(raw, 0, i64::MAX, "a number")?;
        u64::try_from(n).map_err(|_| Mismatch::new(raw.describe(), "a number"))
    }
    fn write(&self) -> Raw<'_> {
        Raw::Int(i64::try_from(*self).unwrap_or(i64::MAX))
    }
}

/// The number of a version: plans and notes count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(pub u32);

quantity_field!(Version, u32, 1, 1_000_000, "a version");

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_go_to_the_even_cent() {
        assert_eq!(Cents(5).share(Cents(1), Cents(2)), Cents(2));
        assert_eq!(Cents(7).share(Cents(1), Cents(2)), Cents(4));
        assert_eq!(Cents(100).share(Cents(1), Cents(3)), Cents(33));
        assert_eq!(Cents(4400).share(Cents(4600), Cents(4600)), Cents(4400));
        assert_eq!(Cents(4400).share(Cents(0), Cents(0)), Cents(0));
    }

    proptest! {
        /// Oracle: the exact fraction differs from the rounded one by at most a half, and by a half only at even results.
        #[test]
        fn share_is_the_nearest_cent(a in 0i64..10_000_000, part in 0i64..100_000, whole in 1i64..100_000) {
            let got = Cents(a).share(Cents(part), Cents(whole)).0;
            let exact2 = 2 * i128::from(a) * i128::from(part);
            let diff = (exact2 - 2 * i128::from(got) * i128::from(whole)).abs();
            prop_assert!(diff <= i128::from(whole));
            if diff == i128::from(whole) { prop_assert_eq!(got % 2, 0); }
        }
    }
}
