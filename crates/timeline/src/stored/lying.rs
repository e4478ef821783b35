//! Rows that lie in a section's pieces until somebody asks for one of them: of a large history a question needs few.
//! What turns out not to be rows is noted as damage, and other rows stand for them until the answer is thrown away; nothing is repaired here.

use std::ops::RangeInclusive;
use std::sync::OnceLock;

use super::codec::{Input, Output, Stored};
use super::pieces::{Lain, Place};
use super::texts::stretch;
use crate::column::{Column, Owners};

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
    pieces: Vec<Piece<T>>,
    /// What stands for rows that cannot be read.
    instead: T,
    take: fn(&mut Input<'_>) -> Option<T>,
}

/// Rows read together; none until one of them is asked for.
type Few<T> = OnceLock<Box<[T]>>;

#[derive(Debug)]
struct Piece<T> {
    /// The first and the last event that it has rows of.
    events: RangeInclusive<u32>,
    /// Where it lies: where each of those that are read together ends, and then all of them.
    place: Place,
    /// How many bytes those are.
    len: usize,
    /// What was read of it.
    read: OnceLock<Box<[Few<T>]>>,
}

impl<T: Clone, const PIECE: usize> Lying<T, PIECE> {
    const TOGETHER: usize = {
        assert!(PIECE.is_multiple_of(together(PIECE)));
        together(PIECE)
    };
    const STRETCHES: usize = PIECE / Self::TOGETHER;

    /// The row at a place, with which those beside it are read.
    #[inline]
    pub(crate) fn row(&self, place: usize) -> Option<&T> {
        self.few(place / PIECE, place % PIECE / Self::TOGETHER).get(place % Self::TOGETHER)
    }

    /// The rows of a piece: as many as a piece has, whatever its bytes are.
    pub(crate) fn piece(&self, number: usize) -> impl Iterator<Item = &T> {
        (0..Self::STRETCHES).flat_map(move |few| self.few(number, few))
    }

    #[inline]
    fn few(&self, number: usize, few: usize) -> &[T] {
        let Some(piece) = self.pieces.get(number) else { return &[] };
        let read = piece.read.get_or_init(|| (0..Self::STRETCHES).map(|_| OnceLock::new()).collect());
        read.get(few).map_or(&[], |read| read.get_or_init(|| self.read(piece, few)))
    }

    #[cold]
    fn read(&self, piece: &Piece<T>, few: usize) -> Box<[T]> {
        let rows = self.rows_at(piece, few).unwrap_or_else(|| {
            self.lain.damaged();
            vec![self.instead.clone(); Self::TOGETHER]
        });
        rows.into()
    }

    fn rows_at(&self, piece: &Piece<T>, few: usize) -> Option<Vec<T>> {
        let words = self.lain.words(piece.place, Self::STRETCHES.checked_add(piece.len.div_ceil(4))?);
        let (ends, bytes) = words.split_at_checked(Self::STRETCHES)?;
        let bytes = bytemuck::cast_slice(bytes).get(stretch(ends, few))?;
        let mut input = Input::new(bytes, self.lain.counts())?;
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
        self.pieces.len()
    }

    /// The first and the last event that a piece has rows of.
    pub(crate) fn events(&self, piece: usize) -> RangeInclusive<u32> {
        self.pieces.get(piece).map_or(0..=u32::MAX, |piece| piece.events.clone())
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

/// How many full pieces there are and the first row, which stands for what cannot be read; of each piece its events, its length and where it was
/// laid; and the rows after them with their count. Rows count their differences anew wherever they are read from.
impl<T: Stored + Clone, const PIECE: usize> Stored for Column<T, PIECE> {
    fn put(&self, out: &mut Output<'_>) {
        let (pieces, rest) = self.by_piece();
        let count = self.len() / PIECE;
        out.number(count as u64);
        if let Some(first) = self.get(0).filter(|_| count > 0) {
            first.put(out);
        }
        for piece in pieces {
            let mut rows = Output { spelled: out.spelled, ..Output::default() };
            let (mut held, mut ends) = (Held::NOTHING, Vec::with_capacity(4 * PIECE / together(PIECE)));
            for (place, row) in (1..).zip(piece) {
                row.put(&mut rows);
                row.held(&mut held);
                if place % together(PIECE) == 0 {
                    // A piece of four thousand million bytes would not fit this machine's memory long before this wraps.
                    ends.extend(u32::try_from(rows.bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
                    (rows.seq, rows.from) = (0, 0);
                }
            }
            held.first.put(out);
            held.last.put(out);
            out.number(rows.bytes.len() as u64);
            out.lay(&[ends, rows.bytes].concat());
        }
        (out.seq, out.from) = (0, 0);
        out.number(rest.len() as u64);
        rest.iter().for_each(|row| row.put(out));
    }

    fn take(input: &mut Input<'_>) -> Option<Self> {
        let count = input.count(5)?;
        let instead = if count == 0 { None } else { Some(T::take(input)?) };
        let mut pieces = Vec::with_capacity(count);
        for _ in 0..count {
            let events = u32::take(input)?..=u32::take(input)?;
            let len = usize::try_from(input.number()?).ok()?;
            let (_, place) = input.laid()?;
            pieces.push(Piece { events, place, len, read: OnceLock::new() });
        }
        (input.seq, input.from) = (0, 0);
        let mut rest = Vec::with_capacity(PIECE);
        let after = input.count(T::LEAST).filter(|after| *after < PIECE)?;
        for _ in 0..after {
            rest.push(T::take(input)?);
        }
        Some(match (instead, input.section()) {
            (Some(instead), Some(lain)) => Column::of_stored(Lying { lain: lain.clone(), pieces, instead, take: T::take }, rest),
            _ => rest.into_iter().collect(),
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
