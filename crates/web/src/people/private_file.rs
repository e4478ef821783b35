//! Small files that only their owner may read: written whole, through a neighbour that takes their place, or added to at the end.
//! A file is there as it was or as it is to be, never half.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Reading and writing for the owner alone.
const OWNER: u32 = 0o600;

/// Writes a file whole and durably.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let beside = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(OWNER).open(&beside)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&beside, path)?;
    // The name is durable only once the directory is.
    path.parent().map_or(Ok(()), |dir| fs::File::open(dir)?.sync_all())
}

/// Adds a line at the end of a file.
pub(crate) fn append(path: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).mode(OWNER).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())?;
    file.sync_data()
}

/// Reads a file; nothing where there is none.
pub(crate) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn what_is_written_is_read_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        assert_eq!(read(&path).unwrap(), None);
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        append(&path, "three").unwrap();
        assert_eq!(read(&path).unwrap().unwrap(), b"twothree\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, OWNER);
    }
}
