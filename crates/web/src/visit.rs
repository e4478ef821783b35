//! One request as a page sees it: who asks, for what, in which form, and what the ledger holds.
//! Everything a page may know is here; there is no other way to it.

use std::sync::Arc;

use audit::desk::{Desk, Reach};
use audit::vocabulary::{Finding, KnownAt};
use report::Stamp;

use crate::people::accounts::Account;
use crate::people::bounds::Bounds;
use crate::multipart::Sent;
use crate::query::Query;
use crate::roles::Role;
use crate::state::{Held, State};
use crate::trouble::Trouble;

/// In which form a page is asked for, by the end of its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// For people.
    Html,
    /// For programs.
    Json,
    /// Its table, for spreadsheets.
    Csv,
    /// A workbook.
    Xlsx,
    /// A page that stands alone, for printing and filing.
    Print,
    /// A tagged PDF, in builds that make them.
    Pdf,
}

impl Form {
    /// Every form of a page but the page itself.
    #[cfg(feature = "pdf")]
    pub(crate) const FILES: &[Form] = &[Form::Json, Form::Csv, Form::Xlsx, Form::Print, Form::Pdf];
    /// Every form of a page but the page itself.
    #[cfg(not(feature = "pdf"))]
    pub(crate) const FILES: &[Form] = &[Form::Json, Form::Csv, Form::Xlsx, Form::Print];

    /// The form that an address ends with, and the address without it.
    pub(crate) fn of(path: &str) -> (Self, &str) {
        let ends = [(".json", Form::Json), (".csv", Form::Csv), (".xlsx", Form::Xlsx), (".html", Form::Print), (".pdf", Form::Pdf)];
        ends.into_iter().find_map(|(end, form)| path.strip_suffix(end).map(|rest| (form, rest))).unwrap_or((Form::Html, path))
    }

    /// How an address of it ends.
    pub(crate) fn end(self) -> &'static str {
        match self {
            Form::Html => "",
            Form::Json => ".json",
            Form::Csv => ".csv",
            Form::Xlsx => ".xlsx",
            Form::Print => ".html",
            Form::Pdf => ".pdf",
        }
    }
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// Their name, as it stands on what they do.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Whether they asked to see who individuals are.
    pub(crate) sees_individuals: bool,
    /// Of a peer: who they are in the ledger.
    pub(crate) person: Option<String>,
    /// Of a reviewer: what they see.
    pub(crate) bounds: Option<Bounds>,
    /// What their forms must carry, and what their browser keeps; nothing without a session.
    pub(crate) session: Option<Keys>,
}

/// What holds a session together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Keys {
    pub(crate) form_token: String,
    pub(crate) kept: String,
    /// When it ends if nothing more is asked.
    pub(crate) ends: KnownAt,
}

impl Visitor {
    /// Whoever is at this machine.
    pub(crate) fn guest() -> Self {
        Self { name: "a guest at this machine".to_owned(), role: Role::Guest, sees_individuals: false, person: None, bounds: None, session: None }
    }

    /// Nobody in particular: sees the way in.
    pub(crate) fn stranger() -> Self {
        Self { name: "somebody".to_owned(), ..Self::guest() }
    }

    /// Of an account.
    pub(crate) fn of(account: &Account) -> Self {
        Self {
            name: account.name.clone(),
            role: account.role,
            sees_individuals: false,
            person: account.person.clone(),
            bounds: account.bounds.clone(),
            session: None,
        }
    }

    /// Of somebody who sees a part of the records: which; nothing of somebody who sees all of them or none.
    pub(crate) fn reach(&self) -> Option<Reach> {
        match self.role {
            // Without who they are, nothing is theirs: a part that bounds nothing holds nothing.
            Role::Peer => Some(Reach { peer: self.person.clone(), ..Reach::default() }),
            Role::Reviewer => Some(self.bounds.as_ref().map(Bounds::reach).unwrap_or_default()),
            Role::Officer | Role::Approver | Role::Supervisor | Role::Biller | Role::Administrator | Role::Service | Role::Guest => None,
        }
    }

    /// Whether a finding is among those they see.
    pub(crate) fn sees(&self, f: &Finding) -> bool {
        match self.role {
            Role::Officer | Role::Approver | Role::Supervisor | Role::Biller | Role::Service | Role::Guest => true,
            Role::Peer => self.person.as_deref().is_some_and(|me| {
                f.about.peer.as_deref() == Some(me) || ["person", "peer"].iter().any(|key| f.subject.get(key).as_deref() == Some(me))
            }),
            Role::Reviewer => self.bounds.as_ref().is_some_and(|bounds| bounds.cover(f)),
            Role::Administrator => false,
        }
    }
}

/// What stands instead of the id of something outside the part that somebody sees.
pub(crate) const OUTSIDE: &str = "outside-your-part";

/// A request.
pub(crate) struct Visit<'s> {
    pub(crate) state: &'s State,
    pub(crate) held: Arc<Held>,
    pub(crate) visitor: Visitor,
    /// What the visitor sees, where that is a part.
    pub(crate) reach: Option<Reach>,
    /// The path without the end that says the form.
    pub(crate) path: String,
    /// The parts of the path that the route leaves open.
    pub(crate) parts: Vec<String>,
    pub(crate) query: Query,
    /// What a form sent.
    pub(crate) sent: Query,
    /// The files it sent.
    pub(crate) files: Vec<Sent>,
    pub(crate) form: Form,
    /// What the browser keeps, as it sent it.
    #[cfg(feature = "oidc")]
    pub(crate) cookie: Option<String>,
    pub(crate) now: KnownAt,
}

impl Visit<'_> {
    /// The judged head.
    pub(crate) fn desk(&self) -> &Desk {
        &self.held.desk
    }

    /// The address that was asked for, as it is written in links, without what stands after its question mark.
    pub(crate) fn address(&self) -> String {
        format!("{}{}", if self.path == "/" { "/home" } else { &self.path }, self.form.end())
    }

    /// The open part of the path at a place; an individual's under the name they stand under.
    pub(crate) fn part(&self, place: usize) -> String {
        self.parts.get(place).map(|part| self.state.veils.who(part)).unwrap_or_default()
    }

    /// Writes down what the visitor does. What cannot be written down is not done.
    pub(crate) fn note(&self, what: &str, about: &str) -> Result<(), Trouble> {
        Ok(self.state.activity.note(self.now, &self.visitor.name, what, about)?)
    }

    /// What a document made now is of.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp::of(self.desk().frame(), self.now, &self.visitor.name)
    }

    /// What a word is shown as to this visitor, if it is an individual's id.
    ///
    /// Of somebody who sees a part, too, if it is of something outside it: nothing else on a page may name that.
    pub(crate) fn veil(&self, word: &str) -> Option<String> {
        if self.reach.as_ref().is_some_and(|reach| self.desk().is_outside(reach, word)) {
            return Some(OUTSIDE.to_owned());
        }
        (!self.visitor.sees_individuals && self.desk().is_individual(word)).then(|| self.state.veils.name(word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_an_address_says_the_form() {
        assert_eq!(Form::of("/findings.csv"), (Form::Csv, "/findings"));
        assert_eq!(Form::of("/findings/F-1.json"), (Form::Json, "/findings/F-1"));
        assert_eq!(Form::of("/people/P.1"), (Form::Html, "/people/P.1"));
    }
}
