//! The witness's own key file: one line, for its owner only.
//! Refuses a file that others can read, and to write over one that is there.

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;

use transparency::CosignatureSigner;
use zeroize::Zeroizing;

use crate::error::{WitnessError, at};

/// Far above any real key text.
const LIMIT: u64 = 8192;

/// Makes a key for a witness of this name, and gives its vkey.
///
/// # Errors
/// [`WitnessError::Key`] for a name that cannot be one; [`WitnessError::Io`], also when the file exists.
pub fn create_key(path: &Path, name: &str) -> Result<String, WitnessError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut_slice()).map_err(|error| WitnessError::Key(format!("the system gives no random bytes: {error}")))?;
    let key = CosignatureSigner::from_seed(name, &seed).map_err(|error| WitnessError::Key(format!("{name:?}: {error}")))?;
    let text = Zeroizing::new(format!("{}\n", *Zeroizing::new(key.to_skey())));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(at(path))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(at(path))?;
    Ok(key.verifier().to_string())
}

/// Reads a key file.
///
/// # Errors
/// [`WitnessError::Key`] when others than its owner may read it, or it holds no witness's key; [`WitnessError::Io`].
pub fn read_key(path: &Path) -> Result<CosignatureSigner, WitnessError> {
    let file = File::open(path).map_err(at(path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = file.metadata().map_err(at(path))?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(WitnessError::Key(format!("{} may be read by others (mode {mode:o}); chmod 600 it", path.display())));
        }
    }
    let mut text = Zeroizing::new(String::new());
    file.take(LIMIT).read_to_string(&mut text).map_err(at(path))?;
    CosignatureSigner::parse(text.trim_end()).map_err(|error| WitnessError::Key(format!("{}: {error}", path.display())))
}
