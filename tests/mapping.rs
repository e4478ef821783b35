//! Foreign spreadsheets through the binary: the page's example as it stands there, proposals that load, the invented year as a workbook.
//! Everybody in them is invented.

use std::fs;
use std::path::Path;

use serde_json::Value;
use simulator::{Agency, Config, Planting};

use crate::command::{Desk, stderr, stdout};
use crate::conformance::check;

fn repository(path: &str) -> String {
    format!("{}/{path}", env!("CARGO_MANIFEST_DIR"))
}

/// The blocks of a page in one language, in their order.
fn blocks(language: &str) -> Vec<String> {
    let page = fs::read_to_string(repository("docs/mapping.md")).unwrap();
    let opening = format!("```{language}\n");
    page.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

fn example(desk: &Desk) {
    desk.write("visits.csv", blocks("text")[0].as_str());
    desk.write("visits.toml", &blocks("toml")[0]);
}

#[test]
fn the_example_of_the_page_does_what_the_page_says() {
    let desk = Desk::real();
    example(&desk);
    let shown = stdout(&desk.done(&["map", "--preview", "visits.csv", "--map", "visits.toml"]));
    for line in blocks("text")[1].lines() {
        let line = line.split("...").next().unwrap();
        assert!(shown.contains(line), "wanted {line:?} in\n{shown}");
    }
    let imported = stdout(&desk.done(&["import", "visits.csv", "--map", "visits.toml"]));
    assert!(imported.starts_with("3 events read: 3 appended, 0 already there, 0 refused."), "{imported}");
    let again = stdout(&desk.done(&["import", "visits.csv", "--mapping", "visits.toml"]));
    assert!(again.contains("0 appended, 3 already there"), "{again}");
}

#[test]
fn what_if_and_gate_read_by_a_mapping_as_import_does() {
    let desk = Desk::real();
    example(&desk);
    let before = desk.size();
    let answer = desk.json(&["what-if", "visits.csv", "--map", "visits.toml", "--json"]);
    assert_eq!(answer["schema"], "countersign.what_if.v1", "{answer}");
    assert!(answer["changes"].as_array().unwrap().iter().any(|c| c["finding"]["rule"] == "MHOTRS-CRED-01"), "{answer}");
    assert_eq!(desk.run(&["what-if", "visits.csv"]).status.code(), Some(2), "without the mapping nobody knows what its columns are");
    desk.done(&["import", "visits.csv", "--map", "visits.toml"]);
    desk.write("bills.csv", "Claim No,Client ID,Date,Sent,Visit No,Code,Units,Charge\nCL-1,I-2001,3/4/2025,3/7/2025 4:00 PM,V-1,H0038,3,$69.00\n");
    desk.write(
        "bills.toml",
        "name = \"Bills\"\nsource = \"bill\"\nkey = [\"Claim No\"]\ndates = \"MM/DD/YYYY\"\n[[event]]\ntype = \"claim_submitted\"\n[event.fields]\n\
         claim = \"Claim No\"\nindividual = \"Client ID\"\nprogram = { value = \"MH-1\" }\nservice_date = \"Date\"\nsubmitted_at = \"Sent\"\n\
         contact = \"Visit No\"\nhcpcs = \"Code\"\nunits = \"Units\"\ncharge_cents = { column = \"Charge\", unit = \"dollars\" }\n",
    );
    let output = desk.run(&["gate", "bills.csv", "--map", "bills.toml", "--json"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let answer: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let claim = &answer["claims"][0];
    assert_eq!((claim["claim"].as_str(), claim["charge_cents"].as_i64(), claim["verdict"].as_str()), (Some("CL-1"), Some(6900), Some("held")), "{answer}");
    assert_eq!(desk.size(), before + 3, "only the import appended");
}

#[test]
fn a_row_that_changed_is_told_and_appends_nothing() {
    let desk = Desk::real();
    example(&desk);
    desk.done(&["import", "visits.csv", "--map", "visits.toml"]);
    desk.write("visits.csv", &blocks("text")[0].replace("2:00 PM,30", "2:00 PM,40"));
    let output = desk.run(&["import", "visits.csv", "--map", "visits.toml"]);
    assert_eq!(output.status.code(), Some(3));
    let said = stderr(&output);
    assert!(said.contains("visits.csv:4, source_id: found the key of seq 3 with another end, wanted the same fact under the same key"), "{said}");
    assert_eq!(desk.size(), 4);
}

/// A proposal loads as it is; it reads nothing until what is required is said, and then it reads everything.
#[test]
fn a_proposal_loads_and_says_what_it_lacks() {
    let desk = Desk::empty();
    example(&desk);
    desk.done(&["map", "--guess", "visits.csv", "-o", "guessed.toml"]);
    let guessed = fs::read_to_string(desk.path().join("guessed.toml")).unwrap();
    for line in [
        "dates = \"MM/DD/YYYY\"",
        "type = \"contact_recorded\"",
        "individual = \"Client ID\"",
        "peer = \"Staff ID\"",
        "end = { after = \"start\", minutes = \"Minutes\" }",
        "# program = \"\"  # ? required",
        "type = \"note_written\"",
        "\"Client Name\"",
    ] {
        assert!(guessed.contains(line), "wanted {line:?} in\n{guessed}");
    }
    let output = desk.run(&["map", "--preview", "visits.csv", "--map", "guessed.toml"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("contact_recorded.program: found nothing, wanted a column or value for program"), "{}", stderr(&output));
    // What is there already is not overwritten.
    assert_eq!(desk.run(&["map", "--guess", "visits.csv", "-o", "guessed.toml"]).status.code(), Some(2));
}

#[test]
fn proposals_for_the_samples_load() {
    let desk = Desk::empty();
    let folder = repository("fixtures/mapping");
    let mut samples: Vec<_> = fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path()).collect();
    samples.sort();
    assert!(samples.len() >= 5);
    for sample in samples {
        let sample = sample.to_str().unwrap();
        let guessed = stdout(&desk.done(&["map", "--guess", sample]));
        desk.write("guessed.toml", &guessed);
        let preview = desk.json(&["map", "--preview", sample, "--map", "guessed.toml", "--json"]);
        let only_gaps = preview["problems"].as_array().unwrap().iter().all(|p| p["file"] == "guessed.toml" && p["found"] == "nothing");
        assert!(only_gaps, "{sample}: {preview}\n{guessed}");
    }
}

#[test]
fn a_wrong_mapping_ends_with_2_and_its_line() {
    let desk = Desk::real();
    example(&desk);
    desk.write("visits.toml", &blocks("toml")[0].replace("written_at", "wrote_at"));
    for args in [&["map", "--preview", "visits.csv", "--map", "visits.toml"][..], &["import", "visits.csv", "--map", "visits.toml"]] {
        let output = desk.run(args);
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert!(stderr(&output).contains("visits.toml:31, note_written: found \"wrote_at\", wanted a field of note_written (did you mean written_at?)"), "{}", stderr(&output));
    }
    let output = desk.run(&["map", "--preview", "visits.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--map"), "{}", stderr(&output));
}

#[test]
fn a_drop_folder_reads_workbooks_by_its_mappings() {
    let desk = Desk::real();
    let drop = desk.path().join("drop");
    fs::create_dir(&drop).unwrap();
    desk.write("countersign/drop.toml", &format!("folder = \"../drop\"\nmaps = [{:?}]\nsettle_seconds = 0\n", repository("mappings/staff-register.toml")));
    fs::copy(repository("fixtures/mapping/staff-register.ods"), drop.join("staff-register.ods")).unwrap();
    desk.done(&["import", "--watch", "--once"]);
    assert_eq!(desk.size(), 7);
    assert!(!drop.join("staff-register.ods").exists());
}

fn findings(desk: &Desk) -> Value {
    let mut report = desk.json(&["scan", "--json", "--dry-run"]);
    // Two ledgers have two ids and so two roots; everything else is the same.
    report["ledger"]["root"] = Value::Null;
    report
}

/// The invented year as a workbook, and in again through the shipped mapping, gives the findings of its JSON Lines.
#[test]
fn a_year_as_a_workbook_gives_the_findings_of_its_json_lines() {
    let year = Config::year(122);
    let agency = Agency::invent(Config { individuals: 15, days: 300, pace: 45, plants: Planting::BySeed, ..year });
    let case: Value = serde_json::from_str(&agency.case_json()).unwrap();
    let (lines, book) = (Desk::simulated(), Desk::simulated());
    agency.write_jsonl(&lines.path().join("year")).unwrap();
    lines.done(&["import", "year"]);
    fs::write(book.path().join("year.xlsx"), agency.xlsx().unwrap()).unwrap();
    book.done(&["import", "year.xlsx", "--map", &repository("mappings/simulated-year.toml")]);
    assert_eq!(book.size(), agency.lines.len() as u64 + 1);
    let mut failures = Vec::new();
    check(&book, &case["checks"][0], None, "xlsx", &mut failures);
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(findings(&book) == findings(&lines), "the workbook and JSON Lines give different reports");
}

#[test]
fn the_mapping_of_the_simulated_year_is_the_one_the_simulator_writes() {
    let path = repository("mappings/simulated-year.toml");
    let written = simulator::xlsx_mapping();
    #[allow(clippy::disallowed_methods, reason = "BLESS=1 writes the mapping anew")]
    if std::env::var_os("BLESS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert!(fs::read_to_string(Path::new(&path)).unwrap() == written, "run the test with BLESS=1 and look at the difference");
}
