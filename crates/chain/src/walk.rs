//! Growing a chain frame by frame, and walking one that already exists until it breaks.
//! It refuses to go past the first break, and never repairs: what it names is what somebody must explain.

use std::fmt;

use crate::frame::{
    BLINDING_LEN, BodyHash, HEADER_LEN, Header, HeaderError, LedgerId, Link, MAX_BODY_LEN, body_hash, body_hash_parts, link,
};
use crate::genesis::Genesis;

/// Where a chain stands after some number of frames: all that is needed to add or check the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// The ledger the chain belongs to.
    pub ledger_id: LedgerId,
    /// The seq the next frame must have; equal to the number of frames so far.
    pub next_seq: u64,
    /// The previous link the next frame must state.
    pub link: Link,
    /// The earliest `recorded_at` the next frame may have.
    pub recorded_at: i64,
}

/// What the writer of a frame decides about its header; the rest follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Microseconds UTC, not before [`Head::recorded_at`].
    pub recorded_at: i64,
    /// Kind of event.
    pub tag: u16,
    /// Layout of that kind.
    pub schema: u16,
}

/// Why a frame cannot be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExtendError {
    /// The body would be longer than [`MAX_BODY_LEN`]; the payload has this many bytes.
    PayloadTooLong(usize),
    /// The time lies before that of the frame before; the ledger clamps its clock beforehand.
    TimeWentBack {
        /// The earliest time allowed.
        earliest: i64,
        /// The time given.
        given: i64,
    },
}

impl fmt::Display for ExtendError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PayloadTooLong(len) => write!(f, "a payload of {len} bytes does not fit in a body of at most {MAX_BODY_LEN} bytes"),
            Self::TimeWentBack { earliest, given } => write!(f, "recorded_at {given} lies before {earliest}, the time of the frame before"),
        }
    }
}

impl std::error::Error for ExtendError {}

impl Head {
    /// The head of a ledger that holds no frame yet.
    pub fn genesis(genesis: &Genesis) -> Self {
        Self { ledger_id: genesis.ledger_id(), next_seq: 0, link: genesis.first_link(), recorded_at: genesis.created_at() }
    }

    /// Adds one frame and gives its header bytes; nothing is allocated.
    ///
    /// Readers that store neither the previous link nor the body hash rebuild headers with this
    /// too: the same inputs always give the same bytes.
    ///
    /// # Errors
    /// [`ExtendError`]; the head is then unchanged.
    pub fn extend(&mut self, draft: Draft, blinding: &[u8; BLINDING_LEN], payload: &[u8]) -> Result<[u8; HEADER_LEN], ExtendError> {
        let body_len = u32::try_from(payload.len())
            .ok()
            .and_then(|len| len.checked_add(BLINDING_LEN as u32))
            .filter(|len| *len <= MAX_BODY_LEN)
            .ok_or(ExtendError::PayloadTooLong(payload.len()))?;
        if draft.recorded_at < self.recorded_at {
            return Err(ExtendError::TimeWentBack { earliest: self.recorded_at, given: draft.recorded_at });
        }
        let header = Header {
            ledger_id: self.ledger_id,
            seq: self.next_seq,
            recorded_at: draft.recorded_at,
            tag: draft.tag,
            schema: draft.schema,
            body_len,
            body_hash: body_hash_parts(blinding, payload),
            previous: self.link,
        };
        let bytes = header.to_bytes();
        self.link = link(&bytes);
        self.next_seq = self.next_seq.saturating_add(1);
        self.recorded_at = draft.recorded_at;
        Ok(bytes)
    }
}

/// The first place where a chain is not what it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Break {
    /// The seq the walker had come to: everything before it holds.
    pub seq: u64,
    /// What does not hold there.
    pub kind: BreakKind,
}

