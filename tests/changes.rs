//! What changed and why, through the binary: scans, diff, what-if, and what was known when.
//! Every cause is looked for where the test put it; nothing is compared with what the program said before.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::command::{Desk, stderr, stdout};

pub(crate) const AGENCY: &str = r#"
{"recorded_at":"2024-01-02T15:00:00Z","type":"program_registered","program":"MH-1","kind":"mhotrs","populations":["adult"],"from":"2023-01-03"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"policy_adopted","program":"MH-1","policy":"POL-1","topics":["peer_support"],"from":"2023-01-03"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"person_engaged","person":"S-01","engagement":"employee","roles":["supervisor","clinician"],"programs":["MH-1"],"start_on":"2023-01-09"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"licence_granted","person":"S-01","discipline":"lcsw","from":"2019-05-01"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"person_engaged","person":"P-01","engagement":"employee","roles":["peer"],"programs":["MH-1"],"start_on":"2023-02-06"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"credential_granted","source_id":"hr:1","person":"P-01","credential":"NYCPS","level":"full","issuer":"NYPSCB","effective_on":"2023-01-15","expires_on":"2025-04-30"}
{"recorded_at":"2024-01-02T15:00:00Z","type":"supervision_assigned","peer":"P-01","supervisor":"S-01","program":"MH-1","kind":"primary","from":"2023-02-06"}
{"recorded_at":"2025-01-20T21:00:00Z","type":"individual_registered","individual":"I-01"}
{"recorded_at":"2025-01-20T21:00:00Z","type":"admitted","individual":"I-01","program":"MH-1","admitted_at":"2025-01-06"}
{"recorded_at":"2025-01-20T21:00:00Z","type":"plan_created","plan":"PL-01","individual":"I-01","program":"MH-1","kind":"treatment","version":1,"effective_on":"2025-01-20","goals":["G-1"],"services":["mhotrs_adult_peer"],"contracted_collaboration":false,"events":[]}
"#;

pub(crate) fn contact(id: &str, day: &str, recorded_at: &str) -> Value {
    json!({
        "recorded_at": recorded_at, "type": "contact_recorded", "contact": id, "program": "MH-1", "service": "mhotrs_adult_peer", "peer": "P-01",
        "individual": "I-01", "phase": "enrolled", "format": "individual", "mode": "in_person", "site": "onsite", "start": format!("{day}T10:00:00-04:00"),
        "end": format!("{day}T10:30:00-04:00"), "component": "A1", "activities": ["A1.02"], "basis": "planned", "recipient": "individual",
    })
}

pub(crate) fn note(id: &str, contact: &str, written_at: &str, recorded_at: &str) -> Value {
    json!({
        "recorded_at": recorded_at, "type": "note_written", "source_id": format!("ehr:{id}"), "actor": "P-01", "note": id, "contact": contact, "author": "P-01",
        "written_at": written_at, "elements": ["service_type", "purpose", "response", "progress"],
    })
}

pub(crate) fn claim(id: &str, contact: &str, day: &str, submitted_at: &str) -> Value {
    json!({
        "recorded_at": submitted_at, "type": "claim_submitted", "claim": id, "individual": "I-01", "program": "MH-1", "service_date": day,
        "submitted_at": submitted_at, "rate_code": "1474", "lines": [{"contact": contact, "hcpcs": "H0038", "modifiers": [], "units": 2, "charge_cents": 4600}],
    })
}

pub(crate) fn lines(events: &[Value]) -> String {
    events.iter().map(|e| format!("{e}\n")).collect()
}

/// Writes a file into the folder.
pub(crate) fn file(desk: &Desk, name: &str, text: &str) -> String {
    let path = desk.path().join(name);
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

pub(crate) fn enter(desk: &Desk, events: &str) {
    let path = file(desk, "events.jsonl", events);
    let output = desk.run(&["import", &path]);
    assert!(output.status.success(), "{}", stderr(&output));
}

fn scan(desk: &Desk) {
    let output = desk.run(&["scan", "--fail-on", "never"]);
    assert!(output.status.success(), "{}", stderr(&output));
}

pub(crate) fn size(desk: &Desk) -> u64 {
    desk.json(&["status", "--json"])["size"].as_u64().unwrap()
}

fn changes<'v>(diff: &'v Value, rule: &str) -> Vec<&'v Value> {
    diff["changes"].as_array().unwrap().iter().filter(|c| c["finding"]["rule"] == rule).collect()
}

