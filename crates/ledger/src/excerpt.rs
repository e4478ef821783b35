//! Some events as they are stored, sealed values still sealed, to be kept with derived state and read again without looking for them.
//! It refuses to carry anything that the ledger does not hold, and to be taken for evidence: nothing here is hashed.


use domain::{KnownAt, Recorded, Seq};

use crate::block::Frame;
use crate::core::read_event;
use crate::error::{LedgerError, damaged};
use crate::ledger::Ledger;
use crate::people::Resolver;

/// seq, instant, tag, schema, length of the payload: 8, 8, 2, 2 and 4 bytes, little-endian, before each payload.
const FRONT: usize = 24;

impl Ledger {
    /// The events at these seqs, which ascend, as bytes for [`Ledger::read_excerpt`].
    ///
    /// # Errors
    /// As [`Ledger::frames`].
    pub fn excerpt(&self, seqs: &[Seq]) -> Result<Vec<u8>, LedgerError> {
        let mut bytes = Vec::new();
        let mut unreadable = None;
        self.frames(seqs, |frame| match chain::Header::from_bytes(&frame.header) {
            Ok(header) => {
                let payload = frame.body.get(chain::BLINDING_LEN..).unwrap_or_default();
                bytes.extend_from_slice(&frame.seq.0.to_le_bytes());
                bytes.extend_from_slice(&header.recorded_at.to_le_bytes());
                bytes.extend_from_slice(&header.tag.to_le_bytes());
                bytes.extend_from_slice(&header.schema.to_le_bytes());
                bytes.extend_from_slice(&u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes());
                bytes.extend_from_slice(payload);
            }
            Err(error) => unreadable = Some(damaged(error.to_string())),
        })?;
        unreadable.map_or(Ok(bytes), Err)
    }

    /// Delivers the events of an excerpt; those that cannot be interpreted are left out, as in a replay. `false` when the bytes are none.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn read_excerpt(&self, mut bytes: &[u8], mut f: impl FnMut(Recorded)) -> Result<bool, LedgerError> {
        let txn = self.core.store.read()?;
        let mut resolver = Resolver::new(&self.core.people, &txn);
        while let Some((front, rest)) = bytes.split_first_chunk::<FRONT>() {
            let number = |from: usize, len: usize| front[from..from + len].iter().rev().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
            let (seq, recorded_at) = (number(0, 8), number(8, 8).cast_signed());
            let (tag, schema) = (u16::try_from(number(16, 2)).unwrap_or(0), u16::try_from(number(18, 2)).unwrap_or(0));
            let Some((payload, rest)) = rest.split_at_checked(usize::try_from(number(20, 4)).unwrap_or(usize::MAX)) else { return Ok(false) };
            let frame = Frame { recorded_at, tag, schema, payload };
            if let Ok(read) = read_event(self.core.place(seq, &frame), payload, &mut resolver)? {
                let recorded_at = KnownAt::from_micros(recorded_at);
                f(Recorded { seq: Seq(seq), recorded_at, envelope: read.envelope, target: read.target, event: read.event });
            }
            bytes = rest;
        }
        Ok(bytes.is_empty())
    }
}

