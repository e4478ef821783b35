//! Rows by their place, in pieces that copies of a history share: a copy costs a pointer a piece, and a piece is copied when one of them writes to it.
//! Decides nothing about what a row says, and never moves one.

use std::ops::{Index, IndexMut, Range};
use std::sync::Arc;

use rustc_hash::FxHashSet;

/// Rows by their place. `PIECE` rows are shared or copied together.
#[derive(Debug, Clone)]
pub(crate) struct Column<T, const PIECE: usize = 1024> {
    /// Full pieces.
    pieces: Vec<Arc<[T]>>,
    /// What follows them: less than a piece.
    rest: Vec<T>,
}

impl<T, const PIECE: usize> Default for Column<T, PIECE> {
    fn default() -> Self {
        Self { pieces: Vec::new(), rest: Vec::new() }
    }
}

impl<T, const PIECE: usize> Column<T, PIECE> {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.pieces.len() * PIECE + self.rest.len()
    }

    /// The row at a place.
    pub(crate) fn get(&self, place: usize) -> Option<&T> {
        match self.pieces.get(place / PIECE) {
            Some(piece) => piece.get(place % PIECE),
            None => self.rest.get(place - self.pieces.len() * PIECE),
        }
    }

    /// One more row.
    pub(crate) fn push(&mut self, row: T) {
        self.rest.push(row);
        if self.rest.len() == PIECE {
            // Another piece is likely: its room is made once.
            self.pieces.push(Arc::from(std::mem::replace(&mut self.rest, Vec::with_capacity(PIECE))));
        }
    }

    /// Every row, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.pieces.iter().flat_map(|piece| piece.iter()).chain(&self.rest)
    }

    /// The rows at some places, which are there.
    pub(crate) fn range(&self, places: Range<usize>) -> impl Iterator<Item = &T> {
        places.map(|place| &self[place])
    }
}

impl<T: Clone, const PIECE: usize> Column<T, PIECE> {
    /// Changes the rows that something is true of, and leaves pieces without one alone.
    pub(crate) fn change(&mut self, concerned: impl Fn(&T) -> bool, mut change: impl FnMut(usize, &mut T)) {
        let mut place = 0;
        for piece in &mut self.pieces {
            if piece.iter().any(&concerned) {
                change_in(place, Arc::make_mut(piece), &concerned, &mut change);
            }
            place += PIECE;
        }
        change_in(place, &mut self.rest, &concerned, &mut change);
    }
}

fn change_in<T>(first: usize, rows: &mut [T], concerned: impl Fn(&T) -> bool, mut change: impl FnMut(usize, &mut T)) {
    for (place, row) in (first..).zip(rows).filter(|(_, row)| concerned(row)) {
        change(place, row);
    }
}

impl<T, const PIECE: usize> Index<usize> for Column<T, PIECE> {
    type Output = T;

    fn index(&self, place: usize) -> &T {
        match self.pieces.get(place / PIECE) {
            Some(piece) => &piece[place % PIECE],
            None => &self.rest[place - self.pieces.len() * PIECE],
        }
    }
}

impl<T: Clone, const PIECE: usize> IndexMut<usize> for Column<T, PIECE> {
    fn index_mut(&mut self, place: usize) -> &mut T {
        let before_rest = self.pieces.len() * PIECE;
        match self.pieces.get_mut(place / PIECE) {
            Some(piece) => &mut Arc::make_mut(piece)[place % PIECE],
            None => &mut self.rest[place - before_rest],
        }
    }
}

impl<T, const PIECE: usize> FromIterator<T> for Column<T, PIECE> {
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
    pub(crate) fn forget(&mut self, heard: impl Fn(&T) -> bool, forget: impl Fn(&mut T)) {
        self.each.change(heard, |_, one| forget(one));
    }
}

impl<T> Owners<T> {
    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.each.len()
    }

    /// All of them, in order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &T> {
        self.each.iter()
    }
}

impl<T> Index<usize> for Owners<T> {
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

impl<T> FromIterator<T> for Owners<T> {
    fn from_iter<I: IntoIterator<Item = T>>(each: I) -> Self {
        Self { each: each.into_iter().collect(), told: FxHashSet::default() }
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
        column.change(|n| *n == 9 || *n == 10, |place, n| *n += u32::try_from(place).unwrap());
        assert_eq!(copy.iter().copied().collect::<Vec<_>>(), (0..11).collect::<Vec<u32>>());
        assert_eq!(column.iter().copied().collect::<Vec<_>>(), [0, 1, 2, 3, 4, 50, 6, 7, 8, 18, 20, 11]);
        assert_eq!((column.len(), copy.len(), column.get(12), column.get(11), column[10]), (12, 11, None, Some(&11), 20));
        assert_eq!(column.range(3..6).copied().collect::<Vec<_>>(), [3, 4, 50]);
        let shared = |n: usize| Arc::ptr_eq(&column.pieces[n], &copy.pieces[n]);
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
        owners.forget(|facts| facts.contains(&2), |facts| facts.retain(|n| *n != 2));
        assert_eq!((&owners[3], &owners[20], &told[3]), (&vec![1, 3], &vec![7], &vec![1, 2, 3]));
        assert!(Arc::ptr_eq(&owners.each.pieces[1], &told.each.pieces[1]));
    }
}
