//! Samples through the binary, on the invented year of Riverbend: drawn, drawn again by an outsider, filled in, estimated, refused.
//! The arithmetic itself is held against published figures in `crates/sampling/tests/published.rs`.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::command::{Desk, stderr, stdout};

fn riverbend() -> Desk {
    let desk = Desk::simulated();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/riverbend");
    desk.done(&["import", folder.to_str().unwrap()]);
    desk
}

fn draw<'a>(query: &'a str, size: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["sample", "draw", "--universe", query, "--size", size, "--seed", "2025-06-18/ortiz"][..], more].concat()
}

fn sample(desk: &Desk, name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(desk.path().join(name)).unwrap()).unwrap()
}

fn units(sample: &Value) -> Vec<String> {
    sample["drawn"].as_array().unwrap().iter().map(|u| u["unit"].as_str().unwrap().to_owned()).collect()
}

/// Fills the worksheet in: each unit's row gets what the function says of its place and what was paid.
fn fill(desk: &Desk, sheet: &str, to: &str, overpaid: impl Fn(usize, u64) -> String) {
    let text = std::fs::read_to_string(desk.path().join(sheet)).unwrap();
    let mut lines = text.lines();
    let mut out = format!("{}\n", lines.next().unwrap());
    for (at, line) in lines.enumerate() {
        let cells: Vec<&str> = line.split(',').collect();
        out.push_str(&format!("{},{},seen\n", cells[..6].join(","), overpaid(at, cells[5].parse().unwrap())));
    }
    desk.write(to, &out);
}

#[test]
fn a_sample_is_recorded_once_and_comes_out_again() {
    let desk = riverbend();
    let size = desk.size();
    let said = stdout(&desk.done(&draw("all", "40", &["-o", "a.json"])));
    assert!(said.contains("SIMULATED") && said.contains("40 paid claims drawn of") && said.contains("on record as seq"), "{said}");
    let first = sample(&desk, "a.json");
    assert_eq!((first["schema"].as_str().unwrap(), first["claims"].as_array().unwrap().len()), ("countersign.sample.v1", 40));
    assert_eq!((first["ledger"]["size"].as_u64().unwrap(), first["recorded_seq"].as_u64().unwrap()), (size, size));
    let event = desk.json(&["events", "--type", "sample_drawn", "--json"]);
    let universe = event["events"][0]["universe"].as_str().unwrap();
    assert!(universe.starts_with("all: ") && universe.contains(first["universe"]["digest"].as_str().unwrap()), "{universe}");
    assert_eq!(event["events"][0]["seed"], "2025-06-18/ortiz");
    // The same again is the same sample and the same event; nothing is overwritten.
    let again = desk.run(&draw("all", "40", &["-o", "a.json"]));
    assert_eq!(again.status.code(), Some(2));
    assert!(stderr(&again).contains("a.json is there already"), "{}", stderr(&again));
    desk.done(&draw("all", "40", &["-o", "b.json"]));
    let second = sample(&desk, "b.json");
    assert_eq!((&first["drawn"], &first["recorded_seq"]), (&second["drawn"], &second["recorded_seq"]));
    assert_eq!(desk.size(), size + 1);
    assert!(stdout(&desk.done(&["sample", "check", "a.json"])).contains("The same 40 claims are drawn again"));
    // A larger one contains it; another seed is another one; looking back records nothing.
    desk.done(&draw("all", "60", &["-o", "c.json", "--dry-run"]));
    let large: BTreeSet<String> = units(&sample(&desk, "c.json")).into_iter().collect();
    assert!(units(&first).iter().all(|unit| large.contains(unit)));
    desk.done(&["sample", "draw", "--universe", "all", "--size", "40", "--seed", "another", "-o", "d.json", "--as-of", &(size - 1).to_string()]);
    assert_ne!(units(&sample(&desk, "d.json")), units(&first));
    assert_eq!(desk.size(), size + 1);
}

