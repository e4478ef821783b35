//! Which units must be judged again after further events, or on another evaluation day.
//! Names more units than change, never fewer; when it cannot say, it says everything.

use std::sync::Arc;

use domain::ValidDay;
use rustc_hash::{FxHashMap, FxHashSet};
use timeline::touched::{Standing, Touched};
use timeline::view::reading::person::DATED;
use timeline::view::reading::papers::{CLAIMS, KINDS};
use timeline::view::{Hull, Read, Whose};
use timeline::{ContactKey, History, IndividualKey, PersonKey, ProgramKey, View};

use super::reach::Around;
use super::{Kept, Unit};
use crate::class::Class;
use crate::engine::Engine;
use crate::finding::Finding;
use crate::subject::Subject;
use crate::subjects;

/// Units to judge again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Dirty {
    /// All of them: a scan of everything is due.
    Everything,
    /// These.
    Units(FxHashSet<Unit>),
}

/// How much a history held when the units were judged: people beyond it have not been judged at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// People.
    pub people: usize,
    /// Programs.
    pub programs: usize,
}

impl Known {
    /// What a history holds.
    pub fn of(history: &History) -> Self {
        Self { people: history.all_people().count(), programs: history.all_programs().count() }
    }
}

impl Kept {
    /// What must be judged again: what was judged on the day `was`, with `known` people and programs, and is now to stand on the day
    /// `today` with what `touched` names.
    pub fn dirty(&self, engine: &Engine, history: &History, touched: &Touched, known: Known, was: ValidDay, today: ValidDay) -> Dirty {
        // A deadline that had passed is not kept: going back in days is judged anew.
        if touched.everything || today < was || Known::of(history).programs > known.programs {
            return Dirty::Everything;
        }
        let mut spread = Spread { kept: self, engine, history, units: FxHashSet::default() };
        touched.contacts.iter().for_each(|contact| {
            spread.units.insert(Unit::Contact(*contact));
        });
        touched.standings.iter().for_each(|standing| spread.contact(standing));
        let papers: Vec<Paper> = papers(history, touched);
        papers.iter().for_each(|paper| spread.paper(paper));
        for individual in &touched.individuals {
            spread.individual(*individual);
        }
        spread.people(&touched.people, &touched.dated);
        for (program, day) in &touched.meetings {
            spread.meeting(*program, *day);
        }
        for (program, kinds) in &touched.programs {
            spread.program(*program, *kinds);
        }
        for session in &touched.sessions {
            spread.rules(&[Subject::Session(*session)]);
        }
        for person in history.all_people().skip(known.people) {
            spread.rules(&subjects::person_subjects(history, person));
        }
        spread.readers(touched, &papers);
        let mut units = spread.units;
        units.extend(self.ahead.iter().filter(|(deadline, _)| *deadline < today).map(|(_, unit)| *unit));
        if was != today {
            units.extend(&self.daily);
        }
        Dirty::Units(units)
    }

    /// Forgets units, before what was judged again is put in their place.
    pub fn forget(&mut self, units: &FxHashSet<Unit>) {
        self.findings.retain(|(unit, _)| !units.contains(unit));
        self.not_evaluated.retain(|(unit, _)| !units.contains(unit));
        self.reads.retain(|(unit, _)| !units.contains(unit));
        self.ahead.retain(|(_, unit)| !units.contains(unit));
        self.daily.retain(|unit| !units.contains(unit));
    }
}

/// Contacts whose claims changed: what findings say of those is told again. Those whose verdict no claim decided are not judged again for it.
#[derive(Debug)]
pub struct Billed {
    /// In order of their keys.
    contacts: Vec<ContactKey>,
    only_added: bool,
}

impl Billed {
    /// Of what was touched.
    pub fn of(touched: &Touched) -> Self {
        let mut contacts: Vec<ContactKey> = touched.papers.iter().filter(|(_, kinds)| *kinds & CLAIMS != 0).map(|(contact, _)| *contact).collect();
        contacts.sort_unstable();
        Self { contacts, only_added: touched.claims_only_added }
    }

