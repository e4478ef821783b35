//! JSON Lines in blocks of whole lines: cutting a stream into blocks, and parsing a block by itself on any thread.
//! Holds at most one block and one longest line; a longer line is that line's problem and reading goes on after it.

use std::io::{self, Read};

use domain::field::{FieldProblem, Mismatch};
use memchr::{memchr, memchr_iter, memrchr};

use crate::batches::Parsed;
use crate::json;
use crate::line::Line;

/// The longest line or CSV record read, in bytes; no event comes near it.
pub const MAX_LINE: usize = 1 << 20;

/// Whole lines of a file, to be parsed anywhere.
#[derive(Debug, Default)]
pub struct Block {
    /// The lines, newlines included.
    bytes: Vec<u8>,
    /// Number of the first of them, from 1.
    first_line: u64,
    /// Whether the file ends with this block.
    ends_file: bool,
    /// Set when the block stands for one line that was longer than [`MAX_LINE`]; it holds that length and no bytes.
    overlong: Option<u64>,
}

/// Cuts a stream into blocks of whole lines.
#[derive(Debug)]
pub struct Blocks<R> {
    reader: R,
    buffer: Vec<u8>,
    line: u64,
    size: usize,
    ended: bool,
}

impl<R: Read> Blocks<R> {
    /// Bytes of a block: a hundred lines or two, so that handing blocks between threads costs little and a block stays in the cache.
    pub const SIZE: usize = 1 << 16;

    /// Blocks of the usual size.
    pub fn new(reader: R) -> Self {
        Self::with_size(reader, Self::SIZE)
    }

    /// Blocks of about `size` bytes; smaller when many files are open at once.
    pub fn with_size(reader: R, size: usize) -> Self {
        Self { reader, buffer: Vec::new(), line: 1, size, ended: false }
    }

    /// The next block; `None` at the end of the file.
    ///
    /// # Errors
    /// What the reader gives.
    pub fn next_block(&mut self) -> io::Result<Option<Block>> {
        let mut target = self.size;
        loop {
            self.fill(target)?;
            let first_line = self.line;
            if let Some(end) = memrchr(b'\n', &self.buffer) {
                let rest = self.buffer.split_off(end + 1);
                let bytes = std::mem::replace(&mut self.buffer, rest);
                self.line += memchr_iter(b'\n', &bytes).count() as u64;
                return Ok(Some(Block { bytes, first_line, ends_file: false, overlong: None }));
            }
            if self.buffer.len() > MAX_LINE {
                let length = self.skip_line()?;
                return Ok(Some(Block { first_line, overlong: Some(length), ..Block::default() }));
            }
            if self.ended {
                let bytes = std::mem::take(&mut self.buffer);
                return Ok((!bytes.is_empty()).then_some(Block { bytes, first_line, ends_file: true, overlong: None }));
            }
            target += self.size;
        }
    }

    /// Reads until the buffer holds `target` bytes or the stream ends.
    fn fill(&mut self, target: usize) -> io::Result<()> {
        let missing = target.saturating_sub(self.buffer.len());
        if missing == 0 || self.ended {
            return Ok(());
        }
        self.buffer.reserve(missing);
        let read = self.reader.by_ref().take(missing as u64).read_to_end(&mut self.buffer)?;
        self.ended = read < missing;
        Ok(())
    }

    /// Drops the line that starts the buffer, up to its newline or the end; gives its length in bytes.
    fn skip_line(&mut self) -> io::Result<u64> {
        let mut length = 0;
        loop {
            if let Some(end) = memchr(b'\n', &self.buffer) {
                self.buffer.drain(..=end);
                self.line += 1;
                return Ok(length + end as u64);
            }
            length += self.buffer.len() as u64;
            self.buffer.clear();
            if self.ended {
                return Ok(length);
            }
            self.fill(self.size)?;
        }
    }
}

/// Parses the lines of a block in order. Blank lines are passed over; every other line is a draft or its problems.
pub fn parse_block(block: &Block) -> Vec<Parsed> {
    if let Some(length) = block.overlong {
        return vec![Parsed::refused(block.first_line, overlong(length))];
    }
    // Validating the block at once is several times faster than line by line; a block with a bad byte is taken line by line to name it.
    let text = std::str::from_utf8(&block.bytes).ok();
    let mut parsed = Vec::with_capacity(block.bytes.len() / 256);
    let mut start = 0;
    // Its lists are allocated once for the block: larger than what an allocator keeps at hand, they would cost more than the parsing of a field.
    let mut taken_apart = Line::default();
    for (line, end) in (block.first_line..).zip(memchr_iter(b'\n', &block.bytes).chain([block.bytes.len()])) {
        let cut_off = end == block.bytes.len() && block.ends_file;
        let bytes = &block.bytes[start..end];
        let slice = text.and_then(|t| t.get(start..end));
        start = end + 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if bytes.len() > MAX_LINE {
            parsed.push(Parsed::refused(line, overlong(bytes.len() as u64)));
            continue;
        }
        let text = match slice.map_or_else(|| std::str::from_utf8(bytes), Ok) {
            Ok(text) => text,
            Err(error) => {
                parsed.push(Parsed::refused(line, not_utf8(bytes, &error, cut_off)));
                continue;
            }
        };
        let result = match json::object_into(text, &mut taken_apart) {
            Ok(()) => taken_apart.draft(),
            Err(error) => Err(vec![not_json(text, &error, cut_off)]),
        };
        parsed.push(Parsed { line, rows: 1, result });
    }
    parsed
}

pub(crate) const CUT_OFF: &str = "the file seems cut off: export or copy it again";

fn whole_line(mismatch: Mismatch) -> FieldProblem {
    FieldProblem { field: String::new(), mismatch }
}

fn overlong(length: u64) -> FieldProblem {
    whole_line(Mismatch::new(format!("a line of {length} bytes"), format!("a line of at most {MAX_LINE} bytes")))
}

fn not_utf8(bytes: &[u8], error: &std::str::Utf8Error, cut_off: bool) -> FieldProblem {
    let at = error.valid_up_to();
    let found = format!("the byte 0x{:02X} at column {}, which is not UTF-8", bytes.get(at).copied().unwrap_or_default(), at + 1);
    let hint = if cut_off && error.error_len().is_none() { CUT_OFF } else { "save the file as UTF-8" };
    whole_line(Mismatch::new(found, "UTF-8 text").hint(hint))
}

fn not_json(text: &str, error: &serde_json::Error, cut_off: bool) -> FieldProblem {
    let mismatch = json::mismatch(error);
    whole_line(if error.is_eof() && cut_off {
        mismatch.hint(CUT_OFF)
    } else if error.is_eof() {
        mismatch.hint("JSON Lines has one whole object on each line, not one spread over several")
    } else if text.trim_start().starts_with('[') {
        mismatch.hint("write each object of the list on a line of its own")
    } else {
        mismatch
    })
}
