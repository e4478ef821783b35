//! Days on which something ends, a row a month and a square a day: where nothing ends is white, where much ends stands a number.
//! Shows days; what ends and whose it is stands in the table.

use std::collections::BTreeMap;

use audit::vocabulary::ValidDay;
use audit::words::{count, day};
use maud::{Markup, html};

use super::months;

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

const LEFT: i64 = 76;
const SQUARE: i64 = 24;
const TOP: i64 = 22;
const RIGHT: i64 = 96;
/// No month has more days.
const DAYS: i64 = 31;

impl Calendar {
    pub(super) fn words_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.ends.iter_mut().map(|(_, what)| what)
    }
}

pub(super) fn svg(calendar: &Calendar, title: &str, says: &str) -> Markup {
    let months: Vec<ValidDay> = months(calendar.from, calendar.to).collect();
    let (width, height) = (LEFT + DAYS * SQUARE + RIGHT, TOP + i64::try_from(months.len()).unwrap_or(0) * SQUARE + 6);
    let mut ends: BTreeMap<ValidDay, Vec<&str>> = BTreeMap::new();
    for (on, what) in &calendar.ends {
        ends.entry(*on).or_default().push(what);
    }
    html! {
        svg.calendar viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-label={ (title) " " (says) } {
            @for n in [1, 5, 10, 15, 20, 25, 30] { text.date x=(LEFT + (n - 1) * SQUARE + SQUARE / 2) y="14" text-anchor="middle" { (n) } }
            @for (i, first) in (0i64..).zip(&months) {
                @let y = TOP + i * SQUARE;
                @let in_month: usize = ends.range(*first..first.plus_months(1)).map(|(_, what)| what.len()).sum();
                text.lane x="0" y=(y + 16) { (name(*first)) }
                @for on in (0..first.plus_months(1).days_since(*first)).map(|n| first.plus_days(n)).filter(|on| *on >= calendar.from && *on <= calendar.to) {
                    (square(on, ends.get(&on).map_or(&[], Vec::as_slice), LEFT + (i64::from(on.ymd().2) - 1) * SQUARE, y))
                }
                @if in_month > 0 { text.note x=(LEFT + DAYS * SQUARE + 8) y=(y + 16) { (count(in_month as u64, "end")) } }
            }
        }
    }
}

fn square(on: ValidDay, ends: &[&str], x: i64, y: i64) -> Markup {
    html! {
        @if ends.is_empty() { rect.day.weekend[on.iso_weekday() > 5] x=(x + 1) y=(y + 1) width=(SQUARE - 2) height=(SQUARE - 2) {} }
        @else {
            g.ends {
                title { (day(on)) ": " (ends.join("; ")) }
                rect x=(x + 1) y=(y + 1) width=(SQUARE - 2) height=(SQUARE - 2) {}
                text x=(x + SQUARE / 2) y=(y + 16) text-anchor="middle" { (ends.len()) }
            }
        }
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
        let drawn = svg(&Calendar { from: d("2025-06-20"), to: d("2025-08-10"), ends }, "Ends.", "").into_string();
        assert_eq!(drawn.matches("class=\"day").count(), 11 + 31 + 10 - 2);
        assert!(drawn.contains("1 Jul 2025: NYCPS of P-1; NYCPS of P-2") && drawn.contains(">2 ends<") && drawn.contains(">1 end<"));
    }
}
