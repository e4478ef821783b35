//! A sketch as SVG: every shape with the class by which the style sheet knows it, every group with its words.
//! Writes no colour, no style attribute and no text that was not escaped.

use audit::vocabulary::Class;
use maud::{Markup, html};

use super::sketch::{Anchor, Outline, Part, Shape, Sketch, Step, Style};

/// The picture; `label` is what it says to somebody who does not see it.
pub(super) fn markup(sketch: &Sketch, label: &str) -> Markup {
    let (width, height) = (number(sketch.width), number(sketch.height));
    html! {
        svg class=(sketch.name) viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" aria-label=(label) {
            @for part in &sketch.parts {
                @match part {
                    Part::Shape(shape) => (self::shape(shape)),
                    Part::Group(group) => g class=(group.class) {
                        title { (group.title) }
                        @for shape in &group.shapes { (self::shape(shape)) }
                    },
                }
            }
        }
    }
}

fn shape(shape: &Shape) -> Markup {
    let class = class(shape.style);
    html! {
        @match &shape.outline {
            Outline::Line([x1, y1, x2, y2]) => line class=[class] x1=(number(*x1)) y1=(number(*y1)) x2=(number(*x2)) y2=(number(*y2)) {},
            Outline::Box(of) => (rect(class, *of, None)),
            Outline::Round(of) => (rect(class, *of, Some("3"))),
            Outline::Disc([x, y, radius]) => circle class=[class] cx=(number(*x)) cy=(number(*y)) r=(number(*radius)) {},
            Outline::Path(steps) => path class=[class] d=(path(steps)) {},
            Outline::Words([x, y], anchor, words, whole) => text class=[class] x=(number(*x)) y=(number(*y)) text-anchor=[self::anchor(*anchor)] {
                (words)
                @if let Some(whole) = whole { title { (whole) } }
            },
        }
    }
}

fn rect(class: Option<&str>, [x, y, width, height]: [f64; 4], round: Option<&str>) -> Markup {
    html! { rect class=[class] x=(number(x)) y=(number(y)) width=(number(width)) height=(number(height)) rx=[round] {} }
}

fn anchor(anchor: Anchor) -> Option<&'static str> {
    match anchor {
        Anchor::Start => None,
        Anchor::Middle => Some("middle"),
        Anchor::End => Some("end"),
    }
}

/// The class of a shape; what is known by its group has none.
fn class(style: Style) -> Option<&'static str> {
    let of = |class, names: [&'static str; 3]| match class {
        Class::Violation => names[0],
        Class::Documentation => names[1],
        Class::Advisory => names[2],
    };
    Some(match style {
        Style::Grid => "grid",
        Style::Axis | Style::Lane => "lane",
        Style::Notch => "tick",
        Style::Claim => "claim",
        Style::Join(false) => "join",
        Style::Join(true) => "join late",
        Style::Unknown => "unknown",
        Style::Bar => "bar",
        Style::Day(false) => "day",
        Style::Day(true) => "day weekend",
        Style::Curve(class) => of(class, ["line violation", "line documentation", "line advisory"]),
        Style::Dot(class) => of(class, ["dot violation", "dot documentation", "dot advisory"]),
        Style::Name(class) => of(class, ["name violation", "name documentation", "name advisory"]),
        Style::Behind => "behind",
        Style::Hatch => "hatch",
        Style::Date => "date",
        Style::Note => "note",
        Style::Label => "label",
        Style::Amount => "amount",
        Style::End | Style::EndCount | Style::Span(_) | Style::SpanWords(_) | Style::Stroke | Style::Hollow | Style::Found(_) => return None,
        Style::Fact(_) | Style::FactNumber(_) => return None,
    })
}

fn path(steps: &[Step]) -> String {
    let mut said = String::with_capacity(steps.len() * 12);
    for step in steps {
        match step {
            Step::Move(x, y) => said.push_str(&format!("M{} {}", number(*x), number(*y))),
            Step::Line(x, y) => said.push_str(&format!("L{} {}", number(*x), number(*y))),
            Step::Close => said.push('z'),
        }
    }
    said
}

/// Tenths of a pixel are enough, and whole ones have no point.
fn number(n: f64) -> String {
    let tenths = (n * 10.0).round() / 10.0;
    // There is no pixel at minus nothing.
    format!("{}", if tenths == 0.0 { 0.0 } else { tenths })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_short_and_words_are_escaped() {
        assert_eq!([3.0, 3.12, -0.04, 900.0, 0.25].map(number), ["3", "3.1", "0", "900", "0.3"]);
        let mut sketch = Sketch::new("bars", 10.0, 20.5);
        sketch.group("band", "<b> & \"c\"".to_owned(), vec![Style::Label.words(1.0, 2.0, Anchor::End, "<i>")]);
        let said = markup(&sketch, "a \"b\"").into_string();
        assert_eq!(
            said,
            "<svg class=\"bars\" viewBox=\"0 0 10 20.5\" width=\"10\" height=\"20.5\" role=\"img\" aria-label=\"a &quot;b&quot;\"><g class=\"band\">\
             <title>&lt;b&gt; &amp; &quot;c&quot;</title><text class=\"label\" x=\"1\" y=\"2\" text-anchor=\"end\">&lt;i&gt;</text></g></svg>"
        );
    }
}
