//! The worklist, the money and what falls due, through the binary, on the invented year of Riverbend.
//! Amounts are held against the simulator's own books; decisions against what was asked.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use crate::command::{Desk, stderr, stdout};

/// A rule with four violations in Riverbend.
const RULE: &str = "MHOTRS-SUP-01";

fn riverbend() -> Desk {
    let desk = Desk::simulated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/riverbend");
    let imported = desk.run(&["import", folder.to_str().unwrap()]);
    assert!(imported.status.success(), "{}", stderr(&imported));
    desk
}

fn done(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", stderr(output));
    stdout(output)
}

fn list(desk: &Desk, more: &[&str]) -> Vec<Value> {
    let args: Vec<&str> = ["findings", "list", "--json"].iter().chain(more).copied().collect();
    desk.json(&args)["findings"].as_array().unwrap().clone()
}

fn ids(findings: &[Value]) -> Vec<String> {
    findings.iter().map(|f| f["id"].as_str().unwrap().to_owned()).collect()
}

/// Appends lines as a file, at the ledger's last moment.
fn append(desk: &Desk, lines: &[Value]) {
    let path = desk.path().join("more.jsonl");
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    std::fs::write(&path, text.join("\n")).unwrap();
    let imported = desk.run(&["import", path.to_str().unwrap()]);
    assert!(imported.status.success(), "{}", stderr(&imported));
}

#[test]
fn a_waiver_is_counted_out_of_the_failing_and_comes_back_when_it_expires() {
    let desk = riverbend();
    let before = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    assert_eq!(before["summary"]["after_waivers"]["violation"], before["summary"]["violation"]);
    let waive = ["findings", "waive", "--class", "violation", "--all-matching", "--by", "Ana Ortiz", "--rationale", "settled with counsel", "--due", "2025-08-31"];
    for (more, what) in [(None, "approve"), (Some("ana ortiz"), "cannot approve")] {
        let args: Vec<&str> = waive.iter().copied().chain(more.into_iter().flat_map(|a| ["--approver", a])).collect();
        let refused = desk.run(&args);
        assert_eq!(refused.status.code(), Some(2));
        assert!(stderr(&refused).contains(what), "{}", stderr(&refused));
    }
    let args: Vec<&str> = waive.iter().copied().chain(["--approver", "Ben Cole"]).collect();
    let said = done(&desk.run(&args));
    assert!(said.contains(&format!("{} findings waived.", before["summary"]["violation"])), "{said}");

    let scan = ["scan", "--json", "--dry-run"];
    let waived = desk.run(&scan);
    assert_eq!(waived.status.code(), Some(0), "waived violations stop nobody's night");
    let after: Value = serde_json::from_slice(&waived.stdout).unwrap();
    assert_eq!(after["summary"]["violation"], before["summary"]["violation"]);
    assert_eq!(after["summary"]["exposure_cents"], before["summary"]["exposure_cents"]);
    assert_eq!(after["summary"]["after_waivers"]["violation"], 0);
    assert_eq!(after["summary"]["after_waivers"]["exposure_cents"], 0);
    let first = &after["findings"][0];
    assert_eq!(first["disposition"], "waived");
    assert_eq!((&first["decision"]["by"], &first["decision"]["actor"]), (&json!("Ana Ortiz"), &json!("Ben Cole")));

    assert_eq!(desk.run(&[&scan[..], &["--today", "2025-08-31"]].concat()).status.code(), Some(0));
    let expired = desk.run(&[&scan[..], &["--today", "2025-09-01"]].concat());
    assert_eq!(expired.status.code(), Some(1), "an expired waiver opens the finding again");
    let expired: Value = serde_json::from_slice(&expired.stdout).unwrap();
    assert_eq!(expired["findings"][0]["disposition"], Value::Null);
    assert_eq!(expired["findings"][0]["decision"]["expired"], true);
    let open = list(&desk, &["--disposition", "expired", "--today", "2025-09-01"]);
    assert_eq!(open.len() as u64, before["summary"]["violation"].as_u64().unwrap());
}

