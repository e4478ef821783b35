//! What is not evaluated while a setting is unset is what the catalog says is not: the list people are shown is the truth.
//! Asks with a contact of each service, so that every rule of the service has something to judge.

use catalog::settings::REQUIRED;
use catalog::{CATALOG, TABLES};
use rules::Engine;
use scenario::markdown::Case;
use scenario::permission::flagged;

fn unknown(engine: &Engine, setting: &str) -> Vec<String> {
    let lines = [
        "known 2025-02-11",
        "  program_registered program=PR-1 kind=pros from=2020-01-01",
        "  individual_registered individual=I1",
        "  contact_recorded contact=C1 program=PR-1 service=pros_pss start=2025-02-04T10:00",
        "  contact_recorded contact=C2 program=CO-1 service=core_peer start=2025-02-04T12:00",
        "  person_engaged person=P1 start_on=2023-01-02",
        "  individual_registered individual=I1 birth_date=1990-05-05",
    ];
    let mut events: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
    let values = [("pros.pss_effective_on", "2025-01-01"), ("core.units_per_month_max", "8")];
    events.extend(values.iter().filter(|(name, _)| *name != setting).map(|(name, value)| format!("  parameter_set name={name} value={value} from=2025-01-01")));
    let findings = vec!["known 2025-07-01  nothing flagged".to_owned()];
    let case = Case { title: String::new(), common: Vec::new(), events, findings, findings_lines: (0, 0) };
    let said = flagged(engine, &case).expect("the case reads");
    let mut rules: Vec<String> = said.iter().filter_map(|line| line.split("not_evaluated ").nth(1)?.split(' ').next().map(str::to_owned)).collect();
    rules.sort();
    rules.dedup();
    rules
}

#[test]
fn each_required_setting_leaves_exactly_its_rules_unevaluated() {
    let engine = Engine::new(CATALOG, TABLES).expect("the catalog loads");
    assert!(unknown(&engine, "").is_empty(), "{:?}", unknown(&engine, ""));
    for required in REQUIRED {
        let mut named: Vec<String> = required.rules.iter().map(|r| (*r).to_owned()).collect();
        named.sort();
        assert_eq!(unknown(&engine, required.name), named, "while {} is unset", required.name);
    }
}
