//! The frames of a pack as its bytes (`FORMAT.md`, "frames.bin").
//! It refuses a frame that does not come after the one before it.

use chain::{HEADER_LEN, Header};

/// Frames put one after another.
#[derive(Clone, Debug, Default)]
pub struct Frames {
    bytes: Vec<u8>,
    seqs: Vec<u64>,
    bodies: u64,
}

impl Frames {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a frame, with its body or without. `false`, and nothing is added, when the bytes are no header or its seq does not ascend.
    pub fn push(&mut self, header: &[u8; HEADER_LEN], body: Option<&[u8]>) -> bool {
        let Ok(fields) = Header::from_bytes(header) else { return false };
        if self.seqs.last().is_some_and(|last| *last >= fields.seq) {
            return false;
        }
        self.seqs.push(fields.seq);
        self.bytes.extend_from_slice(header);
        self.bytes.push(u8::from(body.is_some()));
        if let Some(body) = body {
            self.bytes.extend_from_slice(body);
            self.bodies += 1;
        }
        true
    }

    /// Their seqs, ascending.
    pub fn seqs(&self) -> &[u64] {
        &self.seqs
    }

    /// How many have their body.
    pub fn bodies(&self) -> u64 {
        self.bodies
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}
