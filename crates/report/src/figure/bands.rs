//! Spans over days as bands, one lane a kind, with marks and hatched gaps: a person's or an individual's time at a glance.
//! Draws spans as they were given; what holds on a day is decided elsewhere.

use audit::vocabulary::{Class, ValidDay};
use audit::words::day;
use maud::{Markup, html};

/// How a band looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// In force.
    Solid,
    /// In force, of a second kind: provisional, not qualifying.
    Pale,
    /// Missing.
    Gap,
}

/// A span in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// First day.
    pub from: ValidDay,
    /// Last day.
    pub to: ValidDay,
    /// What it is.
    pub label: String,
    /// How it looks.
    pub look: Look,
}

/// A mark in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its day.
    pub on: ValidDay,
    /// What it is.
    pub label: String,
    /// A finding of this class, or none.
    pub class: Option<Class>,
}

/// A lane.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lane {
    /// What it shows.
    pub name: String,
    /// Spans.
    pub bands: Vec<Band>,
    /// Marks.
    pub ticks: Vec<Tick>,
}

/// Lanes over days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bands {
    /// First day drawn.
    pub from: ValidDay,
    /// Last day drawn.
    pub to: ValidDay,
    /// A day to point at: what is known through it.
    pub pointer: Option<ValidDay>,
    /// Lanes, top to bottom.
    pub lanes: Vec<Lane>,
}

impl Bands {
    pub(super) fn words_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.lanes.iter_mut().flat_map(|lane| {
            let bands = lane.bands.iter_mut().map(|b| &mut b.label);
            std::iter::once(&mut lane.name).chain(bands).chain(lane.ticks.iter_mut().map(|t| &mut t.label))
        })
    }
}

const WIDTH: i64 = 900;
const LEFT: i64 = 190;
const LANE: i64 = 34;
const TOP: i64 = 26;
/// Pixels of a letter, about.
const LETTER: i64 = 7;

pub(super) fn svg(bands: &Bands, title: &str, says: &str) -> Markup {
    let span = bands.to.days_since(bands.from).max(1);
    let x = |on: ValidDay| LEFT + on.days_since(bands.from).clamp(0, span) * (WIDTH - LEFT - 10) / span;
    let height = TOP + LANE * i64::try_from(bands.lanes.len()).unwrap_or(0) + 8;
    html! {
        svg.bands viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img" aria-label={ (title) ". " (says) } {
            @for month in months(bands.from, bands.to) {
                line.grid x1=(x(month)) y1=(TOP - 6) x2=(x(month)) y2=(height - 4) {}
                text.date x=(x(month) + 3) y="14" { (short(month, span)) }
            }
            @for (i, lane) in (0i64..).zip(&bands.lanes) {
                text.lane x="0" y=(TOP + i * LANE + 19) { (clipped(&lane.name, LEFT - 10)) title { (lane.name) } }
                @for band in lane.bands.iter().filter(|b| b.to >= bands.from && b.from <= bands.to) {
                    @let (from, to) = (x(band.from), x(band.to).max(x(band.from) + 2));
                    g.band.pale[band.look == Look::Pale].gap[band.look == Look::Gap] {
                        title { (band.label) ", " (day(band.from)) " to " (day(band.to)) }
                        rect x=(from) y=(TOP + i * LANE + 4) width=(to - from) height="22" {}
                        @if to - from > 40 { text x=(from + 5) y=(TOP + i * LANE + 19) { (clipped(&band.label, to - from - 8)) } }
                    }
                }
                @for tick in lane.ticks.iter().filter(|t| t.on >= bands.from && t.on <= bands.to) { (mark(tick, x(tick.on), TOP + i * LANE + 15)) }
            }
            @if let Some(pointer) = bands.pointer {
                line.pointer x1=(x(pointer)) y1="4" x2=(x(pointer)) y2=(height) {}
            }
        }
    }
}

fn mark(tick: &Tick, x: i64, y: i64) -> Markup {
    html! {
        g class={ "tick " @if let Some(class) = tick.class { (class.as_str()) } @else { "plain" } } {
            title { (tick.label) ", " (day(tick.on)) }
            @match tick.class {
                None => line x1=(x) y1=(y - 8) x2=(x) y2=(y + 8) {},
                Some(Class::Violation) => rect x=(x - 5) y=(y - 5) width="10" height="10" {},
                Some(Class::Documentation) => path d=(format!("M{x} {}l6 11h-12z", y - 6)) {},
                Some(Class::Advisory) => circle cx=(x) cy=(y) r="5" {},
            }
        }
    }
}

/// As many letters as have room.
fn clipped(text: &str, room: i64) -> String {
    let letters = usize::try_from(room / LETTER).unwrap_or(0);
    if text.chars().count() <= letters { text.to_owned() } else { text.chars().take(letters.saturating_sub(1)).chain(['…']).collect() }
}

/// First days of months between two days: of every month, every third, or every January, so that their names have room.
fn months(from: ValidDay, to: ValidDay) -> Vec<ValidDay> {
    let span = to.days_since(from);
    let every = if span <= 400 { 1 } else if span <= 1_200 { 3 } else { 12 };
    let (year, month, _) = from.ymd();
    let first = ValidDay::from_ymd(year, month, 1).unwrap_or(from);
    (0..).map(|n| first.plus_months(n)).take_while(|m| *m <= to).filter(|m| *m >= from && (i64::from(m.ymd().1) - 1) % every == 0).collect()
}

fn short(month: ValidDay, span: i64) -> String {
    let whole = day(month);
    let mut words = whole.split(' ').skip(1);
    let (name, year) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    if span > 1_200 { year.to_owned() } else if month.ymd().1 == 1 || span > 400 { format!("{name} {year}") } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn month_names_have_room() {
        let d = |t: &str| ValidDay::parse(t).unwrap();
        assert_eq!(months(d("2025-01-15"), d("2025-04-02")), [d("2025-02-01"), d("2025-03-01"), d("2025-04-01")]);
        assert_eq!(months(d("2020-02-01"), d("2025-02-01")).len(), 5);
        assert_eq!(clipped("supervision", 30), "sup…");
    }
}
