//! Blocks: 256 frames to a database row, compressed, with their leaf hashes and without what can be derived (`PAYLOADS.md`, "How it lies in the database").
//! It refuses to be trusted: what it stores beside the payloads is recomputed and compared by `verify`.

use chain::Link;
use transparency::Hash;

use crate::error::{LedgerError, damaged};
use crate::wire::codec::MAX_PAYLOAD_LEN;

/// Frames in a full block; equal to the width of a tile, so that a block and its level-0 tile cover the same events.
pub(crate) const BLOCK_LEN: usize = 256;

const LAYOUT: u8 = 1;
const HEAD_LEN: usize = 1 + 2 + 32 + 8 + 8 + 4;
/// Bytes a frame takes besides its payload: time step, tag, schema, length.
const COLUMNS_LEN: usize = 8 + 2 + 2 + 4;
const MAX_RAW_LEN: usize = BLOCK_LEN * (COLUMNS_LEN + MAX_PAYLOAD_LEN);
/// zstd's fastest level with a full match finder: a level more costs a third of the speed and gains a few percent.
const LEVEL: i32 = 1;

/// What of a frame is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame<'a> {
    pub(crate) recorded_at: i64,
    pub(crate) tag: u16,
    pub(crate) schema: u16,
    pub(crate) payload: &'a [u8],
}

/// The frames of one block, in memory: columns, and all payloads in one piece.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    recorded_at: Vec<i64>,
    tags: Vec<u16>,
    schemas: Vec<u16>,
    /// Where each payload ends.
    ends: Vec<usize>,
    /// The payloads, behind `skip` bytes that belong to none: the columns of a row that was read.
    payloads: Vec<u8>,
    skip: usize,
}

impl Block {
    pub(crate) fn len(&self) -> usize {
        self.tags.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.len() >= BLOCK_LEN
    }

    pub(crate) fn push(&mut self, frame: Frame<'_>) {
        self.recorded_at.push(frame.recorded_at);
        self.tags.push(frame.tag);
        self.schemas.push(frame.schema);
        self.payloads.extend_from_slice(frame.payload);
        self.ends.push(self.payloads.len());
    }

    pub(crate) fn get(&self, at: usize) -> Option<Frame<'_>> {
        let start = if at == 0 { self.skip } else { *self.ends.get(at - 1)? };
        Some(Frame {
            recorded_at: *self.recorded_at.get(at)?,
            tag: *self.tags.get(at)?,
            schema: *self.schemas.get(at)?,
            payload: self.payloads.get(start..*self.ends.get(at)?)?,
        })
    }

    pub(crate) fn frames(&self) -> impl Iterator<Item = Frame<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    /// Empties the block for other frames; its buffers stay.
    pub(crate) fn clear(&mut self) {
        self.skip = 0;
        self.truncate(0);
        self.payloads.clear();
    }

    /// Drops the frames from number `len` on.
    pub(crate) fn truncate(&mut self, len: usize) {
        if len < self.len() {
            self.payloads.truncate(if len == 0 { self.skip } else { self.ends[len - 1] });
            self.recorded_at.truncate(len);
            self.tags.truncate(len);
            self.schemas.truncate(len);
            self.ends.truncate(len);
        }
    }

    fn raw(&self, out: &mut Vec<u8>) {
        out.clear();
        out.reserve(self.len() * COLUMNS_LEN + self.payloads.len());
        let mut before = self.recorded_at.first().copied().unwrap_or(0);
        for at in &self.recorded_at {
            out.extend_from_slice(&at.wrapping_sub(before).to_le_bytes());
            before = *at;
        }
        self.tags.iter().for_each(|tag| out.extend_from_slice(&tag.to_le_bytes()));
        self.schemas.iter().for_each(|schema| out.extend_from_slice(&schema.to_le_bytes()));
        let mut start = self.skip;
        for end in &self.ends {
            // A payload is below 1 MiB.
            out.extend_from_slice(&((end - start) as u32).to_le_bytes());
            start = *end;
        }
        out.extend_from_slice(self.payloads.get(self.skip..).unwrap_or_default());
    }
}

