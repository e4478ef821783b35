//! One request as a page sees it: who asks, for what, in which form, and what the ledger holds.
//! Everything a page may know is here; there is no other way to it.

use std::sync::Arc;

use audit::desk::Desk;
use audit::vocabulary::{Finding, KnownAt};
use report::Stamp;

use crate::people::accounts::Account;
use crate::people::bounds::Bounds;
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
}

impl Form {
    /// The form that an address ends with, and the address without it.
    pub(crate) fn of(path: &str) -> (Self, &str) {
        let ends = [(".json", Form::Json), (".csv", Form::Csv), (".xlsx", Form::Xlsx), (".html", Form::Print)];
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

/// A request.
pub(crate) struct Visit<'s> {
    pub(crate) state: &'s State,
    pub(crate) held: Arc<Held>,
    pub(crate) visitor: Visitor,
    /// The path without the end that says the form.
    pub(crate) path: String,
    /// The parts of the path that the route leaves open.
    pub(crate) parts: Vec<String>,
    pub(crate) query: Query,
    /// What a form sent.
    pub(crate) sent: Query,
    pub(crate) form: Form,
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
    pub(crate) fn veil(&self, word: &str) -> Option<String> {
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
