//! Files put in place whole: a reader sees the old contents or the new, never a part, and a crash leaves one of the two.
//! Not for the ledger, which keeps its own files.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use crate::error::{NotifyError, at};

/// Who may read a file besides its owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// Nobody.
    Nobody,
    /// Everybody: metrics are read by another user.
    Everybody,
}

/// Puts contents in a file's place through a file beside it, durably.
///
/// # Errors
/// What the system says, with the file.
pub fn replace(path: &Path, contents: &[u8], readers: Readers) -> Result<(), NotifyError> {
    // Not ending like the real one, so that whoever reads all files of a kind does not read this.
    let mut staging = path.as_os_str().to_owned();
    staging.push(".new");
    let staging = Path::new(&staging);
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(staging).map_err(at(staging))?;
    permit(&file, readers).and_then(|()| file.write_all(contents)).and_then(|()| file.sync_all()).map_err(at(staging))?;
    drop(file);
    fs::rename(staging, path).map_err(at(path))?;
    sync_parent(path)
}

/// Moves a file to another folder, durably.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), NotifyError> {
    fs::rename(from, to).map_err(at(from))?;
    sync_parent(to)?;
    sync_parent(from)
}

fn sync_parent(path: &Path) -> Result<(), NotifyError> {
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(at(dir))
}

#[cfg(unix)]
fn permit(file: &File, readers: Readers) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(fs::Permissions::from_mode(match readers {
        Readers::Nobody => 0o600,
        Readers::Everybody => 0o644,
    }))
}

#[cfg(not(unix))]
fn permit(_: &File, _: Readers) -> std::io::Result<()> {
    Ok(())
}