#[test]
fn every_decision_is_an_event_and_the_history_of_a_finding_tells_them_all() {
    let desk = riverbend();
    let size = desk.size();
    let findings = ids(&list(&desk, &["--rule", RULE]));
    let (one, two) = (findings[0].as_str(), findings[1].as_str());
    done(&desk.run(&["findings", "acknowledge", one, two, "--by", "Ana Ortiz"]));
    done(&desk.run(&["findings", "assign", one, "--by", "Ana Ortiz", "--to", "Cy Dean", "--due", "2025-07-01"]));
    done(&desk.run(&["findings", "dispute", one, "--by", "Cy Dean", "--rationale", "the licence was renewed"]));
    // The same decision twice is one; decided again after another, it is a new fact.
    done(&desk.run(&["findings", "dispute", one, "--by", "Cy Dean", "--rationale", "the licence was renewed"]));
    done(&desk.run(&["findings", "remediate", one, "--by", "Cy Dean", "--on", "2025-06-18"]));
    done(&desk.run(&["findings", "acknowledge", one, "--by", "Ana Ortiz"]));
    assert_eq!(desk.size(), size + 6);

    let shown = done(&desk.run(&["findings", "show", one]));
    let told: Vec<usize> = ["Acknowledged by Ana Ortiz", "Assigned to Cy Dean", "Disputed by Cy Dean", "Remediated by Cy Dean"]
        .iter()
        .map(|words| shown.find(words).unwrap_or_else(|| panic!("{words} in {shown}")))
        .collect();
    assert!(told.is_sorted(), "{shown}");
    assert_eq!(list(&desk, &["--disposition", "acknowledged"]).len(), 2);
    let events = desk.json(&["events", "--type", "finding_assigned", "--json"]);
    assert_eq!((&events["events"][0]["finding"], &events["events"][0]["by"]), (&json!(one), &json!("Cy Dean")));
    // A retracted decision is as if it had not been made; the one before it holds.
    let last = desk.size() - 1;
    append(&desk, &[json!({"type": "event_retracted", "target": format!("seq:{last}"), "reason": "wrong finding", "recorded_at": "2025-06-19T12:00:00Z"})]);
    assert_eq!(ids(&list(&desk, &["--disposition", "remediated"])), [one]);
    // What was decided is known from when it was entered, and not before.
    assert!(list(&desk, &["--disposition", "acknowledged", "--as-of", &(size - 1).to_string()]).is_empty());
}

