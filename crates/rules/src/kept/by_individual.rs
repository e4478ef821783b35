//! What was read for individuals themselves and for their contacts: whose facts, until which day, which papers.
//! Knows only individuals for whom something was read: a piece of work is about few of an agency's many.

use domain::ValidDay;
use rustc_hash::FxHashMap;
use timeline::{IndividualKey, PersonKey};

/// What was read for one individual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Own {
    /// People whose facts were read for the individual or a contact of theirs, and which facts; a piece of work leaves them sorted.
    pub(super) people: Vec<(PersonKey, u8)>,
    /// The latest day as of which facts of people were read for the individual itself.
    pub(super) asked: ValidDay,
    /// Kinds of papers of the individual's own contacts that were read for the individual itself.
    pub(super) papers: u8,
}

impl Default for Own {
    fn default() -> Self {
        Self { people: Vec::new(), asked: ValidDay::MIN, papers: 0 }
    }
}

impl Own {
    pub(super) fn person(&mut self, person: PersonKey, kinds: u8) {
        match self.people.iter_mut().find(|(who, _)| *who == person) {
            Some((_, old)) => *old |= kinds,
            None => self.people.push((person, kinds)),
        }
    }

    fn widen(&mut self, other: Self) {
        other.people.into_iter().for_each(|(person, kinds)| self.person(person, kinds));
        self.asked = self.asked.max(other.asked);
        self.papers |= other.papers;
    }
}

/// What was read, by individual.
#[derive(Debug, Clone, Default)]
pub(super) struct ByIndividual(FxHashMap<IndividualKey, Own>);

impl ByIndividual {
    /// What was read for one, if anything was.
    pub(super) fn of(&self, individual: IndividualKey) -> Option<&Own> {
        self.0.get(&individual)
    }

    /// To be told more.
    pub(super) fn of_mut(&mut self, individual: IndividualKey) -> &mut Own {
        self.0.entry(individual).or_default()
    }

    /// Widened by what another piece of work read.
    pub(super) fn widen(&mut self, other: Self) {
        if self.0.is_empty() {
            *self = other;
            return;
        }
        for (individual, own) in other.0 {
            self.of_mut(individual).widen(own);
        }
    }

    /// Puts the people of each in order.
    pub(super) fn put_in_order(&mut self) {
        self.0.values_mut().for_each(|own| own.people.sort_unstable());
    }

    /// In order of the individuals.
    pub(super) fn sorted(&self) -> Vec<(IndividualKey, &Own)> {
        let mut all: Vec<_> = self.0.iter().map(|(individual, own)| (*individual, own)).collect();
        all.sort_unstable_by_key(|(individual, _)| *individual);
        all
    }
}

impl FromIterator<(IndividualKey, Own)> for ByIndividual {
    fn from_iter<I: IntoIterator<Item = (IndividualKey, Own)>>(all: I) -> Self {
        Self(all.into_iter().collect())
    }
}
