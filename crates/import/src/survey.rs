//! One pass over a file before it is read: its digest, size, beginning, and whether it is UTF-8; and the reader that makes sure
//! that the file read later is that file. Understands no content.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// What one pass over a file tells.
#[derive(Debug)]
pub(crate) struct Survey {
    /// blake3 of the whole file.
    pub(crate) digest: [u8; 32],
    /// Its length.
    pub(crate) bytes: u64,
    /// Its first bytes, at most [`Survey::HEAD`].
    pub(crate) head: Vec<u8>,
    /// Whether all of it is UTF-8.
    pub(crate) utf8: bool,
}

impl Survey {
    /// Bytes of the beginning that are kept, to recognise a format by.
    pub(crate) const HEAD: usize = 1 << 14;
    const CHUNK: usize = 1 << 18;

    /// Reads the file once.
    ///
    /// # Errors
    /// What opening or reading it gives.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        Self::read(File::open(path)?)
    }

    fn read(mut reader: impl Read) -> io::Result<Self> {
        let mut survey = Self { digest: [0; 32], bytes: 0, head: Vec::new(), utf8: true };
        let mut hasher = blake3::Hasher::new();
        let mut buffer = Vec::with_capacity(Self::CHUNK + 4);
        loop {
            // A character may be cut by the end of a chunk: its first bytes stay in the buffer for the next one.
            let kept = buffer.len();
            let read = reader.by_ref().take(Self::CHUNK as u64).read_to_end(&mut buffer)?;
            let fresh = &buffer[kept..];
            hasher.update(fresh);
            survey.bytes += read as u64;
            survey.head.extend_from_slice(&fresh[..fresh.len().min(Self::HEAD.saturating_sub(survey.head.len()))]);
            let cut = if survey.utf8 {
                match std::str::from_utf8(&buffer) {
                    Ok(_) => 0,
                    Err(error) if error.error_len().is_none() && read == Self::CHUNK => buffer.len() - error.valid_up_to(),
                    Err(_) => {
                        survey.utf8 = false;
                        0
                    }
                }
            } else {
                0
            };
            buffer.drain(..buffer.len() - cut);
            if read < Self::CHUNK {
                survey.digest = *hasher.finalize().as_bytes();
                return Ok(survey);
            }
        }
    }
}

/// A reader that hashes what passes and refuses to end if it was not what was surveyed: provenance must name the bytes that were read.
pub(crate) struct Unchanged<R> {
    reader: R,
    hasher: blake3::Hasher,
    digest: [u8; 32],
}

impl<R: Read> Unchanged<R> {
    pub(crate) fn new(reader: R, digest: [u8; 32]) -> Self {
        Self { reader, hasher: blake3::Hasher::new(), digest }
    }
}

impl<R: Read> Read for Unchanged<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        self.hasher.update(&out[..n]);
        if n == 0 && !out.is_empty() && *self.hasher.finalize().as_bytes() != self.digest {
            return Err(io::Error::other("the file changed while it was being read"));
        }
        Ok(n)
    }
}

/// The bytes of a source, for whoever reads its format.
///
/// # Errors
/// What opening it gives; reading it to its end fails if it is not the file that was discovered.
pub fn open(source: &crate::Source) -> io::Result<impl Read + use<>> {
    Ok(Unchanged::new(File::open(&source.path)?, source.digest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_character_across_two_chunks_is_still_utf8() {
        let text = format!("x{}", "\u{e9}".repeat(Survey::CHUNK));
        let survey = Survey::read(text.as_bytes()).unwrap();
        assert!(survey.utf8 && survey.bytes == text.len() as u64 && survey.head.len() == Survey::HEAD);
        assert_eq!(survey.digest, *blake3::hash(text.as_bytes()).as_bytes());
        assert!(!Survey::read(&text.as_bytes()[..text.len() - 1]).unwrap().utf8);
        assert!(!Survey::read(&b"caf\xE9 au lait"[..]).unwrap().utf8);
        assert!(Survey::read(&b""[..]).unwrap().utf8);
    }

    #[test]
    fn a_file_that_changed_does_not_end_well() {
        let digest = *blake3::hash(b"one").as_bytes();
        assert_eq!(Unchanged::new(&b"one"[..], digest).read_to_end(&mut Vec::new()).unwrap(), 3);
        assert!(Unchanged::new(&b"two"[..], digest).read_to_end(&mut Vec::new()).is_err());
    }
}
