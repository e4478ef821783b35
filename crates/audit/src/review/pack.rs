//! What a review needs out of a pack that a verifier passed: manifest, keys, frames, earlier trees, findings.
//! It refuses to check anything that the verifier checked: whoever calls this has its word for it.

use std::collections::{BTreeMap, BTreeSet};

use chain::{Genesis, HEADER_LEN, Header, LedgerId};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use transparency::{Hash, KeyChain, Note, Verifier};

use crate::error::AuditError;

/// One frame: its header as bytes and fields, and its body if it was not left out.
pub(crate) struct Frame<'a> {
    pub(crate) bytes: &'a [u8; HEADER_LEN],
    pub(crate) header: Header,
    pub(crate) body: Option<&'a [u8]>,
}

/// A pack taken apart.
pub struct Pack<'a> {
    pub(crate) ledger_id: LedgerId,
    pub(crate) manifest: Manifest,
    pub(crate) root: Hash,
    pub(crate) keys: KeyChain,
    pub(crate) checkpoint: &'a str,
    pub(crate) frames: Vec<Frame<'a>>,
    /// Earlier trees that this one was shown to continue, by size.
    pub(crate) earlier: BTreeMap<u64, Hash>,
    pub(crate) event_keys: BTreeMap<(u64, [u8; 16]), [u8; 32]>,
    /// Sealed values that nobody can open any more, by seq and place.
    pub(crate) erased: BTreeSet<(u64, u64)>,
    /// Whether something was held back that is not erased.
    pub(crate) withheld: bool,
    pub(crate) findings: Value,
}

#[derive(Deserialize)]
pub(crate) struct Manifest {
    pub(crate) ledger: Named,
    pub(crate) tree: Tree,
    pub(crate) scope: Scope,
    pub(crate) complete: Option<Range>,
    pub(crate) cut: Cut,
    pub(crate) today: String,
    pub(crate) rule_set: String,
}

#[derive(Deserialize)]
pub(crate) struct Named {
    pub(crate) origin: String,
    pub(crate) simulated: bool,
}

#[derive(Deserialize)]
pub(crate) struct Tree {
    pub(crate) size: u64,
    root: String,
}

#[derive(Deserialize)]
pub(crate) struct Scope {
    pub(crate) kind: String,
}

#[derive(Deserialize)]
pub(crate) struct Range {
    pub(crate) from: u64,
    pub(crate) to: u64,
}

#[derive(Deserialize)]
pub(crate) struct Cut {
    pub(crate) seq: u64,
}

#[derive(Deserialize)]
struct Rotations {
    statements: Vec<String>,
}

#[derive(Deserialize)]
struct Consistency {
    from: Vec<Tree>,
}

#[derive(Deserialize)]
struct Keys {
    keys: Vec<Key>,
}

#[derive(Deserialize)]
struct Key {
    seq: u64,
    subject: String,
    key: String,
}

#[derive(Deserialize)]
struct Redactions {
    redactions: Vec<Redaction>,
}

#[derive(Deserialize)]
struct Redaction {
    seq: u64,
    field: Option<u64>,
    why: String,
}

fn broken(what: impl std::fmt::Display) -> AuditError {
    AuditError::Evidence(format!("the pack cannot be read: {what}"))
}

fn hash(text: &str) -> Result<Hash, AuditError> {
    Hash::from_base64(text).ok_or_else(|| broken("a hash is not 32 bytes in base64"))
}

fn digits<const N: usize>(hex: &str) -> Result<[u8; N], AuditError> {
    let wrong = || broken("a key is not written in hexadecimal digits");
    let mut bytes = [0; N];
    if hex.len() != 2 * N {
        return Err(wrong());
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = hex.get(2 * at..2 * at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()).ok_or_else(wrong)?;
    }
    Ok(bytes)
}

