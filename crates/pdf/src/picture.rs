//! A figure on pages: as large as the measure and the page allow, cut between two rows where it is longer than a page, its head on every piece.
//! Places pieces; which words and which colours they have is in `paint`.

use report::figure::sketch::{Outline, Shape, Sketch, Step, Style};
use report::figure::{self, Figure};

use crate::flow::Flow;
use crate::page::{Frame, Item};
use crate::tree::Kind;

/// Points of a pixel, at most: letters of twelve pixels are nine points.
const LARGEST: f64 = 0.75;

/// A piece of a figure: shapes in pixels from its upper left corner.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Piece {
    pub(crate) shapes: Vec<Shape>,
    /// Pixels.
    pub(crate) height: f64,
}

/// Points that its words above it may need.
const WORDS: f64 = 90.0;
/// Rows that a piece has at least where there are as many.
const TOGETHER: f64 = 3.0;

/// A figure as large as it is on pages of a frame.
pub(crate) struct Scaled {
    sketch: Sketch,
    /// Points of a pixel.
    scale: f64,
    /// Points of a page.
    room: f64,
}

impl Scaled {
    pub(crate) fn new(figure: &Figure, frame: Frame) -> Self {
        let (sketch, room) = (figure::sketch(figure), f64::from(frame.bottom - Frame::TOP));
        let mut scale = (f64::from(frame.measure()) / sketch.width).min(LARGEST);
        if sketch.head + sketch.row >= sketch.height {
            // One row, which cannot be cut.
            scale = scale.min((room - WORDS) / sketch.height);
        }
        Self { sketch, scale, room }
    }

    fn is_whole(&self) -> bool {
        self.sketch.height * self.scale <= self.room - WORDS + 0.01
    }

    /// Points without which it does not begin on a page.
    pub(crate) fn least(&self) -> f32 {
        let some = self.sketch.head + TOGETHER * self.sketch.row;
        let pixels = if self.is_whole() { self.sketch.height } else { some };
        small(pixels * self.scale)
    }
}

/// Places a figure. One with nothing drawn takes no room.
pub(crate) fn place(flow: &mut Flow<'_>, figure: &Figure, scaled: &Scaled) {
    let Scaled { sketch, scale, room } = scaled;
    let (scale, room) = (*scale, *room);
    if sketch.parts.is_empty() {
        return;
    }
    let part = flow.laid.tree.add(None, Kind::Figure(figure.spoken()));
    // A figure that is longer than a page begins where it stands.
    let mut left = if scaled.is_whole() { room } else { f64::from(flow.left()) };
    let mut from = 0;
    loop {
        let (piece, next) = cut(sketch, from, left / scale);
        let height = small(piece.height * scale);
        flow.need(height);
        flow.place(Item::Piece { x: Frame::SIDE, y: flow.y, scale: small(scale), piece, part });
        flow.y += height;
        match next {
            Some(next) => from = next,
            None => break,
        }
        flow.turn();
        left = room;
    }
    flow.y += 6.0;
}

/// The head and the rows from one on that fit into so many pixels, at least one; and the first that does not.
fn cut(sketch: &Sketch, from: usize, pixels: f64) -> (Piece, Option<usize>) {
    let all = whole(((sketch.height - sketch.head) / sketch.row).floor()).max(1);
    let fit = whole(((pixels - sketch.head) / sketch.row).floor()).max(1);
    if from == 0 && sketch.height <= pixels + 0.5 {
        return (Piece { shapes: sketch.shapes().cloned().collect(), height: sketch.height }, None);
    }
    let next = (from + fit).min(all);
    let (above, below) = (sketch.head + real(from) * sketch.row, sketch.head + real(next) * sketch.row);
    // What stands below the last row goes with it.
    let end = if next == all { sketch.height } else { below };
    let shapes = sketch.shapes().filter_map(|shape| kept(shape, sketch.head, (above, end))).collect();
    (Piece { shapes, height: sketch.head + end - above }, (next < all).then_some(next))
}

/// A shape as a piece has it: of the head as it is, of its rows moved up, and a line that runs through all rows as long as the piece.
fn kept(shape: &Shape, head: f64, (above, below): (f64, f64)) -> Option<Shape> {
    let up = above - head;
    if shape.style == Style::Grid
        && let Outline::Line([x1, y1, x2, y2]) = shape.outline
    {
        return (y2 > above && y1 < below).then(|| Shape { style: shape.style, outline: Outline::Line([x1, y1.min(head), x2, y2.min(below) - up]) });
    }
    let middle = middle(&shape.outline);
    if middle < head {
        return Some(shape.clone());
    }
    (middle >= above && middle < below).then(|| Shape { style: shape.style, outline: moved(&shape.outline, up) })
}

