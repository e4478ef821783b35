//! Counts of open findings over days: one line a class, told apart by stroke, mark and name, not by colour.
//! Draws what was counted by recorded scans; between two of them it draws a straight line and claims nothing.

use audit::vocabulary::ValidDay;
use audit::words::{day, thousands};
use maud::{Markup, html};

/// Counts over days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// Days, ascending.
    pub days: Vec<ValidDay>,
    /// Name and counts of each line, as many as days.
    pub lines: Vec<(&'static str, Vec<u64>)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

pub(super) fn svg(trend: &Trend, title: &str, says: &str) -> Markup {
    let top = nice(trend.lines.iter().flat_map(|(_, counts)| counts).copied().max().unwrap_or(0));
    let first = trend.days.first().copied();
    let span = first.zip(trend.days.last().copied()).map_or(0, |(a, b)| b.days_since(a)).max(1);
    let x = |on: ValidDay| LEFT + real(first.map_or(0, |a| on.days_since(a))) / real(span) * (WIDTH - LEFT - RIGHT);
    let y = |n: u64| TOP + (1.0 - real(i64::try_from(n).unwrap_or(0)) / real(i64::try_from(top).unwrap_or(1))) * (HEIGHT - TOP - BOTTOM);
    let points = |counts: &[u64]| trend.days.iter().zip(counts).map(|(on, n)| format!("{:.1},{:.1}", x(*on), y(*n))).collect::<Vec<_>>().join(" ");
    let ends = spread(&trend.lines.iter().map(|(_, counts)| counts.last().map_or(TOP, |n| y(*n))).collect::<Vec<_>>());
    html! {
        svg.trend viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } width=(WIDTH) height=(HEIGHT) role="img" aria-label={ (title) ". " (says) } {
            @for n in [0, top / 2, top] {
                line.grid x1=(LEFT) y1=(format!("{:.1}", y(n))) x2=(WIDTH - RIGHT) y2=(format!("{:.1}", y(n))) {}
                text.date x=(LEFT - 6.0) y=(format!("{:.1}", y(n) + 4.0)) text-anchor="end" { (thousands(n)) }
            }
            @for (name, counts) in &trend.lines {
                polyline class={ "line " (name) } points=(points(counts)) {}
                @for (on, n) in trend.days.iter().zip(counts) { (dot(name, x(*on), y(*n))) }
            }
            @for ((name, counts), at) in trend.lines.iter().zip(ends) {
                text class={ "name " (name) } x=(WIDTH - RIGHT + 10.0) y=(format!("{:.1}", at + 4.0)) { (name) " " (thousands(counts.last().copied().unwrap_or(0))) }
            }
            @if let Some(first) = trend.days.first() { text.date x=(LEFT) y=(HEIGHT - 6.0) { (day(*first)) } }
            @if let Some(last) = trend.days.last().filter(|_| trend.days.len() > 1) {
                text.date x=(WIDTH - RIGHT) y=(HEIGHT - 6.0) text-anchor="end" { (day(*last)) }
            }
        }
    }
}

fn dot(name: &str, x: f64, y: f64) -> Markup {
    html! {
        @match name {
            "violation" => rect class={ "dot " (name) } x=(format!("{:.1}", x - 3.0)) y=(format!("{:.1}", y - 3.0)) width="6" height="6" {},
            "documentation" => path class={ "dot " (name) } d=(format!("M{:.1} {:.1}l4 7h-8z", x, y - 4.0)) {},
            _ => circle class={ "dot " (name) } cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="3" {},
        }
    }
}

/// Labels at the ends of lines, pushed apart so that they can be read.
fn spread(ends: &[f64]) -> Vec<f64> {
    const APART: f64 = 16.0;
    let mut order: Vec<usize> = (0..ends.len()).collect();
    order.sort_by(|a, b| ends[*a].total_cmp(&ends[*b]));
    let mut at = ends.to_vec();
    let mut last = f64::MIN;
    for i in order {
        at[i] = at[i].max(last + APART);
        last = at[i];
    }
    let over = (last - (HEIGHT - BOTTOM)).max(0.0);
    at.iter().map(|y| y - over).collect()
}

fn real(n: i64) -> f64 {
    // Days and counts drawn are far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "a drawing has a thousand pixels")]
    {
        n as f64
    }
}

/// The least of 2, 4, 10, 20, 40, 100, ... that is not below a number.
fn nice(n: u64) -> u64 {
    let mut step = 1;
    loop {
        for factor in [2, 4, 10] {
            if step * factor >= n {
                return step * factor;
            }
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_ends_at_a_round_number() {
        assert_eq!([0, 2, 3, 9, 136, 4_000].map(nice), [2, 2, 4, 10, 200, 4_000]);
    }
}
