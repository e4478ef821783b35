//! Resources as record systems export them, to events; what is wrong is named with resource and path; what was written is read back.
//! Everybody in these resources is invented.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use std::sync::Arc;

use domain::Draft;
use domain::field::Raw;
use fhir::{Item, Mapping, Reader};
use serde_json::{Value, json};

fn read(text: &str, mapping: &str) -> (Vec<Draft>, Vec<String>, Vec<String>) {
    let mut reader = Reader::new(text.as_bytes(), Arc::new(Mapping::parse(mapping).unwrap()));
    let (mut drafts, mut problems, mut passed) = (Vec::new(), Vec::new(), Vec::new());
    while let Some((line, item)) = reader.next_item().unwrap() {
        match item {
            Item::Drafts(more) => drafts.extend(more),
            Item::Refused(more) => problems.extend(more.into_iter().map(|p| format!("{line} {}: {} / {} ({})", p.field, p.mismatch.found, p.mismatch.wanted, p.mismatch.hint.unwrap_or_default()))),
            Item::Passed(what) => passed.push(what),
        }
    }
    (drafts, problems, passed)
}

/// Type and fields that are there, as text.
fn told(draft: &Draft) -> String {
    let fields = draft.event.fields().into_iter().filter(|(_, v)| *v != Raw::Null && *v != Raw::List(Vec::new()));
    let one = |v: Raw<'_>| match v {
        Raw::Text(t) => t.into_owned(),
        Raw::List(items) => items.iter().map(|i| i.as_text().unwrap_or("?").to_owned()).collect::<Vec<_>>().join("+"),
        other @ (Raw::Null | Raw::Bool(_) | Raw::Int(_) | Raw::Number(_) | Raw::Record(_)) => other.describe(),
    };
    let fields: Vec<String> = fields.map(|(k, v)| format!("{k}={}", one(v))).collect();
    format!("{} {}", draft.event.type_name(), fields.join(" "))
}

const MAPPING: &str = r#"
[programs]
"Organization/42" = { program = "MH-1", peer_service = "mhotrs_adult_peer" }
[defaults]
phase = "enrolled"
basis = "planned"
[[code]]
system = "urn:oid:2.16.840.1.113883.4.999"
code = "CPS"
means = { credential = "NYCPS", level = "full" }
"#;

/// An encounter as a certified record system exports it, with much that does not matter here.
fn encounter() -> Value {
    json!({
        "resourceType": "Encounter", "id": "e-1", "meta": {"versionId": "3", "lastUpdated": "2025-03-05T01:02:03.004-05:00", "profile": ["http://hl7.org/fhir/us/core/StructureDefinition/us-core-encounter"]},
        "text": {"status": "generated", "div": "<div>\"</div>"}, "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "HH"},
        "type": [{"coding": [{"system": "https://bluebutton.cms.gov/resources/codesystem/hcpcs", "code": "H0038", "display": "Self-help/peer svc per 15min"}]}],
        "subject": {"reference": "Patient/p-7", "display": "invented"},
        "participant": [
            {"individual": {"reference": "Practitioner/s-9"}},
            {"type": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "code": "PPRF"}]}], "individual": {"reference": "https://ehr.example/fhir/Practitioner/s-4"}},
        ],
        "period": {"start": "2025-03-04T10:00:00-05:00", "end": "2025-03-04T11:00:00-05:00"},
        "serviceProvider": {"reference": "Organization/42"},
    })
}

