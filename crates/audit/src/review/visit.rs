//! A visit: whether the ledger behind a verified pack continues the one that the same reviewer met before.
//! It refuses to put an older, an unproven or a contradicting checkpoint in the place of the one on record.

use std::path::{Path, PathBuf};

use domain::KnownAt;
use transparency::{Checkpoint, Note};

use super::pack::Pack;
use super::record::{Folder, Record, recorded};
use crate::error::AuditError;
use crate::words::count;

/// How a pack stands to the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Nothing was on record: key and checkpoint are from now on.
    First,
    /// The same ledger at the same size.
    Same,
    /// It goes on from the one on record.
    Continued,
    /// A pack of an earlier visit: its checkpoint is one of those kept.
    SeenBefore,
    /// It is larger, and nothing in it proves that it goes on from the one on record.
    NotShown,
    /// It is smaller, and not one that was met before.
    Shorter,
    /// It contradicts the one on record.
    Changed,
    /// The key on record is none of its keys.
    OtherKey,
}

impl Outcome {
    /// As JSON writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::First => "first_visit",
            Outcome::Same => "same",
            Outcome::Continued => "continued",
            Outcome::SeenBefore => "seen_before",
            Outcome::NotShown => "not_shown",
            Outcome::Shorter => "shorter",
            Outcome::Changed => "changed",
            Outcome::OtherKey => "other_key",
        }
    }

    /// Whether nothing is wrong.
    pub fn is_good(self) -> bool {
        matches!(self, Outcome::First | Outcome::Same | Outcome::Continued | Outcome::SeenBefore)
    }
}

/// What a visit found.
#[derive(Debug, Clone)]
pub struct Visit {
    /// How the pack stands to the record.
    pub outcome: Outcome,
    /// The same in one sentence.
    pub sentence: String,
    /// What was on record before.
    pub before: Option<Record>,
    /// What the agency should run, where a proof is missing.
    pub ask: Option<String>,
    /// The checkpoint to hand to the agency next time.
    pub keep: PathBuf,
    /// The checkpoints that do not go together.
    pub evidence: Vec<PathBuf>,
}

/// Compares a verified pack with the record in `dir` and, where it continues it, brings the record up to it.
///
/// # Errors
/// A record that cannot be read or written.
pub fn visit(dir: &Path, pack: &Pack<'_>, key_given: bool, now: KnownAt) -> Result<Visit, AuditError> {
    let origin = pack.origin();
    let folder = Folder::open(dir, origin)?;
    let before = recorded(dir, origin)?;
    let size = pack.manifest.tree.size;
    let here = Record::new(origin, pack.vkey(), key_given, now, (size, pack.root.to_string()), pack.checkpoint);
    let Some(old) = before else {
        folder.write(&here)?;
        return Ok(Visit { outcome: Outcome::First, sentence: first(&here), before: None, ask: None, keep: folder.checkpoint(size), evidence: Vec::new() });
    };
    let outcome = outcome(pack, &old, &folder);
    let kept = if outcome == Outcome::Changed { folder.kept(size) } else { None };
    if matches!(outcome, Outcome::Same | Outcome::Continued) {
        folder.write(&Record { first_visit: old.first_visit.clone(), key_given: key_given || old.key_given, ..here })?;
    }
    let evidence = match outcome {
        Outcome::Shorter | Outcome::Changed | Outcome::OtherKey => folder.evidence(&kept.unwrap_or_else(|| old.checkpoint.clone()), pack.checkpoint)?,
        Outcome::First | Outcome::Same | Outcome::Continued | Outcome::SeenBefore | Outcome::NotShown => Vec::new(),
    };
    let newest = if outcome == Outcome::Continued { size } else { old.size };
    let keep = folder.checkpoint(newest);
    let ask = (outcome == Outcome::NotShown || outcome == Outcome::Shorter).then(|| format!("countersign pack create --since {} -o FILE", keep.file_name().unwrap_or_default().display()));
    Ok(Visit { outcome, sentence: sentence(outcome, &old, size), before: Some(old), ask, keep, evidence })
}

fn outcome(pack: &Pack<'_>, old: &Record, folder: &Folder) -> Outcome {
    let size = pack.manifest.tree.size;
    if !pack.keys.keys().any(|key| key.to_string() == old.vkey) {
        return Outcome::OtherKey;
    }
    if size < old.size {
        let kept = folder.kept(size).and_then(|text| Note::parse(text.as_bytes()).ok()).and_then(|note| Checkpoint::parse(note.text()).ok());
        return match kept {
            Some(checkpoint) if checkpoint.root() == pack.root => Outcome::SeenBefore,
            Some(_) => Outcome::Changed,
            None => Outcome::Shorter,
        };
    }
    match pack.root_at(old.size) {
        None => Outcome::NotShown,
        Some(root) if root.to_string() != old.root => Outcome::Changed,
        Some(_) if size == old.size => Outcome::Same,
        Some(_) => Outcome::Continued,
    }
}

fn first(record: &Record) -> String {
    let trust = if record.key_given {
        "the key you gave and this checkpoint are on record from now on"
    } else {
        "the pack's own key is believed on first use and on record from now on: compare it with the agency's by another way than this pack"
    };
    format!("First visit to {} ({}): {trust}.", record.origin, count(record.size, "event"))
}

fn sentence(outcome: Outcome, old: &Record, size: u64) -> String {
    let last = format!("your last visit on {} (size {})", old.last_day(), old.size);
    match outcome {
        Outcome::First => first(old),
        Outcome::Same => format!("Nothing was removed since {last}, and nothing was added."),
        Outcome::Continued => format!("Nothing was removed since {last}; {} added.", if size - old.size == 1 { "1 event was".to_owned() } else { format!("{} were", count(size - old.size, "event")) }),
        Outcome::SeenBefore => format!("This pack (size {size}) is older than {last}, and its checkpoint is one you met before; it says nothing about what came since."),
        Outcome::NotShown => format!("It cannot be told whether anything was removed since {last}: the pack carries no proof from size {}, and whoever rewrote history would leave it out.", old.size),
        Outcome::Shorter => format!("The ledger of this pack has {}, fewer than at {last}: events were removed, or the pack was made before that visit.", count(size, "event")),
        Outcome::Changed => format!("HISTORY WAS CHANGED: the ledger of this pack does not hold the events that were signed at {last}."),
        Outcome::OtherKey => format!("ANOTHER KEY: this pack claims to be of {}, but the key on record since {} is none of its keys.", old.origin, KnownAt::parse(&old.first_visit).map_or_else(|| old.first_visit.clone(), |at| at.local_day().to_string())),
    }
}
