//! The evidence of a pack: frames with and without contents, the event keys of what may be opened, and the proofs up to the root.
//! Refuses to open a birth date that no finding rests on, and lists everything it keeps closed.

use std::collections::{BTreeMap, BTreeSet};

use domain::Seq;
use ledger::{Head, Ledger, LedgerError};
use pack::{Earlier, EventKey, Frames, Redaction, What, Why, frame_proof};
use transparency::{Checkpoint, Hash, Note, ProofError, TILE_WIDTH, TileId, consistency_proof};

use crate::error::AuditError;

/// Which sealed values may be opened.
#[derive(Debug)]
pub(crate) enum Opening {
    /// Every one that still can be.
    All,
    /// Those of these individuals, credential and licence numbers, and staff birth dates that a finding rests on.
    Of {
        /// Pseudonyms.
        individuals: BTreeSet<[u8; 16]>,
        /// Evidence of the findings.
        evidence: BTreeSet<Seq>,
    },
}

// Numbers of event types with sealed values of staff (PAYLOADS.md).
const BIRTH_DATE: u16 = 7;
const NUMBERED: [u16; 2] = [9, 17];

/// Frames, keys and what was left out.
#[derive(Debug, Default)]
pub(crate) struct Disclosed {
    pub(crate) frames: Frames,
    pub(crate) keys: Vec<EventKey>,
    pub(crate) redactions: Vec<Redaction>,
    /// Pseudonyms whose names are told.
    pub(crate) introduced: BTreeSet<[u8; 16]>,
}

/// Takes the frames out of the ledger.
pub(crate) fn frames(ledger: &Ledger, seqs: &[Seq], withheld: &BTreeSet<Seq>, opening: &Opening) -> Result<Disclosed, AuditError> {
    let mut disclosed = Disclosed::default();
    let mut failure: Option<LedgerError> = None;
    ledger.frames(seqs, |frame| {
        let seq = frame.seq;
        if withheld.contains(&seq) {
            disclosed.frames.push(&frame.header, None);
            disclosed.redactions.push(Redaction { seq: seq.0, what: What::Body, why: Why::OtherPeople });
            return;
        }
        disclosed.frames.push(&frame.header, Some(&frame.body));
        let values = match ledger.sealed_values(&frame) {
            Ok(values) => values,
            Err(error) => {
                failure.get_or_insert(error);
                return;
            }
        };
        let tag = u16::from_le_bytes([frame.header[34], frame.header[35]]);
        for value in values {
            let wanted = match opening {
                Opening::All => true,
                Opening::Of { individuals, evidence } => {
                    individuals.contains(&value.subject) || NUMBERED.contains(&tag) || (tag == BIRTH_DATE && evidence.contains(&seq))
                }
            };
            let why = match (wanted, value.key) {
                (_, None) => Why::Erased,
                (false, Some(_)) => Why::NotNeeded,
                (true, Some(key)) => {
                    let key = EventKey { seq: seq.0, subject: value.subject, key };
                    if !disclosed.keys.contains(&key) {
                        disclosed.keys.push(key);
                    }
                    if value.introduces {
                        disclosed.introduced.insert(value.subject);
                    }
                    continue;
                }
            };
            disclosed.redactions.push(Redaction { seq: seq.0, what: What::Sealed(value.place), why });
        }
    })?;
    if let Some(error) = failure {
        return Err(error.into());
    }
    disclosed.keys.sort();
    disclosed.redactions.sort();
    Ok(disclosed)
}

/// The proof of the frames, and from each earlier size to the head.
pub(crate) fn proofs(ledger: &Ledger, frames: &Frames, head: &Head, earlier: &BTreeSet<u64>) -> Result<(Vec<Hash>, Vec<Earlier>), AuditError> {
    let mut tiles = Tiles { ledger, last: BTreeMap::new() };
    let proof = frame_proof(frames.seqs(), head.size, |level, index| tiles.hash(level, index))?;
    let mut continued = Vec::new();
    for size in earlier.iter().copied().filter(|size| *size > 0 && *size <= head.size) {
        let path = consistency_proof(size, head.size, |level, index| tiles.hash(level, index)).map_err(|error| match error {
            ProofError::OutOfRange => AuditError::asked("the earlier checkpoint is larger than the ledger", "events were removed, or it is another ledger's"),
            ProofError::Read(error) => error.into(),
        })?;
        let root = transparency::root(size, |level, index| tiles.hash(level, index))?;
        continued.push(Earlier { size, root, path });
    }
    Ok((proof, continued))
}

/// The last tile read of each level: neighbours are asked for one after another.
struct Tiles<'l> {
    ledger: &'l Ledger,
    last: BTreeMap<u8, (u64, Vec<Hash>)>,
}

impl Tiles<'_> {
    fn hash(&mut self, level: u8, index: u64) -> Result<Hash, LedgerError> {
        let id = TileId { level, index: index / TILE_WIDTH as u64 };
        let place = (index % TILE_WIDTH as u64) as usize;
        if let Some((_, tile)) = self.last.get(&level).filter(|(at, tile)| *at == id.index && place < tile.len()) {
            return Ok(tile[place]);
        }
        let tile = self.ledger.tile(id)?;
        let hash = tile.get(place).copied().ok_or_else(|| LedgerError::Damaged(format!("{} has no hash {place}", id.path(TILE_WIDTH))))?;
        self.last.insert(level, (id.index, tile));
        Ok(hash)
    }
}

/// The checkpoint to put in: the one just signed, with the cosignatures of witnesses that saw this very tree.
pub(crate) fn with_cosignatures(ledger: &Ledger, signed: String) -> Result<String, AuditError> {
    let Ok(mut note) = Note::parse(signed.as_bytes()) else { return Ok(signed) };
    for cosigned in ledger.cosigned()? {
        if cosigned.note.text() != note.text() {
            continue;
        }
        for line in cosigned.note.signatures().iter().filter(|line| cosigned.witness.made(line)) {
            if let Ok(more) = note.clone().with_signature(line.clone()) {
                note = more;
            }
        }
    }
    Ok(note.to_string())
}

/// The size of a checkpoint that the recipient has, after it was compared with the ledger.
pub(crate) fn earlier(ledger: &Ledger, bytes: &[u8], whose: &str) -> Result<u64, AuditError> {
    let note = Note::parse(bytes).map_err(|error| AuditError::asked(format!("{whose}: {error}"), "give the checkpoint as it was handed out"))?;
    let checkpoint = Checkpoint::parse(note.text()).map_err(|error| AuditError::asked(format!("{whose}: {error}"), "give the checkpoint as it was handed out"))?;
    let head = ledger.head()?;
    if checkpoint.origin() != ledger.genesis().origin() {
        return Err(AuditError::asked(format!("{whose} is a checkpoint of {}", checkpoint.origin()), "a pack continues checkpoints of its own ledger only"));
    }
    let mut tree = ledger.tree()?;
    let root = if checkpoint.size() <= head.size { Some(transparency::root(checkpoint.size(), |level, index| tree.hash(level, index))?) } else { None };
    if root != Some(checkpoint.root()) {
        return Err(AuditError::Evidence(format!("{whose}: this ledger does not continue that checkpoint over {} events; `countersign verify --against` says more", checkpoint.size())));
    }
    Ok(checkpoint.size())
}
