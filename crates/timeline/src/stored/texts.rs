//! Short texts one after another, and where each ends: built, or left lying in a piece of a section and read where they lie.
//! Knows neither an order nor what they stand for; what lies there and is no text reads as empty.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::codec::{Input, Output};
use super::pieces::{Lain, Place};

/// Texts by their places; copies share them.
#[derive(Clone)]
pub struct Texts(Kind);

#[derive(Clone)]
enum Kind {
    Built(Arc<Built>),
    /// Where each ends, and then all of them.
    Lying {
        lain: Lain,
        place: Place,
        /// How many there are.
        count: usize,
        /// How long all of them are, in bytes.
        len: usize,
    },
}

struct Built {
    all: Vec<u8>,
    ends: Vec<u32>,
}

impl Texts {
    /// From all of them one after another, and where each ends; `None` unless the last ends where all do.
    pub fn of_parts(all: Vec<u8>, ends: Vec<u32>) -> Option<Self> {
        let fits = ends.is_sorted() && ends.last().map_or(0, |end| *end as usize) == all.len();
        fits.then(|| Self(Kind::Built(Arc::new(Built { all, ends }))))
    }

    /// All of them one after another, and where each ends.
    pub fn parts(&self) -> (&[u8], &[u32]) {
        match &self.0 {
            Kind::Built(built) => (&built.all, &built.ends),
            Kind::Lying { lain, place, count, len } => {
                let words = lain.words(*place, count.saturating_add(len.div_ceil(4)));
                let (ends, all) = words.split_at_checked(*count).unwrap_or_default();
                (bytemuck::cast_slice(all).get(..*len).unwrap_or_default(), ends)
            }
        }
    }

    /// How many there are said to be, without reading them: where they are none, more than can be asked for.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Built(built) => built.ends.len(),
            Kind::Lying { count, .. } => *count,
        }
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
        f.debug_list().entries((0..self.parts().1.len()).map(|place| self.at(place))).finish()
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
    /// Texts that are read together, by their parts as [`Texts::parts`] gives them.
    pub fn texts(&mut self, (all, ends): (&[u8], &[u32])) {
        self.number(ends.len() as u64);
        if ends.is_empty() {
            return;
        }
        self.number(all.len() as u64);
        let mut bytes = Vec::with_capacity(ends.len() * 4 + all.len());
        bytes.extend(ends.iter().flat_map(|end| end.to_le_bytes()));
        bytes.extend_from_slice(all);
        self.lay(&bytes);
    }
}

impl Input<'_> {
    /// What [`Output::texts`] wrote; nothing of it is read but how many there are.
    pub fn texts(&mut self) -> Option<Texts> {
        let count = usize::try_from(self.number()?).ok()?;
        if count == 0 {
            return Texts::of_parts(Vec::new(), Vec::new());
        }
        let len = usize::try_from(self.number()?).ok()?;
        let (lain, place) = self.laid()?;
        Some(Texts(Kind::Lying { lain, place, count, len }))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::pieces::Pieces;
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

    #[test]
    fn texts_are_the_same_where_they_were_built_and_where_they_lie() {
        for count in 0..20_u32 {
            let texts = Texts::of_parts("ab".repeat(count as usize).into_bytes(), (1..=count).map(|n| n * 2).collect()).unwrap();
            let mut out = Output::default();
            out.texts(texts.parts());
            let (front, lain) = Lain::open(out.done().into(), &Arc::default(), &Pieces::Now).unwrap();
            let mut input = Input::of_section(&front, &lain).unwrap();
            let again = input.texts().unwrap();
            assert!(input.is_at_end());
            assert_eq!((again.len(), &again), (texts.len(), &texts));
        }
    }
}
