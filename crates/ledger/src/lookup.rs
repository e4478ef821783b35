//! Finding one event by its source id, or by the id it introduced.
//! It refuses to look at what is not committed; an append looks at its own drafts too, in `check`.

use domain::consistency::Introduced;
use domain::{Seq, SourceId};

use crate::block::{Block, Unpacker, position};
use crate::check::{StagedAmendments, introduced_fingerprint, is_retracted};
use crate::error::{LedgerError, damaged};
use crate::keys::{Filter, Fingerprints, KeyKind, Keys};
use crate::ledger::Ledger;
use crate::store::{Rows, guarded};
use crate::wire::v1::front::Front;

impl Ledger {
    /// The event that has a source id.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn lookup_source(&self, source: &SourceId) -> Result<Option<Seq>, LedgerError> {
        let txn = self.core.store.read()?;
        let fingerprints = self.fingerprints();
        guarded(|| {
            let fingerprint = fingerprints.of(KeyKind::Source, &[source.as_str().as_bytes()]);
            for seq in Keys::load(fingerprints, &txn)?.find(&txn, &mut Filter::default(), fingerprint)? {
                if source_at(&txn, seq)?.as_deref() == Some(source.as_str()) {
                    return Ok(Some(Seq(seq)));
                }
            }
            Ok(None)
        })
    }

    /// The event that introduced an id and was not retracted.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn lookup_introduced(&self, introduced: &Introduced) -> Result<Option<Seq>, LedgerError> {
        let txn = self.core.store.read()?;
        let fingerprints = self.fingerprints();
        guarded(|| {
            let fingerprint = introduced_fingerprint(fingerprints, introduced);
            for seq in Keys::load(fingerprints, &txn)?.find(&txn, &mut Filter::default(), fingerprint)? {
                let same = self.get(Seq(seq))?.is_some_and(|recorded| recorded.event.introduces().as_ref() == Some(introduced));
                if same && !is_retracted(&txn, &StagedAmendments::default(), seq)? {
                    return Ok(Some(Seq(seq)));
                }
            }
            Ok(None)
        })
    }

    fn fingerprints(&self) -> Fingerprints {
        Fingerprints(self.core.people.pseudonyms().fingerprint_key(self.core.genesis.ledger_id()))
    }
}

fn source_at(rows: &dyn Rows, seq: u64) -> Result<Option<String>, LedgerError> {
    let (index, at) = position(seq);
    let row = rows.block(index)?.ok_or_else(|| damaged(format!("the block of seq {seq} is missing")))?;
    let mut block = Block::default();
    Unpacker::new()?.read(index, &row, &mut block)?;
    let frame = block.get(at).ok_or_else(|| damaged(format!("seq {seq} is missing from its block")))?;
    let front = Front::read(frame.payload);
    Ok(front.ok().and_then(|front| front.source_id.map(str::to_owned)))
}
