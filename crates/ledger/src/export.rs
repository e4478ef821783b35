//! Frames as a plain stream of bytes, for readers that know no database (`PAYLOADS.md`, "Exported frames").
//! It refuses to verify: what is stored is written out, and the reader checks chain and tree for itself.

use std::io::Write;

use crate::core::Head;
use crate::error::LedgerError;
use crate::ledger::Ledger;

/// First bytes of an export.
pub(crate) const MAGIC: &[u8; 8] = b"csframe1";

impl Ledger {
    /// The frame headers of a range, in order: the leaf data of the tree. Rebuilt from what is stored and not compared with the tree.
    ///
    /// # Errors
    /// What `f` returns; [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn headers(
        &self,
        seqs: std::ops::Range<u64>,
        mut f: impl FnMut(&[u8; chain::HEADER_LEN]) -> Result<(), LedgerError>,
    ) -> Result<(), LedgerError> {
        self.each_frame(seqs, |header, _| f(&header))
    }

    /// Writes genesis and all frames: magic, genesis length (u32) and bytes, then for every event header length (u32) and bytes, body length
    /// (u32) and bytes. Integers are little-endian. Gives the head the export ends at.
    ///
    /// # Errors
    /// [`LedgerError::Io`] when the writer fails; [`LedgerError::Damaged`].
    pub fn export_frames(&self, mut to: impl Write) -> Result<Head, LedgerError> {
        let head = self.head()?;
        let failed = |source| LedgerError::Io { path: "the export".into(), source };
        let mut piece = |bytes: &[u8]| {
            // A genesis, a header and a body are each far below 4 GiB.
            to.write_all(&(bytes.len() as u32).to_le_bytes()).and_then(|()| to.write_all(bytes)).map_err(failed)
        };
        piece(MAGIC)?;
        piece(&self.core.genesis.to_bytes())?;
        self.each_frame(0..head.size, |header, body| {
            piece(&header)?;
            piece(body)
        })?;
        to.flush().map_err(failed)?;
        Ok(head)
    }
}
