//! What a scan leaves for the next: its findings by unit, and what each unit's answers were read from.
//! Never an authority: a scan of the whole ledger gives the same findings, and a property test holds it to that.

mod by_individual;
mod dirty;
mod reach;
mod stored;
mod stored_reads;

use std::sync::Arc;

use domain::ValidDay;
use timeline::view::reading::person::DATED;
use timeline::delivery::Contact;
use timeline::view::{Hull, Read, Reading, Whose};
use timeline::{ContactKey, IndividualKey, View};

use crate::engine::Engine;
use crate::finding::{Finding, NotEvaluated, Report};
use crate::subject::Subject;
use crate::subjects::monday;

pub use dirty::{Billed, Dirty, Known};
use by_individual::ByIndividual;
use reach::Reach;

/// A rule by its place in the rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RulePlace(pub u16);

/// What is judged anew as a whole, or not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Unit {
    /// Every rule about a contact, and about the claims that name it.
    Contact(ContactKey),
    /// Every rule about an individual, with programs, peers and plans.
    Individual(IndividualKey),
    /// Every rule about an individual's month that begins on a day, and about the days in it.
    Month(IndividualKey, ValidDay),
    /// One rule about a person, a credential, a program, a week or a group session.
    Rule(RulePlace, Subject),
}

/// What a scan leaves for the next. Its keys are those of one history and of those resumed from it.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Findings with their units, in no order.
    pub findings: Vec<(Unit, Arc<Finding>)>,
    /// What could not be judged, likewise.
    pub not_evaluated: Vec<(Unit, NotEvaluated)>,
    /// How far the answers about contacts and individuals looked around them.
    reach: Reach,
    /// What was read for individuals and their contacts.
    individuals: ByIndividual,
    /// What units read that none of these says, each unit once.
    reads: Vec<(Unit, Read)>,
    /// Deadlines that had not passed, and whose they are.
    ahead: Vec<(ValidDay, Unit)>,
    /// Units that looked at the evaluation day itself.
    daily: Vec<Unit>,
}

/// Units being judged, and what they read.
pub(crate) struct Keeping<'h> {
    view: View<'h>,
    reading: Reading,
    kept: Kept,
}

impl<'h> Keeping<'h> {
    pub(crate) fn new(view: &View<'h>) -> Self {
        Self { view: *view, reading: Reading::new(), kept: Kept::default() }
    }

    pub(crate) fn judge(&mut self, engine: &Engine, unit: Unit) {
        let mut report = Report::default();
        engine.judge_unit(&self.view.read_into(&self.reading), unit, &mut report);
        self.kept.findings.extend(report.findings.into_iter().map(|f| (unit, f)));
        self.kept.not_evaluated.extend(report.not_evaluated.into_iter().map(|n| (unit, n)));
        let read = self.reading.take();
        self.kept.note(&self.view, unit, read);
    }

    pub(crate) fn done(mut self) -> Kept {
        self.kept.individuals.put_in_order();
        self.kept
    }
}

impl Kept {
    /// Puts what was kept of further units to this.
    pub fn extend(&mut self, other: Kept) {
        self.findings.extend(other.findings);
        self.not_evaluated.extend(other.not_evaluated);
        self.reach.widen(&other.reach);
        self.individuals.widen(other.individuals);
        self.reads.extend(other.reads);
        self.ahead.extend(other.ahead);
        self.daily.extend(other.daily);
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Kept) -> Self {
        self.extend(other);
        self
    }

    /// The findings as a report, not yet in order.
    pub fn report(&self) -> Report {
        Report {
            findings: self.findings.iter().map(|(_, f)| Arc::clone(f)).collect(),
            not_evaluated: self.not_evaluated.iter().map(|(_, n)| n.clone()).collect(),
            ..Report::default()
        }
    }

