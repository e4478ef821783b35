//! The contacts that a finding involves, by key: a peer's advisory may involve thousands, and most scans ask nothing of them.
//! Knows no name; a history says how its contacts are called.

use std::fmt;

use timeline::stored::Numbers;
use timeline::{ContactKey, History, Key};

/// Contacts by key, in order of the keys, each once; copies share them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ContactSet {
    /// Places of the keys.
    all: Numbers,
    /// The first and the last of them: most questions whether a contact is among them need no more.
    bounds: Option<(u32, u32)>,
}

/// The places alone.
impl fmt::Debug for ContactSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ContactSet").field(&self.all).finish()
    }
}

impl ContactSet {
    /// From the places of the keys, in order, each once, and the first and the last of them. One that is no contact's reads as a contact without a name.
    pub(crate) fn of_places(places: Numbers, bounds: Option<(u32, u32)>) -> Self {
        Self { all: places, bounds }
    }

    /// The first and the last place, without reading them.
    pub(crate) fn bounds(&self) -> Option<(u32, u32)> {
        self.bounds
    }

    /// Those of some contacts, in order of their keys, that are among them.
    pub(crate) fn among(&self, contacts: &[ContactKey]) -> Vec<ContactKey> {
        let Some((first, last)) = self.bounds else { return Vec::new() };
        let from = contacts.partition_point(|contact| contact.index() < first as usize);
        let to = contacts.partition_point(|contact| contact.index() <= last as usize);
        let near = contacts.get(from..to).unwrap_or_default();
        // Each of the fewer is looked for among the more: a finding of few contacts may lie across many that changed, and the other way round.
        if near.len() <= self.len() {
            return near.iter().copied().filter(|contact| self.has(*contact)).collect();
        }
        self.iter().filter(|contact| near.binary_search(contact).is_ok()).collect()
    }

    /// The places of the keys.
    pub(crate) fn places(&self) -> &[u32] {
        self.all.as_slice()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The keys, in their order.
    pub fn iter(&self) -> impl Iterator<Item = ContactKey> {
        self.places().iter().map(|place| ContactKey::from_index(*place))
    }

    /// Whether a contact is among them.
    pub fn has(&self, contact: ContactKey) -> bool {
        u32::try_from(contact.index()).is_ok_and(|place| self.places().binary_search(&place).is_ok())
    }

    /// Their ids, sorted.
    pub fn names<'h>(&self, history: &'h History) -> Vec<&'h str> {
        let mut names: Vec<&str> = self.iter().map(|contact| history.contact_name(contact)).collect();
        names.sort_unstable();
        names
    }
}

/// In any order, and more than once.
impl FromIterator<ContactKey> for ContactSet {
    fn from_iter<I: IntoIterator<Item = ContactKey>>(contacts: I) -> Self {
        let mut places: Vec<u32> = contacts.into_iter().map(|contact| u32::try_from(contact.index()).unwrap_or(u32::MAX)).collect();
        places.sort_unstable();
        places.dedup();
        Self { bounds: places.first().copied().zip(places.last().copied()), all: places.into() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn contacts_are_found_and_read_again_as_they_were() {
        let set: ContactSet = [7, 3, 20, 3].into_iter().map(ContactKey::from_index).collect();
        assert_eq!((set.places(), set.len()), (&[3, 7, 20][..], 3));
        assert!(set.has(ContactKey::from_index(7)) && !set.has(ContactKey::from_index(8)) && !set.is_empty());
        let keys = |places: &[u32]| places.iter().map(|place| ContactKey::from_index(*place)).collect::<Vec<_>>();
        for (asked, found) in [(&[1, 3, 4, 20, 21][..], &[3, 20][..]), (&[0, 1], &[]), (&[21], &[]), (&[], &[]), (&[7], &[7]), (&[1, 3, 4, 5, 6, 7], &[3, 7])] {
            assert_eq!(set.among(&keys(asked)), keys(found));
        }
        assert_eq!(ContactSet::of_places(set.places().to_vec().into(), Some((3, 20))), set);
        assert_eq!(ContactSet::of_places(Vec::new().into(), None), ContactSet::default());
    }
}
