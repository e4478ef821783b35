//! Erasing somebody: their key is destroyed, then the ledger says so; chain, tree and proofs stay as they are.
//! It refuses to erase where nothing is sealed, and to look at legal holds: who calls this has.

use std::sync::PoisonError;

use domain::event::{Event, Ledger as OwnActs, SubjectErased};
use domain::{Draft, Envelope, IndividualId, KnownAt, PersonId, Seq, Text, ValidDay};
use vault::Pseudonym;

use crate::derived::{derived_subject, is_derived};
use crate::error::{LedgerError, damaged};
use crate::ledger::Ledger;
use crate::outcome::{Expect, Outcome};
use crate::people::{Pseudonyms, erased_name};
use crate::replay::Query;

/// Who is erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// An individual: id, birth date, every sealed value.
    Individual(IndividualId),
    /// A staff member: birth date and numbers. The id stays, it is not sealed.
    Person(PersonId),
}

impl Subject {
    /// The id as the agency writes it.
    pub fn id(&self) -> &str {
        match self {
            Subject::Individual(id) => id.as_str(),
            Subject::Person(id) => id.as_str(),
        }
    }

    pub(crate) fn pseudonym(&self, pseudonyms: &mut Pseudonyms) -> Pseudonym {
        match self {
            Subject::Individual(id) => pseudonyms.of_individual(id),
            Subject::Person(id) => pseudonyms.of_person(id),
        }
    }

    /// What `subject_erased` calls them: the name an erased individual reads as, the id of a staff member.
    fn name(&self, who: Pseudonym) -> Result<Text, LedgerError> {
        let name = match self {
            Subject::Individual(_) => erased_name(who).map_err(|_| damaged("a pseudonym without a name"))?.as_str().to_owned(),
            Subject::Person(id) => id.as_str().to_owned(),
        };
        Text::parse(&name).map_err(|_| damaged("a pseudonym without a name"))
    }
}

/// What the ledger has of somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealing {
    /// Values sealed under their key.
    Sealed,
    /// Their key was destroyed.
    Erased,
    /// Nothing was ever sealed for them.
    Nothing,
}

/// Why somebody is erased, and who said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grounds {
    /// Why.
    pub reason: Text,
    /// Who approved it.
    pub approved_by: Text,
    /// The day.
    pub on: ValidDay,
}

/// An erasure that is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Erased {
    /// Its `subject_erased`.
    pub seq: Seq,
    /// Whether the key was destroyed only now; false when an earlier call was cut short after it, or had done everything.
    pub key_destroyed_now: bool,
    /// Whether the event was there before.
    pub recorded_before: bool,
}

/// What the ledger says of erasures beside what its vault says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Erasures {
    /// Every `subject_erased`: its seq and whom it names.
    pub recorded: Vec<(Seq, String)>,
    /// Keys destroyed without an event, by the name the individual reads as: an erasure was cut short; asking again finishes it.
    pub unrecorded: Vec<String>,
    /// Events whose subject's key is not marked as destroyed: an old vault was put back. Asking again destroys it again.
    pub undone: Vec<(Seq, String)>,
}