/// Text without its line ends.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What became of the only finding of a rule, and the type of the event that did it.
fn only(diff: &Value, rule: &str) -> (String, String) {
    let found = changes(diff, rule);
    assert_eq!(found.len(), 1, "{rule}: {diff}");
    (found[0]["change"].as_str().unwrap().to_owned(), found[0]["causes"][0]["type"].as_str().unwrap().to_owned())
}

fn pair(change: &str, cause: &str) -> (String, String) {
    (change.to_owned(), cause.to_owned())
}

/// Kind and finding of every change, sorted.
fn signature(diff: &Value) -> Vec<String> {
    let mut all: Vec<String> = diff["changes"].as_array().unwrap().iter().map(|c| format!("{} {} {} {}", c["change"], c["finding"]["id"], c["before"], c["after"])).collect();
    all.sort();
    all
}

#[test]
fn riverbends_revocation_is_foretold_and_then_found_with_its_cause() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures");
    let revocation = fixtures.join("riverbend-revocation.jsonl");
    let revocation = revocation.to_str().unwrap();
    let desk = Desk::simulated();
    let mut import: Vec<String> = vec!["import".to_owned()];
    import.extend(fs::read_dir(fixtures.join("riverbend")).unwrap().flatten().map(|e| e.path().to_str().unwrap().to_owned()).filter(|p| !p.ends_with("case.json")));
    let output = desk.run(&import.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(output.status.success(), "{}", stderr(&output));
    let first = stdout(&desk.run(&["scan"]));
    assert!(!first.contains("since the last scan"), "a first scan has nothing to compare with: {first}");

    let before = size(&desk);
    let foretold = desk.json(&["what-if", revocation, "--json"]);
    assert_eq!(foretold["schema"], "countersign.what_if.v1");
    assert_eq!(size(&desk), before, "what-if appended something");

    assert!(desk.run(&["import", revocation]).status.success());
    let said = stdout(&desk.run(&["scan"]));
    let head: Vec<&str> = said.lines().take(5).collect();
    assert!(head.iter().any(|l| l.starts_with("25 new violations since the last scan")), "{said}");
    assert!(head.iter().any(|l| l.contains("because credential_revoked, entered 20 Jun 2025")), "{said}");

    let diff = desk.json(&["diff", "last~1", "last", "--json"]);
    assert_eq!(diff["schema"], "countersign.diff.v1");
    assert_eq!(diff["summary"]["appeared"], 25);
    assert_eq!(diff["changes"].as_array().unwrap().len(), 25);
    for change in changes(&diff, "MHOTRS-CRED-01") {
        assert_eq!(change["causes"].as_array().unwrap().len(), 1, "{change}");
        assert_eq!(change["causes"][0]["type"], "credential_revoked");
    }
    assert_eq!(signature(&diff), signature(&foretold));
    assert_eq!(signature(&diff), signature(&desk.json(&["diff", "2025-06-18", "now", "--json"])), "by knowledge as by scans");
    let people = stdout(&desk.run(&["diff", "last~1", "last"]));
    assert!(people.lines().nth(2).unwrap().starts_with("25 new violations since the scan of 18 Jun 2025"), "{people}");
    assert!(people.contains("$3,915.16 instead of $2,692.38"), "{people}");

    // Violations there are, but none is new any more.
    assert_eq!(desk.run(&["scan"]).status.code(), Some(1));
    assert_eq!(desk.run(&["scan", "--fail-on", "new"]).status.code(), Some(0));
    let scans = desk.json(&["scans", "--check", "--json"]);
    let list = scans["scans"].as_array().unwrap();
    assert_eq!(list.len(), 4);
    assert!(list.iter().all(|s| s["again"]["same"] == true), "{scans}");
    assert_eq!(list[1]["summary"]["violation"], 73);
}

