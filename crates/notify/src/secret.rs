//! Secrets from files: a systemd credential, or a file that only its owner can read.
//! Refuses a file that others may read, an empty one, and anything given on a command line; a secret is never printed.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::error::{NotifyError, at};

/// A secret larger than this is not one.
const LARGEST: u64 = 4096;

/// Where secrets lie.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'p> {
    /// The ledger's directory, beside whose settings files are looked for.
    pub dir: &'p Path,
    /// `$CREDENTIALS_DIRECTORY` of a systemd service, if there is one; the front end reads it.
    pub credentials: Option<&'p Path>,
}

/// A secret's bytes, wiped when dropped.
pub struct Secret(Zeroizing<Vec<u8>>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// From bytes at hand.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl Secrets<'_> {
    /// Reads the secret that the settings name: a bare name is a systemd credential if there is one of that name, and otherwise, as a
    /// path, a file beside the settings. The end of the line is not part of it.
    ///
    /// # Errors
    /// A file that is not there, that others may read, or that is empty.
    pub fn read(&self, name: &str) -> Result<Secret, NotifyError> {
        let credential = self.credentials.filter(|_| !name.contains('/')).map(|dir| dir.join(name)).filter(|file| file.is_file());
        // systemd hands a credential to this service alone; its mode says nothing.
        let private = credential.is_none();
        let path = credential.unwrap_or_else(|| self.dir.join(name));
        let mut file = File::open(&path).map_err(|error| {
            if error.kind() != std::io::ErrorKind::NotFound {
                return at(&path)(error);
            }
            let hint = "write the secret to this file with mode 0600, or give it to the service with LoadCredential=".to_owned();
            NotifyError::Secret { path: path.clone(), what: "there is no such secret".to_owned(), hint }
        })?;
        if private {
            refuse_shared(&path, &file)?;
        }
        let mut bytes = Zeroizing::new(Vec::new());
        file.by_ref().take(LARGEST).read_to_end(&mut bytes).map_err(at(&path))?;
        while bytes.last().is_some_and(|b| matches!(b, b'\n' | b'\r')) {
            bytes.pop();
        }
        if bytes.is_empty() {
            return Err(wrong(&path, "the file is empty", "write the secret into it, on one line"));
        }
        Ok(Secret(bytes))
    }
}

pub(crate) fn wrong(path: &Path, what: &str, hint: &str) -> NotifyError {
    NotifyError::Secret { path: PathBuf::from(path), what: what.to_owned(), hint: hint.to_owned() }
}

#[cfg(unix)]
fn refuse_shared(path: &Path, file: &File) -> Result<(), NotifyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = file.metadata().map_err(at(path))?.permissions().mode() & 0o7777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    Err(wrong(path, &format!("others than its owner may use this secret (mode {mode:04o})"), "chmod 600 the file, and make a new secret if others may have read it"))
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path, _: &File) -> Result<(), NotifyError> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn write(dir: &Path, name: &str, text: &str, mode: u32) {
        fs::write(dir.join(name), text).unwrap();
        fs::set_permissions(dir.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn a_private_file_is_read_without_its_line_end_and_a_shared_or_empty_one_refused() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets { dir: folder.path(), credentials: None };
        write(folder.path(), "good", "s3cret words\r\n", 0o600);
        assert_eq!(secrets.read("good").unwrap().bytes(), b"s3cret words");
        for (name, text, mode, says) in [("shared", "x", 0o640, "mode 0640"), ("open", "x", 0o604, "mode 0604"), ("empty", "\n", 0o600, "is empty")] {
            write(folder.path(), name, text, mode);
            let said = secrets.read(name).unwrap_err().to_string();
            assert!(said.contains(says), "{said}");
        }
        let missing = secrets.read("missing").unwrap_err();
        assert!(missing.to_string().contains("no such secret") && missing.hint().unwrap().contains("LoadCredential"));
    }

    #[test]
    fn a_credential_comes_before_a_file_and_only_for_a_bare_name() {
        let (folder, credentials) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secrets = Secrets { dir: folder.path(), credentials: Some(credentials.path()) };
        write(folder.path(), "hook", "of the file", 0o600);
        assert_eq!(secrets.read("hook").unwrap().bytes(), b"of the file");
        write(credentials.path(), "hook", "of systemd", 0o440);
        assert_eq!(secrets.read("hook").unwrap().bytes(), b"of systemd");
        assert_eq!(secrets.read("./hook").unwrap().bytes(), b"of the file");
        assert_eq!(format!("{:?}", secrets.read("hook").unwrap()), "Secret");
    }
}