#[test]
fn decisions_about_findings_that_are_not_there_are_refused_as_a_whole() {
    let desk = riverbend();
    let size = desk.size();
    let one = ids(&list(&desk, &["--rule", RULE])).remove(0);
    let refused = desk.run(&["findings", "acknowledge", &one, "F-0000000000", "--by", "Ana Ortiz"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("F-0000000000") && stderr(&refused).contains("hint:"), "{}", stderr(&refused));
    for args in [
        vec!["findings", "acknowledge", "--by", "Ana Ortiz"],
        vec!["findings", "acknowledge", "--all-matching", "--by", "Ana Ortiz"],
        vec!["findings", "acknowledge", &one, "--rule", RULE, "--by", "Ana Ortiz"],
        vec!["findings", "acknowledge", "--rule", "MHOTRS-NOPE-01", "--all-matching", "--by", "Ana Ortiz"],
        vec!["findings", "assign", &one, "--by", "Ana Ortiz", "--on", "2025-06-18", "--due", "2025-06-17"],
    ] {
        assert_eq!(desk.run(&args).status.code(), Some(2), "{args:?}");
    }
    assert_eq!(desk.size(), size);
}

#[test]
fn the_list_is_filtered_by_amount_and_age() {
    let desk = riverbend();
    let all = list(&desk, &[]);
    let least = list(&desk, &["--min-amount", "92.60"]);
    let cents = |f: &Value| f["exposure_cents"].as_i64().unwrap();
    assert_eq!(least.len(), all.iter().filter(|f| cents(f) >= 9260).count());
    assert!(least.iter().any(|f| cents(f) == 9260));
    let old = list(&desk, &["--older-than", "200", "--today", "2025-06-18"]);
    assert!(!old.is_empty() && old.len() < all.len());
    // 200 days before 18 June 2025 is 30 November 2024; in New York the day begins at 05:00Z.
    assert!(old.iter().all(|f| f["first_detectable"].as_str().unwrap() < "2024-11-30T05:00:00Z"));
}

#[test]
fn exposure_counts_each_line_once_however_it_is_cut() {
    let desk = riverbend();
    let scan = desk.json(&["scan", "--json", "--dry-run", "--fail-on", "never"]);
    let total = scan["summary"]["exposure_cents"].as_i64().unwrap();
    assert!(total > 0);
    for by in ["rule", "program", "peer", "month"] {
        let exposure = desk.json(&["exposure", "--by", by, "--json"]);
        assert_eq!(exposure["total"]["live_cents"].as_i64(), Some(total), "{by}");
        let groups = exposure["groups"].as_array().unwrap();
        let sum: i64 = groups.iter().map(|g| g["live_cents"].as_i64().unwrap()).sum();
        if by == "rule" {
            let of = |rule: &str| groups.iter().find(|g| g["rule"] == rule).unwrap()["live_cents"].as_i64().unwrap();
            // The simulator's books: 6945 + 6945 + 2315 + 6945 cents under supervision.
            assert_eq!(of(RULE), 23_150);
            assert!(sum > total, "lines under two rules are in both groups");
        } else {
            // A claim divided between groups is rounded in each.
            assert!((sum - total).abs() <= groups.len() as i64, "{by}: {sum} and {total}");
        }
        let csv = done(&desk.run(&["exposure", "--by", by, "--format", "csv"]));
        assert_eq!(csv.lines().count(), groups.len() + 1);
    }
    // A void takes a line from the live to the voided money and leaves the finding.
    let finding = list(&desk, &["--rule", "MHOTRS-CRED-10"]).remove(0);
    let claim = finding["about"]["claims"][0].as_str().unwrap();
    append(&desk, &[json!({"type": "claim_voided", "claim": claim, "voided_on": "2025-06-19", "recorded_at": "2025-06-19T12:00:00Z"})]);
    let exposure = desk.json(&["exposure", "--json"]);
    let group = exposure["groups"].as_array().unwrap().iter().find(|g| g["rule"] == "MHOTRS-CRED-10").unwrap().clone();
    assert_eq!((group["live_cents"].as_i64(), group["voided_cents"].as_i64()), (Some(0), finding["exposure_cents"].as_i64()));
}

#[test]
fn only_what_people_enter_starts_the_clocks_and_the_two_stand_apart() {
    let desk = riverbend();
    let said = done(&desk.run(&["exposure"]));
    assert!(said.contains("Findings start no clock") && !said.contains("identified"), "{said}");
    let finding = list(&desk, &["--rule", RULE]).remove(0);
    let at = "2025-06-19T12:00:00Z";
    append(
        &desk,
        &[
            json!({"type": "overpayment_suspected", "overpayment": "OP-1", "findings": [finding["id"]], "on": "2025-04-01", "recorded_at": at}),
            json!({"type": "investigation_opened", "overpayment": "OP-1", "on": "2025-04-02", "recorded_at": at}),
        ],
    );
    let clocks = |desk: &Desk, today: &str| desk.json(&["exposure", "--json", "--today", today])["overpayments"][0].clone();
    let suspected = clocks(&desk, "2025-12-31");
    assert_eq!((&suspected["federal"]["state"], &suspected["new_york"]["state"]), (&json!("not_started"), &json!("not_started")));
    append(
        &desk,
        &[
            json!({"type": "overpayment_determined", "overpayment": "OP-1", "on": "2025-05-01", "recorded_at": at}),
            json!({"type": "overpayment_quantified", "overpayment": "OP-1", "amount_cents": 6945, "method": "actual", "on": "2025-06-01", "recorded_at": at}),
        ],
    );
    let running = clocks(&desk, "2025-07-01");
    assert_eq!((&running["federal"]["due_on"], &running["federal"]["state"]), (&json!("2025-06-30"), &json!("past_due")));
    assert_eq!((&running["new_york"]["due_on"], &running["new_york"]["days_left"]), (&json!("2025-07-31"), &json!(30)));
    assert_eq!(running["medicare_only_suspension_through"], "2025-09-29");
    append(&desk, &[json!({"type": "overpayment_repaid", "overpayment": "OP-1", "amount_cents": 6945, "on": "2025-06-19", "recorded_at": at})]);
    let exposure = desk.json(&["exposure", "--json"]);
    assert_eq!(exposure["overpayments"][0]["federal"]["state"], "returned");
    let group = exposure["groups"].as_array().unwrap().iter().find(|g| g["rule"] == RULE).unwrap().clone();
    assert_eq!((&group["repaid_cents"], &exposure["total"]["repaid_cents"]), (&json!(6945), &json!(6945)));
    let said = done(&desk.run(&["exposure"]));
    assert!(said.contains("OP-1") && !said.contains("identified"), "{said}");
}

#[test]
fn what_falls_due_is_told_by_date_and_a_renewal_on_record_ends_nothing() {
    let desk = Desk::simulated();
    let at = |line: Value| {
        let mut line = line;
        line["recorded_at"] = json!("2025-06-18T12:00:00Z");
        line
    };
    let engaged = |person: &str, more: Value| {
        let mut line = json!({"type": "person_engaged", "person": person, "engagement": "employee", "roles": ["peer"], "programs": ["MH-1"], "start_on": "2024-01-02"});
        line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        at(line)
    };
    let granted = |person: &str, kind: &str, issuer: &str, through: &str| {
        at(json!({"type": "credential_granted", "person": person, "credential": kind, "level": "full", "issuer": issuer, "effective_on": "2024-01-01", "expires_on": through}))
    };
    let contact = |id: &str, program: &str, service: &str, peer: &str, start: &str, end: &str| {
        at(json!({"type": "contact_recorded", "contact": id, "program": program, "service": service, "peer": peer, "individual": "I-1", "phase": "enrolled",
                  "format": "individual", "mode": "in_person", "site": "onsite", "start": start, "end": end, "basis": "planned", "recipient": "individual", "activities": []}))
    };
    append(
        &desk,
        &[
            at(json!({"type": "program_registered", "program": "MH-1", "kind": "mhotrs", "populations": ["adult"], "from": "2023-01-01"})),
            at(json!({"type": "program_registered", "program": "PR-1", "kind": "pros", "populations": ["adult"], "from": "2023-01-01"})),
            at(json!({"type": "contract_executed", "contract": "K-1", "agency": "Lantern", "from": "2024-01-01", "to": "2025-07-04"})),
            engaged("P-1", json!({})),
            granted("P-1", "NYCPS", "NYPSCB", "2025-07-01"),
            engaged("P-2", json!({})),
            granted("P-2", "NYCPS", "NYPSCB", "2025-07-01"),
            at(json!({"type": "credential_renewed", "person": "P-2", "credential": "NYCPS", "effective_on": "2025-07-02", "expires_on": "2027-07-01"})),
            engaged("P-3", json!({"start_on": "2024-07-02"})),
            granted("P-3", "CRPA", "NYCB", "2027-01-01"),
            engaged("P-4", json!({"programs": ["PR-1"]})),
            granted("P-4", "YPA", "FTNYS", "2027-01-01"),
            at(json!({"type": "birth_date_recorded", "person": "P-4", "birth_date": "1994-07-10"})),
            engaged("P-5", json!({"engagement": "contractor", "contract": "K-1"})),
            granted("P-5", "NYCPS", "NYPSCB", "2027-01-01"),
            at(json!({"type": "licence_granted", "person": "S-1", "discipline": "lcsw", "from": "2023-01-01", "to": "2025-07-06"})),
            at(json!({"type": "supervision_assigned", "peer": "P-1", "supervisor": "S-1", "program": "MH-1", "kind": "primary", "from": "2024-01-02"})),
            at(json!({"type": "supervision_ended", "peer": "P-1", "supervisor": "S-1", "program": "MH-1", "ended_on": "2025-06-30"})),
            at(json!({"type": "individual_registered", "individual": "I-1", "birth_date": "1998-07-21"})),
            contact("C-1", "PR-1", "pros_pss", "P-4", "2025-05-05T10:00:00-04:00", "2025-05-05T11:00:00-04:00"),
            contact("C-2", "MH-1", "mhotrs_adult_peer", "P-5", "2025-04-21T10:00:00-04:00", "2025-04-21T11:00:00-04:00"),
            contact("C-3", "MH-1", "mhotrs_adult_peer", "P-5", "2025-05-30T10:00:00-04:00", "2025-05-30T11:00:00-04:00"),
        ],
    );
    let all = desk.json(&["upcoming", "--json"]);
    let told: Vec<(String, String, String)> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|i| (i["on"].as_str().unwrap().to_owned(), i["kind"].as_str().unwrap().to_owned(), i["subject"].to_string()))
        .collect();
    let want = [
        ("2025-06-30", "supervision", json!({"peer": "P-1", "supervisor": "S-1", "program": "MH-1"})),
        ("2025-07-01", "credential", json!({"person": "P-1", "credential": "NYCPS"})),
        ("2025-07-02", "crpa", json!({"person": "P-3"})),
        ("2025-07-04", "contract", json!({"contract": "K-1"})),
        ("2025-07-06", "licence", json!({"person": "S-1", "licence": "lcsw"})),
        ("2025-07-09", "birthday", json!({"person": "P-4", "credential": "YPA"})),
        ("2025-07-20", "birthday", json!({"individual": "I-1", "peer": "P-4"})),
        ("2025-07-20", "collaboration", json!({"individual": "I-1", "peer": "P-5"})),
    ];
    let want: Vec<(String, String, String)> = want.into_iter().map(|(on, kind, subject)| (on.to_owned(), kind.to_owned(), subject.to_string())).collect();
    assert_eq!(told, want);
    let near = desk.json(&["upcoming", "--days", "13", "--json"]);
    assert_eq!(near["items"].as_array().unwrap().len(), 2);
    assert!(done(&desk.run(&["upcoming", "--days", "13"])).contains("2 dates in the 13 days from 18 Jun 2025"));
    assert_eq!(done(&desk.run(&["upcoming", "--format", "csv"])).lines().count(), want.len() + 1);
    assert!(desk.json(&["upcoming", "--days", "0", "--json"])["items"].as_array().unwrap().is_empty());
}

