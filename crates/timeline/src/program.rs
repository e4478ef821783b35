//! Facts about programs, contracts, policies and meetings, as rows.
//! Holds what was said; what it amounts to on a day is asked of a view.

use domain::ValidDay;
use domain::words::{MeetingKind, OrganizationRecord, Population, ProgramKind};

use crate::names::{IndividualKey, PersonKey, PolicyKey, TextKey};
use crate::people::Days;
use crate::row::Row;

/// A program registered.
#[derive(Debug, Clone, PartialEq)]
pub struct Registered {
    /// Kind.
    pub kind: ProgramKind,
    /// Whom it serves.
    pub populations: Vec<Population>,
    /// Days.
    pub days: Days,
}

/// A policy adopted by a program.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// Which.
    pub policy: PolicyKey,
    /// Topics.
    pub topics: Vec<TextKey>,
    /// First day.
    pub from: ValidDay,
}

/// A team meeting.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// Kind.
    pub kind: MeetingKind,
    /// Day.
    pub held_on: ValidDay,
    /// Invited.
    pub invitees: Vec<PersonKey>,
    /// Present.
    pub attendees: Vec<PersonKey>,
    /// Talked about.
    pub individuals: Vec<IndividualKey>,
    /// Minutes exist.
    pub has_minutes: bool,
}

/// A staff training.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffTraining {
    /// Topic.
    pub topic: TextKey,
    /// Day.
    pub held_on: ValidDay,
    /// Present.
    pub attendees: Vec<PersonKey>,
}

/// What the organization recorded about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Organization {
    /// Kind.
    pub kind: OrganizationRecord,
    /// Day.
    pub recorded_on: ValidDay,
    /// Elements.
    pub elements: Vec<TextKey>,
    /// People named.
    pub people: Vec<PersonKey>,
}

/// Everything said about one program.
#[derive(Debug, Clone, Default)]
pub struct ProgramFacts {
    /// Registrations.
    pub registered: Vec<Row<Registered>>,
    /// Policies.
    pub policies: Vec<Row<Policy>>,
    /// Meetings.
    pub meetings: Vec<Row<Meeting>>,
    /// Trainings.
    pub trainings: Vec<Row<StaffTraining>>,
    /// Records.
    pub records: Vec<Row<Organization>>,
}

/// Everything said about one contract.
#[derive(Debug, Clone, Default)]
pub struct ContractFacts {
    /// Executed.
    pub executed: Vec<Row<Days>>,
    /// Ended.
    pub ended: Vec<Row<ValidDay>>,
}
