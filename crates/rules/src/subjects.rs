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
    for (program, peer) in history.met_by(individual) {
        subjects.push(Subject::IndividualProgram(individual, *program));
        subjects.push(Subject::IndividualPeer(individual, *peer));
    }
    for row in &history.individual_facts(individual).plans {
        subjects.push(Subject::PlanVersion(individual, row.value.plan, row.value.version));
    }
    distinct(subjects)
}

/// The months, by their first days, in which contacts of an individual lie.
pub(crate) fn months(history: &History, individual: IndividualKey) -> Vec<ValidDay> {
    let mut months: Vec<ValidDay> = Vec::new();
    for row in history.contacts_of(individual) {
        let (first, last) = days(&row.value);
        // Most lie in the month of the contact before.
        months_of(first, last).for_each(|month| {
            if months.last() != Some(&month) {
                months.push(month);
            }
        });
    }
    months.sort_unstable();
    months.dedup();
    months
}

/// The months, by their first days, with one of some days.
pub(crate) fn months_of(first: ValidDay, last: ValidDay) -> impl Iterator<Item = ValidDay> {
    // The first instant of the years accepted lies on the local day before them, which has no month.
    let begin = first.first_of_month().or_else(|| first.plus_days(1).first_of_month()).filter(|_| first <= last);
    std::iter::successors(begin, |month| month.plus_days(31).first_of_month()).take_while(move |month| *month <= last)
}

/// A month of an individual, and its days with a contact in each program.
pub(crate) fn month_subjects(history: &History, individual: IndividualKey, first: ValidDay) -> Vec<Subject> {
    let mut subjects = Vec::new();
    if first.first_of_month() != Some(first) {
        // What a restored state calls a month may be none.
        return subjects;
    }
    let last = first.plus_days(31).first_of_month().unwrap_or(ValidDay::MAX).plus_days(-1);
    for c in history.contacts_of_during(individual, first, last).map(|row| &row.value) {
        if c.day.first_of_month() == Some(first) {
            subjects.push(Subject::IndividualMonth(individual, first));
        }
        // Of a contact that goes on for years, the days of this month alone.
        let (begins, ends) = days(c);
        let (begins, ends) = (begins.max(first), ends.min(last));
        let inside = (0..=ends.days_since(begins)).map(|n| begins.plus_days(n));
        subjects.extend(inside.map(|day| Subject::IndividualProgramDate(individual, c.program, day)));
    }
    distinct(subjects)
}

/// The first and the last local day of a contact.
fn days(contact: &Contact) -> (ValidDay, ValidDay) {
    (contact.day, contact.end.local_day())
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn the_months_of_some_days_are_every_one_with_a_day_among_them() {
        let brute = |first: ValidDay, length: i64| {
            let mut months: Vec<ValidDay> = (0..length).filter_map(|n| first.plus_days(n).first_of_month()).collect();
            months.dedup();
            months
        };
        // The first local day that an instant may lie on has no month, and the last is the last of one.
        for first in ["2023-12-30", "2024-02-01", "1900-01-01", "2200-11-29"].map(|day| ValidDay::parse(day).unwrap()) {
            for (first, length) in (-1..=2).flat_map(|before| (0..=32).chain([365, 800]).map(move |length| (first.plus_days(before), length))) {
                assert_eq!(months_of(first, first.plus_days(length - 1)).collect::<Vec<_>>(), brute(first, length), "{first} {length}");
            }
        }
    }
}
