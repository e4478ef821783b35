//! FHIR through the binary: the year written as bulk files gives the findings of its JSON Lines; what is refused, passed over or configured is said.
//! Everybody in these files is invented.

use std::fs;

use serde_json::{Value, json};

use crate::command::{Desk, stderr, stdout};
use crate::riverbend::riverbend;

/// A report without what differs between two ledgers of the same events.
fn report(desk: &Desk) -> Value {
    let mut report = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    report["ledger"]["root"] = Value::Null;
    report
}

#[test]
fn the_year_as_bulk_files_gives_the_findings_of_its_json_lines() {
    let folder = tempfile::tempdir().unwrap();
    simulator::riverbend().write_fhir(folder.path()).unwrap();
    let resources: usize = fs::read_dir(folder.path())
        .unwrap()
        .flatten()
        .filter(|e| e.path().extension().is_some_and(|x| x == "ndjson"))
        .map(|e| fs::read_to_string(e.path()).unwrap().lines().count())
        .sum();
    assert!(resources > 3_000, "most of the year is FHIR: {resources}");
    let desk = Desk::simulated();
    let said = stdout(&desk.done(&["import", folder.path().to_str().unwrap()]));
    assert!(said.contains("5,555 events read: 5,555 appended, 0 already there, 0 refused."), "{said}");
    let (here, there) = (report(&desk), report(&riverbend()));
    let findings = |report: &Value| report["findings"].as_array().unwrap().clone();
    for (one, other) in findings(&here).iter().zip(&findings(&there)) {
        assert_eq!(one, other);
    }
    assert!(here == there, "the reports differ beside their findings");
    let again = stdout(&desk.done(&["import", folder.path().to_str().unwrap()]));
    assert!(again.contains("0 appended, 5,555 already there"), "{again}");
}

fn encounter(id: &str) -> Value {
    json!({
        "resourceType": "Encounter", "id": id, "status": "finished", "meta": {"lastUpdated": "2025-03-05T01:02:03-05:00"},
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "type": [{"coding": [{"system": "urn:ehr", "code": "PEER"}]}],
        "subject": {"reference": "Patient/p-7"}, "participant": [{"individual": {"reference": "Practitioner/s-4"}}],
        "period": {"start": "2025-03-04T10:00:00-05:00", "end": "2025-03-04T11:00:00-05:00"},
        "serviceProvider": {"reference": "Organization/42"},
    })
}

#[test]
fn an_agency_says_what_its_codes_mean_and_the_rest_is_counted() {
    let desk = Desk::real();
    let other = json!({"resourceType": "Observation", "id": "o-1"});
    desk.write("Encounter.ndjson", &format!("{}\n{other}\n{}\n", encounter("e-1"), encounter("e-2")));
    let unknown = stdout(&desk.done(&["import", "Encounter.ndjson"]));
    assert!(unknown.contains("0 events read") && unknown.contains("2 Encounter of no known service, 1 Observation"), "{unknown}");
    let map = "[programs]\n\"Organization/42\" = { program = \"MH-1\" }\n[defaults]\nphase = \"enrolled\"\nbasis = \"planned\"\n[[code]]\nsystem = \"urn:ehr\"\ncode = \"PEER\"\nmeans = { service = \"mhotrs_adult_peer\" }\n";
    fs::write(desk.ledger().join("fhir.toml"), map).unwrap();
    let supposed = desk.json(&["what-if", "Encounter.ndjson", "--json"]);
    assert!(supposed["changes"].to_string().contains("MHOTRS-CRED-01"), "{supposed}");
    let said = stdout(&desk.done(&["import", "Encounter.ndjson"]));
    assert!(said.contains("2 events read: 2 appended") && said.contains("passed over, because they mean nothing to the ledger: 1 Observation"), "{said}");
    let events = stdout(&desk.done(&["events", "--type", "contact_recorded", "--format", "ndjson"]));
    let first: Value = serde_json::from_str(events.lines().next().unwrap()).unwrap();
    assert_eq!((&first["program"], &first["entered_at"]), (&json!("MH-1"), &json!("2025-03-05T06:02:03Z")), "{first}");
    // A bundle of the same is all there already; a broken one is refused with resource, path and line.
    let mut broken = encounter("e-3");
    broken["period"]["end"] = json!("2025-03-04T09:00:00-05:00");
    desk.write("bundle.json", &format!("{:#}", json!({"resourceType": "Bundle", "type": "collection", "entry": [{"resource": encounter("e-1")}, {"resource": broken}]})));
    let refused = desk.run(&["import", "bundle.json"]);
    assert_eq!(refused.status.code(), Some(3));
    let said = stderr(&refused);
    assert!(said.contains("bundle.json:") && said.contains("Encounter/e-3 period.end: found 2025-03-04T14:00:00Z, wanted an instant after the start"), "{said}");
    fs::write(desk.ledger().join("fhir.toml"), "[defaults]\nphaze = \"enrolled\"\n").unwrap();
    let refused = desk.run(&["import", "bundle.json"]);
    assert!(stderr(&refused).contains("fhir.toml") && stderr(&refused).contains("did you mean phase?"), "{}", stderr(&refused));
}

