//! Days on which something ends, a row a month and a square a day: where nothing ends is white, where much ends stands a number.
//! Shows days; what ends and whose it is stands in the table.

use std::collections::BTreeMap;

use audit::vocabulary::ValidDay;
use audit::words::{count, day};

use super::months;
use super::sketch::{Anchor, Sketch, Style, many, real};

/// Days with something on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// First day drawn.
    pub from: ValidDay,
    /// Last day drawn.
    pub to: ValidDay,
    /// What ends on which day.
    pub ends: Vec<(ValidDay, String)>,
}

const LEFT: f64 = 76.0;
const SQUARE: f64 = 24.0;
const TOP: f64 = 22.0;
const RIGHT: f64 = 96.0;
/// No month has more days.
const DAYS: f64 = 31.0;

impl Calendar {
    pub(super) fn words_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.ends.iter_mut().map(|(_, what)| what)
    }
}

pub(super) fn sketch(calendar: &Calendar) -> Sketch {
    let months: Vec<ValidDay> = months(calendar.from, calendar.to).collect();
    let mut sketch = Sketch::new("calendar", LEFT + DAYS * SQUARE + RIGHT, TOP + many(months.len()) * SQUARE + 6.0).rows(TOP, SQUARE);
    let mut ends: BTreeMap<ValidDay, Vec<&str>> = BTreeMap::new();
    for (on, what) in &calendar.ends {
        ends.entry(*on).or_default().push(what);
    }
    for n in [1, 5, 10, 15, 20, 25, 30] {
        sketch.add(Style::Date.words(LEFT + real(n - 1) * SQUARE + SQUARE / 2.0, 14.0, Anchor::Middle, n.to_string()));
    }
    for (i, first) in months.iter().enumerate() {
        let (y, next) = (TOP + many(i) * SQUARE, first.plus_months(1));
        sketch.add(Style::Lane.words(0.0, y + 16.0, Anchor::Start, name(*first)));
        for on in (0..next.days_since(*first)).map(|n| first.plus_days(n)).filter(|on| *on >= calendar.from && *on <= calendar.to) {
            square(&mut sketch, on, ends.get(&on).map_or(&[], Vec::as_slice), LEFT + real(i64::from(on.ymd().2) - 1) * SQUARE, y);
        }
        let in_month: usize = ends.range(*first..next).map(|(_, what)| what.len()).sum();
        if in_month > 0 {
            sketch.add(Style::Note.words(LEFT + DAYS * SQUARE + 8.0, y + 16.0, Anchor::Start, count(in_month as u64, "end")));
        }
    }
    sketch
}

fn square(sketch: &mut Sketch, on: ValidDay, ends: &[&str], x: f64, y: f64) {
    let filled = |style: Style| style.bar(x + 1.0, y + 1.0, SQUARE - 2.0, SQUARE - 2.0);
    if ends.is_empty() {
        sketch.add(filled(Style::Day(on.iso_weekday() > 5)));
    } else {
        let number = Style::EndCount.words(x + SQUARE / 2.0, y + 16.0, Anchor::Middle, ends.len().to_string());
        sketch.group("ends", format!("{}: {}", day(on), ends.join("; ")), vec![filled(Style::End), number]);
    }
}

fn name(month: ValidDay) -> String {
    day(month).split(' ').skip(1).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn every_day_between_is_a_square_and_what_ends_on_one_day_is_counted() {
        let d = |t: &str| ValidDay::parse(t).unwrap();
        let ends = vec![(d("2025-07-01"), "NYCPS of P-1".to_owned()), (d("2025-07-01"), "NYCPS of P-2".to_owned()), (d("2025-08-02"), "LCSW of P-3".to_owned())];
        let drawn = crate::figure::svg::markup(&sketch(&Calendar { from: d("2025-06-20"), to: d("2025-08-10"), ends }), "Ends.").into_string();
        assert_eq!(drawn.matches("class=\"day").count(), 11 + 31 + 10 - 2);
        assert!(drawn.contains("1 Jul 2025: NYCPS of P-1; NYCPS of P-2") && drawn.contains(">2 ends<") && drawn.contains(">1 end<"));
    }
}
