//! Erasing somebody: their key is destroyed, then the ledger says so; chain, tree and proofs stay as they are.
//! It refuses to ask why, and to look at legal holds: who calls this has.

use domain::event::SubjectErased;
use domain::{Draft, IndividualId, KnownAt, PersonId, Text, ValidDay};
use std::sync::PoisonError;

use crate::error::{LedgerError, damaged};
use crate::ledger::Ledger;
use crate::outcome::{Expect, Receipt};
use crate::people::erased_name;

/// Who is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An individual: id, birth date, every sealed value.
    Individual(IndividualId),
    /// A staff member: birth date and numbers. The id stays, it is not sealed.
    Person(PersonId),
}

impl Ledger {
    /// Destroys the subject's key for good and appends `subject_erased`, which names the pseudonym only.
    ///
    /// If we stop here: after the key is gone and before the event is there, calling this again appends the event.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::Vault`]; as [`Ledger::append`].
    pub fn erase(&mut self, subject: &Subject, reason: Text, on: ValidDay, now: KnownAt) -> Result<Receipt, LedgerError> {
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        let who = match subject {
            Subject::Individual(id) => writer.edge.pseudonyms.of_individual(id),
            Subject::Person(id) => writer.edge.pseudonyms.of_person(id),
        };
        self.core.people.vault.write().unwrap_or_else(PoisonError::into_inner).erase(who)?;
        self.core.people.forget_names();
        writer.edge.introduced.remove(&who);
        let name = erased_name(who).map_err(|_| damaged("a pseudonym without a name"))?;
        let subject = Text::parse(name.as_str()).map_err(|_| damaged("a pseudonym without a name"))?;
        self.append(&[Draft::bare(SubjectErased { subject, reason, on })], Expect::Any, now)
    }
}
