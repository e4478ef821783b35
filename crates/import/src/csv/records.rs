//! CSV bytes to records of cells, each with the physical line it starts on, through csv-core.
//! Holds one record and refuses one longer than the longest line, so that a quote never closed cannot swallow a file.

use std::io::{self, BufRead, BufReader, Read};

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};
use memchr::{memchr, memchr_iter};

use crate::format::Separator;
use crate::jsonl::MAX_LINE;

/// The most cells a record may have; the widest event type has two dozen.
const MAX_CELLS: usize = 4_096;

/// Cuts a stream into records.
pub(crate) struct Records<R> {
    input: BufReader<R>,
    parser: Reader,
    line: u64,
    bytes: Vec<u8>,
    ends: Vec<usize>,
    ended_without_newline: bool,
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
            parser: ReaderBuilder::new().delimiter(separator.byte()).build(),
            line: 1,
            bytes: vec![0; 4 << 10],
            ends: vec![0; 64],
            ended_without_newline: false,
        }
    }

    /// Reads the next record that is not an empty line.
    pub(crate) fn next_record(&mut self) -> io::Result<Next> {
        if !self.skip_newlines()? {
            return Ok(Next::End);
        }
        let line = self.line;
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

    /// The cells of the record read last; `None` if it is not UTF-8.
    pub(crate) fn cells(&self, count: usize) -> Option<Vec<&str>> {
        let ends = self.ends.get(..count)?;
        let text = std::str::from_utf8(self.bytes.get(..ends.last().copied().unwrap_or(0))?).ok()?;
        let starts = std::iter::once(0).chain(ends.iter().copied());
        starts.zip(ends).map(|(start, end)| text.get(start..*end)).collect()
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn all(text: &[u8]) -> Vec<(u64, Vec<String>)> {
        let mut records = Records::new(text, Separator::Comma);
        let mut all = Vec::new();
        loop {
            match records.next_record().unwrap() {
                Next::Record { line, cells } => all.push((line, records.cells(cells).unwrap().into_iter().map(str::to_owned).collect())),
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
