//! Files that only their owner may read, made and replaced so that a power cut leaves the old or the new one whole.
//! It refuses files that others may touch, and never overwrites one in place that still has its name.

use std::fs::{self, File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use crate::error::{VaultError, at};

/// Makes the directory, for its owner alone, with all that is missing above it.
pub(crate) fn create_dir(dir: &Path) -> Result<(), VaultError> {
    if dir.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir).map_err(at(dir))?;
    sync_dir(parent(dir))
}

/// Makes a new file of mode 0600 that holds `bytes` durably. If we stop here before the end: a
/// file that is too short, which whoever reads it refuses.
pub(crate) fn create_new(path: &Path, bytes: &[u8]) -> Result<(), VaultError> {
    let mut file = private(OpenOptions::new().write(true).create_new(true)).open(path).map_err(|error| {
        match error.kind() == std::io::ErrorKind::AlreadyExists {
            true => VaultError::Exists(path.to_owned()),
            false => at(path)(error),
        }
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(at(path))?;
    sync_dir(parent(path))
}

/// Removes a file; none there is fine.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), VaultError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(at(path)(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Opens an existing file and checks that nobody but its owner may use it.
pub(crate) fn open(path: &Path, options: &OpenOptions) -> Result<File, VaultError> {
    let file = options.open(path).map_err(at(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(at(path))?.permissions().mode() & 0o7777;
        if mode & !0o600 != 0 {
            return Err(VaultError::Permissions { path: path.to_owned(), mode });
        }
    }
    Ok(file)
}

/// Opens an existing file and reads it whole into `bytes`, which whoever wants it wiped wipes.
pub(crate) fn read(path: &Path, bytes: &mut Vec<u8>) -> Result<(), VaultError> {
    let mut file = open(path, OpenOptions::new().read(true))?;
    // Sized beforehand, so that growing leaves no copies of secrets behind.
    let len = file.metadata().map_err(at(path))?.len();
    bytes.reserve_exact(usize::try_from(len).unwrap_or(0).saturating_add(1));
    file.read_to_end(bytes).map_err(at(path))?;
    Ok(())
}

/// Overwrites a file that no longer has a name, so that its blocks do not keep wrapped keys. On
/// disks that write elsewhere this achieves nothing, so nothing is promised and no failure is an
/// error: see `VAULT.md`, "What erasing does not do".
pub(crate) fn overwrite(mut old: File) {
    let len = old.metadata().map_or(0, |metadata| metadata.len());
    let zeros = vec![0; usize::try_from(len).unwrap_or(0)];
    let _ = old.write_all(&zeros).and_then(|()| old.sync_data());
}

/// Opens (making it if need be) and locks a lock file; the lock lasts as long as the file is open.
pub(crate) fn lock(path: &Path, locked: &Path) -> Result<File, VaultError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    let file = private(&mut options).open(path).map_err(at(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(VaultError::Locked(locked.to_owned())),
        Err(fs::TryLockError::Error(error)) => Err(at(path)(error)),
    }
}

/// Makes renames and new names in a directory durable.
pub(crate) fn sync_dir(dir: &Path) -> Result<(), VaultError> {
    // Only Unix can open a directory; elsewhere the rename itself is all there is.
    #[cfg(unix)]
    File::open(dir).and_then(|opened| opened.sync_all()).map_err(at(dir))?;
    Ok(())
}

/// The directory a path lies in; the current one for a bare name.
pub(crate) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
