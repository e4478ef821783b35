//! The universe: every unit that could be drawn, in a fixed order, with a digest that ties a sample to exactly these units.
//! It refuses a unit twice, and names that could be mistaken for two.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Something that can be drawn: a claim, or a line of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    /// Its name: visible ASCII, as in `CL-7` or `CL-7/2`.
    pub id: String,
    /// The stratum it lies in, one line of text; empty when there is only one.
    pub stratum: String,
    /// What was paid for it, in cents.
    pub paid: u64,
}

/// Why units are no universe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// The same unit twice.
    Twice(String),
    /// A name with a blank, a control character or something outside ASCII, or an empty one.
    Name(String),
    /// A stratum with a line break in its name.
    Stratum(String),
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unfit::Twice(id) => write!(f, "{id} is in the universe twice"),
            Unfit::Name(id) => write!(f, "{id:?} cannot name a unit: visible ASCII without blanks is needed"),
            Unfit::Stratum(name) => write!(f, "{name:?} cannot name a stratum: it must be one line"),
        }
    }
}

impl std::error::Error for Unfit {}

/// Every unit, in the order of their names' bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Universe(Vec<Unit>);

impl Universe {
    /// Puts units in order.
    ///
    /// # Errors
    /// [`Unfit`].
    pub fn new(mut units: Vec<Unit>) -> Result<Self, Unfit> {
        units.sort_unstable();
        for (at, unit) in units.iter().enumerate() {
            if unit.id.is_empty() || !unit.id.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(Unfit::Name(unit.id.clone()));
            }
            if unit.stratum.chars().any(char::is_control) {
                return Err(Unfit::Stratum(unit.stratum.clone()));
            }
            if units.get(at + 1).is_some_and(|next| next.id == unit.id) {
                return Err(Unfit::Twice(unit.id.clone()));
            }
        }
        Ok(Self(units))
    }

    /// The units in order.
    pub fn units(&self) -> &[Unit] {
        &self.0
    }

    /// SHA-256, in hexadecimal, over one line for each unit in order: its name, a blank, its cents in decimal, a blank, its stratum, and a
    /// newline.
    pub fn digest(&self) -> String {
        let mut hash = Sha256::new();
        for unit in &self.0 {
            hash.update(format!("{} {} {}\n", unit.id, unit.paid, unit.stratum).as_bytes());
        }
        hex(&hash.finalize())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn unit(id: &str) -> Unit {
        Unit { id: id.to_owned(), stratum: "MH-1".to_owned(), paid: 9300 }
    }

    #[test]
    fn the_digest_does_not_depend_on_the_order_given() {
        let one = Universe::new(vec![unit("b"), unit("a"), unit("a/1")]).unwrap();
        assert_eq!(one, Universe::new(vec![unit("a/1"), unit("a"), unit("b")]).unwrap());
        // printf 'a 9300 MH-1\na/1 9300 MH-1\nb 9300 MH-1\n' | sha256sum
        assert_eq!(one.digest(), "fec00fcb3227092b6fb0701e6955bfbadd64455c5d90e0329baf1b32b852c587");
    }

    #[test]
    fn names_that_could_be_mistaken_are_refused() {
        assert_eq!(Universe::new(vec![unit("a"), unit("a")]), Err(Unfit::Twice("a".to_owned())));
        let other = Unit { stratum: "MH-2".to_owned(), ..unit("a") };
        assert_eq!(Universe::new(vec![unit("a"), other]), Err(Unfit::Twice("a".to_owned())));
        for wrong in ["", "a b", "a\n", "ä"] {
            assert_eq!(Universe::new(vec![unit(wrong)]), Err(Unfit::Name(wrong.to_owned())));
        }
        let broken = Unit { stratum: "x\ny".to_owned(), ..unit("a") };
        assert_eq!(Universe::new(vec![broken]), Err(Unfit::Stratum("x\ny".to_owned())));
    }
}
