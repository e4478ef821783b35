//! The folder into which an agency's systems put their files: each file is imported once and moved away, whatever is killed in between.
//! Takes no file that is still being written, and loses none: what was refused lies in `refused/` with a report of why.

mod arrivals;
mod freshness;
mod journal;
mod settings;

pub use arrivals::{Pass, Standing, Taken, pass};
pub use freshness::{Freshness, freshness};
pub(crate) use journal::FILE as JOURNAL;
pub use settings::{FILE, Settings, settings};

use std::fs::{self, File, OpenOptions};
use std::path::Path;

use crate::error::AuditError;

/// Held while files are taken out of a drop folder: two runs would both import and both move.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

impl Lock {
    /// Takes the lock of a ledger's drop folder.
    ///
    /// # Errors
    /// [`AuditError::Conflict`] if another process has it; a directory that cannot be written.
    pub fn take(ledger: &Path) -> Result<Self, AuditError> {
        let path = ledger.join("drop.lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path).map_err(AuditError::at(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(fs::TryLockError::WouldBlock) => {
                Err(AuditError::Conflict("another process is taking files out of the drop folder of this ledger".to_owned()))
            }
            Err(fs::TryLockError::Error(error)) => Err(AuditError::at(&path)(error)),
        }
    }
}

/// Makes a rename durable.
fn sync_folder(folder: &Path) -> Result<(), AuditError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(AuditError::at(folder))
}
