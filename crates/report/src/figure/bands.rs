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

/// How a mark looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Something that happened.
    Stroke,
    /// Something that no longer stands.
    Hollow,
    /// A finding of a class.
    Found(Class),
}

/// A mark in a lane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Its day.
    pub on: ValidDay,
    /// What it is.
    pub label: String,
    /// How it looks.
    pub sign: Sign,
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
/// Height of a band, and from the top of a lane to it.
const BAND: i64 = 22;
const INSET: i64 = 4;
/// Pixels of a letter, about.
const LETTER: i64 = 7;
/// Pixels between the strokes of a gap.
const HATCH: i64 = 8;
/// More strokes than these in a lane are drawn as one shape: the table says what each is.
const NAMED: usize = 80;

pub(super) fn svg(bands: &Bands, title: &str, says: &str) -> Markup {
    let span = bands.to.days_since(bands.from).max(1);
    let x = |on: ValidDay| LEFT + on.days_since(bands.from).clamp(0, span) * (WIDTH - LEFT - 10) / span;
    let height = TOP + LANE * i64::try_from(bands.lanes.len()).unwrap_or(0) + 8;
    html! {
        svg.bands viewBox={ "0 0 " (WIDTH) " " (height) } width=(WIDTH) height=(height) role="img" aria-label={ (title) " " (says) } {
            @for month in months(bands.from, bands.to) {
                line.grid x1=(x(month)) y1=(TOP - 6) x2=(x(month)) y2=(height - 4) {}
                text.date x=(x(month) + 3) y="14" { (short(month, span)) }
            }
            @for (i, lane) in (0i64..).zip(&bands.lanes) { (self::lane(lane, bands, &x, TOP + i * LANE)) }
        }
    }
}

fn lane(lane: &Lane, bands: &Bands, x: &dyn Fn(ValidDay) -> i64, top: i64) -> Markup {
    let within = |tick: &&Tick| tick.on >= bands.from && tick.on <= bands.to;
    let strokes: Vec<&Tick> = lane.ticks.iter().filter(within).filter(|t| t.sign == Sign::Stroke).collect();
    html! {
        text.lane x="0" y=(top + 19) { (clipped(&lane.name, LEFT - 10)) title { (lane.name) } }
        @for band in lane.bands.iter().filter(|b| b.to >= bands.from && b.from <= bands.to) {
            // A day is drawn to its end: the next band begins where this one stops.
            @let (from, to) = (x(band.from), x(band.to.plus_days(1)).max(x(band.from) + 2));
            g.band.pale[band.look == Look::Pale].gap[band.look == Look::Gap] {
                title { (band.label) ", " (day(band.from)) " to " (day(band.to)) }
                rect x=(from) y=(top + INSET) width=(to - from) height=(BAND) {}
                @if band.look == Look::Gap { path.hatch d=(hatched(from, to, top + INSET)) {} }
                @let room = to - from - 8;
                @if room > 32 {
                    @let words = clipped(&band.label, room);
                    @if band.look == Look::Gap { rect.behind x=(from + 3) y=(top + INSET + 4) width=((LETTER * i64::try_from(words.chars().count()).unwrap_or(0) + 4).min(room + 3)) height=(BAND - 8) {} }
                    text x=(from + 5) y=(top + 19) { (words) }
                }
            }
        }
        @if strokes.len() > NAMED {
            g.tick.plain {
                title { (lane.name) ": " (strokes.len()) " marks, each in the table" }
                path d=(strokes.iter().map(|tick| format!("M{} {}v16", x(tick.on), top + 7)).collect::<String>()) {}
            }
        } @else {
            @for tick in strokes { (mark(tick, x(tick.on), top + 15)) }
        }
        @for tick in lane.ticks.iter().filter(within).filter(|t| t.sign != Sign::Stroke) { (mark(tick, x(tick.on), top + 15)) }
    }
}

