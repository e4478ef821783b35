//! A stored row of the database as bytes, without a database: for whoever tries what they may be.
//! Compares no hash; whoever reads a ledger does.

use crate::block::{Block, RowHead, Unpacker, leaves};
use crate::error::LedgerError;

/// What a row of block `index` holds: of each frame its tag, its schema and how long its payload is.
///
/// # Errors
/// [`LedgerError::Damaged`], with what is wrong.
pub fn read_row(index: u64, row: &[u8]) -> Result<Vec<(u16, u16, usize)>, LedgerError> {
    RowHead::read(index, row)?;
    leaves(index, row)?;
    let mut block = Block::default();
    Unpacker::new()?.read(index, row, &mut block)?;
    Ok(block.frames().map(|frame| (frame.tag, frame.schema, frame.payload.len())).collect())
}
