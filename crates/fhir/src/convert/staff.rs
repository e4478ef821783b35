//! Practitioner and PractitionerRole: birth dates, credentials, licences, engagements and roles.
//! A qualification whose code is in no table is counted, not taken.

use domain::field::Raw;

use super::{About, Maker, codings, day, id_of, text};
use crate::resource::{Practitioner, PractitionerRole, Reference};

pub(super) fn practitioner(maker: &mut Maker<'_>, mut practitioner: Practitioner<'_>) {
    let common = practitioner.take_common();
    let person = maker.id;
    if let Some(birth_date) = &practitioner.birth_date {
        let given = vec![("person", Raw::text(person), "id"), ("birth_date", Raw::text(birth_date.as_str()), "birthDate")];
        maker.event("birth_date_recorded", given, &super::about(&common, ":birth"));
    }
    let mapping = maker.mapping;
    for (place, q) in practitioner.qualification.iter().enumerate() {
        let says = |key: &str| q.code.coding.iter().find_map(|c| mapping.means(c, key));
        let suffix = format!(":q{}", place + 1);
        // A qualification may have an envelope of its own.
        let extensions = if super::text_of(&q.extension, "source-id").is_some() { &q.extension } else { &common.extension };
        let about = About { suffix: &suffix, entered: common.meta.last_updated.as_ref().map(|t| t.as_str()), extensions };
        let number = q.identifier.iter().find_map(|i| i.value.as_ref()).map(|v| v.as_str());
        let (start, end) = (q.period.start.as_ref().map(|t| t.as_str()), q.period.end.as_ref().map(|t| t.as_str()));
        if let Some(credential) = says("credential") {
            let issuer = q.issuer.display.as_ref().map(|d| d.as_str()).or_else(|| q.issuer.parts().map(|(_, id)| id));
            let given = vec![
                ("person", Raw::text(person), "id"),
                ("credential", Raw::text(credential), "qualification.code"),
                ("level", Raw::text(says("level").unwrap_or("full")), "qualification.code"),
                ("issuer", text(issuer), "qualification.issuer"),
                ("number", text(number), "qualification.identifier"),
                ("effective_on", day(start), "qualification.period.start"),
                ("expires_on", day(end), "qualification.period.end"),
            ];
            maker.event("credential_granted", given, &about);
        } else if let Some(discipline) = says("licence") {
            let permit = super::own(&q.extension, "permit").chain(super::own(&common.extension, "permit")).find_map(|e| e.flag);
            let given = vec![
                ("person", Raw::text(person), "id"),
                ("discipline", Raw::text(discipline), "qualification.code"),
                ("permit", permit.map_or(Raw::Null, Raw::Bool), "qualification.extension permit"),
                ("number", text(number), "qualification.identifier"),
                ("from", day(start), "qualification.period.start"),
                ("to", day(end), "qualification.period.end"),
            ];
            maker.event("licence_granted", given, &about);
        } else {
            maker.pass("Practitioner.qualification of no known code");
        }
    }
    if practitioner.qualification.is_empty() && practitioner.birth_date.is_none() {
        maker.pass("Practitioner without qualification or birth date");
    }
}

pub(super) fn practitioner_role(maker: &mut Maker<'_>, mut role: PractitionerRole<'_>) {
    let common = role.take_common();
    let mapping = maker.mapping;
    let person = id_of(maker, "practitioner", &role.practitioner, &["Practitioner"]);
    let mut roles: Vec<&str> = codings(&role.code).filter_map(|c| mapping.means(c, "role")).collect();
    roles.dedup();
    let places: Vec<&Reference<'_>> =
        if role.healthcare_service.is_empty() { vec![&role.organization] } else { role.healthcare_service.iter().collect() };
    let programs: Vec<&str> = places.iter().filter_map(|place| mapping.program(place)).collect();
    let (start, end) = (role.period.start.as_ref().map(|t| t.as_str()), role.period.end.as_ref().map(|t| t.as_str()));
    if let Some(engagement) = codings(&role.code).find_map(|c| mapping.means(c, "engagement")) {
        let given = vec![
            ("person", person.clone(), "practitioner"),
            ("engagement", Raw::text(engagement), "code"),
            ("contract", text(super::text_of(&common.extension, "contract")), "extension contract"),
            ("roles", Raw::List(roles.iter().map(|r| Raw::text(r)).collect()), "code"),
            ("programs", Raw::List(programs.iter().map(|p| Raw::text(p)).collect()), "healthcareService"),
            ("start_on", day(start), "period.start"),
        ];
        maker.event("person_engaged", given, &super::about(&common, ""));
        if end.is_some() {
            let given = vec![("person", person, "practitioner"), ("separated_on", day(end), "period.end")];
            maker.event("person_separated", given, &super::about(&common, ":end"));
        }
        return;
    }
    if roles.is_empty() {
        return maker.pass("PractitionerRole of no known code");
    }
    let programs: Vec<Option<&str>> = if programs.is_empty() { vec![None] } else { programs.into_iter().map(Some).collect() };
    for (place, (role, program)) in roles.iter().flat_map(|role| programs.iter().map(move |program| (role, program))).enumerate() {
        let suffix = format!(":{}", place + 1);
        let given = vec![
            ("person", person.clone(), "practitioner"),
            ("role", Raw::text(role), "code"),
            ("program", text(*program), "healthcareService"),
            ("from", day(start), "period.start"),
            ("to", day(end), "period.end"),
        ];
        maker.event("role_assigned", given, &super::about(&common, &suffix));
    }
}
