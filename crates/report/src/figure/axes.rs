//! The same events on two lines: when they were true above, when they were known below, joined by a stroke.
//! Days stand side by side in order and not to scale, so that a year between two facts hides nothing.

use std::collections::BTreeMap;

use audit::vocabulary::ValidDay;
use audit::words::day;
use maud::{Markup, html};

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
const LEFT: usize = 132;
const STEP: usize = 26;
const GAP: usize = 84;

/// Marks that stand in the column of a day, bottom of the pile first.
type Piles = BTreeMap<usize, Vec<usize>>;

pub(super) fn svg(axes: &Axes, title: &str, says: &str) -> Markup {
    let mut days: Vec<ValidDay> = axes.marks.iter().flat_map(|m| m.true_on.into_iter().chain([m.known_on])).collect();
    days.extend(axes.claimed_on);
    days.push(axes.knowable_on);
    days.sort_unstable();
    days.dedup();
    let wide = (SHARED / days.len().max(1)).clamp(COLUMN, 2 * COLUMN);
    let column = |on: ValidDay| days.binary_search(&on).unwrap_or_else(|place| place);
    let x = |on: ValidDay| LEFT + column(on) * wide + wide / 2;
    let (mut above, mut below) = (Piles::new(), Piles::new());
    for mark in &axes.marks {
        if let Some(on) = mark.true_on {
            above.entry(column(on)).or_default().push(mark.number);
        }
        below.entry(column(mark.known_on)).or_default().push(mark.number);
    }
    let highest = |piles: &Piles| piles.values().map(Vec::len).max().unwrap_or(1).max(1);
    let upper = 24 + highest(&above) * STEP;
    let lower = upper + GAP;
    let height = lower + highest(&below) * STEP + 34;
    let width = LEFT + days.len() * wide + 12;
    let place = |piles: &Piles, on: ValidDay, number: usize| piles.get(&column(on)).and_then(|pile| pile.iter().position(|n| *n == number)).unwrap_or(0);
    let happened = |m: &Mark| m.true_on.map(|on| (x(on), upper - STEP / 2 - place(&above, on, m.number) * STEP - 2));
    let learned = |m: &Mark| (x(m.known_on), lower + STEP / 2 + place(&below, m.known_on, m.number) * STEP + 2);
    let unknown = axes.claimed_on.filter(|claimed| *claimed < axes.knowable_on).map(|claimed| (x(claimed), x(axes.knowable_on)));
    html! {
        svg.axes viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-label={ (title) ". " (says) } {
            @if let Some((from, to)) = unknown {
                rect.unknown x=(from) y=(upper + 8) width=(to - from) height=(GAP - 16) {}
                @if to - from > 150 { text.note x=((from + to) / 2) y=(upper + 24) text-anchor="middle" { "billed, not yet knowable" } }
            }
            text.lane x="0" y=(upper + 5) { "What happened" }
            text.lane x="0" y=(lower + 5) { "What was known" }
            line.lane x1=(LEFT) y1=(upper) x2=(width - 8) y2=(upper) {}
            line.lane x1=(LEFT) y1=(lower) x2=(width - 8) y2=(lower) {}
            @for on in &days {
                line.tick x1=(x(*on)) y1=(upper - 4) x2=(x(*on)) y2=(upper + 4) {}
                line.tick x1=(x(*on)) y1=(lower - 4) x2=(x(*on)) y2=(lower + 4) {}
                text.date x=(x(*on)) y=(height - 8) text-anchor="middle" { (day(*on)) }
            }
            @if let Some(claimed) = axes.claimed_on {
                line.claim x1=(x(claimed)) y1="16" x2=(x(claimed)) y2=(height - 24) {}
                text.note x=(x(claimed)) y="12" text-anchor="middle" { "claim sent" }
            }
            @for mark in &axes.marks {
                @if let Some((from, _)) = happened(mark) {
                    line.join.late[mark.late] x1=(from) y1=(upper) x2=(learned(mark).0) y2=(lower) {}
                }
            }
            @for mark in &axes.marks {
                @if let Some((cx, cy)) = happened(mark) { (self::mark(mark, cx, cy)) }
                (self::mark(mark, learned(mark).0, learned(mark).1))
            }
        }
    }
}

fn mark(mark: &Mark, x: usize, y: usize) -> Markup {
    html! {
        g.mark.evidence[mark.sign == Sign::Evidence].late[mark.late] {
            title { (mark.number) ". " (mark.label) }
            @match mark.sign {
                Sign::Money => rect x=(x - 11) y=(y - 11) width="22" height="22" rx="3" {},
                Sign::Evidence | Sign::Other => circle cx=(x) cy=(y) r="11" {},
            }
            text x=(x) y=(y + 4) text-anchor="middle" { (mark.number) }
        }
    }
}