/// What stands uncompressed at the beginning of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RowHead {
    /// Number of frames, 1 to 256.
    pub(crate) count: usize,
    /// What the first frame states as its previous link.
    pub(crate) previous: Link,
    /// `recorded_at` of the first frame.
    pub(crate) first_at: i64,
    /// `recorded_at` of the last frame.
    pub(crate) last_at: i64,
    raw_len: usize,
}

impl RowHead {
    /// Reads the head of block `index`'s row.
    pub(crate) fn read(index: u64, row: &[u8]) -> Result<Self, LedgerError> {
        let short = || damaged(format!("the row of block {index} (from seq {}) is too short", first_seq(index)));
        let head: &[u8; HEAD_LEN] = row.get(..HEAD_LEN).and_then(|head| head.try_into().ok()).ok_or_else(short)?;
        if head[0] != LAYOUT {
            return Err(damaged(format!("the row of block {index} is of layout {}, this program reads layout {LAYOUT}", head[0])));
        }
        let count = usize::from(u16::from_le_bytes(field(head, 1)));
        let raw_len = u32::from_le_bytes(field(head, 51)) as usize;
        if count == 0 || count > BLOCK_LEN || raw_len > MAX_RAW_LEN || raw_len < count * COLUMNS_LEN {
            return Err(damaged(format!("the row of block {index} states {count} frames in {raw_len} bytes")));
        }
        Ok(Self {
            count,
            previous: Link(field(head, 3)),
            first_at: i64::from_le_bytes(field(head, 35)),
            last_at: i64::from_le_bytes(field(head, 43)),
            raw_len,
        })
    }
}

/// How many bytes of a row hold its head and the whole of the largest tile.
pub(crate) const HEAD_AND_TILE_LEN: usize = HEAD_LEN + BLOCK_LEN * 32;

/// The leaf hashes in a row: the level-0 tile of its events.
pub(crate) fn leaves(index: u64, row: &[u8]) -> Result<(RowHead, Vec<Hash>), LedgerError> {
    let head = RowHead::read(index, row)?;
    let bytes = row.get(HEAD_LEN..HEAD_LEN + head.count * 32);
    let bytes = bytes.ok_or_else(|| damaged(format!("the row of block {index} (from seq {}) is too short", first_seq(index))))?;
    Ok((head, bytes.as_chunks::<32>().0.iter().map(|hash| Hash(*hash)).collect()))
}

fn field<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut value = [0; N];
    value.copy_from_slice(&bytes[at..at + N]);
    value
}

/// The seq of the first frame of a block.
pub(crate) fn first_seq(index: u64) -> u64 {
    index.saturating_mul(BLOCK_LEN as u64)
}

/// The block that holds a seq, and the place in it.
pub(crate) fn position(seq: u64) -> (u64, usize) {
    (seq / BLOCK_LEN as u64, (seq % BLOCK_LEN as u64) as usize)
}

/// Makes rows; keeps its buffers.
pub(crate) struct Packer {
    compressor: zstd::bulk::Compressor<'static>,
    raw: Vec<u8>,
}

impl Packer {
    pub(crate) fn new() -> Result<Self, LedgerError> {
        let compressor = zstd::bulk::Compressor::new(LEVEL).map_err(|error| damaged(format!("zstd: {error}")))?;
        Ok(Self { compressor, raw: Vec::new() })
    }

    /// The row of a block whose first frame states `previous` and whose frames have these leaf hashes.
    pub(crate) fn row(&mut self, previous: Link, block: &Block, leaves: &[Hash]) -> Result<Vec<u8>, LedgerError> {
        block.raw(&mut self.raw);
        let compressed = self.compressor.compress(&self.raw).map_err(|error| damaged(format!("zstd: {error}")))?;
        let mut row = Vec::with_capacity(HEAD_LEN + leaves.len() * 32 + compressed.len());
        row.push(LAYOUT);
        row.extend_from_slice(&(block.len() as u16).to_le_bytes());
        row.extend_from_slice(&previous.0);
        row.extend_from_slice(&block.recorded_at.first().copied().unwrap_or(0).to_le_bytes());
        row.extend_from_slice(&block.recorded_at.last().copied().unwrap_or(0).to_le_bytes());
        row.extend_from_slice(&(self.raw.len() as u32).to_le_bytes());
        leaves.iter().for_each(|leaf| row.extend_from_slice(&leaf.0));
        row.extend_from_slice(&compressed);
        Ok(row)
    }
}