/// What does not hold at a [`Break`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BreakKind {
    /// The bytes are not a header of this format.
    Header(HeaderError),
    /// The frame belongs to this other ledger.
    WrongLedgerId(LedgerId),
    /// The frame states this other seq: one is missing, inserted or moved.
    WrongSeq(u64),
    /// The frame does not follow the one before it.
    WrongPreviousLink,
    /// The frame was recorded before the one it follows.
    TimeWentBack {
        /// `recorded_at` of the frame before (or the creation of the ledger).
        earliest: i64,
        /// `recorded_at` of this frame.
        found: i64,
    },
    /// The body has another length than the header states.
    WrongBodyLength {
        /// Length in the header.
        stated: u32,
        /// Length of the body at hand, in bytes.
        found: usize,
    },
    /// The body has another hash than the header states.
    WrongBodyHash,
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "seq {}: ", self.seq)?;
        match self.kind {
            BreakKind::Header(error) => error.fmt(f),
            BreakKind::WrongLedgerId(found) => write!(f, "the frame belongs to ledger {found}"),
            BreakKind::WrongSeq(found) => write!(f, "the frame here states seq {found}"),
            BreakKind::WrongPreviousLink => f.write_str("the frame does not follow the one before it (previous link differs)"),
            BreakKind::TimeWentBack { earliest, found } => {
                write!(f, "recorded_at {found} lies before {earliest}, the time of the frame before")
            }
            BreakKind::WrongBodyLength { stated, found } => {
                write!(f, "the header states a body of {stated} bytes, the body has {found}")
            }
            BreakKind::WrongBodyHash => f.write_str("the body does not have the hash in its header"),
        }
    }
}

impl std::error::Error for Break {}

/// Takes frames one after another and stops at the first that does not follow.
///
/// After a [`Break`] the walker stands where it stood: the same seq may be tried again.
#[derive(Clone, Debug)]
pub struct Walker {
    head: Head,
}

impl Walker {
    /// Starts before the first frame.
    pub fn new(genesis: &Genesis) -> Self {
        Self { head: Head::genesis(genesis) }
    }

    /// Goes on from a head that was reached, or is trusted, already.
    pub fn resume(head: Head) -> Self {
        Self { head }
    }

    /// Where the walk stands.
    pub fn head(&self) -> Head {
        self.head
    }

    /// Checks one header and its body, given as one piece.
    ///
    /// # Errors
    /// The [`Break`] at this seq.
    pub fn frame(&mut self, header: &[u8], body: &[u8]) -> Result<Header, Break> {
        self.step(header, Some((body.len(), || body_hash(body))))
    }

    /// Checks one header and its body, given as blinding and payload.
    ///
    /// # Errors
    /// The [`Break`] at this seq.
    pub fn frame_parts(&mut self, header: &[u8], blinding: &[u8; BLINDING_LEN], payload: &[u8]) -> Result<Header, Break> {
        let len = payload.len().saturating_add(BLINDING_LEN);
        self.step(header, Some((len, || body_hash_parts(blinding, payload))))
    }

    /// Checks one header whose body is withheld: order, time and link, but not the body.
    ///
    /// # Errors
    /// The [`Break`] at this seq.
    pub fn header_only(&mut self, header: &[u8]) -> Result<Header, Break> {
        self.step(header, None::<(usize, fn() -> BodyHash)>)
    }

    fn step(&mut self, bytes: &[u8], body: Option<(usize, impl FnOnce() -> BodyHash)>) -> Result<Header, Break> {
        let here = |kind| Break { seq: self.head.next_seq, kind };
        let header = Header::from_bytes(bytes).map_err(|error| here(BreakKind::Header(error)))?;
        if header.ledger_id != self.head.ledger_id {
            return Err(here(BreakKind::WrongLedgerId(header.ledger_id)));
        }
        if header.seq != self.head.next_seq {
            return Err(here(BreakKind::WrongSeq(header.seq)));
        }
        if header.previous != self.head.link {
            return Err(here(BreakKind::WrongPreviousLink));
        }
        if header.recorded_at < self.head.recorded_at {
            return Err(here(BreakKind::TimeWentBack { earliest: self.head.recorded_at, found: header.recorded_at }));
        }
        if let Some((found, hash)) = body {
            if u32::try_from(found) != Ok(header.body_len) {
                return Err(here(BreakKind::WrongBodyLength { stated: header.body_len, found }));
            }
            if hash() != header.body_hash {
                return Err(here(BreakKind::WrongBodyHash));
            }
        }
        self.head = Head {
            ledger_id: header.ledger_id,
            next_seq: header.seq.saturating_add(1),
            link: link(&header.to_bytes()),
            recorded_at: header.recorded_at,
        };
        Ok(header)
    }
}