/// Strokes across a gap, from the lower left to the upper right, inside it.
fn hatched(from: i64, to: i64, top: i64) -> String {
    let mut path = String::new();
    let mut foot = from - BAND + HATCH / 2;
    while foot < to {
        let (left, right) = (foot.max(from), (foot + BAND).min(to));
        if right > left {
            path.push_str(&format!("M{left} {}L{right} {}", top + BAND - (left - foot), top + BAND - (right - foot)));
        }
        foot += HATCH;
    }
    path
}

fn mark(tick: &Tick, x: i64, y: i64) -> Markup {
    let class = match tick.sign {
        Sign::Stroke => "plain",
        Sign::Hollow => "hollow",
        Sign::Found(class) => class.as_str(),
    };
    html! {
        g class={ "tick " (class) } {
            title { (tick.label) ", " (day(tick.on)) }
            @match tick.sign {
                Sign::Stroke => line x1=(x) y1=(y - 8) x2=(x) y2=(y + 8) {},
                Sign::Hollow => rect x=(x - 4) y=(y - 4) width="8" height="8" {},
                Sign::Found(Class::Violation) => rect x=(x - 5) y=(y - 5) width="10" height="10" {},
                Sign::Found(Class::Documentation) => path d=(format!("M{x} {}l6 11h-12z", y - 6)) {},
                Sign::Found(Class::Advisory) => circle cx=(x) cy=(y) r="5" {},
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
    super::months(from, to).filter(|m| *m >= from && (i64::from(m.ymd().1) - 1) % every == 0).collect()
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

    fn d(text: &str) -> ValidDay {
        ValidDay::parse(text).unwrap()
    }

    #[test]
    fn month_names_have_room() {
        assert_eq!(months(d("2025-01-15"), d("2025-04-02")), [d("2025-02-01"), d("2025-03-01"), d("2025-04-01")]);
        assert_eq!(months(d("2020-02-01"), d("2025-02-01")).len(), 5);
        assert_eq!(clipped("supervision", 30), "sup…");
    }

    #[test]
    fn a_gap_is_hatched_inside_itself_and_says_what_it_is() {
        let path = hatched(200, 230, 50);
        let numbers: Vec<i64> = path.split(['M', 'L', ' ']).filter_map(|n| n.parse().ok()).collect();
        assert!(numbers.len() > 8 && numbers.chunks(2).all(|at| (200..=230).contains(&at[0]) && (50..=50 + BAND).contains(&at[1])), "{path}");
        let band = |look| Band { from: d("2025-02-01"), to: d("2025-04-30"), label: "nobody who may".to_owned(), look };
        let drawn = |look| {
            let lanes = vec![Lane { name: "Supervision".to_owned(), bands: vec![band(look)], ticks: Vec::new() }];
            svg(&Bands { from: d("2025-01-01"), to: d("2025-12-31"), lanes }, "Of somebody.", "").into_string()
        };
        assert!(drawn(Look::Gap).contains("hatch") && drawn(Look::Gap).contains(">nobody who may<") && !drawn(Look::Solid).contains("hatch"));
    }

    #[test]
    fn many_strokes_are_one_shape_and_none_is_lost() {
        let ticks = |n: i64| (0..n).map(|i| Tick { on: d("2025-01-01").plus_days(i), label: "1 contact".to_owned(), sign: Sign::Stroke }).collect();
        let drawn = |n| {
            let lanes = vec![Lane { name: "Contacts".to_owned(), bands: Vec::new(), ticks: ticks(n) }];
            svg(&Bands { from: d("2025-01-01"), to: d("2025-12-31"), lanes }, "Of somebody.", "").into_string()
        };
        assert_eq!(drawn(80).matches("<g class=\"tick plain\">").count(), 80);
        assert_eq!((drawn(81).matches("<g class=\"tick plain\">").count(), drawn(81).matches("v16").count()), (1, 81));
    }
}
