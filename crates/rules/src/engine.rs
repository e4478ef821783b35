//! Runs every rule over every subject of a history and puts the answers in order.
//! Work is cut into pieces that do not know each other, so threads never show in the result.

use std::ops::Range;

use domain::ValidDay;
use timeline::{ContactKey, History, IndividualKey, Key, PersonKey, ProgramKey, SessionKey, View};

use crate::ask::claims_naming;
use crate::case::Case;
use crate::class::Class;
use crate::detect::{Reach, Sequence, sequence};
use crate::exposure::amount;
use crate::finding::{Finding, Report, Summary};
use crate::kept::{Keeping, Kept, RulePlace, Unit};
use crate::kinds::{ByKind, Kind};
use crate::params::{ParamError, ParamSet, Tables};
use crate::rule::{Check, Rule, Table};
use crate::subject::Subject;
use crate::subjects;

/// A rule with its loaded parameters.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) rule: &'static Rule,
    pub(crate) params: ParamSet,
}

/// A set of rules ready to judge.
#[derive(Debug)]
pub struct Engine {
    pub(crate) rules: Vec<Loaded>,
    pub(crate) tables: Tables,
    kinds: ByKind,
    identity: String,
}

/// A piece of work: some subjects of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Work {
    /// Contacts and the claims that name them.
    Contacts(Range<u32>),
    /// Individuals, with programs, days, months, peers and plans.
    Individuals(Range<u32>),
    /// People and their credentials.
    People(Range<u32>),
    /// Programs and their weeks.
    Programs(Range<u32>),
    /// Group sessions.
    Sessions(Range<u32>),
}

/// Contacts, individuals or sessions in one piece of work: small enough to spread over cores, large enough not to matter.
const MANY: u32 = 4096;
/// A person or program has years of contacts behind it: few of them are a piece.
const FEW: u32 = 4;

impl Engine {
    /// Loads rules and shared tables.
    ///
    /// # Errors
    /// [`ParamError`] for parameters with gaps, overlaps or bad dates.
    pub fn new(rules: &[&'static Rule], tables: &[Table]) -> Result<Self, ParamError> {
        let mut identity = blake3::Hasher::new_derive_key("countersign rule set v1");
        for table in tables {
            identity.update(table.name.as_bytes()).update(b"\n").update(table.params.as_bytes()).update(b"\n");
        }
        for rule in rules {
            identity.update(format!("{} {}\n", rule.id, rule.version).as_bytes()).update(rule.params.as_bytes()).update(b"\n");
        }
        let kinds = ByKind::of(rules.iter().map(|rule| &rule.check));
        let rules = rules.iter().map(|rule| ParamSet::of_rule(rule).map(|params| Loaded { rule, params })).collect::<Result<_, _>>()?;
        let tables = Tables::load(tables)?;
        Ok(Self { rules, tables, kinds, identity: format!("blake3:{}", identity.finalize().to_hex()) })
    }

    /// The identity of the rule set: a hash over every rule's version and parameters, and the tables.
    pub fn rule_set(&self) -> &str {
        &self.identity
    }

    /// The rules, in catalogue order.
    pub fn rules(&self) -> impl Iterator<Item = (&'static Rule, &ParamSet)> {
        self.rules.iter().map(|l| (l.rule, &l.params))
    }

    /// The shared tables.
    pub fn tables(&self) -> &Tables {
        &self.tables
    }

    /// A rule by its id.
    pub fn rule(&self, id: &str) -> Option<&'static Rule> {
        self.rules.iter().find(|l| l.rule.id == id).map(|l| l.rule)
    }

    /// The pieces of work of a history.
    pub fn work(&self, history: &History) -> Vec<Work> {
        let pieces = |count: usize, size: u32, make: fn(Range<u32>) -> Work| {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            (0..count).step_by(size as usize).map(move |from| make(from..from.saturating_add(size).min(count)))
        };
        // The heaviest first, so that no core is left alone with one of them at the end.
        pieces(history.all_programs().count(), 1, Work::Programs)
            .chain(pieces(history.all_people().count(), FEW, Work::People))
            .chain(pieces(history.all_contacts().count(), MANY, Work::Contacts))
            .chain(pieces(history.all_individuals().count(), MANY, Work::Individuals))
            .chain(pieces(history.all_sessions().count(), MANY, Work::Sessions))
            .collect()
    }

    /// The units of a piece of work, in order.
    fn units(&self, history: &History, work: &Work, mut each: impl FnMut(Unit)) {
        match work {
            Work::Contacts(range) => range.clone().map(ContactKey::from_index).map(Unit::Contact).for_each(each),
            Work::Individuals(range) => {
                for individual in range.clone().map(IndividualKey::from_index) {
                    each(Unit::Individual(individual));
                    subjects::months(history, individual).into_iter().for_each(|first| each(Unit::Month(individual, first)));
                }
            }
            Work::People(range) => {
                for person in range.clone().map(PersonKey::from_index) {
                    self.rules_about(&subjects::person_subjects(history, person), &mut each);
                }
            }
            Work::Programs(range) => {
                for program in range.clone().map(ProgramKey::from_index) {
                    self.rules_about(&subjects::program_subjects(history, program), &mut each);
                }
            }
            Work::Sessions(range) => {
                let sessions: Vec<Subject> = range.clone().map(SessionKey::from_index).map(Subject::Session).collect();
                self.rules_about(&sessions, &mut each);
            }
        }
    }

