//! The published schemas against the reader they describe: what is accepted validates, what is broken does not; `BLESS=1` writes docs/events again.
//! The validator is somebody else's, so that it cannot share our mistakes.
#![allow(clippy::disallowed_methods, reason = "BLESS is how a person asks for a rewrite")]

use std::path::{Path, PathBuf};

use boon::{Compiler, SchemaIndex, Schemas};
use domain::event::Event;
use import::schema::{EXAMPLES, of_any, of_type, pages, types};
use import::{parse_line, write_jsonl};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::generate;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

struct Validator {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Validator {
    fn new(schema: Value) -> Self {
        let mut schemas = Schemas::new();
        let mut compiler = Compiler::new();
        compiler.add_resource("mem:///schema.json", schema).unwrap();
        let index = compiler.compile("mem:///schema.json", &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn accepts(&self, value: &Value) -> Result<(), String> {
        self.schemas.validate(value, self.index).map_err(|e| format!("{e:#}"))
    }
}

#[test]
fn every_type_has_an_example_that_is_read_and_validates() {
    let any = Validator::new(of_any());
    for described in types() {
        let name = described.schema.name;
        let draft = parse_line(described.example).unwrap_or_else(|p| panic!("{name}: {p:?}"));
        assert_eq!(draft.event.type_name(), name);
        let value: Value = serde_json::from_str(described.example).unwrap();
        any.accepts(&value).unwrap();
        Validator::new(of_type(name).unwrap()).accepts(&value).unwrap();
    }
    let names: Vec<&str> = EXAMPLES.lines().map(|l| l.split('"').nth(3).unwrap()).collect();
    assert_eq!(names, Event::importable().map(|t| t.name).collect::<Vec<_>>(), "one line a type, in their order");
}

#[test]
fn the_pages_are_those_of_the_table() {
    let folder = repository().join("docs/events");
    let pages = pages();
    if std::env::var("BLESS").is_ok() {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in &pages {
            std::fs::write(folder.join(name), text).unwrap();
        }
    }
    for (name, text) in &pages {
        assert!(std::fs::read_to_string(folder.join(name)).is_ok_and(|t| t == *text), "docs/events/{name}: BLESS=1 cargo test -p import published");
    }
    let mut there: Vec<String> = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    let mut wanted: Vec<String> = pages.into_iter().map(|(name, _)| name).collect();
    there.sort();
    wanted.sort();
    assert_eq!(there, wanted);
}

/// Every JSON Lines fixture: a line that the reader takes is a line of the schema.
#[test]
fn lines_of_the_fixtures_that_are_read_validate() {
    let any = Validator::new(of_any());
    let mut files = vec![repository().join("fixtures/riverbend/billing.jsonl"), repository().join("fixtures/riverbend-revocation.jsonl")];
    files.extend(std::fs::read_dir(repository().join("fixtures/conformance")).unwrap().map(|e| e.unwrap().path().join("events.jsonl")));
    let mut validated = 0;
    for file in files {
        for line in std::fs::read_to_string(&file).unwrap().lines().filter(|l| !l.trim().is_empty()) {
            if parse_line(line).is_ok() {
                let value: Value = serde_json::from_str(line).unwrap();
                any.accepts(&value).unwrap_or_else(|e| panic!("{}: {line}\n{e}", file.display()));
                validated += 1;
            }
        }
    }
    assert!(validated > 2_000, "{validated}");
}

/// Events of every type made up from the table validate as they are written.
#[test]
fn events_made_up_from_the_table_validate() {
    let any = Validator::new(of_any());
    let mut runner = TestRunner::deterministic();
    for schema in Event::importable() {
        let strategy = generate::draft(schema);
        for _ in 0..20 {
            let line = write_jsonl(&strategy.new_tree(&mut runner).unwrap().current());
            let value: Value = serde_json::from_str(&line).unwrap();
            any.accepts(&value).unwrap_or_else(|e| panic!("{line}\n{e}"));
        }
    }
}

/// Each breaks an example in one way; neither the schema nor the reader takes it.
#[test]
fn broken_lines_validate_nowhere_and_are_not_read() {
    let any = Validator::new(of_any());
    let broken: &[(&str, &str, Value)] = &[
        ("credential_granted", "credential", json!("NYCSP")),
        ("credential_granted", "person", json!("P 014")),
        ("credential_granted", "person", json!("")),
        ("credential_granted", "person", json!(14)),
        ("credential_granted", "person", Value::Null),
        ("credential_granted", "effective_on", json!("03/01/2024")),
        ("credential_granted", "effective_on", json!("2025-13-01")),
        ("credential_granted", "effective_on", json!("1825-01-01")),
        ("credential_granted", "colour", json!("red")),
        ("credential_granted", "entered_at", json!("yesterday")),
        ("credential_granted", "issuer", json!("   ")),
        ("contact_recorded", "start", json!("2025-03-04T10:00:00")),
        ("contact_recorded", "activities", json!("A1.02")),
        ("contact_recorded", "mode", json!("telepathy")),
        ("note_written", "digest", json!("sha256:abc")),
        ("note_written", "elements", json!(["weather"])),
        ("preadmission_opened", "purpose", json!("yes")),
        ("plan_created", "version", json!(0)),
        ("plan_created", "version", json!("1")),
        ("claim_submitted", "lines", json!([])),
        ("claim_submitted", "lines", Value::Null),
        ("claim_submitted", "lines", json!([{"contact": "C-1", "hcpcs": "H0038", "units": -1, "charge_cents": 1}])),
        ("claim_submitted", "lines", json!([{"contact": "C-1", "hcpcs": "H0038", "units": 1}])),
        ("claim_submitted", "lines", json!([{"contact": "C-1", "hcpcs": "H0038", "units": 1, "charge_cents": 1, "colour": 1}])),
        ("event_corrected", "fields", json!({})),
        ("event_corrected", "type", json!("scan_completed")),
        ("event_corrected", "type", Value::Null),
    ];
    for (name, field, value) in broken {
        let whole = types().find(|d| d.schema.name == *name).unwrap().example;
        let mut line: Value = serde_json::from_str(whole).unwrap();
        line[*field] = value.clone();
        assert!(any.accepts(&line).is_err(), "{line}");
        assert!(parse_line(&line.to_string()).is_err(), "{line}");
        if *field != "type" {
            assert!(Validator::new(of_type(name).unwrap()).accepts(&line).is_err(), "{line}");
        }
    }
    for required in types().flat_map(|d| d.schema.fields.iter().filter(|f| f.required).map(move |f| (d, f.name))) {
        let mut line: Value = serde_json::from_str(required.0.example).unwrap();
        line.as_object_mut().unwrap().remove(required.1);
        assert!(any.accepts(&line).is_err() && parse_line(&line.to_string()).is_err(), "{line}");
    }
    assert!(of_type("scan_completed").is_err());
    assert_eq!(of_type("contact_record").unwrap_err().mismatch.hint.as_deref(), Some("did you mean contact_recorded?"));
}
