//! A list of small things in a file beside the ledger, for its owner alone: read whenever it is asked for, and changed whole, one change at a time.
//! Knows nothing of what is listed; a file that holds no such list is trouble, and stays as it is.

use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use audit::beside;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::trouble::Trouble;

/// A list beside a ledger.
#[derive(Debug)]
pub(super) struct Listed<T> {
    path: PathBuf,
    one: Mutex<()>,
    of: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> Listed<T> {
    /// In a file of the directory of a ledger.
    pub(super) fn beside(ledger: &Path, file: &str) -> Self {
        Self { path: ledger.join(file), one: Mutex::new(()), of: PhantomData }
    }

    /// Everything listed; nothing where there is no file.
    pub(super) fn all(&self) -> Result<Vec<T>, Trouble> {
        let Some(bytes) = beside::if_there(std::fs::read(&self.path))? else { return Ok(Vec::new()) };
        serde_json::from_slice(&bytes).map_err(|_| Trouble::Machine)
    }

    /// Changes the list; where `change` fails, nothing is written.
    pub(super) fn change<R>(&self, change: impl FnOnce(&mut Vec<T>) -> Result<R, Trouble>) -> Result<R, Trouble> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.all()?;
        let done = change(&mut all)?;
        let bytes = serde_json::to_vec_pretty(&all).map_err(|_| Trouble::Machine)?;
        beside::write(&self.path, &bytes)?;
        Ok(done)
    }
}
