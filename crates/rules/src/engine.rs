//! Runs every rule over every subject of a history and puts the answers in order.
//! Work is cut into pieces that do not know each other, so threads never show in the result.

use std::ops::Range;

use domain::words::CredentialKind;
use domain::{Seq, ValidDay};
use timeline::{ClaimKey, ContactKey, History, IndividualKey, Key, PersonKey, ProgramKey, Row, View};
use timeline::delivery::Contact;

use crate::case::{Billing, Case};
use crate::class::Class;
use crate::detect::{Reach, Sequence, first_detectable, sequence};
use crate::exposure::{amount, earliest_submission, exposed_lines};
use crate::finding::{About, Finding, NotEvaluated, Report, Summary};
use crate::params::{ParamError, ParamSet, Params, Tables};
use crate::rule::{Check, Rule, Table};
use crate::subject::{Subject, finding_id};
use crate::verdict::{Breach, Checked, Verdict};

/// A rule with its loaded parameters.
#[derive(Debug)]
struct Loaded {
    rule: &'static Rule,
    params: ParamSet,
}

/// A set of rules ready to judge.
#[derive(Debug)]
pub struct Engine {
    rules: Vec<Loaded>,
    tables: Tables,
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
        let rules = rules.iter().map(|rule| ParamSet::of_rule(rule).map(|params| Loaded { rule, params })).collect::<Result<_, _>>()?;
        let tables = Tables::load(tables)?;
        Ok(Self { rules, tables, identity: format!("blake3:{}", identity.finalize().to_hex()) })
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

    /// Judges one piece of work; the findings are not yet in order.
    pub fn judge(&self, view: &View<'_>, work: &Work) -> Report {
        let mut report = Report::default();
        let mut put = |subject: Subject, loaded: &Loaded, answer: Checked| self.put(view, subject, loaded, answer, &mut report);
        match work {
            Work::Contacts(range) => {
                for contact in range.clone().map(ContactKey::from_index) {
                    self.judge_contact(view, contact, &mut put);
                }
            }
            Work::Individuals(range) => {
                for individual in range.clone().map(IndividualKey::from_index) {
                    self.judge_all(view, individual_subjects(view.history(), individual), &mut put);
                }
            }
            Work::People(range) => {
                for person in range.clone().map(PersonKey::from_index) {
                    self.judge_all(view, person_subjects(view.history(), person), &mut put);
                }
            }
            Work::Programs(range) => {
                for program in range.clone().map(ProgramKey::from_index) {
                    self.judge_all(view, program_subjects(view.history(), program), &mut put);
                }
            }
            Work::Sessions(range) => {
                let subjects = range.clone().map(timeline::SessionKey::from_index).map(Subject::Session).collect();
                self.judge_all(view, subjects, &mut put);
            }
        }
        report
    }

