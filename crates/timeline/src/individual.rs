//! Facts about the people served, as rows per individual.
//! Holds what was said; what it amounts to on a day is asked of a view.

use domain::quantity::Version;
use domain::words::PlanKind;
use domain::{Moment, ValidDay};

use crate::names::{GoalKey, PersonKey, PlanKey, ProgramKey, SignificantEventKey, TextKey};
use crate::people::Days;
use crate::row::Row;

/// Pre-admission work began.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Opened {
    /// Program.
    pub program: ProgramKey,
    /// Day.
    pub on: ValidDay,
    /// Purpose identified in the record.
    pub purpose: bool,
    /// Goal identified in the record.
    pub goal: bool,
}

/// Something happened between an individual and a program at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Happened {
    /// Program.
    pub program: ProgramKey,
    /// Day or instant.
    pub at: Moment,
}

/// The last day of an admission.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Discharge {
    /// Program.
    pub program: ProgramKey,
    /// Last day.
    pub on: ValidDay,
}

/// One version of a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanVersion {
    /// Plan.
    pub plan: PlanKey,
    /// Program.
    pub program: ProgramKey,
    /// Kind.
    pub kind: PlanKind,
    /// Version.
    pub version: Version,
    /// First day.
    pub effective_on: ValidDay,
    /// Goals.
    pub goals: Vec<GoalKey>,
    /// Services listed.
    pub services: Vec<TextKey>,
    /// Collaboration with a contracted peer noted.
    pub contracted_collaboration: bool,
    /// Significant events named.
    pub events: Vec<SignificantEventKey>,
}

/// A significant event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignificantEvent {
    /// Which.
    pub event: SignificantEventKey,
    /// Program.
    pub program: ProgramKey,
    /// Day.
    pub on: ValidDay,
}

/// A consultation about intensity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Consultation {
    /// Peer.
    pub peer: PersonKey,
    /// Clinical Supervisor.
    pub clinical_supervisor: PersonKey,
    /// Day of the consultation.
    pub on: ValidDay,
    /// Days it covers.
    pub days: Days,
}

/// Collaboration documented.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Collaboration {
    /// Peer.
    pub peer: PersonKey,
    /// Day.
    pub on: ValidDay,
}

/// Everything said about one individual but contacts and claims.
#[derive(Debug, Clone, Default)]
pub struct Individual {
    /// Registrations, with whether a birth date came along and Part 2 applies.
    pub registered: Vec<Row<bool>>,
    /// Birth dates; the last recorded counts.
    pub births: Vec<Row<ValidDay>>,
    /// Pre-admission openings.
    pub opened: Vec<Row<Opened>>,
    /// Clinical pre-admission visits.
    pub visits: Vec<Row<Happened>>,
    /// Declines.
    pub declined: Vec<Row<Happened>>,
    /// Re-engagements.
    pub reengaged: Vec<Row<Happened>>,
    /// Referrals.
    pub referred: Vec<Row<Happened>>,
    /// Admissions.
    pub admitted: Vec<Row<Happened>>,
    /// Discharges.
    pub discharged: Vec<Row<Discharge>>,
    /// Plan versions.
    pub plans: Vec<Row<PlanVersion>>,
    /// Significant events.
    pub events: Vec<Row<SignificantEvent>>,
    /// Crises.
    pub crises: Vec<Row<Days>>,
    /// Consultations.
    pub consultations: Vec<Row<Consultation>>,
    /// Collaboration.
    pub collaborations: Vec<Row<Collaboration>>,
    /// Preferences recorded.
    pub preferences: Vec<Row<ValidDay>>,
}
