//! The steps of a check in their order, from the file around the pack to the root that somebody signed.
//! It refuses to go on to what the frames say before it is shown that they are the ledger's.

use chain::Genesis;
use sha2::{Digest as _, Sha256};
use transparency::{Checkpoint, KeyChain, Note, Verifier};

use crate::archive::Archive;
use crate::frames::Frames;
use crate::json::{self, hex, list};
use crate::manifest::Manifest;
use crate::report::{Report, count};
use crate::{Given, content, outside, proof};

/// Everything that the later steps need of the earlier ones.
pub(crate) struct Evidence<'a> {
    pub(crate) archive: Archive<'a>,
    pub(crate) manifest: Manifest,
    pub(crate) frames: Frames<'a>,
    pub(crate) keys: KeyChain,
    pub(crate) note: Note,
}

/// Takes all steps. `None` when it had to end early.
pub(crate) fn check(file: &[u8], given: &Given, report: &mut Report) -> Option<()> {
    report.key_given = given.key.is_some();
    let archive = Archive::read(file);
    let step = report.step("file", "the file is written as a pack is, to the byte");
    let whole = step.ended(match &archive.problem {
        Some(problem) => Err(problem.clone()),
        None => Ok(((), format!("{}, {} bytes", count(archive.entries.len() as u64, "entry").replace("entrys", "entries"), file.len()))),
    });
    if whole.is_none() && (given.first_failure || archive.entries.is_empty()) {
        return None;
    }
    let read = Manifest::read(&archive).map(|manifest| {
        let words = format!("{}; every entry has the SHA-256 listed", manifest.scope);
        (manifest, words)
    });
    let manifest = report.step("manifest", "the manifest lists exactly what is there").ended(read);
    let Some(manifest) = manifest else {
        // Where the damage lies is worth knowing even when the pack is lost.
        if !given.first_failure {
            point_at_frames(&archive, report);
        }
        return None;
    };
    tell(&manifest, report);
    let genesis = report.step("genesis", "the ledger's birth is the one the manifest names").ended(read_genesis(&archive, &manifest))?;
    let frames = report.step("frames", "each record is whole, in order, and linked to the one before it").ended(read_frames(&archive, &genesis, &manifest));
    let frames = frames?;
    report.told.frames = frames.all.len() as u64;
    report.told.bodies = frames.bodies;
    report.told.recorded = frames.recorded;
    let keys = report.step("log_key", "the key is the ledger's").ended(key_chain(&archive, &genesis, given))?;
    report.step("signature", "the log's key signed the manifest, and with it every byte").ended(signature(&archive, &manifest, keys.current()))?;
    let note = report.step("checkpoint", "the log's key signed this size and root").ended(checkpoint(&archive, &manifest, keys.current()))?;
    let proved = proof::check(&frames.leaves, manifest.size, archive.get("proof.bin").unwrap_or_default(), &manifest.root);
    let words = format!("{} stand at their places in the tree of {}", count(frames.all.len() as u64, "record"), count(manifest.size, "event"));
    report.step("tree", "the records lead to that root, each at its place").ended(proved.map(|()| ((), words)))?;
    whole_range(&manifest, &frames, report)?;
    let evidence = Evidence { archive, manifest, frames, keys, note };
    outside::check(&evidence, given, report)?;
    content::check(&evidence, report)
}

/// When the manifest does not agree, says which frame was changed, if it is one.
fn point_at_frames(archive: &Archive<'_>, report: &mut Report) {
    let genesis = archive.get("genesis.bin").and_then(|bytes| Genesis::from_bytes(bytes).ok());
    if let (Some(genesis), Some(bytes)) = (genesis, archive.get("frames.bin")) {
        let read = Frames::read(bytes, &genesis, u64::MAX);
        let words = |frames: Frames<'_>| ((), format!("{}; the change lies elsewhere", count(frames.all.len() as u64, "record")));
        report.step("frames", "each record is whole, in order, and linked to the one before it").ended(read.map(words));
    }
}

fn tell(manifest: &Manifest, report: &mut Report) {
    let told = &mut report.told;
    told.origin = manifest.origin.clone();
    told.simulated = manifest.simulated;
    told.tree = Some((manifest.size, manifest.root.to_string()));
    told.scope = manifest.scope.clone();
    told.complete = manifest.complete;
    told.judged = Some((manifest.today.clone(), manifest.rule_set.clone()));
    told.part2 = manifest.part2;
}

fn read_genesis(archive: &Archive<'_>, manifest: &Manifest) -> Result<(Genesis, String), String> {
    let bytes = archive.get("genesis.bin").ok_or("genesis.bin is missing")?;
    let genesis = Genesis::from_bytes(bytes).map_err(|error| format!("genesis.bin: {error}"))?;
    let same = genesis.origin() == manifest.origin && genesis.ledger_id().0 == manifest.id && genesis.simulated() == manifest.simulated;
    if !same {
        return Err("genesis.bin is of another ledger than the manifest says".into());
    }
    let simulated = if genesis.simulated() { ", simulated: nobody in it exists" } else { "" };
    let words = format!("{}, ledger {}{simulated}", genesis.origin(), genesis.ledger_id());
    Ok((genesis, words))
}

