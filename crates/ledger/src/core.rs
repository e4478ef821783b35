//! What reading and writing share: the open files, the genesis, the people, and where a ledger's head is stored.
//! It refuses to hold anything that an append changes; that is the writer's [`crate::batch::Edge`].

use std::sync::PoisonError;

use chain::{Genesis, Link};
use domain::KnownAt;
use transparency::{Hash, KeyChain, Note, Verifier};

use crate::block::Frame;
use crate::directory::Directory;
use crate::error::{LedgerError, damaged};
use crate::growth::Growth;
use crate::people::{People, Resolver};
use crate::store::{Rows, Store};
use crate::wire::seals::{Place, Unreadable};
use crate::wire::v1;

/// Where a ledger stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    /// Number of events; the last one is at `size - 1`.
    pub size: u64,
    /// Root of the RFC 6962 tree over all frame headers.
    pub root: Hash,
    /// Link of the last header: what the next one will state.
    pub link: Link,
    /// When the last event was recorded.
    pub recorded_at: KnownAt,
}

/// The parts of an open ledger that do not change.
pub(crate) struct Core {
    pub(crate) directory: Directory,
    pub(crate) store: Store,
    pub(crate) genesis: Genesis,
    pub(crate) people: People,
    /// The log keys as of the opening of the files; [`log_keys`] reads those of a transaction.
    pub(crate) keys: KeyChain,
}

impl Core {
    pub(crate) fn place(&self, seq: u64, frame: &Frame<'_>) -> Place {
        Place { ledger_id: self.genesis.ledger_id(), seq, recorded_at: frame.recorded_at, tag: frame.tag, schema: frame.schema }
    }

    pub(crate) fn has_unflushed(&self) -> bool {
        self.people.vault.read().unwrap_or_else(PoisonError::into_inner).has_unflushed()
    }

    pub(crate) fn flush_vault(&self) -> Result<(), LedgerError> {
        let mut vault = self.people.vault.write().unwrap_or_else(PoisonError::into_inner);
        if vault.has_unflushed() { Ok(vault.flush()?) } else { Ok(()) }
    }
}

/// The keys of the log as the database tells them: the first from the genesis, each further one introduced by a statement that both signed.
pub(crate) fn log_keys(genesis: &Genesis, rows: &dyn Rows) -> Result<KeyChain, LedgerError> {
    let first = Verifier::new(genesis.origin(), genesis.log_public_key()).map_err(|error| damaged(error.to_string()))?;
    let mut keys = KeyChain::new(first);
    let row = rows.meta(ROTATIONS)?.unwrap_or_default();
    let mut rest = row.as_slice();
    while !rest.is_empty() {
        let (len, after) = rest.split_first_chunk::<4>().ok_or_else(|| damaged("the list of key rotations is not whole"))?;
        let len = usize::try_from(u32::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let (note, after) = after.split_at_checked(len).ok_or_else(|| damaged("the list of key rotations is not whole"))?;
        let note = Note::parse(note).map_err(|error| damaged(format!("a key rotation: {error}")))?;
        keys.extend(note).map_err(|error| damaged(format!("a key rotation: {error}")))?;
        rest = after;
    }
    Ok(keys)
}

/// What [`log_keys`] reads.
pub(crate) fn rotations_bytes(keys: &KeyChain) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (_, note) in keys.rotations() {
        let note = note.to_string();
        // A statement is a few hundred bytes.
        bytes.extend_from_slice(&(note.len() as u32).to_le_bytes());
        bytes.extend_from_slice(note.as_bytes());
    }
    bytes
}

/// The row of `meta` that holds the statements.
pub(crate) const ROTATIONS: &str = "rotations";

/// Reads the event of a frame.
pub(crate) fn read_event(place: Place, payload: &[u8], resolver: &mut Resolver<'_>) -> Result<Result<v1::Read, Unreadable>, LedgerError> {
    if place.schema != v1::SCHEMA {
        return Ok(Err(Unreadable::NotInterpreted));
    }
    let read = v1::restore(payload, place, resolver);
    match resolver.failure.take() {
        Some(failure) => Err(failure),
        None => Ok(read),
    }
}

/// The `head` row: size, recorded_at, link, root.
pub(crate) fn head_bytes(growth: &Growth) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(80);
    bytes.extend_from_slice(&growth.chain.next_seq.to_le_bytes());
    bytes.extend_from_slice(&growth.chain.recorded_at.to_le_bytes());
    bytes.extend_from_slice(&growth.chain.link.0);
    bytes.extend_from_slice(&growth.tree.root().0);
    bytes
}

pub(crate) fn read_head(rows: &dyn Rows) -> Result<Head, LedgerError> {
    let row = rows.meta("head")?.ok_or_else(|| damaged("the head is missing"))?;
    let row: &[u8; 80] = row.as_slice().try_into().map_err(|_| damaged("the head is not whole"))?;
    let (size, rest) = row.split_at(8);
    let (recorded_at, rest) = rest.split_at(8);
    let (link, root) = rest.split_at(32);
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0u64, |n, byte| (n << 8) | u64::from(*byte));
    let hash = |bytes: &[u8]| {
        let mut hash = [0; 32];
        hash.copy_from_slice(bytes);
        hash
    };
    Ok(Head {
        size: number(size),
        recorded_at: KnownAt::from_micros(number(recorded_at).cast_signed()),
        link: Link(hash(link)),
        root: Hash(hash(root)),
    })
}
