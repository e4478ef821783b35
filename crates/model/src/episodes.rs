//! Where an individual stood with a program at a contact: enrolled, before admission, after a discharge, after a decline; and the plan in force.
//! A day with an hour is only as exact as what was recorded of it.

use domain::event::{Admitted, ContactRecorded, Discharged};
use domain::ids::{GoalId, PlanId, SignificantEventId};
use domain::quantity::Version;
use domain::words::{Phase, PlanKind};
use domain::{Text, ValidDay};

use crate::sight::{Sight, day, told};

/// The name of the drawer for a contact's individual and program.
pub(crate) fn pair(contact: &ContactRecorded) -> String {
    format!("{}/{}", contact.individual, contact.program)
}

fn discharges<'a>(sight: &Sight<'a>, contact: &ContactRecorded) -> Vec<&'a Discharged> {
    let told = told!(sight, "episodes", &pair(contact), Individuals::Discharged).map(|(_, e)| e);
    told.filter(|e| e.individual == contact.individual && e.program == contact.program).collect()
}

/// The admissions that cover a contact.
pub(crate) fn admissions<'a>(sight: &Sight<'a>, contact: &ContactRecorded) -> Vec<&'a Admitted> {
    let ends = discharges(sight, contact);
    let on = day(contact);
    let covers = |e: &&Admitted| {
        let from = e.admitted_at.day();
        let begun = from < on || (from == on && e.admitted_at.at().is_none_or(|at| at <= contact.start));
        begun && !ends.iter().any(|end| from <= end.discharged_on && end.discharged_on < on)
    };
    let told = told!(sight, "episodes", &pair(contact), Individuals::Admitted).map(|(_, e)| e);
    told.filter(|e| e.individual == contact.individual && e.program == contact.program).filter(covers).collect()
}

/// The phase that counts.
pub(crate) fn phase(sight: &Sight<'_>, contact: &ContactRecorded) -> Phase {
    if admissions(sight, contact).is_empty() { contact.phase } else { Phase::Enrolled }
}

/// The last discharge before a contact.
pub(crate) fn last_discharge(sight: &Sight<'_>, contact: &ContactRecorded) -> Option<ValidDay> {
    discharges(sight, contact).iter().map(|e| e.discharged_on).filter(|on| *on < day(contact)).max()
}

/// A version of a plan.
pub(crate) struct Plan<'a> {
    seq: u64,
    pub(crate) plan: &'a PlanId,
    pub(crate) kind: PlanKind,
    pub(crate) version: Version,
    pub(crate) effective_on: ValidDay,
    pub(crate) goals: &'a [GoalId],
    services: &'a [Text],
    pub(crate) contracted_collaboration: bool,
    pub(crate) events: &'a [SignificantEventId],
}

impl Plan<'_> {
    pub(crate) fn lists(&self, contact: &ContactRecorded) -> bool {
        self.services.iter().any(|service| service.as_str() == contact.service.as_str())
    }
}

/// Every plan version of a contact's individual and program.
pub(crate) fn plans<'a>(sight: &Sight<'a>, contact: &ContactRecorded) -> Vec<Plan<'a>> {
    macro_rules! versions {
        ($variant:ident) => {
            told!(sight, "plans", &pair(contact), Individuals::$variant).filter(|(_, e)| e.individual == contact.individual && e.program == contact.program).map(
                |(seq, e)| Plan {
                    seq,
                    plan: &e.plan,
                    kind: e.kind,
                    version: e.version,
                    effective_on: e.effective_on,
                    goals: &e.goals,
                    services: &e.services,
                    contracted_collaboration: e.contracted_collaboration,
                    events: &e.events,
                },
            )
        };
    }
    versions!(PlanCreated).chain(versions!(PlanAmended)).collect()
}

/// The plan in force at a contact.
pub(crate) fn plan_in_force<'a>(sight: &Sight<'a>, contact: &ContactRecorded, kind: PlanKind) -> Option<Plan<'a>> {
    let candidates = plans(sight, contact).into_iter().filter(|plan| plan.kind == kind && plan.effective_on <= day(contact));
    candidates.max_by_key(|plan| (plan.effective_on, plan.version, plan.seq))
}