#[test]
fn an_outsider_draws_it_again_with_the_lines_of_the_page() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("SKIPPED: no python3 here, so nobody outside drew the sample again");
        return;
    }
    let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/samples.md")).unwrap();
    let program = page.split("```python\n").nth(1).unwrap().split("```").next().unwrap();
    assert!(program.lines().count() <= 10);
    let desk = riverbend();
    desk.write("redraw.py", program);
    for (name, args) in [
        ("plain.json", draw("all", "40", &["-o", "plain.json"])),
        ("lines.json", draw("program=MH-1 from=2024-09-01", "35", &["-o", "lines.json", "--unit", "line", "--strata", "month"])),
        ("paid.json", draw("all", "50", &["-o", "paid.json", "--strata", "paid:40,80"])),
    ] {
        desk.done(&args);
        let universe = name.replace(".json", ".universe.csv");
        let again = Command::new("python3").args(["redraw.py", name, &universe]).current_dir(desk.path()).output().unwrap();
        assert_eq!(stdout(&again).trim(), "True True", "{name}: {}", stderr(&again));
        desk.done(&["sample", "check", name]);
    }
    // Another universe, or another sample, is not the one drawn.
    let universe = std::fs::read_to_string(desk.path().join("plain.universe.csv")).unwrap();
    desk.write("fewer.csv", universe.rsplit_once("\n").unwrap().0.rsplit_once("\n").unwrap().0);
    let fewer = Command::new("python3").args(["redraw.py", "plain.json", "fewer.csv"]).current_dir(desk.path()).output().unwrap();
    assert!(stdout(&fewer).starts_with("False"), "{}", stdout(&fewer));
}

#[test]
fn the_universe_is_what_the_query_says() {
    let desk = riverbend();
    let count = |query: &str, more: &[&str]| {
        let name = format!("{}.json", query.replace([' ', '=', ','], "_"));
        desk.done(&draw(query, "4", &[&["--dry-run", "-o", &name][..], more].concat()));
        let drawn = sample(&desk, &name);
        (drawn["universe"]["units"].as_u64().unwrap(), drawn["universe"]["paid_cents"].as_u64().unwrap())
    };
    let (all, paid) = count("all", &[]);
    let parts: Vec<(u64, u64)> = ["to=2024-12-31", "from=2025-01-01"].iter().map(|query| count(query, &[])).collect();
    assert_eq!((parts[0].0 + parts[1].0, parts[0].1 + parts[1].1), (all, paid), "every day lies on one side");
    let (lines, of_lines) = count("to=2030-01-01", &["--unit", "line"]);
    assert!(lines >= all);
    assert_eq!(of_lines, paid, "the lines of a claim add up to it");
    let found = desk.json(&["findings", "list", "--rule", "MHOTRS-SUP-01", "--json"]);
    let claims: BTreeSet<&str> = found["findings"].as_array().unwrap().iter().flat_map(|f| f["about"]["claims"].as_array().unwrap()).map(|c| c.as_str().unwrap()).collect();
    let (under, _) = count("rule=MHOTRS-SUP-01", &[]);
    assert!(under > 0 && under <= claims.len() as u64, "{under} of {claims:?}");
}