#[test]
fn waivers_due_dates_clocks_and_sources_fall_due_too() {
    let desk = riverbend();
    let findings = ids(&list(&desk, &["--rule", RULE]));
    done(&desk.run(&["findings", "waive", &findings[0], "--by", "Ana Ortiz", "--approver", "Ben Cole", "--rationale", "settled", "--due", "2025-06-25"]));
    done(&desk.run(&["findings", "assign", &findings[1], "--by", "Ana Ortiz", "--to", "Cy Dean", "--due", "2025-06-24"]));
    let at = "2025-06-19T12:00:00Z";
    append(&desk, &[json!({"type": "overpayment_determined", "overpayment": "OP-1", "on": "2025-05-01", "recorded_at": at})]);
    let items = desk.json(&["upcoming", "--days", "15", "--json"])["items"].clone();
    let told: Vec<(&str, &str)> = items.as_array().unwrap().iter().map(|i| (i["on"].as_str().unwrap(), i["kind"].as_str().unwrap())).collect();
    assert_eq!(told, [("2025-06-24", "decision"), ("2025-06-25", "waiver"), ("2025-06-30", "overpayment")]);
    let later = desk.json(&["upcoming", "--days", "30", "--today", "2028-11-01", "--json"])["items"].clone();
    let sources: Vec<&Value> = later.as_array().unwrap().iter().filter(|i| i["kind"] == "source").collect();
    assert!(!sources.is_empty() && sources.iter().all(|i| i["days_left"].as_i64().unwrap() < 0), "what is overdue stays named");
}
