//! What `explain` says of findings that the ledger knew otherwise at another time: the text a person reads, kept in `fixtures/explained`.
//! Every public case whose answer at a cut is not its last one. `BLESS=1` writes the texts anew; read the difference before it is kept.
#![allow(clippy::disallowed_methods, reason = "BLESS is how a person asks for a rewrite")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::command::{Desk, stdout};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn identities(check: &Value) -> Vec<String> {
    let mut all: Vec<String> = check["expect"].as_array().unwrap().iter().map(|f| format!("{} {} {} {}", f["rule"], f["subject"], f["class"], f["status"])).collect();
    all.sort();
    all
}

/// Cases with a cut at which something else was known.
fn retroactive() -> Vec<(String, Vec<Value>)> {
    let mut cases = Vec::new();
    for folder in fs::read_dir(fixtures().join("conformance")).unwrap().flatten() {
        let case: Value = serde_json::from_str(&fs::read_to_string(folder.path().join("case.json")).unwrap()).unwrap();
        let Some(checks) = case["checks"].as_array() else { continue };
        let last = identities(checks.last().unwrap());
        if checks.iter().any(|check| check["as_of"].is_string() && identities(check) != last) {
            cases.push((folder.file_name().to_string_lossy().into_owned(), checks.clone()));
        }
    }
    cases.sort_by(|a, b| a.0.cmp(&b.0));
    cases
}

/// Each finding of a case where it was found last, explained as of there.
fn explained(name: &str, checks: &[Value]) -> String {
    let desk = Desk::simulated();
    desk.done(&["import", fixtures().join("conformance").join(name).join("events.jsonl").to_str().unwrap()]);
    let mut found: BTreeMap<String, (String, Vec<String>)> = BTreeMap::new();
    for check in checks {
        let mut when = vec!["--today".to_owned(), check["today"].as_str().unwrap().to_owned()];
        when.extend(check["as_of"].as_str().into_iter().flat_map(|at| ["--as-of".to_owned(), at.to_owned()]));
        let mut args = vec!["scan", "--json", "--dry-run", "--fail-on", "never"];
        args.extend(when.iter().map(String::as_str));
        for finding in desk.json(&args)["findings"].as_array().unwrap().iter().filter(|f| f["class"] != "advisory") {
            let id = finding["id"].as_str().unwrap().to_owned();
            found.insert(format!("{} {}", finding["rule"], finding["subject"]), (id, when.clone()));
        }
    }
    let mut text = String::new();
    for (id, when) in found.values() {
        let mut args = vec!["explain", id.as_str()];
        args.extend(when.iter().map(String::as_str));
        writeln!(text, "$ countersign {}\n", args.join(" ")).unwrap();
        writeln!(text, "{}", stdout(&desk.done(&args)).trim_end()).unwrap();
        text.push('\n');
    }
    text
}

#[test]
fn every_retroactive_case_is_told_as_it_was_read_and_approved() {
    let cases = retroactive();
    assert!(cases.len() >= 16, "{} cases", cases.len());
    let folder = fixtures().join("explained");
    let mut changed = Vec::new();
    for (name, checks) in cases {
        let text = explained(&name, &checks);
        let file = folder.join(format!("{name}.txt"));
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&file, &text).unwrap();
        }
        if fs::read_to_string(&file).unwrap_or_default() != text {
            changed.push(format!("{name} now reads:\n{text}"));
        }
    }
    assert!(changed.is_empty(), "{}", changed.join("\n"));
}