#[test]
fn an_estimate_adds_up_and_a_census_is_exact() {
    let desk = riverbend();
    desk.done(&draw("all", "50", &["-o", "s.json", "--strata", "paid:40,80"]));
    fill(&desk, "s.worksheet.csv", "none.csv", |_, _| "0".to_owned());
    let none = desk.json(&["sample", "estimate", "s.json", "--results", "none.csv", "--json"]);
    assert_eq!((none["point_cents"].as_i64(), none["lower_limit_cents"].as_i64()), (Some(0), Some(0)));
    assert!(none["remarks"][0].as_str().unwrap().contains("Fewer than 30"), "{none}");
    fill(&desk, "s.worksheet.csv", "some.csv", |at, paid| if at % 3 == 0 { paid } else { 0 }.to_string());
    let some = desk.json(&["sample", "estimate", "s.json", "--results", "some.csv", "--json", "--confidence", "80,99"]);
    // By the page's formula, from the JSON's own counts.
    let (mut point, mut variance) = (0.0, 0.0);
    for s in some["strata"].as_array().unwrap() {
        let (units, drawn) = (s["units"].as_f64().unwrap(), s["drawn"].as_f64().unwrap());
        point += units * s["mean_cents"].as_f64().unwrap();
        variance += units * (units - drawn) / drawn * s["standard_deviation_cents"].as_f64().unwrap().powi(2);
    }
    assert!((some["point_cents"].as_f64().unwrap() - point).abs() <= 0.501);
    assert!((some["standard_error_cents"].as_f64().unwrap() - variance.sqrt()).abs() < 1e-6 * variance.sqrt());
    let confidences: Vec<&str> = some["bounds"].as_array().unwrap().iter().map(|b| b["confidence"].as_str().unwrap()).collect();
    assert_eq!((confidences, some["distribution"].as_str()), (vec!["80", "90", "95", "99"], Some("normal")));
    assert_eq!(some["bounds"][1]["two_sided"]["lower_cents"], some["lower_limit_cents"]);
    assert_eq!(some["bounds"][2]["one_sided"]["lower_cents"], some["lower_limit_cents"]);
    let wider = desk.json(&["sample", "estimate", "s.json", "--results", "some.csv", "--json", "--effective-freedom"]);
    assert!(wider["lower_limit_cents"].as_i64() < some["lower_limit_cents"].as_i64() && wider["distribution"] == "student");
    let said = stdout(&desk.done(&["sample", "estimate", "s.json", "--results", "some.csv"]));
    assert!(said.contains("Lower limit of the two-sided 90% interval") && said.contains("for people to decide"), "{said}");
    assert!(!said.to_lowercase().contains("identified"), "{said}");

    let universe = sample(&desk, "s.json")["universe"].clone();
    let everything = universe["units"].to_string();
    desk.done(&draw("all", &everything, &["-o", "census.json", "--dry-run"]));
    fill(&desk, "census.worksheet.csv", "census.csv", |_, paid| paid.to_string());
    let census = desk.json(&["sample", "estimate", "census.json", "--results", "census.csv", "--json"]);
    assert_eq!((&census["point_cents"], &census["lower_limit_cents"]), (&universe["paid_cents"], &universe["paid_cents"]));
}

