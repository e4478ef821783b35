//! Rows by their place, in pieces that copies of a history share: a copy costs a pointer a piece, and a piece is copied when one of them writes to it.
//! Of a stored history the few rows around one are read when it is asked for, and a piece as a whole when one of its rows is written to.
//! Decides nothing about what a row says, and never moves one.

use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::stored::Lying;

/// Rows in a piece. In tests so few that stories have several.
pub(crate) const ROWS: usize = if cfg!(test) { 4 } else { 1024 };

/// Rows by their place. `PIECE` rows are shared or copied together.
#[derive(Debug, Clone)]
pub(crate) struct Column<T, const PIECE: usize = ROWS> {
    /// Full pieces.
    pieces: Vec<Piece<T>>,
    /// What follows them: less than a piece.
    rest: Vec<T>,
    /// Where pieces lie that nobody has written to; what was read of them is shared by all copies.
    lying: Option<Arc<Lying<T, PIECE>>>,
}

/// A full piece.
#[derive(Debug)]
enum Piece<T> {
    Here(Arc<[T]>),
    /// As it was stored.
    Lies,
}

impl<T> Clone for Piece<T> {
    fn clone(&self) -> Self {
        match self {
            Self::Here(rows) => Self::Here(Arc::clone(rows)),
            Self::Lies => Self::Lies,
        }
    }
}

impl<T, const PIECE: usize> Default for Column<T, PIECE> {
    fn default() -> Self {
        Self { pieces: Vec::new(), rest: Vec::new(), lying: None }
    }
}

impl<T: Clone, const PIECE: usize> Column<T, PIECE> {
    /// Rows that lie in bytes, and those after them.
    pub(crate) fn of_stored(lying: Lying<T, PIECE>, rest: Vec<T>) -> Self {
        Self { pieces: (0..lying.pieces()).map(|_| Piece::Lies).collect(), rest, lying: Some(Arc::new(lying)) }
    }

    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len() * PIECE + self.rest.len()
    }

    /// The row at a place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        match self.pieces.get(place / PIECE) {
            Some(Piece::Here(rows)) => rows.get(place % PIECE),
            Some(Piece::Lies) => self.lying.as_ref()?.row(place),
            None => self.rest.get(place - self.pieces.len() * PIECE),
        }
    }

    /// The rows of a full piece.
    fn piece(&self, number: usize) -> impl Iterator<Item = &T> {
        let (here, lies) = match self.pieces.get(number) {
            Some(Piece::Here(rows)) => (&rows[..], None),
            Some(Piece::Lies) => (&[][..], self.lying.as_ref()),
            None => (&[][..], None),
        };
        here.iter().chain(lies.into_iter().flat_map(move |lying| lying.piece(number)))
    }

    /// One more row.
    pub(crate) fn push(&mut self, row: T) {
        self.rest.push(row);
        if self.rest.len() == PIECE {
            // Another piece is likely: its room is made once.
            self.pieces.push(Piece::Here(Arc::from(std::mem::replace(&mut self.rest, Vec::with_capacity(PIECE)))));
        }
    }

    /// Every row, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        let (pieces, rest) = self.by_piece();
        pieces.flatten().chain(rest)
    }

    /// The rows of each full piece, and those that follow them.
    pub(crate) fn by_piece(&self) -> (impl Iterator<Item = impl Iterator<Item = &T>>, &[T]) {
        ((0..self.pieces.len()).map(|number| self.piece(number)), &self.rest)
    }

    /// The rows at some places, which are there.
    pub(crate) fn range(&self, places: Range<usize>) -> impl Iterator<Item = &T> {
        places.map(|place| &self[place])
    }
}

impl<T: Clone, const PIECE: usize> Column<T, PIECE> {
    /// Changes the rows of some events that something is true of, and leaves pieces without one alone.
    pub(crate) fn change(&mut self, events: &FxHashSet<u32>, concerned: impl Fn(&T) -> bool, mut change: impl FnMut(usize, &mut T)) {
        let mut place = 0;
        for number in 0..self.pieces.len() {
            if self.may_hold(number, events) && self.piece(number).any(&concerned) {
                change_in(place, self.piece_mut(number), &concerned, &mut change);
            }
            place += PIECE;
        }
        change_in(place, &mut self.rest, &concerned, &mut change);
    }

    /// Whether a piece may have rows of some events: of one that does not lie its rows say so.
    fn may_hold(&self, number: usize, events: &FxHashSet<u32>) -> bool {
        match (self.pieces.get(number), &self.lying) {
            (Some(Piece::Lies), Some(lying)) => {
                let held = lying.events(number);
                events.iter().any(|event| held.contains(event))
            }
            _ => true,
        }
    }

    fn piece_mut(&mut self, number: usize) -> &mut [T] {
        if let Some(Piece::Lies) = self.pieces.get(number) {
            self.pieces[number] = Piece::Here(self.piece(number).cloned().collect());
        }
        match self.pieces.get_mut(number) {
            Some(Piece::Here(rows)) => Arc::make_mut(rows),
            _ => &mut [],
        }
    }
}

