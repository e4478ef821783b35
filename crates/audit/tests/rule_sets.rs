//! A scan names and activates its rule set, and a change of the rules is told apart from a change of the facts.
//! Works on ledgers of invented people, made here.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use audit::compare::{Basis, Cause, compare};
use audit::impact::{impact, read};
use audit::scan::{ScanOptions, scan};
use audit::vocabulary::{Class, KnownAt, ValidDay};
use audit::{Cut, InitOptions, events, init, loaded, office};
use rules::Engine;

fn now() -> KnownAt {
    KnownAt::parse("2025-07-01T16:00:00Z").unwrap()
}

fn agency(dir: &Path) {
    init(dir, &InitOptions { origin: "ledger.rules.example".to_owned(), simulated: false, now: now(), entropy: None }).unwrap();
    for event in [
        r#"{"type":"person_engaged","person":"P1","engagement":"employee","roles":["peer"],"programs":["MH-1"],"start_on":"2024-12-09"}"#,
        r#"{"type":"credential_granted","person":"P1","credential":"CRPA","level":"full","issuer":"NYCB","effective_on":"2024-01-01"}"#,
        r#"{"type":"contact_recorded","contact":"C1","program":"MH-1","service":"mhotrs_adult_peer","peer":"P1","individual":"I1","phase":"enrolled","format":"individual","mode":"in_person","site":"onsite","start":"2025-03-04T15:00:00Z","end":"2025-03-04T15:30:00Z","component":"A1","activities":["A1.02"],"basis":"planned","recipient":"individual"}"#,
    ] {
        append(dir, event);
    }
}

fn append(dir: &Path, event: &str) {
    office::append(dir, event, now()).unwrap();
}

fn record(dir: &Path) -> audit::scan::Scan {
    scan(dir, &ScanOptions { today: None, cut: Cut::Head, record: true, full: false, now: now() }, &|_, _| {}).unwrap()
}

fn types(dir: &Path) -> Vec<&'static str> {
    let mut types = Vec::new();
    events::events(dir, None, None, |listed| types.push(listed.kind)).unwrap();
    types
}

#[test]
fn the_first_scan_activates_its_rule_set_and_the_next_does_not_again() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("ledger");
    agency(&dir);
    let size = types(&dir).len();
    let first = record(&dir);
    assert!(first.activated);
    assert_eq!(types(&dir)[size..], ["rule_pack_activated", "scan_completed"]);
    assert_eq!(first.recorded.unwrap().0, size as u64 + 1);
    let second = record(&dir);
    assert!(!second.activated);
    assert_eq!(second.loaded.activated.as_deref(), Some(second.loaded.frame.rule_set.as_str()));
    assert_eq!(types(&dir)[size..], ["rule_pack_activated", "scan_completed", "scan_completed"]);
    let mut said = String::new();
    events::events(&dir, Some("scan_completed"), None, |listed| said = listed.fields["rule_set"].to_string()).unwrap();
    assert_eq!(said, format!("{:?}", second.loaded.frame.rule_set), "a scan names its rule set");
}

#[test]
fn a_scan_that_is_not_recorded_activates_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("ledger");
    agency(&dir);
    let before = types(&dir);
    let looked = scan(&dir, &ScanOptions { today: None, cut: Cut::Head, record: false, full: false, now: now() }, &|_, _| {}).unwrap();
    assert!(!looked.activated && looked.recorded.is_none());
    assert_eq!(types(&dir), before);
}

#[test]
fn another_setting_changes_a_class_and_the_ledger_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("ledger");
    agency(&dir);
    let before = types(&dir);
    let file = folder.path().join("strict.toml");
    let text = "[[set]]\nname = \"crpa.strict\"\nvalue = true\nfrom = \"2025-01-01\"\n\n[[set]]\nname = \"crpa.strickt\"\nvalue = true\nfrom = 2025-01-01\n";
    std::fs::write(&file, text).unwrap();
    let ask = || impact(&dir, &file, Cut::Head, None, now(), &|_, _| {}).unwrap();
    let asked = ask();
    let changed: Vec<(&str, &str, Class, Class, Cause)> = asked
        .differences
        .iter()
        .map(|d| (d.word(), d.finding.rule, d.before.unwrap().class, d.after.unwrap().class, d.cause))
        .collect();
    assert_eq!(changed, [("class changed", "MHOTRS-CRED-12", Class::Advisory, Class::Violation, Cause::Rules)]);
    assert_ne!(asked.before.rule_set, asked.after.rule_set);
    let unknown: Vec<_> = asked.unknown.iter().map(|u| (u.name.as_str(), u.near.as_deref())).collect();
    assert_eq!(unknown, [("crpa.strickt", Some("crpa.strict"))]);
    assert_eq!(types(&dir), before);
    let again = ask();
    assert_eq!(again.after, asked.after);

    append(&dir, r#"{"type":"parameter_set","name":"crpa.strict","value":true,"from":"2025-01-01","approved_by":"compliance officer"}"#);
    assert!(ask().differences.is_empty(), "what is set already changes nothing");
    std::fs::write(&file, "[[set]]\nname = \"crpa.strict\"\nvalue = false\nfrom = \"2025-03-05\"\n").unwrap();
    assert!(ask().differences.is_empty(), "a setting from a later service date does not reach back");
}

