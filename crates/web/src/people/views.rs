//! Views of the worklist that somebody keeps: a name and what stands in the address, each account its own; a file beside the ledger.
//! A view is an address and nothing else: whoever is sent it sees what they may see.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::listed::Listed;
use crate::trouble::Trouble;

const FILE: &str = "views.json";
/// Views of one account.
const MOST: usize = 50;
/// Letters of a name, and of an address.
const LONGEST: (usize, usize) = (60, 2_000);

/// A view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct View {
    /// Whose.
    pub(crate) of: String,
    /// Under what name.
    pub(crate) name: String,
    /// What stands after the question mark.
    pub(crate) query: String,
}

/// Views kept.
#[derive(Debug)]
pub(crate) struct Views(Listed<View>);

impl Views {
    /// Of the ledger in a directory.
    pub(crate) fn of(ledger: &Path) -> Self {
        Self(Listed::beside(ledger, FILE))
    }

    /// Somebody's, by name.
    pub(crate) fn theirs(&self, of: &str) -> Result<Vec<View>, Trouble> {
        let mut views: Vec<View> = self.0.all()?.into_iter().filter(|v| v.of == of).collect();
        views.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(views)
    }

    /// Keeps a view; one of the same name is replaced.
    pub(crate) fn keep(&self, of: &str, name: &str, query: &str) -> Result<(), Trouble> {
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if name.is_empty() || name.chars().count() > LONGEST.0 || name.chars().any(char::is_control) {
            return Err(Trouble::Refused(format!("A view needs a name of at most {} letters.", LONGEST.0)));
        }
        if query.len() > LONGEST.1 {
            return Err(Trouble::Refused("That address is too long to keep.".to_owned()));
        }
        self.0.change(|all| {
            all.retain(|v| v.of != of || v.name != name);
            if all.iter().filter(|v| v.of == of).count() >= MOST {
                return Err(Trouble::Refused(format!("You keep {MOST} views already; let one go first.")));
            }
            all.push(View { of: of.to_owned(), name, query: query.to_owned() });
            Ok(())
        })
    }

    /// Lets a view go.
    pub(crate) fn let_go(&self, of: &str, name: &str) -> Result<(), Trouble> {
        self.0.change(|all| {
            all.retain(|v| v.of != of || v.name != name);
            Ok(())
        })
    }
}
