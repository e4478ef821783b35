//! One pass over a drop folder: whole files are imported in the order of the vocabulary, noted durably, and moved to `done/` or `refused/`.
//! Every step may be the last before a crash: what was imported is already there at the next pass, what was noted is only moved.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use domain::KnownAt;
use import::{Mapping, Problems};
use ledger::Ledger;

use super::journal::{Became, Entry, Journal};
use super::{Settings, sync_folder};
use crate::error::AuditError;
use crate::intake::{Intake, IntakeOptions, import_of, mappings};

/// What became of a file.
#[derive(Debug, Clone)]
pub enum Standing {
    /// Imported.
    Done(Intake),
    /// Refused; nothing of it was appended.
    Refused(Intake),
    /// The same bytes were imported before; only moved.
    Again,
}

/// A file that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// Its name in the folder.
    pub name: String,
    /// Its source.
    pub source: String,
    /// What became of it.
    pub standing: Standing,
    /// Where it is now.
    pub now_at: PathBuf,
}

/// What a pass did.
#[derive(Debug, Clone, Default)]
pub struct Pass {
    /// Files taken, in the order in which they were.
    pub taken: Vec<Taken>,
    /// Files left alone because they are still being written, or cannot be read yet.
    pub waiting: Vec<String>,
}

impl Pass {
    /// Files refused.
    pub fn refused(&self) -> impl Iterator<Item = &Taken> {
        self.taken.iter().filter(|t| matches!(t.standing, Standing::Refused(_)))
    }
}

/// Endings of files that a transfer has not finished.
const UNFINISHED: &[&str] = &["part", "partial", "filepart", "tmp", "temp", "crdownload", "swp"];

const MAX_PROBLEMS: usize = 10_000;

/// Length and time of last change: what must stay for a file to be whole.
type Look = BTreeMap<PathBuf, (u64, Option<SystemTime>)>;

/// Takes every whole file out of `folder`. `settle` waits between the two looks that must see the same.
///
/// # Errors
/// A ledger that cannot be written, is simulated, or a folder in which files cannot be moved. Bad files are no error.
pub fn pass(ledger: &Path, folder: &Path, settings: &Settings, now: KnownAt, settle: &dyn Fn()) -> Result<Pass, AuditError> {
    if Ledger::open_reader(ledger)?.genesis().simulated() {
        let hint = "its clock comes from its files; give them to `countersign import` together";
        return Err(AuditError::asked("a simulated ledger has no drop folder", hint));
    }
    let first = look(folder)?;
    if first.is_empty() {
        return Ok(Pass::default());
    }
    let maps = loaded(settings)?;
    settle();
    let second = look(folder)?;
    let mut pass = Pass::default();
    let mut whole = Vec::new();
    for (path, seen) in &first {
        match second.get(path) {
            Some(again) if again == seen => whole.push(path.clone()),
            Some(_) => pass.waiting.push(name_of(path)),
            None => {}
        }
    }
    let mut journal = Journal::read(ledger)?;
    let (ordered, groups) = in_order(whole, &maps);
    let arrived = Arrived { ledger, folder, settings, groups, now };
    for path in ordered {
        let seen = first.get(&path).copied();
        if let Some(taken) = take(&arrived, &mut journal, &path, seen)? {
            pass.taken.push(taken);
        } else {
            pass.waiting.push(name_of(&path));
        }
    }
    Ok(pass)
}

fn look(folder: &Path) -> Result<Look, AuditError> {
    let mut look = Look::new();
    for entry in fs::read_dir(folder).map_err(AuditError::at(folder))? {
        let path = entry.map_err(AuditError::at(folder))?.path();
        let hidden = name_of(&path).starts_with('.');
        let unfinished = path.extension().is_some_and(|e| UNFINISHED.contains(&e.to_string_lossy().to_ascii_lowercase().as_str()));
        match fs::metadata(&path) {
            Ok(meta) if meta.is_file() && !hidden && !unfinished => {
                look.insert(path, (meta.len(), meta.modified().ok()));
            }
            // Folders stay where they are; a file that is gone was somebody else's to take away.
            Ok(_) | Err(_) => {}
        }
    }
    Ok(look)
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The order in which an import of all of them would read them, so that a correction finds what it corrects; what cannot be read comes last.
/// And the FHIR groups in them: a file is imported alone, and a session in one may name a group in another.
fn in_order(whole: Vec<PathBuf>, maps: &[Mapping]) -> (Vec<PathBuf>, Arc<fhir::Groups>) {
    let mut ordered: Vec<PathBuf> = Vec::new();
    let found = import::discover_mapped(&whole, None, maps);
    let groups = found.groups();
    // A workbook is as many sources as it has sheets that are read.
    for source in found.sources {
        if !ordered.contains(&source.path) {
            ordered.push(source.path);
        }
    }
    let rest: Vec<PathBuf> = whole.into_iter().filter(|path| !ordered.contains(path)).collect();
    ordered.extend(rest);
    (ordered, groups)
}

/// The mappings of the folder. With one that cannot be used no file is taken: it would be refused for what is not its fault.
fn loaded(settings: &Settings) -> Result<Vec<Mapping>, AuditError> {
    let mut problems = Problems::new(1);
    let maps = mappings(&settings.maps, &mut problems, true);
    match problems.kept().first() {
        None => Ok(maps),
        Some(problem) => Err(AuditError::asked(problem.to_string(), "no file is taken from the drop folder until its mappings can be used (maps in drop.toml)")),
    }
}

/// What all files of a pass have in common.
struct Arrived<'p> {
    ledger: &'p Path,
    folder: &'p Path,
    settings: &'p Settings,
    groups: Arc<fhir::Groups>,
    now: KnownAt,
}

