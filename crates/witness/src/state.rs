//! What a witness remembers: for each log the checkpoint it cosigned last, one file each, and the requests that show misbehaviour.
//! Refuses to answer from memory what is not on the disk, and to go on over a file it cannot read: forgetting is the one thing a witness must not do.
//!
//! ```text
//! lock                                 one process keeps this folder
//! <sha256(origin) in hex>/checkpoint   the last cosigned checkpoint: log signatures and this witness's
//! <sha256(origin) in hex>/evidence/<status>-<sha256(request) in hex>   refused requests that their log signed, word for word
//! ```
//!
//! Trust: whoever can write here can make the witness cosign a fork. Keep the folder, and the key, on a machine of the witness's own.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};
use transparency::{Checkpoint, CosignatureVerifier, MAX_NOTE_LEN, Note};

use crate::error::{WitnessError, at};

/// Requests kept as evidence for one log; after that the story is told, and a hostile log must not fill the disk.
const MAX_EVIDENCE: usize = 1_000;

/// A checkpoint with this witness's signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cosigned {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The signed note.
    pub note: Note,
}

/// The folder of one witness, kept by one process.
#[derive(Debug)]
pub struct State {
    dir: PathBuf,
    _lock: File,
}

/// SHA-256 in lower-case hexadecimal: how a log's folder and its monitoring path are called.
pub(crate) fn hex_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

impl State {
    /// Opens a folder, making it if need be.
    ///
    /// # Errors
    /// [`WitnessError::InUse`], [`WitnessError::Io`].
    pub fn open(dir: &Path) -> Result<Self, WitnessError> {
        fs::create_dir_all(dir).map_err(at(dir))?;
        let path = dir.join("lock");
        let lock = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { dir: dir.to_owned(), _lock: lock }),
            Err(fs::TryLockError::WouldBlock) => Err(WitnessError::InUse(dir.to_owned())),
            Err(fs::TryLockError::Error(error)) => Err(at(&path)(error)),
        }
    }

    fn log(&self, origin: &str) -> PathBuf {
        self.dir.join(hex_of(origin.as_bytes()))
    }

    /// The checkpoint of a log that was cosigned last. The file is read each time and its own signature checked.
    ///
    /// # Errors
    /// [`WitnessError::State`] when it is not what this witness wrote; [`WitnessError::Io`].
    pub fn last(&self, origin: &str, key: &CosignatureVerifier) -> Result<Option<Cosigned>, WitnessError> {
        let path = self.log(origin).join("checkpoint");
        let bytes = match fs::read(&path) {
            Ok(bytes) if bytes.len() <= MAX_NOTE_LEN => bytes,
            Ok(_) => return Err(WitnessError::State { path, what: "it is too long".to_owned() }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(at(&path)(error)),
        };
        let read = || {
            let note = Note::parse(&bytes).map_err(|error| error.to_string())?;
            let checkpoint = Checkpoint::parse(note.text()).map_err(|error| error.to_string())?;
            let own = key.cosigned(&note).map_err(|error| error.to_string())?;
            match own {
                Some(_) if checkpoint.origin() == origin => Ok(Cosigned { checkpoint, note }),
                Some(_) => Err("it is a checkpoint of another log".to_owned()),
                None => Err("it does not carry this witness's signature".to_owned()),
            }
        };
        read().map(Some).map_err(|what| WitnessError::State { path, what })
    }

    /// Remembers a cosigned checkpoint, durably.
    ///
    /// If we stop here: the one before is remembered or this one, and no answer was given yet.
    ///
    /// # Errors
    /// [`WitnessError::Io`].
    pub fn remember(&self, origin: &str, note: &Note) -> Result<(), WitnessError> {
        let dir = self.log(origin);
        if !dir.is_dir() {
            fs::create_dir_all(&dir).map_err(at(&dir))?;
            sync_dir(&self.dir)?;
        }
        replace(&dir.join("checkpoint"), note.to_string().as_bytes())
    }

    /// Keeps a refused request word for word. The same request is kept once.
    ///
    /// # Errors
    /// [`WitnessError::Io`].
    pub fn keep_evidence(&self, origin: &str, status: u16, request: &[u8]) -> Result<Option<PathBuf>, WitnessError> {
        let dir = self.log(origin).join("evidence");
        fs::create_dir_all(&dir).map_err(at(&dir))?;
        let path = dir.join(format!("{status}-{}", hex_of(request)));
        if path.exists() {
            return Ok(Some(path));
        }
        if fs::read_dir(&dir).map_err(at(&dir))?.count() >= MAX_EVIDENCE {
            return Ok(None);
        }
        replace(&path, request)?;
        Ok(Some(path))
    }
}

/// Puts contents in a file's place: the old or the new, never a part, and on the disk before this returns.
fn replace(path: &Path, bytes: &[u8]) -> Result<(), WitnessError> {
    let staging = path.with_extension("new");
    let mut file = File::create(&staging).map_err(at(&staging))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(&staging))?;
    drop(file);
    fs::rename(&staging, path).map_err(at(path))?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

fn sync_dir(dir: &Path) -> Result<(), WitnessError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(at(dir))
}
