//! Spans over days as bands, one lane a kind, with marks and hatched gaps: a person's or an individual's time at a glance.
//! Draws spans as they were given; what holds on a day is decided elsewhere.

use audit::vocabulary::{Class, ValidDay};
use audit::words::day;

use super::sketch::{Anchor, Outline, Shape, Sketch, Step, Style, many, real};

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
const LANE: f64 = 34.0;
const TOP: f64 = 26.0;
/// Height of a band, and from the top of a lane to it.
const BAND: f64 = 22.0;
const INSET: f64 = 4.0;
/// Pixels of a letter, about.
const LETTER: f64 = 7.0;
/// Pixels between the strokes of a gap.
const HATCH: f64 = 8.0;
/// More strokes than these in a lane are drawn as one shape: the table says what each is.
const NAMED: usize = 80;

pub(super) fn sketch(bands: &Bands) -> Sketch {
    let span = bands.to.days_since(bands.from).max(1);
    let x = |on: ValidDay| real(LEFT + on.days_since(bands.from).clamp(0, span) * (WIDTH - LEFT - 10) / span);
    let height = TOP + LANE * many(bands.lanes.len()) + 8.0;
    let mut sketch = Sketch::new("bands", real(WIDTH), height).rows(TOP, LANE);
    for month in months(bands.from, bands.to) {
        sketch.add(Style::Grid.line(x(month), TOP - 6.0, x(month), height - 4.0));
        sketch.add(Style::Date.words(x(month) + 3.0, 14.0, Anchor::Start, short(month, span)));
    }
    for (i, lane) in bands.lanes.iter().enumerate() {
        put(&mut sketch, lane, bands, &x, TOP + many(i) * LANE);
    }
    sketch
}

fn put(sketch: &mut Sketch, lane: &Lane, bands: &Bands, x: &dyn Fn(ValidDay) -> f64, top: f64) {
    let name = clipped(&lane.name, real(LEFT) - 10.0);
    sketch.add(Shape { style: Style::Lane, outline: Outline::Words([0.0, top + 19.0], Anchor::Start, name, Some(lane.name.clone())) });
    for band in lane.bands.iter().filter(|b| b.to >= bands.from && b.from <= bands.to) {
        // A day is drawn to its end: the next band begins where this one stops.
        let (from, to) = (x(band.from), x(band.to.plus_days(1)).max(x(band.from) + 2.0));
        let title = format!("{}, {} to {}", band.label, day(band.from), day(band.to));
        let class = match band.look {
            Look::Solid => "band",
            Look::Pale => "band pale",
            Look::Gap => "band gap",
        };
        sketch.group(class, title, drawn(band, from, to, top + INSET));
    }
    let within = |tick: &&Tick| tick.on >= bands.from && tick.on <= bands.to;
    let strokes: Vec<&Tick> = lane.ticks.iter().filter(within).filter(|t| t.sign == Sign::Stroke).collect();
    if strokes.len() > NAMED {
        let path = strokes.iter().flat_map(|tick| [Step::Move(x(tick.on), top + 7.0), Step::Line(x(tick.on), top + 23.0)]);
        sketch.group("tick plain", format!("{}: {} marks, each in the table", lane.name, strokes.len()), vec![Style::Stroke.path(path)]);
    } else {
        strokes.iter().for_each(|tick| mark(sketch, tick, x(tick.on), top + 15.0));
    }
    lane.ticks.iter().filter(within).filter(|t| t.sign != Sign::Stroke).for_each(|tick| mark(sketch, tick, x(tick.on), top + 15.0));
}

/// A band with its words where they have room.
fn drawn(band: &Band, from: f64, to: f64, top: f64) -> Vec<Shape> {
    let mut shapes = vec![Style::Span(band.look).bar(from, top, to - from, BAND)];
    if band.look == Look::Gap {
        shapes.push(Style::Hatch.path(hatched(from, to, top)));
    }
    let room = to - from - 8.0;
    if room > 32.0 {
        let words = clipped(&band.label, room);
        if band.look == Look::Gap {
            shapes.push(Style::Behind.bar(from + 3.0, top + 4.0, (LETTER * many(words.chars().count()) + 4.0).min(room + 3.0), BAND - 8.0));
        }
        shapes.push(Style::SpanWords(band.look).words(from + 5.0, top + 15.0, Anchor::Start, words));
    }
    shapes
}

