//! The one file that names `bincode`: fixed-width integers, little-endian, lengths as u64, nothing after the end (`PAYLOADS.md`).
//! It refuses trailing bytes and payloads beyond [`MAX_PAYLOAD_LEN`], so that hostile lengths allocate nothing.

use bincode::Options as _;
use serde::{Deserialize, Serialize};

/// The longest payload that is written or read, in bytes: 1 MiB. Facts are small; a longer one is a mistake.
pub(crate) const MAX_PAYLOAD_LEN: usize = 1024 * 1024;

/// The bytes are not the layout they are read as, or the value is longer than [`MAX_PAYLOAD_LEN`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

fn unlimited() -> impl bincode::Options + Copy {
    bincode::DefaultOptions::new().with_fixint_encoding().with_little_endian()
}

fn layout() -> impl bincode::Options + Copy {
    unlimited().with_limit(MAX_PAYLOAD_LEN as u64)
}

/// Appends the value to `out`.
pub(crate) fn write<T: Serialize>(out: &mut Vec<u8>, value: &T) -> Result<(), Malformed> {
    let before = out.len();
    // With a limit, the value would be gone through twice, once only to count.
    unlimited().serialize_into(&mut *out, value).map_err(|_| Malformed)?;
    if out.len() - before > MAX_PAYLOAD_LEN {
        out.truncate(before);
        return Err(Malformed);
    }
    Ok(())
}

/// Reads exactly these bytes.
pub(crate) fn read<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Malformed> {
    layout().reject_trailing_bytes().deserialize(bytes).map_err(|_| Malformed)
}

/// Reads a value that other bytes may follow.
#[cfg(test)]
pub(crate) fn read_front<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Malformed> {
    layout().allow_trailing_bytes().deserialize(bytes).map_err(|_| Malformed)
}
