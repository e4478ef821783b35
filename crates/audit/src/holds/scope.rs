//! Who is meant: a subject as typed on the command line, and the scope that a hold writes down.
//! An individual never gets into a scope by their own id, which would lie in the ledger in the clear; they stand there by pseudonym.

use domain::{IndividualId, PersonId};
use ledger::{Ledger, Sealing, Subject};

use crate::error::AuditError;

/// Reads a subject: an id that one individual or staff member has, or `individual:ID`, `person:ID`.
pub(super) fn subject(ledger: &Ledger, typed: &str) -> Result<Subject, AuditError> {
    let unknown = || {
        let hint = "check the spelling, or say which: individual:ID or person:ID. A staff member without birth date and numbers has nothing sealed";
        AuditError::asked(format!("nothing is sealed for {typed:?} in this ledger"), hint)
    };
    if let Some(named) = named(typed) {
        return Ok(named);
    }
    let individual = IndividualId::parse(typed).ok().map(Subject::Individual);
    let person = PersonId::parse(typed).ok().map(Subject::Person);
    let mut known = [individual, person].into_iter().flatten().filter(|subject| ledger.sealing(subject) != Sealing::Nothing);
    match (known.next(), known.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => {
            Err(AuditError::asked(format!("{typed:?} is both an individual and a staff member"), format!("say which: individual:{typed} or person:{typed}")))
        }
        (None, _) => Err(unknown()),
    }
}

fn named(typed: &str) -> Option<Subject> {
    if let Some(id) = typed.strip_prefix("individual:") {
        return IndividualId::parse(id).ok().map(Subject::Individual);
    }
    typed.strip_prefix("person:").and_then(|id| PersonId::parse(id).ok()).map(Subject::Person)
}

/// How a hold writes down whom it covers.
pub(super) fn written(ledger: &Ledger, subject: &Subject) -> String {
    match subject {
        Subject::Individual(id) => format!("pseudonym:{}", ledger.pseudonym(id)),
        Subject::Person(id) => format!("person:{id}"),
    }
}

/// Whether a scope covers a subject. A scope is a list of `pseudonym:HEX`, `person:ID`, `individual:ID`; what holds anything else was
/// written for people, and covers everybody.
pub(super) fn covers(ledger: &Ledger, scope: &str, subject: &Subject) -> bool {
    let own = written(ledger, subject);
    let items: Vec<&str> = scope.split([' ', ',', ';', '\n', '\t']).filter(|item| !item.is_empty()).collect();
    items.iter().any(|item| *item == own || named(item).as_ref() == Some(subject)) || !items.iter().all(|item| understood(item))
}

/// Whether an item of a scope names exactly one subject.
pub(super) fn understood(item: &str) -> bool {
    let pseudonym = |hex: &str| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    named(item).is_some() || item.strip_prefix("pseudonym:").is_some_and(pseudonym)
}

/// Refuses words about an individual that carry their id: reasons are stored in the clear, for ever.
pub(super) fn keeps_quiet(option: &str, words: &str, subject: &Subject) -> Result<(), AuditError> {
    let Subject::Individual(id) = subject else { return Ok(()) };
    let apart = |c: Option<char>| c.is_none_or(|c| !c.is_ascii_alphanumeric());
    let named = words.match_indices(id.as_str()).any(|(at, found)| apart(words[..at].chars().next_back()) && apart(words[at + found.len()..].chars().next()));
    if named {
        let hint = "it is stored in the clear and can never be erased; say it without the identifier";
        return Err(AuditError::asked(format!("{option} names {id}"), hint));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn what_is_not_understood_is_said_to_be_so() {
        assert!(understood("person:P-1") && understood("individual:I-1") && understood("pseudonym:3331891d54ef3c740265537233cf1fc9"));
        assert!(!understood("P-1") && !understood("pseudonym:33") && !understood("person:") && !understood("everything"));
    }

    #[test]
    fn a_reason_may_not_name_the_individual_it_is_about() {
        let subject = Subject::Individual(IndividualId::parse("I-17").unwrap());
        assert!(keeps_quiet("--reason", "asked for by I-17.", &subject).is_err());
        assert!(keeps_quiet("--reason", "asked for by I-170, not HI-17", &subject).is_ok());
        assert!(keeps_quiet("--reason", "P-1 left", &Subject::Person(PersonId::parse("P-1").unwrap())).is_ok());
    }
}
