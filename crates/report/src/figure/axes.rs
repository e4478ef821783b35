//! The same events on two lines: when they were true above, when they were known below, joined by a stroke.
//! Days stand side by side in order and not to scale, so that a year between two facts hides nothing.

use std::collections::BTreeMap;

use audit::vocabulary::ValidDay;
use audit::words::day;

use super::sketch::{Anchor, Outline, Shape, Sketch, Style, Weight, many};

/// What a mark stands for, which is its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// A fact that the finding rests on.
    Evidence,
    /// A claim or a payment.
    Money,
    /// Another fact of the story.
    Other,
}

/// An event on both lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Its number in the table.
    pub number: usize,
    /// What it says.
    pub label: String,
    /// The day on which it was true.
    pub true_on: Option<ValidDay>,
    /// The day on which it was known.
    pub known_on: ValidDay,
    /// What it stands for.
    pub sign: Sign,
    /// Known only after the claim.
    pub late: bool,
}

/// Events on two lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Axes {
    /// Events, in the order of their numbers.
    pub marks: Vec<Mark>,
    /// The day on which the first claim was sent.
    pub claimed_on: Option<ValidDay>,
    /// The day from which the finding could be known.
    pub knowable_on: ValidDay,
}

/// Narrowest column of a day, in which its date has room.
const COLUMN: usize = 92;
/// What columns share where there are few.
const SHARED: usize = 560;
const LEFT: f64 = 132.0;
const STEP: f64 = 26.0;
const GAP: f64 = 84.0;

/// Marks that stand in the column of a day, bottom of the pile first.
type Piles = BTreeMap<usize, Vec<usize>>;

pub(super) fn sketch(axes: &Axes) -> Sketch {
    let mut days: Vec<ValidDay> = axes.marks.iter().flat_map(|m| m.true_on.into_iter().chain([m.known_on])).collect();
    days.extend(axes.claimed_on);
    days.push(axes.knowable_on);
    days.sort_unstable();
    days.dedup();
    let wide = many((SHARED / days.len().max(1)).clamp(COLUMN, 2 * COLUMN));
    let column = |on: ValidDay| days.binary_search(&on).unwrap_or_else(|place| place);
    let x = |on: ValidDay| LEFT + many(column(on)) * wide + (wide / 2.0).floor();
    let (mut above, mut below) = (Piles::new(), Piles::new());
    for mark in &axes.marks {
        if let Some(on) = mark.true_on {
            above.entry(column(on)).or_default().push(mark.number);
        }
        below.entry(column(mark.known_on)).or_default().push(mark.number);
    }
    let highest = |piles: &Piles| many(piles.values().map(Vec::len).max().unwrap_or(1).max(1));
    let upper = 24.0 + highest(&above) * STEP;
    let lower = upper + GAP;
    let height = lower + highest(&below) * STEP + 34.0;
    let width = LEFT + many(days.len()) * wide + 12.0;
    let place = |piles: &Piles, on: ValidDay, number: usize| many(piles.get(&column(on)).and_then(|pile| pile.iter().position(|n| *n == number)).unwrap_or(0));
    let happened = |m: &Mark| m.true_on.map(|on| (x(on), upper - STEP / 2.0 - place(&above, on, m.number) * STEP - 2.0));
    let learned = |m: &Mark| (x(m.known_on), lower + STEP / 2.0 + place(&below, m.known_on, m.number) * STEP + 2.0);
    let mut sketch = Sketch::new("axes", width, height);
    if let Some((from, to)) = axes.claimed_on.filter(|claimed| *claimed < axes.knowable_on).map(|claimed| (x(claimed), x(axes.knowable_on))) {
        sketch.add(Style::Unknown.bar(from, upper + 8.0, to - from, GAP - 16.0));
        if to - from > 150.0 {
            sketch.add(Style::Note.words(((from + to) / 2.0).floor(), upper + 24.0, Anchor::Middle, "billed, not yet knowable"));
        }
    }
    for (y, words) in [(upper, "What happened"), (lower, "What was known")] {
        sketch.add(Style::Lane.words(0.0, y + 5.0, Anchor::Start, words));
        sketch.add(Style::Axis.line(LEFT, y, width - 8.0, y));
    }
    for on in &days {
        for y in [upper, lower] {
            sketch.add(Style::Notch.line(x(*on), y - 4.0, x(*on), y + 4.0));
        }
        sketch.add(Style::Date.words(x(*on), height - 8.0, Anchor::Middle, day(*on)));
    }
    if let Some(claimed) = axes.claimed_on {
        sketch.add(Style::Claim.line(x(claimed), 16.0, x(claimed), height - 24.0));
        sketch.add(Style::Note.words(x(claimed), 12.0, Anchor::Middle, "claim sent"));
    }
    for mark in &axes.marks {
        if let Some((from, _)) = happened(mark) {
            sketch.add(Style::Join(mark.late).line(from, upper, learned(mark).0, lower));
        }
    }
    for mark in &axes.marks {
        for (x, y) in happened(mark).into_iter().chain([learned(mark)]) {
            put(&mut sketch, mark, x, y);
        }
    }
    sketch
}

fn put(sketch: &mut Sketch, mark: &Mark, x: f64, y: f64) {
    let weight = Weight { evidence: mark.sign == Sign::Evidence, late: mark.late };
    let outline = match mark.sign {
        Sign::Money => Outline::Round([x - 11.0, y - 11.0, 22.0, 22.0]),
        Sign::Evidence | Sign::Other => Outline::Disc([x, y, 11.0]),
    };
    let number = Style::FactNumber(weight).words(x, y + 4.0, Anchor::Middle, mark.number.to_string());
    let class = ["mark", if weight.evidence { " evidence" } else { "" }, if weight.late { " late" } else { "" }].concat();
    sketch.group(class, format!("{}. {}", mark.number, mark.label), vec![Shape { style: Style::Fact(weight), outline }, number]);
}
