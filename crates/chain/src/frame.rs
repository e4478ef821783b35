//! The header of one frame, byte by byte, and the hashes over header and body (`FORMAT.md`, "Frame header").
//! It refuses headers of another format version, and leaves order and links to [`crate::Walker`].

use std::fmt;

use crate::contexts::{BLINDING, BODY, LINK};

/// The version this crate reads and writes, the first two bytes of every header.
pub const FORMAT_VERSION: u16 = 1;
/// Length of every header in bytes.
pub const HEADER_LEN: usize = 106;
/// Length of the blinding at the start of every body, in bytes.
pub const BLINDING_LEN: usize = 16;
/// The longest body a frame may have, in bytes, blinding included: 16 MiB.
pub const MAX_BODY_LEN: u32 = 16 * 1024 * 1024;
/// Length of the associated data of sealed fields: the part of the header that is known before
/// the body is.
pub const SEALING_AAD_LEN: usize = 38;

const LEDGER_ID_AT: usize = 2;
const SEQ_AT: usize = 18;
const RECORDED_AT_AT: usize = 26;
const TAG_AT: usize = 34;
const SCHEMA_AT: usize = 36;
const BODY_LEN_AT: usize = 38;
const BODY_HASH_AT: usize = 42;
const PREVIOUS_AT: usize = 74;

/// Sixteen bytes that name one ledger, drawn at random when it is created.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LedgerId(pub [u8; 16]);

/// BLAKE3 of one body, blinding included, under [`crate::BODY_CONTEXT`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BodyHash(pub [u8; 32]);

/// BLAKE3 of one header under [`crate::LINK_CONTEXT`]; the next header repeats it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Link(pub [u8; 32]);

fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

macro_rules! shown_as_hex {
    ($($name:ident)*) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(f, &self.0)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }
    )*};
}
shown_as_hex!(LedgerId BodyHash Link);

/// The fields of one frame header, in the order of their bytes; the format version before them is
/// always [`FORMAT_VERSION`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The ledger this frame belongs to.
    pub ledger_id: LedgerId,
    /// Position in the ledger, from 0 without gaps; also the index of the leaf in the tree.
    pub seq: u64,
    /// When the ledger took the event in: microseconds since 1970-01-01T00:00:00 UTC.
    pub recorded_at: i64,
    /// Which kind of event the payload holds; this crate gives the number no meaning.
    pub tag: u16,
    /// Which layout of that kind the payload has.
    pub schema: u16,
    /// Length of the body in bytes, blinding included: [`BLINDING_LEN`] to [`MAX_BODY_LEN`].
    pub body_len: u32,
    /// Hash of the body, blinding included.
    pub body_hash: BodyHash,
    /// Link of the header before this one, or [`crate::Genesis::first_link`] for seq 0.
    pub previous: Link,
}

/// Why bytes are not a header of this format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderError {
    /// There are not [`HEADER_LEN`] bytes, but this many.
    Length(usize),
    /// The format version is another one; a later countersign may read it.
    Version(u16),
    /// The stated body length is below [`BLINDING_LEN`] or above [`MAX_BODY_LEN`].
    BodyLength(u32),
}

impl fmt::Display for HeaderError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => {
                write!(f, "a frame header has {HEADER_LEN} bytes, these are {found}")
            }
            Self::Version(found) => write!(f, "the frame header is of format version {found}, this program reads version {FORMAT_VERSION}"),
            Self::BodyLength(found) => {
                write!(f, "the frame header states a body of {found} bytes, outside {BLINDING_LEN} to {MAX_BODY_LEN}")
            }
        }
    }
}

impl std::error::Error for HeaderError {}

