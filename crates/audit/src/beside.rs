//! Small files beside a ledger: settings that may be missing, files for their owner alone written whole, and logs that grow by lines.
//! What a crash leaves is a file as it was or as it is to be, and of a log at most one line that was cut off.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

/// Reading and writing for the owner alone.
const OWNER: u32 = 0o600;

/// What was read of a file; nothing where there is none.
///
/// # Errors
/// Whatever the system said, but that there is no file.
pub fn if_there<T>(read: io::Result<T>) -> io::Result<Option<T>> {
    match read {
        Ok(what) => Ok(Some(what)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Writes a file whole and durably, for its owner alone.
///
/// # Errors
/// A directory that cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(OWNER).open(&new)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    // The name is durable only once the directory is.
    path.parent().map_or(Ok(()), |dir| File::open(dir)?.sync_all())
}

/// Adds a line at the end of a log, durably; it begins a line of its own even if a crash cut the one before it off.
///
/// # Errors
/// A file that cannot be written.
pub fn add_line(log: &Path, line: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).mode(OWNER).open(log)?;
    let mut last = *b"\n";
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let before = if last == *b"\n" { "" } else { "\n" };
    file.write_all(format!("{before}{line}\n").as_bytes())?;
    file.sync_all()
}

/// The text of a log; nothing where there is none. A line that was cut off in the middle of a character spoils no other.
///
/// # Errors
/// A file that cannot be read.
pub fn log(path: &Path) -> io::Result<String> {
    Ok(if_there(fs::read(path))?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default())
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
        assert_eq!(if_there(fs::read(&path)).unwrap(), None);
        write(&path, b"one").unwrap();
        write(&path, b"two\n").unwrap();
        add_line(&path, "three").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two\nthree\n");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, OWNER);
        assert!(if_there(fs::read(folder.path())).is_err(), "a folder is no file, and not none");
    }

    #[test]
    fn a_line_that_was_cut_off_anywhere_takes_no_other_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        assert_eq!(log(&path).unwrap(), "");
        for cut in 0..=6 {
            fs::write(&path, &"a\nzoë\n".as_bytes()[..cut]).unwrap();
            add_line(&path, "b").unwrap();
            let text = log(&path).unwrap();
            assert_eq!(text.lines().last(), Some("b"), "cut at {cut}");
            assert_eq!(text.lines().any(|line| line == "a"), cut > 0, "cut at {cut}");
        }
    }
}