    /// Notes what a unit's answers were read from: in the reach of its kind where that says it, by itself otherwise.
    fn note(&mut self, view: &View<'_>, unit: Unit, mut read: Read) {
        self.ahead.extend(read.deadline.take().map(|day| (day, unit)));
        if std::mem::take(&mut read.today) {
            self.daily.push(unit);
        }
        match unit {
            Unit::Contact(contact) => {
                let rows: Vec<_> = view.history().contact_rows(contact).map(|row| &row.value).collect();
                if rows.is_empty() {
                    // Nothing is known of it but claims, and those are its own.
                    self.keep(unit, read);
                    return;
                }
                for row in &rows {
                    if !read.people.is_empty() || !read.dated.is_empty() {
                        let own = self.individuals.of_mut(row.individual);
                        read.people.iter().for_each(|(person, kinds)| own.person(*person, *kinds));
                        read.dated.iter().for_each(|(person, _)| own.person(*person, DATED));
                    }
                    read.dated.iter().for_each(|(_, day)| self.reach.people_of_contact(row, *day));
                }
                read.people.clear();
                read.dated.clear();
                read.individuals.retain(|who| rows.iter().all(|row| row.individual != *who));
                read.sessions.retain(|session| rows.iter().all(|row| row.session != Some(*session)));
                let (reach, all) = (&mut self.reach, read.all_papers);
                read.contacts.retain(|(whose, days)| !rows.iter().any(|row| reach.around_contact(row, *whose, *days, all)));
                // Its own papers are its own.
                read.papers.retain(|(other, kinds)| {
                    let others: Vec<&Contact> = view.history().contact_rows(*other).map(|row| &row.value).collect();
                    let mut covered = |other: &&Contact| rows.iter().any(|row| reach.papers_around(row, other, *kinds));
                    *other != contact && (others.is_empty() || !others.iter().all(&mut covered))
                });
                if read.contacts.is_empty() {
                    read.all_papers = 0;
                }
                read.meetings.retain(|(program, days)| !rows.iter().any(|row| reach.meetings_around(row, *program, *days)));
                read.programs.retain(|(program, kinds)| !rows.iter().any(|row| reach.program_of_contact(row, *program, *kinds)));
            }
            Unit::Individual(individual) => {
                self.note_people(individual, &mut read);
                for (person, day) in std::mem::take(&mut read.dated) {
                    let own = self.individuals.of_mut(individual);
                    own.person(person, DATED);
                    own.asked = own.asked.max(day);
                }
                read.individuals.retain(|who| *who != individual);
                // Any of the individual's contacts touches the individual.
                let own = |(whose, _): &(Whose, Hull)| *whose == Whose::Individual(individual);
                let mut kinds = if read.contacts.iter().any(own) { read.all_papers } else { 0 };
                read.contacts.retain(|contacts| !own(contacts));
                own_papers(view, individual, &mut read, |_, kind| kinds |= kind);
                if kinds != 0 {
                    self.individuals.of_mut(individual).papers |= kinds;
                }
            }
            Unit::Month(individual, first) => {
                // No rule asks about people as of a day for a month: one that did would keep it by itself.
                self.note_people(individual, &mut read);
                read.individuals.retain(|who| *who != individual);
                let (reach, all) = (&mut self.reach, read.all_papers);
                read.contacts.retain(|(whose, days)| {
                    let own = *whose == Whose::Individual(individual);
                    if own {
                        reach.around_month(first, *days, all);
                    }
                    !own
                });
                own_papers(view, individual, &mut read, |contact, kinds| reach.papers_of_month(first, contact, kinds));
            }
            Unit::Rule(_, Subject::ProgramWeek(program, week, peer)) => {
                // A contact, or a meeting, of the week touches the week; papers of its contacts do not.
                let papers = read.all_papers != 0;
                read.contacts.retain(|(whose, days)| {
                    let own = *whose == Whose::Program(program) || peer.is_some_and(|peer| *whose == Whose::Peer(peer));
                    papers || !(own && monday(days.from) == week && monday(days.to) == week)
                });
                read.meetings.retain(|(p, days)| !(*p == program && monday(days.from) == week && monday(days.to) == week));
            }
            Unit::Rule(..) => {}
        }
        self.keep(unit, read);
    }

    fn keep(&mut self, unit: Unit, read: Read) {
        if read != Read::default() {
            self.reads.push((unit, read));
        }
    }

    /// People read for an individual itself or a month of theirs, taken out of what was read.
    fn note_people(&mut self, individual: IndividualKey, read: &mut Read) {
        for (person, kinds) in std::mem::take(&mut read.people) {
            self.individuals.of_mut(individual).person(person, kinds);
        }
    }
}

/// Papers read of the individual's own contacts, taken out of what was read.
fn own_papers(view: &View<'_>, individual: IndividualKey, read: &mut Read, mut each: impl FnMut(&Contact, u8)) {
    read.papers.retain(|(contact, kinds)| {
        let rows = || view.history().contact_rows(*contact).map(|row| &row.value);
        let own = rows().next().is_some() && rows().all(|row| row.individual == individual);
        if own {
            rows().for_each(|row| each(row, *kinds));
        }
        !own
    });
    if read.contacts.is_empty() {
        read.all_papers = 0;
    }
}