#[test]
fn a_missing_note_is_followed_from_gap_to_violation_to_late_cure() {
    const RULE: &str = "MHOTRS-NOTE-05";
    let desk = Desk::simulated();
    enter(&desk, AGENCY);
    scan(&desk);
    let step = |event: Value| {
        enter(&desk, &lines(&[event]));
        scan(&desk);
        only(&desk.json(&["diff", "last~1", "last", "--json"]), RULE)
    };
    assert_eq!(step(contact("C-01", "2025-03-03", "2025-03-03T16:00:00Z")), pair("appeared", "contact_recorded"));
    assert_eq!(step(note("N-01", "C-01", "2025-03-04T09:00:00-05:00", "2025-03-04T16:00:00Z")), pair("cleared", "note_written"));
    let retracted = json!({"recorded_at":"2025-03-05T16:00:00Z","type":"event_retracted","target":"ehr:N-01","reason":"another person's"});
    assert_eq!(step(retracted), pair("reopened", "event_retracted"));
    assert_eq!(step(claim("CL-01", "C-01", "2025-03-03", "2025-03-06T16:00:00Z")), pair("class_changed", "claim_submitted"));
    assert_eq!(step(note("N-02", "C-01", "2025-03-07T09:00:00-05:00", "2025-03-07T16:00:00Z")), pair("cured_late", "note_written"));

    // The cause names who entered it, and the scan says so in its first lines.
    let diff = desk.json(&["diff", "last~1", "last", "--json"]);
    assert_eq!(changes(&diff, RULE)[0]["causes"][0]["actor"], "P-01");
    let people = stdout(&desk.run(&["diff", "last~1", "last"]));
    assert!(flowing(&people).contains("1 cured late; $46.00 at risk"), "{people}");
    // From the very first scan to now it simply appeared: nothing between is a scan that had lost it again.
    let whole = desk.json(&["diff", "last~5", "now", "--json"]);
    assert_eq!(changes(&whole, RULE)[0]["change"], "appeared");
    assert_eq!(whole["before"]["summary"]["violation"], 0);

    // Its history over known time, turn by turn.
    let id = changes(&diff, RULE)[0]["finding"]["id"].as_str().unwrap().to_owned();
    let story = desk.json(&["explain", &id, "--json"]);
    let turns: Vec<(&str, &str, &str)> = story["known_when"]["turns"]
        .as_array()
        .unwrap()
        .iter()
        .map(|t| (t["at"].as_str().unwrap(), t["what"].as_str().unwrap(), t["causes"][0]["type"].as_str().unwrap()))
        .collect();
    let expected = [
        ("2025-03-03T16:00:00Z", "appeared", "contact_recorded"),
        ("2025-03-04T16:00:00Z", "cleared", "note_written"),
        ("2025-03-05T16:00:00Z", "came_back", "event_retracted"),
        ("2025-03-06T16:00:00Z", "changed_class", "claim_submitted"),
        ("2025-03-07T16:00:00Z", "cured_late", "note_written"),
    ];
    assert_eq!(turns, expected);
    let told = stdout(&desk.run(&["explain", &id]));
    assert!(told.contains("What was known when") && told.contains("event_retracted"), "{told}");
}

