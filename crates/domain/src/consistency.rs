//! What one event must be in itself: an end after its start, and which id it introduces to the ledger.
//! Looks at no other event; whether an id is known or taken is asked where all events are.

use crate::event::*;
use crate::field::{FieldProblem, Mismatch};
use crate::time::{ValidAt, ValidDay};

/// An id that may be introduced only once (events.md, "Corrections"): what kind of thing, and its id.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Introduced {
    /// Field that carries the id.
    pub field: &'static str,
    /// The id, with `/version` for plan versions.
    pub id: String,
}

fn days(field: &'static str, from: ValidDay, to: Option<ValidDay>) -> Option<FieldProblem> {
    let to = to.filter(|to| *to < from)?;
    let mismatch = Mismatch::new(to.to_string(), format!("a day on or after {from}")).hint("the end is the last day included");
    Some(FieldProblem { field: field.into(), mismatch })
}

fn instants(start: ValidAt, end: ValidAt) -> Option<FieldProblem> {
    if end > start {
        return None;
    }
    let mismatch = Mismatch::new(end.to_string(), format!("an instant after the start, {start}"));
    Some(FieldProblem { field: "end".into(), mismatch: mismatch.hint("check the offset and whether start and end were swapped") })
}

impl Event {
    /// What contradicts itself in this event; empty when nothing does.
    pub fn inconsistencies(&self) -> Vec<FieldProblem> {
        let problem = match self {
            Event::Workforce(e) => workforce(e),
            Event::Program(Program::ProgramRegistered(e)) => days("to", e.from, e.to),
            Event::Program(Program::RateCodeAdopted(e)) => days("to", e.from, e.to),
            Event::Individuals(Individuals::CrisisRecorded(e)) => days("to", e.from, Some(e.to)),
            Event::Individuals(Individuals::IntensityConsulted(e)) => days("to", e.from, Some(e.to)),
            Event::Delivery(Delivery::ContactRecorded(e)) => instants(e.start, e.end),
            Event::Delivery(Delivery::GroupSessionHeld(e)) => instants(e.start, e.end),
            Event::Delivery(Delivery::NoteAmended(e)) => (e.version.0 < 2).then(|| FieldProblem {
                field: "version".into(),
                mismatch: Mismatch::new(e.version.0.to_string(), "a version from 2 on").hint("version 1 is the note as it was written"),
            }),
            Event::Claims(Claims::ClaimSubmitted(e)) => e.lines.is_empty().then(|| FieldProblem {
                field: "lines".into(),
                mismatch: Mismatch::new("no line", "at least one claim line"),
            }),
            Event::Claims(Claims::ClaimAdjusted(e)) => (e.claim == e.replaces).then(|| FieldProblem {
                field: "replaces".into(),
                mismatch: Mismatch::new(format!("{:?}", e.replaces.as_str()), "a claim other than the replacing one"),
            }),
            Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => None,
        };
        problem.into_iter().collect()
    }

    /// The id this event introduces, if it is of a kind that is introduced once.
    pub fn introduces(&self) -> Option<Introduced> {
        let named = |field, id: &str| Some(Introduced { field, id: id.to_owned() });
        match self {
            Event::Workforce(Workforce::ContractExecuted(e)) => named("contract", e.contract.as_str()),
            Event::Program(Program::ProgramRegistered(e)) => named("program", e.program.as_str()),
            Event::Individuals(Individuals::PlanCreated(e)) => named("plan", &format!("{}/{}", e.plan, e.version.0)),
            Event::Individuals(Individuals::PlanAmended(e)) => named("plan", &format!("{}/{}", e.plan, e.version.0)),
            Event::Individuals(Individuals::SignificantEventRecorded(e)) => named("event", e.event.as_str()),
            Event::Delivery(Delivery::ContactRecorded(e)) => named("contact", e.contact.as_str()),
            Event::Delivery(Delivery::GroupSessionHeld(e)) => named("group_session", e.group_session.as_str()),
            Event::Delivery(Delivery::NoteWritten(e)) => named("note", e.note.as_str()),
            Event::Claims(Claims::ClaimSubmitted(e)) => named("claim", e.claim.as_str()),
            Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => None,
        }
    }

    /// Fields that a correction may not change: the ids that name the event's own subject, and `target` (events.md, "Corrections").
    pub fn fixed_fields(&self) -> &'static [&'static str] {
        match self {
            Event::Workforce(Workforce::ContractExecuted(_)) => &["contract"],
            Event::Program(Program::ProgramRegistered(_)) => &["program"],
            Event::Individuals(Individuals::PlanCreated(_) | Individuals::PlanAmended(_)) => &["plan", "version"],
            Event::Individuals(Individuals::PlanSigned(_)) => &["plan"],
            Event::Individuals(Individuals::SignificantEventRecorded(_)) => &["event"],
            Event::Delivery(Delivery::ContactRecorded(_)) => &["contact"],
            Event::Delivery(Delivery::GroupSessionHeld(_)) => &["group_session"],
            Event::Delivery(Delivery::NoteWritten(_) | Delivery::NoteAmended(_) | Delivery::NoteSigned(_)) => &["note"],
            Event::Claims(
                Claims::ClaimSubmitted(_) | Claims::ClaimPaid(_) | Claims::ClaimDenied(_) | Claims::ClaimAdjusted(_) | Claims::ClaimVoided(_),
            ) => &["claim"],
            Event::Findings(Findings::EventCorrected(_) | Findings::EventRetracted(_)) => &["target"],
            Event::Workforce(_) | Event::Program(_) | Event::Individuals(_) | Event::Delivery(_) | Event::Claims(_) | Event::Findings(_) | Event::Ledger(_) => &[],
        }
    }
}

fn workforce(event: &Workforce) -> Option<FieldProblem> {
    match event {
        Workforce::ContractExecuted(e) => days("to", e.from, e.to),
        Workforce::RoleAssigned(e) => days("to", e.from, e.to),
        Workforce::CredentialGranted(e) => days("expires_on", e.effective_on, e.expires_on),
        Workforce::CredentialRenewed(e) => days("expires_on", e.effective_on, Some(e.expires_on)),
        Workforce::CredentialUpgraded(e) => days("expires_on", e.effective_on, e.expires_on),
        Workforce::CredentialReinstated(e) => days("expires_on", e.effective_on, e.expires_on),
        Workforce::LicenceGranted(e) => days("to", e.from, e.to),
        Workforce::LicenceRenewed(e) => days("to", e.from, e.to),
        Workforce::ProfessionalStaffDesignated(e) => days("to", e.from, e.to),
        Workforce::SupervisorQualified(e) => days("to", e.from, e.to),
        Workforce::PeerExperienceRecorded(e) => days("to", e.from, e.to),
        Workforce::PersonEngaged(_)
        | Workforce::PersonSeparated(_)
        | Workforce::ContractEnded(_)
        | Workforce::RoleEnded(_)
        | Workforce::BirthDateRecorded(_)
        | Workforce::LivedExperienceAttested(_)
        | Workforce::CredentialSuspended(_)
        | Workforce::CredentialRevoked(_)
        | Workforce::CredentialSurrendered(_)
        | Workforce::CredentialVerified(_)
        | Workforce::LicenceEnded(_)
        | Workforce::SupervisionAssigned(_)
        | Workforce::SupervisionEnded(_)
        | Workforce::SupervisionSessionHeld(_)
        | Workforce::InDisciplineSupportProvided(_)
        | Workforce::TrainingCompleted(_)
        | Workforce::SupervisorAttested(_)
        | Workforce::PeerServiceInterestDetermined(_) => None,
    }
}
