//! Sections of derived state as they lie in its file: a front that is read at once, and pieces that are read one by one by whoever asks.
//! It refuses what does not stand where it was written as it was written, and to make more room than the file has bytes.
//!
//! ```text
//! section    front, sealed · every piece, sealed
//! front      count of pieces (u32) · length of each (u32) · the front's own bytes
//! piece      its bytes · zeros until four divides the length
//! ```
//!
//! Numbers are little-endian, and lengths are those before sealing. A place, which is what the nonce is made of, is the number of the section
//! (upper 32 bits) and of the part of it (lower 32 bits): 0 is the front, 1 the first piece. The associated data are the hash of the file's
//! head, not the head: the cipher takes them in for each piece again, and a head may be longer than a piece.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use vault::FileKey;

/// The part of a section that is its front.
const FRONT: u32 = 0;
/// Pieces are read as words of so many bytes.
pub(crate) const WORD: usize = size_of::<u32>();

// A sealed piece is read into the words that it becomes.
const _: () = assert!(FileKey::OVERHEAD.is_multiple_of(WORD));

/// A section to be kept: what is read at once, and pieces that are read one by one.
pub struct KeptSection<'n> {
    /// What it is asked for by; no other section of the file has it.
    pub name: &'n str,
    /// What is read whenever the section is opened.
    pub front: Vec<u8>,
    /// What is read by its number. One whose length four does not divide comes back followed by zeros.
    pub pieces: Vec<Vec<u8>>,
}

/// A section, opened: its front, and where its pieces are read from.
pub struct Section {
    /// What was read at once.
    pub front: Vec<u8>,
    /// What is read one by one.
    pub pieces: Pieces,
}

/// The pieces of a section, read from the file when they are asked for. A clone shares file and key; both stay open as long as one of them
/// lives, even if the file was replaced since, so whoever erases lets go of them.
#[derive(Clone)]
pub struct Pieces {
    sealed: Arc<SealedFile>,
    section: u32,
    /// Where in the file each begins, and where the last ends.
    bounds: Arc<[u64]>,
}

/// A file of derived state, and what opens it.
pub(crate) struct SealedFile {
    pub(crate) file: File,
    pub(crate) key: FileKey,
    /// Associated data of everything sealed in it.
    pub(crate) head_hash: [u8; 32],
}

/// A section as it will lie in the file, not sealed yet.
pub(crate) struct Laid {
    front: Vec<u8>,
    pieces: Vec<Vec<u8>>,
}

impl Laid {
    /// `None` for a piece, or a number of them, that 32 bits do not hold.
    pub(crate) fn of(KeptSection { front: own, mut pieces, .. }: KeptSection<'_>) -> Option<Self> {
        let mut front = Vec::with_capacity(WORD * (1 + pieces.len()) + own.len() + FileKey::OVERHEAD);
        front.extend(u32::try_from(pieces.len()).ok()?.to_le_bytes());
        for piece in &mut pieces {
            let len = piece.len().checked_next_multiple_of(WORD)?;
            front.extend(u32::try_from(len).ok()?.to_le_bytes());
            // The tag's room too, so that a piece moves once at most.
            piece.reserve_exact(len - piece.len() + FileKey::OVERHEAD);
            piece.resize(len, 0);
        }
        front.extend(own);
        Some(Self { front, pieces })
    }

    /// Length of the sealed front in the file.
    pub(crate) fn front_len(&self) -> u64 {
        sealed_len(&self.front)
    }

    /// Length of everything of it in the file.
    pub(crate) fn len(&self) -> u64 {
        self.front_len() + self.pieces.iter().map(|piece| sealed_len(piece)).sum::<u64>()
    }

    /// Seals and writes it as the section of that number.
    pub(crate) fn write(self, section: u32, key: &FileKey, head_hash: &[u8; 32], out: &mut impl Write) -> io::Result<()> {
        for (part, mut bytes) in (FRONT..).zip(std::iter::once(self.front).chain(self.pieces)) {
            key.seal(place(section, part), head_hash, &mut bytes).map_err(io::Error::other)?;
            out.write_all(&bytes)?;
        }
        Ok(())
    }
}

impl SealedFile {
    /// Reads what lies there, still sealed.
    fn fill(&self, start: u64, room: &mut [u8]) -> Option<()> {
        self.file.read_exact_at(room, start).ok()
    }

    /// Unseals in its room what was read from a place, and says how long it is.
    fn unseal(&self, place: u64, room: &mut [u8]) -> Option<usize> {
        self.key.open(place, &self.head_hash, room).ok()
    }

    /// The section of that number, whose sealed front lies there.
    pub(crate) fn section(self: &Arc<Self>, section: u32, start: u64, front_len: u64) -> Option<Section> {
        let all = self.file.metadata().ok()?.len();
        let end = start.checked_add(front_len).filter(|end| *end <= all)?;
        let mut front = room(usize::try_from(front_len).ok()?)?;
        self.fill(start, &mut front)?;
        let len = self.unseal(place(section, FRONT), &mut front)?;
        front.truncate(len);
        let (bounds, own) = read_table(&front, end, all)?;
        front.drain(..front.len().checked_sub(own)?);
        Some(Section { front, pieces: Pieces { sealed: Arc::clone(self), section, bounds: bounds.into() } })
    }
}

