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