    /// Every rule that judges one of these subjects, with the subject.
    pub(crate) fn rules_about(&self, subjects: &[Subject], each: &mut impl FnMut(Unit)) {
        for subject in subjects {
            self.kinds.places(subject.kind()).iter().for_each(|place| each(Unit::Rule(RulePlace(*place), *subject)));
        }
    }

    /// The rules that judge subjects of a kind, in order.
    fn judging(&self, kind: Kind) -> impl Iterator<Item = &Loaded> {
        self.kinds.places(kind).iter().filter_map(|place| self.rules.get(usize::from(*place)))
    }

    /// Judges one piece of work; the findings are not yet in order.
    pub fn judge(&self, view: &View<'_>, work: &Work) -> Report {
        let mut report = Report::default();
        self.units(view.history(), work, |unit| self.judge_unit(view, unit, &mut report));
        report
    }

    /// As [`Engine::judge`], keeping what each answer was read from, for a later scan that judges only what has changed.
    pub fn judge_keeping(&self, view: &View<'_>, work: &Work) -> Kept {
        let mut keeping = Keeping::new(view);
        self.units(view.history(), work, |unit| keeping.judge(self, unit));
        keeping.done()
    }

    /// Judges some units anew.
    pub fn judge_again(&self, view: &View<'_>, units: &[Unit]) -> Kept {
        let mut keeping = Keeping::new(view);
        units.iter().for_each(|unit| keeping.judge(self, *unit));
        keeping.done()
    }

    /// Asks every rule that a unit stands for.
    pub(crate) fn judge_unit(&self, view: &View<'_>, unit: Unit, report: &mut Report) {
        match unit {
            Unit::Contact(contact) => self.judge_contact(view, contact, report),
            Unit::Individual(individual) => self.judge_all(view, &subjects::individual_subjects(view.history(), individual), report),
            Unit::Month(individual, first) => self.judge_all(view, &subjects::month_subjects(view.history(), individual, first), report),
            Unit::Rule(place, subject) => {
                if let Some(loaded) = self.rules.get(usize::from(place.0)) {
                    self.put(view, subject, loaded, self.ask(loaded, view, subject), report);
                }
            }
        }
    }

    /// Puts the answers of all pieces in order and counts them.
    pub fn assemble(&self, view: &View<'_>, pieces: impl IntoIterator<Item = Report>) -> Report {
        let mut report = Report::default();
        for piece in pieces {
            report.findings.extend(piece.findings);
            report.not_evaluated.extend(piece.not_evaluated);
        }
        report.put_in_order();
        let count = |class| report.findings.iter().filter(|f| f.class == class).count() as u64;
        let mut lines: Vec<u32> = report.findings.iter().flat_map(|f| f.lines.iter().copied()).collect();
        lines.sort_unstable();
        lines.dedup();
        report.summary = Summary {
            violation: count(Class::Violation),
            documentation: count(Class::Documentation),
            advisory: count(Class::Advisory),
            not_evaluated: report.not_evaluated.len() as u64,
            exposure: amount(view, &lines),
        };
        report
    }

    /// Everything at once, on one thread.
    pub fn run(&self, history: &History, today: ValidDay) -> Report {
        let view = View::of(history, today);
        let pieces: Vec<Report> = self.work(history).iter().map(|w| self.judge(&view, w)).collect();
        self.assemble(&view, pieces)
    }

    /// How a rule's answer about a subject went over knowledge, newest first; `None` for a rule that is not in the set.
    pub fn sequence(&self, view: &View<'_>, rule: &str, subject: Subject, reach: Reach) -> Option<Sequence> {
        let loaded = self.rules.iter().find(|l| l.rule.id == rule)?;
        Some(sequence(*view, reach, |v| self.ask(loaded, &v, subject)))
    }

    /// Money at risk over several findings, each claim line once.
    pub fn exposure_of<'f>(&self, view: &View<'_>, findings: impl IntoIterator<Item = &'f Finding>) -> domain::Cents {
        let mut lines: Vec<u32> = findings.into_iter().flat_map(|f| f.lines.iter().copied()).collect();
        lines.sort_unstable();
        lines.dedup();
        amount(view, &lines)
    }

    fn judge_all(&self, view: &View<'_>, subjects: &[Subject], report: &mut Report) {
        for subject in subjects {
            for loaded in self.judging(subject.kind()) {
                self.put(view, *subject, loaded, self.ask(loaded, view, *subject), report);
            }
        }
    }

    fn judge_contact(&self, view: &View<'_>, contact: ContactKey, report: &mut Report) {
        let case = view.contact(contact).map(|row| Case::new(*view, row));
        for loaded in self.judging(Kind::Contact) {
            if let (Check::Contact(check), Some(case)) = (&loaded.rule.check, &case) {
                self.put(view, Subject::Contact(contact), loaded, self.check_contact(loaded, *check, case), report);
            }
        }
        for claim in claims_naming(view, contact) {
            for loaded in self.judging(Kind::ClaimContact) {
                let subject = Subject::ClaimContact(claim, contact);
                self.put(view, subject, loaded, self.ask(loaded, view, subject), report);
            }
        }
    }
}
