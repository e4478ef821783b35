//! Files sent to be imported: they wait in a folder beside the ledger until somebody has seen what would become of them and says so.
//! Reads them by the same code as `countersign import`; what was appended or let go is removed.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use audit::beside;
use audit::intake::{self, Intake, IntakeOptions};
use audit::vocabulary::KnownAt;

use crate::multipart::Sent;
use crate::people::secret;
use crate::trouble::Trouble;

const FOLDER: &str = "uploads";
/// Where mapping files lie that can be chosen.
const MAPS: &str = "maps";
const OWNER: u32 = 0o700;
/// Uploads that wait at most; a forgotten one is let go by whoever needs the room.
const WAITING: usize = 20;
/// Results of what was appended that can be read again, until the service ends.
const DONE: usize = 50;
/// Problems kept for the page; the rest is counted.
const PROBLEMS: usize = 1_000;

/// An upload, and what was said of it last.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) id: String,
    /// Who sent it, and when.
    pub(crate) by: String,
    pub(crate) at: KnownAt,
    /// Names and lengths of its files.
    pub(crate) files: Vec<(String, u64)>,
    as_type: Option<String>,
    maps: Vec<PathBuf>,
    /// What was said last.
    pub(crate) intake: Arc<Intake>,
    /// Whether anything was to be appended by what was said last.
    pub(crate) looked: bool,
}

/// Everything that waits.
#[derive(Debug)]
pub(crate) struct Uploads {
    ledger: PathBuf,
    waiting: Mutex<BTreeMap<String, Upload>>,
}

/// What is sent beside the files.
#[derive(Debug, Clone, Default)]
pub(crate) struct How {
    /// Event type of CSV files whose names do not say it.
    pub(crate) as_type: Option<String>,
    /// A mapping file of the folder.
    pub(crate) map: Option<String>,
}

impl Uploads {
    /// Of the ledger in a directory. What an earlier run of the service left waiting is let go: nobody sees it any more.
    pub(crate) fn of(ledger: &Path) -> Self {
        // A folder that cannot be removed now is in nobody's way: names are drawn anew.
        let _ = fs::remove_dir_all(ledger.join(FOLDER));
        Self { ledger: ledger.to_owned(), waiting: Mutex::default() }
    }

    /// The mapping files that can be chosen.
    pub(crate) fn maps(&self) -> Result<Vec<String>, Trouble> {
        let Some(entries) = beside::if_there(fs::read_dir(self.ledger.join(MAPS)))? else { return Ok(Vec::new()) };
        let mut names: Vec<String> = entries.flatten().filter_map(|e| e.file_name().into_string().ok()).filter(|n| n.ends_with(".toml")).collect();
        names.sort();
        Ok(names)
    }

    /// Keeps what was sent and says what would become of it; appends nothing.
    pub(crate) fn begin(&self, files: &[&Sent], how: How, by: &str, now: KnownAt) -> Result<Upload, Trouble> {
        if self.all().len() >= WAITING {
            return Err(Trouble::Refused(format!("{WAITING} uploads wait already: append or let go one of them first.")));
        }
        let id = secret::hex(&secret::random::<8>()?);
        let folder = self.folder(&id);
        let (data, mapping) = (folder.join("data"), folder.join("mapping"));
        for folder in [&data, &mapping] {
            DirBuilder::new().recursive(true).mode(OWNER).create(folder)?;
        }
        let mut maps: Vec<PathBuf> = how.map.filter(|chosen| self.maps().is_ok_and(|all| all.contains(chosen))).map(|chosen| self.ledger.join(MAPS).join(chosen)).into_iter().collect();
        let mut named = Vec::new();
        for sent in files {
            let to = if sent.field == "mapping" { &mapping } else { &data };
            let name = free(to, &sent.name);
            beside::write(&to.join(&name), &sent.bytes)?;
            if sent.field == "mapping" { maps.push(to.join(&name)) } else { named.push((name, sent.bytes.len() as u64)) }
        }
        let upload = Upload { id, by: by.to_owned(), at: now, files: named, as_type: how.as_type, maps, intake: Arc::new(Intake::nothing()), looked: true };
        let folder = self.folder(&upload.id);
        self.said(upload, false, false, now).inspect_err(|_| {
            // Nobody has seen it yet, and nobody will.
            let _ = fs::remove_dir_all(folder);
        })
    }

    /// Appends an upload, all of it or the lines without fault. The files of what was appended are removed; what was said of them stays for a while.
    pub(crate) fn append(&self, id: &str, partial: bool, now: KnownAt) -> Result<Upload, Trouble> {
        let upload = self.find(id)?;
        if upload.intake.committed {
            return Err(Trouble::Refused("These files were appended already.".to_owned()));
        }
        let upload = self.said(upload, true, partial, now)?;
        if upload.intake.committed {
            fs::remove_dir_all(self.folder(id))?;
            let mut all = self.waiting();
            let mut done: Vec<(KnownAt, String)> = all.values().filter(|u| u.intake.committed).map(|u| (u.at, u.id.clone())).collect();
            done.sort();
            done.iter().rev().skip(DONE).for_each(|(_, id)| drop(all.remove(id)));
        }
        Ok(upload)
    }

    /// Runs the import over an upload and keeps what it said.
    fn said(&self, mut upload: Upload, append: bool, partial: bool, now: KnownAt) -> Result<Upload, Trouble> {
        let options = IntakeOptions { as_type: upload.as_type.clone(), maps: upload.maps.clone(), dry_run: !append, partial, max_problems: PROBLEMS, now };
        let data = self.folder(&upload.id).join("data");
        let mut said = intake::import(&self.ledger, std::slice::from_ref(&data), &options, &|_| {})?;
        said.without_folder(&self.folder(&upload.id));
        upload.intake = Arc::new(said);
        upload.looked = !append;
        self.waiting().insert(upload.id.clone(), upload.clone());
        Ok(upload)
    }

    /// An upload that waits.
    pub(crate) fn find(&self, id: &str) -> Result<Upload, Trouble> {
        self.waiting().get(id).cloned().ok_or_else(|| Trouble::NotFound("No upload waits under this name.".to_owned()))
    }

    /// All that wait, the oldest first.
    pub(crate) fn all(&self) -> Vec<Upload> {
        let mut all: Vec<Upload> = self.waiting().values().filter(|u| !u.intake.committed).cloned().collect();
        all.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        all
    }

    /// Removes an upload.
    pub(crate) fn let_go(&self, id: &str) -> Result<(), Trouble> {
        let folder = self.folder(id);
        if self.waiting().remove(id).is_some() && folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        Ok(())
    }

    fn folder(&self, id: &str) -> PathBuf {
        self.ledger.join(FOLDER).join(id)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Upload>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A name that no file in a folder has.
fn free(folder: &Path, name: &str) -> String {
    let taken = |name: &str| folder.join(name).exists();
    if !taken(name) {
        return name.to_owned();
    }
    (2..).map(|n| format!("{n}-{name}")).find(|name| !taken(name)).unwrap_or_else(|| name.to_owned())
}