    /// Tells a finding again where it names one of them.
    pub fn retell(&self, view: &View<'_>, finding: &mut Arc<Finding>) {
        if finding.class == Class::Violation {
            return;
        }
        let concerned = finding.contacts.among(&self.contacts);
        if concerned.is_empty() {
            return;
        }
        let finding = Arc::make_mut(finding);
        if self.only_added {
            finding.tell_further_claims(view, &concerned);
        } else {
            finding.retell_claims(view);
        }
    }
}

/// What was written about a contact, and where that stands: once for each row of it, or nowhere for one that was never recorded.
struct Paper {
    contact: ContactKey,
    kinds: u8,
    at: Option<Standing>,
}

fn papers(history: &History, touched: &Touched) -> Vec<Paper> {
    let mut papers = Vec::with_capacity(touched.papers.len());
    for (contact, kinds) in &touched.papers {
        let rows = history.contact_rows(*contact).map(|row| &row.value);
        let at = rows.map(|c| Standing {
            individual: c.individual,
            peer: c.peer,
            program: c.program,
            session: c.session,
            days: Hull { from: c.day, to: c.day },
        });
        let paper = |at| Paper { contact: *contact, kinds: *kinds, at };
        let before = papers.len();
        papers.extend(at.map(|at| paper(Some(at))));
        if papers.len() == before {
            papers.push(paper(None));
        }
    }
    papers
}

/// Days of contacts by whose they are.
struct ByWhose(FxHashMap<Whose, Vec<Hull>>);

impl ByWhose {
    fn of<'s>(standings: impl Iterator<Item = &'s Standing>) -> Self {
        let mut days: FxHashMap<Whose, Vec<Hull>> = FxHashMap::default();
        for at in standings {
            let session = at.session.map(Whose::Session);
            let own = [Whose::Individual(at.individual), Whose::Peer(at.peer), Whose::Program(at.program)];
            own.into_iter().chain(session).for_each(|whose| days.entry(whose).or_default().push(at.days));
        }
        Self(days)
    }

    fn meet(&self, read: &[(Whose, Hull)]) -> bool {
        read.iter().any(|(whose, hull)| self.0.get(whose).is_some_and(|days| days.iter().any(|days| hull.meets(*days))))
    }
}

struct Spread<'k> {
    kept: &'k Kept,
    engine: &'k Engine,
    history: &'k History,
    units: FxHashSet<Unit>,
}

