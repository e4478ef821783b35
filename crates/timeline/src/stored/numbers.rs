//! Long arrays of numbers: built, or left lying in a section's bytes and read where they lie.
//! It never writes to what lies; whoever wants to change a number has a copy.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::lying::Lain;

/// Numbers that copies of a history share.
#[derive(Clone)]
pub struct Numbers(Kind);

#[derive(Clone)]
enum Kind {
    Built(Arc<Vec<u32>>),
    /// Little-endian and where this machine reads numbers, as [`Numbers::lying`] has seen.
    Lying(Lain, Range<usize>),
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
    /// Those at some bytes of a section; `None` where this machine cannot read them as they lie.
    pub(crate) fn lying(lain: Lain, place: Range<usize>) -> Option<Self> {
        let readable = cfg!(target_endian = "little") && bytemuck::try_cast_slice::<u8, u32>(lain.bytes().get(place.clone())?).is_ok();
        readable.then_some(Self(Kind::Lying(lain, place)))
    }

    /// The numbers.
    pub fn as_slice(&self) -> &[u32] {
        match &self.0 {
            Kind::Built(numbers) => numbers,
            Kind::Lying(lain, place) => lain.bytes().get(place.clone()).and_then(|bytes| bytemuck::try_cast_slice(bytes).ok()).unwrap_or_default(),
        }
    }

    /// To be changed: a copy, where they lie or others share them.
    pub(crate) fn into_vec(self) -> Vec<u32> {
        match self.0 {
            Kind::Built(numbers) => Arc::unwrap_or_clone(numbers),
            Kind::Lying(..) => self.as_slice().to_vec(),
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
