//! Events that name any of some ids, found in the stored bytes before anything is decoded: what a pack asks for again and again.
//! It refuses to miss one: every id stands in a payload behind its length, every pseudonym as its 16 bytes; what only looks like one is sorted out by who asked.

use domain::event::EventTag;
use domain::{KnownAt, Recorded, Seq};
use redb::ReadTransaction;
use rustc_hash::FxHashSet;

use crate::block::{Block, Unpacker, first_seq, position};
use crate::core::{Core, read_event, read_head};
use crate::error::{LedgerError, damaged};
use crate::ledger::Ledger;
use crate::ordered::ordered;
use crate::people::Resolver;
use crate::store::{Rows as _, guarded};

/// Longest id, in bytes (`PAYLOADS.md`: ids are text; events.md: 1 to 64 characters).
const MAX_ID_LEN: u8 = 64;

/// Ids to look for.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    texts: FxHashSet<Vec<u8>>,
    pseudonyms: FxHashSet<[u8; 16]>,
    /// One bit for each beginning (two bytes) of a pseudonym: most places are passed over without asking the set.
    beginnings: Vec<u64>,
    /// Whether a type is wanted, by its number.
    types: Vec<bool>,
}

impl Naming {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an id that stands as text.
    pub fn id(&mut self, id: &str) {
        self.texts.insert(id.as_bytes().to_vec());
    }

    /// Adds an individual.
    pub fn individual(&mut self, pseudonym: [u8; 16]) {
        self.beginnings.resize(1024, 0);
        let (word, bit) = beginning(&pseudonym);
        if let Some(word) = self.beginnings.get_mut(word) {
            *word |= bit;
        }
        self.pseudonyms.insert(pseudonym);
    }

    /// Adds every event of a type, whatever it names.
    pub fn every(&mut self, tag: EventTag) {
        let place = usize::from(tag.0);
        self.types.resize(self.types.len().max(place + 1), false);
        if let Some(wanted) = self.types.get_mut(place) {
            *wanted = true;
        }
    }

    fn of_type(&self, tag: EventTag) -> bool {
        self.types.get(usize::from(tag.0)).is_some_and(|wanted| *wanted)
    }

    /// Whether there is anything to look for.
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.pseudonyms.is_empty() && self.types.is_empty()
    }

    fn in_payload(&self, payload: &[u8]) -> bool {
        (!self.texts.is_empty() && self.text_in(payload)) || (!self.pseudonyms.is_empty() && self.pseudonym_in(payload))
    }

    fn text_in(&self, payload: &[u8]) -> bool {
        let mut at = 0;
        while let Some([len, zeros @ ..]) = payload.get(at..).and_then(<[u8]>::first_chunk::<8>) {
            // A length of at most 64 has seven zero bytes behind it; a byte that is not zero can only be a length itself, so what lies before it is passed over.
            if let Some(place) = zeros.iter().rposition(|byte| *byte != 0) {
                at += place + 1;
                continue;
            }
            let text = at + 8..at + 8 + usize::from(*len);
            if (1..=MAX_ID_LEN).contains(len) && payload.get(text).is_some_and(|text| self.texts.contains(text)) {
                return true;
            }
            at += 1;
        }
        false
    }

    fn pseudonym_in(&self, payload: &[u8]) -> bool {
        payload.windows(16).any(|window| {
            let (word, bit) = beginning(window);
            self.beginnings.get(word).is_some_and(|word| word & bit != 0) && self.pseudonyms.contains(window)
        })
    }
}

/// Where the bit of a beginning lies.
fn beginning(bytes: &[u8]) -> (usize, u64) {
    let number = usize::from(bytes.first().copied().unwrap_or(0)) | usize::from(bytes.get(1).copied().unwrap_or(0)) << 8;
    (number / 64, 1 << (number % 64))
}

