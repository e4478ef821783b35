//! Patient, EpisodeOfCare and CarePlan: registrations, admissions, discharges and plans.
//! Takes no name and no address; a plan that is only a draft is no plan.

use domain::field::Raw;

use super::{Maker, about, codings, day, id_of, list_of, own, program, text, text_of};
use crate::resource::{CarePlan, EpisodeOfCare, Patient, Reference};

/// 42 CFR Part 2 as HL7 codes it.
const PART_2: &str = "42CFRPart2";

pub(super) fn patient(maker: &mut Maker<'_>, mut patient: Patient<'_>) {
    let common = patient.take_common();
    let part2 = common.meta.security.iter().any(|c| c.code.as_ref().is_some_and(|code| code.as_str() == PART_2));
    let given = vec![
        ("individual", Raw::text(maker.id), "id"),
        ("birth_date", text(patient.birth_date.as_ref().map(|t| t.as_str())), "birthDate"),
        ("part2", if part2 { Raw::Bool(true) } else { Raw::Null }, "meta.security"),
    ];
    maker.event("individual_registered", given, &about(&common, ""));
}

pub(super) fn episode(maker: &mut Maker<'_>, mut episode: EpisodeOfCare<'_>) {
    match episode.status.as_ref().map(|s| s.as_str()) {
        Some("planned" | "waitlist") => return maker.pass("EpisodeOfCare planned or on the waiting list"),
        Some("cancelled" | "entered-in-error") => return maker.pass("EpisodeOfCare cancelled or entered in error"),
        Some(_) | None => {}
    }
    let common = episode.take_common();
    let individual = id_of(maker, "patient", &episode.patient, &["Patient"]);
    let mapping = maker.mapping;
    let program = program(maker, "managingOrganization", &[&episode.managing_organization], mapping);
    let (start, end) = (episode.period.start.as_ref().map(|t| t.as_str()), episode.period.end.as_ref().map(|t| t.as_str()));
    let whose = [("individual", individual, "patient"), ("program", program, "managingOrganization")];
    if start.is_some() || end.is_none() {
        let given = whose.iter().cloned().chain([("admitted_at", text(start), "period.start")]).collect();
        maker.event("admitted", given, &about(&common, ""));
    }
    if end.is_some() {
        let given = whose.into_iter().chain([("discharged_on", day(end), "period.end")]).collect();
        maker.event("discharged", given, &about(&common, ":end"));
    }
}

pub(super) fn plan(maker: &mut Maker<'_>, mut plan: CarePlan<'_>) {
    match plan.status.as_ref().map(|s| s.as_str()) {
        Some("draft") => return maker.pass("CarePlan in draft"),
        Some("entered-in-error" | "unknown") => return maker.pass("CarePlan entered in error or of unknown status"),
        Some(_) | None => {}
    }
    let common = plan.take_common();
    let mapping = maker.mapping;
    let individual = id_of(maker, "subject", &plan.subject, &["Patient"]);
    let organizations: Vec<&Reference<'_>> = std::iter::once(&plan.author)
        .chain(&plan.contributor)
        .filter(|r| r.parts().is_some_and(|(kind, _)| matches!(kind, "Organization" | "HealthcareService" | "CareTeam" | "Location")))
        .collect();
    let program = program(maker, "author", &organizations, mapping);
    let kind = codings(&plan.category).find_map(|c| mapping.means(c, "plan-kind"));
    let kind = maker.wanted("plan-kind", "category", kind);
    let version = version(maker, &common);
    let services = plan.activity.iter().flat_map(|a| a.detail.code.coding.iter()).filter_map(|c| mapping.means(c, "service"));
    let start = plan.period.start.as_ref().or(plan.created.as_ref()).map(|t| t.as_str());
    let given = vec![
        ("plan", Raw::text(maker.id), "id"),
        ("individual", individual, "subject"),
        ("program", program, "author"),
        ("kind", kind, "category"),
        ("version", Raw::Int(version), "extension version"),
        ("effective_on", day(start), "period.start"),
        ("goals", Raw::List(plan.goal.iter().filter_map(|g| g.id_of(&["Goal"])).map(Raw::text).collect()), "goal"),
        ("services", Raw::List(services.map(Raw::text).collect()), "activity.detail.code"),
        ("contracted_collaboration", Raw::Bool(own(&common.extension, "contracted-collaboration").any(|e| e.flag == Some(true))), "extension contracted-collaboration"),
        ("events", list_of(&common.extension, "event"), "extension event"),
    ];
    let suffix = if version > 1 { format!(":v{version}") } else { String::new() };
    maker.event(if version > 1 { "plan_amended" } else { "plan_created" }, given, &about(&common, &suffix));
}

/// The version of a plan or note: our extension, or the resource's own where an agency says that those are counted from 1.
pub(super) fn version(maker: &Maker<'_>, common: &crate::resource::Common<'_>) -> i64 {
    let of_meta = common.meta.version_id.as_ref().filter(|_| maker.mapping.takes_meta_version()).map(|v| v.as_str());
    let number = own(&common.extension, "version").find_map(|e| e.number);
    number.or_else(|| text_of(&common.extension, "version").or(of_meta).and_then(|v| v.parse().ok())).unwrap_or(1)
}
