//! Pictures: what they show as data, drawn by hand, each with a table that says the same.
//! Nothing is told by colour alone, and nothing moves.

pub mod axes;
pub mod bands;
pub mod bars;
pub mod calendar;
pub mod columns;
pub mod sketch;
mod svg;
pub mod trend;

use audit::vocabulary::ValidDay;
use maud::Markup;

use crate::document::Table;
use sketch::Sketch;

/// A picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it shows, in a few words.
    pub title: String,
    /// What is to be seen in it, in a sentence.
    pub says: String,
    /// What is drawn.
    pub drawing: Drawing,
    /// The same as a table.
    pub twin: Table,
    /// Whether the table is read with the picture, and not only instead of it.
    pub together: bool,
}

/// First days of the months that two days lie in and between.
fn months(from: ValidDay, to: ValidDay) -> impl Iterator<Item = ValidDay> {
    let first = from.first_of_month().unwrap_or(from);
    (0..).map(move |n| first.plus_months(n)).take_while(move |month| *month <= to)
}

/// What is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Drawing {
    /// Counts over days.
    Trend(trend::Trend),
    /// The same events when they were true and when they were known.
    Axes(axes::Axes),
    /// Spans and marks over days.
    Bands(bands::Bands),
    /// Amounts side by side.
    Bars(bars::Bars),
    /// Counts month by month.
    Columns(columns::Columns),
    /// Days on which something ends.
    Calendar(calendar::Calendar),
}

impl Figure {
    /// What it says to somebody who does not see it.
    pub fn spoken(&self) -> String {
        format!("{} {}", self.title, self.says)
    }

    /// The words drawn, which may name somebody.
    pub fn words_mut(&mut self) -> Box<dyn Iterator<Item = &mut String> + '_> {
        match &mut self.drawing {
            Drawing::Trend(_) | Drawing::Columns(_) => Box::new(std::iter::empty()),
            Drawing::Calendar(calendar) => Box::new(calendar.words_mut()),
            Drawing::Axes(axes) => Box::new(axes.marks.iter_mut().map(|mark| &mut mark.label)),
            Drawing::Bands(bands) => Box::new(bands.words_mut()),
            Drawing::Bars(bars) => Box::new(bars.bars.iter_mut().map(|bar| &mut bar.label)),
        }
    }
}

/// The picture as shapes, from which every form of it is made.
pub fn sketch(figure: &Figure) -> Sketch {
    match &figure.drawing {
        Drawing::Trend(trend) => trend::sketch(trend),
        Drawing::Axes(axes) => axes::sketch(axes),
        Drawing::Bands(bands) => bands::sketch(bands),
        Drawing::Bars(bars) => bars::sketch(bars),
        Drawing::Columns(columns) => columns::sketch(columns),
        Drawing::Calendar(calendar) => calendar::sketch(calendar),
    }
}

/// The picture as SVG.
pub fn svg(figure: &Figure) -> Markup {
    svg::markup(&sketch(figure), &figure.spoken())
}
