//! Counts month by month as columns that stand on one line, each with its number above it.
//! Columns begin at zero, always.

use audit::vocabulary::ValidDay;
use audit::words::{day, thousands};

use super::sketch::{Anchor, Sketch, Style, many, real};

/// Counts by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// First day of each month, ascending, with its count.
    pub months: Vec<(ValidDay, u64)>,
}

const HEIGHT: f64 = 150.0;
const COLUMN: f64 = 52.0;
const FOOT: f64 = HEIGHT - 34.0;
/// Pixels of the highest column.
const RISE: u64 = 98;

pub(super) fn sketch(columns: &Columns) -> Sketch {
    let most = columns.months.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let rise = |n: u64| real(i64::try_from(n * RISE / most).unwrap_or(0));
    let width = many(columns.months.len()) * COLUMN + 8.0;
    let mut sketch = Sketch::new("columns", width, HEIGHT);
    sketch.add(Style::Axis.line(0.0, FOOT, width, FOOT));
    for (i, (month, n)) in columns.months.iter().enumerate() {
        let middle = many(i) * COLUMN + COLUMN / 2.0;
        if *n > 0 {
            let tall = rise(*n).max(1.0);
            sketch.add(Style::Bar.bar(middle - 15.0, FOOT - tall, 30.0, tall));
        }
        sketch.add(Style::Amount.words(middle, FOOT - rise(*n) - 5.0, Anchor::Middle, thousands(*n)));
        sketch.add(Style::Date.words(middle, FOOT + 14.0, Anchor::Middle, name(*month)));
        if i == 0 || month.ymd().1 == 1 {
            sketch.add(Style::Date.words(middle, HEIGHT - 4.0, Anchor::Middle, month.ymd().0.to_string()));
        }
    }
    sketch
}

fn name(month: ValidDay) -> String {
    day(month).split(' ').nth(1).unwrap_or_default().to_owned()
}
