//! Rows that lie in a section's bytes until somebody asks for one of them: of a large history a question needs few.
//! The bytes were unsealed as a whole before, so that none of them is other than it was written; nothing is repaired here.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::sync::{Arc, OnceLock};

use super::codec::{Input, Output, Stored};
use super::keys::Counts;
use crate::column::{Column, Owners};

/// A section's bytes, kept as long as something of it may be asked for, and the counts that its keys are held against.
#[derive(Clone)]
pub(crate) struct Lain {
    bytes: Arc<dyn AsRef<[u8]> + Send + Sync>,
    pub(crate) counts: Arc<Counts>,
}

impl Lain {
    pub(crate) fn new(bytes: impl AsRef<[u8]> + Send + Sync + 'static, counts: &Arc<Counts>) -> Self {
        Self { bytes: Arc::new(bytes), counts: Arc::clone(counts) }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        (*self.bytes).as_ref()
    }
}

impl fmt::Debug for Lain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lain").field("bytes", &self.bytes().len()).finish_non_exhaustive()
    }
}

/// Stretches of a piece, at most: rows that are read together are so few that one of them costs little, and so many that where they begin
/// takes little room.
const STRETCHES: usize = 64;
/// Rows that are read together, at least. In tests so few that a piece has several stretches.
const FEW: usize = if cfg!(test) { 2 } else { 8 };

/// Of a column whose pieces have so many rows each, those that are read together: a piece has a whole number of them.
const fn together(piece: usize) -> usize {
    let (few, least) = (piece / STRETCHES, if piece < FEW { piece } else { FEW });
    if few < least { least } else { few }
}

/// The full pieces of a column.
#[derive(Debug)]
pub(crate) struct Lying<T, const PIECE: usize> {
    lain: Lain,
    /// Of each piece the first and the last event that it has rows of.
    events: Vec<RangeInclusive<u32>>,
    /// Where those that are read together lie.
    few: Vec<Range<usize>>,
    /// What was read of them.
    read: Vec<OnceLock<Box<[T]>>>,
    /// What stands for rows whose bytes are none, as only somebody who has the vault's keys can write them.
    instead: T,
    take: fn(&mut Input<'_>) -> Option<T>,
}

impl<T: Clone, const PIECE: usize> Lying<T, PIECE> {
    const TOGETHER: usize = {
        assert!(PIECE.is_multiple_of(together(PIECE)));
        together(PIECE)
    };

    /// The row at a place, with which those beside it are read.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> Option<&T> {
        self.few(place / Self::TOGETHER).get(place % Self::TOGETHER)
    }

    /// The rows of a piece: as many as a piece has, whatever its bytes are.
    pub(crate) fn piece(&self, number: usize) -> impl Iterator<Item = &T> {
        let stretches = PIECE / Self::TOGETHER;
        (number * stretches..(number + 1) * stretches).flat_map(|number| self.few(number))
    }

    #[inline]
    fn few(&self, number: usize) -> &[T] {
        self.read.get(number).map_or(&[], |read| read.get_or_init(|| self.read(number)))
    }

    #[cold]
    fn read(&self, number: usize) -> Box<[T]> {
        self.few.get(number).and_then(|place| self.rows_at(place)).unwrap_or_else(|| vec![self.instead.clone(); Self::TOGETHER]).into()
    }

    fn rows_at(&self, place: &Range<usize>) -> Option<Vec<T>> {
        let mut input = Input::new(self.lain.bytes().get(place.clone())?, &self.lain.counts)?;
        let mut rows = Vec::with_capacity(Self::TOGETHER);
        for _ in 0..Self::TOGETHER {
            rows.push((self.take)(&mut input)?);
        }
        input.is_at_end().then_some(rows)
    }
}

impl<T, const PIECE: usize> Lying<T, PIECE> {
    /// How many full pieces there are.
    pub(crate) fn pieces(&self) -> usize {
        self.events.len()
    }

