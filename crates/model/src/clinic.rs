//! Clinic contacts: engagement, supervision, what was done, contractors, and the program's policy.
//! What a contact says of a program or a pair is said once for each contact, and told together later.

use domain::Text;
use domain::event::ContactRecorded;
use domain::words::{Basis, PlanKind, ProgramKind, Service};

use crate::Class;
use crate::episodes::plan_in_force;
use crate::people::{Standing, contract, contractor, engagement, first_start, is, supervisors};
use crate::sight::{Sayings, Sight, day, is_clinic, program_kind, told};

/// WORK-01.
pub(crate) fn engaged(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if contact.service == Service::Other {
        return;
    }
    if first_start(sight, contact.peer.as_str()).is_none() {
        out.cannot("WORK-01", format!("contact={}", contact.contact));
    } else if engagement(sight, contact.peer.as_str(), day(contact)).is_none() {
        out.about("WORK-01", Class::Violation, contact);
    }
}

/// MHOTRS-SUP-01.
pub(crate) fn supervised(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if is_clinic(contact) && !supervisors(sight, contact).iter().any(|who| is(sight, who, Standing::Clinic, day(contact))) {
        out.about("MHOTRS-SUP-01", Class::Violation, contact);
    }
}

/// Whether an activity is on the list of what is never peer support.
pub(crate) fn clinical(activity: &Text) -> bool {
    ["X1", "X2", "X3", "X4"].contains(&activity.as_str())
}

/// MHOTRS-SET-09, MHOTRS-ORG-18, MHOTRS-SCOPE-04.
pub(crate) fn done(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    if contact.activities.iter().any(clinical) {
        out.about("MHOTRS-SET-09", Class::Violation, contact);
    }
    let all = |of: &[&str]| !contact.activities.is_empty() && contact.activities.iter().all(|a| of.contains(&a.as_str()));
    if contact.service == Service::MhotrsYouthPeer && all(&["X5"]) {
        out.about("MHOTRS-SCOPE-04", Class::Violation, contact);
    } else if all(&["X5", "X6", "X7"]) {
        let class = sight.escalated(contact);
        out.about("MHOTRS-ORG-18", class, contact);
    }
}

/// How many components each list has.
const COMPONENTS: [(char, u8); 4] = [('A', 5), ('F', 4), ('Y', 5), ('P', 3)];

/// The list of a component.
pub(crate) fn list(component: Option<&Text>) -> Option<char> {
    let code = component?.as_str();
    COMPONENTS.into_iter().find(|(list, last)| (1..=*last).any(|n| code == format!("{list}{n}"))).map(|(list, _)| list)
}

/// MHOTRS-SCOPE-00 to -03.
pub(crate) fn scope(_: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    let (own, rule) = match contact.service {
        Service::MhotrsAdultPeer => ('A', "MHOTRS-SCOPE-01"),
        Service::MhotrsFamilyPeer => ('F', "MHOTRS-SCOPE-02"),
        Service::MhotrsYouthPeer => ('Y', "MHOTRS-SCOPE-03"),
        Service::ProsPss | Service::CorePeer | Service::Other => return,
    };
    if !is_clinic(contact) {
        return;
    }
    match list(contact.component.as_ref()) {
        None => {
            out.about(rule, Class::Documentation, contact);
        }
        Some(other) if other != own => {
            out.about("MHOTRS-SCOPE-00", Class::Documentation, contact);
        }
        Some(_) => {}
    }
}

/// MHOTRS-CONTR-03, -04, -05.
pub(crate) fn contracted(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) {
        return;
    }
    let Some(engaged) = contractor(sight, contact) else { return };
    let on = day(contact);
    if !engaged.contract.as_ref().is_some_and(|id| contract(sight, id.as_str(), on)) {
        out.about("MHOTRS-CONTR-05", Class::Documentation, contact);
    }
    let mut documented = told!(sight, "individual", contact.individual.as_str(), Individuals::CollaborationDocumented);
    let near = documented.any(|(_, e)| e.individual == contact.individual && e.peer == contact.peer && e.documented_on.days_since(on).abs() <= 90);
    if !near && sight.passed(on.plus_days(90)) {
        out.of("MHOTRS-CONTR-03", Class::Documentation, format!("individual={} peer={}", contact.individual, contact.peer), contact);
    }
    let plan = plan_in_force(sight, contact, PlanKind::Treatment);
    if let Some(plan) = plan.filter(|plan| contact.basis == Basis::Planned && plan.lists(contact) && !plan.contracted_collaboration) {
        out.of("MHOTRS-CONTR-04", Class::Documentation, format!("plan={} version={}", plan.plan, plan.version.0), contact);
    }
}

/// MHOTRS-POL-01.
pub(crate) fn policy(sight: &Sight<'_>, contact: &ContactRecorded, out: &mut Sayings) {
    if !is_clinic(contact) || program_kind(sight, contact.program.as_str()).is_some_and(|kind| kind != ProgramKind::Mhotrs) {
        return;
    }
    let on = day(contact);
    let mut adopted = told!(sight, "policies", contact.program.as_str(), Program::PolicyAdopted);
    let in_force = adopted.any(|(_, p)| {
        let mut ends = told!(sight, "retired", p.policy.as_str(), Program::PolicyRetired);
        let retired = ends.any(|(_, end)| end.policy == p.policy && p.from <= end.ended_on && end.ended_on < on);
        p.program == contact.program && p.topics.iter().any(|t| t.as_str() == "peer_support") && p.from <= on && !retired
    });
    if !in_force {
        out.of("MHOTRS-POL-01", Class::Documentation, format!("program={}", contact.program), contact);
    }
}