#[test]
fn a_file_that_is_not_settings_is_refused_by_name() {
    for (text, said) in [
        ("[[set]]\nname = \"a\"\nvalue = 1\n", "from"),
        ("[[set]]\nname = \"a\"\nvalue = 1\nfrom = \"soon\"\n", "no date"),
        ("[[set]]\nname = \"a\"\nvalue = { b = 1 }\nfrom = \"2025-01-01\"\n", "no value"),
        ("[[sett]]\nname = \"a\"\n", "sett"),
    ] {
        let error = read("s.toml", text).unwrap_err().to_string();
        assert!(error.contains("s.toml") && error.contains(said), "{error}");
    }
    let listed = read("s.toml", "[[set]]\nname = \"issuers.nycps\"\nvalue = [\"A\", \"B\"]\nfrom = 2025-01-01\n").unwrap();
    assert_eq!(listed[0].value.to_string(), "A;B");
}

#[test]
fn the_rule_changed_is_told_apart_from_the_facts_changed() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("ledger");
    agency(&dir);
    let whole = loaded::engine().unwrap();
    let without: Vec<_> = catalog::CATALOG.iter().copied().filter(|r| r.id != "MHOTRS-SUP-01").collect();
    let older = Engine::new(&without, catalog::TABLES).unwrap();
    assert_ne!(older.rule_set(), whole.rule_set());
    let load = |engine: &Engine| {
        let ledger = ledger::Ledger::open_reader(&dir).unwrap();
        loaded::load(&ledger, engine, Cut::Head, ValidDay::parse("2025-07-01"), now().local_day(), &|_, _| {}).unwrap()
    };
    let (a, b) = (load(&older), load(&whole));
    let (old, new) = (a.judge(&older), b.judge(&whole));
    let basis = |l: &loaded::Loaded| Basis::from(&l.frame);
    let causes = |d: &[audit::compare::Difference]| d.iter().map(|d| (d.word(), d.finding.rule, d.cause)).collect::<Vec<_>>();
    let by_rules = compare((&basis(&a), &old), (&basis(&b), &new), None);
    assert_eq!(causes(&by_rules), [("new", "MHOTRS-SUP-01", Cause::Rules)]);

    append(&dir, r#"{"type":"note_written","note":"N1","contact":"C1","author":"P1","written_at":"2025-03-04T16:00:00Z","elements":["service_type","purpose","response","progress"]}"#);
    append(&dir, r#"{"type":"admitted","individual":"I1","program":"MH-1","admitted_at":"2025-03-01"}"#);
    let c = load(&whole);
    let newer = c.judge(&whole);
    let by_facts = compare((&basis(&b), &new), (&basis(&c), &newer), None);
    assert!(!by_facts.is_empty() && by_facts.iter().all(|d| d.cause == Cause::Facts), "{:?}", causes(&by_facts));

    let untold = compare((&basis(&a), &old), (&basis(&c), &newer), None);
    assert!(untold.iter().all(|d| d.cause == Cause::Untold));
    let told = compare((&basis(&a), &old), (&basis(&c), &newer), Some(&new));
    assert_eq!(told.len(), untold.len());
    let rule_changed: Vec<&str> = told.iter().filter(|d| d.cause == Cause::Rules).map(|d| d.finding.rule).collect();
    assert_eq!(rule_changed, ["MHOTRS-SUP-01"]);
    assert!(told.iter().any(|d| d.cause == Cause::Facts && d.word() == "cleared"), "{:?}", causes(&told));
    assert!(compare((&basis(&c), &newer), (&basis(&c), &newer), None).is_empty());
}