/// Bulk files lie in the drop folder each for itself, and are taken one after the other.
#[test]
fn a_session_in_the_drop_folder_has_its_group_from_the_file_beside_it() {
    let desk = Desk::real();
    fs::write(desk.ledger().join("fhir.toml"), "[programs]\n\"Organization/42\" = { program = \"MH-1\" }\n").unwrap();
    let mut session = encounter("gs-1");
    session["subject"] = json!({"reference": "Group/g-1"});
    let group = json!({"resourceType": "Group", "id": "g-1", "type": "person", "actual": true, "member": [{"entity": {"reference": "Patient/p-7"}}, {"entity": {"reference": "Patient/p-8"}}]});
    let drop = desk.path().join("drop");
    fs::create_dir(&drop).unwrap();
    fs::write(desk.ledger().join("drop.toml"), "settle_seconds = 0\n").unwrap();
    fs::write(drop.join("Encounter.ndjson"), session.to_string()).unwrap();
    let alone = desk.run(&["import", "--watch", "drop", "--once"]);
    assert_eq!(alone.status.code(), Some(3));
    let why = fs::read_to_string(drop.join("refused/Encounter.ndjson.problems.txt")).unwrap();
    assert!(why.contains("Encounter/gs-1 subject: found the group \"Group/g-1\", which is in none of the files"), "{why}");
    fs::rename(drop.join("refused/Encounter.ndjson"), drop.join("Encounter.ndjson")).unwrap();
    fs::write(drop.join("AGroup.ndjson"), group.to_string()).unwrap();
    desk.done(&["import", "--watch", "drop", "--once"]);
    let held = stdout(&desk.done(&["events", "--type", "group_session_held", "--format", "ndjson"]));
    assert_eq!(held.lines().count(), 1, "{held}");
    assert_eq!(serde_json::from_str::<Value>(&held).unwrap()["attendees"], json!(["p-7", "p-8"]), "{held}");
}

/// Reads bulk data from standard input, each resource by the model of its type, and prints how many there were; ends at the first that is none.
const JUDGE: &str = "
import sys, json, importlib
models = {}
count = 0
for line in sys.stdin:
    resource = json.loads(line)
    kind = resource['resourceType']
    if kind not in models:
        models[kind] = getattr(importlib.import_module('fhir.resources.R4B.' + kind.lower()), kind)
    try:
        models[kind].model_validate(resource)
    except Exception as error:
        sys.exit(f'{line}: {error}')
    count += 1
print(count)
";

/// What the models of PyPI `fhir.resources` say about bulk data; `None`, said, where they are not installed.
fn judged(bulk: &str) -> Option<u64> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let installed = Command::new("python3").args(["-c", "import fhir.resources.R4B"]).stderr(Stdio::null()).status().is_ok_and(|s| s.success());
    if !installed {
        println!("python package fhir.resources is not installed: what we write was not judged by somebody else's models");
        return None;
    }
    let mut python = Command::new("python3").args(["-c", JUDGE]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut input = python.stdin.take().unwrap();
    let text = bulk.to_owned();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()));
    let output = python.wait_with_output().unwrap();
    // A judge that ended early has closed its end; its words say more than that.
    let _ = writer.join();
    assert!(output.status.success(), "{}", stderr(&output));
    Some(stdout(&output).trim().parse().unwrap())
}

