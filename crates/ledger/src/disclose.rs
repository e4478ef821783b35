//! What an audit pack takes out of the ledger: single frames, the event keys of what is sealed in them, and the log's signature over its manifest.
//! It refuses to decide what may be disclosed, to hand out a subject's key, and to sign anything that could pass for a checkpoint.

use std::collections::BTreeMap;

use domain::{IndividualId, Seq};
use transparency::{Hash, Note, TileId};
use vault::Pseudonym;

use crate::block::{Block, HEAD_AND_TILE_LEN, Unpacker, first_seq, leaves, position};
use crate::core::{log_keys, read_head};
use crate::error::{LedgerError, damaged};
use crate::growth::tile_hashes;
use crate::ledger::Ledger;
use crate::ordered::ordered;
use crate::store::{Rows as _, guarded};
use crate::wire::seals::{INTRODUCTION, Unreadable};
use crate::wire::v1::front::Front;

/// First line of the only text that [`Ledger::sign_manifest`] signs.
const MANIFEST: &str = "countersign pack v1\n";

/// One frame as it is hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its place.
    pub seq: Seq,
    /// Header bytes.
    pub header: [u8; chain::HEADER_LEN],
    /// Blinding and payload.
    pub body: Vec<u8>,
}

/// One sealed value of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealedValue {
    /// Its place in the payload's list.
    pub place: u64,
    /// Pseudonym of the subject under whose key it is sealed.
    pub subject: [u8; 16],
    /// Whether it is the agency's own identifier of its subject.
    pub introduces: bool,
    /// The event key that opens it; nothing when the subject was erased.
    pub key: Option<[u8; 32]>,
}

