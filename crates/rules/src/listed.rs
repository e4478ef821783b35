//! Ids that a finding names, in order: a peer's advisory may name thousands of claims, and most scans leave them lying as they were stored.
//! Holds each once; says nothing of what they stand for.

use std::fmt;
use std::sync::Arc;

use timeline::stored::{LongText, Numbers};

/// Ids, sorted, each once; copies share them.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Listed(Option<Arc<Together>>);

/// All of them one after another, and where each ends.
struct Together {
    text: LongText,
    ends: Numbers,
}

impl PartialEq for Together {
    fn eq(&self, other: &Self) -> bool {
        self.text.as_bytes() == other.text.as_bytes() && self.ends == other.ends
    }
}

impl Eq for Together {}

impl fmt::Debug for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl Listed {
    /// From a text of ids one after another and where each ends in it; `None` unless the ends are those of stretches of the text. Whether these
    /// are texts and in order is not asked: an id that is none reads as empty.
    pub(crate) fn of_parts(text: LongText, ends: Numbers) -> Option<Self> {
        let all = ends.as_slice();
        let fits = all.is_sorted() && all.last().map_or(0, |end| *end as usize) == text.as_bytes().len();
        fits.then(|| Self::together(Together { text, ends }))
    }

    fn together(all: Together) -> Self {
        Self((!all.ends.as_slice().is_empty()).then(|| Arc::new(all)))
    }

    /// All ids one after another, and where each ends.
    pub(crate) fn parts(&self) -> (&[u8], &[u32]) {
        self.0.as_ref().map_or((&[], &[]), |all| (all.text.as_bytes(), all.ends.as_slice()))
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
        let Some(all) = &self.0 else { return "" };
        let end = |place: usize| all.ends.as_slice().get(place).map_or(0, |end| *end as usize);
        all.text.stretch(place.checked_sub(1).map_or(0, end)..end(place))
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
        let mut all = Vec::with_capacity(text.len() + others.parts().0.len());
        let mut all_ends = Vec::with_capacity(ends.len() + others.len());
        let mut copied = 0;
        let end_of = |place: usize| place.checked_sub(1).and_then(|last| ends.get(last)).map_or(0, |end| *end as usize);
        let mut copy_until = |place: usize, other: &str| {
            let before = u32::try_from(all.len().saturating_sub(end_of(copied))).unwrap_or(u32::MAX);
            all.extend_from_slice(text.get(end_of(copied)..end_of(place)).unwrap_or_default());
            all_ends.extend(ends.get(copied..place).unwrap_or_default().iter().map(|end| end.saturating_add(before)));
            all.extend_from_slice(other.as_bytes());
            copied = place;
            (!other.is_empty()).then(|| all_ends.push(u32::try_from(all.len()).unwrap_or(u32::MAX)));
        };
        others.iter().for_each(|other| copy_until(self.place_of(other), other));
        copy_until(ends.len(), "");
        Self::together(Together { text: all.into(), ends: all_ends.into() })
    }
}

/// In any order, and more than once.
impl<'n> FromIterator<&'n str> for Listed {
    fn from_iter<I: IntoIterator<Item = &'n str>>(ids: I) -> Self {
        let mut ids: Vec<&str> = ids.into_iter().collect();
        // Of two sorted runs, one after the other, which this sort finds and merges.
        ids.sort();
        ids.dedup();
        let (mut text, mut ends) = (Vec::with_capacity(ids.iter().map(|id| id.len()).sum()), Vec::with_capacity(ids.len()));
        for id in ids {
            text.extend_from_slice(id.as_bytes());
            ends.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        }
        Self::together(Together { text: text.into(), ends: ends.into() })
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
        let of_parts = |text: &str, ends: &[u32]| Listed::of_parts(text.as_bytes().to_vec().into(), ends.to_vec().into());
        let (text, ends) = listed.parts();
        assert_eq!(of_parts(std::str::from_utf8(text).unwrap(), ends), Some(listed.clone()));
        assert_eq!(of_parts("", &[]), Some(Listed::default()));
        for bad in [&[3, 7][..], &[3], &[6, 3], &[3, 6, 4]] {
            assert_eq!(of_parts("C-1C-2", bad), None);
        }
        assert_eq!(of_parts("É", &[1, 2]).unwrap().iter().collect::<Vec<_>>(), ["", ""], "half a letter is no text");
    }
}