/// Where a shape is, from top to foot.
fn middle(outline: &Outline) -> f64 {
    match outline {
        Outline::Line([_, y1, _, y2]) => (y1 + y2) / 2.0,
        Outline::Box([_, y, _, height]) | Outline::Round([_, y, _, height]) => y + height / 2.0,
        Outline::Disc([_, y, _]) => *y,
        Outline::Path(steps) => steps.iter().find_map(|step| if let Step::Move(_, y) | Step::Line(_, y) = step { Some(*y) } else { None }).unwrap_or(0.0),
        Outline::Words([_, y], ..) => *y,
    }
}

/// A shape so many pixels further up.
fn moved(outline: &Outline, up: f64) -> Outline {
    match outline {
        Outline::Line([x1, y1, x2, y2]) => Outline::Line([*x1, y1 - up, *x2, y2 - up]),
        Outline::Box([x, y, width, height]) => Outline::Box([*x, y - up, *width, *height]),
        Outline::Round([x, y, width, height]) => Outline::Round([*x, y - up, *width, *height]),
        Outline::Disc([x, y, radius]) => Outline::Disc([*x, y - up, *radius]),
        Outline::Path(steps) => Outline::Path(
            steps
                .iter()
                .map(|step| match step {
                    Step::Move(x, y) => Step::Move(*x, y - up),
                    Step::Line(x, y) => Step::Line(*x, y - up),
                    Step::Close => Step::Close,
                })
                .collect(),
        ),
        Outline::Words([x, y], anchor, words, all) => Outline::Words([*x, y - up], *anchor, words.clone(), all.clone()),
    }
}

fn whole(n: f64) -> usize {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a drawing has a few thousand rows")]
    {
        n.max(0.0) as usize
    }
}

fn real(n: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "a drawing has a few thousand rows")]
    {
        n as f64
    }
}

/// A length as pages have it.
pub(crate) fn small(n: f64) -> f32 {
    #[allow(clippy::cast_possible_truncation, reason = "a drawing has a thousand pixels, a page a thousand points")]
    {
        n as f32
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use audit::vocabulary::ValidDay;
    use report::document::Table;
    use report::figure::Drawing;
    use report::figure::bands::{Band, Bands, Lane, Look};

    fn strips(lanes: usize) -> Sketch {
        let d = |t: &str| ValidDay::parse(t).unwrap();
        let band = Band { from: d("2025-02-01"), to: d("2025-05-31"), label: "nobody who may".to_owned(), look: Look::Gap };
        let lane = |n: usize| Lane { name: format!("P-{n}"), bands: vec![band.clone()], ticks: Vec::new() };
        let drawing = Drawing::Bands(Bands { from: d("2025-01-01"), to: d("2025-12-31"), lanes: (0..lanes).map(lane).collect() });
        figure::sketch(&Figure { title: String::new(), says: String::new(), drawing, twin: Table::new("t", "", &[]), together: false })
    }

    fn names(piece: &Piece) -> Vec<&str> {
        piece.shapes.iter().filter_map(|s| if let (Style::Lane, Outline::Words(_, _, words, _)) = (s.style, &s.outline) { Some(words.as_str()) } else { None }).collect()
    }

    #[test]
    fn a_long_figure_is_cut_between_rows_and_none_is_lost_or_drawn_twice() {
        let sketch = strips(100);
        let (mut from, mut told, mut shapes, mut pieces) = (0, Vec::new(), 0, 0);
        loop {
            let (piece, next) = cut(&sketch, from, 400.0);
            assert!(piece.height <= 400.0 && piece.shapes.iter().all(|s| (0.0..=piece.height).contains(&middle(&s.outline))), "piece at {from}");
            let headed = piece.shapes.iter().filter(|s| s.style == Style::Date).count();
            assert_eq!(headed, 12, "every piece has the months");
            told.extend(names(&piece).into_iter().map(str::to_owned));
            shapes += piece.shapes.len() - piece.shapes.iter().filter(|s| matches!(s.style, Style::Date | Style::Grid)).count();
            pieces += 1;
            assert!(pieces < 200);
            match next {
                Some(next) => from = next,
                None => break,
            }
        }
        assert_eq!(told, (0..100).map(|n| format!("P-{n}")).collect::<Vec<_>>());
        assert_eq!(shapes, sketch.shapes().filter(|s| !matches!(s.style, Style::Date | Style::Grid)).count());
        assert_eq!(pieces, 10, "eleven lanes of thirty-four pixels below the head");
    }

    #[test]
    fn a_figure_that_fits_is_one_piece_as_it_is() {
        let sketch = strips(3);
        let (piece, next) = cut(&sketch, 0, 1_000.0);
        assert!(next.is_none() && piece.shapes.len() == sketch.shapes().count());
    }
}