impl Spread<'_> {
    fn rules(&mut self, about: &[Subject]) {
        let units = &mut self.units;
        self.engine.rules_about(about, &mut |unit| {
            units.insert(unit);
        });
    }

    fn contact(&mut self, at: &Standing) {
        self.units.insert(Unit::Individual(at.individual));
        self.units.extend(subjects::months_of(at.days.from, at.days.to).map(|first| Unit::Month(at.individual, first)));
        self.around(&self.kept.reach.contacts, at);
        let mondays = std::iter::successors(Some(subjects::monday(at.days.from)), |monday| Some(monday.plus_days(7)));
        for monday in mondays.take_while(|monday| *monday <= at.days.to) {
            self.rules(&subjects::weeks(at.program, at.peer, monday));
        }
        self.rules(&at.session.map(Subject::Session).into_iter().collect::<Vec<_>>());
    }

    /// What read papers of a contact, but not what reads by itself.
    fn paper(&mut self, paper: &Paper) {
        self.units.insert(Unit::Contact(paper.contact));
        let Some(at) = &paper.at else { return };
        if self.kept.individuals.of(at.individual).is_some_and(|own| own.papers & paper.kinds != 0) {
            self.units.insert(Unit::Individual(at.individual));
        }
        for around in self.kept.reach.of_papers(paper.kinds) {
            self.around(around, at);
        }
    }

    /// Contacts and months that look so far as to see one which stands so.
    fn around(&mut self, around: &Around, at: &Standing) {
        let units = &mut self.units;
        around.months(self.history, at.individual, at.days, |first| {
            units.insert(Unit::Month(at.individual, first));
        });
        around.readers(self.history, at, |contact| {
            units.insert(Unit::Contact(contact));
        });
    }

    /// Everything about an individual, contacts included.
    fn individual(&mut self, who: IndividualKey) {
        self.units.insert(Unit::Individual(who));
        let contacts = self.history.contacts_of(who).map(|row| Unit::Contact(row.value.contact));
        self.units.extend(contacts);
        self.units.extend(subjects::months(self.history, who).into_iter().map(|first| Unit::Month(who, first)));
    }

    /// What asked about people as of a day on which something takes effect, or later.
    fn individual_from(&mut self, who: IndividualKey, effect: ValidDay) {
        let units = &mut self.units;
        self.kept.reach.of_people(self.history, who, effect, |contact| {
            units.insert(Unit::Contact(contact));
        });
        if self.kept.individuals.of(who).is_some_and(|own| effect <= own.asked) {
            units.insert(Unit::Individual(who));
        }
    }

    fn people(&mut self, touched: &FxHashSet<(PersonKey, u8)>, dated: &FxHashMap<PersonKey, ValidDay>) {
        if touched.is_empty() {
            return;
        }
        let mut kinds: FxHashMap<PersonKey, u8> = FxHashMap::default();
        touched.iter().for_each(|(who, kind)| *kinds.entry(*who).or_default() |= kind);
        let read = |people: &[(PersonKey, u8)]| people.iter().any(|(who, kind)| kinds.get(who).is_some_and(|k| k & kind != 0));
        let as_of = |(who, kind): &(PersonKey, u8)| dated.get(who).copied().filter(|_| kind & DATED != 0);
        for individual in self.history.all_individuals() {
            let people = self.kept.individuals.of(individual).map_or(&[][..], |own| &own.people);
            if read(people) {
                self.individual(individual);
            } else if let Some(effect) = people.iter().filter_map(as_of).min() {
                self.individual_from(individual, effect);
            }
        }
        for (who, kind) in touched {
            if kind & timeline::view::reading::person::FACTS != 0 {
                let about = subjects::person_subjects(self.history, *who);
                self.rules(&about);
                // A credential that no row speaks of any more is among the subjects judged before.
                let old = self.kept.units_about(*who).collect::<Vec<_>>();
                self.units.extend(old);
            }
        }
    }

    fn meeting(&mut self, program: ProgramKey, day: ValidDay) {
        let (units, history) = (&mut self.units, self.history);
        self.kept.reach.of_meeting(history, program, day, |contact| {
            units.insert(Unit::Contact(contact));
        });
        let monday = subjects::monday(day);
        let sunday = monday.plus_days(6);
        let peers = history.contacts_beginning(Whose::Program(program), Hull { from: monday, to: sunday }).map(|row| row.value.peer);
        let weeks: FxHashSet<Subject> = peers.flat_map(|peer| subjects::weeks(program, peer, day)).collect();
        self.rules(&weeks.into_iter().collect::<Vec<_>>());
    }

    fn program(&mut self, program: ProgramKey, kinds: u8) {
        if self.kept.reach.programs & kinds != 0 {
            let contacts = self.history.contacts_in(program).map(|row| Unit::Contact(row.value.contact));
            self.units.extend(contacts);
        }
    }

    /// Units that read by themselves something that was touched.
    fn readers(&mut self, touched: &Touched, papers: &[Paper]) {
        let seen = Seen::of(touched, papers);
        let reading = self.kept.reads.iter().filter(|(_, read)| seen.by(read)).map(|(unit, _)| *unit);
        self.units.extend(reading);
    }
}

/// What was touched, looked at from what was read.
struct Seen<'t> {
    touched: &'t Touched,
    everyone: u8,
    days: ByWhose,
    /// By kind of paper.
    of_papers: [ByWhose; KINDS.len()],
}