#[test]
fn the_turns_of_a_finding_agree_with_a_scan_at_every_cut() {
    let desk = Desk::simulated();
    let renewed = json!({"recorded_at":"2025-06-10T15:00:00Z","type":"credential_renewed","source_id":"hr:2","person":"P-01","credential":"NYCPS","effective_on":"2025-05-01","expires_on":"2025-05-02"});
    let stretched = json!({"recorded_at":"2025-06-11T15:00:00Z","type":"event_corrected","target":"hr:2","fields":{"expires_on":"2027-04-30"},"reason":"typing error"});
    let undone = json!({"recorded_at":"2025-06-12T15:00:00Z","type":"event_retracted","source_id":"hr:3","target":"hr:2","reason":"wrong person"});
    let again = json!({"recorded_at":"2025-06-13T15:00:00Z","type":"event_retracted","target":"hr:3","reason":"right person after all"});
    let revoked = json!({"recorded_at":"2025-06-14T15:00:00Z","type":"credential_revoked","person":"P-01","credential":"NYCPS","effective_on":"2025-05-03"});
    let events = [
        contact("C-01", "2025-05-06", "2025-05-06T16:00:00Z"),
        note("N-01", "C-01", "2025-05-06T11:00:00-04:00", "2025-05-06T17:00:00Z"),
        renewed,
        stretched,
        undone,
        again,
        revoked,
    ];
    enter(&desk, &format!("{AGENCY}{}", lines(&events)));
    let at = |cut: &str| {
        let report = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never", "--today", "2025-07-01", "--as-of", cut]);
        report["findings"].as_array().unwrap().iter().any(|f| f["rule"] == "MHOTRS-CRED-01")
    };
    let list = desk.json(&["findings", "list", "--json", "--rule", "MHOTRS-CRED-01"]);
    let id = list["findings"][0]["id"].as_str().unwrap();
    let story = desk.json(&["explain", id, "--json"]);
    let turns = story["known_when"]["turns"].as_array().unwrap();
    let causes: Vec<&str> = turns.iter().map(|t| t["causes"][0]["type"].as_str().unwrap()).collect();
    assert_eq!(causes, ["contact_recorded", "event_corrected", "event_retracted", "event_retracted", "credential_revoked"]);
    for event in &events {
        let known = event["recorded_at"].as_str().unwrap();
        let turn = turns.iter().rfind(|t| t["at"].as_str().unwrap() <= known);
        assert_eq!(at(known), turn.is_some_and(|t| !t["class"].is_null()), "at {known}: {turns:?}");
    }
}

#[test]
fn a_claim_is_why_from_its_submission_as_corrected() {
    let desk = Desk::simulated();
    let mut claim = claim("CL-01", "C-01", "2025-03-03", "2025-03-06T16:00:00Z");
    claim["source_id"] = json!("bill:1");
    // From this instant no event counts: the claim was told with another, the correction came later.
    let corrected = json!({"recorded_at":"2025-03-10T15:00:00Z","type":"event_corrected","target":"bill:1","fields":{"submitted_at":"2025-03-07T12:00:00-05:00"},"reason":"typing error"});
    enter(&desk, &format!("{AGENCY}{}", lines(&[claim, corrected])));
    let list = desk.json(&["findings", "list", "--json", "--rule", "MHOTRS-BILL-13"]);
    let story = desk.json(&["explain", list["findings"][0]["id"].as_str().unwrap(), "--json"]);
    let turns = story["known_when"]["turns"].as_array().unwrap();
    assert_eq!(turns.len(), 1, "{turns:?}");
    assert_eq!(turns[0]["at"], "2025-03-07T17:00:00Z");
    assert_eq!(turns[0]["causes"][0]["type"], "claim_submitted", "{turns:?}");
}

