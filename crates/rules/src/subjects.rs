//! Which subjects there are to judge: everything that any row ever spoke of, believed or not.
//! Judges nothing.

use domain::ValidDay;
use domain::words::CredentialKind;
use timeline::delivery::Contact;
use timeline::{History, IndividualKey, PersonKey, ProgramKey, Row};

use crate::subject::Subject;

/// Subjects of an individual but days and months, from every row whether believed or not, so that a view at an earlier cut finds them too.
pub(crate) fn individual_subjects(history: &History, individual: IndividualKey) -> Vec<Subject> {
    let mut subjects = Vec::new();
    for row in history.contacts_of(individual) {
        subjects.push(Subject::IndividualProgram(individual, row.value.program));
        subjects.push(Subject::IndividualPeer(individual, row.value.peer));
    }
    for row in &history.individual_facts(individual).plans {
        subjects.push(Subject::PlanVersion(individual, row.value.plan, row.value.version));
    }
    distinct(subjects)
}

/// The months, by their first days, in which contacts of an individual lie.
pub(crate) fn months(history: &History, individual: IndividualKey) -> Vec<ValidDay> {
    let mut months: Vec<ValidDay> = history.contacts_of(individual).flat_map(|row| days(&row.value).filter_map(ValidDay::first_of_month)).collect();
    months.sort_unstable();
    months.dedup();
    months
}

/// A month of an individual, and its days with a contact in each program.
pub(crate) fn month_subjects(history: &History, individual: IndividualKey, first: ValidDay) -> Vec<Subject> {
    let mut subjects = Vec::new();
    let next = first.plus_days(31).first_of_month().unwrap_or(ValidDay::MAX);
    for c in history.contacts_of_during(individual, first, next.plus_days(-1)).map(|row| &row.value) {
        if c.day.first_of_month() == Some(first) {
            subjects.push(Subject::IndividualMonth(individual, first));
        }
        let inside = days(c).filter(|day| day.first_of_month() == Some(first));
        subjects.extend(inside.map(|day| Subject::IndividualProgramDate(individual, c.program, day)));
    }
    distinct(subjects)
}

fn days(contact: &Contact) -> impl Iterator<Item = ValidDay> + use<> {
    let (first, last) = (contact.day, contact.end.local_day());
    (0..=last.days_since(first)).map(move |n| first.plus_days(n))
}

/// A person and the kinds of credential ever recorded of them.
pub(crate) fn person_subjects(history: &History, person: PersonKey) -> Vec<Subject> {
    let mut subjects = vec![Subject::Person(person)];
    let kinds = history.person_facts(person).credentials.iter().map(|r: &Row<_>| r.value.kind);
    subjects.extend(kinds.map(|kind: CredentialKind| Subject::PersonCredential(person, kind)));
    distinct(subjects)
}

/// A program, and its weeks with a contact, for itself and for each peer.
pub(crate) fn program_subjects(history: &History, program: ProgramKey) -> Vec<Subject> {
    let mut subjects = vec![Subject::Program(program)];
    for row in history.contacts_in(program) {
        subjects.extend(weeks(program, row.value.peer, row.value.day));
    }
    distinct(subjects)
}

/// The weeks that a contact of a program with a peer on a day belongs to.
pub(crate) fn weeks(program: ProgramKey, peer: PersonKey, day: ValidDay) -> [Subject; 2] {
    let monday = monday(day);
    [Subject::ProgramWeek(program, monday, None), Subject::ProgramWeek(program, monday, Some(peer))]
}

/// The Monday of a day's week.
pub(crate) fn monday(day: ValidDay) -> ValidDay {
    day.plus_days(i64::from(1 - day.iso_weekday()))
}

/// Each subject once; the order does not matter, the report is sorted.
fn distinct(subjects: Vec<Subject>) -> Vec<Subject> {
    let mut seen = rustc_hash::FxHashSet::default();
    subjects.into_iter().filter(|s| seen.insert(*s)).collect()
}
