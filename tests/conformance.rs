//! The public cases of `fixtures/conformance`, through the binary: import, scan at a cut and on a day, compare.
//! Findings of rules that do not exist are pending and named; everything else must be exactly what the case expects.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Desk, stderr};

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/conformance");
    let mut folders: Vec<PathBuf> = fs::read_dir(root).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    folders
}

fn read(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

fn list<'v>(value: &'v Value, name: &str) -> Vec<&'v Value> {
    value[name].as_array().into_iter().flatten().collect()
}

/// What identifies a finding in a case: rule, subject, class, status.
fn identity(f: &Value) -> String {
    format!("{} {} {} {}", f["rule"], f["subject"], f["class"], f["status"])
}

fn unjudged(n: &Value) -> String {
    format!("{} {}", n["rule"], n["subject"])
}

/// Runs one check of a case and adds what differs. Findings of rules that are not in `rules` are left out, if it is given.
pub(crate) fn check(desk: &Desk, check: &Value, rules: Option<&BTreeSet<String>>, name: &str, failures: &mut Vec<String>) {
    let today = check["today"].as_str().unwrap();
    let mut args = vec!["scan", "--json", "--dry-run", "--fail-on", "never", "--today", today];
    args.extend(check["as_of"].as_str().iter().flat_map(|at| ["--as-of", at]));
    let report = desk.json(&args);
    let expected = list(check, "expect");
    let exists = |f: &&Value| f["rule"].as_str().is_some_and(|r| rules.is_none_or(|rules| rules.contains(r)));
    let names_advisories = expected.iter().any(|f| f["class"] == "advisory");
    let judged: Vec<&Value> = list(&report, "findings").into_iter().filter(|f| f["class"] != "advisory").collect();
    let wanted: Vec<&Value> = expected.iter().copied().filter(exists).collect();
    let found: BTreeSet<String> = judged.iter().map(|f| identity(f)).collect();
    let want: BTreeSet<String> = wanted.iter().filter(|f| f["class"] != "advisory").map(|f| identity(f)).collect();
    for extra in found.difference(&want) {
        failures.push(format!("{name} {today}: found     {extra}"));
    }
    for missing in want.difference(&found) {
        failures.push(format!("{name} {today}: expected  {missing}"));
    }
    for want in wanted.iter().filter(|f| names_advisories || f["class"] != "advisory") {
        let Some(have) = list(&report, "findings").into_iter().find(|f| identity(f) == identity(want)) else {
            if want["class"] == "advisory" {
                failures.push(format!("{name} {today}: expected  {}", identity(want)));
            }
            continue;
        };
        for (field, value) in want.as_object().unwrap() {
            if have[field] != *value {
                failures.push(format!("{name} {today}: {} {field}: found {}, expected {value}", identity(want), have[field]));
            }
        }
    }
    if check.get("not_evaluated").is_some() {
        let have: BTreeSet<String> = list(&report, "not_evaluated").into_iter().map(unjudged).collect();
        let want: BTreeSet<String> = list(check, "not_evaluated").into_iter().filter(exists).map(unjudged).collect();
        if have != want {
            failures.push(format!("{name} {today}: not evaluated {have:?}, expected {want:?}"));
        }
    }
}

fn refused(desk: &Desk, folder: &Path, case: &Value, name: &str, failures: &mut Vec<String>) {
    let before = desk.json(&["status", "--json"])["size"].clone();
    let events = folder.join("events.jsonl");
    let output = desk.run(&["import", events.to_str().unwrap()]);
    if output.status.code() != Some(3) {
        failures.push(format!("{name}: exit {:?}, expected 3", output.status.code()));
    }
    for line in list(case, "refused") {
        let place = format!("events.jsonl:{},", line["line"]);
        if !stderr(&output).contains(&place) {
            failures.push(format!("{name}: line {} is not named in {}", line["line"], stderr(&output)));
        }
    }
    if desk.json(&["status", "--json"])["size"] != before {
        failures.push(format!("{name}: something was appended"));
    }
}

#[test]
fn every_public_case_is_judged_as_it_expects() {
    let desk = Desk::empty();
    let catalog = desk.json(&["rules", "list", "--json"]);
    let rules: BTreeSet<String> = list(&catalog, "rules").iter().filter_map(|r| r["id"].as_str()).map(str::to_owned).collect();
    let mut failures = Vec::new();
    let mut pending = BTreeSet::new();
    let mut ran = 0;
    for folder in cases() {
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        let case = read(&folder.join("case.json"));
        let desk = Desk::simulated();
        if case.get("refused").is_some() {
            refused(&desk, &folder, &case, &name, &mut failures);
            ran += 1;
            continue;
        }
        let imported = desk.run(&["import", folder.join("events.jsonl").to_str().unwrap()]);
        if !imported.status.success() {
            failures.push(format!("{name}: not imported: {}", stderr(&imported)));
            continue;
        }
        for one in list(&case, "checks") {
            let unknown = list(one, "expect").into_iter().filter_map(|f| f["rule"].as_str()).filter(|r| !rules.contains(*r));
            pending.extend(unknown.map(str::to_owned));
            check(&desk, one, Some(&rules), &name, &mut failures);
            ran += 1;
        }
    }
    println!("{ran} checks; pending for want of their rules: {pending:?}");
    assert!(ran > 0, "no case was found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
