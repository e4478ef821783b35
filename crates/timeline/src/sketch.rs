//! What can be told of contact rows by their places, without reading them: the local days on which they begin, and when the first of a
//! stretch of them became known. Rows are many and large; whoever looks for those of some days, or of some cut, reads no others.
//! A row keeps its day and the instant at which it became known for good; nothing here knows which is believed.

use domain::{KnownAt, ValidDay};

use crate::column::{Column, ROWS};
use crate::delivery::Contact;
use crate::row::Row;
use crate::stored::Paged;
use crate::view::Hull;

/// Contact rows by place.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sketch {
    /// Shared by copies of a history: what is added to one goes into `added`.
    days: Paged,
    added: Vec<u32>,
    /// The earliest instant at which a row became known, of each stretch of so many rows as a column has in a piece.
    earliest: Vec<KnownAt>,
}

/// In the order of days, as arrays of numbers without a sign keep them.
fn number(day: ValidDay) -> u32 {
    day.days().cast_unsigned() ^ SIGN
}

const SIGN: u32 = 1 << 31;

impl Sketch {
    /// Of all rows.
    pub(crate) fn of(rows: &Column<Row<Contact>>) -> Self {
        let mut sketch = Self::default();
        sketch.extend(rows);
        Self { days: std::mem::take(&mut sketch.added).into(), ..sketch }
    }

    /// Those of rows after the ones that it knows.
    pub(crate) fn extend(&mut self, rows: &Column<Row<Contact>>) {
        for place in self.len()..rows.len() {
            let row = &rows[place];
            self.add(place, row.value.day, row.span.from);
        }
    }

    fn add(&mut self, place: usize, day: ValidDay, known: KnownAt) {
        self.added.push(number(day));
        if place / ROWS == self.earliest.len() {
            self.earliest.push(KnownAt::END);
        }
        if let Some(earliest) = self.earliest.last_mut() {
            *earliest = (*earliest).min(known);
        }
    }

    /// How many rows it knows.
    pub(crate) fn len(&self) -> usize {
        self.days.len() + self.added.len()
    }

    /// The part of a slice of places, in order of their days, that lies on these days.
    pub(crate) fn between<'p>(&self, places: &'p [u32], Hull { from: first, to: last }: Hull) -> &'p [u32] {
        let day = |place: &u32| {
            let place = *place as usize;
            self.days.get(place).or_else(|| self.added.get(place.wrapping_sub(self.days.len())).copied()).unwrap_or(u32::MAX)
        };
        let (first, last) = (number(first), number(last));
        let from = places.partition_point(|place| day(place) < first);
        let to = places.partition_point(|place| day(place) <= last);
        places.get(from..to).unwrap_or(&[])
    }

    /// Notes that it does not say of rows what they say themselves.
    pub(crate) fn damaged(&self) {
        self.days.damaged();
    }

    /// Whether the row at a place may have been known by a cut: one that was not is believed at none before.
    #[inline]
    pub(crate) fn may_be_known(&self, place: u32, cut: KnownAt) -> bool {
        self.earliest.get(place as usize / ROWS).is_none_or(|earliest| *earliest <= cut)
    }

    /// The same days as one array, and the instants.
    pub(crate) fn parts(&self) -> (Vec<u32>, &Vec<KnownAt>) {
        ([&self.days.to_vec()[..], &self.added].concat(), &self.earliest)
    }

    /// From such parts; `None` unless there is an instant for every stretch of days.
    pub(crate) fn from_parts(days: Paged, earliest: Vec<KnownAt>) -> Option<Self> {
        let fits = days.len().div_ceil(ROWS) == earliest.len();
        fits.then_some(Self { days, added: Vec::new(), earliest })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn sketch(days: &[(&str, i64)]) -> Sketch {
        let mut sketch = Sketch::default();
        for (place, (day, known)) in days.iter().enumerate() {
            sketch.add(place, ValidDay::parse(day).unwrap(), KnownAt::from_micros(*known));
        }
        sketch
    }

    #[test]
    fn places_are_found_by_their_days_before_and_after_1970_and_past_those_added_later() {
        let day = |d: &str| ValidDay::parse(d).unwrap();
        let early = sketch(&[("1969-12-30", 1), ("2025-03-04", 1)]);
        let mut days = Sketch::from_parts(early.parts().0.into(), early.parts().1.clone()).unwrap();
        days.add(2, day("1970-01-02"), KnownAt::from_micros(1));
        days.add(3, day("2025-03-05"), KnownAt::from_micros(1));
        let by_day = [0, 2, 1, 3];
        for days in [Sketch::from_parts(days.parts().0.into(), days.parts().1.clone()).unwrap(), days] {
            assert_eq!(days.len(), 4);
            let between = |from, to| days.between(&by_day, Hull { from, to });
            assert_eq!(between(ValidDay::MIN, ValidDay::MAX), by_day);
            assert_eq!(between(day("1969-12-30"), day("1970-01-02")), [0, 2]);
            assert_eq!(between(day("1969-12-31"), day("2025-03-04")), [2, 1]);
            assert!(between(day("2025-03-05"), day("2025-03-04")).is_empty() && between(day("2025-03-06"), ValidDay::MAX).is_empty());
        }
    }

    #[test]
    fn a_stretch_of_rows_may_be_known_from_the_earliest_of_them_on() {
        let rows = [30, 10, 20, 40, 60, 50].map(|known| ("2025-03-04", known));
        let known = sketch(&rows);
        let at = |place, cut| known.may_be_known(place, KnownAt::from_micros(cut));
        assert_eq!(ROWS, 4);
        assert!(!at(0, 9) && at(0, 10) && at(3, 10) && !at(4, 49) && at(4, 50) && at(5, 50));
        assert!(at(99, 0), "of rows that it does not know it rules nothing out");
        assert!(Sketch::from_parts(known.parts().0.into(), known.parts().1[..1].to_vec()).is_none());
    }
}