#[test]
fn results_that_are_not_whole_are_refused_by_line_and_field() {
    let desk = riverbend();
    desk.done(&draw("all", "12", &["-o", "s.json"]));
    fill(&desk, "s.worksheet.csv", "good.csv", |_, _| "0".to_owned());
    let good = std::fs::read_to_string(desk.path().join("good.csv")).unwrap();
    desk.done(&["sample", "estimate", "s.json", "--results", "good.csv"]);
    let lines: Vec<&str> = good.lines().collect();
    let (first, paid) = { let cells: Vec<&str> = lines[1].split(',').collect(); (cells[0].to_owned(), cells[5].parse::<u64>().unwrap()) };
    let with = |line: &str| good.replacen(lines[1], line, 1);
    let row = |overpaid: &str| format!("{first},{first},,,2025-01-01,{paid},{overpaid},");
    for (text, words) in [
        (with(""), vec![":14", "no row for", "every unit drawn"]),
        (format!("{good}{}\n", lines[1]), vec![":14", "which line 2 has already"]),
        (format!("{good}CL-NEVER,CL-NEVER,,,2025-01-01,100,0,\n"), vec![":14", "CL-NEVER", "was not drawn"]),
        (with(&row(&(paid + 1).to_string())), vec![":2", "overpaid_cents", "what was paid"]),
        (with(&row("")), vec![":2", "overpaid_cents", "found nothing", "write 0"]),
        (with(&row("9.50")), vec![":2", "overpaid_cents", "whole cents"]),
        (with(&row("-1")), vec![":2", "overpaid_cents", "whole cents"]),
        (with(&format!("{first},{first},,,2025-01-01,{},0,", paid + 1)), vec![":2", "paid_cents", "when the sample was drawn"]),
        (good.replacen("overpaid_cents", "overpaid", 1), vec![":1", "overpaid_cents", "a column"]),
        (good.replace(',', ";"), vec![":1", "not semicolons"]),
    ] {
        desk.write("bad.csv", &text);
        let refused = desk.run(&["sample", "estimate", "s.json", "--results", "bad.csv"]);
        assert_eq!(refused.status.code(), Some(3), "{words:?}: {}", stdout(&refused));
        let said = stderr(&refused);
        assert!(words.iter().all(|w| said.contains(w)) && said.contains("bad.csv") && said.contains("found") && said.contains("wanted"), "{words:?}: {said}");
    }
    // A byte-order mark, another order of rows and columns beside are no matter.
    let turned: Vec<&str> = lines[1..].iter().rev().copied().collect();
    desk.write("turned.csv", &format!("\u{feff}{}\n{}\n", lines[0], turned.join("\n")));
    desk.done(&["sample", "estimate", "s.json", "--results", "turned.csv"]);
}

#[test]
fn what_cannot_be_drawn_or_was_changed_is_refused() {
    let desk = riverbend();
    desk.done(&draw("all", "12", &["-o", "s.json"]));
    for (args, words) in [
        (draw("individual=I-6705", "5", &["-o", "x.json"]), "\"individual\" is no key"),
        (draw("program=NOWHERE", "5", &["-o", "x.json"]), "no paid claim fits"),
        (draw("rule=MHOTRS-NOPE-01", "5", &["-o", "x.json"]), "there is no rule"),
        (draw("all", "1", &["-o", "x.json"]), "at least 2"),
        (draw("all", "999999", &["-o", "x.json"]), "units are asked for"),
        (draw("all", "many", &["-o", "x.json"]), "is no size"),
        (draw("all", "MH-1=5", &["-o", "x.json", "--strata", "program"]), "nothing is said of stratum"),
        (draw("all", "5", &["-o", "x.json", "--strata", "colour"]), "divides nothing"),
        (vec!["sample", "draw", "--universe", "all", "--size", "5", "--seed", "two words", "-o", "x.json"], "is no seed"),
    ] {
        let refused = desk.run(&args);
        assert_eq!(refused.status.code(), Some(2), "{args:?}");
        assert!(stderr(&refused).contains(words) && stderr(&refused).contains("hint:"), "{}", stderr(&refused));
        assert!(!desk.path().join("x.json").exists());
    }
    let text = std::fs::read_to_string(desk.path().join("s.json")).unwrap();
    let drawn = sample(&desk, "s.json");
    let paid = drawn["drawn"][0]["paid_cents"].to_string();
    desk.write("changed.json", &text.replacen(&format!("\"paid_cents\": {paid}\n"), "\"paid_cents\": 1\n", 2));
    let changed = desk.run(&["sample", "check", "changed.json"]);
    assert_eq!(changed.status.code(), Some(2));
    assert!(stderr(&changed).contains("contradicts itself"), "{}", stderr(&changed));
    // One claim exchanged for another, with counts that still add up: only drawing again shows it.
    desk.write("exchanged.json", &text.replace(&format!("\"{}\"", units(&drawn)[0]), "\"CL-FRIEND\""));
    let exchanged = desk.run(&["sample", "check", "exchanged.json"]);
    assert_eq!(exchanged.status.code(), Some(1));
    assert!(stdout(&exchanged).contains("other units are drawn"), "{}", stdout(&exchanged));
}
