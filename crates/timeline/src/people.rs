//! Facts about people who work for the agency, as rows per person.
//! Holds what was said; what it amounts to on a day is asked of a view.

use compact_str::CompactString;
use domain::words::{CredentialKind, CredentialLevel, Discipline, Engagement, RegulationPart, Role, SupervisionKind};
use domain::{Minutes, ValidDay};

use crate::names::{ContractKey, PersonKey, ProgramKey, TextKey};
use crate::row::Row;

/// Somebody began to work here.
#[derive(Debug, Clone, PartialEq)]
pub struct Engaged {
    /// Employed or contracted.
    pub engagement: Engagement,
    /// Under which contract.
    pub contract: Option<ContractKey>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Programs.
    pub programs: Vec<ProgramKey>,
    /// First day.
    pub start_on: ValidDay,
}

/// One step in the life of a credential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CredentialStep {
    /// Which credential.
    pub kind: CredentialKind,
    /// The day it takes effect.
    pub effective_on: ValidDay,
    /// What happened.
    pub change: CredentialChange,
}

/// What happened to a credential.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum CredentialChange {
    /// Granted at a level by an issuer.
    Granted {
        /// Level.
        level: CredentialLevel,
        /// Issuing body.
        issuer: TextKey,
        /// Last day, if any.
        expires_on: Option<ValidDay>,
    },
    /// Renewed through a day.
    Renewed {
        /// Last day.
        expires_on: ValidDay,
    },
    /// Made full; an interval of its own if it has an expiry.
    Upgraded {
        /// Last day, if it says one.
        expires_on: Option<ValidDay>,
    },
    /// Suspended from its day on.
    Suspended,
    /// Reinstated, with its own expiry if it says one.
    Reinstated {
        /// Last day, if it says one.
        expires_on: Option<ValidDay>,
    },
    /// Revoked from its day on.
    Revoked,
    /// Surrendered from its day on.
    Surrendered,
}

/// One step in the life of a licence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LicenceStep {
    /// Discipline.
    pub discipline: Discipline,
    /// The day it takes effect.
    pub on: ValidDay,
    /// What happened.
    pub change: LicenceChange,
}

/// What happened to a licence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LicenceChange {
    /// Granted, as a licence or as a permit.
    Granted {
        /// A permit rather than a licence.
        permit: bool,
        /// Last day, if any.
        to: Option<ValidDay>,
    },
    /// Renewed; keeps the permit flag of the last grant.
    Renewed {
        /// Last day, if any.
        to: Option<ValidDay>,
    },
    /// Ended from its day on.
    Ended,
}

/// A stretch of days that somebody counts as something.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// First day.
    pub from: ValidDay,
    /// Last day, if any.
    pub to: Option<ValidDay>,
}

impl Days {
    /// Whether the day lies inside.
    pub fn cover(self, day: ValidDay) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// A role for some days.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleDays {
    /// Role.
    pub role: Role,
    /// In one program, or in all.
    pub program: Option<ProgramKey>,
    /// Days.
    pub days: Days,
}

/// The last day of a role.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RoleEnd {
    /// Role.
    pub role: Role,
    /// In one program, or in all.
    pub program: Option<ProgramKey>,
    /// Last day.
    pub ended_on: ValidDay,
}

/// A supervisor assigned to a peer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supervision {
    /// Supervisor.
    pub supervisor: PersonKey,
    /// Program.
    pub program: ProgramKey,
    /// Kind.
    pub kind: SupervisionKind,
    /// First day.
    pub from: ValidDay,
    /// Whether a rationale was recorded.
    pub has_rationale: bool,
}

/// A peer assigned to a supervisor: the same assignment from the other side, so that a supervisor's peers are found without asking everybody.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Supervised {
    /// Peer.
    pub peer: PersonKey,
    /// Program.
    pub program: ProgramKey,
    /// Kind.
    pub kind: SupervisionKind,
    /// First day.
    pub from: ValidDay,
}

/// The last day of an assignment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SupervisionEnd {
    /// Supervisor.
    pub supervisor: PersonKey,
    /// Program.
    pub program: ProgramKey,
    /// Last day.
    pub ended_on: ValidDay,
}

/// A supervision session of a peer.
#[derive(Debug, Clone, PartialEq)]
pub struct SupervisionSession {
    /// Supervisor.
    pub supervisor: PersonKey,
    /// Day.
    pub held_on: ValidDay,
    /// Length.
    pub minutes: Minutes,
    /// Topics.
    pub topics: Vec<TextKey>,
    /// Documented.
    pub documented: bool,
    /// The peer had a copy.
    pub copy_given: bool,
}

/// Work as a peer, here or elsewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Experience {
    /// Days.
    pub days: Days,
    /// Direct peer service.
    pub direct_service: bool,
}

/// A completed course.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// Course id or name.
    pub course: CompactString,
    /// Whether it names who gave it.
    pub has_provider: bool,
    /// Day.
    pub completed_on: ValidDay,
    /// Topics.
    pub topics: Vec<TextKey>,
}

/// Something said about a person on a day: attested, or complained of.
#[derive(Debug, Clone, PartialEq)]
pub struct Attested {
    /// What about.
    pub topic: TextKey,
    /// Day.
    pub on: ValidDay,
}

/// Everything said about one person.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Engagements.
    pub engaged: Vec<Row<Engaged>>,
    /// Last days.
    pub separated: Vec<Row<ValidDay>>,
    /// Roles.
    pub roles: Vec<Row<RoleDays>>,
    /// Ends of roles.
    pub role_ends: Vec<Row<RoleEnd>>,
    /// Birth dates; the last recorded counts.
    pub births: Vec<Row<ValidDay>>,
    /// Lived experience attested.
    pub lived_experience: Vec<Row<Attested>>,
    /// Credential steps in ledger order.
    pub credentials: Vec<Row<CredentialStep>>,
    /// Days the issuer was asked, per credential.
    pub verifications: Vec<Row<(CredentialKind, ValidDay)>>,
    /// Licence steps in ledger order.
    pub licences: Vec<Row<LicenceStep>>,
    /// Designations as professional staff.
    pub designations: Vec<Row<(RegulationPart, Days)>>,
    /// Qualified as supervisor (CORE).
    pub qualified: Vec<Row<Days>>,
    /// Peer experience.
    pub experience: Vec<Row<Experience>>,
    /// Supervisors of this person, as a peer.
    pub supervisors: Vec<Row<Supervision>>,
    /// Ends of those.
    pub supervisor_ends: Vec<Row<SupervisionEnd>>,
    /// Peers of this person, as a supervisor; the ends are with the peers.
    pub supervises: Vec<Row<Supervised>>,
    /// Sessions of this person, as a peer.
    pub sessions: Vec<Row<SupervisionSession>>,
    /// In-discipline support received.
    pub in_discipline: Vec<Row<ValidDay>>,
    /// Days on which collaboration with this person, as a peer, was documented, whoever it was about.
    pub collaborated: Vec<Row<ValidDay>>,
    /// Courses.
    pub trainings: Vec<Row<Training>>,
    /// Attested as a supervisor.
    pub attestations: Vec<Row<Attested>>,
    /// Complaints that name this person: category and day received.
    pub complaints: Vec<Row<Attested>>,
    /// Interest in non-peer services determined.
    pub interest: Vec<Row<ValidDay>>,
}