impl Pieces {
    /// How many there are.
    pub fn count(&self) -> usize {
        self.bounds.len().saturating_sub(1)
    }

    /// The bytes of a piece as words of four bytes as they lie in the file, so that arrays of numbers can be read where they lie; a piece
    /// whose length four does not divide is followed by zeros. `None`: no such piece, or not as it was written.
    pub fn read(&self, number: usize) -> Option<Vec<u32>> {
        let start = *self.bounds.get(number)?;
        let (_, len) = self.within(number, start)?;
        let mut words = room(len / WORD)?;
        let bytes = bytemuck::cast_slice_mut(&mut words);
        self.fill(start, bytes)?;
        let len = self.unseal_in(number, bytes)?;
        words.truncate(len / WORD);
        Some(words)
    }

    /// Where in the file the first begins and the last ends.
    pub(crate) fn extent(&self) -> Option<(u64, u64)> {
        Some((*self.bounds.first()?, *self.bounds.last()?))
    }

    /// Where a piece begins and ends, sealed, among the file's bytes from `begin` on.
    pub(crate) fn within(&self, number: usize, begin: u64) -> Option<(usize, usize)> {
        let at = |bound: usize| usize::try_from(self.bounds.get(bound)?.checked_sub(begin)?).ok();
        Some((at(number)?, at(number.checked_add(1)?)?))
    }

    /// Reads what the file holds from there on, still sealed.
    pub(crate) fn fill(&self, begin: u64, room: &mut [u8]) -> Option<()> {
        self.sealed.fill(begin, room)
    }

    /// Unseals a piece where it lies, and says how long it is.
    pub(crate) fn unseal_in(&self, number: usize, room: &mut [u8]) -> Option<usize> {
        let part = u32::try_from(number).ok()?.checked_add(1)?;
        self.sealed.unseal(place(self.section, part), room)
    }
}

/// Where in the file each piece begins and the last ends, if the front ends at `end` and the file at `all`; and how much of the front is
/// not the table. A piece takes more room in the file than its bound takes here, so that a table asks for no more than there is.
fn read_table(front: &[u8], end: u64, all: u64) -> Option<(Vec<u64>, usize)> {
    let (count, rest) = front.split_first_chunk::<WORD>()?;
    let count = usize::try_from(u32::from_le_bytes(*count)).ok()?;
    let (lengths, own) = rest.split_at_checked(count.checked_mul(WORD)?)?;
    let mut bounds = vec![end];
    let mut bound = end;
    for len in lengths.as_chunks::<WORD>().0 {
        let len = u32::from_le_bytes(*len);
        bound = bound.checked_add(u64::from(len))?.checked_add(FileKey::OVERHEAD as u64)?;
        if bound > all || !len.is_multiple_of(WORD as u32) {
            return None;
        }
        bounds.push(bound);
    }
    Some((bounds, own.len()))
}

/// So many zeros; `None` where the system has no room for them: a file with holes in it is longer than its disk.
pub(crate) fn room<T: Clone + Default>(len: usize) -> Option<Vec<T>> {
    let mut room = Vec::new();
    room.try_reserve_exact(len).ok()?;
    room.resize(len, T::default());
    Some(room)
}

fn place(section: u32, part: u32) -> u64 {
    (u64::from(section) << 32) | u64::from(part)
}

fn sealed_len(bytes: &[u8]) -> u64 {
    (bytes.len() + FileKey::OVERHEAD) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(numbers: &[u32], own: &[u8]) -> Vec<u8> {
        numbers.iter().flat_map(|number| number.to_le_bytes()).chain(own.iter().copied()).collect()
    }

    #[test]
    fn a_table_says_where_pieces_lie() {
        assert_eq!(read_table(&table(&[0], b"own"), 100, 100), Some((vec![100], 3)));
        assert_eq!(read_table(&table(&[3, 0, 8, 4], b""), 100, 160), Some((vec![100, 116, 140, 160], 0)));
    }

    #[test]
    fn a_table_of_pieces_that_are_not_there_is_refused() {
        assert_eq!(read_table(&table(&[3, 0, 8, 4], b""), 100, 159), None, "the last ends behind the file");
        assert_eq!(read_table(&table(&[1, 5], b""), 100, 200), None, "no words");
        assert_eq!(read_table(&table(&[2, 4], b"own"), 100, 200), None, "a table that was cut off");
        assert_eq!(read_table(&table(&[u32::MAX], b""), 100, 200), None);
        assert_eq!(read_table(&table(&[1, u32::MAX - 3], b""), u64::MAX - 100, u64::MAX), None, "behind what numbers hold");
        assert_eq!(read_table(b"own", 100, 200), None);
    }

    #[test]
    fn every_part_of_every_section_has_a_place_of_its_own() {
        let places = [place(0, FRONT), place(0, 1), place(0, u32::MAX), place(1, FRONT), place(1, 1), place(u32::MAX, u32::MAX)];
        assert!(places.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn more_room_than_there_is_is_none() {
        assert!(room::<u32>(usize::MAX / 2).is_none());
        assert_eq!(room::<u32>(2), Some(vec![0, 0]));
    }
}