#[test]
fn an_encounter_of_a_record_system_is_a_contact() {
    let (drafts, problems, passed) = read(&encounter().to_string(), MAPPING);
    assert!(problems.is_empty() && passed.is_empty(), "{problems:?}");
    assert_eq!(
        told(&drafts[0]),
        "contact_recorded contact=e-1 program=MH-1 service=mhotrs_adult_peer peer=s-4 individual=p-7 phase=enrolled format=individual mode=in_person \
         site=offsite start=2025-03-04T15:00:00Z end=2025-03-04T16:00:00Z basis=planned recipient=individual"
    );
    assert_eq!(drafts[0].envelope.source_id.as_ref().unwrap().as_str(), "Encounter:e-1");
    assert_eq!(drafts[0].envelope.entered_at.unwrap().to_string(), "2025-03-05T06:02:03.004Z");
    // By telephone, says our own code; the class can only say that they did not meet.
    let mut by_phone = encounter();
    by_phone["class"] = json!({"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "VR"});
    by_phone["type"] = json!([by_phone["type"][0], {"coding": [{"system": format!("{}mode", fhir::BASE), "code": "audio"}, {"system": format!("{}site", fhir::BASE), "code": "offsite"}]}]);
    let (drafts, ..) = read(&by_phone.to_string(), MAPPING);
    assert!(told(&drafts[0]).contains("mode=audio site=offsite"), "{}", told(&drafts[0]));
    let (drafts, ..) = read(&encounter().to_string(), &format!("entered_at = \"none\"\n{MAPPING}"));
    assert_eq!(drafts[0].envelope.entered_at, None);
}

#[test]
fn a_practitioner_is_what_the_qualifications_say() {
    let resource = json!({
        "resourceType": "Practitioner", "id": "s-4", "name": [{"family": "Invented"}], "birthDate": "1988-03-03",
        "qualification": [
            {"identifier": [{"value": "77"}], "code": {"coding": [{"system": "urn:oid:2.16.840.1.113883.4.999", "code": "CPS"}]}, "period": {"start": "2024-03-01", "end": "2026-02-28"}, "issuer": {"display": "NYPSCB"}},
            {"code": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0360/2.7", "code": "RN"}]}, "period": {"start": "2020-01-01"}},
            {"code": {"text": "first aid"}},
        ],
    });
    let (drafts, problems, passed) = read(&resource.to_string(), MAPPING);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(
        drafts.iter().map(told).collect::<Vec<_>>(),
        [
            "birth_date_recorded person=s-4 birth_date=1988-03-03",
            "credential_granted person=s-4 credential=NYCPS level=full issuer=NYPSCB number=77 effective_on=2024-03-01 expires_on=2026-02-28",
            "licence_granted person=s-4 discipline=registered_nurse from=2020-01-01",
        ]
    );
    assert_eq!(passed, ["passed over, because they mean nothing to the ledger: 1 Practitioner.qualification of no known code"]);
    let keys: Vec<&str> = drafts.iter().map(|d| d.envelope.source_id.as_ref().unwrap().as_str()).collect();
    assert_eq!(keys, ["Practitioner:s-4:birth", "Practitioner:s-4:q1", "Practitioner:s-4:q2"]);
}

#[test]
fn roles_enrolments_plans_notes_and_signatures() {
    let own = |system: &str, code: &str| json!({"coding": [{"system": format!("{}{system}", fhir::BASE), "code": code}]});
    let resources = [
        json!({"resourceType": "PractitionerRole", "id": "r-1", "practitioner": {"reference": "Practitioner/s-4"}, "organization": {"reference": "Organization/42"},
               "code": [{"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": "175T00000X"}]}], "period": {"start": "2024-01-08", "end": "2025-05-30"}}),
        json!({"resourceType": "PractitionerRole", "id": "r-2", "practitioner": {"reference": "Practitioner/s-5"}, "healthcareService": [{"reference": "HealthcareService/MH-1"}],
               "code": [own("engagement", "employee"), own("role", "supervisor")], "period": {"start": "2024-01-08", "end": "2025-05-30"}}),
        json!({"resourceType": "Patient", "id": "p-7", "birthDate": "1990-01-01", "meta": {"security": [{"code": "42CFRPart2"}]}}),
        json!({"resourceType": "EpisodeOfCare", "id": "ep-1", "status": "finished", "patient": {"reference": "Patient/p-7"}, "managingOrganization": {"reference": "Organization/42"},
               "period": {"start": "2025-01-20T23:30:00-05:00", "end": "2025-06-01T03:00:00Z"}}),
        json!({"resourceType": "EpisodeOfCare", "id": "ep-2", "status": "waitlist", "patient": {"reference": "Patient/p-8"}}),
        json!({"resourceType": "CarePlan", "id": "cp-1", "status": "active", "intent": "plan", "category": [own("plan-kind", "treatment")], "subject": {"reference": "Patient/p-7"},
               "author": {"reference": "Practitioner/s-5"}, "contributor": [{"reference": "Organization/42"}], "period": {"start": "2025-01-27"}, "goal": [{"reference": "Goal/g-1"}],
               "activity": [{"detail": {"status": "scheduled", "code": own("service", "mhotrs_adult_peer")}}]}),
        json!({"resourceType": "DocumentReference", "id": "n-1", "status": "current", "date": "2025-03-04T12:38:00-05:00", "author": [{"reference": "Practitioner/s-4"}],
               "content": [{"attachment": {"contentType": "text/plain", "data": "bm90IG91cnM="}}], "context": {"encounter": [{"reference": "Encounter/e-1"}], "event": [own("note-element", "purpose")]}}),
        json!({"resourceType": "Provenance", "id": "pv-1", "target": [{"reference": "DocumentReference/n-1/_history/2"}], "recorded": "2025-03-05T14:06:00Z", "agent": [{"who": {"reference": "Practitioner/s-4"}}],
               "signature": [{"type": [{"system": "urn:iso-astm:E1762-95:2013", "code": "1.2.840.10065.1.12.1.1"}], "when": "2025-03-05T09:05:00-05:00", "who": {"reference": "Practitioner/s-4"}}]}),
        json!({"resourceType": "Encounter", "id": "gs-1", "status": "finished", "contained": [{"resourceType": "Group", "id": "g", "member": [{"entity": {"reference": "Patient/p-7"}}, {"entity": {"reference": "Patient/p-8"}}]}],
               "subject": {"reference": "#g"}, "participant": [{"individual": {"reference": "Practitioner/s-4"}}], "period": {"start": "2025-03-07T13:00:00-05:00", "end": "2025-03-07T14:00:00-05:00"}, "serviceProvider": {"reference": "Organization/42"}}),
        json!({"resourceType": "Observation", "id": "o-1"}),
        json!({"resourceType": "Observation", "id": "o-2"}),
    ];
    let lines: String = resources.iter().map(|r| format!("{r}\n")).collect();
    let (drafts, problems, passed) = read(&lines, MAPPING);
    assert!(problems.is_empty(), "{problems:?}");
    let expected = [
        "role_assigned person=s-4 role=peer program=MH-1 from=2024-01-08 to=2025-05-30",
        "person_engaged person=s-5 engagement=employee roles=supervisor programs=MH-1 start_on=2024-01-08",
        "person_separated person=s-5 separated_on=2025-05-30",
        "individual_registered individual=p-7 birth_date=1990-01-01 part2=true",
        "admitted individual=p-7 program=MH-1 admitted_at=2025-01-21T04:30:00Z",
        "discharged individual=p-7 program=MH-1 discharged_on=2025-05-31",
        "plan_created plan=cp-1 individual=p-7 program=MH-1 kind=treatment version=1 effective_on=2025-01-27 goals=g-1 services=mhotrs_adult_peer contracted_collaboration=false",
        "note_written note=n-1 contact=e-1 author=s-4 written_at=2025-03-04T17:38:00Z elements=purpose",
        "note_signed note=n-1 version=2 signer=s-4 capacity=author signed_at=2025-03-05T14:05:00Z",
        "group_session_held group_session=gs-1 program=MH-1 facilitators=s-4 start=2025-03-07T18:00:00Z end=2025-03-07T19:00:00Z attendees=p-7+p-8",
    ];
    assert_eq!(drafts.iter().map(told).collect::<Vec<_>>(), expected);
    assert_eq!(passed, ["passed over, because they mean nothing to the ledger: 1 EpisodeOfCare planned or on the waiting list, 2 Observation"]);
    // The same as a bundle on one line, and over several with addresses of entries.
    for pretty in [false, true] {
        let entries: Vec<Value> = resources.iter().map(|r| json!({"fullUrl": format!("urn:uuid:{}", r["id"].as_str().unwrap()), "resource": r, "request": {"method": "PUT"}})).collect();
        let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": entries});
        let (again, problems, _) = read(&if pretty { format!("{bundle:#}") } else { bundle.to_string() }, MAPPING);
        assert!(problems.is_empty() && again == drafts, "{problems:?}");
    }
}

#[test]
fn what_is_wrong_is_named_with_resource_path_and_hint() {
    let mut broken = encounter();
    broken["period"]["end"] = json!("2025-03-04");
    broken["subject"] = json!({"reference": "Patient?identifier=x|7"});
    broken["class"] = json!({"system": "urn:x", "code": "?"});
    let (_, problems, _) = read(&format!("\n{broken}\n"), "[programs]\n\"Organization/42\" = { program = \"MH-1\" }\n");
    let has = |part: &str| assert!(problems.iter().any(|p| p.contains(part)), "{part}: {problems:#?}");
    has("2 Encounter/e-1 period.end: \"2025-03-04\" / an instant with offset");
    has("2 Encounter/e-1 subject: \"Patient?identifier=x|7\" / a reference to Patient (a search is no reference");
    has("2 Encounter/e-1 type: no code that says it / a code for service (say what a code means in fhir.toml");
    has("2 Encounter/e-1 class: no code that says it / a code for mode (say what a code means, or defaults.mode, in fhir.toml");
    has("2 Encounter/e-1 episodeOfCare: no code that says it / a code for phase");
    for (text, part) in [
        ("{\"resourceType\":\"Patient\"}", "Patient/? id: nothing"),
        ("{\"resourceType\":\"Patient\",\"id\":5}", "JSON of another shape"),
        ("{\"resourceType\":\"Patient\",\"id\":\"a b\"}", "Patient/a b id: an id with the character ' '"),
        ("{\"resourceType\":\"Patient\",\"id\":\"a\",\"birthDate\":\"1990-01\"}", "Patient/a birthDate: \"1990-01\" / a date"),
        ("{\"id\":\"a\"}", "resourceType: no resourceType / a FHIR resource"),
        ("{\"resourceType\":\"Patient\",\"id\":\"a\"", "ends in the middle"),
        ("[1]", "not a JSON object"),
        ("{\"resourceType\":\"Encounter\",\"id\":\"e\",\"status\":\"finished\",\"subject\":{\"reference\":\"Group/g\"}}", "Encounter/e subject: the group \"Group/g\", which is in none of the files"),
    ] {
        let (drafts, problems, _) = read(text, "");
        assert!(drafts.is_empty() && problems.iter().any(|p| p.contains(part)), "{text}: {problems:?}");
    }
    let (drafts, problems, _) = read("{\"resourceType\":\"Patient\",\"id\":\"a\"}\n{\"resourceType\":\"Patient\",\"id\":\"\"}\n\u{e9}\n{\"resourceType\":\"Patient\",\"id\":\"c\"}\n", "");
    assert_eq!((drafts.len(), problems.len()), (2, 3), "what follows a refused line is read: {problems:?}");
}

#[test]
fn a_group_on_its_own_says_who_attended_the_sessions_that_name_it() {
    let session = |id: &str, day: &str| {
        json!({"resourceType": "Encounter", "id": id, "status": "finished", "subject": {"reference": "Group/g-1"}, "participant": [{"individual": {"reference": "Practitioner/s-4"}}],
               "period": {"start": format!("{day}T13:00:00-05:00"), "end": format!("{day}T14:00:00-05:00")}, "serviceProvider": {"reference": "Organization/42"}})
    };
    let group = json!({"resourceType": "Group", "id": "g-1", "type": "person", "actual": true, "member": [
        {"entity": {"reference": "Patient/p-7"}}, {"entity": {"reference": "Patient/p-8"}, "inactive": true},
        {"entity": {"reference": "RelatedPerson/r-1"}, "period": {"start": "2025-03-08"}},
        {"entity": {"reference": "Patient/p-9"}, "period": {"start": "2025-01-01", "end": "2025-03-07"}}]});
    let (first, second) = (session("gs-1", "2025-03-07"), session("gs-2", "2025-03-14"));
    let bulk = format!("{first}\n{second}\n");
    let bundle = json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": first}, {"resource": group}, {"resource": second}]});
    let (pretty, empty) = (format!("{bundle:#}"), json!({"resourceType": "Group", "id": "g-2"}).to_string());
    for (file, of_groups) in [(bulk.as_str(), format!("{empty}\n{group}\n")), (pretty.as_str(), pretty.clone())] {
        let mut groups = fhir::Groups::default();
        groups.gather(of_groups.as_bytes()).unwrap();
        let mut reader = Reader::new(file.as_bytes(), Arc::new(Mapping::parse(MAPPING).unwrap())).with_groups(Arc::new(groups));
        let mut attendees = Vec::new();
        while let Some((_, item)) = reader.next_item().unwrap() {
            let Item::Drafts(drafts) = item else { panic!("{item:?}") };
            attendees.extend(drafts.iter().map(|d| told(d).split("attendees=").nth(1).unwrap().to_owned()));
        }
        assert_eq!(attendees, ["p-7+p-9", "p-7+r-1"]);
    }
    // Without the group the session is refused, and never one of nobody; a group of nobody is said.
    assert!(read(&bulk, MAPPING).1[0].contains("which is in none of the files"));
    assert_eq!(read(&empty, MAPPING).2, ["passed over, because they mean nothing to the ledger: 1 Group without members"]);
}