/// Reads rows; keeps its buffers.
pub(crate) struct Unpacker {
    decompressor: zstd::bulk::Decompressor<'static>,
}

impl Unpacker {
    pub(crate) fn new() -> Result<Self, LedgerError> {
        let decompressor = zstd::bulk::Decompressor::new().map_err(|error| damaged(format!("zstd: {error}")))?;
        Ok(Self { decompressor })
    }

    /// Reads the row of block `index` into `block`, whose buffers are used again.
    pub(crate) fn read(&mut self, index: u64, row: &[u8], block: &mut Block) -> Result<RowHead, LedgerError> {
        let head = RowHead::read(index, row)?;
        let range = || format!("seqs {} to {}", first_seq(index), first_seq(index) + head.count as u64 - 1);
        let unreadable = |why: &str| damaged(format!("the stored block of {} cannot be read ({why})", range()));
        let compressed = row.get(HEAD_LEN + head.count * 32..).ok_or_else(|| unreadable("its row is too short"))?;
        let mut raw = std::mem::take(&mut block.payloads);
        raw.clear();
        raw.reserve(head.raw_len);
        let written = self.decompressor.decompress_to_buffer(compressed, &mut raw).map_err(|error| unreadable(&error.to_string()))?;
        if written != head.raw_len || raw.len() != head.raw_len {
            return Err(unreadable("its length is not the one stated"));
        }
        let n = head.count;
        let columns = n * COLUMNS_LEN;
        block.recorded_at.clear();
        block.tags.clear();
        block.schemas.clear();
        block.ends.clear();
        block.skip = columns;
        let mut at = head.first_at;
        for step in raw[..8 * n].as_chunks::<8>().0 {
            at = at.wrapping_add(i64::from_le_bytes(*step));
            block.recorded_at.push(at);
        }
        block.tags.extend(raw[8 * n..10 * n].as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)));
        block.schemas.extend(raw[10 * n..12 * n].as_chunks::<2>().0.iter().map(|b| u16::from_le_bytes(*b)));
        let mut end = columns;
        for len in raw[12 * n..16 * n].as_chunks::<4>().0 {
            end = end.saturating_add(u32::from_le_bytes(*len) as usize);
            block.ends.push(end);
        }
        if end != raw.len() {
            return Err(unreadable("its payloads do not fill it"));
        }
        if at != head.last_at || block.recorded_at.first() != Some(&head.first_at) {
            return Err(unreadable("its times are not those stated"));
        }
        block.payloads = raw;
        Ok(head)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_block_is_read_back_as_it_was_packed() {
        let mut block = Block::default();
        for n in 0..BLOCK_LEN {
            let payload = vec![n as u8; n % 7];
            block.push(Frame { recorded_at: (n as i64 / 3) - 40, tag: n as u16, schema: 1, payload: &payload });
        }
        let row = Packer::new().unwrap().row(Link([7; 32]), &block, &[Hash([1; 32]); BLOCK_LEN]).unwrap();
        let mut read = Block::default();
        let head = Unpacker::new().unwrap().read(0, &row, &mut read).unwrap();
        assert_eq!((head.count, head.previous, head.first_at, head.last_at), (256, Link([7; 32]), -40, 45));
        assert!(block.frames().eq(read.frames()));
        assert_eq!(leaves(0, &row).unwrap(), (head, vec![Hash([1; 32]); BLOCK_LEN]));
        block.truncate(3);
        assert_eq!(block.frames().count(), 3);
        assert_eq!(block.get(2), read.get(2));
    }

    #[test]
    fn a_changed_row_is_refused_or_reads_differently_but_never_panics() {
        let mut block = Block::default();
        (0..20u8).for_each(|n| block.push(Frame { recorded_at: 5, tag: 80, schema: 1, payload: &[n; 30] }));
        let row = Packer::new().unwrap().row(Link([0; 32]), &block, &[Hash([1; 32]); 20]).unwrap();
        for at in 0..row.len() {
            let mut changed = row.clone();
            changed[at] ^= 0x10;
            let _ = Unpacker::new().unwrap().read(0, &changed, &mut Block::default());
            let _ = Unpacker::new().unwrap().read(0, &row[..at], &mut Block::default());
        }
    }
}
