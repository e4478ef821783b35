//! CSV bytes to records of cells, each with the physical line it starts on: lines without quotes are cut at their separators where they stand,
//! all others go through csv-core.
//! Holds one record and refuses one longer than the longest line, so that a quote never closed cannot swallow a file.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr_iter, memchr2};

use crate::format::Separator;
use crate::jsonl::MAX_LINE;

/// The most cells a record may have; the widest event type has two dozen.
const MAX_CELLS: usize = 4_096;

/// Cuts a stream into records.
pub(crate) struct Records<R> {
    input: BufReader<R>,
    separator: u8,
    parser: Reader,
    line: u64,
    bytes: Vec<u8>,
    /// Where each cell of the record ends, in `bytes` or in the input.
    ends: Vec<usize>,
    /// The record read last, if it stands in the input: its length, and that with its line end, which is passed over with the next record.
    lent: Option<(usize, usize)>,
    /// Whether csv-core has seen the front of the stream, where it looks for a byte order mark.
    begun: bool,
    ended_without_newline: bool,
}

/// The cells of a record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cells<'r> {
    text: &'r str,
    ends: &'r [usize],
    /// Bytes between two cells.
    between: usize,
    /// Whether there is a NUL in one of them.
    has_nul: bool,
}

impl<'r> Cells<'r> {
    /// Whether the text of one of the cells has a NUL in it: a file damaged, or not text, which no kind of field should have to know.
    #[inline]
    pub(crate) fn is_damaged(&self, cell: &str) -> bool {
        self.has_nul && cell.contains('\0')
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The cell in this place.
    #[inline]
    pub(crate) fn get(&self, place: usize) -> Option<&'r str> {
        let end = *self.ends.get(place)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before] + self.between);
        self.text.get(start..end)
    }

    /// All of them.
    pub(crate) fn iter(self) -> impl Iterator<Item = &'r str> {
        (0..self.ends.len()).filter_map(move |place| self.get(place))
    }

    /// Whether there is nothing in any of them.
    pub(crate) fn is_blank(self) -> bool {
        self.iter().all(|cell| cell.trim().is_empty())
    }
}

/// What comes next in a stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// A record; its cells are in [`Records::cells`].
    Record {
        /// Line it starts on.
        line: u64,
        /// How many cells it has.
        cells: usize,
    },
    /// Something that is no record.
    Broken {
        /// Line it starts on.
        line: u64,
        /// What it is.
        what: Broken,
    },
    /// The end of the stream.
    End,
}

/// What is no record.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Broken {
    /// The stream ended inside quotes.
    Unclosed,
    /// It is longer than a record may be; reading goes on at the next newline.
    TooLong,
}

impl<R: Read> Records<R> {
    pub(crate) fn new(reader: R, separator: Separator) -> Self {
        Self {
            input: BufReader::with_capacity(1 << 16, reader),
            separator: separator.byte(),
            parser: ReaderBuilder::new().delimiter(separator.byte()).build(),
            line: 1,
            bytes: vec![0; 4 << 10],
            ends: vec![0; 64],
            lent: None,
            begun: false,
            ended_without_newline: false,
        }
    }

