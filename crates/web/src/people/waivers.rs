//! Waivers that somebody asked for and that wait for a second person: a small file beside the ledger, because nothing was decided yet.
//! What is approved becomes an event with both names; what is declined leaves a line in the activity log.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::listed::Listed;
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
pub(crate) struct Proposals(Listed<Proposal>);

impl Proposals {
    /// Of the ledger in a directory.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self(Listed::beside(ledger, FILE))
    }

    /// Those that wait, oldest first.
    pub(crate) fn waiting(&self) -> Result<Vec<Proposal>, Trouble> {
        self.0.all()
    }

    /// Asks for one.
    pub(crate) fn ask(&self, mut proposal: Proposal) -> Result<(), Trouble> {
        proposal.id = secret::hex(&secret::random::<8>()?);
        self.0.change(|all| {
            all.push(proposal);
            Ok(())
        })
    }

    /// Takes one away once `settle` has done with it.
    pub(crate) fn settle<T>(&self, id: &str, settle: impl FnOnce(&Proposal) -> Result<T, Trouble>) -> Result<T, Trouble> {
        self.0.change(|all| {
            let place = all.iter().position(|p| p.id == id).ok_or_else(|| Trouble::Refused("Somebody has settled this waiver already.".to_owned()))?;
            let done = settle(&all[place])?;
            all.remove(place);
            Ok(done)
        })
    }
}
