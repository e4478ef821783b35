//! The two fonts that reports are set in: Liberation Sans, regular and bold, carried unmodified with their licence (fonts/LICENSE-OFL.txt).
//! Knows how wide a character is and whether there is one; what the fonts cannot print is spelled out, never left out.

use std::sync::OnceLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use crate::PdfError;

const REGULAR: &[u8] = include_bytes!("../fonts/LiberationSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../fonts/LiberationSans-Bold.ttf");

/// A weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Regular,
    Bold,
}

/// Characters of the basic plane.
const PLANE: usize = 0x1_0000;

/// A font: glyph and width of every character it has.
pub(crate) struct Face {
    pub(crate) font: Font,
    /// By character; glyph 0 is none. Widths in units of the font.
    glyphs: Vec<(u16, u16)>,
    units: f32,
}

/// Both weights.
pub(crate) struct Faces {
    regular: Face,
    bold: Face,
}

/// The fonts, read once.
///
/// # Errors
/// A build that carries no fonts.
pub(crate) fn faces() -> Result<&'static Faces, PdfError> {
    static READ: OnceLock<Option<Faces>> = OnceLock::new();
    let read = || Some(Faces { regular: Face::read(REGULAR)?, bold: Face::read(BOLD)? });
    READ.get_or_init(read).as_ref().ok_or(PdfError::Font("Liberation Sans"))
}

impl Faces {
    pub(crate) fn of(&self, weight: Weight) -> &Face {
        match weight {
            Weight::Regular => &self.regular,
            Weight::Bold => &self.bold,
        }
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.into(), 0)?;
        let read = FontRef::new(bytes).ok()?;
        let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
        let mut glyphs = vec![(0, 0); PLANE];
        for (character, glyph) in read.charmap().mappings() {
            let place = usize::try_from(character).ok().and_then(|c| glyphs.get_mut(c));
            let (glyph_number, width) = (u16::try_from(glyph.to_u32()), metrics.advance_width(glyph));
            if let (Some(place), Ok(number), Some(width)) = (place, glyph_number, width) {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "widths are whole numbers below 65536")]
                let width = width as u16;
                *place = (number, width);
            }
        }
        let units = font.units_per_em();
        Some(Self { font, glyphs, units })
    }

    fn glyph(&self, character: char) -> (u16, u16) {
        usize::try_from(u32::from(character)).ok().and_then(|c| self.glyphs.get(c)).copied().unwrap_or_default()
    }

    /// Whether a character can be printed.
    fn has(&self, character: char) -> bool {
        self.glyph(character).0 != 0 && !character.is_control()
    }

    /// How wide text is at a size, in points.
    pub(crate) fn width(&self, text: &str, size: f32) -> f32 {
        let units: u32 = text.chars().map(|c| u32::from(self.glyph(c).1)).sum();
        #[allow(clippy::cast_precision_loss, reason = "a line is far below 2^24 units")]
        let units = units as f32;
        units * size / self.units
    }

    /// The text as glyphs, each with the bytes it stands for.
    pub(crate) fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let glyph = |(at, character): (usize, char)| {
            let (number, width) = self.glyph(character);
            KrillaGlyph::new(GlyphId::new(u32::from(number)), f32::from(width) / self.units, 0.0, 0.0, 0.0, at..at + character.len_utf8(), None)
        };
        text.char_indices().map(glyph).collect()
    }

    /// The text with every character that cannot be printed spelled out as its number: nothing is left out unseen.
    pub(crate) fn printable(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            if character.is_whitespace() {
                out.push(' ');
            } else if self.has(character) {
                out.push(character);
            } else {
                out.push_str(&format!("[U+{:04X}]", u32::from(character)));
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_cannot_be_printed_is_spelled_out() {
        let face = faces().unwrap().of(Weight::Regular);
        assert_eq!(face.printable("Zoë ■ ▲ ● ○ · … “x” – — § ≥ ½ → • Ж λ"), "Zoë ■ ▲ ● ○ · … “x” – — § ≥ ½ → • Ж λ");
        assert_eq!(face.printable("a\tb\u{7}\u{4e2d}\u{1f600}"), "a b[U+0007][U+4E2D][U+1F600]");
    }

    #[test]
    fn digits_are_as_wide_as_each_other() {
        for weight in [Weight::Regular, Weight::Bold] {
            let face = faces().unwrap().of(weight);
            assert!(('1'..='9').all(|digit| face.glyph(digit).1 == face.glyph('0').1));
            assert!(face.width("ii", 10.0) < face.width("MM", 10.0));
        }
    }
}
