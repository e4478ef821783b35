//! What lies where on a page, before it is written: lines of text, rules and marks, each belonging to a part of the document or to none.
//! Measures in points from the upper left corner; US Letter, upright or across.

use audit::vocabulary::Class;

use crate::face::Weight;
use crate::picture::Piece;
use crate::tree::Part;

/// A colour, by what it means; the same on white paper as the light scheme of the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ink {
    Black,
    Soft,
    Line,
    Violation,
    Documentation,
    Advisory,
    /// Of figures: paper, what stands out from it, a mark on it, lines, strokes of a gap, amounts, what is in force.
    Paper,
    Panel,
    Mark,
    Rule,
    Hatch,
    Accent,
    Good,
}

/// The colour of a class.
pub(crate) fn of_class(class: Class) -> Ink {
    match class {
        Class::Violation => Ink::Violation,
        Class::Documentation => Ink::Documentation,
        Class::Advisory => Ink::Advisory,
    }
}

impl Ink {
    /// Red, green, blue.
    pub(crate) fn rgb(self) -> (u8, u8, u8) {
        match self {
            Ink::Black => (0x1b, 0x1b, 0x1b),
            Ink::Soft => (0x56, 0x5c, 0x65),
            Ink::Line => (0xc6, 0xca, 0xce),
            Ink::Violation => (0x98, 0x1b, 0x1e),
            Ink::Documentation => (0x7a, 0x4b, 0x00),
            Ink::Advisory => (0x44, 0x54, 0x6a),
            Ink::Paper => (0xff, 0xff, 0xff),
            Ink::Panel => (0xf4, 0xf5, 0xf2),
            Ink::Mark => (0xff, 0xf1, 0xd2),
            Ink::Rule => (0x8d, 0x92, 0x97),
            Ink::Hatch => (0xc8, 0x82, 0x84),
            Ink::Accent => (0x1a, 0x44, 0x80),
            Ink::Good => (0x2e, 0x62, 0x76),
        }
    }
}

/// How text looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Look {
    pub(crate) weight: Weight,
    pub(crate) size: f32,
    pub(crate) ink: Ink,
}

impl Look {
    pub(crate) const fn new(weight: Weight, size: f32, ink: Ink) -> Self {
        Self { weight, size, ink }
    }

    /// From the foot of a line to the foot of the next.
    pub(crate) fn leading(self) -> f32 {
        self.size * 1.32
    }
}

/// Something on a page.
#[derive(Debug, Clone)]
pub(crate) enum Item {
    /// A line of text, its foot at `y`.
    Text { x: f32, y: f32, look: Look, text: String, part: Option<Part> },
    /// A cell with nothing in it, which is there nevertheless.
    Nothing { part: Part },
    /// A filled rectangle that is only for the eye.
    Bar { x: f32, y: f32, width: f32, height: f32, ink: Ink },
    /// A piece of a figure by its upper left corner, so many points a pixel.
    Piece { x: f32, y: f32, scale: f32, piece: Piece, part: Part },
}

/// A page.
#[derive(Debug, Default)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
}

/// The shape of all pages of a document.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    pub(crate) width: f32,
    pub(crate) height: f32,
    /// Where text ends at the foot; the stamp is below.
    pub(crate) bottom: f32,
}

impl Frame {
    pub(crate) const SIDE: f32 = 46.0;
    pub(crate) const TOP: f32 = 62.0;
    const SHORT: f32 = 612.0;
    const LONG: f32 = 792.0;

    /// US Letter with a stamp of so many lines at the foot.
    pub(crate) fn new(across: bool, stamp: f32) -> Self {
        let (width, height) = if across { (Self::LONG, Self::SHORT) } else { (Self::SHORT, Self::LONG) };
        Self { width, height, bottom: height - 40.0 - stamp }
    }

    /// The width of text.
    pub(crate) fn measure(self) -> f32 {
        self.width - 2.0 * Self::SIDE
    }
}
