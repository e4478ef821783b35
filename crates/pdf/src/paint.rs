//! What a shape of a figure looks like on white paper, and how it is drawn; the colours and strokes of the style sheet's light scheme.
//! Draws words as outlines: they belong to the picture, whose words for a reader are its text beside it and the table that says the same.

use krilla::geom::{Path, PathBuilder, Point, Rect, Transform};
use krilla::paint::{Stroke, StrokeDash};
use krilla::surface::Surface;
use report::figure::bands::Look as Span;
use report::figure::sketch::{Anchor, Outline, Step, Style};

use crate::face::{Faces, Weight};
use crate::page::{Ink, Look, of_class};
use crate::picture::{Piece, small};
use crate::write::fill;

/// What a shape is filled with, and how its edge is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Paint {
    fill: Option<Ink>,
    edge: Option<(Ink, f32, &'static [f32])>,
}

const fn filled(ink: Ink) -> Paint {
    Paint { fill: Some(ink), edge: None }
}

const fn drawn(ink: Ink, width: f32) -> Paint {
    Paint { fill: None, edge: Some((ink, width, &[])) }
}

const fn dashed(ink: Ink, width: f32, dashes: &'static [f32]) -> Paint {
    Paint { fill: None, edge: Some((ink, width, dashes)) }
}

const fn edged(of: Ink, edge: Ink, width: f32, dashes: &'static [f32]) -> Paint {
    Paint { fill: Some(of), edge: Some((edge, width, dashes)) }
}

/// How shapes look that are no words.
fn paint(style: Style) -> Paint {
    use audit::vocabulary::Class;
    match style {
        Style::Grid => drawn(Ink::Line, 1.0),
        Style::Axis | Style::Notch => drawn(Ink::Rule, 2.0),
        Style::Claim => dashed(Ink::Black, 1.0, &[2.0, 3.0]),
        Style::Join(false) => drawn(Ink::Rule, 1.0),
        Style::Join(true) => drawn(Ink::Violation, 2.5),
        Style::Unknown => filled(Ink::Mark),
        Style::Bar => filled(Ink::Accent),
        Style::Day(false) => edged(Ink::Panel, Ink::Line, 1.0, &[]),
        Style::Day(true) => edged(Ink::Paper, Ink::Line, 1.0, &[2.0, 3.0]),
        Style::End => filled(Ink::Documentation),
        Style::Curve(Class::Violation) => drawn(Ink::Violation, 2.0),
        Style::Curve(Class::Documentation) => dashed(Ink::Documentation, 2.0, &[6.0, 3.0]),
        Style::Curve(Class::Advisory) => dashed(Ink::Advisory, 2.0, &[2.0, 3.0]),
        Style::Dot(class) | Style::Found(class) => filled(of_class(class)),
        Style::Span(Span::Solid) => filled(Ink::Good),
        Style::Span(Span::Pale) => edged(Ink::Panel, Ink::Good, 1.0, &[]),
        Style::Span(Span::Gap) => edged(Ink::Paper, Ink::Violation, 1.0, &[4.0, 3.0]),
        Style::Behind => filled(Ink::Paper),
        Style::Hatch => drawn(Ink::Hatch, 1.0),
        Style::Stroke => drawn(Ink::Black, 1.5),
        Style::Hollow => edged(Ink::Paper, Ink::Soft, 1.5, &[2.0, 2.0]),
        Style::Fact(weight) if weight.late => edged(Ink::Violation, Ink::Violation, 1.5, &[]),
        Style::Fact(weight) if weight.evidence => edged(Ink::Paper, Ink::Black, 2.5, &[]),
        Style::Fact(_) => edged(Ink::Paper, Ink::Soft, 1.5, &[]),
        Style::EndCount | Style::SpanWords(_) | Style::FactNumber(_) | Style::Date | Style::Note | Style::Lane => filled(Ink::Black),
        Style::Label | Style::Amount | Style::Name(_) => filled(Ink::Black),
    }
}

