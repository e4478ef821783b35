//! Text broken into lines of a width, at spaces; a word that is wider than a line is broken inside, without a hyphen that nobody wrote.
//! Every line but the last of a break at a space ends with that space, so that what is read aloud or copied has its words apart.

use crate::face::Face;

/// Breaks text into lines no wider than `width` points. There is always a line, if only an empty one.
pub(crate) fn broken(text: &str, face: &Face, size: f32, width: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let (mut at, space) = (0.0_f32, face.width(" ", size));
    for word in text.split_whitespace() {
        let wide = face.width(word, size);
        let begins = lines.last().is_none_or(String::is_empty);
        if !begins && at + space + wide > width {
            if let Some(line) = lines.last_mut() {
                line.push(' ');
            }
            lines.push(String::new());
            at = 0.0;
        } else if !begins {
            push(&mut lines, ' ');
            at += space;
        }
        if at + wide <= width {
            if let Some(line) = lines.last_mut() {
                line.push_str(word);
            }
            at += wide;
            continue;
        }
        for character in word.chars() {
            let mut buffer = [0; 4];
            let wide = face.width(character.encode_utf8(&mut buffer), size);
            if at > 0.0 && at + wide > width {
                lines.push(String::new());
                at = 0.0;
            }
            push(&mut lines, character);
            at += wide;
        }
    }
    lines
}

fn push(lines: &mut [String], character: char) {
    if let Some(line) = lines.last_mut() {
        line.push(character);
    }
}

/// The widest word, in points.
pub(crate) fn widest_word(text: &str, face: &Face, size: f32) -> f32 {
    text.split_whitespace().map(|word| face.width(word, size)).fold(0.0, f32::max)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::face::{Weight, faces};

    #[test]
    fn no_line_is_too_wide_and_no_letter_is_lost() {
        let face = faces().unwrap().of(Weight::Regular);
        let text = "a contact on 4 Mar 2025 by P-014 with a root of 0123456789abcdef0123456789abcdef0123456789abcdef and more";
        for width in [20.0, 60.0, 200.0, 5_000.0] {
            let lines = broken(text, face, 9.0, width);
            assert!(lines.iter().all(|line| face.width(line.trim_end(), 9.0) <= width + 0.01), "{lines:?}");
            assert_eq!(lines.concat(), text, "{width}");
        }
        assert_eq!(broken("  ", face, 9.0, 50.0), [""]);
    }
}