    /// The first and the last event that a piece has rows of.
    pub(crate) fn events(&self, piece: usize) -> RangeInclusive<u32> {
        self.events.get(piece).cloned().unwrap_or(0..=u32::MAX)
    }
}

/// The first and the last of some events.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    first: u32,
    last: u32,
}

impl Held {
    const NOTHING: Self = Self { first: u32::MAX, last: 0 };

    /// One more event.
    pub(crate) fn event(&mut self, seq: u32) {
        (self.first, self.last) = (self.first.min(seq), self.last.max(seq));
    }

    /// Events that nobody can name.
    pub(crate) fn any(&mut self) {
        *self = Self { first: 0, last: u32::MAX };
    }
}

/// How many full pieces there are, of each its events and the length of each of those that are read together, all of these, and the rows after
/// them with their count. Rows count their differences anew wherever they are read from.
impl<T: Stored + Clone, const PIECE: usize> Stored for Column<T, PIECE> {
    fn put(&self, out: &mut Output<'_>) {
        let (pieces, rest) = self.by_piece();
        let mut rows = Output { spelled: out.spelled, ..Output::default() };
        let mut places: Vec<(Held, Vec<usize>)> = Vec::new();
        for piece in pieces {
            let (mut held, mut ends) = (Held::NOTHING, Vec::new());
            for (place, row) in piece.enumerate() {
                if place % together(PIECE) == 0 {
                    ends.push(rows.bytes.len());
                    (rows.seq, rows.from) = (0, 0);
                }
                row.put(&mut rows);
                row.held(&mut held);
            }
            ends.push(rows.bytes.len());
            places.push((held, ends));
        }
        out.number(places.len() as u64);
        for (held, ends) in places {
            held.first.put(out);
            held.last.put(out);
            ends.windows(2).for_each(|ends| out.number((ends[1] - ends[0]) as u64));
        }
        out.raw(&rows.bytes);
        (out.seq, out.from) = (0, 0);
        out.number(rest.len() as u64);
        rest.iter().for_each(|row| row.put(out));
    }

    fn take(input: &mut Input<'_>) -> Option<Self> {
        let together = together(PIECE);
        let stretches = PIECE / together;
        let count = input.count(2 + stretches)?;
        let (mut events, mut few) = (Vec::with_capacity(count), Vec::with_capacity(count * stretches));
        let mut end = 0usize;
        for _ in 0..count {
            events.push(u32::take(input)?..=u32::take(input)?);
            for _ in 0..stretches {
                // Fewer bytes cannot hold so many rows: no more room is made for rows than bytes can fill.
                let len = usize::try_from(input.number()?).ok().filter(|len| *len >= together * T::LEAST)?;
                few.push(end..end.checked_add(len)?);
                end += len;
            }
        }
        let (lain, from) = input.lain()?;
        let bytes = input.slice(end)?;
        few.iter_mut().for_each(|place| *place = from + place.start..from + place.end);
        let instead = if count == 0 { None } else { Some(T::take(&mut Input::new(bytes, &lain.counts)?)?) };
        (input.seq, input.from) = (0, 0);
        let mut rest = Vec::with_capacity(PIECE);
        let after = input.count(T::LEAST).filter(|after| *after < PIECE)?;
        for _ in 0..after {
            rest.push(T::take(input)?);
        }
        Some(match instead {
            Some(instead) => {
                let read = few.iter().map(|_| OnceLock::new()).collect();
                Column::of_stored(Lying { lain, events, few, read, instead, take: T::take }, rest)
            }
            None => rest.into_iter().collect(),
        })
    }
}

/// As a column.
impl<T: Stored + Clone> Stored for Owners<T> {
    fn put(&self, out: &mut Output<'_>) {
        self.column().put(out);
    }
    fn take(input: &mut Input<'_>) -> Option<Self> {
        Column::take(input).map(Self::from)
    }
}