/// How words look, in pixels.
fn look(style: Style) -> Look {
    let (weight, size, ink) = match style {
        Style::EndCount => (Weight::Bold, 12.0, Ink::Paper),
        Style::SpanWords(Span::Solid) => (Weight::Regular, 12.0, Ink::Paper),
        Style::SpanWords(Span::Pale) => (Weight::Regular, 12.0, Ink::Black),
        Style::SpanWords(Span::Gap) => (Weight::Bold, 12.0, Ink::Violation),
        Style::FactNumber(weight) => (Weight::Bold, 12.0, if weight.late { Ink::Paper } else { Ink::Black }),
        Style::Date | Style::Note => (Weight::Regular, 12.0, Ink::Soft),
        Style::Lane | Style::Label => (Weight::Bold, 13.0, Ink::Black),
        Style::Name(class) => (Weight::Regular, 12.0, of_class(class)),
        Style::Amount | Style::Grid | Style::Axis | Style::Notch | Style::Claim | Style::Join(_) | Style::Unknown | Style::Bar => (Weight::Regular, 12.0, Ink::Black),
        Style::Day(_) | Style::End | Style::Curve(_) | Style::Dot(_) | Style::Span(_) | Style::Behind | Style::Hatch => (Weight::Regular, 12.0, Ink::Black),
        Style::Stroke | Style::Hollow | Style::Found(_) | Style::Fact(_) => (Weight::Regular, 12.0, Ink::Black),
    };
    Look::new(weight, size, ink)
}

/// Draws a piece with its upper left corner at a place of the page, so many points a pixel.
pub(crate) fn draw(surface: &mut Surface<'_>, faces: &Faces, piece: &Piece, (x, y): (f32, f32), scale: f32) {
    surface.push_transform(&Transform::from_row(scale, 0.0, 0.0, scale, x, y));
    for shape in &piece.shapes {
        if let Outline::Words(at, anchor, words, _) = &shape.outline {
            let look = look(shape.style);
            let face = faces.of(look.weight);
            let words = face.printable(words);
            let wide = face.width(&words, look.size);
            let left = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => wide / 2.0,
                Anchor::End => wide,
            };
            surface.set_fill(Some(fill(look.ink)));
            surface.draw_glyphs(Point::from_xy(small(at[0]) - left, small(at[1])), &face.glyphs(&words), face.font.clone(), &words, look.size, true);
        } else if let Some(path) = path(&shape.outline) {
            let paint = paint(shape.style);
            surface.set_fill(paint.fill.map(fill));
            surface.set_stroke(paint.edge.map(|(ink, width, dashes)| stroke(ink, width, dashes)));
            surface.draw_path(&path);
            surface.set_stroke(None);
        }
    }
    surface.pop();
}

fn stroke(ink: Ink, width: f32, dashes: &[f32]) -> Stroke {
    let dash = (!dashes.is_empty()).then(|| StrokeDash { array: dashes.to_vec(), offset: 0.0 });
    Stroke { paint: fill(ink).paint, width, dash, ..Stroke::default() }
}

fn path(outline: &Outline) -> Option<Path> {
    let mut path = PathBuilder::new();
    match outline {
        Outline::Line([x1, y1, x2, y2]) => {
            path.move_to(small(*x1), small(*y1));
            path.line_to(small(*x2), small(*y2));
        }
        Outline::Box([x, y, width, height]) => path.push_rect(Rect::from_xywh(small(*x), small(*y), small(*width), small(*height))?),
        Outline::Round([x, y, width, height]) => round(&mut path, [*x, *y, x + width, y + height].map(small), 3.0),
        Outline::Disc([x, y, radius]) => round(&mut path, [x - radius, y - radius, x + radius, y + radius].map(small), small(*radius)),
        Outline::Path(steps) => {
            for step in steps {
                match step {
                    Step::Move(x, y) => path.move_to(small(*x), small(*y)),
                    Step::Line(x, y) => path.line_to(small(*x), small(*y)),
                    Step::Close => path.close(),
                }
            }
        }
        Outline::Words(..) => {}
    }
    path.finish()
}

/// A box with round corners; one whose corners are half as wide as it is a disc.
fn round(path: &mut PathBuilder, [left, top, right, bottom]: [f32; 4], radius: f32) {
    // How far the handles of a curve lie from the middle of a quarter of a circle, to its radius.
    let handle = radius * (1.0 - 0.552_284_8);
    path.move_to(left + radius, top);
    path.line_to(right - radius, top);
    path.cubic_to(right - handle, top, right, top + handle, right, top + radius);
    path.line_to(right, bottom - radius);
    path.cubic_to(right, bottom - handle, right - handle, bottom, right - radius, bottom);
    path.line_to(left + radius, bottom);
    path.cubic_to(left + handle, bottom, left, bottom - handle, left, bottom - radius);
    path.line_to(left, top + radius);
    path.cubic_to(left, top + handle, left + handle, top, left + radius, top);
    path.close();
}
