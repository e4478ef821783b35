//! Waivers that somebody asked for and that wait for a second person: a small file beside the ledger, because nothing was decided yet.
//! What is approved becomes an event with both names; what is declined leaves a line in the activity log.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use audit::beside;
use serde::{Deserialize, Serialize};

use super::secret;
use crate::trouble::Trouble;

const FILE: &str = "waivers-asked.json";

/// A waiver asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Proposal {
    /// By which the approver names it.
    pub(crate) id: String,
    /// The findings.
    pub(crate) findings: Vec<String>,
    /// Who asks.
    pub(crate) by: String,
    /// Why.
    pub(crate) rationale: String,
    /// Last day of the waiver.
    pub(crate) due_on: Option<String>,
    /// When it was asked for.
    pub(crate) at: String,
}

/// Waivers asked for.
#[derive(Debug)]
pub(crate) struct Proposals {
    path: PathBuf,
    one: Mutex<()>,
}

impl Proposals {
    /// Of the ledger in a directory.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self { path: ledger.join(FILE), one: Mutex::new(()) }
    }

    /// Those that wait, oldest first.
    pub(crate) fn waiting(&self) -> Result<Vec<Proposal>, Trouble> {
        let Some(bytes) = beside::if_there(std::fs::read(&self.path))? else { return Ok(Vec::new()) };
        serde_json::from_slice(&bytes).map_err(|_| Trouble::Machine)
    }

    /// Asks for one.
    pub(crate) fn ask(&self, mut proposal: Proposal) -> Result<(), Trouble> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        proposal.id = secret::hex(&secret::random::<8>()?);
        let mut all = self.waiting()?;
        all.push(proposal);
        self.write(&all)
    }

    /// Takes one away once `settle` has done with it.
    pub(crate) fn settle<T>(&self, id: &str, settle: impl FnOnce(&Proposal) -> Result<T, Trouble>) -> Result<T, Trouble> {
        let _one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = self.waiting()?;
        let place = all.iter().position(|p| p.id == id).ok_or_else(|| Trouble::Refused("Somebody has settled this waiver already.".to_owned()))?;
        let done = settle(&all[place])?;
        all.remove(place);
        self.write(&all)?;
        Ok(done)
    }

    fn write(&self, all: &[Proposal]) -> Result<(), Trouble> {
        let bytes = serde_json::to_vec_pretty(all).map_err(|_| Trouble::Machine)?;
        Ok(beside::write(&self.path, &bytes)?)
    }
}
