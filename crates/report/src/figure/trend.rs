//! Counts of open findings over days: one line a class, told apart by stroke, mark and name, not by colour.
//! Draws what was counted by recorded scans; between two of them it draws a straight line and claims nothing.

use audit::vocabulary::{Class, ValidDay};
use audit::words::{day, thousands};

use super::sketch::{Anchor, Shape, Sketch, Step, Style, real};

/// Counts over days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trend {
    /// Days, ascending.
    pub days: Vec<ValidDay>,
    /// The counts of each class, as many as days.
    pub lines: Vec<(Class, Vec<u64>)>,
}

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 28.0;

pub(super) fn sketch(trend: &Trend) -> Sketch {
    let top = nice(trend.lines.iter().flat_map(|(_, counts)| counts).copied().max().unwrap_or(0));
    let first = trend.days.first().copied();
    let span = first.zip(trend.days.last().copied()).map_or(0, |(a, b)| b.days_since(a)).max(1);
    let x = |on: ValidDay| LEFT + real(first.map_or(0, |a| on.days_since(a))) / real(span) * (WIDTH - LEFT - RIGHT);
    let y = |n: u64| TOP + (1.0 - real(i64::try_from(n).unwrap_or(0)) / real(i64::try_from(top).unwrap_or(1))) * (HEIGHT - TOP - BOTTOM);
    let mut sketch = Sketch::new("trend", WIDTH, HEIGHT);
    for n in [0, top / 2, top] {
        sketch.add(Style::Grid.line(LEFT, y(n), WIDTH - RIGHT, y(n)));
        sketch.add(Style::Date.words(LEFT - 6.0, y(n) + 4.0, Anchor::End, thousands(n)));
    }
    for (class, counts) in &trend.lines {
        let places: Vec<(f64, f64)> = trend.days.iter().zip(counts).map(|(on, n)| (x(*on), y(*n))).collect();
        let steps = places.iter().enumerate().map(|(i, (x, y))| if i == 0 { Step::Move(*x, *y) } else { Step::Line(*x, *y) });
        sketch.add(Style::Curve(*class).path(steps));
        places.iter().for_each(|(x, y)| sketch.add(dot(*class, *x, *y)));
    }
    let ends = spread(&trend.lines.iter().map(|(_, counts)| counts.last().map_or(TOP, |n| y(*n))).collect::<Vec<_>>());
    for ((class, counts), at) in trend.lines.iter().zip(ends) {
        let words = format!("{} {}", class.as_str(), thousands(counts.last().copied().unwrap_or(0)));
        sketch.add(Style::Name(*class).words(WIDTH - RIGHT + 10.0, at + 4.0, Anchor::Start, words));
    }
    if let Some(first) = first {
        sketch.add(Style::Date.words(LEFT, HEIGHT - 6.0, Anchor::Start, day(first)));
    }
    if let Some(last) = trend.days.last().filter(|_| trend.days.len() > 1) {
        sketch.add(Style::Date.words(WIDTH - RIGHT, HEIGHT - 6.0, Anchor::End, day(*last)));
    }
    sketch
}

fn dot(class: Class, x: f64, y: f64) -> Shape {
    let style = Style::Dot(class);
    match class {
        Class::Violation => style.bar(x - 3.0, y - 3.0, 6.0, 6.0),
        Class::Documentation => style.triangle(x, y - 4.0, 4.0, 7.0),
        Class::Advisory => style.disc(x, y, 3.0),
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
