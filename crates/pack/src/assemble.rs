//! The entries of a pack, from its contents: JSON, bytes, digests, and the manifest that the log signs.
//! It refuses to sign: the text to be signed goes out, the signed note comes back.

use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use crate::archive::{self, PackError};
use crate::contents::{Contents, What};
use crate::cover;

/// A pack ready to be written.
#[derive(Debug)]
pub struct Assembled {
    entries: Vec<(&'static str, Vec<u8>)>,
    len: u64,
}

impl Assembled {
    /// Length of the file, in bytes.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// A pack is never empty.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Writes the file: the same contents give the same bytes.
    ///
    /// # Errors
    /// Those of the writer.
    pub fn write(&self, to: impl Write) -> io::Result<()> {
        archive::write(&self.entries, to)
    }

    /// SHA-256 of the file, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut hasher = Hasher(Sha256::new());
        // Hashing does not fail.
        let _ = self.write(&mut hasher);
        hex(&hasher.0.finalize())
    }
}

struct Hasher(Sha256);

impl Write for Hasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text of `manifest.note`: what the log's key signs over a pack.
pub fn manifest_note_text(origin: &str, manifest_digest: &[u8; 32]) -> String {
    format!("countersign pack v1\n{origin}\nsha256 {}\n", hex(manifest_digest))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[derive(Serialize)]
struct Manifest<'a> {
    schema: &'static str,
    ledger: LedgerJson<'a>,
    tree: Tree,
    scope: ScopeJson<'a>,
    complete: Option<Range>,
    cut: Cut<'a>,
    today: &'a str,
    rule_set: &'a str,
    part2: bool,
    counts: Counts,
    entries: Vec<EntryJson>,
}

#[derive(Serialize)]
struct LedgerJson<'a> {
    origin: &'a str,
    id: String,
    simulated: bool,
}

#[derive(Serialize)]
struct Tree {
    size: u64,
    root: String,
}

#[derive(Serialize)]
struct ScopeJson<'a> {
    kind: &'static str,
    ids: &'a [String],
    words: &'a str,
}

#[derive(Serialize)]
struct Range {
    from: u64,
    to: u64,
}

#[derive(Serialize)]
struct Cut<'a> {
    seq: u64,
    recorded_at: &'a str,
}

#[derive(Serialize)]
struct Counts {
    frames: u64,
    bodies: u64,
    keys: u64,
    findings: u64,
    redactions: u64,
}

#[derive(Serialize)]
struct EntryJson {
    name: &'static str,
    bytes: u64,
    sha256: String,
}

#[derive(Serialize)]
struct Consistency {
    schema: &'static str,
    from: Vec<EarlierJson>,
}

#[derive(Serialize)]
struct EarlierJson {
    size: u64,
    root: String,
    path: Vec<String>,
}

#[derive(Serialize)]
struct Rotations<'a> {
    schema: &'static str,
    statements: &'a [String],
}

#[derive(Serialize)]
struct Keys {
    schema: &'static str,
    keys: Vec<KeyJson>,
}

#[derive(Serialize)]
struct KeyJson {
    seq: u64,
    subject: String,
    key: String,
}

#[derive(Serialize)]
struct Redactions<'a> {
    schema: &'static str,
    redactions: Vec<RedactionJson>,
    words: &'a [String],
}

#[derive(Serialize)]
struct RedactionJson {
    seq: u64,
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<u64>,
    why: &'static str,
}

#[derive(Serialize)]
struct Trailer {
    schema: &'static str,
    frames: u64,
    bodies: u64,
    first: u64,
    last: u64,
    entries: u64,
}

/// Puts a pack together. `sign` is given the text of [`manifest_note_text`] and returns the signed note.
///
/// # Errors
/// [`PackError`], and whatever `sign` returns.
pub fn assemble<E: From<PackError>>(mut contents: Contents, sign: impl FnOnce(&str) -> Result<String, E>) -> Result<Assembled, E> {
    let seqs = contents.frames.seqs();
    let (Some(first), Some(last)) = (seqs.first().copied(), seqs.last().copied()) else {
        return Err(PackError::Parts("there are no frames").into());
    };
    if last >= contents.size {
        return Err(PackError::Parts("a frame lies behind the tree").into());
    }
    let (frames, bodies) = (seqs.len() as u64, contents.frames.bodies());
    let counts = Counts { frames, bodies, keys: contents.keys.len() as u64, findings: contents.finding_count, redactions: contents.redactions.len() as u64 };
    let mut entries = entries(&contents)?;
    // They can be most of the memory, so they are moved, not copied.
    entries.push(("frames.bin", std::mem::take(&mut contents.frames).into_bytes()));
    // Manifest, note and trailer are still to come.
    let trailer = Trailer { schema: "countersign.trailer.v1", frames, bodies, first, last, entries: entries.len() as u64 + 3 };
    entries.push(("trailer.json", json(&trailer)?));
    entries.sort_by_key(|(name, _)| ORDER.iter().position(|known| known == name));
    let manifest = json(&manifest(&contents, counts, &entries))?;
    let note = sign(&manifest_note_text(&contents.ledger.origin, &Sha256::digest(&manifest).into()))?;
    entries.splice(0..0, [("manifest.json", manifest), ("manifest.note", note.into_bytes())]);
    let len = archive::length(&entries)?;
    Ok(Assembled { entries, len })
}

