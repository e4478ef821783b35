//! Invented agencies against the engine: what the simulator's own books planted is found, and nothing else.
//! Twenty seeds in process, so that it stays fast; the whole way through files and ledger for one of them.

use std::collections::BTreeMap;

use domain::KnownAt;
use rules::subject::Name;
use rules::{Class, Engine, Finding};
use scenario::replay;
use serde_json::Value;
use simulator::{Agency, Config, Expected, Planting};

use crate::command::Desk;
use crate::conformance::check;

fn small(seed: u64) -> Agency {
    let year = Config::year(seed);
    Agency::invent(Config { individuals: 15, days: 300, pace: 45, plants: Planting::BySeed, ..year })
}

fn subject(f: &Finding) -> BTreeMap<&'static str, Value> {
    let value = |n: &Name| match n {
        Name::Text(t) => Value::from(t.as_str()),
        Name::Number(n) => Value::from(*n),
    };
    f.subject.0.iter().map(|(key, name)| (*key, value(name))).collect()
}

/// What identifies a finding for people, the same for both sides.
fn identity(rule: &str, class: &str, status: &str, subject: &BTreeMap<&'static str, Value>) -> String {
    format!("{rule} {class} {status} {subject:?}")
}

/// What the books claim of a finding beyond its identity, where the engine says otherwise.
fn differences(want: &Expected, have: &Finding) -> Vec<String> {
    let detectable = want.first_detectable.as_deref().and_then(KnownAt::parse).map(|at| at.to_string());
    let claims = [
        ("true_from", want.true_from.clone(), have.true_from.to_string()),
        ("first_detectable", detectable, have.first_detectable.to_string()),
        ("known_at_claim", want.known_at_claim.map(|k| format!("{k:?}")), format!("{:?}", have.known_at_claim)),
        ("exposure_cents", want.exposure_cents.map(|c| c.to_string()), have.exposure.0.to_string()),
    ];
    let wrong = claims.into_iter().filter(|(_, want, have)| want.as_ref().is_some_and(|w| w != have));
    wrong.map(|(name, planted, found)| format!("{} {}: {name} is {found}, planted was {planted:?}", have.rule, have.subject)).collect()
}

/// Everything in which findings and plants differ.
fn compare(agency: &Agency, engine: &Engine) -> Vec<String> {
    let recorded = replay::record(agency.drafts().collect()).unwrap();
    let report = replay::judge(engine, &recorded, KnownAt::END, agency.today());
    let mut found: BTreeMap<String, &Finding> = BTreeMap::new();
    for f in report.findings.iter().filter(|f| f.class != Class::Advisory) {
        found.insert(identity(f.rule, f.class.as_str(), f.status.as_str(), &subject(f)), f);
    }
    let mut wrong = Vec::new();
    for want in agency.expected() {
        let identity = identity(want.rule, want.class, want.status, &want.subject);
        match found.remove(&identity) {
            None => wrong.push(format!("not found: {identity}")),
            Some(have) => wrong.extend(differences(&want, have)),
        }
    }
    wrong.extend(found.into_keys().map(|identity| format!("not planted: {identity}")));
    wrong
}

#[test]
fn what_twenty_seeds_planted_is_found_and_nothing_else() {
    let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
    let mut planted = 0;
    let mut wrong = Vec::new();
    for seed in 100..120 {
        let agency = small(seed);
        planted += agency.expected().len();
        wrong.extend(compare(&agency, &engine).into_iter().map(|what| format!("seed {seed}: {what}")));
    }
    assert!(planted > 500, "only {planted} findings were planted");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn an_agency_with_nothing_planted_yields_nothing() {
    let engine = Engine::new(catalog::CATALOG, catalog::TABLES).unwrap();
    let agency = Agency::invent(Config { individuals: 40, plants: Planting::Nothing, ..Config::year(7) });
    assert_eq!(compare(&agency, &engine), Vec::<String>::new());
}

/// Every export a CSV, or the whole ledger as JSON Lines: the same events, so the same findings.
#[test]
fn both_formats_lead_to_the_findings_planted() {
    let agency = small(121);
    let case: Value = serde_json::from_str(&agency.case_json()).unwrap();
    let mut reports = Vec::new();
    for format in ["csv", "jsonl"] {
        let desk = Desk::simulated();
        let folder = desk.path().join(format);
        std::fs::create_dir(&folder).unwrap();
        if format == "csv" {
            for export in agency.csv_exports().unwrap() {
                std::fs::write(folder.join(export.name), export.bytes).unwrap();
            }
        } else {
            agency.write_jsonl(&folder).unwrap();
        }
        desk.done(&["import", format]);
        assert_eq!(desk.size(), agency.lines.len() as u64 + 1);
        let mut failures = Vec::new();
        check(&desk, &case["checks"][0], None, format, &mut failures);
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        let mut report = desk.json(&["scan", "--json", "--dry-run"]);
        // Two ledgers have two ids and so two roots; everything else is the same.
        report["ledger"]["root"] = Value::Null;
        reports.push(report);
    }
    assert!(reports[0] == reports[1], "CSV and JSON Lines give different reports");
}