/// Reads a resource strictly by the types of R4, which know every field, its kind and how often it may stand, and writes it again: the same.
fn is_r4(line: &str) -> Result<(), String> {
    let resource = fhirkit::from_json_strict::<fhirkit::r4::Resource>(line).map_err(|error| error.to_string())?;
    let again: Value = serde_json::from_str(&fhirkit::to_json(&resource)).map_err(|error| error.to_string())?;
    let given: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
    if again == given { Ok(()) } else { Err(format!("written again as {again}")) }
}

#[test]
fn every_resource_of_the_trail_and_of_the_invented_year_is_r4_by_the_types_of_its_specification() {
    let trail = stdout(&riverbend().done(&["export", "fhir"]));
    let folder = tempfile::tempdir().unwrap();
    simulator::riverbend().write_fhir(folder.path()).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().flatten().filter(|e| e.path().extension().is_some_and(|x| x == "ndjson"));
    let bulk: Vec<String> = files.map(|e| fs::read_to_string(e.path()).unwrap()).collect();
    let mut kinds: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    for line in trail.lines().chain(bulk.iter().flat_map(|text| text.lines())) {
        is_r4(line).unwrap_or_else(|why| panic!("{line}: {why}"));
        let resource: Value = serde_json::from_str(line).unwrap();
        *kinds.entry(resource["resourceType"].as_str().unwrap().to_owned()).or_insert(0) += 1;
    }
    assert!(kinds["AuditEvent"] > 5_000 && kinds["Provenance"] > 4_000 && kinds.len() >= 8, "{kinds:?}");
    // The judge does refuse: what must be there and is not, what there is no place for, what is no instant, what stands alone and is a list.
    let event: Value = serde_json::from_str(trail.lines().next().unwrap()).unwrap();
    for (name, value) in [("recorded", Value::Null), ("trail", json!(1)), ("recorded", json!("soon")), ("agent", json!({"requestor": true}))] {
        let mut wrong = event.clone();
        wrong[name] = value;
        assert!(is_r4(&wrong.to_string()).is_err(), "{wrong}");
    }
}

#[test]
fn the_trail_and_the_invented_year_are_what_somebody_elses_models_call_fhir() {
    let desk = riverbend();
    let trail = stdout(&desk.done(&["export", "fhir"]));
    let resources: Vec<Value> = trail.lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let events = resources.iter().filter(|r| r["resourceType"] == "AuditEvent").count() as u64;
    assert_eq!(events, desk.size(), "an AuditEvent for every event");
    let contact = resources.iter().find(|r| r["resourceType"] == "Provenance" && r["target"][0]["reference"] == "Encounter/C-04127").unwrap();
    assert_eq!(contact["occurredDateTime"], "2024-07-02T14:00:00Z", "{contact}");
    assert!(contact["entity"][0]["what"]["identifier"]["value"].as_str().is_some_and(|digest| digest.len() == 64), "{contact}");
    assert!(!trail.contains("I-7633") && !trail.contains("Patient/"), "the trail names somebody who is served");
    let one = stdout(&desk.done(&["export", "fhir", "--subject", "C-04127"]));
    assert!(one.lines().count() >= 4 && one.lines().count() < 40, "{one}");
    // A few of every kind of event and resource: a model takes a millisecond for each.
    let mut few: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    let folder = tempfile::tempdir().unwrap();
    simulator::riverbend().write_fhir(folder.path()).unwrap();
    let files = fs::read_dir(folder.path()).unwrap().flatten().filter(|e| e.path().extension().is_some_and(|x| x == "ndjson"));
    let bulk: Vec<String> = files.map(|e| fs::read_to_string(e.path()).unwrap()).collect();
    for line in trail.lines().chain(bulk.iter().flat_map(|text| text.lines())) {
        let resource: Value = serde_json::from_str(line).unwrap();
        let of = format!("{} {} {}", resource["resourceType"], resource["subtype"][0]["code"], resource["activity"]["coding"][0]["code"]);
        let kept = few.entry(of).or_default();
        if kept.len() < 25 {
            kept.push(format!("{line}\n"));
        }
    }
    let chosen: String = few.values().flatten().map(String::as_str).collect();
    if let Some(count) = judged(&chosen) {
        assert_eq!(count, chosen.lines().count() as u64);
        assert!(judged("").is_some());
    }
}
