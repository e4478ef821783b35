//! What a rule answers about a subject: met, violated, not applicable, or unknown.
//! Missing evidence never counts as compliance: what could not be found is the fourth answer.

use domain::{Seq, ValidDay};
use timeline::{ContactKey, View};

use crate::class::{Class, Status};

/// The answer of a rule.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// The condition is met.
    Met,
    /// It is not, with what shows it. Boxed, so that an answer without a finding moves and allocates nothing.
    Violated(Box<Breach>),
    /// The rule has nothing to say here.
    NotApplicable,
}

/// A fact or setting that is needed and not there: the verdict is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing(pub String);

impl Missing {
    /// A setting of the agency that is not set.
    pub fn setting(name: &str) -> Self {
        Self(format!("setting {name}"))
    }
}

/// A verdict, or what would be needed for one.
pub type Checked = Result<Verdict, Missing>;

/// Whose claim lines a finding concerns.
#[derive(Debug, Clone, PartialEq)]
pub enum Involved {
    /// Every line of these contacts.
    Contacts(Vec<ContactKey>),
    /// These lines only, of these contacts.
    Lines {
        /// Places of the lines.
        lines: Vec<u32>,
        /// Contacts the lines name.
        contacts: Vec<ContactKey>,
    },
}

/// A condition that is not met, and what shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct Breach {
    /// Weight.
    pub class: Class,
    /// Still there, or cured late.
    pub status: Status,
    /// Service date, or first day concerned.
    pub true_from: ValidDay,
    /// Events whose presence the finding needs.
    pub evidence: Vec<Seq>,
    /// What was looked for and not found.
    pub missing: Vec<String>,
    /// One sentence, dates as YYYY-MM-DD; empty while only existence was asked.
    pub message: String,
    /// Contacts and lines concerned.
    pub involved: Involved,
}

impl Breach {
    /// An open breach that concerns no contact yet.
    pub fn new(class: Class, true_from: ValidDay) -> Self {
        Self {
            class,
            status: Status::Open,
            true_from,
            evidence: Vec::new(),
            missing: Vec::new(),
            message: String::new(),
            involved: Involved::Contacts(Vec::new()),
        }
    }

    /// With another status.
    #[must_use]
    pub fn status(mut self, status: Status) -> Self {
        self.status = status;
        self
    }

    /// With more evidence.
    #[must_use]
    pub fn because(mut self, seqs: impl IntoIterator<Item = Seq>) -> Self {
        self.evidence.extend(seqs);
        self
    }

    /// With something that was looked for and not found; said only if words are wanted.
    #[must_use]
    pub fn lacks(mut self, view: &View<'_>, what: impl FnOnce() -> String) -> Self {
        if view.wants_words() {
            self.missing.push(what());
        }
        self
    }

    /// With its sentence; said only if words are wanted.
    #[must_use]
    pub fn say(mut self, view: &View<'_>, message: impl FnOnce() -> String) -> Self {
        if view.wants_words() {
            self.message = message();
        }
        self
    }

    /// About these contacts.
    #[must_use]
    pub fn contacts(mut self, contacts: impl IntoIterator<Item = ContactKey>) -> Self {
        let mut contacts: Vec<ContactKey> = contacts.into_iter().collect();
        contacts.sort_unstable();
        contacts.dedup();
        self.involved = Involved::Contacts(contacts);
        self
    }

    /// About these lines of these contacts.
    #[must_use]
    pub fn lines(mut self, lines: impl IntoIterator<Item = u32>, contacts: impl IntoIterator<Item = ContactKey>) -> Self {
        self.involved = Involved::Lines { lines: lines.into_iter().collect(), contacts: contacts.into_iter().collect() };
        self
    }

    /// As a verdict.
    pub fn verdict(self) -> Checked {
        Ok(Verdict::Violated(Box::new(self)))
    }

    /// The contacts concerned.
    pub fn involved_contacts(&self) -> &[ContactKey] {
        match &self.involved {
            Involved::Contacts(contacts) | Involved::Lines { contacts, .. } => contacts,
        }
    }
}
