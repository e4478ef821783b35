//! No day without its numbers: from the guidance on, every parameter of a rule in force has a value, and a rule whose number is missing
//! says so by name. Asserts no value; only that none is missing, and that none is made up.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use catalog::{CATALOG, TABLES};
use domain::ValidDay;
use rules::params::{ParamSet, Parameter, Value};
use rules::{Class, Engine, Rule, Table};
use scenario::markdown::{self, Case};
use scenario::run::reports;

fn day(text: &str) -> ValidDay {
    ValidDay::parse(text).expect("a date")
}

/// The first day of every month from the guidance through 2027, and the guidance's own first day.
fn days() -> Vec<ValidDay> {
    let mut days = vec![day("2022-11-23")];
    let mut month = day("2022-11-01");
    while month <= day("2027-12-31") {
        days.push(month);
        month = month.plus_months(1);
    }
    days
}

fn on(parameter: &Parameter, day: ValidDay) -> Option<&Value> {
    parameter.periods.iter().find(|p| p.from <= day && p.to.is_none_or(|to| day <= to)).map(|p| &p.value)
}

#[test]
fn every_month_every_rule_in_force_has_all_its_parameters() {
    let mut judged = 0;
    for rule in CATALOG {
        let set = ParamSet::of_rule(rule).expect("the parameters load");
        let in_force = set.get("in_force").expect("a rule says when it is in force");
        let mut ever = false;
        for day in days().into_iter().filter(|day| on(in_force, *day) == Some(&Value::Flag(true))) {
            ever = true;
            judged += 1;
            for parameter in &set.parameters {
                assert!(on(parameter, day).is_some(), "{}.{} has no value on {day}", rule.id, parameter.name);
            }
        }
        assert!(ever, "{} is never in force", rule.id);
    }
    assert!(judged > CATALOG.len() * 50, "{judged}");
}

#[test]
fn every_month_from_the_guidance_on_the_shared_tables_have_all_their_values() {
    for table in TABLES {
        let set = ParamSet::of_table(table).expect("the table loads");
        for day in days().into_iter().filter(|d| *d >= day("2022-11-23")) {
            for parameter in &set.parameters {
                assert!(on(parameter, day).is_some(), "{}.{} has no value on {day}", table.name, parameter.name);
            }
        }
    }
}

/// Parameters that all ended long before any case, except the one that says from when a rule binds.
fn ended(params: &str) -> &'static str {
    let mut table: toml::Table = toml::from_str(params).expect("parameters are TOML");
    for (name, periods) in &mut table {
        let periods = periods.as_array_mut().expect("a parameter is a list of periods");
        if name != "in_force" {
            periods.truncate(1);
            for period in periods {
                let period = period.as_table_mut().expect("a period is a table");
                for (end, day) in [("from", "1900-01-01"), ("to", "1900-01-01")] {
                    period.insert(end.to_owned(), toml::Value::String(day.to_owned()));
                }
            }
        }
    }
    Box::leak(toml::to_string(&table).expect("parameters are TOML").into_boxed_str())
}

fn without_numbers() -> Engine {
    let rules: Vec<&'static Rule> =
        CATALOG.iter().map(|rule| &*Box::leak(Box::new(Rule { params: ended(rule.params), ..**rule }))).collect();
    let tables: Vec<Table> = TABLES.iter().map(|t| Table { name: t.name, params: ended(t.params) }).collect();
    Engine::new(&rules, &tables).expect("parameters that ended load")
}

fn cases() -> Vec<(String, Case)> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../catalog/src")];
    while let Some(folder) = open.pop() {
        for path in fs::read_dir(&folder).expect("the catalog is readable").flatten().map(|e| e.path()) {
            if path.is_dir() {
                open.push(path);
            } else if path.ends_with("cases.md") {
                let text = fs::read_to_string(&path).expect("the cases are readable");
                let name = path.display().to_string();
                found.extend(markdown::read(&text).expect("the cases read").into_iter().map(|case| (name.clone(), case)));
            }
        }
    }
    found.sort_by(|a, b| (&a.0, &a.1.title).cmp(&(&b.0, &b.1.title)));
    found
}

#[test]
fn a_rule_whose_numbers_are_missing_is_not_evaluated_by_name_and_never_met() {
    let (whole, bare) = (Engine::new(CATALOG, TABLES).expect("the catalog loads"), without_numbers());
    let advises: BTreeSet<&str> = CATALOG.iter().filter(|r| r.is_advisory()).map(|r| r.id).collect();
    let mut gone = 0;
    for (file, case) in cases() {
        let (with, without) = (reports(&whole, &case).expect("the case reads"), reports(&bare, &case).expect("the case reads"));
        for (with, without) in with.iter().zip(&without) {
            let told = |rule: &str, subject: &_| {
                let said = without.not_evaluated.iter().find(|n| n.rule == rule && n.subject == *subject);
                said.is_some_and(|n| n.missing.contains("parameter "))
            };
            for f in with.findings.iter().filter(|f| !advises.contains(f.rule) && f.class != Class::Advisory) {
                let still = without.findings.iter().any(|w| (w.rule, &w.subject, w.class) == (f.rule, &f.subject, f.class));
                if !still {
                    gone += 1;
                    assert!(told(f.rule, &f.subject), "{file}: {}: {} {} vanished without a word", case.title, f.rule, f.subject);
                }
            }
        }
    }
    assert!(gone > 100, "only {gone} findings needed a number");
}
