//! Counts month by month as columns that stand on one line, each with its number above it.
//! Columns begin at zero, always.

use audit::vocabulary::ValidDay;
use audit::words::{day, thousands};
use maud::{Markup, html};

/// Counts by month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    /// First day of each month, ascending, with its count.
    pub months: Vec<(ValidDay, u64)>,
}

const HEIGHT: u64 = 150;
const COLUMN: u64 = 52;
const FOOT: u64 = 34;
const HEAD: u64 = 18;

pub(super) fn svg(columns: &Columns, title: &str, says: &str) -> Markup {
    let most = columns.months.iter().map(|(_, n)| *n).max().unwrap_or(0).max(1);
    let rise = |n: u64| n * (HEIGHT - FOOT - HEAD) / most;
    let width = columns.months.len() as u64 * COLUMN + 8;
    html! {
        svg.columns viewBox={ "0 0 " (width) " " (HEIGHT) } width=(width) height=(HEIGHT) role="img" aria-label={ (title) " " (says) } {
            line.lane x1="0" y1=(HEIGHT - FOOT) x2=(width) y2=(HEIGHT - FOOT) {}
            @for (i, (month, n)) in (0u64..).zip(&columns.months) {
                @let middle = i * COLUMN + COLUMN / 2;
                @if *n > 0 { rect.bar x=(middle - 15) y=(HEIGHT - FOOT - rise(*n).max(1)) width="30" height=(rise(*n).max(1)) {} }
                text.amount x=(middle) y=(HEIGHT - FOOT - rise(*n) - 5) text-anchor="middle" { (thousands(*n)) }
                text.date x=(middle) y=(HEIGHT - FOOT + 14) text-anchor="middle" { (name(*month)) }
                @if i == 0 || month.ymd().1 == 1 { text.date x=(middle) y=(HEIGHT - 4) text-anchor="middle" { (month.ymd().0) } }
            }
        }
    }
}

fn name(month: ValidDay) -> String {
    day(month).split(' ').nth(1).unwrap_or_default().to_owned()
}
