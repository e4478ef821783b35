//! Short texts one after another, and where each ends: built, or left lying in a section's bytes and read where they lie.
//! Knows neither an order nor what they stand for; what lies there and is no text reads as empty.

use std::fmt;
use std::ops::Range;

use super::codec::{Input, Output};
use super::lying::Lain;
use super::numbers::Numbers;

/// Texts by their places.
pub struct Texts {
    all: All,
    ends: Numbers,
}

/// All of them one after another.
enum All {
    Built(Box<[u8]>),
    Lying(Lain, Range<usize>),
}

impl Texts {
    /// From all of them one after another, and where each ends; `None` unless the last ends where all do.
    pub fn of_parts(all: Vec<u8>, ends: Vec<u32>) -> Option<Self> {
        Self { all: All::Built(all.into()), ends: ends.into() }.fitting()
    }

    fn fitting(self) -> Option<Self> {
        let (all, ends) = self.parts();
        let fits = ends.is_sorted() && ends.last().map_or(0, |end| *end as usize) == all.len();
        fits.then_some(self)
    }

    /// All of them one after another, and where each ends.
    pub fn parts(&self) -> (&[u8], &[u32]) {
        let all = match &self.all {
            All::Built(bytes) => bytes,
            All::Lying(lain, place) => lain.bytes().get(place.clone()).unwrap_or_default(),
        };
        (all, self.ends.as_slice())
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ends.as_slice().len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bytes of the one at a place; none beyond the last.
    pub fn bytes_at(&self, place: usize) -> &[u8] {
        let (all, ends) = self.parts();
        all.get(stretch(ends, place)).unwrap_or_default()
    }

    /// The one at a place; empty beyond the last, and where the bytes are no text.
    pub fn at(&self, place: usize) -> &str {
        std::str::from_utf8(self.bytes_at(place)).unwrap_or_default()
    }
}

impl fmt::Debug for Texts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries((0..self.len()).map(|place| self.at(place))).finish()
    }
}

/// Equal texts, wherever they are.
impl PartialEq for Texts {
    fn eq(&self, other: &Self) -> bool {
        self.parts() == other.parts()
    }
}

impl Eq for Texts {}

/// The stretch of a place among values that lie one after another.
pub(crate) fn stretch(ends: &[u32], place: usize) -> Range<usize> {
    let from = place.checked_sub(1).and_then(|before| ends.get(before)).map_or(0, |end| *end as usize);
    from..ends.get(place).map_or(from, |end| *end as usize)
}

impl Output<'_> {
    /// Texts by their parts, as [`Texts::parts`] gives them.
    pub fn texts(&mut self, (all, ends): (&[u8], &[u32])) {
        self.number(all.len() as u64);
        self.raw(all);
        self.array(ends);
    }
}

impl Input<'_> {
    /// What [`Output::texts`] wrote, left lying in its section if these are the bytes of one.
    pub fn texts(&mut self) -> Option<Texts> {
        let len = self.count(1)?;
        let bytes = self.slice(len)?;
        let all = match self.lain() {
            Some((lain, end)) => All::Lying(lain, end.checked_sub(len)?..end),
            None => All::Built(bytes.into()),
        };
        Texts { all, ends: self.lying_array()? }.fitting()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn texts_are_read_by_their_places_and_what_is_none_reads_as_empty() {
        let of_parts = |all: &str, ends: &[u32]| Texts::of_parts(all.as_bytes().to_vec(), ends.to_vec());
        let texts = of_parts("C-1É", &[3, 5]).unwrap();
        assert_eq!((texts.len(), texts.at(0), texts.at(1), texts.at(2)), (2, "C-1", "É", ""));
        assert!(of_parts("", &[]).unwrap().is_empty());
        for bad in [&[3, 7][..], &[3], &[6, 3], &[3, 6, 4]] {
            assert_eq!(of_parts("C-1C-2", bad), None);
        }
        let half = of_parts("É", &[1, 2]).unwrap();
        assert_eq!((half.at(0), half.at(1)), ("", ""), "half a letter is no text");
    }
}
