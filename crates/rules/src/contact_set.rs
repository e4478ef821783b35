//! The contacts that a finding involves, by key: a peer's advisory may involve thousands, and most scans ask nothing of them.
//! Knows no name; a history says how its contacts are called.

use timeline::stored::Numbers;
use timeline::{ContactKey, History, Key};

/// Contacts by key, in order of the keys, each once; copies share them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ContactSet(Numbers);

impl ContactSet {
    /// From the places of the keys; `None` unless they are in order, each once, and below a count.
    pub(crate) fn of_places(places: Numbers, count: usize) -> Option<Self> {
        let all = places.as_slice();
        let fits = all.is_sorted_by(|a, b| a < b) && all.last().is_none_or(|last| (*last as usize) < count);
        fits.then_some(Self(places))
    }

    /// The places of the keys.
    pub(crate) fn places(&self) -> &[u32] {
        self.0.as_slice()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.places().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.places().is_empty()
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
        Self(places.into())
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
        assert_eq!(ContactSet::of_places(set.places().to_vec().into(), 21), Some(set));
        for (places, count) in [(vec![3, 7, 20], 20), (vec![7, 3], 21), (vec![3, 3], 21)] {
            assert_eq!(ContactSet::of_places(places.into(), count), None);
        }
        assert_eq!(ContactSet::of_places(Vec::new().into(), 0), Some(ContactSet::default()));
    }
}