    /// Reads the next record that is not an empty line.
    pub(crate) fn next_record(&mut self) -> io::Result<Next> {
        if let Some((_, whole)) = self.lent.take() {
            self.input.consume(whole);
        }
        if !self.skip_newlines()? {
            return Ok(Next::End);
        }
        let line = self.line;
        if std::mem::replace(&mut self.begun, true) && let Some(cells) = self.unquoted() {
            self.line += 1;
            self.ended_without_newline = false;
            return Ok(Next::Record { line, cells });
        }
        let (mut length, mut cells) = (0, 0);
        loop {
            let input = self.input.fill_buf()?;
            let at_end = input.is_empty();
            // At the end a newline of our own closes the record, unless it is inside quotes: then it is taken as text and nothing is closed.
            let given = if at_end { b"\n" } else { input };
            let (result, read, written, ended) = self.parser.read_record(given, &mut self.bytes[length..], &mut self.ends[cells..]);
            if !at_end {
                self.line += memchr_iter(b'\n', &given[..read]).count() as u64;
                self.input.consume(read);
            }
            length += written;
            cells += ended;
            match result {
                ReadRecordResult::Record => {
                    self.ended_without_newline = at_end;
                    return Ok(Next::Record { line, cells });
                }
                ReadRecordResult::InputEmpty if at_end => {
                    self.parser.reset();
                    return Ok(Next::Broken { line, what: Broken::Unclosed });
                }
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull if self.bytes.len() < MAX_LINE => self.bytes.resize(2 * self.bytes.len(), 0),
                ReadRecordResult::OutputEndsFull if self.ends.len() < MAX_CELLS => self.ends.resize(2 * self.ends.len(), 0),
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    self.parser.reset();
                    self.skip_to_newline()?;
                    return Ok(Next::Broken { line, what: Broken::TooLong });
                }
                // Only an empty input ends the parser, and it is never given one.
                ReadRecordResult::End => return Ok(Next::End),
            }
        }
    }

    /// Cuts the next line where it stands, if all of it is in the buffer and no quote or lone carriage return makes it more than a line of
    /// cells. Answers how many cells it has.
    fn unquoted(&mut self) -> Option<usize> {
        let input = self.input.buffer();
        let end = memchr(b'\n', input)?;
        let row = &input[..end];
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        if memchr2(b'"', b'\r', row).is_some() {
            return None;
        }
        let cells = cut(row, self.separator, &mut self.ends)?;
        self.lent = Some((row.len(), end + 1));
        Some(cells)
    }

    /// The cells of the record read last; `None` if it is not UTF-8.
    pub(crate) fn cells(&self, count: usize) -> Option<Cells<'_>> {
        let ends = self.ends.get(..count)?;
        let (bytes, between) = match self.lent {
            Some((length, _)) => (self.input.buffer().get(..length)?, 1),
            None => (self.bytes.get(..ends.last().copied().unwrap_or(0))?, 0),
        };
        let text = std::str::from_utf8(bytes).ok()?;
        // A character cut in two by a cell's end would not be text either; separators cut none.
        (between == 1 || ends.iter().all(|end| text.is_char_boundary(*end)))
            .then(|| Cells { text, ends, between, has_nul: memchr(0, text.as_bytes()).is_some() })
    }

    /// Whether the record read last ran into the end of the file without a newline.
    pub(crate) fn ended_without_newline(&self) -> bool {
        self.ended_without_newline
    }

    /// Passes over line ends here and not in the parser, so that the line a record starts on is exact; false at the end of the stream.
    fn skip_newlines(&mut self) -> io::Result<bool> {
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(false);
            }
            let blank = input.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
            let rest = input.len() - blank;
            self.line += memchr_iter(b'\n', &input[..blank]).count() as u64;
            self.input.consume(blank);
            if rest > 0 {
                return Ok(true);
            }
        }
    }

    fn skip_to_newline(&mut self) -> io::Result<()> {
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(());
            }
            let (length, found) = memchr(b'\n', input).map_or((input.len(), false), |at| (at + 1, true));
            self.input.consume(length);
            if found {
                self.line += 1;
                return Ok(());
            }
        }
    }
}