impl<'t> Seen<'t> {
    fn of(touched: &'t Touched, papers: &[Paper]) -> Self {
        let of_kind = |kind| papers.iter().filter(move |paper| paper.kinds & kind != 0).filter_map(|paper| paper.at.as_ref());
        Self {
            touched,
            everyone: touched.people.iter().fold(0, |all, (_, kind)| all | kind),
            days: ByWhose::of(touched.standings.iter()),
            of_papers: KINDS.map(|kind| ByWhose::of(of_kind(kind))),
        }
    }

    fn person(&self, who: PersonKey, kinds: u8) -> bool {
        (0..8).map(|bit| 1 << bit).any(|kind| kinds & kind != 0 && self.touched.people.contains(&(who, kind)))
    }

    fn by(&self, read: &Read) -> bool {
        let touched = self.touched;
        read.everyone & self.everyone != 0
            || read.people.iter().any(|(who, kinds)| self.person(*who, *kinds))
            || read.dated.iter().any(|(who, asked)| touched.dated.get(who).is_some_and(|effect| effect <= asked))
            || read.individuals.iter().any(|who| touched.individuals.contains(who))
            || read.sessions.iter().any(|session| touched.sessions.contains(session))
            || read.programs.iter().any(|(which, kinds)| touched.programs.iter().any(|(p, kind)| p == which && kinds & kind != 0))
            || read.meetings.iter().any(|(which, hull)| touched.meetings.iter().any(|(p, day)| p == which && hull.has(*day)))
            || self.days.meet(&read.contacts)
            || read.papers.iter().any(|(contact, kinds)| touched.papers.get(contact).is_some_and(|kind| kinds & kind != 0))
            || KINDS.iter().zip(&self.of_papers).any(|(kind, days)| read.all_papers & kind != 0 && days.meet(&read.contacts))
    }
}

impl Kept {
    /// Units that were judged about a person or a credential of theirs.
    fn units_about(&self, person: PersonKey) -> impl Iterator<Item = Unit> {
        let units = self.findings.iter().map(|(unit, _)| *unit).chain(self.not_evaluated.iter().map(|(unit, _)| *unit));
        units.filter(move |unit| {
            matches!(unit, Unit::Rule(_, Subject::Person(who) | Subject::PersonCredential(who, _)) if *who == person)
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use timeline::Key;
    use timeline::view::EVER;
    use timeline::view::reading::papers::NOTES;

    use super::*;

    #[test]
    fn many_papers_are_met_by_whose_contacts_they_are_and_by_their_kind() {
        let day = ValidDay::from_ymd(2025, 3, 4).unwrap();
        let (contact, peer) = (ContactKey::from_index(7), PersonKey::from_index(1));
        let at = Standing { individual: IndividualKey::from_index(0), peer, program: ProgramKey::from_index(0), session: None, days: Hull { from: day, to: day } };
        let mut touched = Touched::default();
        touched.papers.insert(contact, CLAIMS);
        let papers = [Paper { contact, kinds: CLAIMS, at: Some(at) }];
        let seen = Seen::of(&touched, &papers);
        let ever = Hull { from: EVER.0, to: EVER.1 };
        let read = |whose, hull, all_papers| Read { contacts: vec![(whose, hull)], all_papers, ..Read::default() };
        assert!(seen.by(&read(Whose::Peer(peer), ever, CLAIMS)));
        assert!(!seen.by(&read(Whose::Peer(peer), ever, 0)), "the contacts themselves are as they were");
        assert!(!seen.by(&read(Whose::Peer(peer), ever, NOTES)));
        assert!(!seen.by(&read(Whose::Peer(PersonKey::from_index(2)), ever, CLAIMS)));
        let later = Hull { from: day.plus_days(1), to: EVER.1 };
        assert!(!seen.by(&read(Whose::Peer(peer), later, CLAIMS)));
        let one = |contact| Read { papers: vec![(contact, CLAIMS)], ..Read::default() };
        assert!(seen.by(&one(contact)) && !seen.by(&one(ContactKey::from_index(8))));
    }
}
