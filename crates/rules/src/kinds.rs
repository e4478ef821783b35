//! Rules by the kind of subject they judge: a subject is asked of the rules for its kind and no others are looked at.
//! Knows no rule; the order within a kind is that of the rule set.

use crate::rule::Check;
use crate::subject::Subject;

/// What is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Contact,
    ClaimContact,
    Session,
    IndividualProgram,
    IndividualProgramDate,
    IndividualPeer,
    IndividualMonth,
    PersonCredential,
    Person,
    PlanVersion,
    Program,
    ProgramWeek,
}

/// How many kinds there are.
const KINDS: usize = 12;

impl Check {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Check::Contact(_) => Kind::Contact,
            Check::ClaimContact(_) => Kind::ClaimContact,
            Check::Session(_) => Kind::Session,
            Check::IndividualProgram(_) => Kind::IndividualProgram,
            Check::IndividualProgramDate(_) => Kind::IndividualProgramDate,
            Check::IndividualPeer(_) => Kind::IndividualPeer,
            Check::IndividualMonth(_) => Kind::IndividualMonth,
            Check::PersonCredential(_) => Kind::PersonCredential,
            Check::Person(_) => Kind::Person,
            Check::PlanVersion(_) => Kind::PlanVersion,
            Check::Program(_) => Kind::Program,
            Check::ProgramWeek(_) => Kind::ProgramWeek,
        }
    }
}

impl Subject {
    pub(crate) fn kind(&self) -> Kind {
        match self {
            Subject::Contact(_) => Kind::Contact,
            Subject::ClaimContact(..) => Kind::ClaimContact,
            Subject::Session(_) => Kind::Session,
            Subject::IndividualProgram(..) => Kind::IndividualProgram,
            Subject::IndividualProgramDate(..) => Kind::IndividualProgramDate,
            Subject::IndividualPeer(..) => Kind::IndividualPeer,
            Subject::IndividualMonth(..) => Kind::IndividualMonth,
            Subject::PersonCredential(..) => Kind::PersonCredential,
            Subject::Person(_) => Kind::Person,
            Subject::PlanVersion(..) => Kind::PlanVersion,
            Subject::Program(_) => Kind::Program,
            Subject::ProgramWeek(..) => Kind::ProgramWeek,
        }
    }
}

/// Places of rules in their set, by kind.
#[derive(Debug, Default)]
pub(crate) struct ByKind([Vec<u16>; KINDS]);

impl ByKind {
    pub(crate) fn of<'c>(checks: impl IntoIterator<Item = &'c Check>) -> Self {
        let mut places = Self::default();
        for (place, check) in (0..).zip(checks) {
            places.0[check.kind() as usize].push(place);
        }
        places
    }

    pub(crate) fn places(&self, kind: Kind) -> &[u16] {
        &self.0[kind as usize]
    }
}
