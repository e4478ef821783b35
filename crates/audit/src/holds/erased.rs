//! How erasures show elsewhere: in what could not be judged, and in what verification has to tell.
//! It refuses to guess: only who the vault says was erased is called so.

use std::collections::BTreeSet;

use domain::PersonId;
use ledger::{Ledger, Sealing, Subject};
use rules::Report;
use timeline::History;

use crate::error::AuditError;

/// Names under which erased people stand in a history.
pub(crate) fn names(ledger: &Ledger, history: &History) -> BTreeSet<String> {
    let person = |name: &str| PersonId::parse(name).is_ok_and(|id| ledger.sealing(&Subject::Person(id)) == Sealing::Erased);
    let people = history.all_people().map(|key| history.person_name(key)).filter(|name| person(name));
    let individuals = history.all_individuals().map(|key| history.individual_name(key)).filter(|name| name.starts_with(ledger::ERASED));
    people.chain(individuals).map(str::to_owned).collect()
}

/// Says of each fact that could not be found that it was erased, where it was.
pub(crate) fn say_erased(report: &mut Report, erased: &BTreeSet<String>) {
    if erased.is_empty() {
        return;
    }
    for unknown in &mut report.not_evaluated {
        if unknown.missing.strip_prefix("birth date of ").is_some_and(|who| erased.contains(who)) {
            unknown.missing.push_str(" (erased)");
        }
    }
}

/// Erasures that were cut short, and those that an old vault undid, in words.
///
/// # Errors
/// A ledger that cannot be read.
pub(crate) fn incidents(ledger: &Ledger) -> Result<Vec<String>, AuditError> {
    let erasures = ledger.erasures()?;
    let unrecorded = erasures.unrecorded.iter().map(|name| {
        format!("the key of {name} was destroyed, but no subject_erased says so: the erasure was cut short. `countersign erase` with the same id finishes it")
    });
    let undone = erasures.undone.iter().map(|(seq, name)| {
        format!("seq {seq} says that {name} was erased, and their key is there: an old copy of the keys was put back. `countersign erase` with the same id destroys it again")
    });
    Ok(unrecorded.chain(undone).collect())
}