fn read_frames<'a>(archive: &Archive<'a>, genesis: &Genesis, manifest: &Manifest) -> Result<(Frames<'a>, String), String> {
    let frames = Frames::read(archive.get("frames.bin").unwrap_or_default(), genesis, manifest.size)?;
    if frames.all.is_empty() {
        return Err("there is not one record in it".into());
    }
    if frames.at(0).is_none_or(|first| first.body.is_none()) {
        return Err("the first event of the ledger, which ties it to its birth, is not there".into());
    }
    let withheld = frames.all.len() as u64 - frames.bodies;
    let withheld = if withheld == 0 { String::new() } else { format!(", of which {withheld} without their contents") };
    let words = format!("{}{withheld}", count(frames.all.len() as u64, "record"));
    Ok((frames, words))
}

fn key_chain(archive: &Archive<'_>, genesis: &Genesis, given: &Given) -> Result<(KeyChain, String), String> {
    let first = Verifier::new(genesis.origin(), genesis.log_public_key()).map_err(|error| format!("the key in the genesis: {error}"))?;
    let mut keys = KeyChain::new(first);
    if let Some(bytes) = archive.get("rotations.json") {
        let value = json::read_as("rotations.json", bytes, "countersign.rotations.v1")?;
        for statement in list(&value, "statements")? {
            let statement = statement.as_str().ok_or("rotations.json: a statement is not text")?;
            let note = Note::parse(statement.as_bytes()).map_err(|error| format!("rotations.json: {error}"))?;
            keys.extend(note).map_err(|error| format!("rotations.json: {error}"))?;
        }
        if keys.rotations().is_empty() {
            return Err("rotations.json holds no statement".into());
        }
    }
    let changed = match keys.rotations().len() as u64 {
        0 => String::new(),
        n => format!(", through {} signed by the key before", count(n, "change of key").replace("keys", "key")),
    };
    match &given.key {
        None => Ok((keys, format!("no key was given: only the pack's own was used{changed}"))),
        Some(key) if keys.keys().any(|known| known == key) => Ok((keys, format!("the key given is the one this ledger was born with, or one that followed it{changed}"))),
        Some(key) => Err(format!("the key given ({}) is not a key of this ledger", key.name())),
    }
}

fn signature(archive: &Archive<'_>, manifest: &Manifest, key: &Verifier) -> Result<((), String), String> {
    let note = Note::parse(archive.get("manifest.note").unwrap_or_default()).map_err(|error| format!("manifest.note: {error}"))?;
    if note.signatures().len() != 1 {
        return Err("manifest.note has more than one signature".into());
    }
    note.verify(std::slice::from_ref(key)).map_err(|error| format!("manifest.note: {error}"))?;
    let digest = hex(&Sha256::digest(archive.get("manifest.json").unwrap_or_default()));
    if note.text() != format!("countersign pack v1\n{}\nsha256 {digest}\n", manifest.origin) {
        return Err("what the key signed is not this manifest".into());
    }
    Ok(((), format!("signed by {}", key.name())))
}

fn checkpoint(archive: &Archive<'_>, manifest: &Manifest, key: &Verifier) -> Result<(Note, String), String> {
    let bytes = archive.get("checkpoint.txt").unwrap_or_default();
    let (checkpoint, note) = Checkpoint::open(bytes, &manifest.origin, key).map_err(|error| format!("checkpoint.txt: {error}"))?;
    if checkpoint.size() != manifest.size || checkpoint.root() != manifest.root {
        return Err("the checkpoint is over another size or root than the manifest says".into());
    }
    let words = format!("{}, root {}", count(checkpoint.size(), "event"), checkpoint.root());
    Ok((note, words))
}

/// Whether a pack of a range holds all of it; of a selection, that this cannot be known.
fn whole_range(manifest: &Manifest, frames: &Frames<'_>, report: &mut Report) -> Option<()> {
    let step = report.step("completeness", "nothing in the range was left out");
    let Some((from, to)) = manifest.complete else {
        step.not_checked("a selection: the pack cannot prove that nothing belonging to its scope was left out");
        return Some(());
    };
    let first = frames.leaves.partition_point(|(seq, _)| *seq < from);
    let inside = frames.leaves.get(first..).unwrap_or_default().iter().take_while(|(seq, _)| *seq <= to);
    // Seqs ascend and none is twice, so the first that is not the next one is missing.
    let missing = (from..).zip(inside.map(|(seq, _)| Some(*seq)).chain(std::iter::once(None))).find(|(wanted, found)| Some(*wanted) != *found);
    let reached = missing.map_or(from, |(wanted, _)| wanted);
    step.ended(if from > to || to >= manifest.size {
        Err(format!("the range from {from} to {to} is not one in a tree of {}", count(manifest.size, "event")))
    } else if reached <= to {
        Err(format!("seq {reached} was left out of the range from {from} to {to}"))
    } else {
        Ok(((), format!("all {} from seq {from} to seq {to} are here", count(to - from + 1, "record"))))
    })
}
