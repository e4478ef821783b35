//! The books as they looked at one moment, on one evaluation day, and the last moment before it at which what was looked at was different.
//! It remembers only that moment: who wants to know since when something holds looks again just before it.

use std::cell::Cell;
use std::collections::BTreeSet;

use domain::event::ContactRecorded;
use domain::field::Scalar;
use domain::words::ProgramKind;
use domain::{Event, KnownAt, ValidDay};

use crate::Class;
use crate::book::Book;
use crate::claims::Submitted;

/// A look at the books.
pub(crate) struct Sight<'a> {
    pub(crate) book: &'a Book,
    at: KnownAt,
    today: ValidDay,
    changed: Cell<KnownAt>,
}

/// Every fact of one type under a title and name, with its place in the ledger.
macro_rules! told {
    ($sight:expr, $title:literal, $name:expr, $family:ident :: $variant:ident) => {
        $sight
            .look($title, $name)
            .into_iter()
            .filter_map(|(seq, event)| if let domain::Event::$family(domain::event::$family::$variant(told)) = event { Some((seq, told)) } else { None })
    };
}
pub(crate) use told;

/// What a rule says of a subject, before anybody asks since when.
pub(crate) struct Said {
    pub(crate) rule: &'static str,
    pub(crate) subject: String,
    pub(crate) class: Class,
    pub(crate) cured_late: bool,
    pub(crate) day: ValidDay,
    /// Contacts involved.
    pub(crate) contacts: BTreeSet<String>,
    /// Lines exposed, as places of bills and lines; `None` for every line of the contacts.
    pub(crate) lines: Option<BTreeSet<(usize, usize)>>,
}

/// What the rules say, and what they could not judge.
#[derive(Default)]
pub(crate) struct Sayings {
    pub(crate) said: Vec<Said>,
    pub(crate) unjudged: BTreeSet<(&'static str, String)>,
}

impl Sayings {
    /// Says something about one contact; for the words to be changed afterwards.
    pub(crate) fn about(&mut self, rule: &'static str, class: Class, contact: &ContactRecorded) -> &mut Said {
        self.of(rule, class, format!("contact={}", contact.contact), contact)
    }

    /// Says something about a subject because of one contact.
    pub(crate) fn of(&mut self, rule: &'static str, class: Class, subject: String, contact: &ContactRecorded) -> &mut Said {
        let contacts = [contact.contact.to_string()].into();
        self.say(Said { rule, subject, class, cured_late: false, day: contact.start.local_day(), contacts, lines: None })
    }

    pub(crate) fn say(&mut self, said: Said) -> &mut Said {
        self.said.push(said);
        let last = self.said.len() - 1;
        &mut self.said[last]
    }

    pub(crate) fn cannot(&mut self, rule: &'static str, subject: String) {
        self.unjudged.insert((rule, subject));
    }
}

impl<'a> Sight<'a> {
    pub(crate) fn new(book: &'a Book, at: KnownAt, today: ValidDay) -> Self {
        Self { book, at, today, changed: Cell::new(KnownAt::BEGINNING) }
    }

    /// The last moment, at or before this one, at which anything looked at so far changed.
    pub(crate) fn changed(&self) -> KnownAt {
        self.changed.get()
    }

    fn note(&self, at: KnownAt) {
        if at <= self.at {
            self.changed.set(self.changed.get().max(at));
        }
    }

    /// What is filed under a name, as known now, in ledger order.
    pub(crate) fn look(&self, title: &str, name: &str) -> Vec<(u64, &'a Event)> {
        let Some(drawer) = self.book.drawer(title, name) else { return Vec::new() };
        let before = drawer.changes.partition_point(|at| *at <= self.at);
        if let Some(last) = before.checked_sub(1).and_then(|i| drawer.changes.get(i)) {
            self.note(*last);
        }
        let facts = drawer.facts.iter().filter_map(|place| self.book.facts.get(*place));
        facts.filter_map(|fact| Some((fact.seq, fact.at(self.at)?))).collect()
    }

    /// Whether a deadline has passed: the day is over on the evaluation day, and was by now.
    pub(crate) fn passed(&self, day: ValidDay) -> bool {
        if day >= self.today {
            return false;
        }
        self.note(day.deadline_passed());
        day.deadline_passed() <= self.at
    }

    pub(crate) fn contact(&self, id: &str) -> Option<&'a ContactRecorded> {
        told!(self, "contact", id, Delivery::ContactRecorded).map(|(_, c)| c).find(|c| c.contact.as_str() == id)
    }

    /// Places of bills and their lines that name a contact, submitted by now.
    pub(crate) fn lines(&self, contact: &str) -> Vec<(usize, usize, Submitted<'a>)> {
        let mut lines = Vec::new();
        for place in self.book.billed.get(contact).into_iter().flatten() {
            let Some(bill) = self.book.bills.get(*place) else { continue };
            let Some(submitted) = bill.at(self.at, |at| self.note(at)) else { continue };
            let naming = submitted.claim.lines.iter().enumerate().filter(|(_, line)| line.contact.as_str() == contact);
            lines.extend(naming.map(|(line, _)| (*place, line, submitted)));
        }
        lines
    }

    /// The first submission that names a contact.
    pub(crate) fn submitted(&self, contact: &str) -> Option<KnownAt> {
        self.lines(contact).iter().map(|(_, _, submitted)| submitted.at).min()
    }

    /// `documentation` until a claim for the contact was submitted.
    pub(crate) fn escalated(&self, contact: &ContactRecorded) -> Class {
        if self.submitted(contact.contact.as_str()).is_some() { Class::Violation } else { Class::Documentation }
    }

    /// A setting in force on a day.
    pub(crate) fn setting(&self, name: &str, day: ValidDay) -> Option<&'a Scalar> {
        let sets = told!(self, "setting", name, Program::ParameterSet).filter(|(_, p)| p.name.as_str() == name && p.from <= day);
        sets.max_by_key(|(seq, p)| (p.from, *seq)).map(|(_, p)| &p.value)
    }

    /// A setting as last set.
    pub(crate) fn last_set(&self, name: &str) -> Option<&'a Scalar> {
        let sets = told!(self, "setting", name, Program::ParameterSet).filter(|(_, p)| p.name.as_str() == name);
        sets.max_by_key(|(seq, _)| *seq).map(|(_, p)| &p.value)
    }
}

/// What kind of program one is, as registered last.
pub(crate) fn program_kind(sight: &Sight<'_>, program: &str) -> Option<ProgramKind> {
    let told = told!(sight, "program", program, Program::ProgramRegistered).filter(|(_, p)| p.program.as_str() == program);
    told.max_by_key(|(seq, _)| *seq).map(|(_, p)| p.kind)
}

/// When a contact's day is.
pub(crate) fn day(contact: &ContactRecorded) -> ValidDay {
    contact.start.local_day()
}

/// A date that the pages give.
pub(crate) fn on(year: i16, month: i8, day: i8) -> ValidDay {
    ValidDay::from_ymd(year, month, day).unwrap_or(ValidDay::MIN)
}

/// Whether a MHOTRS row looks at a contact: of such a service, dated when the guidance was in force.
pub(crate) fn is_clinic(contact: &ContactRecorded) -> bool {
    contact.service.is_mhotrs() && day(contact) >= on(2022, 11, 23)
}