impl Ledger {
    /// The frames at these seqs, which ascend, in order. Nothing is compared with tree or head: a verifier does that.
    ///
    /// # Errors
    /// [`LedgerError::NoSuchEvent`] behind the head; [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn frames(&self, seqs: &[Seq], mut f: impl FnMut(Frame)) -> Result<(), LedgerError> {
        let txn = self.core.store.read()?;
        let size = guarded(|| read_head(&txn))?.size;
        if let Some(behind) = seqs.iter().find(|seq| seq.0 >= size) {
            return Err(LedgerError::NoSuchEvent { asked: behind.0, size });
        }
        let mut wanted: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
        seqs.iter().for_each(|seq| wanted.entry(position(seq.0).0).or_default().push(seq.0));
        let wanted: Vec<(u64, Vec<u64>)> = wanted.into_iter().collect();
        let secret = self.core.people.ledger_secret();
        let ledger_id = self.core.genesis.ledger_id();
        let read = |unpacker: &mut Unpacker, block: &mut Block, (index, seqs): &(u64, Vec<u64>)| {
            let row = txn.block(*index)?.ok_or_else(|| damaged(format!("the block of seq {} is missing", first_seq(*index))))?;
            let head = unpacker.read(*index, &row, block)?;
            let mut chain = chain::Head { ledger_id, next_seq: first_seq(*index), link: head.previous, recorded_at: head.first_at };
            let mut frames = Vec::with_capacity(seqs.len());
            let mut waiting = seqs.iter().peekable();
            for frame in block.frames() {
                let Some(next) = waiting.peek() else { break };
                let seq = chain.next_seq;
                let blinding = chain::blinding(&secret, ledger_id, seq);
                let draft = chain::Draft { recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema };
                let header = chain.extend(draft, &blinding, frame.payload).map_err(|error| damaged(error.to_string()))?;
                if seq == **next {
                    frames.push(Frame { seq: Seq(seq), header, body: [blinding.as_slice(), frame.payload].concat() });
                    waiting.next();
                }
            }
            if waiting.peek().is_some() { Err(damaged(format!("a frame is missing from the block of seq {}", first_seq(*index)))) } else { Ok(frames) }
        };
        let mut failure = None;
        ordered(
            0..wanted.len() as u64,
            || (Unpacker::new(), Block::default()),
            |(unpacker, block), at| {
                let unpacker = unpacker.as_mut().map_err(|error| damaged(error.to_string()))?;
                let group = usize::try_from(at).ok().and_then(|at| wanted.get(at)).ok_or_else(|| damaged("a block that nobody asked for"))?;
                guarded(|| read(unpacker, block, group))
            },
            |_, frames| match frames {
                Ok(frames) => {
                    frames.into_iter().for_each(&mut f);
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

    /// The sealed values of an event, each with the key that opens the values of that subject in that event and nothing else. Empty when its layout is not known.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when the payload cannot be read or a key is missing that was never destroyed.
    pub fn sealed_values(&self, frame: &Frame) -> Result<Vec<SealedValue>, LedgerError> {
        let payload = frame.body.get(chain::BLINDING_LEN..).unwrap_or_default();
        let unreadable = || damaged(format!("seq {}: its sealed values cannot be read", frame.seq));
        let header = chain::Header::from_bytes(&frame.header).map_err(|error| damaged(error.to_string()))?;
        if header.schema != crate::wire::v1::SCHEMA {
            return Ok(Vec::new());
        }
        let front = Front::read(payload).map_err(|_| unreadable())?;
        let each = |(place, value): (u64, &crate::wire::seals::Sealed<'_>)| {
            let key = match self.core.people.event_key(Pseudonym(value.subject), frame.seq.0) {
                Ok(key) => Some(*key.disclose()),
                Err(Unreadable::Erased) => None,
                Err(error @ (Unreadable::Malformed | Unreadable::NotInterpreted | Unreadable::ForeignKey(_))) => {
                    return Err(self.core.people.foreign_key(error).unwrap_or_else(unreadable));
                }
            };
            Ok(SealedValue { place, subject: value.subject, introduces: value.role == INTRODUCTION, key })
        };
        (0u64..).zip(&front.sealed).map(each).collect()
    }

    /// What stands in bodies for an individual.
    pub fn pseudonym_bytes(&self, id: &IndividualId) -> [u8; 16] {
        self.core.people.pseudonyms().of_individual(id).0
    }

    /// The event that introduces an individual: the first that names the pseudonym, and carries the agency's own identifier.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn introduction_of(&self, pseudonym: [u8; 16]) -> Result<Option<Seq>, LedgerError> {
        let txn = self.core.store.read()?;
        guarded(|| Ok(txn.introduced_at(Pseudonym(pseudonym))?.map(Seq)))
    }

    /// The hashes of a tile as far as it is filled: what proofs over many events are made from.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`] when it is not there; [`LedgerError::Io`].
    pub fn tile(&self, id: TileId) -> Result<Vec<Hash>, LedgerError> {
        let txn = self.core.store.read()?;
        let missing = || damaged(format!("{} is missing", id.path(256)));
        guarded(|| {
            if id.level == 0 {
                let row = txn.block_start(id.index, HEAD_AND_TILE_LEN)?.ok_or_else(missing)?;
                return Ok(leaves(id.index, &row)?.1);
            }
            Ok(tile_hashes(&txn.tile(id)?.ok_or_else(missing)?))
        })
    }

    /// The statements, signed by old and new key, by which the log changed its key; the oldest first.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn key_statements(&self) -> Result<Vec<String>, LedgerError> {
        let txn = self.core.store.read()?;
        let keys = guarded(|| log_keys(&self.core.genesis, &txn))?;
        Ok(keys.rotations().iter().map(|(_, note)| note.to_string()).collect())
    }

    /// Signs the text of a pack's `manifest.note` with the log key. No other text is signed: above all none that reads as a checkpoint.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`]; [`LedgerError::Damaged`] for any other text.
    pub fn sign_manifest(&self, text: &str) -> Result<String, LedgerError> {
        let writer = self.writer.as_ref().ok_or(LedgerError::ReadOnly)?;
        let second = text.strip_prefix(MANIFEST).and_then(|rest| rest.lines().next());
        if second != Some(self.core.genesis.origin()) || transparency::Checkpoint::parse(text).is_ok() {
            return Err(damaged("this is not the text over a pack's manifest"));
        }
        let note = Note::sign(text, &[&writer.signer]).map_err(|error| damaged(error.to_string()))?;
        Ok(note.to_string())
    }
}