impl<'a> Pack<'a> {
    /// Takes apart the entries of a pack, given by name. They were verified before.
    ///
    /// # Errors
    /// [`AuditError::Evidence`] for what no verified pack has.
    pub fn read(entries: &[(&str, &'a [u8])]) -> Result<Self, AuditError> {
        let optional = |name: &str| entries.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes);
        let entry = |name: &str| optional(name).ok_or_else(|| broken(format!("{name} is missing")));
        let manifest: Manifest = json(entry("manifest.json")?)?;
        let genesis = Genesis::from_bytes(entry("genesis.bin")?).map_err(broken)?;
        let redactions: Redactions = json(entry("redactions.json")?)?;
        let keys: Keys = json(entry("keys.json")?)?;
        let consistency: Option<Consistency> = optional("consistency.json").map(json).transpose()?;
        let erased = redactions.redactions.iter().filter(|redaction| redaction.why == "erased").filter_map(|redaction| Some((redaction.seq, redaction.field?)));
        Ok(Self {
            ledger_id: genesis.ledger_id(),
            root: hash(&manifest.tree.root)?,
            keys: chain_of_keys(&genesis, optional("rotations.json"))?,
            checkpoint: std::str::from_utf8(entry("checkpoint.txt")?).map_err(broken)?,
            frames: frames(entry("frames.bin")?)?,
            earlier: consistency.map_or(Ok(BTreeMap::new()), |given| given.from.iter().map(|tree| Ok((tree.size, hash(&tree.root)?))).collect::<Result<_, AuditError>>())?,
            event_keys: keys.keys.iter().map(|key| Ok(((key.seq, digits(&key.subject)?), digits(&key.key)?))).collect::<Result<_, AuditError>>()?,
            erased: erased.collect(),
            withheld: redactions.redactions.iter().any(|redaction| redaction.why != "erased"),
            findings: json(entry("findings.json")?)?,
            manifest,
        })
    }

    /// Origin of the ledger.
    pub fn origin(&self) -> &str {
        &self.manifest.ledger.origin
    }

    /// Whether its people are invented.
    pub fn simulated(&self) -> bool {
        self.manifest.ledger.simulated
    }

    /// The key that signed it: the last of the ledger's keys.
    pub fn vkey(&self) -> String {
        self.keys.current().to_string()
    }

    /// The root over the first `size` events, as far as the pack shows it.
    pub(crate) fn root_at(&self, size: u64) -> Option<Hash> {
        if size == self.manifest.tree.size {
            return Some(self.root);
        }
        self.earlier.get(&size).copied().or_else(|| {
            let first = self.frames.get(..usize::try_from(size).ok()?)?;
            // Ascending and distinct, so the last seq tells whether one is missing.
            let whole = first.last().is_some_and(|frame| frame.header.seq + 1 == size);
            whole.then(|| transparency::root_of(&first.iter().map(|frame| transparency::leaf_hash(frame.bytes)).collect::<Vec<_>>()))
        })
    }
}

fn json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AuditError> {
    serde_json::from_slice(bytes).map_err(broken)
}

fn chain_of_keys(genesis: &Genesis, rotations: Option<&[u8]>) -> Result<KeyChain, AuditError> {
    let mut keys = KeyChain::new(Verifier::new(genesis.origin(), genesis.log_public_key()).map_err(broken)?);
    let rotations: Option<Rotations> = rotations.map(json).transpose()?;
    for statement in rotations.iter().flat_map(|rotations| &rotations.statements) {
        keys.extend(Note::parse(statement.as_bytes()).map_err(broken)?).map_err(broken)?;
    }
    Ok(keys)
}

fn frames(bytes: &[u8]) -> Result<Vec<Frame<'_>>, AuditError> {
    let short = || broken("a frame is not whole");
    let mut frames = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (bytes, tail) = rest.split_first_chunk::<HEADER_LEN>().ok_or_else(short)?;
        let header = Header::from_bytes(bytes).map_err(broken)?;
        let (flag, tail) = tail.split_first().ok_or_else(short)?;
        let len = if *flag == 0 { 0 } else { header.body_len as usize };
        let (body, tail) = tail.split_at_checked(len).ok_or_else(short)?;
        frames.push(Frame { bytes, header, body: (*flag != 0).then_some(body) });
        rest = tail;
    }
    Ok(frames)
}
