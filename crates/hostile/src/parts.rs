//! Several parts in one input: each after a line that names it, so that what spoils one leaves the others where they are.
//! Puts parts into zip files as they are, uncompressed and with the right sums: what is spoiled is what a zip file holds.

use std::io::{Cursor, Read as _, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const BEGINS: &[u8] = b"\n==== ";

/// Most parts an input is taken apart into.
const MOST: usize = 64;

/// An input of parts.
pub(crate) fn joined<N: AsRef<str>, B: AsRef<[u8]>>(parts: impl IntoIterator<Item = (N, B)>) -> Vec<u8> {
    let one = |(name, bytes): (N, B)| [BEGINS, name.as_ref().as_bytes(), b"\n", bytes.as_ref()].concat();
    parts.into_iter().flat_map(one).collect()
}

/// The parts of an input, in order; what comes before the first name is nothing.
pub(crate) fn split(bytes: &[u8]) -> Vec<(String, &[u8])> {
    let starts: Vec<usize> = memchr::memmem::find_iter(bytes, BEGINS).take(MOST).collect();
    let part = |(place, start): (usize, &usize)| {
        let end = starts.get(place + 1).copied().unwrap_or(bytes.len());
        let part = &bytes[start + BEGINS.len()..end];
        let line = part.iter().position(|b| *b == b'\n')?;
        Some((String::from_utf8_lossy(&part[..line]).into_owned(), &part[line + 1..]))
    };
    starts.iter().enumerate().filter_map(part).collect()
}

/// The part of a name.
pub(crate) fn part<'p>(parts: &'p [(String, &[u8])], name: &str) -> Option<&'p [u8]> {
    parts.iter().find(|(known, _)| known == name).map(|(_, bytes)| *bytes)
}

/// A zip file of parts; nothing where they make none.
pub(crate) fn zipped(parts: &[(String, &[u8])]) -> Option<Vec<u8>> {
    let mut file = ZipWriter::new(Cursor::new(Vec::new()));
    let plain = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (name, bytes) in parts {
        file.start_file(name.as_str(), plain).ok()?;
        file.write_all(bytes).ok()?;
    }
    Some(file.finish().ok()?.into_inner())
}

/// What a zip file holds, as an input of parts.
pub(crate) fn unzipped(file: &[u8], wanted: impl Fn(&str) -> bool) -> Vec<u8> {
    let Ok(mut archive) = ZipArchive::new(Cursor::new(file)) else { return Vec::new() };
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let Ok(mut entry) = archive.by_index(at) else { continue };
        let Some(name) = entry.name().ok().map(std::borrow::Cow::into_owned) else { continue };
        let mut bytes = Vec::new();
        if wanted(&name) && entry.read_to_end(&mut bytes).is_ok() {
            parts.push((name, bytes));
        }
    }
    joined(parts)
}
