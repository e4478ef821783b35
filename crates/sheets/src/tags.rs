//! The tags of an XML part as they stream by, enough to count what a sheet would spread to.
//! No parser: it looks at names and attributes, holds one tag, and refuses a document type, with which XML bombs begin.

use std::io::{self, BufRead};

use memchr::{memchr, memchr3};

/// The longest tag; a formula in an attribute of ODS is a few hundred bytes.
const MAX_TAG: usize = 1 << 20;

/// Cuts a stream into tags.
pub(crate) struct Tags<R> {
    input: R,
    tag: Vec<u8>,
}

impl<R: BufRead> Tags<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, tag: Vec::new() }
    }

    /// The next tag, from its name on and without its brackets; comments and text are passed over.
    ///
    /// # Errors
    /// What the reader gives; a document type, and a tag without end, as invalid data.
    pub(crate) fn next_tag(&mut self) -> io::Result<Option<&[u8]>> {
        loop {
            if !self.skip_to(b'<')? {
                return Ok(None);
            }
            self.collect()?;
            if matches!(self.tag.as_slice(), b"!--" | b"!---") {
                return Err(invalid("a comment of which readers do not agree where it ends"));
            }
            if self.tag.starts_with(b"!--") {
                self.finish(b"--")?;
            } else if self.tag.starts_with(b"![CDATA[") {
                self.finish(b"]]")?;
            } else if self.tag.starts_with(b"!") {
                return Err(invalid("a document type declaration, which no spreadsheet program writes"));
            } else if self.tag.starts_with(b"?") && (self.tag == b"?" || !self.tag.ends_with(b"?")) {
                return Err(invalid("an instruction of which readers do not agree where it ends"));
            } else {
                return Ok(Some(&self.tag));
            }
        }
    }

    fn skip_to(&mut self, byte: u8) -> io::Result<bool> {
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(false);
            }
            let (length, found) = memchr(byte, input).map_or((input.len(), false), |at| (at + 1, true));
            self.input.consume(length);
            if found {
                return Ok(true);
            }
        }
    }

    /// Takes the bytes up to the `>` that is not inside quotes.
    fn collect(&mut self) -> io::Result<()> {
        self.tag.clear();
        let mut quote = None;
        loop {
            let input = self.input.fill_buf()?;
            if input.is_empty() {
                return Ok(());
            }
            let at = match quote {
                Some(quote) => memchr(quote, input),
                None if has_no_quotes(&self.tag) => memchr(b'>', input),
                None => memchr3(b'>', b'"', b'\'', input),
            };
            let taken = at.map_or(input.len(), |at| at + 1);
            self.tag.extend_from_slice(&input[..taken]);
            self.input.consume(taken);
            if self.tag.len() > MAX_TAG {
                return Err(invalid("a tag that goes on and on"));
            }
            match (at.and(self.tag.last().copied()), quote) {
                (Some(b'>'), None) => {
                    self.tag.pop();
                    return Ok(());
                }
                // It began with this piece.
                (Some(_), None) if has_no_quotes(&self.tag) => {}
                (Some(opening), None) => quote = Some(opening),
                (Some(_), Some(_)) => quote = None,
                (None, _) => {}
            }
        }
    }

    /// Passes over the rest of a comment or CDATA section, if its end was not in what was collected.
    fn finish(&mut self, end: &[u8]) -> io::Result<()> {
        // Comments are rare and short: one byte after the other, of which the last two are kept.
        while !self.tag.ends_with(end) {
            self.tag.push(b'>');
            loop {
                let keep = self.tag.len().saturating_sub(end.len());
                self.tag.drain(..keep);
                let input = self.input.fill_buf()?;
                let Some(byte) = input.first().copied() else { return Ok(()) };
                self.input.consume(1);
                if byte == b'>' {
                    break;
                }
                self.tag.push(byte);
            }
        }
        Ok(())
    }
}

/// Quotes mean something in elements alone: comments and instructions end where their own ends are.
fn has_no_quotes(tag: &[u8]) -> bool {
    matches!(tag.first(), Some(b'!' | b'?'))
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// The name of a tag.
pub(crate) fn name(tag: &[u8]) -> &[u8] {
    let end = tag.iter().position(|b| b.is_ascii_whitespace() || *b == b'/').unwrap_or(tag.len());
    // A closing tag begins with the slash.
    if end == 0 { tag } else { &tag[..end] }
}

/// A number in an attribute, 1 where it is missing or no number.
pub(crate) fn count(tag: &[u8], attribute: &[u8]) -> u64 {
    let value = memchr::memmem::find(tag, attribute).and_then(|at| tag.get(at + attribute.len()..)).and_then(|rest| rest.strip_prefix(b"=\""));
    let digits = value.map(|v| &v[..v.iter().position(|b| *b == b'"').unwrap_or(v.len())]);
    // More digits than a count can have are as many as can be.
    let number = digits.and_then(|d| std::str::from_utf8(d).ok()).map(|d| d.parse().unwrap_or(u64::MAX));
    number.unwrap_or(1)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::io::BufReader;

    fn all(text: &str, buffer: usize) -> io::Result<Vec<String>> {
        let mut tags = Tags::new(BufReader::with_capacity(buffer, text.as_bytes()));
        let mut all = Vec::new();
        while let Some(tag) = tags.next_tag()? {
            all.push(String::from_utf8_lossy(tag).into_owned());
        }
        Ok(all)
    }

    #[test]
    fn tags_are_found_wherever_the_buffer_ends() {
        let text = "<?xml version=\"1.0\"?><a b=\"x>y\" c='\"'>text > <!-- it's <b> \" --> more<![CDATA[<x> ' ]]]]><d/></a>";
        for buffer in 1..40 {
            assert_eq!(all(text, buffer).unwrap(), ["?xml version=\"1.0\"?", "a b=\"x>y\" c='\"'", "d/", "/a"], "buffer {buffer}");
        }
    }

    #[test]
    fn a_document_type_and_an_endless_tag_are_refused() {
        assert!(all("<?xml?><!DOCTYPE lolz [<!ENTITY lol \"lol\">]><a/>", 8).is_err());
        assert!(all(&format!("<a b=\"{}", "x".repeat(2 * MAX_TAG)), 1 << 16).is_err());
        assert!(all("<!doctype a \"> <b\"><a/>", 8).is_err() && all("<!ENTITY a>", 8).is_err());
        assert!(all("<a", 8).unwrap() == ["a"]);
    }

    #[test]
    fn an_instruction_ends_where_it_ends_for_every_reader() {
        for buffer in 1..20 {
            // A quote in it that is not closed hides nothing of what follows.
            assert_eq!(all("<?xml ve\" ?><sst n=\"9\"/>", buffer).unwrap(), ["?xml ve\" ?", "sst n=\"9\"/"], "buffer {buffer}");
        }
        assert!(all("<?xml a=\">\" ?><a/>", 8).is_err() && all("<?><a/>", 8).is_err());
    }

    #[test]
    fn names_and_counts_are_read() {
        assert_eq!(name(b"table:table-cell a=\"1\"/"), b"table:table-cell");
        assert_eq!(name(b"/row"), b"/row");
        assert_eq!(count(b"r n-repeated=\"17\"", b"n-repeated"), 17);
        assert_eq!(count(b"r", b"n-repeated"), 1);
        assert_eq!(count(b"r n=\"99999999999999999999999\"", b"n"), u64::MAX);
    }
}
