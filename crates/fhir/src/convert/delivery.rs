//! Encounter, DocumentReference and Provenance: contacts, group sessions, notes and signatures.
//! The text of a note is never looked at; an encounter of another kind than peer support is counted, not taken.

use domain::ValidDay;
use domain::field::{Mismatch, Raw};

use super::care::version;
use super::{About, Maker, about, codings, id_of, program, text, text_of};
use crate::groups::{MAX_OF_GROUP, day as day_of};
use crate::mapping::{Meaning, PEER_SUPPORT};
use crate::resource::{Coding, Common, DocumentReference, Encounter, Group, Participant, Provenance, Reference, Str};

/// Events that one Provenance may stand for: every signature is one of every target.
const MAX_SIGNED: usize = 1_000;

pub(super) fn encounter(maker: &mut Maker<'_>, mut encounter: Encounter<'_>) {
    match encounter.status.as_ref().map(Str::as_str) {
        Some("finished") | None => {}
        Some("cancelled" | "entered-in-error") => return maker.pass("Encounter cancelled or entered in error"),
        Some(_) => return maker.pass("Encounter not finished"),
    }
    let common = encounter.take_common();
    let subject = encounter.subject.reference.as_ref().map_or("", |r| r.as_str());
    if subject.starts_with('#') || encounter.subject.parts().is_some_and(|(kind, _)| kind == "Group") {
        return group_session(maker, &encounter, &common);
    }
    let mapping = maker.mapping;
    let codes: Vec<&Coding<'_>> = std::iter::once(&encounter.class)
        .chain(codings(&encounter.r#type))
        .chain(&encounter.service_type.coding)
        .chain(codings(&encounter.reason_code))
        .chain(encounter.location.iter().flat_map(|l| l.physical_type.coding.iter()))
        .collect();
    let mut meanings: Vec<Meaning<'_>> = codes.iter().filter_map(|c| mapping.meaning(c)).collect();
    meanings.sort_by_key(|m| m.order());
    let says = |key: &str| meanings.iter().find_map(|m| m.of(key));
    let all = |key: &str| Raw::List(meanings.iter().filter_map(|m| m.of(key)).map(Raw::text).collect());
    let is_peer_support = codes.iter().any(|c| c.code.as_ref().is_some_and(|code| code.as_str() == PEER_SUPPORT));
    if says("service").is_none() && !is_peer_support {
        return maker.pass("Encounter of no known service");
    }
    let program = program(maker, "serviceProvider", &[&encounter.service_provider], mapping);
    let service = says("service").or_else(|| mapping.peer_service(program.as_text()?));
    let service = maker.wanted("service", "type", service);
    let enrolled = says("phase").or_else(|| (!encounter.episode_of_care.is_empty()).then_some("enrolled"));
    let phase = maker.wanted("phase", "episodeOfCare", enrolled);
    let planned = says("basis").or_else(|| (!encounter.based_on.is_empty()).then_some("planned"));
    let basis = maker.wanted("basis", "basedOn", planned);
    let in_group = !encounter.part_of.is_absent();
    let format = says("format").or(mapping.default_of("format")).unwrap_or(if in_group { "group" } else { "individual" });
    let mode = maker.wanted("mode", "class", says("mode"));
    let site = maker.wanted("site", "class", says("site"));
    let given = vec![
        ("contact", Raw::text(maker.id), "id"),
        ("program", program, "serviceProvider"),
        ("service", service, "type"),
        ("peer", performers(&encounter.participant).next().map_or(Raw::Null, Raw::text), "participant.individual"),
        ("individual", id_of(maker, "subject", &encounter.subject, &["Patient"]), "subject"),
        ("phase", phase, "episodeOfCare"),
        ("format", Raw::text(format), "type"),
        ("group_session", id_of(maker, "partOf", &encounter.part_of, &["Encounter"]), "partOf"),
        ("mode", mode, "class"),
        ("site", site, "class"),
        ("start", text(encounter.period.start.as_ref().map(Str::as_str)), "period.start"),
        ("end", text(encounter.period.end.as_ref().map(Str::as_str)), "period.end"),
        ("component", text(says("component")), "type"),
        ("activities", all("activity"), "type"),
        ("basis", basis, "basedOn"),
        ("event", text(text_of(&common.extension, "event")), "extension event"),
        ("goal", text(text_of(&common.extension, "goal")), "extension goal"),
        ("recipient", Raw::text(says("recipient").or(mapping.default_of("recipient")).unwrap_or("individual")), "type"),
        ("purpose", text(text_of(&common.extension, "purpose")), "extension purpose"),
    ];
    maker.event("contact_recorded", given, &about(&common, ""));
}

/// Staff of an encounter, whoever performed it first.
fn performers<'p>(participants: &'p [Participant<'p>]) -> impl Iterator<Item = &'p str> {
    let primary = |p: &&Participant<'_>| codings(&p.r#type).any(|c| c.code.as_ref().is_some_and(|code| code.as_str() == "PPRF"));
    let staff = |p: &'p Participant<'p>| p.individual.id_of(&["Practitioner"]);
    participants.iter().filter(primary).chain(participants.iter().filter(move |p| !primary(p))).filter_map(staff)
}

fn group_session(maker: &mut Maker<'_>, encounter: &Encounter<'_>, common: &Common<'_>) {
    let mapping = maker.mapping;
    let on = encounter.period.start.as_ref().and_then(|start| day_of(start.as_str()));
    let is_within = encounter.subject.reference.as_ref().is_some_and(|r| r.as_str().starts_with('#'));
    let named = encounter.subject.parts().filter(|_| !is_within);
    if let Some(size) = named.and_then(|(_, id)| maker.groups.size_of(id)).filter(|size| *size > MAX_OF_GROUP) {
        let mismatch = Mismatch::new(format!("a group of {size} members"), format!("a group of at most {MAX_OF_GROUP}"));
        return maker.problem("subject", mismatch.hint("export the group that met, not all who may come"));
    }
    let Some(attendees) = attendees(maker, encounter, on) else {
        let named = encounter.subject.reference.as_ref().map_or("", |r| r.as_str());
        let mismatch = Mismatch::new(format!("the group {named:?}, which is in none of the files"), "a Group with its members");
        let hint = "export the group within its encounter (contained), or import it together with the encounter, so that who attended is known";
        return maker.problem("subject", mismatch.hint(hint));
    };
    let program = program(maker, "serviceProvider", &[&encounter.service_provider], mapping);
    let given = vec![
        ("group_session", Raw::text(maker.id), "id"),
        ("program", program, "serviceProvider"),
        ("facilitators", Raw::List(performers(&encounter.participant).map(Raw::text).collect()), "participant.individual"),
        ("start", text(encounter.period.start.as_ref().map(Str::as_str)), "period.start"),
        ("end", text(encounter.period.end.as_ref().map(Str::as_str)), "period.end"),
        ("attendees", Raw::List(attendees), "subject"),
    ];
    maker.event("group_session_held", given, &about(common, ""));
}

/// The members of the group that an encounter is about, of those within it or of those that stand on their own; `None` if it is nowhere.
/// Who is inactive, or belonged to the group on other days only, did not attend.
fn attendees<'e>(maker: &Maker<'e>, encounter: &'e Encounter<'_>, on: Option<ValidDay>) -> Option<Vec<Raw<'e>>> {
    let subject = &encounter.subject;
    if let Some(id) = subject.reference.as_ref().and_then(|r| r.as_str().strip_prefix('#')) {
        let group = encounter.contained.iter().find(|c| c.id.as_ref().is_some_and(|own| own.as_str() == id))?;
        return Some(group.active().map(|(who, _)| Raw::text(who)).collect());
    }
    let (_, id) = subject.parts()?;
    Some(maker.groups.members_on(id, on)?.map(Raw::text).collect())
}

/// A group on its own is no event: the sessions that name it are, and they have its members already.
pub(super) fn group(maker: &mut Maker<'_>, group: Group<'_>) {
    if group.member.is_empty() {
        maker.pass("Group without members");
    }
}

pub(super) fn document(maker: &mut Maker<'_>, mut document: DocumentReference<'_>) {
    match (document.status.as_ref().map(Str::as_str), document.doc_status.as_ref().map(Str::as_str)) {
        (Some("superseded" | "entered-in-error"), _) | (_, Some("entered-in-error")) => {
            return maker.pass("DocumentReference superseded or entered in error");
        }
        (_, Some("preliminary")) => return maker.pass("DocumentReference that is preliminary"),
        _ => {}
    }
    let common = document.take_common();
    let Some(encounter) = document.context.encounter.first() else { return maker.pass("DocumentReference without an encounter") };
    let contact = id_of(maker, "context.encounter", encounter, &["Encounter"]);
    let mapping = maker.mapping;
    let elements = Raw::List(codings(&document.context.event).filter_map(|c| mapping.means(c, "note-element")).map(Raw::text).collect());
    let date = text(document.date.as_ref().map(Str::as_str));
    let digest = ("digest", text(text_of(&common.extension, "digest")), "extension digest");
    let version = version(maker, &common);
    if version > 1 {
        let suffix = format!(":v{version}");
        let given = vec![
            ("note", Raw::text(maker.id), "id"),
            ("version", Raw::Int(version), "extension version"),
            ("amended_at", date, "date"),
            ("elements", elements, "context.event"),
            digest,
        ];
        return maker.event("note_amended", given, &about(&common, &suffix));
    }
    let author = document.author.iter().find_map(|a| a.id_of(&["Practitioner"])).map_or(Raw::Null, Raw::text);
    let given = vec![
        ("note", Raw::text(maker.id), "id"),
        ("contact", contact, "context.encounter"),
        ("author", author, "author"),
        ("written_at", date, "date"),
        ("elements", elements, "context.event"),
        digest,
    ];
    maker.event("note_written", given, &about(&common, ""));
}

pub(super) fn provenance(maker: &mut Maker<'_>, mut provenance: Provenance<'_>) {
    let common = provenance.take_common();
    if provenance.signature.is_empty() {
        return maker.pass("Provenance without a signature");
    }
    let signable = |r: &&Reference<'_>| r.parts().is_some_and(|(kind, _)| matches!(kind, "DocumentReference" | "CarePlan"));
    let targets: Vec<&Reference<'_>> = provenance.target.iter().filter(signable).collect();
    if targets.is_empty() {
        return maker.pass("Provenance of neither a note nor a plan");
    }
    let mapping = maker.mapping;
    let signed = provenance.signature.len().saturating_mul(targets.len());
    if signed > MAX_SIGNED {
        let found = format!("{} signatures of {} resources", provenance.signature.len(), targets.len());
        return maker.problem("signature", Mismatch::new(found, format!("at most {MAX_SIGNED} signatures, each of each resource")));
    }
    let several = signed > 1;
    let entered = provenance.recorded.as_ref().or(common.meta.last_updated.as_ref()).map(Str::as_str);
    for (place, (signature, target)) in provenance.signature.iter().flat_map(|s| targets.iter().map(move |t| (s, *t))).enumerate() {
        let suffix = if several { format!(":{}", place + 1) } else { String::new() };
        let extensions = if text_of(&signature.extension, "source-id").is_some() { &signature.extension } else { &common.extension };
        let about = About { suffix: &suffix, entered, extensions };
        let capacity = signature.r#type.iter().find_map(|c| mapping.means(c, "capacity"));
        let capacity = maker.wanted("capacity", "signature.type", capacity);
        let signer = id_of(maker, "signature.who", &signature.who, &["Practitioner"]);
        let when = text(signature.when.as_ref().map(Str::as_str));
        let Some((kind, id)) = target.parts() else { continue };
        let version = target.version().map(|v| v.parse().map_or_else(|_| Raw::text(v), Raw::Int));
        let (event, subject) = if kind == "CarePlan" { ("plan_signed", "plan") } else { ("note_signed", "note") };
        let version = if kind == "CarePlan" { version.unwrap_or(Raw::Int(1)) } else { version.unwrap_or(Raw::Null) };
        let given = vec![
            (subject, Raw::text(id), "target"),
            ("version", version, "target"),
            ("signer", signer, "signature.who"),
            ("capacity", capacity, "signature.type"),
            ("signed_at", when, "signature.when"),
        ];
        maker.event(event, given, &about);
    }
}