fn take(arrived: &Arrived<'_>, journal: &mut Journal, path: &Path, seen: Option<(u64, Option<SystemTime>)>) -> Result<Option<Taken>, AuditError> {
    let Arrived { ledger, folder, settings, groups, now } = arrived;
    let now = *now;
    let name = name_of(path);
    // A file nobody lets us read yet must not keep the others from being taken.
    let Ok(digest) = digest(path) else { return Ok(None) };
    let mut entry = Entry {
        at: now.to_string(),
        digest: format!("blake3:{digest}"),
        name: name.clone(),
        bytes: seen.map_or(0, |(bytes, _)| bytes),
        became: Became::Again,
        read: 0,
        appended: 0,
    };
    let standing = if journal.is_done(&entry.digest) {
        Standing::Again
    } else {
        let options = IntakeOptions { as_type: None, maps: settings.maps.clone(), dry_run: false, partial: false, max_problems: MAX_PROBLEMS, now };
        let intake = import_of(ledger, &[path.to_owned()], &options, groups)?;
        // It grew while it was read: what was good of it is in the ledger, and it comes again when it is whole.
        if look(folder)?.get(path).copied() != seen {
            return Ok(None);
        }
        (entry.read, entry.appended) = (intake.read, if intake.committed { intake.appended } else { 0 });
        if intake.problems.is_empty() { Standing::Done(intake) } else { Standing::Refused(intake) }
    };
    let (target, became) = match &standing {
        Standing::Done(_) => (folder.join("done").join(now.local_day().to_string()), Became::Done),
        Standing::Again => (folder.join("done").join(now.local_day().to_string()), Became::Again),
        Standing::Refused(_) => (folder.join("refused"), Became::Refused),
    };
    fs::create_dir_all(&target).map_err(AuditError::at(&target))?;
    let mut now_at = target.join(&name);
    if now_at.exists() {
        now_at = target.join(format!("{}-{name}", digest.get(..8).unwrap_or_default()));
    }
    if let Standing::Refused(intake) = &standing {
        report(&now_at, &name, intake, now)?;
    }
    entry.became = became;
    journal.add(entry)?;
    fs::rename(path, &now_at).map_err(AuditError::at(path))?;
    sync_folder(&target)?;
    sync_folder(folder)?;
    Ok(Some(Taken { source: settings.source_of(&name), name, standing, now_at }))
}

fn digest(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs::File::open(path)?)?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// Why a file was refused, beside it, for whoever made it.
fn report(refused: &Path, name: &str, intake: &Intake, now: KnownAt) -> Result<(), AuditError> {
    let mut text = format!(
        "{name} was refused on {}: nothing of it was appended.\n{} read, {} refused. Correct the file and put it into the drop folder again.\n\n",
        crate::words::known(now),
        crate::words::count(intake.read, "event"),
        crate::words::count(intake.refused, "event"),
    );
    for problem in intake.problems.kept() {
        text.push_str(&format!("{problem}\n"));
    }
    if intake.problems.left_out() > 0 {
        text.push_str(&format!("... and {}\n", crate::words::count(intake.problems.left_out(), "more problem")));
    }
    for notice in &intake.notices {
        text.push_str(&format!("note: {notice}\n"));
    }
    let path = refused.with_file_name(format!("{}.problems.txt", name_of(refused)));
    let staging = refused.with_file_name(format!(".{}.problems.txt", name_of(refused)));
    fs::write(&staging, text).and_then(|()| fs::rename(&staging, &path)).map_err(AuditError::at(&path))
}
