//! The manifest: what the pack says it is, and the digest of every entry (`FORMAT.md`, "manifest.json and manifest.note").
//! It refuses an entry that is not the one listed; that the list itself is the log's is shown by its signature.

use sha2::{Digest as _, Sha256};
use transparency::Hash;

use crate::archive::Archive;
use crate::json::{self, flag, list, number, object, text, texts};

/// What the manifest says.
#[derive(Debug)]
pub(crate) struct Manifest {
    pub(crate) origin: String,
    pub(crate) id: [u8; 16],
    pub(crate) simulated: bool,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) scope: String,
    pub(crate) complete: Option<(u64, u64)>,
    pub(crate) today: String,
    pub(crate) rule_set: String,
    pub(crate) part2: bool,
    pub(crate) counts: Counts,
}

/// How much the manifest says there is.
#[derive(Debug)]
pub(crate) struct Counts {
    pub(crate) frames: u64,
    pub(crate) bodies: u64,
    pub(crate) keys: u64,
    pub(crate) findings: u64,
    pub(crate) redactions: u64,
}

const KINDS: &[&str] = &["claim", "sample", "person", "individual", "contact", "finding", "range", "everything"];

/// Entries the manifest cannot list: itself, and the signature over it.
const UNLISTED: [&str; 2] = ["manifest.json", "manifest.note"];

impl Manifest {
    /// Reads it and compares every entry with it.
    ///
    /// # Errors
    /// What does not agree.
    pub(crate) fn read(archive: &Archive<'_>) -> Result<Self, String> {
        let bytes = archive.get("manifest.json").ok_or("there is no manifest")?;
        let value = json::read_as("manifest.json", bytes, "countersign.pack.v1")?;
        let manifest = Self::fields(&value).map_err(|error| format!("manifest.json: {error}"))?;
        compare_entries(archive, list(&value, "entries")?)?;
        let notice = archive.get("notice.txt").is_some();
        if manifest.part2 != notice {
            return Err(if notice { "there is a notice on records that the manifest does not say are there".into() } else { "the notice on redisclosure (42 CFR 2.32) is missing".into() });
        }
        Ok(manifest)
    }

    fn fields(value: &serde_json::Value) -> Result<Self, String> {
        let ledger = object(value, "ledger")?;
        let tree = object(value, "tree")?;
        let scope = object(value, "scope")?;
        let kind = text(scope, "kind")?;
        if !KINDS.contains(&kind) {
            return Err("the scope is of no known kind".into());
        }
        texts(scope, "ids")?;
        let complete = match value.get("complete") {
            Some(serde_json::Value::Null) => None,
            Some(range) => Some((number(range, "from")?, number(range, "to")?)),
            None => return Err("`complete` is missing".into()),
        };
        if complete.is_some() != matches!(kind, "range" | "everything") {
            return Err("the scope and `complete` do not go together".into());
        }
        let cut = object(value, "cut")?;
        number(cut, "seq")?;
        text(cut, "recorded_at")?;
        let counts = object(value, "counts")?;
        let counts = Counts {
            frames: number(counts, "frames")?,
            bodies: number(counts, "bodies")?,
            keys: number(counts, "keys")?,
            findings: number(counts, "findings")?,
            redactions: number(counts, "redactions")?,
        };
        Ok(Self {
            origin: text(ledger, "origin")?.to_owned(),
            id: json::bytes(text(ledger, "id")?).ok_or("`id` is not 32 hexadecimal digits")?,
            simulated: flag(ledger, "simulated")?,
            size: number(tree, "size")?,
            root: Hash::from_base64(text(tree, "root")?).ok_or("`root` is not 32 bytes in base64")?,
            scope: text(scope, "words")?.to_owned(),
            complete,
            today: text(value, "today")?.to_owned(),
            rule_set: text(value, "rule_set")?.to_owned(),
            part2: flag(value, "part2")?,
            counts,
        })
    }
}

fn compare_entries(archive: &Archive<'_>, listed: &[serde_json::Value]) -> Result<(), String> {
    let mut entries = archive.entries.iter().filter(|entry| !UNLISTED.contains(&entry.name));
    for item in listed {
        let name = text(item, "name")?;
        let entry = entries.next().filter(|entry| entry.name == name).ok_or("the manifest does not list the entries that are there")?;
        let stated = json::bytes(text(item, "sha256")?).ok_or("a `sha256` is not 64 hexadecimal digits")?;
        let digest: [u8; 32] = Sha256::digest(entry.bytes).into();
        if number(item, "bytes")? != entry.bytes.len() as u64 || digest != stated {
            return Err(format!("{name} is not the one that the manifest lists: it was changed"));
        }
    }
    if entries.next().is_some() { Err("there is an entry that the manifest does not list".into()) } else { Ok(()) }
}
