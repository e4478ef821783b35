//! MHOTRS: what the treatment plan says about the peer support given.
//! Each contact carries its own basis, planned, targeted or ad hoc, and is asked only for what that basis needs.

pub mod plan_01;
pub mod plan_02;
pub mod plan_03;
pub mod plan_04;
pub mod plan_05;

use rules::Case;
use timeline::individual::PlanVersion;

/// Whether a plan version lists the service of a contact.
pub(crate) fn lists_service(case: &Case<'_>, plan: &PlanVersion) -> bool {
    let service = case.view().history().find_text(case.contact().service.as_str());
    service.is_some_and(|s| plan.services.contains(&s))
}
