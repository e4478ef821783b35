//! The zip file around a pack, in its one spelling (`FORMAT.md`, "The file").
//! It refuses what would need zip64: a pack is shorter than 4 GiB.

use std::io::{self, Write};

use thiserror::Error;

/// The longest pack.
pub const MAX_PACK_LEN: u64 = u32::MAX as u64;

/// Why a pack cannot be put together.
#[derive(Debug, Error)]
pub enum PackError {
    /// It would be 4 GiB or longer.
    #[error("the pack would be 4 GiB or longer; make several, of smaller ranges")]
    TooLong,
    /// Something could not be written as JSON.
    #[error("a part of the pack cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Frames and proof, or key and checkpoint, do not belong together.
    #[error("the parts of the pack do not belong together: {0}")]
    Parts(&'static str),
}

/// Length of the file that these entries make.
///
/// # Errors
/// [`PackError::TooLong`].
pub(crate) fn length(entries: &[(&'static str, Vec<u8>)]) -> Result<u64, PackError> {
    let each = |(name, bytes): &(&str, Vec<u8>)| 30 + 46 + 2 * name.len() as u64 + bytes.len() as u64;
    let len = entries.iter().map(each).sum::<u64>() + 22;
    if len <= MAX_PACK_LEN { Ok(len) } else { Err(PackError::TooLong) }
}

/// Writes the entries as a file. Their length was checked, so every number fits.
pub(crate) fn write(entries: &[(&'static str, Vec<u8>)], mut to: impl Write) -> io::Result<()> {
    let mut central = Vec::new();
    let mut offset = 0u32;
    for (name, bytes) in entries {
        let mut shared = [0; 24];
        let len = (bytes.len() as u32).to_le_bytes();
        // Version 1.0 of the format is enough for stored entries; 1 January 1980 is the first day it can name.
        shared[0] = 10;
        shared[8] = 0x21;
        shared[10..14].copy_from_slice(&crc32fast::hash(bytes).to_le_bytes());
        shared[14..18].copy_from_slice(&len);
        shared[18..22].copy_from_slice(&len);
        shared[22..24].copy_from_slice(&(name.len() as u16).to_le_bytes());
        let head = [b"PK\x03\x04".as_slice(), &shared, &[0; 2], name.as_bytes()].concat();
        to.write_all(&head)?;
        to.write_all(bytes)?;
        central.extend_from_slice(b"PK\x01\x02\x14\x00");
        central.extend_from_slice(&shared);
        central.extend_from_slice(&[0; 12]);
        central.extend_from_slice(&offset.to_le_bytes());
        central.extend_from_slice(name.as_bytes());
        offset += head.len() as u32 + bytes.len() as u32;
    }
    to.write_all(&central)?;
    let count = (entries.len() as u16).to_le_bytes();
    to.write_all(b"PK\x05\x06\0\0\0\0")?;
    to.write_all(&[count, count].concat())?;
    to.write_all(&(central.len() as u32).to_le_bytes())?;
    to.write_all(&offset.to_le_bytes())?;
    to.write_all(&[0; 2])?;
    to.flush()
}