    /// Puts the answers of all pieces in order and counts them.
    pub fn assemble(&self, view: &View<'_>, pieces: impl IntoIterator<Item = Report>) -> Report {
        let mut report = Report::default();
        for piece in pieces {
            report.findings.extend(piece.findings);
            report.not_evaluated.extend(piece.not_evaluated);
        }
        report.findings.sort_by(|a, b| (a.class, a.rule, &a.subject).cmp(&(b.class, b.rule, &b.subject)));
        report.not_evaluated.sort_by(|a, b| (a.rule, &a.subject).cmp(&(b.rule, &b.subject)));
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

    fn judge_contact(&self, view: &View<'_>, contact: ContactKey, put: &mut impl FnMut(Subject, &Loaded, Checked)) {
        let case = view.contact(contact).map(|row| Case::new(*view, row));
        for loaded in &self.rules {
            if let (Check::Contact(check), Some(case)) = (&loaded.rule.check, &case) {
                put(Subject::Contact(contact), loaded, self.check_contact(loaded, *check, case));
            }
        }
        for claim in claims_naming(view, contact) {
            for loaded in self.rules.iter().filter(|l| matches!(l.rule.check, Check::ClaimContact(_))) {
                put(Subject::ClaimContact(claim, contact), loaded, self.ask(loaded, view, Subject::ClaimContact(claim, contact)));
            }
        }
    }

    fn judge_all(&self, view: &View<'_>, subjects: Vec<Subject>, put: &mut impl FnMut(Subject, &Loaded, Checked)) {
        for subject in subjects {
            for loaded in &self.rules {
                if fits(&loaded.rule.check, subject) {
                    put(subject, loaded, self.ask(loaded, view, subject));
                }
            }
        }
    }

    fn params<'a>(&'a self, loaded: &'a Loaded, view: &View<'a>) -> Params<'a> {
        Params::new(&loaded.params, &self.tables, *view)
    }

    fn check_contact(&self, loaded: &Loaded, check: fn(&Case<'_>, &Params<'_>) -> Checked, case: &Case<'_>) -> Checked {
        if !loaded.rule.scope.takes(case.contact().service) {
            return Ok(Verdict::NotApplicable);
        }
        let params = Params::new(&loaded.params, &self.tables, *case.view());
        if !params.in_force(case.day()) {
            return Ok(Verdict::NotApplicable);
        }
        check(case, &params)
    }

    /// Asks one rule about one subject, as a view believes it.
    fn ask(&self, loaded: &Loaded, view: &View<'_>, subject: Subject) -> Checked {
        let p = self.params(loaded, view);
        match (loaded.rule.check, subject) {
            (Check::Contact(check), Subject::Contact(contact)) => match view.contact(contact) {
                Some(row) => self.check_contact(loaded, check, &Case::new(*view, row)),
                None => Ok(Verdict::NotApplicable),
            },
            (Check::ClaimContact(check), Subject::ClaimContact(claim, contact)) => {
                let Some(billing) = billing(view, claim, contact) else { return Ok(Verdict::NotApplicable) };
                let in_scope = billing.case.as_ref().is_some_and(|c| loaded.rule.scope.takes(c.contact().service));
                let judged = in_scope || loaded.rule.scope == crate::rule::Scope::Any;
                if judged && p.in_force(billing.day()) { check(&billing, &p) } else { Ok(Verdict::NotApplicable) }
            }
            (Check::Session(check), Subject::Session(s)) => check(view, s, &p),
            (Check::IndividualProgram(check), Subject::IndividualProgram(i, pr)) => check(view, i, pr, &p),
            (Check::IndividualProgramDate(check), Subject::IndividualProgramDate(i, pr, day)) => check(view, i, pr, day, &p),
            (Check::IndividualPeer(check), Subject::IndividualPeer(i, peer)) => check(view, i, peer, &p),
            (Check::IndividualMonth(check), Subject::IndividualMonth(i, month)) => check(view, i, month, &p),
            (Check::PersonCredential(check), Subject::PersonCredential(person, kind)) => check(view, person, kind, &p),
            (Check::Person(check), Subject::Person(person)) => check(view, person, &p),
            (Check::PlanVersion(check), Subject::PlanVersion(i, plan, version)) => check(view, i, plan, version, &p),
            (Check::Program(check), Subject::Program(program)) => check(view, program, &p),
            (Check::ProgramWeek(check), Subject::ProgramWeek(program, week, peer)) => check(view, program, week, peer, &p),
            // Subjects of another kind than the rule's are never asked; `fits` sees to it.
            (_, _) => Ok(Verdict::NotApplicable),
        }
    }

    fn put(&self, view: &View<'_>, subject: Subject, loaded: &Loaded, answer: Checked, report: &mut Report) {
        match answer {
            Ok(Verdict::Met | Verdict::NotApplicable) => {}
            Err(missing) => {
                // What an advisory could not say is no gap in a review.
                if !loaded.rule.is_advisory() {
                    let subject = subject.name(view.history());
                    report.not_evaluated.push(NotEvaluated { rule: loaded.rule.id, subject, missing: missing.0 });
                }
            }
            Ok(Verdict::Violated(breach)) => report.findings.push(self.finding(view, subject, loaded, *breach)),
        }
    }

    fn finding(&self, view: &View<'_>, subject: Subject, loaded: &Loaded, breach: Breach) -> Finding {
        let history = view.history();
        let first = first_detectable(*view, &breach, |v| self.ask(loaded, &v, subject));
        let submitted = earliest_submission(view, breach.involved_contacts());
        let lines = exposed_lines(view, &breach);
        let name = subject.name(history);
        let mut seqs: Vec<Seq> = breach.evidence.iter().flat_map(|s| std::iter::once(*s).chain(history.shaping(*s).iter().copied())).collect();
        seqs.sort_unstable();
        seqs.dedup();
        let mut contacts: Vec<String> = breach.involved_contacts().iter().map(|c| history.contact_name(*c).to_owned()).collect();
        contacts.sort_unstable();
        Finding {
            id: finding_id(loaded.rule.id, &name),
            rule: loaded.rule.id,
            class: breach.class,
            status: breach.status,
            about: about(view, subject, &breach),
            subject: name,
            true_from: breach.true_from,
            first_detectable: first,
            known_at_claim: submitted.map(|at| first <= at.as_submission_known()),
            exposure: amount(view, &lines),
            message: breach.message,
            evidence: seqs.into_iter().filter_map(|s| history.type_at(s).map(|t| (s, t))).collect(),
            missing: breach.missing,
            citation: loaded.rule.authority[0],
            contacts,
            lines,
        }
    }
}

fn fits(check: &Check, subject: Subject) -> bool {
    matches!(
        (check, subject),
        (Check::Session(_), Subject::Session(_))
            | (Check::IndividualProgram(_), Subject::IndividualProgram(..))
            | (Check::IndividualProgramDate(_), Subject::IndividualProgramDate(..))
            | (Check::IndividualPeer(_), Subject::IndividualPeer(..))
            | (Check::IndividualMonth(_), Subject::IndividualMonth(..))
            | (Check::PersonCredential(_), Subject::PersonCredential(..))
            | (Check::Person(_), Subject::Person(_))
            | (Check::PlanVersion(_), Subject::PlanVersion(..))
            | (Check::Program(_), Subject::Program(_))
            | (Check::ProgramWeek(_), Subject::ProgramWeek(..))
    )
}

