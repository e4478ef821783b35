//! Names become small numbers as they enter the timeline, one table per kind of thing.
//! A key means nothing outside the history that made it and is never shown to anybody.

use compact_str::CompactString;
use hashbrown::HashTable;
use std::hash::{BuildHasher, Hash};
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// A key made by a [`Names`] table.
pub trait Key: Copy + Eq + Ord {
    /// From the place in the table.
    fn from_index(index: u32) -> Self;
    /// The place in the table.
    fn index(self) -> usize;
}

macro_rules! keys {
    ($( $(#[$meta:meta])* $name:ident; )*) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(NonZeroU32);
        impl Key for $name {
            // One more than the place, so that an optional key is no larger than a key.
            fn from_index(index: u32) -> Self { Self(NonZeroU32::MIN.saturating_add(index)) }
            fn index(self) -> usize { self.0.get() as usize - 1 }
        }
    )* };
}

keys! {
    /// A staff member.
    PersonKey;
    /// A person served, or a collateral.
    IndividualKey;
    /// A program.
    ProgramKey;
    /// A contract.
    ContractKey;
    /// A policy.
    PolicyKey;
    /// A plan (all its versions).
    PlanKey;
    /// A significant event.
    SignificantEventKey;
    /// A goal.
    GoalKey;
    /// A contact.
    ContactKey;
    /// A group session.
    SessionKey;
    /// A note (all its versions).
    NoteKey;
    /// A claim.
    ClaimKey;
    /// A short text that recurs: a code, a topic, an issuer.
    TextKey;
    /// A list of short texts that recurs.
    TextListKey;
}

/// Values and the small numbers that stand for them, in order of first appearance.
#[derive(Debug)]
pub(crate) struct Table<K, V> {
    values: Vec<V>,
    places: HashTable<u32>,
    key: PhantomData<K>,
}

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self { values: Vec::new(), places: HashTable::new(), key: PhantomData }
    }
}

/// A table of texts.
pub(crate) type Names<K> = Table<K, CompactString>;

fn hash<T: Hash + ?Sized>(value: &T) -> u64 {
    rustc_hash::FxBuildHasher.hash_one(value)
}

impl<K: Key, V> Table<K, V> {
    fn intern_as<Q>(&mut self, query: &Q, same: impl Fn(&V) -> bool, hash_of: impl Fn(&V) -> u64, own: impl FnOnce() -> V) -> K
    where
        Q: Hash + ?Sized,
    {
        let h = hash(query);
        let values = &self.values;
        if let Some(place) = self.places.find(h, |p| same(&values[*p as usize])) {
            return K::from_index(*place);
        }
        // A ledger of four thousand million names would not fit this machine's memory long before this wraps.
        let place = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.values.push(own());
        let values = &self.values;
        self.places.insert_unique(h, place, |p| hash_of(&values[*p as usize]));
        K::from_index(place)
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: K) -> &V {
        &self.values[key.index()]
    }

    /// Every key in order of first appearance.
    pub(crate) fn keys(&self) -> impl Iterator<Item = K> + use<K, V> {
        (0..self.values.len()).map(|i| K::from_index(u32::try_from(i).unwrap_or(u32::MAX)))
    }
}

impl<K: Key> Table<K, CompactString> {
    /// The key of a text, new or known.
    pub(crate) fn intern(&mut self, text: &str) -> K {
        self.intern_as(text, |v| v == text, |v| hash(v.as_str()), || CompactString::new(text))
    }

    /// The key of a text that is known.
    pub(crate) fn find(&self, text: &str) -> Option<K> {
        self.places.find(hash(text), |p| self.values[*p as usize] == text).map(|p| K::from_index(*p))
    }
}

impl<K: Key, T: Hash + Eq + Clone> Table<K, Box<[T]>> {
    /// The key of a list, new or known.
    pub(crate) fn intern_list(&mut self, list: &[T]) -> K {
        self.intern_as(list, |v| **v == *list, |v| hash::<[T]>(v), || list.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_key_and_a_thousand_names_do_not_collide() {
        let mut names: Names<PersonKey> = Names::default();
        let keys: Vec<_> = (0..1000).map(|i| names.intern(&format!("P-{i}"))).collect();
        for (i, key) in keys.iter().enumerate() {
            assert_eq!(names.intern(&format!("P-{i}")), *key);
            assert_eq!(names.find(&format!("P-{i}")), Some(*key));
            assert_eq!(names.get(*key), &format!("P-{i}"));
        }
        assert_eq!(names.len(), 1000);
        assert_eq!(names.find("Q"), None);
    }
}
