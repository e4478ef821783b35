//! A picture as shapes on a plane before it has a form: lines, boxes, discs, paths and words, each in a style that is a name.
//! Knows no colour: a page takes it from its style sheet, paper from a table of its own.

use audit::vocabulary::Class;

use super::bands::Look;

/// How a shape looks, by what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A line across, behind everything: the beginning of a month, a count.
    Grid,
    /// A line on which marks or columns stand.
    Axis,
    /// A day on such a line.
    Notch,
    /// When the claim was sent.
    Claim,
    /// From when something happened to when it was known; whether that was too late.
    Join(bool),
    /// Days between a claim and what could not be known at it.
    Unknown,
    /// An amount.
    Bar,
    /// A day on which nothing ends; whether it is of a weekend.
    Day(bool),
    /// A day on which something ends, and how much.
    End,
    /// The number on it.
    EndCount,
    /// Counts over days.
    Curve(Class),
    /// One of them.
    Dot(Class),
    /// A span.
    Span(Look),
    /// What it is, on it.
    SpanWords(Look),
    /// Behind such words.
    Behind,
    /// Across a gap.
    Hatch,
    /// Something that happened.
    Stroke,
    /// Something that stands no more.
    Hollow,
    /// A finding.
    Found(Class),
    /// A fact of a story.
    Fact(Weight),
    /// Its number.
    FactNumber(Weight),
    /// Days and numbers along a line.
    Date,
    /// A remark.
    Note,
    /// What a lane shows.
    Lane,
    /// What a bar shows.
    Label,
    /// How much it is.
    Amount,
    /// What a curve counts.
    Name(Class),
}

/// What a fact is to a story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// The finding rests on it.
    pub evidence: bool,
    /// It was known only after the claim.
    pub late: bool,
}

/// Where words stand from their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// To its right.
    Start,
    /// On both sides.
    Middle,
    /// To its left.
    End,
}

/// A step of a path, to a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Step {
    /// Without drawing.
    Move(f64, f64),
    /// A straight line.
    Line(f64, f64),
    /// Back to where the last move went.
    Close,
}

/// The shape of a shape. Pixels from the upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    /// From a place to a place.
    Line([f64; 4]),
    /// Left, top, width, height.
    Box([f64; 4]),
    /// The same with round corners of three pixels.
    Round([f64; 4]),
    /// Middle and radius.
    Disc([f64; 3]),
    /// Steps.
    Path(Vec<Step>),
    /// The foot of words, the words, and all of them where these are cut short.
    Words([f64; 2], Anchor, String, Option<String>),
}

/// A shape.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// How it looks.
    pub style: Style,
    /// Where it is.
    pub outline: Outline,
}

/// Shapes that are one thing, and what it is in words.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Its name for the style sheet.
    pub class: String,
    /// What it is.
    pub title: String,
    /// Its shapes.
    pub shapes: Vec<Shape>,
}

/// A part of a picture.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A shape alone.
    Shape(Shape),
    /// Shapes that are one thing.
    Group(Group),
}

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Sketch {
    /// Its name for the style sheet.
    pub name: &'static str,
    /// Pixels.
    pub width: f64,
    /// Pixels.
    pub height: f64,
    /// Pixels at the top that every piece of it needs.
    pub head: f64,
    /// Pixels of a row below: between two rows it may be cut, where it is too long for a page.
    pub row: f64,
    /// In the order in which they are drawn.
    pub parts: Vec<Part>,
}

impl Sketch {
    /// A plane with nothing on it, which is never cut.
    pub(super) fn new(name: &'static str, width: f64, height: f64) -> Self {
        Self { name, width, height, head: 0.0, row: height, parts: Vec::new() }
    }

    /// Rows below a head, between which it may be cut.
    #[must_use]
    pub(super) fn rows(mut self, head: f64, row: f64) -> Self {
        (self.head, self.row) = (head, row);
        self
    }

    pub(super) fn add(&mut self, shape: Shape) {
        self.parts.push(Part::Shape(shape));
    }

    pub(super) fn group(&mut self, class: impl Into<String>, title: String, shapes: Vec<Shape>) {
        self.parts.push(Part::Group(Group { class: class.into(), title, shapes }));
    }

    /// Its shapes in the order in which they are drawn.
    pub fn shapes(&self) -> impl Iterator<Item = &Shape> {
        self.parts.iter().flat_map(|part| match part {
            Part::Shape(shape) => std::slice::from_ref(shape),
            Part::Group(group) => group.shapes.as_slice(),
        })
    }
}

impl Style {
    /// A line.
    pub(super) fn line(self, x1: f64, y1: f64, x2: f64, y2: f64) -> Shape {
        Shape { style: self, outline: Outline::Line([x1, y1, x2, y2]) }
    }

    /// A box.
    pub(super) fn bar(self, x: f64, y: f64, width: f64, height: f64) -> Shape {
        Shape { style: self, outline: Outline::Box([x, y, width, height]) }
    }

    /// A disc.
    pub(super) fn disc(self, x: f64, y: f64, radius: f64) -> Shape {
        Shape { style: self, outline: Outline::Disc([x, y, radius]) }
    }

    /// Places joined by straight lines.
    pub(super) fn path(self, steps: impl IntoIterator<Item = Step>) -> Shape {
        Shape { style: self, outline: Outline::Path(steps.into_iter().collect()) }
    }

    /// A triangle that stands on its base, by its top.
    pub(super) fn triangle(self, x: f64, y: f64, half: f64, height: f64) -> Shape {
        self.path([Step::Move(x, y), Step::Line(x + half, y + height), Step::Line(x - half, y + height), Step::Close])
    }

    /// Words.
    pub(super) fn words(self, x: f64, y: f64, anchor: Anchor, words: impl Into<String>) -> Shape {
        Shape { style: self, outline: Outline::Words([x, y], anchor, words.into(), None) }
    }
}

/// A number of pixels or days as the plane has it.
pub(super) fn real(n: i64) -> f64 {
    // Days and counts drawn are far below 2^53.
    #[allow(clippy::cast_precision_loss, reason = "a drawing has a thousand pixels")]
    {
        n as f64
    }
}

/// A number of things.
pub(super) fn many(n: usize) -> f64 {
    real(i64::try_from(n).unwrap_or(0))
}
