//! The stored form of what must not lie in the clear: individuals as pseudonyms, birth dates and numbers as sealed values.
//! It refuses to put the plain value anywhere but into the list of values to be sealed.

use domain::text::{BirthDate, Confidential};
use domain::time::ValidDay;
use domain::IndividualId;
use serde::{Deserialize, Serialize};

use super::scalar::Stored;
use crate::wire::seals::{Opening, Seals, Unreadable};

/// An individual: the pseudonym's 16 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) struct Individual(pub(crate) [u8; 16]);

/// A sealed value: its place in the payload's list of sealed values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(wincode::SchemaWrite, wincode::SchemaRead))]
pub(crate) struct SealedAt(pub(crate) u16);

impl<'a> Stored<'a, Individual> for IndividualId {
    fn store(&'a self, seals: &mut Seals<'_>) -> Individual {
        Individual(seals.individual(self).0)
    }
    fn restore(stored: Individual, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        opening.individual(vault::Pseudonym(stored.0))
    }
}

impl Stored<'_, SealedAt> for BirthDate {
    fn store(&self, seals: &mut Seals<'_>) -> SealedAt {
        SealedAt(seals.seal(self.0.to_string().as_bytes()))
    }
    fn restore(stored: SealedAt, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        let text = opening.open(stored.0)?;
        ValidDay::parse(&text).map(BirthDate).ok_or(Unreadable::Malformed)
    }
}

impl Stored<'_, SealedAt> for Confidential {
    fn store(&self, seals: &mut Seals<'_>) -> SealedAt {
        SealedAt(seals.seal(self.expose().as_bytes()))
    }
    fn restore(stored: SealedAt, opening: &mut Opening<'_>) -> Result<Self, Unreadable> {
        Confidential::parse(&opening.open(stored.0)?).map_err(|_| Unreadable::Malformed)
    }
}
