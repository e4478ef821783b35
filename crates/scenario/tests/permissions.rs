//! Runs the cases of `crates/catalog/coverage/permissions`: what the guidance allows, no rule may flag.
//! A permission without a case fails, and so does a file whose records would be flagged no matter what they say.

use std::fs;
use std::path::Path;

use catalog::coverage::SOURCES;
use catalog::{CATALOG, TABLES};
use rules::Engine;
use rules::coverage::Coverage;
use scenario::markdown::{self, Case};
use scenario::permission::flagged;

/// Every case with the file it stands in, in order of the files' names.
fn cases() -> Vec<(String, Case)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/coverage/permissions");
    let mut files: Vec<_> = fs::read_dir(folder).expect("the cases are readable").flatten().map(|e| e.path()).collect();
    files.sort();
    let mut cases = Vec::new();
    for file in files {
        let name = file.file_name().expect("a file").to_string_lossy().into_owned();
        let text = fs::read_to_string(&file).expect("the cases are readable");
        cases.extend(markdown::read(&text).unwrap_or_else(|e| panic!("{name}: {e:#}")).into_iter().map(|case| (name.clone(), case)));
    }
    cases
}

/// The id that begins a case's heading.
fn id(case: &Case) -> &str {
    case.title.split_once(": ").map_or("", |(id, _)| id)
}

fn engine() -> Engine {
    Engine::new(CATALOG, TABLES).expect("the catalog loads")
}

#[test]
fn what_the_guidance_allows_is_flagged_by_no_rule() {
    let engine = engine();
    let mut failures = Vec::new();
    for (file, case) in cases() {
        if !case.events.iter().any(|line| line.trim_start().starts_with("contact_recorded ")) {
            failures.push(format!("{file}: {}: nothing was done that could be flagged", case.title));
        }
        match flagged(&engine, &case) {
            Ok(found) => failures.extend(found.into_iter().map(|f| format!("{file}: {}\n    {f}", case.title))),
            Err(e) => failures.push(format!("{file}: {}: {e:#}", case.title)),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_permission_has_its_case_and_every_case_its_permission() {
    let coverage = Coverage::read(CATALOG, &SOURCES).expect("the registry loads");
    let cases = cases();
    let allowed: Vec<&str> = coverage.entries.iter().filter(|e| e.allows.is_some()).map(|e| e.id.as_str()).collect();
    let must: Vec<&str> = coverage.must_not_flag.iter().map(|m| m.case.as_str()).collect();
    for wanted in allowed.iter().chain(&must) {
        let times = cases.iter().filter(|(_, case)| id(case) == *wanted).count();
        assert_eq!(times, 1, "cases headed `{wanted}: ...`");
    }
    for (file, case) in &cases {
        assert!(allowed.contains(&id(case)) || must.contains(&id(case)), "{file}: {:?} is headed with no permission", case.title);
    }
}

#[test]
fn without_its_common_records_a_file_is_flagged() {
    let engine = engine();
    let mut bare: Vec<(String, bool)> = Vec::new();
    for (file, case) in cases() {
        let found = flagged(&engine, &Case { common: Vec::new(), ..case }).expect("the case reads");
        match bare.last_mut().filter(|(last, _)| *last == file) {
            Some((_, any)) => *any |= !found.is_empty(),
            None => bare.push((file, !found.is_empty())),
        }
    }
    assert!(bare.len() >= 6 && bare.iter().all(|(_, any)| *any), "{bare:?}");
}