/// Notes where each cell of a row ends, and answers how many there are; `None` if there is no room for them. Cells are so short that looking
/// for each separator on its own costs more than looking at all bytes, eight at a time.
fn cut(row: &[u8], separator: u8, ends: &mut [usize]) -> Option<usize> {
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    let pattern = u64::from_le_bytes([separator; 8]);
    let mut cells = 0;
    let (words, rest) = row.as_chunks::<8>();
    for (word, start) in words.iter().zip((0..).step_by(8)) {
        let differs = u64::from_le_bytes(*word) ^ pattern;
        // The top bit of every byte that is the separator.
        let mut found = !(((differs & LOW) + LOW) | differs | LOW);
        while found != 0 {
            *ends.get_mut(cells)? = start + (found.trailing_zeros() / 8) as usize;
            cells += 1;
            found &= found - 1;
        }
    }
    let start = row.len() - rest.len();
    let last = rest.iter().zip(start..).filter(|(b, _)| **b == separator).map(|(_, at)| at);
    for at in last.chain([row.len()]) {
        *ends.get_mut(cells)? = at;
        cells += 1;
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text, Separator::Comma);
        let mut all = Vec::new();
        loop {
            match records.next_record().unwrap() {
                Next::Record { line, cells } => all.push((line, records.cells(cells).unwrap().iter().map(str::to_owned).collect())),
                Next::Broken { line, what } => all.push((line, vec![format!("{what:?}")])),
                Next::End => return all,
            }
        }
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|c| (*c).to_owned()).collect())
    }

    #[test]
    fn lines_are_physical_ones_whatever_ends_them() {
        for newline in ["\n", "\r\n"] {
            let text = ["a,b", "", "1,\"x", "y\"", "", "", "2,\"say \"\"hi\"\"\"", "3,"].join(newline);
            let quoted = format!("x{newline}y");
            let expected = [row(1, &["a", "b"]), row(3, &["1", &quoted]), row(7, &["2", "say \"hi\""]), row(8, &["3", ""])];
            assert_eq!(all(text.as_bytes()), expected);
            assert_eq!(all(format!("{text}{newline}").as_bytes()), expected);
        }
    }

    /// Oracle: the same cells in quotes, which only csv-core reads.
    #[test]
    fn lines_without_quotes_are_cut_as_csv_core_cuts_them() {
        let rows = ["a,b,c", ",,", "x", "1,,3", " a , b ", "a'b,c", "\u{e9},\u{1f600}"];
        let quoted = |row: &str| row.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",");
        for newline in ["\n", "\r\n", "\n\n"] {
            let plain = rows.map(|row| format!("{row}{newline}")).concat();
            let expected = rows.map(|row| format!("{}{newline}", quoted(row))).concat();
            assert_eq!(all(plain.as_bytes()), all(expected.as_bytes()));
        }
        // A carriage return alone ends a record too, a quote within a cell is text, and more cells than the usual are many cells.
        assert_eq!(all(b"h\na\rb,c\n"), [row(1, &["h"]), row(2, &["a"]), row(2, &["b", "c"])]);
        assert_eq!(all(b"h\nsay \"hi\",c\n"), [row(1, &["h"]), row(2, &["say \"hi\"", "c"])]);
        let (wide, longest) = (",".repeat(200), format!("h\n{}\nz\n", ",".repeat(2 * MAX_CELLS)));
        assert_eq!(all(format!("h\n{wide}\nz\n").as_bytes())[1].1.len(), 201);
        assert_eq!(all(longest.as_bytes()), [row(1, &["h"]), row(2, &["TooLong"]), row(3, &["z"])]);
    }

    #[test]
    fn a_quote_never_closed_is_named_by_its_line() {
        assert_eq!(all(b"a\nb\n\"c\nd\n"), [row(1, &["a"]), row(2, &["b"]), row(3, &["Unclosed"])]);
        assert_eq!(all(b"a,\"\"\n"), [row(1, &["a", ""])]);
        assert_eq!(all(b"a,\""), [row(1, &["Unclosed"])]);
    }

    #[test]
    fn a_record_too_long_is_passed_over_in_bounded_memory() {
        let mut text = b"a\n\"".to_vec();
        text.extend(std::iter::repeat_n(b'x', 3 * MAX_LINE));
        text.extend(b"\nb\nc\n");
        let mut records = Records::new(&text[..], Separator::Comma);
        let seen: Vec<Next> = (0..4).map(|_| records.next_record().unwrap()).collect();
        let (b, c) = (Next::Record { line: 3, cells: 1 }, Next::Record { line: 4, cells: 1 });
        assert_eq!(seen, [Next::Record { line: 1, cells: 1 }, Next::Broken { line: 2, what: Broken::TooLong }, b, c]);
        assert!(records.bytes.len() <= MAX_LINE);
        assert_eq!(all(",".repeat(2 * MAX_CELLS).as_bytes()), [row(1, &["TooLong"])]);
    }
}
