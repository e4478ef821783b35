//! The ledger's directory: where each file lies, private modes, the writer's lock file, and durable replacement of small files.
//! It refuses to let two processes write, and to leave a key file readable by others.
//!
//! ```text
//! ledger.redb      events, tree, derived tables     copies of it may be kept anywhere
//! high-water       the last signed checkpoint       outside the database, so that an old copy of it is noticed
//! outside/         what others said of it           cosignatures and timestamps: copies may be kept anywhere
//! derived/         what scans left for the next   sealed, derived again when it is not there
//! writer.lock      who is writing
//! keys/log-key     Ed25519 key of the checkpoints   0600, not into the ledger's backups
//! keys/master-key  wraps the vault                  0600
//! keys/subjects.vault                               0600, its copies short-lived
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

use crate::error::{LedgerError, at};

pub(crate) const DATABASE_FILE: &str = "ledger.redb";

/// The paths of one ledger.
#[derive(Clone, Debug)]
pub(crate) struct Directory {
    path: PathBuf,
    keys: PathBuf,
}

impl Directory {
    pub(crate) fn new(path: &Path) -> Self {
        Self::with_keys(path, &path.join("keys"))
    }

    /// A ledger whose keys lie elsewhere, as those of a backup do.
    pub(crate) fn with_keys(path: &Path, keys: &Path) -> Self {
        Self { path: path.to_owned(), keys: keys.to_owned() }
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join(DATABASE_FILE)
    }

    pub(crate) fn high_water(&self) -> PathBuf {
        self.path.join("high-water")
    }

    pub(crate) fn outside(&self) -> PathBuf {
        self.path.join("outside")
    }

    pub(crate) fn keys(&self) -> PathBuf {
        self.keys.clone()
    }

    pub(crate) fn log_key(&self) -> PathBuf {
        self.keys().join("log-key")
    }

    /// A new log key that has not taken over yet.
    pub(crate) fn next_log_key(&self) -> PathBuf {
        self.keys().join("log-key.next")
    }

    pub(crate) fn master_key(&self) -> PathBuf {
        self.keys().join("master-key")
    }

    fn lock(&self) -> PathBuf {
        self.path.join("writer.lock")
    }

    /// Makes the directory and `keys/`, both for the owner only; the directory may exist if it is empty.
    pub(crate) fn create(&self) -> Result<(), LedgerError> {
        match fs::read_dir(&self.path) {
            Ok(mut entries) => {
                if entries.next().is_some() {
                    return Err(LedgerError::Exists(self.path.clone()));
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(&self.path).map_err(at(&self.path))?,
            Err(error) => return Err(at(&self.path)(error)),
        }
        restrict_dir(&self.path)?;
        fs::create_dir(self.keys()).map_err(at(&self.keys()))?;
        restrict_dir(&self.keys())
    }

    /// Takes the writer's lock, which lasts as long as the value. A crashed writer's lock is gone with its process.
    pub(crate) fn lock_for_writing(&self) -> Result<WriterLock, LedgerError> {
        let path = self.lock();
        let mut file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path).map_err(at(&path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                let mut by = String::new();
                // Only for the message: a lock without a readable name is a lock all the same.
                let _ = file.take(200).read_to_string(&mut by);
                let by = by.trim();
                return Err(LedgerError::Locked { by: if by.is_empty() { "another process".into() } else { by.into() } });
            }
            Err(fs::TryLockError::Error(error)) => return Err(at(&path)(error)),
        }
        let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let by = format!("process {} on {}\n", std::process::id(), if host.trim().is_empty() { "this machine" } else { host.trim() });
        file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(by.as_bytes())).map_err(at(&path))?;
        Ok(WriterLock { _file: file })
    }
}

/// Held while a process may write.
pub(crate) struct WriterLock {
    _file: File,
}

/// Writes a new file, 0600, durably.
pub(crate) fn write_new_private(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(at(path))?;
    make_private(&file).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all()).map_err(at(path))
}

/// Puts new contents in a file's place, durably. If we stop here: the old contents or the new, never a part.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), LedgerError> {
    let staging = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(&staging).map_err(at(&staging))?;
    make_private(&file).and_then(|()| file.write_all(bytes)).and_then(|()| file.sync_all()).map_err(at(&staging))?;
    drop(file);
    fs::rename(&staging, path).map_err(at(path))?;
    sync_dir(path.parent().unwrap_or(Path::new(".")))
}

/// Makes a directory with those above it, if it is not there, and keeps others out of it.
pub(crate) fn ensure_private(path: &Path) -> Result<(), LedgerError> {
    fs::create_dir_all(path).map_err(at(path))?;
    restrict_dir(path)
}

/// Makes names in a directory durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), LedgerError> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(at(dir))
}

/// Reads a key file; refuses one that others than the owner may use.
pub(crate) fn read_private(path: &Path) -> Result<String, LedgerError> {
    let mut file = File::open(path).map_err(at(path))?;
    let mode = mode_of(&file).map_err(at(path))?;
    if mode & 0o077 != 0 {
        return Err(vault::VaultError::Permissions { path: path.to_owned(), mode }.into());
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(at(path))?;
    Ok(text)
}

#[cfg(unix)]
pub(crate) fn make_private(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(0o600))
}

#[cfg(unix)]
pub(crate) fn mode_of(file: &File) -> io::Result<u32> {
    use std::os::unix::fs::PermissionsExt as _;
    Ok(file.metadata()?.permissions().mode() & 0o7777)
}

#[cfg(unix)]
pub(crate) fn restrict_dir(path: &Path) -> Result<(), LedgerError> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).map_err(at(path))
}

#[cfg(not(unix))]
pub(crate) fn make_private(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn mode_of(_: &File) -> io::Result<u32> {
    Ok(0)
}

#[cfg(not(unix))]
pub(crate) fn restrict_dir(_: &Path) -> Result<(), LedgerError> {
    Ok(())
}
