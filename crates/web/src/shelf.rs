//! Packs made here: each is made on a thread of its own, kept in the folder `packs` beside the ledger for its owner alone, and told about.
//! One at a time, because each is put on record; a restart forgets one that is being made, and what it left is never handed out.

use std::collections::BTreeMap;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use audit::beside;
use audit::packs::{self, Asked};
use audit::vocabulary::KnownAt;
use report::of::pack::Handed;
use serde::{Deserialize, Serialize};

use crate::people::secret;
use crate::trouble::Trouble;

const FOLDER: &str = "packs";
/// Reading and writing for the owner alone.
const OWNER: u32 = 0o700;
/// Bytes of a pack that goes through a browser; a larger one is taken from the folder.
const MOST: u64 = 512 * 1024 * 1024;

/// A pack on the shelf, as it is told beside its file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) id: String,
    /// Who made it, and when.
    pub(crate) by: String,
    pub(crate) at: String,
    /// As its cover tells it.
    pub(crate) handed: Handed,
}

/// A job under the name of the pack that it makes.
pub(crate) type Named = (String, Arc<Job>);

/// A pack that is being made, or could not be.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) by: String,
    pub(crate) about: String,
    done: AtomicU64,
    of: AtomicU64,
    ended: Mutex<Option<Result<(), String>>>,
    bell: Condvar,
}

impl Job {
    /// Events read so far, and all.
    pub(crate) fn so_far(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.of.load(Ordering::Relaxed))
    }

    /// How it ended; nothing while it goes on.
    pub(crate) fn ended(&self) -> Option<Result<(), String>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn end(&self, how: Result<(), String>) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
        self.bell.notify_all();
    }

    /// Waits for the end, but not for long: most packs are made at once.
    fn wait(&self, patience: Duration) {
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.bell.wait_timeout_while(ended, patience, |ended| ended.is_none()));
    }
}

/// The shelf.
#[derive(Debug)]
pub(crate) struct Shelf {
    ledger: PathBuf,
    jobs: Mutex<BTreeMap<String, Arc<Job>>>,
}

/// What stands under a name.
pub(crate) enum Standing {
    /// A pack.
    Pack(Box<Kept>),
    /// One that is being made, or could not be.
    Job(Arc<Job>),
}

impl Shelf {
    /// Of the ledger in a directory.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self { ledger: ledger.to_owned(), jobs: Mutex::default() }
    }

    fn folder(&self) -> PathBuf {
        self.ledger.join(FOLDER)
    }

    /// Begins to make a pack, and gives the name it stands under.
    pub(crate) fn begin(&self, mut asked: Asked, by: &str, now: KnownAt) -> Result<String, Trouble> {
        let id = secret::hex(&secret::random::<8>()?);
        let job = Arc::new(Job {
            by: by.to_owned(),
            about: asked.scope.words(),
            done: AtomicU64::new(0),
            of: AtomicU64::new(0),
            ended: Mutex::new(None),
            bell: Condvar::new(),
        });
        {
            let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(other) = jobs.values().find(|job| job.ended().is_none()) {
                return Err(Trouble::Refused(format!("A pack about {} is being made; wait for its end.", other.about)));
            }
            jobs.insert(id.clone(), Arc::clone(&job));
        }
        let folder = self.folder();
        DirBuilder::new().recursive(true).mode(OWNER).create(&folder)?;
        asked.file = folder.join(format!("{id}.pack"));
        let (ledger, about, maker, name) = (self.ledger.clone(), Arc::clone(&job), by.to_owned(), id.clone());
        std::thread::spawn(move || {
            let progress = |n, all| {
                about.done.store(n, Ordering::Relaxed);
                about.of.store(all, Ordering::Relaxed);
            };
            let made = packs::create(&ledger, &asked, now, &progress).map_err(|error| match error.hint() {
                Some(hint) => format!("{}: {hint}", audit::words::sentence(&error.to_string())),
                None => audit::words::sentence(&error.to_string()),
            });
            let kept = made.and_then(|made| {
                let handed = Handed::of(&made).ok_or_else(|| "It has no cover.".to_owned())?;
                let bytes = serde_json::to_vec_pretty(&Kept { id: name.clone(), by: maker, at: now.to_string(), handed }).map_err(|e| e.to_string())?;
                beside::write(&folder.join(format!("{name}.json")), &bytes).map_err(|e| e.to_string())
            });
            about.end(kept);
        });
        job.wait(Duration::from_secs(4));
        Ok(id)
    }

    /// What stands under a name.
    pub(crate) fn find(&self, id: &str) -> Result<Standing, Trouble> {
        if let Some(kept) = self.read(id)? {
            return Ok(Standing::Pack(Box::new(kept)));
        }
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        jobs.get(id).map(|job| Standing::Job(Arc::clone(job))).ok_or_else(|| Trouble::NotFound("No pack stands under this name.".to_owned()))
    }

    fn read(&self, id: &str) -> Result<Option<Kept>, Trouble> {
        // Only names that were given here lead to a file.
        if id.len() != 16 || !id.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(None);
        }
        let Some(bytes) = beside::if_there(fs::read(self.folder().join(format!("{id}.json"))))? else { return Ok(None) };
        serde_json::from_slice(&bytes).map(Some).map_err(|_| Trouble::Machine)
    }

    /// The file of a pack.
    pub(crate) fn file(&self, id: &str) -> Result<Vec<u8>, Trouble> {
        let kept = self.read(id)?.ok_or_else(|| Trouble::NotFound("No pack stands under this name.".to_owned()))?;
        if kept.handed.bytes > MOST {
            return Err(Trouble::Refused(format!("This pack is too long for a browser: take {id}.pack from the folder packs beside the ledger.")));
        }
        Ok(fs::read(self.folder().join(format!("{id}.pack")))?)
    }

    /// Every pack, the newest first, and the jobs that go on or failed.
    pub(crate) fn all(&self) -> Result<(Vec<Kept>, Vec<Named>), Trouble> {
        let mut kept = Vec::new();
        if let Some(entries) = beside::if_there(fs::read_dir(self.folder()))? {
            for entry in entries {
                let path = entry?.path();
                if let Some(id) = path.file_stem().and_then(|s| s.to_str()).filter(|_| path.extension().is_some_and(|e| e == "json")) {
                    kept.extend(self.read(id)?);
                }
            }
        }
        kept.sort_by(|a, b| (&b.at, b.handed.recorded, &b.id).cmp(&(&a.at, a.handed.recorded, &a.id)));
        let jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        let others = jobs.iter().filter(|(_, job)| !matches!(job.ended(), Some(Ok(())))).map(|(id, job)| (id.clone(), Arc::clone(job)));
        Ok((kept, others.collect()))
    }
}