impl Header {
    /// The bytes that are hashed for the link and that are the leaf data of the tree.
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut bytes = [0; HEADER_LEN];
        let known_before_body = sealing_aad(self.ledger_id, self.seq, self.recorded_at, self.tag, self.schema);
        bytes[..BODY_LEN_AT].copy_from_slice(&known_before_body);
        bytes[BODY_LEN_AT..BODY_HASH_AT].copy_from_slice(&self.body_len.to_le_bytes());
        bytes[BODY_HASH_AT..PREVIOUS_AT].copy_from_slice(&self.body_hash.0);
        bytes[PREVIOUS_AT..].copy_from_slice(&self.previous.0);
        bytes
    }

    /// Reads exactly [`HEADER_LEN`] bytes.
    ///
    /// # Errors
    /// Another length, another format version, or a body length no frame may have. Seq, time and
    /// link are not judged here: see [`crate::Walker`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, HeaderError> {
        let bytes: &[u8; HEADER_LEN] = bytes.try_into().map_err(|_| HeaderError::Length(bytes.len()))?;
        let version = u16::from_le_bytes(field(bytes, 0));
        if version != FORMAT_VERSION {
            return Err(HeaderError::Version(version));
        }
        let body_len = u32::from_le_bytes(field(bytes, BODY_LEN_AT));
        if body_len < BLINDING_LEN as u32 || body_len > MAX_BODY_LEN {
            return Err(HeaderError::BodyLength(body_len));
        }
        Ok(Self {
            ledger_id: LedgerId(field(bytes, LEDGER_ID_AT)),
            seq: u64::from_le_bytes(field(bytes, SEQ_AT)),
            recorded_at: i64::from_le_bytes(field(bytes, RECORDED_AT_AT)),
            tag: u16::from_le_bytes(field(bytes, TAG_AT)),
            schema: u16::from_le_bytes(field(bytes, SCHEMA_AT)),
            body_len,
            body_hash: BodyHash(field(bytes, BODY_HASH_AT)),
            previous: Link(field(bytes, PREVIOUS_AT)),
        })
    }

    /// The part of this header that sealed fields are bound to; equal to its first
    /// [`SEALING_AAD_LEN`] bytes.
    pub fn sealing_aad(&self) -> [u8; SEALING_AAD_LEN] {
        sealing_aad(self.ledger_id, self.seq, self.recorded_at, self.tag, self.schema)
    }
}

/// Copies the N bytes at a constant offset; offsets and lengths are this file's own.
fn field<const N: usize>(bytes: &[u8; HEADER_LEN], at: usize) -> [u8; N] {
    let mut value = [0; N];
    value.copy_from_slice(&bytes[at..at + N]);
    value
}

/// Associated data of sealed fields: the header's first 38 bytes, format version to schema.
///
/// The body hash cannot be part of it, because the sealed bytes lie inside the body it covers.
pub fn sealing_aad(ledger_id: LedgerId, seq: u64, recorded_at: i64, tag: u16, schema: u16) -> [u8; SEALING_AAD_LEN] {
    let mut bytes = [0; SEALING_AAD_LEN];
    bytes[..LEDGER_ID_AT].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes[LEDGER_ID_AT..SEQ_AT].copy_from_slice(&ledger_id.0);
    bytes[SEQ_AT..RECORDED_AT_AT].copy_from_slice(&seq.to_le_bytes());
    bytes[RECORDED_AT_AT..TAG_AT].copy_from_slice(&recorded_at.to_le_bytes());
    bytes[TAG_AT..SCHEMA_AT].copy_from_slice(&tag.to_le_bytes());
    bytes[SCHEMA_AT..].copy_from_slice(&schema.to_le_bytes());
    bytes
}

/// The link of a header: what the next header must state as its previous link.
pub fn link(header: &[u8; HEADER_LEN]) -> Link {
    Link(*LINK.hasher().update(header).finalize().as_bytes())
}

/// The hash of a whole body: blinding, then payload.
pub fn body_hash(body: &[u8]) -> BodyHash {
    BodyHash(*BODY.hasher().update(body).finalize().as_bytes())
}

/// The same hash as [`body_hash`] over `blinding || payload`, without putting the two together.
pub fn body_hash_parts(blinding: &[u8; BLINDING_LEN], payload: &[u8]) -> BodyHash {
    BodyHash(*BODY.hasher().update(blinding).update(payload).finalize().as_bytes())
}

/// The blinding of the frame at `seq`: without the ledger secret, a body that is withheld cannot
/// be guessed and compared with its hash.
///
/// The ledger id is an input, so that two ledgers under one secret never share a blinding and a
/// body disclosed from one says nothing about a body withheld in the other.
pub fn blinding(secret: &[u8; 32], ledger_id: LedgerId, seq: u64) -> [u8; BLINDING_LEN] {
    let mut bytes = [0; BLINDING_LEN];
    BLINDING.hasher().update(secret).update(&ledger_id.0).update(&seq.to_le_bytes()).finalize_xof().fill(&mut bytes);
    bytes
}
