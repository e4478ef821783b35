//! What is written is read back the same: JSON Lines for every type, CSV for every draft that cells can hold.

use domain::Draft;
use domain::event::Event;
use import::{NotCsv, discover, parse_line, write_csv, write_jsonl};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::generate::draft;
use crate::{Files, SIMULATED, read_all};

fn runner() -> TestRunner {
    TestRunner::new(Config { cases: 24, rng_seed: RngSeed::Fixed(20251121), failure_persistence: None, ..Config::default() })
}

#[test]
fn every_type_survives_json_lines() {
    for schema in Event::importable() {
        runner()
            .run(&draft(schema), |draft| {
                let line = write_jsonl(&draft);
                prop_assert!(!line.contains('\n'));
                let read = parse_line(&line);
                prop_assert_eq!(read.as_ref(), Ok(&draft), "{}", line);
                Ok(())
            })
            .unwrap();
    }
}

/// Drafts with `recorded_at` in order, as a simulated ledger wants them, so that all of the envelope is compared.
fn ordered(mut drafts: Vec<Draft>) -> Vec<Draft> {
    drafts.retain(|d| d.recorded_at.is_some());
    drafts.sort_by_key(|d| d.recorded_at);
    drafts
}

#[test]
fn every_type_survives_csv() {
    for schema in Event::importable() {
        let mut runner = runner();
        let mut held = 0;
        for _ in 0..24 {
            let drafts = ordered(proptest::collection::vec(draft(schema), 1..6).new_tree(&mut runner).unwrap().current());
            let text = match write_csv(schema, &drafts) {
                Ok(text) => text,
                Err(NotCsv { draft, field }) => {
                    // Only a list of texts can hold what a cell cannot: a semicolon, or space around an item; and a setting that looks like a number.
                    let lists =
                        schema.fields.iter().filter(|f| matches!(f.kind, domain::field::Kind::List(_) | domain::field::Kind::Scalar));
                    assert!(draft < drafts.len() && lists.map(|f| f.name).chain(["modifiers"]).any(|name| name == field), "{field}");
                    continue;
                }
            };
            let name = format!("{}.csv", schema.name);
            let files = Files::new(&[(&name, text.as_bytes())]);
            let (read, summary) = read_all(&discover(&[files.path(&name)], None), SIMULATED);
            assert_eq!(summary.problems.kept(), [], "{text}");
            let read: Vec<Draft> = read.into_iter().map(|l| l.draft).collect();
            let without_provenance: Vec<Draft> = read
                .into_iter()
                .map(|mut d| {
                    d.envelope.provenance = None;
                    d
                })
                .collect();
            assert_eq!(without_provenance, drafts, "{text}");
            held += drafts.len();
        }
        assert!(held > 5, "too few drafts of {} fit in CSV to say anything", schema.name);
    }
}

#[test]
fn fields_are_written_in_one_order() {
    let text = concat!(
        r#"{"recorded_at":"2025-03-03T15:50:00Z","type":"collaboration_documented","source_id":"a:1","entered_at":"2025-03-03T10:00:00Z","#,
        r#""actor":"M. Invented","evidence":["blake3:0000000000000000000000000000000000000000000000000000000000000000"],"#,
        r#""individual":"I-1","peer":"P-1","documented_on":"2025-03-03","kind":"email \"quoted\" \\ \u0007"}"#,
    );
    let refused = parse_line(text).unwrap_err();
    assert_eq!(refused[0].field, "kind");
    let text = text.replace("\\u0007", "\\t\u{e9}");
    assert_eq!(write_jsonl(&parse_line(&text).unwrap()), text);
}
