//! A line of JSON as programs write it, read in one pass: strings without escapes, whole numbers, nothing unusual.
//! Judges nothing: whatever it does not know is left to `json`, which reads the line from its beginning and says what is wrong with it.

use std::borrow::Cow;

use domain::field::Raw;

use crate::json::MAX_DEPTH;
use crate::line::Line;

/// Reads one line's object into envelope and payload; `None` when there is anything in it that is not plain. What the line holds then is
/// nothing to rely on.
pub(crate) fn object_into<'a>(text: &'a str, line: &mut Line<'a>) -> Option<()> {
    let mut plain = Plain { text, bytes: text.as_bytes(), at: 0 };
    plain.members(|plain, name| {
        line.put(Cow::Borrowed(name), plain.value(1)?);
        Some(())
    })?;
    plain.blank();
    (plain.at == plain.bytes.len()).then_some(())
}

struct Plain<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Plain<'a> {
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[inline]
    fn blank(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes exactly this byte, after blanks.
    #[inline]
    fn take(&mut self, byte: u8) -> Option<()> {
        self.blank();
        self.took(byte).then_some(())
    }

    #[inline]
    fn took(&mut self, byte: u8) -> bool {
        let is = self.peek() == Some(byte);
        self.at += usize::from(is);
        is
    }

    /// Reads `{`, then `f` at the value of every member, then `}`.
    #[inline]
    fn members(&mut self, mut f: impl FnMut(&mut Self, &'a str) -> Option<()>) -> Option<()> {
        self.take(b'{')?;
        self.blank();
        if self.took(b'}') {
            return Some(());
        }
        loop {
            self.take(b'"')?;
            let name = self.string()?;
            self.take(b':')?;
            f(self, name)?;
            self.blank();
            if self.took(b'}') {
                return Some(());
            }
            self.take(b',')?;
        }
    }

    fn value(&mut self, depth: u8) -> Option<Raw<'a>> {
        self.blank();
        match self.peek()? {
            b'"' => {
                self.at += 1;
                self.string().map(Raw::text)
            }
            b'-' | b'0'..=b'9' => self.whole_number().map(Raw::Int),
            b'n' => self.word("null", Raw::Null),
            b't' => self.word("true", Raw::Bool(true)),
            b'f' => self.word("false", Raw::Bool(false)),
            b'{' | b'[' if depth >= MAX_DEPTH => None,
            b'{' => {
                let mut fields = Vec::new();
                self.members(|plain, name| {
                    fields.push((Cow::Borrowed(name), plain.value(depth + 1)?));
                    Some(())
                })?;
                Some(Raw::Record(fields))
            }
            b'[' => self.items(depth + 1).map(Raw::List),
            _ => None,
        }
    }

    fn items(&mut self, depth: u8) -> Option<Vec<Raw<'a>>> {
        self.at += 1;
        let mut items = Vec::new();
        self.blank();
        if self.took(b']') {
            return Some(items);
        }
        loop {
            items.push(self.value(depth)?);
            self.blank();
            if self.took(b']') {
                return Some(items);
            }
            self.take(b',')?;
        }
    }

    fn word(&mut self, word: &str, value: Raw<'a>) -> Option<Raw<'a>> {
        let rest = self.bytes.get(self.at..)?;
        self.at += word.len();
        rest.starts_with(word.as_bytes()).then_some(value)
    }

    /// A whole number of at most 18 digits without leading zeros; with a sign, a point or an exponent that makes it another it is not plain.
    fn whole_number(&mut self) -> Option<i64> {
        let negative = self.took(b'-');
        let from = self.at;
        let mut number = 0i64;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            number = number.checked_mul(10)?.checked_add(i64::from(digit - b'0'))?;
            self.at += 1;
        }
        let digits = self.at - from;
        let zeros = self.bytes.get(from) == Some(&b'0') && (digits > 1 || negative);
        if digits == 0 || digits > 18 || zeros || matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return None;
        }
        Some(if negative { -number } else { number })
    }

    /// The rest of a string, whose quote was taken. Eight bytes are looked at together.
    #[inline]
    fn string(&mut self) -> Option<&'a str> {
        const ONES: u64 = 0x0101_0101_0101_0101;
        const TOPS: u64 = 0x8080_8080_8080_8080;
        let from = self.at;
        while let Some(eight) = self.bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            let word = u64::from_le_bytes(*eight);
            let equal = |byte: u8| {
                let x = word ^ (ONES * u64::from(byte));
                x.wrapping_sub(ONES) & !x
            };
            // The lowest top bit that is set is that of the first byte that ends or breaks the string; those above it may be wrong.
            let ends = (equal(b'"') | equal(b'\\') | (word.wrapping_sub(ONES * 0x20) & !word)) & TOPS;
            if ends != 0 {
                self.at += (ends.trailing_zeros() / 8) as usize;
                return self.end_of_string(from);
            }
            self.at += 8;
        }
        while self.peek().is_some_and(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.at += 1;
        }
        self.end_of_string(from)
    }

    #[inline]
    fn end_of_string(&mut self, from: usize) -> Option<&'a str> {
        let text = self.text.get(from..self.at)?;
        self.took(b'"').then_some(text)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::json;

    const LINES: [&str; 6] = [
        r#"{"type":"contact_recorded","source_id":"ehr:1","peer":"P-1","note":"said \"no\", then yes","units":4,"cosigned":true,"gone":null}"#,
        r#" { "type" : "claim_submitted" , "lines" : [ { "units" : 1 , "codes" : [ "H0038" , "é€😀" ] } , [ ] , { } ] , "at" : "2025-01-02T03:04:05Z" } "#,
        r#"{"a":0,"b":-0,"c":-7,"d":01,"e":1.5,"f":1e3,"g":999999999999999999,"h":9999999999999999999,"i":"exactly8","j":"sixteen letters."}"#,
        r#"{"a":[[[[[[[1]]]]]]],"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}"#,
        r#"{"a":[[[[[[[[1]]]]]]]],"a":1,"a":"control "}"#,
        "{}",
    ];

    /// What serde_json makes of it, or that it refuses it.
    fn by_serde(text: &str) -> Option<String> {
        let mut line = Line::default();
        json::read_any(text, &mut line).ok().map(|()| format!("{line:?}"))
    }

    fn by_plain(text: &str) -> Option<String> {
        let mut line = Line::default();
        object_into(text, &mut line).map(|()| format!("{line:?}"))
    }

    /// Each line whole, cut off at each place, and with each byte in turn exchanged for everything that means something in JSON.
    #[test]
    fn what_is_taken_as_plain_is_what_serde_json_reads() {
        let mut plain = 0;
        let mut compare = |text: &str| {
            if let Some(read) = by_plain(text) {
                plain += 1;
                assert_eq!(Some(read), by_serde(text), "{text}");
            }
        };
        for line in LINES {
            compare(line);
            for at in (0..line.len()).filter(|at| line.is_char_boundary(*at)) {
                compare(&line[..at]);
                let rest = line[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                for with in ["", "\"", "\\", "{", "}", "[", "]", ",", ":", " ", "\t", "\u{1}", "\u{7f}", "0", "9", "-", ".", "e", "t", "n", "é", "\u{feff}"] {
                    compare(&format!("{}{with}{}", &line[..at], &line[rest..]));
                    compare(&format!("{}{with}{}", &line[..at], &line[at..]));
                }
            }
        }
        assert!(plain > 3_000, "{plain} texts were plain");
    }

    #[test]
    fn lines_as_programs_write_them_are_plain_and_unusual_ones_are_left_to_serde_json() {
        assert!(by_plain(LINES[1]).is_some() && by_plain(LINES[3]).is_some() && by_plain(LINES[5]).is_some());
        for unusual in [r#"{"a":"\n"}"#, r#"{"a":1.0}"#, r#"{"a":-0}"#, r#"{"a":1} {}"#, "", "[1]", r#"{"a":9223372036854775807}"#] {
            assert_eq!(by_plain(unusual), None, "{unusual}");
        }
        assert_eq!(by_plain(r#"{"a":-12}"#), by_serde(r#"{"a":-12}"#));
    }
}