impl Ledger {
    /// Destroys the subject's key for good and appends `subject_erased`, which names an individual by pseudonym only. The reason is stored
    /// in the clear: it must not name an individual.
    ///
    /// If we stop here: before the vault's new file has its name, nothing happened. After the key is gone and before the event is there, the
    /// erasure is in force and [`Ledger::erasures`] lists it; calling this again appends the event. Never the other way round: the ledger does
    /// not say that somebody was erased who was not.
    ///
    /// # Errors
    /// [`LedgerError::ReadOnly`], [`LedgerError::NothingSealed`], [`LedgerError::Vault`]; as [`Ledger::append`].
    pub fn erase(&mut self, subject: &Subject, grounds: Grounds, now: KnownAt) -> Result<Erased, LedgerError> {
        let sealing = self.sealing(subject);
        if sealing == Sealing::Nothing {
            return Err(LedgerError::NothingSealed(subject.id().to_owned()));
        }
        let writer = self.writer.as_mut().ok_or(LedgerError::ReadOnly)?;
        let who = subject.pseudonym(&mut writer.edge.pseudonyms);
        {
            // What was derived knows everybody; if we stop between the two, it is only derived again.
            let mut vault = self.core.people.vault.write().unwrap_or_else(PoisonError::into_inner);
            let derived = derived_subject(&vault);
            if matches!(vault.subject_key(derived), Ok(Some(_))) {
                vault.erase(derived)?;
            }
            vault.erase(who)?;
        }
        self.core.people.forget_names();
        writer.edge.introduced.remove(&who);
        let name = subject.name(who)?;
        let key_destroyed_now = sealing == Sealing::Sealed;
        if let Some((seq, _)) = self.erasures()?.recorded.into_iter().find(|(_, recorded)| recorded == name.as_str()) {
            return Ok(Erased { seq, key_destroyed_now, recorded_before: true });
        }
        let envelope = Envelope { actor: Some(grounds.approved_by), ..Envelope::default() };
        let event = SubjectErased { subject: name, reason: grounds.reason, on: grounds.on };
        let draft = Draft { event: event.into(), envelope, recorded_at: None };
        let receipt = self.append(&[draft], Expect::Any, now)?;
        match receipt.outcomes.first() {
            Some(Outcome::Appended(seq)) => Ok(Erased { seq: *seq, key_destroyed_now, recorded_before: false }),
            Some(Outcome::AlreadyThere(_) | Outcome::Refused(_)) | None => Err(damaged("subject_erased was not appended")),
        }
    }

    /// What the ledger has of somebody.
    pub fn sealing(&self, subject: &Subject) -> Sealing {
        let who = subject.pseudonym(&mut self.core.people.pseudonyms());
        match self.core.people.vault.read().unwrap_or_else(PoisonError::into_inner).subject_key(who) {
            Ok(Some(_)) => Sealing::Sealed,
            Ok(None) => Sealing::Nothing,
            Err(vault::NoKey::Erased(_)) => Sealing::Erased,
            // Something was sealed, whatever has become of the key: erasing says so, and where it is.
            Err(vault::NoKey::Foreign { .. }) => Sealing::Sealed,
        }
    }

    /// The pseudonym under which an individual stands in this ledger, 32 hexadecimal digits: a name that gives away nothing.
    pub fn pseudonym(&self, individual: &IndividualId) -> String {
        self.core.people.pseudonyms().of_individual(individual).to_string()
    }

    /// Compares the erasures on record with the keys destroyed. Reads every event of that type.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Io`].
    pub fn erasures(&self) -> Result<Erasures, LedgerError> {
        let mut recorded = Vec::new();
        self.find(&Query { types: vec![SubjectErased::SCHEMA.tag], subject: None }, |found| {
            if let Event::Ledger(OwnActs::SubjectErased(e)) = found.event {
                recorded.push((found.seq, e.subject.as_str().to_owned()));
            }
        })?;
        let destroyed = {
            let vault = self.core.people.vault.read().unwrap_or_else(PoisonError::into_inner);
            let mut destroyed = vault.erased();
            destroyed.retain(|who| !is_derived(&vault, *who));
            destroyed
        };
        let pseudonyms = self.core.people.pseudonyms();
        let short = |who: &Pseudonym| erased_name(*who).map(|name| name.as_str().to_owned()).unwrap_or_default();
        let is = |name: &str, who: &Pseudonym| {
            short(who) == name || PersonId::parse(name).is_ok_and(|person| pseudonyms.of_person(&person) == *who)
        };
        let unrecorded = destroyed.iter().filter(|who| !recorded.iter().any(|(_, name)| is(name, who))).map(short).collect();
        let undone = recorded.iter().filter(|(_, name)| !destroyed.iter().any(|who| is(name, who))).cloned().collect();
        Ok(Erasures { recorded, unrecorded, undone })
    }
}
