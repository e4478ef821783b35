//! Ids that a finding names, in order: a peer's advisory may name thousands of claims, and most scans leave them lying as they were stored.
//! Holds each once; says nothing of what they stand for.

use std::fmt;
use std::ops::Range;

use timeline::stored::Texts;

/// Ids, sorted, each once; copies share them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Listed(Option<Texts>);

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Whether they are in order is not asked.
impl From<Texts> for Listed {
    fn from(ids: Texts) -> Self {
        Self((!ids.is_empty()).then_some(ids))
    }
}

impl Listed {
    /// All ids one after another, and where each ends.
    pub(crate) fn parts(&self) -> (&[u8], &[u32]) {
        self.0.as_ref().map_or((&[], &[]), Texts::parts)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.parts().1.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The ids, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|place| self.at(place))
    }

    fn at(&self, place: usize) -> &str {
        self.0.as_ref().map_or("", |ids| ids.at(place))
    }

    /// Whether an id is among them.
    pub fn has(&self, id: &str) -> bool {
        let place = self.place_of(id);
        place < self.len() && self.at(place) == id
    }

    /// How many come before an id.
    fn place_of(&self, id: &str) -> usize {
        let (mut from, mut to) = (0, self.len());
        while from < to {
            let middle = from + (to - from) / 2;
            if self.at(middle) < id {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        from
    }

    /// With a few others, none of which is among them: what lies between those is copied as it is.
    pub(crate) fn with(&self, others: &Self) -> Self {
        let (text, ends) = self.parts();
        let mut all = Building::with_capacity(text.len() + others.parts().0.len(), ends.len() + others.len());
        let mut copied = 0;
        for other in others.iter() {
            let place = self.place_of(other);
            all.copy(self, copied..place);
            all.push(other);
            copied = place;
        }
        all.copy(self, copied..ends.len());
        all.done()
    }
}

/// Ids being put together, in order.
struct Building {
    text: Vec<u8>,
    ends: Vec<u32>,
}

impl Building {
    fn with_capacity(bytes: usize, ids: usize) -> Self {
        Self { text: Vec::with_capacity(bytes), ends: Vec::with_capacity(ids) }
    }

    fn push(&mut self, id: &str) {
        self.text.extend_from_slice(id.as_bytes());
        self.ends.push(narrow(self.text.len()));
    }

    /// Those at some places of others.
    fn copy(&mut self, from: &Listed, places: Range<usize>) {
        let (text, ends) = from.parts();
        let end_of = |place: usize| place.checked_sub(1).and_then(|last| ends.get(last)).map_or(0, |end| *end as usize);
        let (first, last) = (end_of(places.start), end_of(places.end));
        let before = self.text.len();
        self.text.extend_from_slice(text.get(first..last).unwrap_or_default());
        self.ends.extend(ends.get(places).unwrap_or_default().iter().map(|end| narrow(before + (*end as usize).saturating_sub(first))));
    }

    fn done(self) -> Listed {
        Texts::of_parts(self.text, self.ends).map(Listed::from).unwrap_or_default()
    }
}

// Ids of four thousand million bytes in one finding would not fit this machine's memory long before this wraps.
fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// In any order, and more than once.
impl<'n> FromIterator<&'n str> for Listed {
    fn from_iter<I: IntoIterator<Item = &'n str>>(ids: I) -> Self {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        // Claims in order of their contacts come in sorted runs, which this sort finds and merges.
        ids.sort();
        ids.dedup();
        let mut all = Building::with_capacity(ids.iter().map(|id| id.len()).sum(), ids.len());
        ids.into_iter().for_each(|id| all.push(id));
        all.done()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn ids_are_in_order_and_found_and_read_again_as_they_were() {
        let ids = ["C-3", "C-1", "C-20", "C-1", "É-4"];
        let listed: Listed = ids.into_iter().collect();
        assert_eq!(listed.iter().collect::<Vec<_>>(), ["C-1", "C-20", "C-3", "É-4"]);
        assert!(ids.iter().all(|id| listed.has(id)) && !listed.has("C-2") && !listed.has("") && !listed.has("Z"));
        let others: Listed = ["C-0", "C-10", "C-2", "Z"].into_iter().collect();
        let every: Listed = listed.iter().chain(others.iter()).collect();
        assert_eq!((listed.with(&others), others.with(&listed), listed.with(&Listed::default())), (every.clone(), every, listed.clone()));
        assert_eq!(Listed::default().with(&others), others);
        let (text, ends) = listed.parts();
        assert_eq!(Texts::of_parts(text.to_vec(), ends.to_vec()).map(Listed::from), Some(listed.clone()));
        assert_eq!(Texts::of_parts(Vec::new(), Vec::new()).map(Listed::from), Some(Listed::default()));
    }
}