impl Ledger {
    /// Delivers the events below `size` that may name one of these ids, or are of one of these types, in order. Whoever asks looks at their fields: an id may stand where something else is meant.
    /// Events that cannot be interpreted are passed over.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn naming(&self, wanted: &Naming, size: u64, mut f: impl FnMut(Recorded)) -> Result<(), LedgerError> {
        let txn = self.core.store.read()?;
        let size = size.min(guarded(|| read_head(&txn))?.size);
        if size == 0 || wanted.is_empty() {
            return Ok(());
        }
        let look = |index, payload: &[u8], tag| index < size && (wanted.of_type(tag) || wanted.in_payload(payload));
        self.decode_where(&txn, (0..position(size - 1).0 + 1).collect(), look, &mut f)
    }

    /// Delivers the events at these seqs, which ascend, in order; those that cannot be interpreted are passed over.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn at(&self, seqs: &[Seq], mut f: impl FnMut(Recorded)) -> Result<(), LedgerError> {
        let txn = self.core.store.read()?;
        let mut blocks: Vec<u64> = seqs.iter().map(|seq| position(seq.0).0).collect();
        blocks.dedup();
        let look = |seq, _: &[u8], _| seqs.binary_search(&Seq(seq)).is_ok();
        self.decode_where(&txn, blocks, look, &mut f)
    }

    /// The corrections and retractions of these events, and of those, ascending, each once.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn amending(&self, seqs: impl IntoIterator<Item = Seq>) -> Result<Vec<Seq>, LedgerError> {
        let txn = self.core.store.read()?;
        let mut waiting: Vec<u64> = seqs.into_iter().map(|seq| seq.0).collect();
        let mut found = FxHashSet::default();
        while let Some(target) = waiting.pop() {
            for (seq, _) in guarded(|| txn.amendments(target))? {
                if found.insert(seq) {
                    waiting.push(seq);
                }
            }
        }
        let mut found: Vec<Seq> = found.into_iter().map(Seq).collect();
        found.sort_unstable();
        Ok(found)
    }

    fn decode_where(
        &self,
        txn: &ReadTransaction,
        blocks: Vec<u64>,
        look: impl Fn(u64, &[u8], EventTag) -> bool + Sync,
        f: &mut dyn FnMut(Recorded),
    ) -> Result<(), LedgerError> {
        let mut failure = None;
        ordered(
            0..blocks.len() as u64,
            || (Unpacker::new(), Block::default(), Resolver::new(&self.core.people, txn)),
            |(unpacker, block, resolver), at| {
                let unpacker = unpacker.as_mut().map_err(|error| damaged(error.to_string()))?;
                let index = usize::try_from(at).ok().and_then(|at| blocks.get(at)).copied().ok_or_else(|| damaged("a block that nobody asked for"))?;
                guarded(|| {
                    let row = txn.block(index)?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(index))))?;
                    unpacker.read(index, &row, block)?;
                    found_in(&self.core, index, block, &look, resolver)
                })
            },
            |_, events| match events {
                Ok(events) => {
                    events.into_iter().for_each(&mut *f);
                    true
                }
                Err(error) => {
                    failure = Some(error);
                    false
                }
            },
        );
        failure.map_or(Ok(()), Err)
    }
}

fn found_in(core: &Core, index: u64, block: &Block, look: &impl Fn(u64, &[u8], EventTag) -> bool, resolver: &mut Resolver<'_>) -> Result<Vec<Recorded>, LedgerError> {
    let mut events = Vec::new();
    for (seq, frame) in (first_seq(index)..).zip(block.frames()) {
        if !look(seq, frame.payload, EventTag(frame.tag)) {
            continue;
        }
        if let Ok(read) = read_event(core.place(seq, &frame), frame.payload, resolver)? {
            let recorded_at = KnownAt::from_micros(frame.recorded_at);
            events.push(Recorded { seq: Seq(seq), recorded_at, envelope: read.envelope, target: read.target, event: read.event });
        }
    }
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_pseudonyms_are_found_wherever_they_stand_and_no_others() {
        let mut wanted = Naming::new();
        wanted.id("C-17");
        wanted.individual([9; 16]);
        let payload = |text: &str, before: usize| [vec![3; before], (text.len() as u64).to_le_bytes().to_vec(), text.as_bytes().to_vec(), vec![1; 5]].concat();
        for before in 0..40 {
            assert!(wanted.in_payload(&payload("C-17", before)));
            assert!(!wanted.in_payload(&payload("C-1", before)));
            assert!(!wanted.in_payload(&payload("C-171", before)));
            assert!(wanted.in_payload(&[vec![3; before], vec![9; 16], vec![3; before]].concat()));
            assert!(!wanted.in_payload(&[vec![3; before], vec![9; 15], vec![3; 16]].concat()));
        }
        assert!(!wanted.in_payload(&[]));
    }
}
