//! What vouches for the pack from outside: checkpoints that the reviewer kept, and witnesses whose keys he knows.
//! It refuses a checkpoint that the pack is not shown to continue, whether by its fault or by a proof that was left out.

use transparency::{Hash, verify_consistency};

use crate::Given;
use crate::evidence::Evidence;
use crate::json::{self, list, number, text};
use crate::proof::root_of_first;
use crate::report::{Report, count};

/// An earlier tree that the pack proves to be a part of its own.
struct Earlier {
    size: u64,
    root: Hash,
}

/// Checks the consistency proofs, every checkpoint given, and the cosignatures.
pub(crate) fn check(evidence: &Evidence<'_>, given: &Given, report: &mut Report) -> Option<()> {
    let mut earlier = Vec::new();
    if let Some(bytes) = evidence.archive.get("consistency.json") {
        let read = proofs(bytes, evidence).map(|found| {
            let words = format!("{} proved to be a part of this one", count(found.len() as u64, "earlier tree"));
            (found, words)
        });
        earlier = report.step("consistency", "the tree continues the earlier ones the pack names").ended(read)?;
    }
    const WHAT: &str = "the tree continues the checkpoints you kept";
    if given.checkpoints.is_empty() {
        report.step("outside", WHAT).not_checked("no checkpoint from outside was given: whoever has the key could have rewritten everything before this pack was made");
    }
    for (whose, bytes) in &given.checkpoints {
        let compared = compare(bytes, evidence, &earlier).map_err(|error| format!("{whose}: {error}"));
        let size = report.step("outside", WHAT).ended(compared.map(|size| (size, format!("{whose}: the first {} are the same ones", count(size, "event")))))?;
        if report.told.anchor.as_ref().is_none_or(|(_, best)| *best < size) {
            report.told.anchor = Some((whose.clone(), size));
        }
    }
    witnesses(evidence, given, report)
}

fn proofs(bytes: &[u8], evidence: &Evidence<'_>) -> Result<Vec<Earlier>, String> {
    let value = json::read_as("consistency.json", bytes, "countersign.consistency.v1")?;
    let mut found: Vec<Earlier> = Vec::new();
    for item in list(&value, "from")? {
        let size = number(item, "size")?;
        let hash = |text: &str| Hash::from_base64(text).ok_or("consistency.json: a hash is not 32 bytes in base64".to_owned());
        let root = hash(text(item, "root")?)?;
        let path = list(item, "path")?;
        if path.len() > transparency::MAX_PROOF_LEN {
            return Err("consistency.json: a path is too long".into());
        }
        let path = path.iter().map(|item| hash(item.as_str().unwrap_or_default())).collect::<Result<Vec<_>, _>>()?;
        if found.last().is_some_and(|before| before.size >= size) {
            return Err("consistency.json: the trees are not in ascending order".into());
        }
        verify_consistency(size, &root, evidence.manifest.size, &evidence.manifest.root, &path)
            .map_err(|_| format!("consistency.json: the tree of {} is not shown to be a part of this one", count(size, "event")))?;
        found.push(Earlier { size, root });
    }
    Ok(found)
}

/// The size of a checkpoint that this tree continues.
fn compare(bytes: &[u8], evidence: &Evidence<'_>, earlier: &[Earlier]) -> Result<u64, String> {
    let (checkpoint, _) = evidence.keys.open(bytes).map_err(|error| error.to_string())?;
    let (size, root) = (checkpoint.size(), checkpoint.root());
    let manifest = &evidence.manifest;
    if size == 0 {
        return Ok(0);
    }
    if size > manifest.size {
        return Err(format!(
            "it covers {} and the pack {}: the pack is older than the checkpoint, or events were removed; ask for a pack that is newer",
            count(size, "event"),
            manifest.size
        ));
    }
    let proved = if size == manifest.size {
        Some(manifest.root)
    } else {
        earlier.iter().find(|tree| tree.size == size).map(|tree| tree.root).or_else(|| root_of_first(&evidence.frames.leaves, size))
    };
    match proved {
        Some(proved) if proved == root => Ok(size),
        Some(_) => Err(format!("the first {} are not the ones it was signed over: history was rewritten", count(size, "event"))),
        None => Err(format!("the pack does not show that it continues it; ask for a pack made with this checkpoint (over {}), `pack create --since`", count(size, "event"))),
    }
}

fn witnesses(evidence: &Evidence<'_>, given: &Given, report: &mut Report) -> Option<()> {
    let lines = evidence.note.signatures().len() as u64 - 1;
    let step = report.step("witnesses", "witnesses saw this tree");
    if given.witnesses.is_empty() {
        let words = match lines {
            0 => "the checkpoint carries no other signature than the log's".to_owned(),
            n => format!("the checkpoint carries {}, and no witness's key was given (--witness)", count(n, "further signature")),
        };
        step.not_checked(words);
        return Some(());
    }
    let mut seen: Vec<(String, u64)> = Vec::new();
    let mut refused = None;
    for witness in &given.witnesses {
        match witness.cosigned(&evidence.note) {
            Ok(Some(time)) => seen.push((witness.name().to_owned(), time)),
            Ok(None) => {}
            Err(error) => refused = Some(error.to_string()),
        }
    }
    let earliest = seen.iter().map(|(_, time)| *time).min();
    let names = seen.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    let earliest = step.ended(match (refused, earliest) {
        (Some(error), _) => Err(format!("checkpoint.txt: {error}")),
        (None, None) => Err("none of the witnesses whose keys were given cosigned this checkpoint".into()),
        (None, Some(time)) => Ok((time, format!("{} of {} cosigned it: {names}", seen.len(), given.witnesses.len()))),
    })?;
    report.told.witnessed = Some(earliest);
    Some(())
}
