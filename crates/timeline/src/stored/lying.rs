//! Rows that lie in a section's bytes until somebody asks for one of them: of a large history a question needs few.
//! The bytes were unsealed as a whole before, so that none of them is other than it was written; nothing is repaired here.

use std::fmt;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

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

/// The full pieces of a column.
#[derive(Debug)]
pub(crate) struct Lying<T> {
    lain: Lain,
    pieces: Vec<Place>,
    /// Rows in a piece.
    rows: usize,
    /// What stands for the rows of a piece whose bytes are none, as only somebody who has the vault's keys can write them.
    instead: T,
    take: fn(&mut Input<'_>) -> Option<T>,
}

/// Where a piece lies, and of which events it has rows.
#[derive(Debug)]
struct Place {
    bytes: Range<usize>,
    events: RangeInclusive<u32>,
}

impl<T: Clone> Lying<T> {
    /// The rows of a piece: as many as a piece has, whatever its bytes are.
    pub(crate) fn read(&self, piece: usize) -> Arc<[T]> {
        self.pieces.get(piece).and_then(|place| self.rows_at(place)).unwrap_or_else(|| vec![self.instead.clone(); self.rows]).into()
    }

    fn rows_at(&self, place: &Place) -> Option<Vec<T>> {
        let mut input = Input::new(self.lain.bytes().get(place.bytes.clone())?, &self.lain.counts)?;
        let mut rows = Vec::with_capacity(self.rows);
        for _ in 0..self.rows {
            rows.push((self.take)(&mut input)?);
        }
        input.is_at_end().then_some(rows)
    }
}

impl<T> Lying<T> {
    /// How many full pieces there are.
    pub(crate) fn pieces(&self) -> usize {
        self.pieces.len()
    }

    /// The first and the last event that a piece has rows of.
    pub(crate) fn events(&self, piece: usize) -> RangeInclusive<u32> {
        self.pieces.get(piece).map_or(0..=u32::MAX, |place| place.events.clone())
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

/// How many full pieces there are, of each its length and events, the pieces, and the rows after them with their count. Rows count their
/// differences anew in every piece.
impl<T: Stored + Clone, const PIECE: usize> Stored for Column<T, PIECE> {
    fn put(&self, out: &mut Output<'_>) {
        let (pieces, rest) = self.by_piece();
        let mut rows = Output { spelled: out.spelled, ..Output::default() };
        let mut places = Vec::new();
        for piece in pieces {
            let before = rows.bytes.len();
            let mut held = Held::NOTHING;
            (rows.seq, rows.from) = (0, 0);
            for row in piece {
                row.put(&mut rows);
                row.held(&mut held);
            }
            places.push(((rows.bytes.len() - before) as u64, held));
        }
        out.number(places.len() as u64);
        for (len, held) in places {
            out.number(len);
            held.first.put(out);
            held.last.put(out);
        }
        out.raw(&rows.bytes);
        (out.seq, out.from) = (0, 0);
        out.number(rest.len() as u64);
        rest.iter().for_each(|row| row.put(out));
    }

    fn take(input: &mut Input<'_>) -> Option<Self> {
        let count = input.count(3)?;
        let mut pieces = Vec::with_capacity(count);
        let mut end = 0usize;
        for _ in 0..count {
            // Fewer bytes cannot hold so many rows: no more room is made for rows than bytes can fill.
            let len = usize::try_from(input.number()?).ok().filter(|len| *len >= PIECE * T::LEAST)?;
            let events = u32::take(input)?..=u32::take(input)?;
            pieces.push(Place { bytes: end..end.checked_add(len)?, events });
            end += len;
        }
        let (lain, from) = input.lain()?;
        let bytes = input.slice(end)?;
        pieces.iter_mut().for_each(|place| place.bytes = from + place.bytes.start..from + place.bytes.end);
        let instead = if count == 0 { None } else { Some(T::take(&mut Input::new(bytes, &lain.counts)?)?) };
        (input.seq, input.from) = (0, 0);
        let mut rest = Vec::with_capacity(PIECE);
        let after = input.count(T::LEAST).filter(|after| *after < PIECE)?;
        for _ in 0..after {
            rest.push(T::take(input)?);
        }
        Some(match instead {
            Some(instead) => Column::of_stored(Lying { lain, pieces, rows: PIECE, instead, take: T::take }, rest),
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
