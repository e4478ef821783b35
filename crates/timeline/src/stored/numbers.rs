//! Arrays of numbers: built, or left lying in a section's pieces and read where they lie.
//! It never writes to what lies; whoever wants to change a number has a copy.

use std::fmt;
use std::sync::Arc;

use super::codec::{Input, Output, Stored};
use super::pieces::{Lain, Place};

/// Numbers that copies of a history share.
#[derive(Clone)]
pub struct Numbers(Kind);

#[derive(Clone)]
enum Kind {
    Built(Arc<Vec<u32>>),
    /// One is told with whatever has it.
    One([u32; 1]),
    /// So many, all in one piece.
    Lying(Lain, Place, usize),
}

impl Default for Numbers {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<u32>> for Numbers {
    fn from(numbers: Vec<u32>) -> Self {
        Self(Kind::Built(Arc::new(numbers)))
    }
}

impl Numbers {
    /// The numbers.
    #[inline]
    pub fn as_slice(&self) -> &[u32] {
        match &self.0 {
            Kind::Built(numbers) => numbers,
            Kind::One(number) => number,
            Kind::Lying(lain, place, count) => lain.words(*place, *count),
        }
    }

    /// How many there are, without reading them.
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Built(numbers) => numbers.len(),
            Kind::One(_) => 1,
            Kind::Lying(_, _, count) => *count,
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// To be changed: a copy, where they lie or others share them.
    pub(crate) fn into_vec(self) -> Vec<u32> {
        match self.0 {
            Kind::Built(numbers) => Arc::unwrap_or_clone(numbers),
            Kind::One(_) | Kind::Lying(..) => self.as_slice().to_vec(),
        }
    }

    /// Notes that what lies there is not what it should be.
    pub(crate) fn damaged(&self) {
        if let Kind::Lying(lain, ..) = &self.0 {
            lain.damaged();
        }
    }
}

/// Equal numbers, wherever they are.
impl PartialEq for Numbers {
    fn eq(&self, other: &Self) -> bool {
        self.as_slice() == other.as_slice()
    }
}

impl Eq for Numbers {}

impl fmt::Debug for Numbers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_slice().fmt(f)
    }
}

/// A long array of which a question needs few: its parts are read one by one.
#[derive(Debug, Clone)]
pub(crate) enum Paged {
    /// Built.
    Built(Arc<Vec<u32>>),
    /// Parts of [`PART`] numbers each, the last of fewer, and how many numbers there are.
    Lying(Arc<[Numbers]>, usize),
}

/// Numbers of a part. In tests so few that stories have several.
const PART: usize = if cfg!(test) { 8 } else { 4096 };

impl Default for Paged {
    fn default() -> Self {
        Vec::new().into()
    }
}

impl From<Vec<u32>> for Paged {
    fn from(numbers: Vec<u32>) -> Self {
        Self::Built(Arc::new(numbers))
    }
}

impl Paged {
    /// How many there are.
    #[inline]
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Built(numbers) => numbers.len(),
            Self::Lying(_, count) => *count,
        }
    }

    /// The number at a place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<u32> {
        match self {
            Self::Built(numbers) => numbers.get(place).copied(),
            Self::Lying(parts, _) => parts.get(place / PART)?.as_slice().get(place % PART).copied(),
        }
    }

    /// Notes that what lies there is not what it should be.
    pub(crate) fn damaged(&self) {
        if let Self::Lying(parts, _) = self {
            parts.iter().take(1).for_each(Numbers::damaged);
        }
    }

    /// All of them, in memory of their own.
    pub(crate) fn to_vec(&self) -> Vec<u32> {
        match self {
            Self::Built(numbers) => numbers.to_vec(),
            Self::Lying(parts, _) => parts.iter().flat_map(|part| part.as_slice()).copied().collect(),
        }
    }
}

impl Output<'_> {
    /// Numbers that are read together.
    pub fn array(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u64);
        match numbers {
            [] => {}
            [one] => self.number(u64::from(*one)),
            _ => self.lay(&little_endian(numbers)),
        }
    }

    /// Numbers of which few are read.
    pub(crate) fn paged(&mut self, numbers: &[u32]) {
        self.number(numbers.len() as u64);
        numbers.chunks(PART).for_each(|part| self.lay(&little_endian(part)));
    }
}

fn little_endian(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

impl Input<'_> {
    /// What [`Output::array`] wrote.
    pub fn array(&mut self) -> Option<Numbers> {
        let count = usize::try_from(self.number()?).ok()?;
        if count < 2 {
            let one = if count == 0 { None } else { Some(u32::take(self)?) };
            return Some(one.map_or_else(Numbers::default, |one| Numbers(Kind::One([one]))));
        }
        self.lying(count)
    }

    fn lying(&mut self, count: usize) -> Option<Numbers> {
        let (lain, place) = self.laid()?;
        Some(Numbers(Kind::Lying(lain, place, count)))
    }

    /// What [`Output::paged`] wrote.
    pub(crate) fn paged(&mut self) -> Option<Paged> {
        let count = usize::try_from(self.number()?).ok()?;
        // A place takes two bytes at least.
        let parts = count.div_ceil(PART);
        let mut lying = Vec::with_capacity(parts.min(self.left() / 2));
        for part in 0..parts {
            lying.push(self.lying(PART.min(count - part * PART))?);
        }
        Some(Paged::Lying(lying.into(), count))
    }
}
