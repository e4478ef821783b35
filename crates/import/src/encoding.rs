//! Text in the encodings spreadsheets write, turned into UTF-8 as it streams by.
//! Guesses only what its caller decided; malformed UTF-16 is an error, never a replacement character.

use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, little end first, with a byte order mark.
    Utf16Le,
    /// UTF-16, big end first, with a byte order mark.
    Utf16Be,
    /// Windows-1252: what is assumed of a CSV file that is not UTF-8.
    Windows1252,
}

impl Encoding {
    /// The name people know it by.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Windows1252 => "Windows-1252",
        }
    }

    /// What a byte order mark says, if there is one.
    pub(crate) fn of_mark(head: &[u8]) -> Option<Self> {
        match head {
            [0xEF, 0xBB, 0xBF, ..] => Some(Encoding::Utf8),
            [0xFF, 0xFE, ..] => Some(Encoding::Utf16Le),
            [0xFE, 0xFF, ..] => Some(Encoding::Utf16Be),
            _ => None,
        }
    }

    /// The beginning of a file as text; a character cut in two at its end is left out, and malformed text is marked.
    pub(crate) fn head_text(self, head: &[u8]) -> String {
        let mut decoder = self.decoder().unwrap_or_else(|| UTF_8.new_decoder_with_bom_removal());
        let mut text = String::with_capacity(decoder.max_utf8_buffer_length(head.len()).unwrap_or(0));
        let _ = decoder.decode_to_string(head, &mut text, false);
        text
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Encoding::Utf8 => None,
            Encoding::Utf16Le => Some(UTF_16LE.new_decoder_with_bom_removal()),
            Encoding::Utf16Be => Some(UTF_16BE.new_decoder_with_bom_removal()),
            Encoding::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        }
    }
}

/// A stream of UTF-8 without byte order mark. Bytes that claim to be UTF-8 already are passed on as they are: the line readers name the bad ones.
pub(crate) struct Utf8<R> {
    reader: R,
    decoder: Option<Decoder>,
    /// Bytes read and not yet decoded or passed on: `pending[start..]`.
    pending: Vec<u8>,
    start: usize,
    /// Text decoded and not yet passed on: `decoded[passed..]`.
    decoded: Vec<u8>,
    passed: usize,
    begun: bool,
    /// The reader has nothing more.
    ended: bool,
    /// Nor has the decoder.
    finished: bool,
}

impl<R: Read> Utf8<R> {
    const CHUNK: usize = 1 << 16;

    pub(crate) fn new(reader: R, encoding: Encoding) -> Self {
        let decoder = encoding.decoder();
        Self { reader, decoder, pending: Vec::new(), start: 0, decoded: Vec::new(), passed: 0, begun: false, ended: false, finished: false }
    }

    /// Passes UTF-8 on, without a byte order mark at its front.
    fn pass_on(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begun = true;
            self.reader.by_ref().take(3).read_to_end(&mut self.pending)?;
            if Encoding::of_mark(&self.pending) == Some(Encoding::Utf8) {
                self.pending.clear();
            }
        }
        if self.start == self.pending.len() {
            return self.reader.read(out);
        }
        let n = (&self.pending[self.start..]).read(out)?;
        self.start += n;
        Ok(n)
    }

    fn decode_more(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        if self.start == self.pending.len() && !self.ended {
            self.pending.clear();
            self.start = 0;
            let read = self.reader.by_ref().take(Self::CHUNK as u64).read_to_end(&mut self.pending)?;
            self.ended = read < Self::CHUNK;
        }
        self.decoded.resize(Self::CHUNK, 0);
        let input = &self.pending[self.start..];
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(input, &mut self.decoded, self.ended);
        self.start += read;
        self.decoded.truncate(written);
        self.passed = 0;
        match result {
            DecoderResult::InputEmpty => self.finished = self.ended,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "bytes that are not text in the encoding that the file announces"));
            }
        }
        Ok(())
    }
}

impl<R: Read> Read for Utf8<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.decoder.is_none() {
            return self.pass_on(out);
        }
        while self.passed == self.decoded.len() && !self.finished {
            self.decode_more()?;
        }
        let n = (&self.decoded[self.passed..]).read(out)?;
        self.passed += n;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use proptest::prelude::*;

    fn read_all(bytes: &[u8], encoding: Encoding) -> io::Result<String> {
        let mut text = String::new();
        Utf8::new(bytes, encoding).read_to_string(&mut text).map(|_| text)
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let units = "\u{feff}".encode_utf16().chain(text.encode_utf16());
        units.flat_map(|u| if big { [(u >> 8) as u8, u as u8] } else { [u as u8, (u >> 8) as u8] }).collect()
    }

    proptest! {
        #[test]
        fn utf16_of_both_ends_is_read_whatever_its_length(text in "(?s).{0,200}", repeat in prop::sample::select(vec![1usize, 700])) {
            let text = text.repeat(repeat);
            prop_assert_eq!(&read_all(&utf16(&text, false), Encoding::Utf16Le).unwrap(), &text);
            prop_assert_eq!(&read_all(&utf16(&text, true), Encoding::Utf16Be).unwrap(), &text);
        }
    }

    #[test]
    fn marks_are_taken_off_and_windows_letters_understood() {
        assert_eq!(read_all(b"\xEF\xBB\xBFa", Encoding::Utf8).unwrap(), "a");
        assert_eq!(read_all(b"ab", Encoding::Utf8).unwrap(), "ab");
        assert_eq!(read_all(b"caf\xE9 \x96", Encoding::Windows1252).unwrap(), "caf\u{e9} \u{2013}");
    }

    #[test]
    fn half_a_surrogate_is_an_error() {
        assert_eq!(read_all(b"\xFF\xFE\x00\xD8a\x00", Encoding::Utf16Le).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(read_all(b"\xFF\xFEa", Encoding::Utf16Le).is_err());
    }
}
