//! Runs `cases.md` of every rule of the catalog. `CASES=<folder>` restricts, `BLESS=1` rewrites the findings blocks.
//! A rule without cases, or a folder without a rule, fails.
#![allow(clippy::disallowed_methods, reason = "CASES and BLESS are how a person asks for a part or a rewrite")]

use std::fs;
use std::path::{Path, PathBuf};

use catalog::{CATALOG, TABLES};
use rules::Engine;
use scenario::{markdown, run};

fn folders(root: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).expect("the catalog is readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.ends_with("params.toml") {
                found.push(folder.clone());
            }
        }
    }
    found.sort();
    found
}

fn rule_id(folder: &Path) -> String {
    let source = fs::read_to_string(folder.join("mod.rs")).expect("a rule has a mod.rs");
    let line = source.lines().find_map(|l| l.trim().strip_prefix("id: \"")).expect("a rule names its id");
    line.trim_end_matches("\",").to_owned()
}

#[test]
fn every_rule_finds_what_its_cases_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/src");
    let engine = Engine::new(CATALOG, TABLES).expect("the catalog loads");
    let only = std::env::var("CASES").ok();
    let blessing = std::env::var("BLESS").is_ok();
    let mut failures = Vec::new();
    let mut ran = 0;
    for folder in folders(&root) {
        let name = folder.strip_prefix(&root).expect("below the catalog").display().to_string();
        if only.as_ref().is_some_and(|o| !name.contains(o.as_str())) {
            continue;
        }
        let id = rule_id(&folder);
        let path = folder.join("cases.md");
        let Ok(text) = fs::read_to_string(&path) else {
            failures.push(format!("{name}: {id} has no cases.md"));
            continue;
        };
        if engine.rule(&id).is_none() {
            failures.push(format!("{name}: {id} is not in CATALOG"));
            continue;
        }
        let cases = match markdown::read(&text) {
            Ok(cases) => cases,
            Err(e) => {
                failures.push(format!("{name}: {e:#}"));
                continue;
            }
        };
        if cases.len() < 2 {
            failures.push(format!("{name}: {} case(s); a rule needs one that breaks it and one on the boundary", cases.len()));
        }
        let mut blessed: Vec<String> = text.lines().map(str::to_owned).collect();
        for case in cases.iter().rev() {
            ran += 1;
            if blessing {
                match run::bless(&engine, &id, case) {
                    Ok(lines) => {
                        blessed.splice(case.findings_lines.0..case.findings_lines.1, lines);
                    }
                    Err(e) => failures.push(format!("{name}: {}: {e:#}", case.title)),
                }
                continue;
            }
            match run::differences(&engine, &id, case) {
                Ok(differences) => failures.extend(differences.into_iter().map(|d| format!("{name}: {}\n    {d}", case.title))),
                Err(e) => failures.push(format!("{name}: {}: {e:#}", case.title)),
            }
        }
        if blessing {
            fs::write(&path, blessed.join("\n") + "\n").expect("the cases are writable");
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(only.is_some() || ran > 0, "no case ran");
}
