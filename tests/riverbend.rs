//! The year at Riverbend through the binary: the findings of its case, the revocation that reaches back, and what can be asked about them.
//! Compares with `fixtures/`, which the simulator's own books wrote; looks at no crate.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Desk, stdout};
use crate::conformance::check;

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

fn import(desk: &Desk, name: &str) -> String {
    stdout(&desk.done(&["import", fixture(name).to_str().unwrap()]))
}

/// A simulated ledger with Riverbend's year in it.
pub(crate) fn riverbend() -> Desk {
    let desk = Desk::simulated();
    let said = import(&desk, "riverbend");
    assert!(said.contains("0 already there, 0 refused."), "{said}");
    desk
}

fn case(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(fixture(name)).unwrap()).unwrap()
}

fn assert_case(desk: &Desk, name: &str) {
    let mut failures = Vec::new();
    check(desk, &case(name)["checks"][0], None, name, &mut failures);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The lines of a page with every run of white space as one space: what it says, however it is wrapped.
fn said(desk: &Desk, args: &[&str]) -> String {
    stdout(&desk.done(args)).split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_year_and_the_revocation_yield_the_findings_of_their_cases() {
    let desk = riverbend();
    assert_case(&desk, "riverbend/case.json");
    let before = desk.json(&["scan", "--json", "--dry-run"]);
    let first_id = |report: &Value| report["findings"][0]["id"].as_str().unwrap().to_owned();
    import(&desk, "riverbend-revocation.jsonl");
    assert_case(&desk, "riverbend-revocation.case.json");
    // As of the day before, nothing of it was known, and the answer is the same to the byte.
    let cut = before["as_of"]["seq"].to_string();
    assert_eq!(desk.json(&["scan", "--json", "--as-of", &cut]), before);
    assert!(said(&desk, &["verify"]).contains("are unchanged: every body, link and tree hash agrees."));
    let show = said(&desk, &["findings", "show", &first_id(&before)]);
    assert!(show.contains(&first_id(&before)), "{show}");
}

#[test]
fn explain_tells_what_was_true_when_what_was_known_when_and_cites() {
    let desk = riverbend();
    import(&desk, "riverbend-revocation.jsonl");
    let listed = desk.json(&["findings", "list", "--rule", "MHOTRS-CRED-01", "--person", "P-826", "--json"]);
    let march = listed["findings"].as_array().unwrap().iter().find(|f| f["known_at_claim"] == false).unwrap().clone();
    let (id, contact) = (march["id"].as_str().unwrap(), march["subject"]["contact"].as_str().unwrap());
    let page = said(&desk, &["explain", id]);
    for part in [
        "NYCPS of P-826 revoked",
        "(ethics finding of the certification board)",
        // Both axes of the revocation: true in March, known in June.
        "10 Mar 2025 20 Jun 2025, 10:05 ET, after",
        &format!("Contact {contact} of P-826"),
        "The facts on hand showed it from 20 Jun 2025, 10:05 ET on.",
        "when it could not be known yet.",
        "What is missing An active NYCPS of P-826",
        "a certification from, or are provisionally certified as",
        "What would cure it",
    ] {
        assert!(page.contains(part), "wanted {part:?} in\n{page}");
    }
    let story = desk.json(&["explain", id, "--json"]);
    let facts = story["facts"].as_array().unwrap();
    let revoked = facts.iter().find(|f| f["type"] == "credential_revoked").unwrap();
    assert_eq!((&revoked["true_at"], &revoked["known_at"]), (&"2025-03-10".into(), &"2025-06-20T14:05:00Z".into()));
    assert_eq!(revoked["evidence"], true);
    // Before the revocation came in there is nothing to explain.
    let earlier = desk.run(&["explain", id, "--as-of", "2025-06-18"]);
    assert_eq!(earlier.status.code(), Some(2));
}

#[test]
fn the_supervision_of_a_peer_shows_its_gap_and_whoever_filled_the_other_days() {
    let desk = riverbend();
    let findings = desk.json(&["findings", "list", "--rule", "MHOTRS-SUP-01", "--json"]);
    let finding = &findings["findings"][0];
    let (peer, day) = (finding["about"]["peer"].as_str().unwrap(), finding["true_from"].as_str().unwrap());
    let page = said(&desk, &["history", "supervision", peer]);
    assert!(page.contains(" gap") && page.contains(&format!("{peer}: ")), "{page}");
    let on_the_day = desk.json(&["history", "supervision", peer, "--on", day, "--json"]);
    let stretches = on_the_day["stretches"].as_array().unwrap();
    assert!(stretches.iter().any(|s| s["covered"] == false && s["contacts"].as_u64() >= Some(1)), "{on_the_day}");
    // Every day of a contact with that finding lies in a gap, and every gap with contacts has a finding.
    let all = desk.json(&["history", "supervision", peer, "--json"]);
    let in_gaps: u64 = all["stretches"].as_array().unwrap().iter().filter(|s| s["covered"] == false).filter_map(|s| s["contacts"].as_u64()).sum();
    let found = findings["findings"].as_array().unwrap().iter().filter(|f| f["about"]["peer"] == peer).count() as u64;
    assert_eq!(in_gaps, found, "{all}");
    let person = findings["findings"].as_array().unwrap().iter().map(|f| f["about"]["peer"].as_str().unwrap()).collect::<Vec<_>>();
    let peers = stdout(&desk.done(&["events", "--type", "supervision_assigned", "--format", "ndjson"]));
    let covered = peers.lines().map(|l| serde_json::from_str::<Value>(l).unwrap()).find(|e| !person.contains(&e["peer"].as_str().unwrap())).unwrap();
    let page = said(&desk, &["history", "supervision", covered["peer"].as_str().unwrap()]);
    assert!(page.contains("was supervised by somebody who qualified on every day shown") || page.contains("with 0 contacts"), "{page}");
}

#[test]
fn a_cut_gives_the_same_bytes_again_and_another_ledger_of_the_same_exports_the_same_findings() {
    let (one, two) = (riverbend(), riverbend());
    let cut = ["scan", "--json", "--as-of", "2025-03-31", "--fail-on", "never"];
    let first = one.done(&cut).stdout;
    assert!(first.len() > 10_000);
    import(&one, "riverbend-revocation.jsonl");
    one.done(&["scan", "--fail-on", "never"]);
    assert!(one.done(&cut).stdout == first, "the same cut gave other bytes");
    let without_root = |desk: &Desk, args: &[&str]| {
        let mut report = desk.json(args);
        report["ledger"]["root"] = Value::Null;
        report
    };
    let here: Value = without_root(&two, &cut);
    assert!(without_root(&one, &cut) == here, "two ledgers of the same exports differ");
    let root = |desk: &Desk| desk.json(&cut)["ledger"]["root"].clone();
    assert_ne!(root(&one), root(&two), "a ledger has its own id and secret");
}

#[test]
fn scan_ends_as_asked_and_records_that_it_was_done() {
    let desk = riverbend();
    let size = desk.size();
    for (args, code) in [
        (&["scan"][..], 1),
        (&["scan", "--fail-on", "never"], 0),
        (&["scan", "--dry-run", "--fail-on", "advisory"], 1),
        (&["scan", "--as-of", "1", "--fail-on", "advisory"], 0),
    ] {
        assert_eq!(desk.run(args).status.code(), Some(code), "{args:?}");
    }
    let recorded = stdout(&desk.done(&["events", "--type", "scan_completed"]));
    assert_eq!(recorded.lines().count(), 2, "{recorded}");
    assert!(desk.size() >= size + 2);
    assert_eq!(desk.json(&["status", "--json"])["signed_size"], desk.size());
}

/// A checkpoint kept outside notices a ledger that was put back, and says so with exit 1.
#[test]
fn verify_compares_with_a_checkpoint_kept_outside() {
    let desk = riverbend();
    desk.write("kept", &stdout(&desk.done(&["checkpoint", "show"])));
    import(&desk, "riverbend-revocation.jsonl");
    assert!(said(&desk, &["verify", "--against", "kept"]).contains("agrees with kept over 5,556 events"));
    let other = riverbend();
    other.write("kept", &stdout(&desk.done(&["checkpoint", "show"])));
    let output = other.run(&["verify", "--against", "kept"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("FAILED"), "{}", stdout(&output));
}