/// Strokes across a gap, from the lower left to the upper right, inside it.
fn hatched(from: f64, to: f64, top: f64) -> Vec<Step> {
    let mut path = Vec::new();
    let mut foot = from - BAND + HATCH / 2.0;
    while foot < to {
        let (left, right) = (foot.max(from), (foot + BAND).min(to));
        if right > left {
            path.extend([Step::Move(left, top + BAND - (left - foot)), Step::Line(right, top + BAND - (right - foot))]);
        }
        foot += HATCH;
    }
    path
}

fn mark(sketch: &mut Sketch, tick: &Tick, x: f64, y: f64) {
    let (class, shape) = match tick.sign {
        Sign::Stroke => ("plain", Style::Stroke.line(x, y - 8.0, x, y + 8.0)),
        Sign::Hollow => ("hollow", Style::Hollow.bar(x - 4.0, y - 4.0, 8.0, 8.0)),
        Sign::Found(Class::Violation) => ("violation", Style::Found(Class::Violation).bar(x - 5.0, y - 5.0, 10.0, 10.0)),
        Sign::Found(Class::Documentation) => ("documentation", Style::Found(Class::Documentation).triangle(x, y - 6.0, 6.0, 11.0)),
        Sign::Found(Class::Advisory) => ("advisory", Style::Found(Class::Advisory).disc(x, y, 5.0)),
    };
    sketch.group(format!("tick {class}"), format!("{}, {}", tick.label, day(tick.on)), vec![shape]);
}

/// As many letters as have room.
fn clipped(text: &str, room: f64) -> String {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a lane has room for a hundred letters")]
    let letters = (room.max(0.0) / LETTER) as usize;
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
        assert_eq!(clipped("supervision", 30.0), "sup…");
    }

    #[test]
    fn a_gap_is_hatched_inside_itself_and_says_what_it_is() {
        let path = hatched(200.0, 230.0, 50.0);
        let inside = |step: &Step| matches!(step, Step::Move(x, y) | Step::Line(x, y) if (200.0..=230.0).contains(x) && (50.0..=50.0 + BAND).contains(y));
        assert!(path.len() > 8 && path.iter().all(inside), "{path:?}");
        let band = |look| Band { from: d("2025-02-01"), to: d("2025-04-30"), label: "nobody who may".to_owned(), look };
        let drawn = |look| {
            let lanes = vec![Lane { name: "Supervision".to_owned(), bands: vec![band(look)], ticks: Vec::new() }];
            crate::figure::svg::markup(&sketch(&Bands { from: d("2025-01-01"), to: d("2025-12-31"), lanes }), "Of somebody.").into_string()
        };
        assert!(drawn(Look::Gap).contains("hatch") && drawn(Look::Gap).contains(">nobody who may<") && !drawn(Look::Solid).contains("hatch"));
    }

    #[test]
    fn many_strokes_are_one_shape_and_none_is_lost() {
        let ticks = |n: i64| (0..n).map(|i| Tick { on: d("2025-01-01").plus_days(i), label: "1 contact".to_owned(), sign: Sign::Stroke }).collect();
        let drawn = |n| {
            let lanes = vec![Lane { name: "Contacts".to_owned(), bands: Vec::new(), ticks: ticks(n) }];
            crate::figure::svg::markup(&sketch(&Bands { from: d("2025-01-01"), to: d("2025-12-31"), lanes }), "Of somebody.").into_string()
        };
        let strokes = |said: &str| said.split("tick plain").nth(1).map_or(0, |shape| shape.matches('M').count());
        assert_eq!(drawn(80).matches("<g class=\"tick plain\">").count(), 80);
        assert_eq!((drawn(81).matches("<g class=\"tick plain\">").count(), strokes(&drawn(81))), (1, 81));
    }
}