fn claims_naming(view: &View<'_>, contact: ContactKey) -> Vec<ClaimKey> {
    let mut claims: Vec<ClaimKey> = view.lines(contact).map(|l| l.claim.value.claim).collect();
    claims.sort_unstable();
    claims.dedup();
    claims
}

fn billing<'h>(view: &View<'h>, claim: ClaimKey, contact: ContactKey) -> Option<Billing<'h>> {
    let lines: Vec<_> = view.lines(contact).filter(|l| l.claim.value.claim == claim).collect();
    let row = lines.first()?.claim;
    let case = view.contact(contact).map(|row| Case::new(*view, row));
    Some(Billing { view: *view, contact, case, claim: row, lines })
}

/// Subjects of an individual, from every row whether believed or not, so that a view at an earlier cut finds them too.
fn individual_subjects(history: &History, individual: IndividualKey) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for row in history.contacts_of(individual) {
        let c: &Contact = &row.value;
        subjects.push(Subject::IndividualProgram(individual, c.program));
        subjects.push(Subject::IndividualPeer(individual, c.peer));
        let (y, m, _) = c.day.ymd();
        subjects.extend(ValidDay::from_ymd(y, m, 1).map(|first| Subject::IndividualMonth(individual, first)));
        let mut day = c.day;
        while day <= c.end.local_day() {
            subjects.push(Subject::IndividualProgramDate(individual, c.program, day));
            day = day.plus_days(1);
        }
    }
    for row in &history.individual_facts(individual).plans {
        subjects.push(Subject::PlanVersion(individual, row.value.plan, row.value.version));
    }
    distinct(subjects)
}

fn person_subjects(history: &History, person: PersonKey) -> Vec<Subject> {
    let mut subjects = vec![Subject::Person(person)];
    let kinds = history.person_facts(person).credentials.iter().map(|r: &Row<_>| r.value.kind);
    subjects.extend(kinds.map(|kind: CredentialKind| Subject::PersonCredential(person, kind)));
    distinct(subjects)
}

fn program_subjects(history: &History, program: ProgramKey) -> Vec<Subject> {
    let mut subjects = vec![Subject::Program(program)];
    for row in history.contacts_in(program) {
        let day = row.value.day;
        let monday = day.plus_days(i64::from(1 - day.iso_weekday()));
        subjects.push(Subject::ProgramWeek(program, monday, None));
        subjects.push(Subject::ProgramWeek(program, monday, Some(row.value.peer)));
    }
    distinct(subjects)
}

/// Each subject once; the order does not matter, the report is sorted.
fn distinct(subjects: Vec<Subject>) -> Vec<Subject> {
    let mut seen = rustc_hash::FxHashSet::default();
    subjects.into_iter().filter(|s| seen.insert(*s)).collect()
}

fn about(view: &View<'_>, subject: Subject, breach: &Breach) -> About {
    let h = view.history();
    let contacts = breach.involved_contacts();
    let mut claims: Vec<String> = contacts.iter().flat_map(|c| view.lines(*c)).map(|l| h.claim_name(l.claim.value.claim).to_owned()).collect();
    claims.sort_unstable();
    claims.dedup();
    // A retracted contact still says whom it was about: the last row that was ever believed.
    let rows: Vec<&Contact> = contacts.iter().filter_map(|c| h.contact_rows(*c).max_by_key(|r| r.seq())).map(|r| &r.value).collect();
    let one = |mut names: Vec<&str>| {
        names.sort_unstable();
        names.dedup();
        if let [name] = names[..] { Some(name.to_owned()) } else { None }
    };
    let mut about = About {
        program: one(rows.iter().map(|c| h.program_name(c.program)).collect()),
        peer: one(rows.iter().map(|c| h.person_name(c.peer)).collect()),
        individual: one(rows.iter().map(|c| h.individual_name(c.individual)).collect()),
        claims,
    };
    let program = |p| Some(h.program_name(p).to_owned());
    let person = |p| Some(h.person_name(p).to_owned());
    let individual = |i| Some(h.individual_name(i).to_owned());
    match subject {
        Subject::Contact(_) | Subject::Session(_) => {}
        Subject::ClaimContact(claim, _) => {
            if let (true, Some(row)) = (rows.is_empty(), view.claim(claim)) {
                about.program = program(row.value.program);
                about.individual = individual(row.value.individual);
            }
        }
        Subject::IndividualProgram(i, p) | Subject::IndividualProgramDate(i, p, _) => {
            about.individual = individual(i);
            about.program = program(p);
        }
        Subject::IndividualPeer(i, p) => {
            about.individual = individual(i);
            about.peer = person(p);
        }
        Subject::IndividualMonth(i, _) | Subject::PlanVersion(i, ..) => about.individual = individual(i),
        Subject::PersonCredential(p, _) | Subject::Person(p) => about.peer = person(p),
        Subject::Program(p) => about.program = program(p),
        Subject::ProgramWeek(p, _, peer) => {
            about.program = program(p);
            about.peer = peer.and_then(person);
        }
    }
    about
}
