//! A stream cut into the texts of single resources: lines of a bulk file, or the entries of a bundle however it is laid out.
//! Holds one resource and one chunk at a time; a resource larger than [`MAX_RESOURCE`] is refused, never buffered.

use std::io::{self, Read};

use memchr::{memchr, memchr2, memchr_iter};

/// The largest resource read, in bytes: a note with its scan attached may have some megabytes.
pub const MAX_RESOURCE: usize = 16 << 20;

const CHUNK: usize = 1 << 18;
/// A document up to this size is taken whole; a larger one must be a bundle, and is taken entry by entry.
const WHOLE: usize = 1 << 20;

/// One text of the stream.
#[derive(Debug)]
pub(crate) enum Piece<'b> {
    /// The text of a resource, or of an entry of a bundle, and the line it begins on.
    Text(u64, &'b [u8]),
    /// A line or entry larger than [`MAX_RESOURCE`].
    Overlong(u64),
    /// What is not JSON at all, so that no end of it can be found; the end of reading.
    Broken(u64, &'static str),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    Unknown,
    /// One resource on each line.
    Lines,
    /// Objects over several lines.
    Documents,
    /// Within the object of a large bundle, between its members.
    Members,
    /// Within the entries of a large bundle.
    Entries,
    Ended,
}

/// Cuts a stream.
#[derive(Debug)]
pub(crate) struct Texts<R> {
    reader: R,
    buffer: Vec<u8>,
    start: usize,
    line: u64,
    ended: bool,
    layout: Layout,
}

impl<R: Read> Texts<R> {
    pub(crate) fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new(), start: 0, line: 1, ended: false, layout: Layout::Unknown }
    }

    /// The next text; `None` at the end.
    pub(crate) fn next_piece(&mut self) -> io::Result<Option<Piece<'_>>> {
        if self.layout == Layout::Unknown {
            self.layout = self.find_layout()?;
        }
        match self.layout {
            Layout::Lines => self.next_line(),
            Layout::Unknown | Layout::Documents => self.next_document(),
            Layout::Members => self.next_member(),
            Layout::Entries => self.next_entry(),
            Layout::Ended => Ok(None),
        }
    }

    /// Reads one more chunk; false at the end of the stream.
    fn fill(&mut self) -> io::Result<bool> {
        if self.ended {
            return Ok(false);
        }
        if self.start > 0 {
            self.buffer.drain(..self.start);
            self.start = 0;
        }
        let read = self.reader.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < CHUNK;
        Ok(read > 0)
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// Takes `length` bytes away, counting their lines.
    fn pass(&mut self, length: usize) {
        self.line += memchr_iter(b'\n', self.rest().get(..length).unwrap_or_default()).count() as u64;
        self.start += length;
    }

    /// Skips white space and commas; the next byte, or `None` at the end.
    fn next_byte(&mut self, skip_commas: bool) -> io::Result<Option<u8>> {
        loop {
            let blank = |b: &u8| b.is_ascii_whitespace() || (skip_commas && *b == b',');
            match self.rest().iter().position(|b| !blank(b)) {
                Some(at) => {
                    self.pass(at);
                    return Ok(self.rest().first().copied());
                }
                None => {
                    self.pass(self.rest().len());
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    /// A file whose first object ends on its first line has a resource on each line.
    fn find_layout(&mut self) -> io::Result<Layout> {
        if self.rest().is_empty() {
            self.fill()?;
        }
        if self.rest().starts_with(b"\xEF\xBB\xBF") {
            self.start += 3;
        }
        if self.next_byte(false)?.is_none() {
            return Ok(Layout::Ended);
        }
        loop {
            if let Some(end) = memchr(b'\n', self.rest()) {
                let whole = Scan::default().end(self.rest().get(..end).unwrap_or_default()).is_some();
                return Ok(if whole { Layout::Lines } else { Layout::Documents });
            }
            if self.rest().len() > MAX_RESOURCE || !self.fill()? {
                return Ok(if self.ended && self.rest().len() <= MAX_RESOURCE { Layout::Lines } else { Layout::Documents });
            }
        }
    }

    fn next_line(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            let mut searched = 0;
            let end = loop {
                if let Some(at) = memchr(b'\n', self.rest().get(searched..).unwrap_or_default()) {
                    break Some(searched + at);
                }
                searched = self.rest().len();
                if searched > MAX_RESOURCE {
                    return self.skip_line();
                }
                if !self.fill()? {
                    break None;
                }
            };
            let (line, from) = (self.line, self.start);
            let length = end.unwrap_or(searched);
            self.start += length + usize::from(end.is_some());
            self.line += u64::from(end.is_some());
            let text = self.buffer.get(from..from + length).unwrap_or_default();
            if text.iter().any(|b| !b.is_ascii_whitespace()) {
                // Borrowed again from the fields, which the loop would keep borrowed otherwise.
                return Ok(Some(Piece::Text(line, self.buffer.get(from..from + length).unwrap_or_default())));
            }
            if end.is_none() {
                self.layout = Layout::Ended;
                return Ok(None);
            }
        }
    }

    fn skip_line(&mut self) -> io::Result<Option<Piece<'_>>> {
        let line = self.line;
        loop {
            if let Some(at) = memchr(b'\n', self.rest()) {
                self.start += at + 1;
                self.line += 1;
                return Ok(Some(Piece::Overlong(line)));
            }
            self.start = self.buffer.len();
            if !self.fill()? {
                self.layout = Layout::Ended;
                return Ok(Some(Piece::Overlong(line)));
            }
        }
    }

    /// Reads until the value that begins here is whole, at most `limit` bytes; its length.
    fn value(&mut self, limit: usize) -> io::Result<Option<usize>> {
        let mut scan = Scan::default();
        loop {
            let end = scan.end(self.rest());
            match end {
                Some(end) => return Ok(Some(end)),
                None if self.rest().len() > limit => return Ok(None),
                None => {
                    // The scan counts from the start of the value, which `fill` moves to the start of the buffer.
                    if !self.fill()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn text(&mut self, length: usize) -> Piece<'_> {
        let (line, from) = (self.line, self.start);
        self.pass(length);
        Piece::Text(line, self.buffer.get(from..from + length).unwrap_or_default())
    }

    fn broken(&mut self, why: &'static str) -> Piece<'static> {
        self.layout = Layout::Ended;
        Piece::Broken(self.line, why)
    }

    fn next_document(&mut self) -> io::Result<Option<Piece<'_>>> {
        match self.next_byte(false)? {
            None => {
                self.layout = Layout::Ended;
                return Ok(None);
            }
            Some(b'{') => {}
            Some(_) => return Ok(Some(self.broken("text that is not a JSON object"))),
        }
        if let Some(length) = self.value(WHOLE)? {
            return Ok(Some(self.text(length)));
        }
        if self.ended && self.rest().len() <= WHOLE {
            return Ok(Some(self.broken("JSON that ends in the middle")));
        }
        self.pass(1);
        self.layout = Layout::Members;
        self.next_member()
    }

    /// Passes over the members of a bundle until its entries begin.
    fn next_member(&mut self) -> io::Result<Option<Piece<'_>>> {
        loop {
            match self.next_byte(true)? {
                Some(b'"') => {}
                Some(b'}') => {
                    self.pass(1);
                    self.layout = Layout::Documents;
                    return self.next_document();
                }
                Some(_) | None => return Ok(Some(self.broken("JSON that ends in the middle, or is damaged"))),
            }
            let Some(length) = self.value(WHOLE)? else { return Ok(Some(self.broken("a name that does not end"))) };
            let entries = self.rest().get(..length) == Some(b"\"entry\"");
            self.pass(length);
            if self.next_byte(false)? != Some(b':') {
                return Ok(Some(self.broken("a name without a value")));
            }
            self.pass(1);
            if self.next_byte(false)? == Some(b'[') && entries {
                self.pass(1);
                self.layout = Layout::Entries;
                return self.next_entry();
            }
            match self.value(MAX_RESOURCE)? {
                Some(length) => self.pass(length),
                None => return Ok(Some(self.broken("a single resource of more than 1 MiB over several lines, or JSON that ends in the middle"))),
            }
        }
    }

    fn next_entry(&mut self) -> io::Result<Option<Piece<'_>>> {
        match self.next_byte(true)? {
            Some(b'{') => {}
            Some(b']') => {
                self.pass(1);
                self.layout = Layout::Members;
                return self.next_member();
            }
            Some(_) | None => return Ok(Some(self.broken("entries that end in the middle, or are no objects"))),
        }
        match self.value(MAX_RESOURCE)? {
            Some(length) => Ok(Some(self.text(length))),
            None => Ok(Some(self.broken("an entry that does not end, or is larger than 16 MiB"))),
        }
    }
}

/// Finds where a value ends, going on where it stopped when there is more of it.
#[derive(Debug, Default)]
struct Scan {
    at: usize,
    depth: u32,
    in_string: bool,
}

impl Scan {
    /// The length of the value that `text` begins with, if it ends within it.
    fn end(&mut self, text: &[u8]) -> Option<usize> {
        while let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) {
            if self.in_string {
                match memchr2(b'"', b'\\', rest) {
                    None => self.at = text.len(),
                    Some(at) if rest.get(at) == Some(&b'"') => {
                        self.in_string = false;
                        self.at += at + 1;
                        if self.depth == 0 {
                            return Some(self.at);
                        }
                    }
                    // A backslash and the character it escapes; the latter may not be here yet.
                    Some(at) if at + 1 < rest.len() => self.at += at + 2,
                    Some(at) => {
                        self.at += at;
                        return None;
                    }
                }
                continue;
            }
            match rest.first() {
                Some(b'"') => self.in_string = true,
                Some(b'{' | b'[') => self.depth += 1,
                Some(b'}' | b']') => {
                    // The end of what a bare value stands in.
                    if self.depth == 0 {
                        return Some(self.at);
                    }
                    self.depth -= 1;
                    if self.depth == 0 {
                        self.at += 1;
                        return Some(self.at);
                    }
                }
                Some(b',') if self.depth == 0 => return Some(self.at),
                Some(_) | None => {}
            }
            self.at += 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// A reader that gives a few bytes at a time does not matter: `take` reads on; a small stream is one chunk.
    fn pieces(text: &[u8]) -> Vec<(u64, String)> {
        let mut texts = Texts::new(text);
        let mut out = Vec::new();
        while let Some(piece) = texts.next_piece().unwrap() {
            out.push(match piece {
                Piece::Text(line, text) => (line, String::from_utf8_lossy(text).trim().to_owned()),
                Piece::Overlong(line) => (line, "overlong".to_owned()),
                Piece::Broken(line, why) => (line, format!("broken: {why}")),
            });
        }
        out
    }

    #[test]
    fn lines_and_documents_are_told_apart() {
        assert_eq!(pieces(b"\n{\"a\":1}\n\n{\"b\":\"}\"}\r\nx\n"), [(2, "{\"a\":1}".into()), (4, "{\"b\":\"}\"}".into()), (5, "x".into())]);
        assert_eq!(pieces(b"{\"a\":1}"), [(1, "{\"a\":1}".into())]);
        let (one, two) = ("{\n \"a\": \"\\\"}\"\n}", "{\n\"b\":[{}]}");
        assert_eq!(pieces(format!("{one}\n{two}\n").as_bytes()), [(1, one.into()), (4, two.into())]);
        assert_eq!(pieces(b""), []);
        assert_eq!(pieces(b"{\n \"a\": 1"), [(1, "broken: JSON that ends in the middle".into())]);
        assert_eq!(pieces(b"{\n}\nx"), [(1, "{\n}".into()), (3, "broken: text that is not a JSON object".into())]);
    }

    #[test]
    fn a_large_bundle_is_cut_into_its_entries_however_it_is_laid_out() {
        let entry = |n: usize| format!("{{\"fullUrl\":\"urn:uuid:{n}\",\"resource\":{{\"text\":\"{}\\\\\\\"]\"}}}}", "x".repeat(20_000));
        let entries: Vec<String> = (0..1000).map(entry).collect();
        for joint in [",", " ,\n  "] {
            let bundle = format!("{{\"resourceType\":\"Bundle\",\"n\":[1,[2]],\"entry\":[{}],\"total\": 5 }}", entries.join(joint));
            let found = pieces(bundle.as_bytes());
            assert_eq!(found.len(), 1000);
            assert_eq!(found[999].1, entries[999]);
            assert_eq!(found[999].0, if joint == "," { 1 } else { 1000 });
            // Cut off anywhere: said, never endless.
            assert!(pieces(&bundle.as_bytes()[..18_000_000]).last().unwrap().1.starts_with("broken"));
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_and_reading_goes_on() {
        let text = format!("{{\"a\":1}}\n{{\"b\":\"{}\"}}\n{{\"c\":1}}\n", "x".repeat(MAX_RESOURCE + CHUNK));
        assert_eq!(pieces(text.as_bytes()), [(1, "{\"a\":1}".into()), (2, "overlong".into()), (3, "{\"c\":1}".into())]);
    }
}