fn change_in<T>(first: usize, rows: &mut [T], concerned: impl Fn(&T) -> bool, mut change: impl FnMut(usize, &mut T)) {
    for (place, row) in (first..).zip(rows).filter(|(_, row)| concerned(row)) {
        change(place, row);
    }
}

impl<T: Clone, const PIECE: usize> Index<usize> for Column<T, PIECE> {
    type Output = T;

    #[inline]
    fn index(&self, place: usize) -> &T {
        match self.get(place) {
            Some(row) => row,
            None => &self.rest[place - self.pieces.len() * PIECE],
        }
    }
}

impl<T: Clone, const PIECE: usize> IndexMut<usize> for Column<T, PIECE> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        let before_rest = self.pieces.len() * PIECE;
        if place < before_rest { &mut self.piece_mut(place / PIECE)[place % PIECE] } else { &mut self.rest[place - before_rest] }
    }
}

impl<T: Clone, const PIECE: usize> FromIterator<T> for Column<T, PIECE> {
    fn from_iter<I: IntoIterator<Item = T>>(rows: I) -> Self {
        let mut column = Self::default();
        rows.into_iter().for_each(|row| column.push(row));
        column
    }
}

/// Things that have facts of their own, and which of them were told something since they were last put in order.
#[derive(Debug, Clone)]
pub(crate) struct Owners<T> {
    each: Column<T, 16>,
    told: FxHashSet<usize>,
}

impl<T> Default for Owners<T> {
    fn default() -> Self {
        Self { each: Column::default(), told: FxHashSet::default() }
    }
}

impl<T: Clone + Default> Owners<T> {
    /// As many as that, at least.
    pub(crate) fn at_least(&mut self, count: usize) {
        while self.each.len() < count {
            self.each.push(T::default());
        }
    }

    /// Puts those in order that were told something.
    pub(crate) fn order(&mut self, order: impl Fn(&mut T)) {
        for place in std::mem::take(&mut self.told) {
            order(&mut self.each[place]);
        }
    }

    /// Makes those forget something that have heard of it.
    pub(crate) fn forget(&mut self, events: &FxHashSet<u32>, heard: impl Fn(&T) -> bool, forget: impl Fn(&mut T)) {
        self.each.change(events, heard, |_, one| forget(one));
    }
}

impl<T: Clone> Owners<T> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.each.len()
    }

    /// As a column.
    pub(crate) fn column(&self) -> &Column<T, 16> {
        &self.each
    }
}

impl<T: Clone> Index<usize> for Owners<T> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        &self.each[place]
    }
}

/// Whoever is written to is told something.
impl<T: Clone> IndexMut<usize> for Owners<T> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        self.told.insert(place);
        &mut self.each[place]
    }
}

impl<T> From<Column<T, 16>> for Owners<T> {
    fn from(each: Column<T, 16>) -> Self {
        Self { each, told: FxHashSet::default() }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn rows_keep_their_places_and_a_copy_shares_all_that_neither_writes_to() {
        let mut column: Column<u32, 4> = (0..11).collect();
        let copy = column.clone();
        column[5] = 50;
        column.push(11);
        // Of pieces that were read the rows say what they are about.
        column.change(&FxHashSet::default(), |n| *n == 9 || *n == 10, |place, n| *n += u32::try_from(place).unwrap());
        assert_eq!(copy.iter().copied().collect::<Vec<_>>(), (0..11).collect::<Vec<u32>>());
        assert_eq!(column.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 50, 6, 7, 8, 18, 20, 11]);
        assert_eq!((column.len(), copy.len(), column.get(12), column.get(11), column[10]), (12, 11, None, Some(&11), 20));
        assert_eq!(column.range(3..6).copied().collect::<Vec<_>>(), [3, 4, 50]);
        let shared = |n: usize| std::ptr::eq(&raw const column[n * 4], &raw const copy[n * 4]);
        assert!(shared(0) && !shared(1));
    }

    #[test]
    fn only_owners_that_were_told_something_are_put_in_order_and_only_those_that_heard_forget() {
        let mut owners: Owners<Vec<u32>> = Owners::default();
        owners.at_least(40);
        owners[3].extend([3, 1, 2]);
        let copy = owners.clone();
        owners.order(|facts| facts.sort_unstable());
        assert_eq!((&owners[3], &copy[3], owners.len()), (&vec![1, 2, 3], &vec![3, 1, 2], 40));
        owners[20].push(7);
        let told = owners.clone();
        owners.forget(&FxHashSet::default(), |facts| facts.contains(&2), |facts| facts.retain(|n| *n != 2));
        assert_eq!((&owners[3], &owners[20], &told[3]), (&vec![1, 3], &vec![7], &vec![1, 2, 3]));
        assert!(std::ptr::eq(&raw const owners.each[16], &raw const told.each[16]));
    }
}