fn manifest<'a>(contents: &'a Contents, counts: Counts, entries: &[(&'static str, Vec<u8>)]) -> Manifest<'a> {
    Manifest {
        schema: "countersign.pack.v1",
        ledger: LedgerJson { origin: &contents.ledger.origin, id: hex(&contents.ledger.id), simulated: contents.ledger.simulated },
        tree: Tree { size: contents.size, root: contents.root.to_string() },
        scope: ScopeJson { kind: contents.scope.kind.as_str(), ids: &contents.scope.ids, words: &contents.scope.words },
        complete: contents.complete.map(|(from, to)| Range { from, to }),
        cut: Cut { seq: contents.cut.0, recorded_at: &contents.cut.1 },
        today: &contents.today,
        rule_set: &contents.rule_set,
        part2: contents.part2,
        counts,
        entries: entries.iter().map(|(name, bytes)| EntryJson { name, bytes: bytes.len() as u64, sha256: hex(&Sha256::digest(bytes)) }).collect(),
    }
}

/// The order of the file.
const ORDER: [&str; 15] = [
    "cover.html",
    "notice.txt",
    "checkpoint.txt",
    "genesis.bin",
    "rotations.json",
    "frames.bin",
    "proof.bin",
    "consistency.json",
    "sample.json",
    "keys.json",
    "findings.json",
    "redactions.json",
    "history/supervision.json",
    "history/credentials.json",
    "trailer.json",
];

fn json(value: &impl Serialize) -> Result<Vec<u8>, PackError> {
    Ok(serde_json::to_vec(value)?)
}

/// Every entry but the frames, the manifest, its note and the trailer.
fn entries(contents: &Contents) -> Result<Vec<(&'static str, Vec<u8>)>, PackError> {
    let mut entries = vec![
        ("cover.html", cover::page(contents).into_bytes()),
        ("checkpoint.txt", contents.checkpoint.clone().into_bytes()),
        ("genesis.bin", contents.genesis.clone()),
        ("proof.bin", contents.proof.iter().flat_map(|hash| hash.0).collect()),
        ("findings.json", contents.findings.clone().into_bytes()),
        ("history/supervision.json", contents.supervision.clone().into_bytes()),
        ("history/credentials.json", contents.credentials.clone().into_bytes()),
    ];
    if contents.part2 {
        entries.push(("notice.txt", format!("{}\n", cover::NOTICE).into_bytes()));
    }
    if !contents.rotations.is_empty() {
        entries.push(("rotations.json", json(&Rotations { schema: "countersign.rotations.v1", statements: &contents.rotations })?));
    }
    if !contents.consistency.is_empty() {
        let from = contents.consistency.iter().map(|earlier| EarlierJson {
            size: earlier.size,
            root: earlier.root.to_string(),
            path: earlier.path.iter().map(ToString::to_string).collect(),
        });
        entries.push(("consistency.json", json(&Consistency { schema: "countersign.consistency.v1", from: from.collect() })?));
    }
    if let Some(sample) = &contents.sample {
        entries.push(("sample.json", sample.clone()));
    }
    let keys = contents.keys.iter().map(|key| KeyJson { seq: key.seq, subject: hex(&key.subject), key: hex(&key.key) });
    entries.push(("keys.json", json(&Keys { schema: "countersign.keys.v1", keys: keys.collect() })?));
    let redactions = contents.redactions.iter().map(|redaction| {
        let (what, field) = match redaction.what {
            What::Body => ("body", None),
            What::Sealed(field) => ("sealed", Some(field)),
        };
        RedactionJson { seq: redaction.seq, what, field, why: redaction.why.as_str() }
    });
    let redactions = Redactions { schema: "countersign.redactions.v1", redactions: redactions.collect(), words: &contents.redaction_words };
    entries.push(("redactions.json", json(&redactions)?));
    Ok(entries)
}
