//! One request as a page sees it: who asks, for what, in which form, and what the ledger holds.
//! Everything a page may know is here; there is no other way to it.

use std::sync::Arc;

use audit::desk::Desk;
use audit::vocabulary::KnownAt;
use report::Stamp;

use crate::query::Query;
use crate::roles::Role;
use crate::state::{Held, State};

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
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Visitor {
    /// Their name, as it stands on what they do.
    pub(crate) name: String,
    pub(crate) role: Role,
    /// Whether they asked to see who individuals are.
    pub(crate) sees_individuals: bool,
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
    pub(crate) form: Form,
    pub(crate) now: KnownAt,
}

impl Visit<'_> {
    /// The judged head.
    pub(crate) fn desk(&self) -> &Desk {
        &self.held.desk
    }

    /// The open part of the path at a place; an individual's under the name they stand under.
    pub(crate) fn part(&self, place: usize) -> String {
        self.parts.get(place).map(|part| self.state.veils.who(part)).unwrap_or_default()
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