#[test]
fn a_deadline_that_passed_is_a_cause_without_an_event() {
    let desk = Desk::simulated();
    let crpa = AGENCY.replace(r#""credential":"NYCPS","level":"full","issuer":"NYPSCB","effective_on":"2023-01-15","expires_on":"2025-04-30""#,
        r#""credential":"CRPA","level":"full","issuer":"NYCB","effective_on":"2023-01-15","expires_on":"2027-04-30""#)
        .replace(r#""start_on":"2023-02-06""#, r#""start_on":"2025-02-03""#);
    assert_ne!(crpa, AGENCY);
    enter(&desk, &crpa);
    enter(&desk, &lines(&[contact("C-01", "2025-03-03", "2025-03-03T16:00:00Z"), note("N-01", "C-01", "2025-03-03T11:00:00-05:00", "2025-03-03T17:00:00Z")]));
    for today in ["2026-02-03", "2026-02-04"] {
        assert!(desk.run(&["scan", "--fail-on", "never", "--today", today]).status.success());
    }
    let diff = desk.json(&["diff", "last~1", "last", "--json"]);
    assert_eq!(only(&diff, "MHOTRS-CRED-13"), pair("appeared", "deadline"));
    assert_eq!(only(&diff, "MHOTRS-CRED-12"), pair("cleared", "deadline"));
    let people = stdout(&desk.run(&["diff", "last~1", "last"]));
    assert!(flowing(&people).contains("a deadline passed by 4 Feb"), "{people}");
}

#[test]
fn what_is_supposed_changes_what_it_would_change_and_corrections_in_the_same_file_count() {
    let desk = Desk::simulated();
    enter(&desk, &format!("{AGENCY}{}", lines(&[contact("C-01", "2025-05-06", "2025-05-06T16:00:00Z")])));
    scan(&desk);
    // Too short, and put right further down; and a note that was already missing.
    let supposed = lines(&[
        json!({"recorded_at":"2025-06-10T15:00:00Z","type":"credential_renewed","source_id":"hr:2","actor":"hr","person":"P-01","credential":"NYCPS","effective_on":"2025-05-01","expires_on":"2025-05-02"}),
        json!({"recorded_at":"2025-06-10T15:00:01Z","type":"event_corrected","target":"hr:2","fields":{"expires_on":"2027-04-30"},"reason":"typing error"}),
        note("N-01", "C-01", "2025-05-06T11:00:00-04:00", "2025-06-10T15:00:02Z"),
    ]);
    let path = file(&desk, "supposed.jsonl", &supposed);
    let before = size(&desk);
    let answer = desk.json(&["what-if", &path, "--json"]);
    assert_eq!(only(&answer, "MHOTRS-CRED-01"), pair("cleared", "event_corrected"));
    assert_eq!(only(&answer, "MHOTRS-NOTE-05"), pair("cleared", "note_written"));
    let told = stdout(&desk.run(&["what-if", &path]));
    assert!(told.contains("event_corrected, line 2 of"), "{told}");
    assert_eq!(size(&desk), before);
    assert!(desk.run(&["import", &path]).status.success());
    assert_eq!(signature(&answer), signature(&desk.json(&["diff", "last", "--json"])));
    // Once it is in, there is nothing to suppose.
    assert_eq!(desk.json(&["what-if", &path, "--json"])["changes"], json!([]));
    let bad = file(&desk, "bad.jsonl", "{\"type\":\"credential_renewed\"}\n");
    assert_eq!(desk.run(&["what-if", &bad]).status.code(), Some(3));
}

#[test]
fn a_real_ledger_supposes_events_without_recorded_at() {
    let desk = Desk::empty();
    assert!(desk.run(&["init", "--origin", "ledger.test.example"]).status.success());
    let plain = |text: &str| -> String {
        let without = |line: &str| {
            let mut event: Value = serde_json::from_str(line).unwrap();
            event.as_object_mut().unwrap().remove("recorded_at");
            format!("{event}\n")
        };
        text.lines().filter(|l| !l.is_empty()).map(without).collect()
    };
    enter(&desk, &plain(&format!("{AGENCY}{}", lines(&[contact("C-01", "2025-03-03", "2025-03-03T16:00:00Z"), note("N-01", "C-01", "2025-03-03T11:00:00-05:00", "2025-03-03T17:00:00Z")]))));
    let path = file(&desk, "supposed.jsonl", "{\"type\":\"credential_revoked\",\"person\":\"P-01\",\"credential\":\"NYCPS\",\"effective_on\":\"2025-03-01\"}\n");
    assert_eq!(only(&desk.json(&["what-if", &path, "--json"]), "MHOTRS-CRED-01"), pair("appeared", "credential_revoked"));
}

#[test]
fn points_that_are_none_are_refused_with_a_hint() {
    let desk = Desk::simulated();
    enter(&desk, AGENCY);
    let none = desk.run(&["diff", "last"]);
    assert_eq!(none.status.code(), Some(2));
    assert!(stderr(&none).contains("there is no scan last"), "{}", stderr(&none));
    assert!(stdout(&desk.run(&["scans"])).contains("No scan was recorded yet"));
    scan(&desk);
    for points in [["yesterday", "now"], ["last~x", "now"], ["last~1", "now"], ["now", "3"], ["9999", "now"]] {
        let output = desk.run(&["diff", points[0], points[1]]);
        assert_eq!(output.status.code(), Some(2), "{points:?}: {}", stdout(&output));
        assert!(stderr(&output).contains("hint:"), "{points:?}: {}", stderr(&output));
    }
    assert_eq!(desk.json(&["diff", "0", "now", "--json"])["before"]["as_of"]["seq"], 0);
}
